"""Kakao Developers as its documents describe it: OAuth tokens that die and are replaced, and messages to oneself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from tests.vendors.server import Call, Carrier, RefusedError

CLIENT, FIRST = "kakao-rest-key-0001", "refresh-token-0001"


@dataclass
class Kakao(Carrier):
    """One app and one account.

    Attributes:
        refresh: The refresh token that is good now.
        access: The access token that is good now.
        renews: The next refresh also gives a new refresh token (fewer than 30 days were left).
        messages: What the account received.
    """

    refresh: str = FIRST
    access: str = "access-0"
    renews: bool = False
    messages: list[Mapping[str, Any]] = field(default_factory=list)

    def step(self, call: Call) -> str:
        return "token" if call.path == "/oauth/token" else "memo"

    def answer(self, step: str, call: Call, trick: str) -> Mapping[str, Any]:
        form = {k: v[0] for k, v in parse_qs(call.body.decode()).items()}
        if step == "token":
            if form["client_id"] != CLIENT or form["refresh_token"] != self.refresh:
                raise RefusedError(
                    400, {"error": "invalid_grant", "error_description": "expired", "error_code": "KOE322"}
                )
            self.access = f"access-{self.counts['token']}"
            told: dict[str, Any] = {"token_type": "bearer", "access_token": self.access, "expires_in": 21599}
            if self.renews and trick == "echo":
                return told | {"refresh_token": self.refresh}
            if self.renews:
                self.renews = False
                self.refresh = f"refresh-token-{self.counts['token']:04d}-new"
                told |= {"refresh_token": self.refresh, "refresh_token_expires_in": 5183999}
            return told
        if trick.startswith("!"):
            raise RefusedError(int(trick[1:4]), {"code": int(trick[5:]), "msg": "거절"})
        if call.headers["authorization"] != f"Bearer {self.access}":
            raise RefusedError(401, {"code": -401, "msg": "this access token does not exist"})
        template = json.loads(form["template_object"])
        _check(template)
        self.messages.append(template)
        self.accepted["me"] += 1
        return {"result_code": 0}


def _check(template: Mapping[str, Any]) -> None:
    if template["object_type"] == "text":
        assert 0 < len(template["text"].encode("utf-16-le")) // 2 <= 200
        assert template["link"]["web_url"].startswith("https://")
        return
    assert template["object_type"] == "list"
    assert 2 <= len(template["contents"]) <= 3
    assert len(template["header_title"]) <= 200
    assert len(template["buttons"]) <= 2
