"""SOLAPI as its documents describe it: groups, signatures used once, refusals in the body of a 200.

Built from github.com/solapi/documents (groups: create, add, send, schedule, delete, get; storage) and the SDKs' constraints.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.vendors.server import Call, Carrier, RefusedError

KEY, SECRET = "NCSTESTKEY000000", "test-secret-0123456789abcdef"
_NIGHT = (20 * 60 + 50, 8 * 60)


@dataclass
class Solapi(Carrier):
    """The account.

    Attributes:
        balance: Messages it can still pay; ``None`` for any number.
        now: Its clock.
        refused: Receiver → status number at intake.
        strict: Whether letters and counts of bubbles are checked (1031).
    """

    balance: int | None = None
    now: datetime | None = None
    refused: dict[str, str] = field(default_factory=dict)
    groups: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    signatures: set[str] = field(default_factory=set)

    def step(self, call: Call) -> str:
        tail = call.path.rsplit("/", 1)[-1]
        if call.path.startswith("/storage"):
            return "upload"
        if call.path == "/messages/v4/groups" and call.method == "POST":
            return "create"
        if tail in ("messages", "send", "schedule"):
            return {"messages": "fill"}.get(tail, tail)
        return {"GET": "get", "DELETE": "delete"}[call.method]

    def answer(self, step: str, call: Call, trick: str) -> Mapping[str, Any]:
        self._signed(call)
        if trick.startswith("!"):  # a definite refusal by name
            raise RefusedError(int(trick[1:4]), {"errorCode": trick[5:], "errorMessage": "거절"})
        if step == "upload":
            name = f"ST01FZ{len(self.files):08d}"
            self.files[name] = call.json
            return {"fileId": name, "type": call.json["type"]}
        if step == "create":
            name = f"G4V{len(self.groups):012d}"
            self.groups[name] = {"status": "PENDING", "messages": [], "customFields": call.json.get("customFields")}
            return self._told(name)
        name = call.path.split("/")[4]
        if name not in self.groups or self.groups[name]["status"] == "DELETED":
            raise RefusedError(404, {"errorCode": "ResourceNotFound", "errorMessage": "없음"})
        return getattr(self, f"_{step}")(name, call, trick)

    def _signed(self, call: Call) -> None:
        found = re.fullmatch(
            r"HMAC-SHA256 ApiKey=(\S+), Date=(\S+), salt=(\S+), signature=(\S+)", call.headers["authorization"]
        )
        assert found, call.headers["authorization"]
        key, date, salt, signature = found.groups()
        if key != KEY or signature != hmac.new(SECRET.encode(), f"{date}{salt}".encode(), hashlib.sha256).hexdigest():
            raise RefusedError(403, {"errorCode": "SignatureDoesNotMatch", "errorMessage": "서명"})
        if self.now is not None and abs((datetime.fromisoformat(date) - self.now).total_seconds()) > 900:
            raise RefusedError(403, {"errorCode": "RequestTimeTooSkewed", "errorMessage": "시각"})
        if signature in self.signatures:
            raise RefusedError(403, {"errorCode": "DuplicatedSignature", "errorMessage": "서명 재사용"})
        self.signatures.add(signature)

    def _fill(self, name: str, call: Call, trick: str) -> Mapping[str, Any]:
        assert len(call.body) <= 15 * 1024 * 1024
        messages = call.json["messages"]
        assert len(messages) <= 10_000
        results = []
        here = {m["to"] for m in self.groups[name]["messages"]}
        for message in messages:
            code = self.refused.get(message["to"]) or self.refused.get("*") or self._wrong(message)
            if not code and message["to"] in here:
                code = "1026"
            if not code:
                here.add(message["to"])
                self.groups[name]["messages"].append(message)
            results.append(
                {"to": message["to"], "from": message["from"], "statusCode": code or "2000", "messageId": "M4V"}
            )
        return {"errorCount": sum(r["statusCode"] != "2000" for r in results), "resultList": results}

    def _wrong(self, message: Mapping[str, Any]) -> str:
        bms = message["kakaoOptions"]["bms"]
        if bms["chatBubbleType"] == "WIDE_ITEM_LIST" and len(bms["subWideItemList"]) < 3:
            return "1010"
        used = [*_images(bms)]
        return "" if all(image in self.files for image in used) else "1010"

    def _send(self, name: str, call: Call, trick: str) -> Mapping[str, Any]:
        group = self.groups[name]
        if not group["messages"]:
            raise RefusedError(404, {"errorCode": "ResourceNotFound", "errorMessage": "메시지 없음"})
        if group["status"] != "PENDING":
            raise RefusedError(400, {"errorCode": "InvalidStatus", "errorMessage": "상태"})
        if self.balance is not None and self.balance < len(group["messages"]):
            raise RefusedError(402, {"errorCode": "NotEnoughBalance", "errorMessage": "잔액 부족"})
        if self.now is not None:
            self._open_hours(self.now)
        group["status"] = "SENDING"
        self.accepted.update(message["to"] for message in group["messages"])
        return self._told(name)

    def _schedule(self, name: str, call: Call, trick: str) -> Mapping[str, Any]:
        at = datetime.fromisoformat(call.json["scheduledDate"])
        self._open_hours(at)
        now, self.now = self.now, None
        try:
            self._send(name, call, trick)
        finally:
            self.now = now
        self.groups[name] |= {"status": "SCHEDULED", "at": at}
        return self._told(name)

    @staticmethod
    def _open_hours(at: datetime) -> None:
        from pipeline.model.windows import SEOUL

        here = at.astimezone(SEOUL)
        minute = here.hour * 60 + here.minute
        if minute >= _NIGHT[0] or minute < _NIGHT[1]:
            raise RefusedError(400, {"errorCode": "3108", "errorMessage": "발송 가능 시간 아님"})

    def _get(self, name: str, call: Call, trick: str) -> Mapping[str, Any]:
        return self._told(name)

    def _delete(self, name: str, call: Call, trick: str) -> Mapping[str, Any]:
        if self.groups[name]["status"] != "PENDING":
            raise RefusedError(400, {"errorCode": "InvalidStatus", "errorMessage": "상태"})
        self.groups[name]["status"] = "DELETED"
        return self._told(name)

    def _told(self, name: str) -> Mapping[str, Any]:
        group = self.groups[name]
        count = {"total": len(group["messages"]), "registeredFailed": 0, "registeredSuccess": len(group["messages"])}
        return {
            "groupId": name,
            "_id": name,
            "status": group["status"],
            "count": count,
            "customFields": group["customFields"],
        }


def _images(value: Any) -> Any:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "imageId":
                yield inner
            else:
                yield from _images(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _images(inner)
