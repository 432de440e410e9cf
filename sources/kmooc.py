"""``kind: kmooc``: national open online courses (K-MOOC) through data.go.kr's list, version 2.

What does not live here: the portal's key and errors (``_datagokr``). Its times are Unix seconds written as text.
Source: korea §4 "National APIs" (data.go.kr 15042355); about 8,300 courses, so a night reads a part and the next goes on.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Annotated, Any, Final
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

import pipeline.model as p
from sources import _datagokr as portal

TITLE = "K-MOOC 온라인 강좌 (공공데이터포털)"

_VERSION: Final = 1  # of the memo
_KNOWN: Final = 10_000
_SEOUL: Final = ZoneInfo("Asia/Seoul")
_NUMBER: Final = re.compile(r"[\w:+.-]{1,100}", re.ASCII)
_TOLD: Final = (
    *(
        "name",
        "org_name",
        "org",
        "course_image",
        "url",
        "enrollment_start",
        "enrollment_end",
        "study_start",
        "study_end",
    ),
    *("public_yn", "classfy_name", "middle_classfy_name"),
)


def _folder(text: str) -> str:
    return text if text.endswith("/") else text + "/"


class Options(p.Options):
    """YAML keys of ``kind: kmooc``."""

    key: p.SecretName = Field(
        default=portal.KEY_NAME,
        validate_default=True,
        description="공공데이터포털 인증키가 든 환경 변수의 이름. Encoding 키와 Decoding 키 어느 쪽이든 됩니다.",
        examples=[portal.KEY_NAME],
    )
    api_base: Annotated[p.WebUrl, AfterValidator(_folder)] = Field(
        default="https://apis.data.go.kr/B552881/kmooc_v2_0/",
        description="오픈API의 주소",
        examples=["http://127.0.0.1:9000/B552881/kmooc_v2_0/"],
    )
    view: str = Field(
        default="https://www.kmooc.kr/view/course/detail/{id}",
        description="강좌 주소가 목록에 없을 때 쓰는 주소. {id} 자리에 강좌 번호",
        examples=["https://www.kmooc.kr/view/course/detail/{id}"],
    )
    organisations: p.TextList = Field(
        default=(), description="이 말이 든 기관의 강좌만 모읍니다. 비우면 모든 기관입니다.", examples=[["가온대학교"]]
    )
    size: int = Field(default=100, ge=1, le=1000, description="한 번에 받는 강좌 수", examples=[100])
    pages: int = Field(
        default=p.limits.PAGES_PER_SOURCE,
        ge=1,
        le=p.limits.SCAN_PAGES,
        description="하룻밤에 읽는 쪽수. 다음 밤에는 그다음 쪽부터 읽습니다.",
        examples=[10],
    )
    detail: bool = Field(default=False, description="새 강좌의 소개 글도 읽을지", examples=["true"])
    most: int = Field(default=20, ge=1, le=50, description="하룻밤에 읽는 소개 글의 수", examples=[20])


def fetch(options: Options, memo: p.Memo) -> p.Conversation:
    """Ask for a night's part of the list, beginning where the last night ended.

    Raises:
        RefusedError: The key is missing or refused.
        QuotaError: The day's calls are spent.
        ShapeError: As ``parse``.

    Cost: one call a page and one for each introduction; 10,000 a day are allowed.
    """
    is_ours = memo.get("v") == _VERSION
    known: dict[str, str] = dict(memo["known"]) if is_ours else {}
    page = int(memo["page"]) if is_ours else 1
    first: p.Document | None = None
    seen: dict[str, portal.Row] = {}
    for _turn in range(options.pages):
        document, found, total = yield from _page(options, page)
        first = first or document
        seen |= {number: row for row in found if (number := _number(row)) and _is_wanted(options, row)}
        page += 1
        if not found or (total is not None and (page - 1) * options.size >= total):
            page = 1
            break
    fresh = {n: row for n, row in seen.items() if known.get(n) != _digest(row)}
    if options.detail:
        yield from _introductions(options, list(fresh.values())[: options.most])
    if first is None or (seen and not fresh and page == int(memo.get("page", 0) or 0)):
        return None
    kept = {n: digest for n, digest in known.items() if n not in seen} | {n: _digest(row) for n, row in seen.items()}
    return p.Fetched(
        documents=(portal.told(first, urljoin(options.api_base, "courseList_v2_0"), list(fresh.values())),),
        memo={"v": _VERSION, "page": page, "known": dict(list(kept.items())[-_KNOWN:])},
        carried=len(seen) - len(fresh),
    )


def _page(
    options: Options, number: int
) -> Generator[p.Request, p.Document, tuple[p.Document, list[portal.Row], int | None]]:
    document = yield from _ask(options, "courseList_v2_0", {"page": number, "size": options.size})
    rows, total = portal.rows_of(document, "name")
    return document, rows, total


def _ask(options: Options, name: str, parameters: dict[str, str | int]) -> Generator[p.Request, p.Document, p.Document]:
    return (yield from portal.ask(urljoin(options.api_base, name), options.key, parameters))


def _introductions(options: Options, rows: list[portal.Row]) -> Generator[p.Request, p.Document, None]:
    """Put introductions into rows; some courses have none (result code 11), and none is worth failing for."""
    for row in rows:
        try:
            document = yield from _ask(options, "courseDetail_v2_0", {"CourseId": _number(row)})
            row["summary"] = portal.said(portal.results_of(document), "summary")
        except p.QuotaError:
            return
        except p.SourceError as error:
            if error.code == "deadline":
                return


def parse(options: Options, fetched: p.Fetched) -> Iterator[p.Item]:
    """Yield public courses one can still join, each once; the others are skipped and named.

    Raises:
        ShapeError: ``unreadable`` or ``container-missing``: the answer is no such list.
    """
    seen: set[str] = set()
    for document in fetched.documents:
        for position, row in enumerate(portal.rows_of(document, "name")[0], start=1):
            number = _number(row)
            if number in seen or not _is_wanted(options, row):
                continue
            seen.add(number)
            reason = _reason(row, number, document.fetched_at)
            title = portal.said(row, "name")
            yield p.Item(title=title, row=position, skip=reason) if reason else _item(options, row, position)


def _reason(row: portal.Row, number: str, now: datetime) -> str:
    if not number:
        return "no-key"
    if portal.said(row, "public_yn").upper() == "N":
        return "not-public"
    ends = _at(row, "enrollment_end") or _at(row, "study_end")
    return "over" if ends is not None and ends < now else ""


def _item(options: Options, row: portal.Row, position: int) -> p.Item:
    number, summary = _number(row), portal.said(row, "summary")
    field = " > ".join(filter(None, (portal.said(row, "classfy_name"), portal.said(row, "middle_classfy_name"))))
    image = portal.said(row, "course_image")
    return p.Item(
        key=number,
        kind=p.Kind.COURSE,
        title=portal.said(row, "name"),
        url=portal.said(row, "url") or options.view.replace("{id}", number),
        base_url=options.view,
        body=summary,
        department=portal.said(row, "org_name") or portal.said(row, "org"),
        image=p.Image(url=image) if image else None,
        course=p.RawCourse(
            apply=_span(row, "enrollment", "%Y-%m-%d %H:%M"),
            teach=_span(row, "study", "%Y-%m-%d"),
            field=field,
            online="온라인",
        ),
        row=position,
    )


def _span(row: portal.Row, name: str, form: str) -> str:
    ends = [
        at.astimezone(_SEOUL).strftime(form) if at else ""
        for at in (_at(row, f"{name}_start"), _at(row, f"{name}_end"))
    ]
    return f"{ends[0]} ~ {ends[1]}".strip() if ends[1] else ends[0]


def _at(row: portal.Row, name: str) -> datetime | None:
    """Unix seconds as text; 0 and what is no number say nothing."""
    text = portal.said(row, name).partition(".")[0]
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 2**33:
        return None
    return datetime.fromtimestamp(int(text), UTC)


def _number(row: portal.Row) -> str:
    number = portal.said(row, "id")
    return number if _NUMBER.fullmatch(number) else ""


def _is_wanted(options: Options, row: portal.Row) -> bool:
    org = f"{portal.said(row, 'org_name')} {portal.said(row, 'org')}"
    return not options.organisations or any(name in org for name in options.organisations)


def _digest(row: portal.Row) -> str:
    told: dict[str, Any] = {name: portal.said(row, name) for name in _TOLD}
    return blake2b(repr(told).encode("utf-8", "replace"), digest_size=4).hexdigest()
