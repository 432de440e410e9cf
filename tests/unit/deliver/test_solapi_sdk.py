"""Our JSON beside the official SDK's for the same message, as both stand on the wire."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from solapi import SolapiMessageService
from solapi.model import Bms, KakaoOption, RequestMessage
from solapi.model.kakao.bms import (
    BmsCarouselFeedItem,
    BmsCarouselFeedSchema,
    BmsCarouselTail,
    BmsMainWideItem,
    BmsSubWideItem,
    BmsWebButton,
)
from solapi.model.message_type import MessageType
from solapi.model.request.storage import FileTypeEnum

import pipeline.model as p
from pipeline.deliver.transports import _bubbles, _calls, _solapi, solapi
from pipeline.http import open_http
from tests.vendors.desk import MORNING, bubble, link
from tests.vendors.server import Call, Carrier
from tests.vendors.solapi import KEY, SECRET

ONLY_SDK = {"country": "82", "autoTypeDetect": True}
"""Documented defaults the SDK spells out; we leave them to SOLAPI."""
_COUNT = dict.fromkeys(
    "total sentTotal sentFailed sentSuccess sentPending sentReplacement refund registeredFailed registeredSuccess".split(),
    0,
)
_SUMS = {"requested": 0, "replacement": 0, "refund": 0, "sum": 0}


class Recorder(Carrier):
    """Takes everything and says yes in the shape the SDK wants."""

    def step(self, call: Call) -> str:
        return "any"

    def answer(self, step: str, call: Call, trick: str) -> Mapping[str, Any]:
        if call.path.startswith("/storage"):
            return {
                "fileId": "ST01",
                "url": "https://a.example/a.jpg",
                "accountId": "1",
                "type": "BMS",
                "kind": "image",
                "name": "a",
                "originalName": "a",
                "references": [],
                "dateCreated": "2026-11-23T00:00:00Z",
                "dateUpdated": "2026-11-23T00:00:00Z",
            }
        group = {
            "count": _COUNT,
            "countForCharge": {},
            "balance": _SUMS,
            "point": _SUMS,
            "app": {},
            "log": [],
            "status": "SENDING",
            "allowDuplicates": False,
            "isRefunded": False,
            "accountId": "1",
            "masterAccountId": None,
            "apiVersion": "4",
            "groupId": "G",
            "price": {},
            "dateCreated": None,
            "dateUpdated": None,
        }
        return {"groupInfo": group, "failedMessageList": [], "messageList": []}


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    with Recorder() as made:
        yield made


def sdk(recorder: Recorder) -> SolapiMessageService:
    service = SolapiMessageService(api_key=KEY, api_secret=SECRET)
    service.base_url = recorder.url
    return service


def theirs(recorder: Recorder, kind: str) -> dict[str, Any]:
    """The message of this kind as the SDK sends it."""
    go = BmsWebButton(name="전체 보기", link_mobile=link("all"), link_pc=link("all"))
    told: dict[str, Any] = {"targeting": "I", "chat_bubble_type": kind}
    if kind in ("IMAGE", "WIDE"):
        told |= {"image_id": "ST0", "image_link": link(0)}
    if kind == "WIDE_ITEM_LIST":
        told["header"] = "가온 배움소식"
        told["main_wide_item"] = BmsMainWideItem(title="소식 0", image_id="ST0", link_mobile=link(0), link_pc=link(0))
        told["sub_wide_item_list"] = [
            BmsSubWideItem(title=f"소식 {n}", image_id=f"ST{n}", link_mobile=link(n), link_pc=link(n))
            for n in (1, 2, 3)
        ]
    if kind == "CAROUSEL_FEED":
        cards = [
            BmsCarouselFeedItem(
                header="강좌",
                content=f"소식 {n}",
                image_id=f"ST{n}",
                image_link=link(n),
                buttons=[BmsWebButton(name="자세히 보기", link_mobile=link(n), link_pc=link(n))],
            )
            for n in range(3)
        ]
        tail = BmsCarouselTail(link_mobile=link("all"), link_pc=link("all"))
        told["carousel"] = BmsCarouselFeedSchema(items=cards, tail=tail)
    else:
        told["buttons"] = [go]
    message = RequestMessage(
        from_="0310001200",
        to="01000000000",
        text="가온 배움소식\n· 새 강좌" if kind in ("TEXT", "IMAGE", "WIDE") else None,
        type=MessageType.BMS_FREE,
        custom_fields={"moa": "k"},
        kakao_options=KakaoOption(pf_id="KA01PF0000000000", disable_sms=True, bms=Bms(**told)),
    )
    sdk(recorder).send(message)
    sent: dict[str, Any] = recorder.calls[-1].json["messages"][0]
    return sent


@pytest.mark.parametrize("kind", ["TEXT", "IMAGE", "WIDE", "WIDE_ITEM_LIST", "CAROUSEL_FEED"])
def test_our_message_is_the_sdks_message(recorder: Recorder, kind: str) -> None:
    """Every field both send is equal, buttons included; the SDK's two defaults are all that differs."""
    document, _pictures = bubble(kind)
    made = _solapi.message(document, lambda n, _type: f"ST{n}", pf_id="KA01PF0000000000", targeting="I")
    ours = {"to": "01000000000", "from": "0310001200", **made, "customFields": {"moa": "k"}}
    assert ours | ONLY_SDK == theirs(recorder, kind)


