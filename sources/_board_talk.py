"""A board's conversation: the list, its next pages while they bring news, the pages of new articles; what is remembered.

What does not live here: reading rows (``_board_rows``), items (``board``).
Source: korea rules 4, 5, 13; reliability P18; peers pains 6, 17.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pipeline.model as p
from pipeline.text import urls
from sources import _board_rows as board_rows

if TYPE_CHECKING:
    from sources._board_options import Options, Paging

Asking: TypeAlias = Generator[p.Request, p.Document, Any]

_VERSION: Final = 1  # of the memo: bump when identities or digests change
_KNOWN: Final = 500
_TRIES: Final = 3  # nights an article's own page may fail before the row alone must do
_DETAIL_FAILURES: Final = 3  # in a row: the site's article pages are down tonight
_ACCEPT: Final = (("Accept", "text/html, application/xhtml+xml, */*;q=0.5"),)
_COOKIE: Final = re.compile(r"[\w!#$%&'*+.^`|~-]+=[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*", re.ASCII)
_COOKIE_CHARS: Final = 4096
_FORM: Final = (("Content-Type", "application/x-www-form-urlencoded"),)


@dataclass(slots=True)
class Memory:
    """What a board remembers: each known article with the digest of its row.

    Attributes:
        tries: Failed looks at an article's own page, by identity.
        again: The last night left something undone: the list must come whole even if it is the same.
        body: Hash of a POST list, which has no validators.
        cookie: What the warm-up page set, for this night only; sent to its own origin.
        listed: Rows of the last list.
    """

    known: dict[str, str] = field(default_factory=dict)
    tries: dict[str, int] = field(default_factory=dict)
    again: bool = False
    body: str = ""
    listed: int = 0
    cookie: str = ""

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

    def is_new(self, row: board_rows.Row) -> bool:
        """Whether the list tells something of this article that we have not read."""
        return self.known.get(row.identity) != row.digest


@dataclass(slots=True)
class Pages:
    """List pages that count, with their rows; ``failed`` names the page that could not be read."""

    documents: list[p.Document]
    rows: list[list[board_rows.Row]]
    failed: str = ""


def first(options: Options, memory: Memory) -> Asking:
    """Ask for the list; return the document, or ``None`` when it is the one we know."""
    if options.warm_up:
        opened = yield p.Request(url=options.warm_up, conditional=False, headers=_ACCEPT)
        memory.cookie = _cookie_of(opened) if urls.origin(opened.url) == urls.origin(options.url) else ""
    document = yield request(options, 0, memory, conditional=not memory.again)
    if document.is_unchanged:
        return None
    if options.method == "POST" and document.body_hash and document.body_hash == memory.body and not memory.again:
        return None
    return document


def following(options: Options, document: p.Document, memory: Memory) -> Asking:
    """Read the next pages while a page brings articles not known; return ``Pages``.

    Ends at the page cap, an empty or missing list, a repeated page, or a page of known articles; pinned rows, which
    come back on every page, never count (korea rule 5). A page that fails ends the list with what there is.
    """
    pages = Pages([document], [board_rows.rows_of(options, document)])
    seen: set[str] = set()
    last = options.pages if options.paging else 1
    for number in range(1, last):
        flow = {row.identity for row in board_rows.merged(pages.rows[-1:]) if not row.is_pinned}
        if not flow - seen - set(memory.known):
            break
        seen |= {row.identity for row in pages.rows[-1]} | flow
        try:
            more = yield request(options, number, memory, conditional=False)
            rows = board_rows.rows_of(options, more)
        except p.ShapeError:
            break  # past the last page some boards show no table at all
        except p.SourceError as error:
            pages.failed = f"{number + 1}: {error.message}"
            break
        if not {row.identity for row in rows if not row.is_pinned} - seen:
            break
        pages.documents.append(more)
        pages.rows.append(rows)
    return pages


def details(options: Options, rows: Sequence[board_rows.Row], memory: Memory) -> Asking:
    """Read the pages of new articles; return ``(documents, identities left for another night)``."""
    documents: list[p.Document] = []
    left: set[str] = set()
    failures = 0
    for row in rows:
        if not row.link:
            continue
        if options.detail is None or len(documents) >= options.detail.most or failures >= _DETAIL_FAILURES:
            left.add(row.identity)
            continue
        try:
            document = yield p.Request(url=row.link, conditional=False, headers=_headers(options, row.link, memory))
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
        documents.append(document)
    return documents, left


def request(options: Options, number: int, memory: Memory, *, conditional: bool) -> p.Request:
    """Return the request of one list page; ``number`` 0 is the first, asked exactly as the editor wrote it."""
    paging, url, form = options.paging, options.url, dict(options.form)
    if number and paging is not None:
        value = str(paging.start + number * paging.step)
        if paging.template:
            url = urls.absolute(url, paging.template.replace("{page}", value)) or url
        elif options.method == "POST":
            form[paging.param] = value
        else:
            url = with_param(url, paging, value)
    if options.method == "POST":
        body = urlencode(form).encode("ascii")
        headers = (*_headers(options, url, memory), *_FORM)
        return p.Request(url=url, method="POST", body=body, headers=headers, conditional=False, retry=False)
    return p.Request(url=url, headers=_headers(options, url, memory), conditional=conditional)


def _headers(options: Options, url: str, memory: Memory) -> tuple[tuple[str, str], ...]:
    """Return what every page is asked with; the warm-up's cookie for the list's own origin only."""
    if not memory.cookie or urls.origin(url) != urls.origin(options.url):
        return _ACCEPT
    return (*_ACCEPT, ("Cookie", memory.cookie))


def _cookie_of(document: p.Document) -> str:
    """Return the session a page began, as a Cookie header; attributes are not needed within one minute."""
    pairs = [value.partition(";")[0].strip() for name, value in document.headers if name == "set-cookie"]
    return "; ".join(pair for pair in pairs if _COOKIE.fullmatch(pair))[:_COOKIE_CHARS]


def with_param(url: str, paging: Paging, value: str) -> str:
    """Return the address with the page parameter set; everything else stays as it is and where it is."""
    parts = urlsplit(url)
    pairs = parts.query.split("&") if parts.query else []
    names = [next(iter(dict(parse_qsl(pair, keep_blank_values=True))), "") for pair in pairs]
    new = urlencode({paging.param: value})
    if paging.param in names:
        pairs[names.index(paging.param)] = new
    else:
        pairs.append(new)
    return urlunsplit(parts._replace(query="&".join(pairs)))
