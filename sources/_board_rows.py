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
from pipeline.text import clean, list_marks, select, urls
from sources import _board_links
from sources import _board_page as pages

if TYPE_CHECKING:
    from sources._board_options import Options

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
            titles.setdefault(row.identity, set()).add((list_marks.CUT.sub("", row.title), row.is_pinned))
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
        return list_marks.BADGES.sub("", select.text(row, options.title, headers, noise)), False
    inner = options.category if options.category and not options.category.startswith(("th:", "label:")) else ""
    category = select.node(row, inner, headers) if inner else None
    quiet = noise
    if category is not None and category.mem_id != found.mem_id and select.pick(inner).css:
        quiet = f"{noise}, {select.pick(inner).css}"
    return list_marks.title_of(found, quiet)


def _date(options: Options, text: str) -> str:
    if not options.date_pattern or not text:
        return text
    match = re.search(options.date_pattern, text[: p.limits.DATE_TEXT_CHARS])
    if match is None:
        return ""
    return match.group(1) if match.groups() else match.group()


def _is_pinned(options: Options, row: LexborNode, number: str) -> bool:
    if number and number.casefold() in list_marks.PINNED_WORDS:
        return True
    if options.pinned:
        want = select.pick(options.pinned)
        return bool(want.css) and row.css_first(want.css) is not None
    if list_marks.PINNED_CLASSES & set((row.attributes.get("class") or "").split()) and row.tag == "tr":
        return True
    first = row.css_first("td")
    return first is not None and clean.one_line(first.text()).casefold() in list_marks.PINNED_WORDS


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
