"""Rows of list pages as plain values: title, address, dates and marks, with one identity for each article.

What does not live here: finding the row elements (``_board_page``), asking for pages (``_board_talk``).
Source: boards §2 (noise in titles, pinned rows), korea rules 2–5, peers pains 2, 6, 17.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from selectolax.lexbor import LexborNode

import pipeline.model as p
from pipeline.i18n import _
from pipeline.text import clean, urls
from sources import _board_links
from sources import _board_page as pages
from sources import _board_select as select

if TYPE_CHECKING:
    from sources._board_options import Options

_BADGES: Final = re.compile(
    r"(?:\s+(?:새\s?글|새로운\s?글|NEW|New|new|HOT|비밀글|첨부\s?파일(?:\s?있음)?|첨부)|\s*\[\d{1,3}\])+$"
)
_CUT: Final = re.compile(r"\s*(?:\.{2,}|…)$")
_TAIL: Final = re.compile(
    r"\s*(?:[-:|]\s*)?(?:자세히\s?보기|내용\s?보기|상세\s?보기|바로\s?가기|페이지\s?이동|새\s?창(?:\s?열림)?|글\s?읽기|보기)$"
)
_PINNED_CLASSES: Final = frozenset(
    [
        "notice",
        "bo_notice",
        "is_notice",
        "notice_row",
        "note_box",
        "b-top-box",
        "sticky",
        "fixed",
        "fix",
        "top-notice",
        "notice-row",
        "tr_notice",
    ]
)
_PINNED_WORDS: Final = frozenset(
    ["공지", "알림", "필독", "중요", "일반공지", "전체공지", "공지사항", "[공지]", "notice", "top"]
)
_FULL_DATE: Final = re.compile(r"\d{2,4}\s?[-./년]\s?\d{1,2}\s?[-./월]\s?\d{1,2}|\b\d{8}\b")
COURSE: Final = (
    "apply",
    "teach",
    "status",
    "capacity",
    "applied",
    "fee",
    "level",
    "field",
    "place",
    "online",
    "target",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One article as the list tells it.

    Attributes:
        identity: Same for the same article on every page and night (hash of key, address, or title and date).
        key: Native key for the item; ``""`` lets normalize derive it from the address.
        digest: Changes when the list tells something else about the article.
        position: 1-based, over all pages.
    """

    identity: str
    key: str = ""
    title: str
    is_cut: bool = False
    link: str = ""
    base: str = ""
    date: str = ""
    is_pinned: bool = False
    department: str = ""
    author: str = ""
    status: str = ""
    image: str = ""
    category: str = ""
    course: tuple[tuple[str, str], ...] = ()
    digest: str = ""
    position: int = 0


def rows_of(options: Options, document: p.Document) -> list[Row]:
    """Return the rows of one list page in page order, pinned ones marked; empty when the list is empty.

    Raises:
        ShapeError: As ``_board_page.read``; ``title-missing`` when no row has a title where one is expected.
    """
    page = pages.read(options, document)
    headers, noise = select.Headers(), ", ".join([select.NOISE, *options.remove])
    rows = [row for node in page.nodes if (row := _row(options, page, node, headers, noise)) is not None]
    if page.nodes and not rows:
        message = _("줄은 있지만 '{title}'에서 제목을 찾지 못했습니다. 게시판의 모양이 바뀐 것 같습니다.")
        raise p.ShapeError(message.format(title=options.title), code="title-missing")
    if not options.pinned and len(rows) > 1 and all(row.is_pinned for row in rows):
        rows = [replace(row, is_pinned=False) for row in rows]  # a word every row has says nothing about one
    return rows


def merged(lists: Iterable[Sequence[Row]]) -> list[Row]:
    """Return one row for each article over all pages, in order: pinned and in the flow is one.

    An address shared by rows with different titles identifies none of them (a form's action) and leads nowhere useful:
    title and date identify them then. A pinned row may say a part of the title only.
    """
    rows = [row for page in lists for row in page]
    titles: dict[str, set[tuple[str, bool]]] = {}
    for row in rows:
        if not row.key:
            titles.setdefault(row.identity, set()).add((_CUT.sub("", row.title), row.is_pinned))
    shared = {identity for identity, said in titles.items() if _differ(said)}
    by_identity: dict[str, Row] = {}
    for position, found in enumerate(rows, start=1):
        row = replace(found, position=position)
        if row.identity in shared:
            row = replace(row, identity=_hash("title", row.title, row.date), link="")
        known = by_identity.get(row.identity)
        if known is None:
            by_identity[row.identity] = row
        elif known.is_pinned or row.is_pinned:
            fuller = row if known.is_pinned and not row.is_pinned and (row.date or not known.date) else known
            by_identity[row.identity] = replace(fuller, is_pinned=True, position=known.position)
    return [replace(row, digest=_digest(row)) for row in by_identity.values()]


