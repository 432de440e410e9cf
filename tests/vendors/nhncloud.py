"""NHN Cloud's Brand Message v1.0 as its documents describe it: HTTP 200 for nearly everything, the truth in the body."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.vendors.server import Call, Carrier, RefusedError

APP_KEY, SECRET_KEY, SENDER_KEY = "nhn-test-appkey-01", "nhn-test-secret-01", "0" * 40
_ROOT = f"/brand-message/v1.0/appkeys/{APP_KEY}"


def _head(code: int = 0, message: str = "SUCCESS") -> dict[str, Any]:
    return {"header": {"resultCode": code, "resultMessage": message, "isSuccessful": code == 0}}


@dataclass
class NhnCloud(Carrier):
    """The account.

    Attributes:
        refused: Receiver → result code.
        blind: The list of sendings does not show what was taken.
    """

    refused: dict[str, int] = field(default_factory=dict)
    blind: bool = False
    rows: list[dict[str, Any]] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    images: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def step(self, call: Call) -> str:
        tail = call.path.rsplit("/", 1)[-1]
        return {"images": "upload", "freestyle-messages": "send", "messages": "list"}.get(tail, tail)

    def answer(self, step: str, call: Call, trick: str) -> Mapping[str, Any]:
        if not call.path.startswith(_ROOT + "/"):
            return _head(-1000, "Invalid appKey")
        if call.headers.get("x-secret-key") != SECRET_KEY:
            return _head(-1001, "Invalid secretKey")
        if trick.startswith("="):  # a 200 that is an error
            return _head(int(trick[1:]), "error")
        if trick.startswith("!"):
            raise RefusedError(int(trick[1:4]), _head(-9999, "refused"))
        if step == "upload":
            return self._upload(call)
        if step == "send":
            return self._send(call)
        return self._list(call)

    def _upload(self, call: Call) -> Mapping[str, Any]:
        mark = re.fullmatch(r"multipart/form-data; boundary=(\S+)", call.headers["content-type"])
        assert mark
        parts = call.body.split(b"--" + mark[1].encode())
        fields = {}
        for part in parts[1:-1]:
            head, _blank, body = part.strip(b"\r\n").partition(b"\r\n\r\n")
            name = re.search(rb'name="([^"]+)"', head)
            assert name
            fields[name[1].decode()] = body
        address = f"https://mud-kage.kakao.example/{len(self.images)}.jpg"
        self.images[address] = (fields["imageType"].decode(), fields["image"])
        return {**_head(), "image": {"imageSeq": len(self.images), "imageUrl": address, "imageName": "a.jpg"}}

    def _send(self, call: Call) -> Mapping[str, Any]:
        body = call.json
        assert 1 <= len(body["recipientList"]) <= 1000
        assert len(body["senderGroupingKey"]) <= 100
        assert body["senderKey"] == SENDER_KEY
        self.bodies.append(body)
        name, results = f"20261123{len(self.bodies):06d}", []
        for n, one in enumerate(body["recipientList"], 1):
            code = self.refused.get(one["recipientNo"], 0)
            if not code:
                self.accepted[one["recipientNo"]] += 1
                self.rows.append(
                    {
                        "requestId": name,
                        "recipientSeq": n,
                        "recipientNo": one["recipientNo"],
                        "senderGroupingKey": body["senderGroupingKey"],
                        "recipientGroupingKey": one["recipientGroupingKey"],
                        "messageStatus": "COMPLETED",
                    }
                )
            results.append(
                {"recipientSeq": n, "recipientNo": one["recipientNo"], "resultCode": code, "resultMessage": "success"}
            )
        head = _head(-1031, "all failed") if all(r["resultCode"] for r in results) else _head()
        return {**head, "message": {"requestId": name, "sendResults": results}}

    def _list(self, call: Call) -> Mapping[str, Any]:
        for name in ("startRequestDate", "endRequestDate"):
            datetime.strptime(call.query[name], "%Y-%m-%d %H:%M")
        key = call.query["senderGroupingKey"]
        rows = [] if self.blind else [row for row in self.rows if row["senderGroupingKey"] == key]
        return {**_head(), "messageSearchResultResponse": {"messages": rows, "totalCount": len(rows)}}
