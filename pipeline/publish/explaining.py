"""Why two entries are one story or two, in words for editors.

What does not live here: the rules themselves (``rules``, ``apart``, ``likeness``), keeping what was decided (``library``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pipeline.model as p
from pipeline.i18n import _
from pipeline.publish.fold import told_of
from pipeline.publish.likeness import Judge, Rarity
from pipeline.publish.rules import joins
from pipeline.publish.told import Teller

_ORDINAL: Final = "ordinal:"


def difference(one: p.Entry, other: p.Entry, words: p.FacetWords | None) -> str:
    """Return what speaks against one story of two entries, as a code of ``likeness.Judge.veto``; ``""`` when nothing does.

    Exact rules come first, as in the fold: what they join is not held against each other. Nouns that other titles of a
    board exchange are not known here.

    Cost: about 1 ms.
    """
    if words is None or joins((one, other)):
        return ""
    teller = Teller(words)
    a, b = told_of(one, teller), told_of(other, teller)
    return Judge(Rarity([a, b])).veto(a, b)


def join_word(reason: str) -> str:
    """Return in plain words why two entries were joined; a code nobody knows stays as it is."""
    words = {
        "same-url": _("주소가 같습니다"),
        "links-to": _("한 글이 다른 글을 연결합니다"),
        "embeds-video": _("글에 그 영상이 들어 있습니다"),
        "same-title": _("제목이 같습니다"),
        "alike": _("제목과 본문이 같은 소식을 말합니다"),
        "kept": _("지난 실행에서 묶은 그대로입니다"),
        "editor": _("편집자가 묶었습니다"),
    }
    return words.get(reason, reason)


def difference_word(code: str) -> str:
    """Return in plain words what tells two entries apart."""
    kindred = code.split("~")
    if any(part.startswith(_ORDINAL) for part in kindred):
        units = "·".join(dict.fromkeys(part.removeprefix(_ORDINAL) for part in kindred if part.startswith(_ORDINAL)))
        return _("순서가 다릅니다 ({units})").format(units=units)
    known = {**_facets(), **_matters()}
    return next((known[part] for part in kindred if part in known), code)


def _facets() -> Mapping[str, str]:
    return {
        "level": _("수준이 다릅니다 (초급, 중급 같은 말)"),
        "part": _("단계가 다릅니다"),
        "section": _("반이나 조가 다릅니다"),
        "half": _("상반기와 하반기가 다릅니다"),
        "season": _("계절이나 학기가 다릅니다"),
        "slot": _("시간대가 다릅니다 (오전반, 저녁반 같은 말)"),
        "week": _("주중과 주말이 다릅니다"),
        "weekday": _("요일이 다릅니다"),
        "hour": _("시각이 다릅니다"),
        "year": _("연도가 다릅니다"),
        "month": _("달이 다릅니다"),
        "age": _("나이가 다릅니다"),
        "decade": _("나이대가 다릅니다"),
        "target": _("대상이 다릅니다"),
        "who": _("대상이 다릅니다"),
        "role": _("찾는 사람이 다릅니다 (참가자, 봉사자 같은 말)"),
        "money": _("금액이 다릅니다"),
        "mode": _("온라인과 대면이 다릅니다"),
        "region": _("지역이 다릅니다"),
        "weather": _("기상특보의 갈래가 다릅니다"),
        "alarm": _("주의보와 경보가 다릅니다"),
        "event": _("행사의 갈래가 다릅니다"),
        "speaker": _("강사나 작가가 다릅니다"),
    }


def _matters() -> Mapping[str, str]:
    return {
        "stage": _("한쪽은 모집이 끝난 뒤의 글입니다 (결과, 후기, 취소)"),
        "call": _("다른 차수의 모집이거나 찾는 사람이 다릅니다 (추가모집, 채용, 위탁)"),
        "form": _("글의 종류가 다릅니다 (설명회, 휴관, 통제)"),
        "place": _("장소가 다릅니다"),
        "day": _("열리는 날이 다릅니다"),
        "board": _("한 게시판에 제목을 달리하여 올린 두 글입니다"),
        "period": _("신청 기간이 다르거나, 신청이 끝난 뒤에 올라온 글입니다"),
        "work": _("따옴표 안의 이름이 다릅니다"),
        "sibling": _("한 틀의 제목에서 낱말 하나가 다릅니다"),
        "contrast": _("그 게시판이 서로 갈라 쓰는 낱말이 다릅니다"),
        "generic": _("어느 기관이나 쓰는 제목인데 기관이 다릅니다"),
        "unnamed": _("어느 기관이나 쓰는 제목이라 이 글만으로는 알 수 없습니다"),
        "body": _("기관이 다릅니다"),
        "far": _("올라온 날이 너무 멉니다"),
        "wordless": _("제목과 본문에 소식을 알 만한 말이 없습니다"),
    }
