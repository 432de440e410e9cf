"""SOLAPI's words: a message as its JSON, a signature, its error names and status numbers (tool of this room; pure).

What does not live here: calls and their order (``solapi``). The JSON is our own, not the SDK's: its ``KakaoOption`` drops buttons
silently. Source: developers.solapi.com and the repository of its documents (2026-11), the SDKs' own constraints; korea.md §1c.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import pipeline.model as p
from pipeline.deliver.transports import _calls
from pipeline.i18n import _

ImageId = Callable[[int, str], str]
"""``(position in the bubble's images, type of file)`` → the id the upload gave."""
_FILE_TYPES: Final = {"IMAGE": "BMS", "WIDE": "BMS_WIDE", "CAROUSEL_FEED": "BMS_CAROUSEL_FEED_LIST"}
_MAIN, _SUB = "BMS_WIDE_MAIN_ITEM_LIST", "BMS_WIDE_SUB_ITEM_LIST"
LEFT: Final = frozenset(["SENDING", "SCHEDULED", "COMPLETE"])  # statuses of a group that was let go
WAITING: Final = "PENDING"


def authorization(key: str, secret: str, now: datetime, salt: str) -> str:
    """Return the header of one try; SOLAPI takes a signature once in 15 minutes, so every try has its own salt."""
    date = now.isoformat(timespec="milliseconds")
    signature = hmac.new(secret.encode(), f"{date}{salt}".encode(), hashlib.sha256).hexdigest()
    return f"HMAC-SHA256 ApiKey={key}, Date={date}, salt={salt}, signature={signature}"


def message(bubble: Mapping[str, Any], image_id: ImageId, *, pf_id: str, targeting: str) -> dict[str, Any]:
    """Return a message without its receiver: ``kakaoOptions``, ``type`` and, where the bubble has one, ``text``."""
    kind = bubble["type"]
    told: dict[str, Any] = {"targeting": targeting, "chatBubbleType": kind}
    if kind in ("IMAGE", "WIDE"):
        told["imageId"] = image_id(0, _FILE_TYPES[kind])
        if link := bubble["images"][0].get("link"):
            told["imageLink"] = link
    elif kind == "WIDE_ITEM_LIST":
        first, *others = bubble["items"]
        told["header"] = bubble["header"]
        told["mainWideItem"] = _item(first, image_id(first["image"], _MAIN))
        told["subWideItemList"] = [_item(item, image_id(item["image"], _SUB)) for item in others]
    elif kind == "CAROUSEL_FEED":
        told["carousel"] = {"list": [_card(card, image_id) for card in bubble["cards"]]}
        if bubble["tail"]:
            told["carousel"]["tail"] = _links(bubble["tail"]["link"])
    if bubble["buttons"]:
        told["buttons"] = [_button(one) for one in bubble["buttons"]]
    made: dict[str, Any] = {"type": "BMS_FREE", "kakaoOptions": {"pfId": pf_id, "disableSms": True, "bms": told}}
    return made | {"text": bubble["text"]} if bubble["text"] else made


def _item(item: Mapping[str, Any], image: str) -> dict[str, Any]:
    return {"title": item["title"], "imageId": image, **_links(item["link"])}


def _card(card: Mapping[str, Any], image_id: ImageId) -> dict[str, Any]:
    return {
        "header": card["header"],
        "content": card["text"],
        "imageId": image_id(card["image"], _FILE_TYPES["CAROUSEL_FEED"]),
        "imageLink": card["link"],
        "buttons": [_button(one) for one in card["buttons"]],
    }


def _button(one: Mapping[str, str]) -> dict[str, str]:
    return {"linkType": "WL", "name": one["name"], **_links(one["link"])}


def _links(link: str) -> dict[str, str]:
    return {"linkMobile": link, "linkPc": link}


# --- what an answer means ---------------------------------------------------------------------------------------

_PERSONAL: Final = frozenset(["1026", "1060", "2060", "3102", "3107"])  # this receiver only, perhaps not for ever
_FOR_GOOD: Final = frozenset(["1061", "2061", "3104"])  # refused by 080, or has no KakaoTalk


def fate(code: str) -> p.Fate:
    """Return what one message's status number (four digits) says about its receiver."""
    if code.startswith(("2000", "3000", "4000")):
        return p.Fate(state=p.DeliveryState.SENT, reason=code)
    return p.Fate(state=p.DeliveryState.FAILED, reason=f"hard {code}" if code in _FOR_GOOD else code)


def refusal(codes: Sequence[str]) -> p.DeliveryError | None:
    """Return the error of a call whose every message was refused; ``None`` when the reasons are the receivers' own."""
    own = [code for code in codes if code not in _PERSONAL and code not in _FOR_GOOD]
    if not own:
        return None
    code = max(set(own), key=own.count)
    if code == "3108":
        return p.NotNowError(_("카카오톡 메시지를 보낼 수 없는 시간이라고 발송 서비스가 답했습니다."))
    if code in ("1030", "2230"):
        return _balance(code)
    if code in ("1062", "1064", "2064", "3101", "3105", "3106"):
        return p.CredentialError(
            _("발신 번호나 카카오톡 채널을 발송 서비스가 받아들이지 않았습니다 ({code}).").format(code=code),
            code="sender",
        )
    return p.RejectedError(_("발송 서비스가 메시지를 받아들이지 않았습니다 ({code}).").format(code=code))


def _balance(code: str) -> p.CredentialError:
    message = _("발송 서비스의 잔액이 모자랍니다 ({code}).").format(code=code)
    return p.CredentialError(message, code="balance", hint=_("충전한 뒤 다시 보내 주세요."))


def error(answer: _calls.Answer) -> p.DeliveryError:
    """Return what a refused call (4xx) means, by its error name, else by its status."""
    name = answer.text("errorCode")
    if name == "NotEnoughBalance" or answer.status == 402:
        return _balance(name or "402")
    if name == "RequestTimeTooSkewed":
        return p.CredentialError(
            _("이 서버의 시계가 15분 넘게 틀려 발송 서비스가 거절했습니다."),
            code="clock",
            hint=_("서버의 시각을 맞춰 주세요 (timedatectl)."),
        )
    if name == "DuplicatedSignature" or answer.status in (409, 423, 425):
        return p.DeliveryError(
            _("발송 서비스가 잠시 뒤에 다시 보내라고 했습니다 ({code}).").format(code=name), code="later"
        )
    if answer.status in (401, 403):
        message = _("발송 서비스가 열쇠를 거절했습니다 ({code}).").format(code=name or answer.status)
        return p.CredentialError(message, code="key", hint=_("열쇠와 허용한 IP 주소를 확인해 주세요."))
    if answer.status == 404:
        return p.DeliveryError(_("발송 서비스에 만들어 둔 묶음이 없습니다."), code="gone")
    message = _("발송 서비스가 메시지를 받아들이지 않았습니다 ({code}).").format(code=name or answer.status)
    return p.RejectedError(message)
