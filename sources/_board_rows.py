"""Rows of list pages: title, address, dates and marks of each article.

What does not live here: finding the row elements (``_board_page``), lists in JSON (``_board_json``), what one article is
(``_board_row``).
Source: boards §2 (noise in titles, pinned rows), korea rules 2–5, peers pains 2, 6, 17.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from selectolax.lexbor import LexborNode

import pipeline.model as p
from pipeline.i18n import _
from pipeline.text import clean, list_marks, select
from sources import _board_links
from sources import _board_page as pages
from sources._board_row import FULL_DATE, Row, course_selectors, identity

if TYPE_CHECKING:
    from sources._board_options import Options

_STAMP: Final = re.compile(
    r"\d{4}\s?[-./년]\s?\d{1,2}\s?[-./월]\s?\d{1,2}일?\.?(?:[T\s]+(?:오[전후]\s*)?\d{1,2}:\d{2}(?::\d{2})?)?|\b\d{14}\b"
)
_GLUED: Final = re.compile(r"(?:\d{1,2}[-./]\d{1,2}|\d{1,2}:\d{2})\s?(?=\d{4}[-./])")  # a short form, then the full one
_STAMPS: Final = frozenset(["title", "datetime", "data-date", "data-time"])


def rows_of(options: Options, document: p.Document) -> list[Row]:
    """Return the rows of one list page in page order, pinned ones marked; empty when the list is empty.

    Raises:
        ShapeError: As ``_board_page.read``; ``title-missing`` when no row has a title where one is expected.
    """
    if options.rows.startswith("json:"):
        from sources import _board_json  # noqa: PLC0415 - few lists are JSON

        return _board_json.rows_of(options, document)
    page = pages.read(options, document)
    headers, noise = select.Headers(), ", ".join([select.NOISE, *options.remove])
    rows = [row for node in page.nodes if (row := _row(options, page, node, headers, noise)) is not None]
    if page.nodes and not rows:
        message = _("줄은 있지만 '{title}'에서 제목을 찾지 못했습니다. 게시판의 모양이 바뀐 것 같습니다.")
        raise p.ShapeError(message.format(title=options.title), code="title-missing")
    if len(rows) > 1 and all(row.is_pinned_by_class for row in rows):
        rows = [replace(row, is_pinned=False) for row in rows]  # a class every row has says nothing about one
    return rows


def _row(options: Options, page: pages.Page, node: LexborNode, headers: select.Headers, noise: str) -> Row | None:
    def said(selector: str) -> str:
        return select.text(node, selector, headers, noise)

    title, is_cut = _title(options, node, headers, noise)
    if not title:
        return None
    link = _board_links.link_of(options, page, node, headers)
    date = _date(options, node, headers, noise)
    pinned = _pinned_by(options, node, headers, said(options.number))
    key = _board_links.fill(options.key, link.fields) if "{" in options.key else said(options.key)
    key = key or link.packed
    return Row(
        identity=identity(key, link.url, title, date),
        key=key,
        title=title,
        is_cut=is_cut,
        link=link.url,
        is_packed=bool(link.packed),
        own_page=_board_links.own_page(options, page.base, link),
        asked=_board_links.asked(options, link),
        base=page.base,
        date=date,
        is_pinned=bool(pinned),
        is_pinned_by_class=pinned == "class",
        department=said(options.department),
        author=said(options.author),
        status=said(options.status),
        image=_image(options, node, headers),
        body=_body(options, node, headers),
        category=said(options.category).strip("[]【】() "),
        course=_course(options, node, headers, noise),
    )


def _title(options: Options, row: LexborNode, headers: select.Headers, noise: str) -> tuple[str, bool]:
    """Return ``(title, whether the list cut it)``: without badges; the ``title`` attribute where the text is cut."""
    where = select.chosen(row, options.title, headers)
    found = select.node(row, where, headers)
    if found is None:
        return "", False
    want = select.pick(where)
    if want.attribute or want.label:
        return list_marks.BADGES.sub("", select.text(row, where, headers, noise)), False
    inner = options.category if options.category and not options.category.startswith(("th:", "label:")) else ""
    category = select.node(row, inner, headers) if inner else None
    quiet = noise
    if category is not None and category.mem_id != found.mem_id and select.pick(inner).css:
        quiet = f"{noise}, {select.pick(inner).css}"
    return list_marks.title_of(found, quiet)


def _date(options: Options, row: LexborNode, headers: select.Headers, noise: str) -> str:
    """Return the posting date as written; a full stamp hidden beside a short one is preferred."""
    where = select.chosen(row, options.date, headers)
    text = select.text(row, where, headers, noise)
    if options.date_pattern:
        match = re.search(options.date_pattern, text[: p.limits.DATE_TEXT_CHARS])
        return (match.group(1) if match.groups() else match.group()) if match else ""
    want = select.pick(where)
    found = select.node(row, where, headers) if (want.css or want.column) and not want.attribute else None
    if found is None or (FULL_DATE.search(text) and not _GLUED.match(text)):
        return text
    held = [value for each in (found, *found.css("[title], [datetime], [data-date], [data-time]"))
            for name, value in each.attributes.items() if value and name in _STAMPS]  # fmt: skip
    hidden = [clean.one_line(each.text()) for each in found.css("*") if each.mem_id != found.mem_id]
    full = next(
        (match for said in (*held, *hidden, _GLUED.sub("", text, count=1)) if (match := _STAMP.search(said))), None
    )
    return full.group() if full else text


def _pinned_by(options: Options, row: LexborNode, headers: select.Headers, number: str) -> str:
    """Return how a row is known to be pinned: what the editor said, else ``word`` or ``class``; ``""`` when it is not."""
    if number and list_marks.is_pinned_word(number):
        return "number"
    if options.pinned:
        want = select.pick(options.pinned)
        return "selector" if want.css and row.css_first(want.css) is not None else ""
    return list_marks.pinned_by(row, headers)


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


def _body(options: Options, row: LexborNode, headers: select.Headers) -> str:
    """Return the text that an unfolding list keeps in place, as markup."""
    if not options.body:
        return ""
    found = select.node(row, options.body, headers)
    said = (found.inner_html or "") if found is not None else ""
    return said if len(said) <= p.limits.BODY_HTML_BYTES else ""


def _course(options: Options, row: LexborNode, headers: select.Headers, noise: str) -> tuple[tuple[str, str], ...]:
    """Return what the list tells of a course: from the named places, the rest by its own labels."""
    if options.course is None:
        return ()
    from sources import _board_course  # noqa: PLC0415 - for course lists only

    named = {name: select.text(row, css, headers, noise) for name, css in course_selectors(options)}
    return tuple(sorted(_board_course.filled(named, row, headers, noise).items()))
