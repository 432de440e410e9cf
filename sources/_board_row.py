"""One article of a list as plain values, with one identity on every page and night.

What does not live here: reading rows (``_board_rows``, ``_board_json``), asking for pages (``_board_talk``).
Source: korea rules 2 and 4, peers pains 6 and 17.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from pipeline.text import list_marks, urls

if TYPE_CHECKING:
    from sources._board_options import Options

FULL_DATE: Final = re.compile(r"\d{2,4}\s?[-./년]\s?\d{1,2}\s?[-./월]\s?\d{1,2}|\b\d{8}\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One article as the list tells it.

    Attributes:
        identity: Same for the same article on every page and night (hash of key, address, or title and date).
        key: Native key for the item; ``""`` lets normalize derive it from the address.
        is_packed: The address holds the row's place in Base64, so that it differs from page to page.
        own_page: Where the article's own page is read; ``""`` when nowhere.
        asked: Form of the article's page where it is asked for by POST.
        digest: Changes when the list tells something else about the article.
        position: 1-based, over all pages.
    """

    identity: str
    key: str = ""
    title: str
    is_cut: bool = False
    link: str = ""
    is_packed: bool = False
    own_page: str = ""
    asked: tuple[tuple[str, str], ...] = ()
    base: str = ""
    date: str = ""
    is_pinned: bool = False
    is_pinned_by_class: bool = False
    department: str = ""
    author: str = ""
    status: str = ""
    image: str = ""
    body: str = ""
    category: str = ""
    course: tuple[tuple[str, str], ...] = ()
    digest: str = ""
    position: int = 0


def identity(key: str, link: str, title: str, date: str) -> str:
    """Return the identity of an article: its native key, else its address, else title and date."""
    return _hash(*(("key", key) if key else ("link", urls.url_hash(link)) if link else ("title", title, date)))


def course_selectors(options: Options) -> Iterator[tuple[str, str]]:
    """Yield ``(field of a course, where it stands)`` for what the editor named."""
    if options.course is None:
        return
    from sources._board_options import CourseFields  # noqa: PLC0415 - pydantic, for course lists only

    for name in CourseFields.model_fields:
        if selector := getattr(options.course, name):
            yield name, selector


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
    kept: dict[str, tuple[int, Row]] = {}
    for position, found in enumerate(rows, start=1):
        row = found
        if row.identity in shared:
            row = replace(row, identity=_hash("title", row.title, row.date), link="", own_page="")
        if row.identity not in kept:
            kept[row.identity] = (position, row)
            continue
        first, known = kept[row.identity]
        if known.is_pinned or row.is_pinned:
            fuller = row if known.is_pinned and not row.is_pinned and (row.date or not known.date) else known
            kept[row.identity] = (first, replace(fuller, is_pinned=True))
    return [replace(row, position=position, digest=_digest(row)) for position, row in kept.values()]


def _differ(said: set[tuple[str, bool]]) -> bool:
    """Whether titles under one address are different articles'."""
    flow = {title for title, is_pinned in said if not is_pinned}
    top = {title for title, is_pinned in said if is_pinned}
    return len(flow) > 1 or any(one not in other and other not in one for one in top for other in top | flow)


def _digest(row: Row) -> str:
    """Dates without a year drift with the calendar (``10:22`` today, ``08-11`` tomorrow) and say nothing new."""
    date = row.date if FULL_DATE.search(row.date) else ""
    link = urls.url_hash(row.link) if row.key and row.link and not row.is_packed else ""  # else it is in the identity
    return _hash(row.title, link, date, row.is_pinned, row.department, row.author, row.status, row.image,
                 row.body, row.category, row.course)  # fmt: skip


def _hash(*parts: object) -> str:
    return blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
