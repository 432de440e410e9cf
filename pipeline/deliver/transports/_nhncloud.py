"""NHN Cloud's words: a message as its JSON, and what its result codes mean (tool of this room; pure).

What does not live here: calls and their order (``nhncloud``). Source: NHN Cloud, KakaoTalk Bizmessage, Brand Message API v1.0
(2026-06); korea.md §1c.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

import pipeline.model as p
from pipeline.deliver.transports import _calls
from pipeline.i18n import _
from pipeline.model import windows

ImageUrl = Callable[[int, str], str]
"""``(position in the bubble's images, type of image)`` → the address the upload gave."""
TAKEN: Final = -1005  # a key that was used within ten minutes: the first try arrived
_ALL_REFUSED: Final = -1031
_TYPES: Final = {"IMAGE": "IMAGE", "WIDE": "WIDE_IMAGE", "CAROUSEL_FEED": "CAROUSEL_FEED_IMAGE"}
_MAIN, _SUB = "MAIN_WIDE_ITEMLIST_IMAGE", "NORMAL_WIDE_ITEMLIST_IMAGE"


def message(bubble: Mapping[str, Any], image_url: ImageUrl, *, sender_key: str) -> dict[str, Any]:
    """Return a message without its receivers."""
    kind = bubble["type"]
    told: dict[str, Any] = {"senderKey": sender_key, "chatBubbleType": kind, "pushAlarm": True, "adult": False}
    if bubble["text"]:
        told["content"] = bubble["text"]
    if kind in ("IMAGE", "WIDE"):
        told["image"] = {"imageUrl": image_url(0, _TYPES[kind])}
        if link := bubble["images"][0].get("link"):
            told["image"]["imageLink"] = link
    elif kind == "WIDE_ITEM_LIST":
        told["header"] = bubble["header"]
        told["item"] = {
            "list": [
                {
                    "title": item["title"],
                    "imageUrl": image_url(item["image"], _SUB if n else _MAIN),
                    **_links(item["link"]),
                }
                for n, item in enumerate(bubble["items"])
            ]
        }
    elif kind == "CAROUSEL_FEED":
        told["carousel"] = {"list": [_card(card, image_url) for card in bubble["cards"]]}
        if bubble["tail"]:
            told["carousel"]["tail"] = _links(bubble["tail"]["link"])
    if bubble["buttons"]:
        told["buttons"] = [_button(one) for one in bubble["buttons"]]
    return told


def _card(card: Mapping[str, Any], image_url: ImageUrl) -> dict[str, Any]:
    return {
        "header": card["header"],
        "message": card["text"],
        "imageUrl": image_url(card["image"], _TYPES["CAROUSEL_FEED"]),
        "imageLink": card["link"],
        "buttons": [_button(one) for one in card["buttons"]],
    }


def _button(one: Mapping[str, str]) -> dict[str, str]:
    return {"type": "WL", "name": one["name"], **_links(one["link"])}


def _links(link: str) -> dict[str, str]:
    return {"linkMo": link, "linkPc": link}


def minute(at: datetime) -> str:
    """Return an instant as NHN writes it: ``yyyy-MM-dd HH:mm`` on Seoul's clock."""
    return at.astimezone(windows.SEOUL).strftime("%Y-%m-%d %H:%M")


def code_of(answer: _calls.Answer) -> int:
    """Return the answer's result code, 0 when it succeeded: HTTP 200 alone says nothing."""
    header = answer.body.get("header")
    if isinstance(header, dict) and header.get("isSuccessful") is True:
        return 0
    try:
        return int(header["resultCode"]) or -1  # type: ignore[index]
    except (TypeError, KeyError, ValueError):
        return -1


def error(answer: _calls.Answer) -> p.DeliveryError:
    """Return what a refused call means, by its result code, else by its status."""
    code = code_of(answer)
    if code in (-1000, -1001, -1002, -1003) or answer.status in (401, 403):
        message = _("발송 서비스가 열쇠를 거절했습니다 ({code}).").format(code=code)
        return p.CredentialError(message, code="key", hint=_("앱키와 비밀 열쇠를 확인해 주세요."))
    if answer.status == 404:
        message = _("발송 서비스의 주소나 앱키가 맞지 않습니다 ({code}).").format(code=answer.status)
        return p.CredentialError(message, code="address")
    return p.RejectedError(_("발송 서비스가 메시지를 받아들이지 않았습니다 ({code}).").format(code=code))


def fates(answer: _calls.Answer, whose: Mapping[str, str]) -> dict[str, p.Fate] | None:
    """Return what an answer says about each receiver; ``None`` when it says nothing about single ones.

    Args:
        answer: Of a send call.
        whose: Number as sent → hash.
    """
    told = answer.body.get("message")
    results = told.get("sendResults") if isinstance(told, dict) else None
    if code_of(answer) not in (0, _ALL_REFUSED) or not isinstance(results, list):
        return None
    found = {}
    for one in results:
        who = whose.get(str(one.get("recipientNo") or ""))
        code = int(one.get("resultCode") or 0)
        if who is not None:
            state = p.DeliveryState.FAILED if code else p.DeliveryState.SENT
            found[who] = p.Fate(state=state, reason=str(code) if code else "")
    return found


def fate(row: Mapping[str, Any]) -> p.Fate:
    """Return what one row of the list of sendings says: it exists, so it was taken."""
    if row.get("messageStatus") == "FAILED":
        return p.Fate(state=p.DeliveryState.FAILED, reason=str(row.get("resultCode") or "failed"))
    return p.Fate(state=p.DeliveryState.SENT, reason="found")