def test_our_signature_is_the_sdks_signature(recorder: Recorder, tmp_path: Any) -> None:
    """The same header, and SOLAPI's own formula gives the signature both send."""
    from solapi.lib.authenticator import Authenticator

    with open_http(p.FetchRules(allow_private=(f"127.0.0.1:{recorder.port}",)), wall_clock=lambda: MORNING) as http:
        header = _solapi.authorization(KEY, SECRET, http.now(), "5a17")
        _calls.call(http, f"{recorder.url}/x", "POST", headers={"Authorization": header}, body=b"{}")
    theirs(recorder, "TEXT")
    shape = re.compile(r"HMAC-SHA256 ApiKey=(\S+), Date=(\S+), salt=(\S+), signature=([0-9a-f]{64})")
    for call in recorder.calls:
        found = shape.fullmatch(call.headers["authorization"])
        assert found
        key, date, salt, signature = found.groups()
        assert (key, signature) == (KEY, Authenticator.get_signature(SECRET, date + salt))


def test_our_upload_is_the_sdks_upload(recorder: Recorder, tmp_path: Any) -> None:
    """Type and base64 are equal; we add the file's name, which the documents allow."""
    file = tmp_path / "a.jpg"
    file.write_bytes(b"\xff\xd8\xff picture")
    sdk(recorder).upload_file(str(file), FileTypeEnum.BMS_CAROUSEL_FEED_LIST)
    environment = {"MOA_SOLAPI_KEY": KEY, "MOA_SOLAPI_SECRET": SECRET}
    given = {
        "base_url": recorder.url,
        "api_key": "MOA_SOLAPI_KEY",
        "api_secret": "MOA_SOLAPI_SECRET",
        "pf_id": "KA01",
        "sender": "031-000-1200",
        "recipients": "people.csv",
    }
    options = solapi.Options.model_validate(given, context={"environment": environment})
    delivery = p.Delivery(
        id="d", edition_id="e", channel="c", transport="solapi", rendering_sha256="0", not_before_at=MORNING
    )
    picture = _bubbles.Picture("a.jpg", "image/jpeg", file.read_bytes())
    with open_http(p.FetchRules(allow_private=(f"127.0.0.1:{recorder.port}",)), wall_clock=lambda: MORNING) as http:
        desk = solapi._Desk(options, delivery, http, lambda _memo: None)
        assert [desk.image(picture, "BMS_CAROUSEL_FEED_LIST") for _twice in (1, 2)] == ["ST01", "ST01"]
    theirs_, ours = recorder.calls  # the second time nothing is uploaded
    assert (ours.method, ours.path) == (theirs_.method, theirs_.path)
    assert ours.json == theirs_.json | {"name": "a.jpg"}
