"""Stibee as its API v2 of 2026-05 documents it: drafts with a state, errors under 400 and under 200."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.vendors.loopback import Vendor

KEY = "stibee-key"


class Stibee(Vendor):
    """Its emails: id → ``{"told", "content", "status", "reserve"}``; ``sent`` is every mail that left, once for each time."""

    def __init__(self) -> None:
        super().__init__()
        self.emails: dict[int, dict[str, Any]] = {}
        self.sent: list[int] = []
        self.refuses: dict[str, str] = {}  # path ending → error code
        self.under_200 = False

    def error(self, code: str, status: int = 400) -> tuple[int, Any]:
        told = {"code": f"stberror.Errors.{code}", "httpStatusCode": status, "message": "no"}
        return (200 if self.under_200 else status), told

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        parts = urlsplit(path)
        if headers.get("accesstoken") != KEY:
            return self.error("Auth.Unauthorized", 401)
        for ending, code in self.refuses.items():
            if method == "POST" and parts.path.endswith(ending):
                return self.error(code)
        if method == "POST" and parts.path == "/emails":
            number = 1000 + len(self.emails)
            self.emails[number] = {"told": json.loads(body), "content": "", "status": 0, "reserve": ""}
            return 200, {"id": number}
        found = re.fullmatch(r"/emails/(\d+)(?:/(content|send|reserve))?", parts.path)
        if not found or int(found[1]) not in self.emails:
            return self.error("Data.NotFound", 404)
        one, step = self.emails[int(found[1])], found[2]
        if step is None:
            return 200, {"id": int(found[1]), "status": one["status"]}
        if one["status"] != 0:
            return self.error("Email.WrongStatus")
        if step == "content":
            if not headers.get("content-type", "").startswith("text/html"):
                return self.error("Data.InvalidRequest")
            one["content"] = body.decode()
            return 200, "ok"
        if not one["content"]:
            return self.error("Email.IncompleteEmail")
        self.sent.append(int(found[1]))
        one["status"] = 3 if step == "send" else 1
        one["reserve"] = parse_qs(parts.query).get("reserveTime", [""])[0]
        return 200, "ok"