def _differ(said: set[tuple[str, bool]]) -> bool:
    """Whether titles under one address are different articles'."""
    flow = {title for title, is_pinned in said if not is_pinned}
    top = {title for title, is_pinned in said if is_pinned}
    return len(flow) > 1 or any(one not in other and other not in one for one in top for other in top | flow)


def _row(options: Options, page: pages.Page, node: LexborNode, headers: select.Headers, noise: str) -> Row | None:
    def said(selector: str) -> str:
        return select.text(node, selector, headers, noise)

    title, is_cut = _title(options, node, headers, noise)
    if not title:
        return None
    link, fields = _board_links.link_of(options, page, node, headers)
    date = _date(options, said(options.date))
    key = _board_links.fill(options.key, fields) if "{" in options.key else said(options.key)
    seen = ("key", key) if key else ("link", urls.url_hash(link)) if link else ("title", title, date)
    return Row(
        identity=_hash(*seen),
        key=key,
        title=title,
        is_cut=is_cut,
        link=link,
        base=page.base,
        date=date,
        is_pinned=_is_pinned(options, node, said(options.number) if options.number else ""),
        department=said(options.department),
        author=said(options.author),
        status=said(options.status),
        image=_image(options, node, headers),
        category=said(options.category).strip("[]【】() "),
        course=_course(options, node, headers, noise),
    )


def _title(options: Options, row: LexborNode, headers: select.Headers, noise: str) -> tuple[str, bool]:
    """Return ``(title, whether the list cut it)``: without badges; the ``title`` attribute where the text is cut."""
    found = select.node(row, options.title, headers)
    if found is None:
        return "", False
    want = select.pick(options.title)
    if want.attribute or want.label:
        return _BADGES.sub("", select.text(row, options.title, headers, noise)), False
    inner = options.category if options.category and not options.category.startswith(("th:", "label:")) else ""
    category = select.node(row, inner, headers) if inner else None
    quiet = noise
    if category is not None and category.mem_id != found.mem_id and select.pick(inner).css:
        quiet = f"{noise}, {select.pick(inner).css}"
    text = select.quiet_text(found, quiet) or clean.one_line(found.text())
    text = _BADGES.sub("", clean.unescape(text)) or text
    if not _CUT.search(text):
        return text, False
    stem = _CUT.sub("", text)
    for holder in (found, *found.css("[title]"), *([found.parent] if found.parent is not None else [])):
        whole = _TAIL.sub("", clean.one_line(clean.unescape(holder.attributes.get("title") or "")))
        if len(whole) > len(stem) and stem[-12:] in whole:
            return whole, False
    return text, True


def _date(options: Options, text: str) -> str:
    if not options.date_pattern or not text:
        return text
    match = re.search(options.date_pattern, text[: p.limits.DATE_TEXT_CHARS])
    if match is None:
        return ""
    return match.group(1) if match.groups() else match.group()


def _is_pinned(options: Options, row: LexborNode, number: str) -> bool:
    if number and number.casefold() in _PINNED_WORDS:
        return True
    if options.pinned:
        want = select.pick(options.pinned)
        return bool(want.css) and row.css_first(want.css) is not None
    if _PINNED_CLASSES & set((row.attributes.get("class") or "").split()) and row.tag == "tr":
        return True
    first = row.css_first("td")
    return first is not None and clean.one_line(first.text()).casefold() in _PINNED_WORDS


def _image(options: Options, row: LexborNode, headers: select.Headers) -> str:
    if not options.image:
        return ""
    found = select.node(row, options.image, headers)
    if found is None:
        return ""
    wanted = select.pick(options.image).attribute
    inside = found if found.tag == "img" or wanted else found.css_first("img")
    if inside is None:
        return ""
    held = inside.attributes
    return next((v for n in (wanted, "data-src", "data-original", "src") if n and (v := held.get(n))), "")


def _course(options: Options, row: LexborNode, headers: select.Headers, noise: str) -> tuple[tuple[str, str], ...]:
    if options.course is None:
        return ()
    wanted = ((name, getattr(options.course, name)) for name in COURSE)
    return tuple((name, select.text(row, selector, headers, noise)) for name, selector in wanted if selector)


def _digest(row: Row) -> str:
    """Dates without a year drift with the calendar (``10:22`` today, ``08-11`` tomorrow) and say nothing new."""
    date = row.date if _FULL_DATE.search(row.date) else ""
    return _hash(row.title, row.link, date, row.is_pinned, row.department, row.author, row.status, row.image,
                 row.category, row.course)  # fmt: skip


def _hash(*parts: object) -> str:
    return blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
