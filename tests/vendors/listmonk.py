"""listmonk as its API of 2026-07 documents it: campaigns with a status, answers under ``data``."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.vendors.loopback import Vendor

TOKEN = "moa:listmonk-token"


class Listmonk(Vendor):
    """Its campaigns: id → what it was told and ``status``; ``started`` is every start, once for each time."""

    def __init__(self) -> None:
        super().__init__()
        self.campaigns: dict[int, dict[str, Any]] = {}
        self.started: list[int] = []

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        parts = urlsplit(path)
        if headers.get("authorization") != f"token {TOKEN}":
            return 403, {"message": "invalid API credentials"}
        if parts.path == "/api/campaigns" and method == "POST":
            told = json.loads(body)
            if not told.get("lists"):
                return 400, {"message": "no lists"}
            number = 1 + len(self.campaigns)
            self.campaigns[number] = {**told, "id": number, "status": "draft"}
            return 200, {"data": self.campaigns[number]}
        if parts.path == "/api/campaigns":
            word = parse_qs(parts.query).get("query", [""])[0]
            return 200, {"data": {"results": [c for c in self.campaigns.values() if word in c["name"]]}}
        found = re.fullmatch(r"/api/campaigns/(\d+)(/status)?", parts.path)
        if not found or int(found[1]) not in self.campaigns:
            return 400, {"message": "campaign not found"}
        one = self.campaigns[int(found[1])]
        if found[2]:
            if one["status"] != "draft":
                return 400, {"message": "campaign is not a draft"}
            one["status"] = json.loads(body)["status"]
            self.started.append(one["id"])
        return 200, {"data": one}
