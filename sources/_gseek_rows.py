"""Rows of a GSEEK platform's answers: checked, told apart, made items of.

What does not live here: asking (``_gseek_talk``). The teacher's name and phone stay out: they are nobody's news.
Source: korea §7 (names of the fields, status words, cycles, test rows).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from urllib.parse import urlencode, urljoin

import pipeline.model as p
from pipeline.i18n import _
from pipeline.text import clean

if TYPE_CHECKING:
    from sources._gseek_options import Options

Row: TypeAlias = dict[str, Any]

OURS: Final = "moa"
"""Our own member of a row: ``{"list": …, "words": {…}}``; whatever a server sends under this name is dropped."""
FORBIDDEN: Final = re.compile(
    r"/(?:cert|aply|apply|payment|pay|login|logout|join|member|mypage)(?:[/.?;]|$)|check_?ci|identity", re.IGNORECASE
)
"""Application, identity, payment and account addresses: never asked for, whatever an option or an answer says."""
OFFLINE: Final = "offline"
ONLINE: Final = "online"
_ONLINE_KEY: Final = "online:"
_NUMBER: Final = re.compile(r"[0-9A-Za-z_-]{1,40}")
_OVER: Final = re.compile(r"마감(?!\s*임박)|종료|완료|폐강|취소")
_WAYS: Final = {"OF": "오프라인", "ON": "온라인", "BL": "혼합"}
_COUNTS: Final = ("d_aply_cnt",)  # move daily without the course being another
_TOLD: Final = (
    *("d_sbjct_nm", "d_edu_gvmnfc", "d_rgn", "d_recrut_stts_nm", "d_sbjct_type_cd_id", "d_is_single_day_course"),
    *("d_edu_bgng_dt", "d_edu_end_dt", "d_edu_start_time", "d_edu_end_time", "d_edu_wday_cd_nm", "d_edu_nope"),
    *("d_sbjct_amt", "d_prepar_cmdty_amt", "d_sbjct_trgt_nm_1", "d_sbjct_trgt_nm_2", "d_sbjct_trgt_nm_3"),
    *("d_sbjct_intrd_cn", "d_stdnt_chice_mthd_cd_nm", "d_clsf_depth1_nm", "d_clsf_depth2_nm", "d_clsf_depth3_nm"),
)


def rows_of(document: p.Document) -> list[Row]:
    """Return the rows of one answer, a JSON array; an empty one is an empty list.

    Raises:
        ShapeError: ``unreadable`` where the answer is no JSON (a login or error page at status 200),
            ``container-missing`` where it is no list of courses.
    """
    try:
        found = json.loads(document.body)
    except (ValueError, RecursionError) as error:
        text = _("강좌 목록을 물었는데 목록이 아닌 것(로그인이나 안내 화면)이 왔습니다.")
        raise p.ShapeError(text, code="unreadable") from error
    if not isinstance(found, list):
        raise p.ShapeError(_("강좌 목록의 답이 예상한 모양이 아닙니다."), code="container-missing")
    rows = [row for row in found if isinstance(row, dict)]
    if found and not any(key(row) for row in rows):
        raise p.ShapeError(_("강좌 번호가 든 줄이 하나도 없습니다."), code="container-missing")
    return rows


def key(row: Row) -> str:
    """Return ``course:cycle``, a course repeats in cycles; ``""`` where the row has no usable number."""
    number, cycle = said(row, "d_sbjct_sn"), said(row, "d_sbjct_cycl_sn") or "1"
    if not _NUMBER.fullmatch(number) or not _NUMBER.fullmatch(cycle):
        return ""
    prefix = _ONLINE_KEY if _ours(row).get("list") == ONLINE else ""
    return f"{prefix}{number}:{cycle}"


def is_online(number: str) -> bool:
    """Whether a key is of the parent's list."""
    return number.startswith(_ONLINE_KEY)


def is_test(options: Options, row: Row) -> bool:
    """Whether a row was put up to try the platform out; such rows stand in production (korea §4)."""
    title = clean.one_line(clean.unescape(said(row, "d_sbjct_nm")))
    return bool(re.search(options.test_rows, title, re.IGNORECASE))


def said(row: Row, name: str) -> str:
    """Return a field as text, ``""`` when absent."""
    value = row.get(name)
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def total(row: Row) -> int | None:
    """Return how many courses the list has by its own count."""
    number = said(row, "d_total_cnt")
    return int(number) if number.isascii() and number.isdigit() else None


def is_alive(row: Row) -> bool:
    """Whether one can apply, now or later; a word nobody knows counts, so that its course is looked at."""
    return not _OVER.search(said(row, "d_recrut_stts_nm"))


