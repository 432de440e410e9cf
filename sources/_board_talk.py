"""A board's conversation: the list, its next pages while they bring news, the pages of new articles; what is remembered.

What does not live here: single requests (``_board_asking``), reading rows (``_board_rows``), items (``board``).
Source: korea rules 4, 5, 13; reliability P18; peers pains 6, 17.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pipeline.model as p
from sources import _board_asking as asking
from sources import _board_files, _board_row
from sources import _board_rows as board_rows

if TYPE_CHECKING:
    from sources._board_asking import Session
    from sources._board_options import Options

Asking: TypeAlias = Generator[p.Request, p.Document, Any]

_VERSION: Final = 2  # of the memo: bump when identities or digests change
_KNOWN: Final = 500
_TRIES: Final = 3  # nights an article's own page may fail before the row alone must do
_DETAIL_FAILURES: Final = 3  # in a row: the site's article pages are down tonight
ARTICLE: Final = "moa-article"  # our own header on an article's page: whose it is


@dataclass(slots=True)
class Memory:
    """What a board remembers: each known article with the digest of its row.

    Attributes:
        tries: Failed looks at an article's own page, by identity.
        again: The last night left something undone: the list must come whole even if it is the same.
        body: Hash of a POST list, which has no validators.
        listed: Rows of the last list.
    """

    known: dict[str, str] = field(default_factory=dict)
    tries: dict[str, int] = field(default_factory=dict)
    again: bool = False
    body: str = ""
    listed: int = 0

    @classmethod
    def load(cls, memo: p.Memo) -> Memory:
        """Read a memo; another version or none is an empty memory."""
        if memo.get("v") != _VERSION:
            return cls()
        return cls(
            known=dict(memo.get("known") or {}),
            tries=dict(memo.get("tries") or {}),
            again=bool(memo.get("again")),
            body=str(memo.get("body") or ""),
            listed=int(memo.get("listed") or 0),
        )

    def dump(self) -> dict[str, Any]:
        """Return the memo as JSON values: at most 500 articles, the ones listed last kept."""
        room = min(_KNOWN, 3 * self.listed + 50)
        known = dict(list(self.known.items())[-room:])
        return {
            "v": _VERSION,
            "known": known,
            "tries": dict(list(self.tries.items())[-room:]),
            "again": self.again,
            "body": self.body,
            "listed": self.listed,
        }

    def is_new(self, row: _board_row.Row) -> bool:
        """Whether the list tells something of this article that we have not read."""
        return self.known.get(row.identity) != row.digest


@dataclass(slots=True)
class Pages:
    """List pages that count, with their rows; ``failed`` names the page that could not be read."""

    documents: list[p.Document]
    rows: list[list[_board_row.Row]]
    failed: str = ""


def first(options: Options, memory: Memory, session: Session) -> Asking:
    """Ask for the list; return the document, or ``None`` when it is the one we know."""
    if options.warm_up:
        session.learn((yield asking.warm_up(options)))
    whole = memory.again or _is_unordered(options)
    document = yield asking.list_page(options, 0, session, conditional=not whole)
    session.learn(document)
    if document.is_unchanged:
        return None
    if options.method == "POST" and document.body_hash and document.body_hash == memory.body and not whole:
        return None
    return document


def following(options: Options, document: p.Document, memory: Memory, session: Session) -> Asking:
    """Read the next pages while a page brings articles not known; return ``Pages``.

    Ends at the page cap, an empty or missing list, a repeated page, a page of known articles, or one whose articles are
    all older than ``paging.days``; where news may stand anywhere (``newest_first: false``) a page of known articles ends
    nothing. Pinned rows, which come back on every page, never count (korea rule 5), unless a page
    holds nothing else. A page that fails ends the list with what there is.
    """
    pages = Pages([document], [board_rows.rows_of(options, document)])
    seen: set[str] = set()
    last = options.pages if options.paging else 1
    for number in range(1, last):
        flow = _flow(pages.rows[-1])
        known = set() if _is_unordered(options) else memory.known.keys()
        if not flow - seen - known or _is_old(options, pages.rows[-1], document):
            break
        seen |= {row.identity for row in pages.rows[-1]} | flow
        try:
            more = yield asking.list_page(options, number, session, conditional=False)
            session.learn(more)
            rows = board_rows.rows_of(options, more)
        except p.ShapeError:
            break  # past the last page some boards show no table at all
        except p.SourceError as error:
            pages.failed = f"{number + 1}: {error.message}"
            break
        if not _flow(rows) - seen:
            break
        pages.documents.append(more)
        pages.rows.append(rows)
    return pages


def _is_unordered(options: Options) -> bool:
    """Whether news may stand on any page, so that all of them are read every night. Asks for values only (ADR-0018)."""
    if options.paging is None or options.pages == 1:
        return False
    newest_first = options.paging.newest_first
    return options.course is not None if newest_first is None else not newest_first


def _flow(rows: Sequence[_board_row.Row]) -> set[str]:
    """Return the articles of a page that tell whether it brings news: those in the flow, or all of a page of pinned ones."""
    one = _board_row.merged([rows])
    return {row.identity for row in one if not row.is_pinned} or {row.identity for row in one}


def _is_old(options: Options, rows: Sequence[_board_row.Row], document: p.Document) -> bool:
    """Whether every dated article in the flow of a page is older than the editor wants to go back."""
    days = options.paging.days if options.paging else None
    if days is None:
        return False
    from pipeline.text import dates  # noqa: PLC0415 - many tables, for few boards

    border = document.fetched_at - timedelta(days=days)
    read = (dates.read(row.date, field="posted", ref=document.fetched_at) for row in rows if not row.is_pinned)
    known = [each.start.at for each in read if each.start]
    return bool(known) and all(value < border for value in known)


def details(options: Options, rows: Sequence[_board_row.Row], memory: Memory, session: Session) -> Asking:
    """Read the pages of new articles and, where wanted, their files.

    Returns ``(documents, identities left for another night, warnings)``.
    """
    documents: list[p.Document] = []
    files = _board_files.Files()
    left: set[str] = set()
    failures = 0
    for row in rows:
        if not row.own_page:
            continue
        if options.detail is None or len(documents) >= options.detail.most or failures >= _DETAIL_FAILURES:
            left.add(row.identity)
            continue
        try:
            document = yield asking.article(options, row, session)
            session.learn(document)
        except p.SourceError as error:
            failures += not isinstance(error, p.GoneError)
            memory.tries[row.identity] = memory.tries.get(row.identity, 0) + 1
            if memory.tries[row.identity] < _TRIES:
                left.add(row.identity)
            else:
                del memory.tries[row.identity]
            continue
        failures = 0
        memory.tries.pop(row.identity, None)
        documents.append(marked(document, ARTICLE, row.identity))
        if options.detail.attachment_text:
            yield from files.ask(options.detail, document, row.identity, session)
    documents += [marked(file, _board_files.HEADER, identity) for identity, file in files.documents]
    return documents, left, files.warnings


def marked(document: p.Document, name: str, value: str) -> p.Document:
    """Return the document with a header of our own; whatever the server sent under our names is gone."""
    headers = tuple(pair for pair in document.headers if not pair[0].startswith("moa-"))
    return replace(document, headers=(*headers, (name, value)))
