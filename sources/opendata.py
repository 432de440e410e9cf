"""``kind: opendata``: the national table of lifelong-learning courses (전국평생학습강좌표준데이터) of data.go.kr.

What does not live here: the portal's key and errors (``_datagokr``), the teachers' names. The table is renewed about once a month, so it fills
gaps and checks others rather than bringing news. It has neither course numbers nor addresses of courses.
Source: korea §4 "National APIs" (data.go.kr 15013110).
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from datetime import date, timedelta
from hashlib import blake2b
from typing import Any, Final

from pydantic import Field

import pipeline.model as p
from pipeline.i18n import _
from sources import _datagokr as portal

TITLE = "전국평생학습강좌표준데이터 (공공데이터포털)"

_VERSION: Final = 1  # of the memo
_KNOWN: Final = 5_000
_NAME: Final = "lctreNm"
_KEY_FIELDS: Final = (
    *("instt_code", "operInstitutionNm", "lctreNm", "edcStartDay", "edcStartTime", "edcPlace", "operDay"),
)
_DAY: Final = re.compile(r"(\d{4})\D?(\d{2})\D?(\d{2})")


class Options(p.Options):
    """YAML keys of ``kind: opendata``."""

    key: p.SecretName = Field(
        default=portal.KEY_NAME,
        validate_default=True,
        description="공공데이터포털 인증키가 든 환경 변수의 이름. Encoding 키와 Decoding 키 어느 쪽이든 됩니다.",
        examples=[portal.KEY_NAME],
    )
    api_base: p.WebUrl = Field(
        default="https://api.data.go.kr/openapi/tn_pubr_public_lftm_lrn_lctre_api",
        description="오픈API의 주소",
        examples=["http://127.0.0.1:9000/openapi/tn_pubr_public_lftm_lrn_lctre_api"],
    )
    institutions: p.TextList = Field(
        default=(),
        description="운영 기관 이름. 이 말이 든 기관의 강좌만 모읍니다. 비우면 모든 기관입니다.",
        examples=[["가온시평생학습관"]],
    )
    where: dict[str, str] = Field(
        default_factory=dict,
        description="포털에 함께 보내는 조건(출력 항목 이름과 값)",
        examples=[{"instt_code": "3410000"}],
    )
    rows: int = Field(default=100, ge=1, le=1000, description="한 번에 받는 강좌 수", examples=[100])
    pages: int = Field(default=5, ge=1, le=p.limits.PAGES_PER_SOURCE, description="기관마다 읽는 쪽수", examples=[5])
    ended_days: int = Field(
        default=0, ge=0, le=3650, description="교육이 끝난 지 이 날수가 넘은 강좌는 모으지 않습니다.", examples=[30]
    )


def fetch(options: Options, memo: p.Memo) -> p.Conversation:
    """Ask for the courses of each institution, page by page; courses known as they stand are left out.

    Raises:
        RefusedError: The key is missing or refused.
        QuotaError: The day's calls are spent.
        ShapeError: As ``parse``.

    Cost: one call a page; a development key has 10,000 a day.
    """
    known: dict[str, str] = dict(memo["known"]) if memo.get("v") == _VERSION else {}
    first: p.Document | None = None
    seen: dict[str, portal.Row] = {}
    warnings: list[tuple[str, str]] = []
    for name in options.institutions or ("",):
        for number in range(1, options.pages + 1):
            document, found, total = yield from _page(options, name, number)
            first = first or document
            seen |= {_key(row): row for row in found if name in portal.said(row, "operInstitutionNm")}
            if not found or (total is not None and number * options.rows >= total):
                break
        else:
            warnings.append(("pages-left", f"{name} {options.pages}".strip()))
    fresh = {key: row for key, row in seen.items() if known.get(key) != _digest(row)}
    if first is None or (seen and not fresh):
        return None
    kept = {key: digest for key, digest in known.items() if key not in seen} | {k: _digest(r) for k, r in seen.items()}
    return p.Fetched(
        documents=(portal.told(first, options.api_base, list(fresh.values())),),
        memo={"v": _VERSION, "known": dict(list(kept.items())[-_KNOWN:])},
        carried=len(seen) - len(fresh),
        warnings=tuple(warnings),
    )


def _page(
    options: Options, name: str, number: int
) -> Generator[p.Request, p.Document, tuple[p.Document, list[portal.Row], int | None]]:
    parameters: dict[str, str | int] = {"pageNo": number, "numOfRows": options.rows, "type": "json", **options.where}
    if name:
        parameters["operInstitutionNm"] = name
    document = yield from portal.ask(options.api_base, options.key, parameters)
    rows, total = portal.rows_of(document, _NAME)
    return document, rows, total


def parse(options: Options, fetched: p.Fetched) -> Iterator[p.Item]:
    """Yield the courses of the answers, each once; those over for long are skipped and named.

    Raises:
        ShapeError: ``unreadable`` or ``container-missing``: the answer is no such table.
    """
    seen: set[str] = set()
    for document in fetched.documents:
        oldest = document.fetched_at.date() - timedelta(days=options.ended_days)
        for position, row in enumerate(portal.rows_of(document, _NAME)[0], start=1):
            key = _key(row)
            if key in seen:
                continue
            seen.add(key)
            ends = _day(portal.said(row, "edcEndDay"))
            if ends is not None and ends < oldest:
                yield p.Item(title=portal.said(row, _NAME), row=position, skip="over")
            else:
                yield _item(row, key, position)


def _item(row: portal.Row, key: str, position: int) -> p.Item:
    def said(name: str) -> str:
        return portal.said(row, name)

    about = ((_("접수 방법"), "rceptMthType"), (_("문의"), "operPhoneNumber"), (_("누리집"), "homepageUrl"))
    lines = (said("lctreCo"), *(f"{label}: {said(name)}" for label, name in about if said(name)))
    address, updated = said("edcRdnmadr"), said("referenceDate")
    return p.Item(
        key=key,
        kind=p.Kind.COURSE,
        title=said(_NAME),
        body="\n".join(filter(None, lines)),
        body_is_text=True,
        department=said("operInstitutionNm"),
        updated=p.RawDate(text=updated, form="korean") if updated else None,
        course=p.RawCourse(
            apply=_span(said("rceptStartDate"), said("rceptEndDate")),
            teach=_span(said("edcStartDay"), said("edcEndDay")),
            weekdays=said("operDay"),
            hours=_span(said("edcStartTime"), said("edcColseTime")),  # sic: the API spells it so
            capacity=said("psncpa"),
            fee=said("lctreCost"),
            selection=said("slctnMthType"),
            place=" ".join(filter(None, (said("edcPlace"), f"({address})" if address else ""))),
            online=said("edcMthType"),
            target=said("edcTrgetType"),
        ),
        row=position,
    )


def _span(start: str, end: str) -> str:
    """``a ~ b``, ``~ b``, ``a``: as a person would write the two ends."""
    if not end or start == end:
        return start
    return f"{start} ~ {end}".strip()


def _key(row: portal.Row) -> str:
    """The table has no course numbers: what tells one course from another stands for one."""
    text = "\n".join(re.sub(r"\s+", "", portal.said(row, name)) for name in _KEY_FIELDS)
    return blake2b(text.encode("utf-8", "replace"), digest_size=10).hexdigest()


def _digest(row: portal.Row) -> str:
    told: dict[str, Any] = {name: portal.said(row, name) for name in sorted(row) if name != "referenceDate"}
    return blake2b(repr(told).encode("utf-8", "replace"), digest_size=6).hexdigest()


def _day(text: str) -> date | None:
    found = _DAY.search(text)
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None