def digest(row: Row, *, with_counts: bool) -> str:
    """Return a hash of what the row tells of its course; applications come and go, so they count apart."""
    names = (*_TOLD, *_COUNTS) if with_counts else _TOLD
    text = "\n".join(said(row, name) for name in names)
    return blake2b(text.encode("utf-8", "replace"), digest_size=6).hexdigest()


def marked(row: Row, kind: str, words: dict[str, str], *, is_partial: bool = False) -> Row:
    """Return the row with our own member: which list it stands in, what its page says, whether that is missing."""
    return {**row, OURS: {"list": kind, "words": words, "partial": is_partial}}


def told(document: p.Document, rows: list[Row]) -> p.Document:
    """Return the answer with these rows only."""
    return replace(document, body=json.dumps(rows, ensure_ascii=False).encode("utf-8", "replace"))


def view_url(options: Options, row: Row) -> str:
    """Return the course's own page."""
    is_online = _ours(row).get("list") == ONLINE and options.online is not None
    base, path = (
        (options.online.url, options.online.view) if is_online and options.online else (options.url, options.view)
    )
    query = {"s_sbjct_sn": said(row, "d_sbjct_sn"), "s_sbjct_cycl_sn": said(row, "d_sbjct_cycl_sn") or "1"}
    return f"{urljoin(base, path)}{'&' if '?' in path else '?'}{urlencode(query)}"


def item(options: Options, row: Row, position: int) -> p.Item:
    """Return what a row says; a test row is skipped and named."""
    title = said(row, "d_sbjct_nm")
    number = key(row)
    plain = clean.one_line(clean.unescape(title))
    if not number:
        return p.Item(title=title, row=position, skip="no-key")
    if is_test(options, row):
        return p.Item(title=plain, row=position, skip="test-row")
    intro = clean.unescape(said(row, "d_sbjct_intrd_cn"))
    fields = [clean.one_line(clean.unescape(said(row, f"d_clsf_depth{n}_nm"))) for n in (1, 2, 3)]
    return p.Item(
        key=number,
        kind=p.Kind.COURSE,
        title=title,
        url=view_url(options, row),
        base_url=options.url,
        body=intro,
        body_is_text="<" not in intro,
        department=clean.unescape(said(row, "d_edu_gvmnfc")),
        tags=tuple(filter(None, (said(row, "d_rgn"), *fields))),
        course=_course(row, fields),
        row=position,
        is_partial=bool(_ours(row).get("partial")),
    )


def _course(row: Row, fields: list[str]) -> p.RawCourse:
    begins, ends = said(row, "d_edu_bgng_dt"), said(row, "d_edu_end_dt")
    is_single = said(row, "d_is_single_day_course").upper() == "Y" or not ends or ends == begins
    targets = (clean.unescape(said(row, f"d_sbjct_trgt_nm_{n}")) for n in (1, 2, 3))
    selection = said(row, "d_stdnt_chice_mthd_cd_nm")
    raw = p.RawCourse(
        teach=begins if is_single else f"{begins} ~ {ends}",
        weekdays=said(row, "d_edu_wday_cd_nm"),
        hours=" ~ ".join(filter(None, (said(row, "d_edu_start_time"), said(row, "d_edu_end_time")))),
        status=said(row, "d_recrut_stts_nm"),
        capacity=said(row, "d_edu_nope"),
        applied=said(row, "d_aply_cnt"),
        fee=said(row, "d_sbjct_amt"),
        material_fee=said(row, "d_prepar_cmdty_amt"),
        selection="선착순" if selection == "선착" else selection,
        field=" > ".join(filter(None, fields)),
        online=_WAYS.get(said(row, "d_sbjct_type_cd_id").upper(), ""),
        target=", ".join(dict.fromkeys(filter(None, targets))),
    )
    words = _ours(row).get("words") or {}
    own = {name: text for name, text in words.items() if name in _OF_THE_PAGE}
    return replace(
        raw, **{name: text for name, text in own.items() if name == "material_fee" or not getattr(raw, name)}
    )


_OF_THE_PAGE: Final = frozenset(["apply", "teach", "hours", "target", "capacity", "fee", "material_fee", "place"])


def _ours(row: Row) -> Row:
    ours = row.get(OURS)
    return ours if isinstance(ours, dict) else {}


def items(options: Options, documents: tuple[p.Document, ...]) -> Iterator[p.Item]:
    """Yield the courses of answers in their order, each once; of two readings the later one counts."""
    latest: dict[str, Row] = {}
    strange: list[Row] = []
    for document in documents:
        for row in rows_of(document):
            number = key(row)
            if number:
                latest[number] = row
            else:
                strange.append(row)
    for position, row in enumerate((*latest.values(), *strange), start=1):
        yield item(options, row, position)
