"""A GSEEK platform's lists: calls until nothing open is left, a look for what moved; and what is remembered.

What does not live here: courses' own pages (``_gseek_details``), what a row means (``_gseek_rows``), items (``gseek``).
Source: korea §7 and rule 14: ranges are one-based and end-exclusive, sort 1 puts open courses first, every row tells the
total, the first page is read again at the end, application and identity addresses are never asked for.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from urllib.parse import urlencode, urljoin, urlsplit

import pipeline.model as p
from sources import _gseek_rows as rows

if TYPE_CHECKING:
    from sources._gseek_options import Options

Asking: TypeAlias = Generator[p.Request, p.Document, Any]

_VERSION: Final = 1  # of the memo
_KNOWN: Final = 3_000  # courses remembered: more than one city's list holds
_WORDS: Final = 600  # of them with what their pages say
MISSES: Final = 3  # nights a course is looked for below the open ones: then it was withdrawn
TRIES: Final = 3  # nights a course's page may fail before its row alone must do
_SERVER_FAULT: Final = 500
_FORM: Final = (
    ("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"),
    ("X-Requested-With", "XMLHttpRequest"),
)
_JSON: Final = (("Accept", "application/json, text/javascript, */*;q=0.5"),)


@dataclass(slots=True)
class Memory:
    """What is remembered of a platform.

    Attributes:
        known: Course → [digest of its row, digest without the counts].
        words: Course → what its own page said.
        alive: Course one could apply for when it was last seen → nights it was looked for in vain.
        tries: Failed looks at a course's page.
        census: Row the walk through the whole list goes on from.
        turn: Where the second looks at known courses' pages go on.
    """

    known: dict[str, list[str]] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    alive: dict[str, int] = field(default_factory=dict)
    tries: dict[str, int] = field(default_factory=dict)
    census: int = 1
    turn: int = 0

    @classmethod
    def load(cls, memo: p.Memo) -> Memory:
        """Read a memo; another version or none is an empty memory."""
        if memo.get("v") != _VERSION:
            return cls()
        held: dict[str, Any] = dict(memo)
        return cls(
            dict(held["known"]),
            dict(held["words"]),
            dict(held["alive"]),
            dict(held["tries"]),
            held["census"],
            held["turn"],
        )

    def dump(self) -> dict[str, Any]:
        """Return the memo as JSON values, the courses seen last kept."""
        known = dict(list(self.known.items())[-_KNOWN:])
        words = {number: said for number, said in self.words.items() if number in known}
        return {
            "v": _VERSION,
            "known": known,
            "words": dict(list(words.items())[-_WORDS:]),
            "alive": {number: misses for number, misses in self.alive.items() if misses < MISSES},
            "tries": {number: n for number, n in self.tries.items() if number in known or n < TRIES},
            "census": self.census,
            "turn": self.turn,
        }


@dataclass(slots=True)
class Night:
    """What one conversation has read.

    Attributes:
        seen: Course → its row, the latest reading.
        document: The first answer; the items travel in it.
        totals: The list's own count, as told by each answer.
        is_whole: The offline list was read to its end tonight.
        is_late: The source's time is up: nothing more is asked.
    """

    options: Options
    memory: Memory
    seen: dict[str, rows.Row] = field(default_factory=dict)
    strange: list[rows.Row] = field(default_factory=list)
    document: p.Document | None = None
    totals: list[int] = field(default_factory=list)
    is_whole: bool = False
    is_late: bool = False
    warnings: list[tuple[str, str]] = field(default_factory=list)

    def failed(self, where: str, error: p.SourceError) -> None:
        """Note a page that could not be read; what was read still counts."""
        self.is_late = self.is_late or error.code == "deadline"
        self.warnings.append(("page-failed", f"{where}: {error.message}"))


def offline(night: Night) -> Asking:
    """Read the list from its top while courses one can apply for come, or known ones are missing.

    The first page read again tells whether rows moved meanwhile; then the list is read once more.
    """
    for is_second in (False, True):
        first = yield from _top(night, is_second=is_second)
        if len(first) <= 1 or night.is_late:
            return
        try:
            again = yield from _page(night, rows.OFFLINE, 1)
        except p.SourceError as error:
            night.failed("1", error)
            return
        if [rows.key(row) for row in again] == first[0]:
            break
        if is_second:
            night.warnings.append(("list-moved", str(len(night.seen))))
    count = len(night.seen) + len(night.strange)
    if night.is_whole and night.totals and count != night.totals[-1]:
        night.warnings.append(("count-mismatch", f"{count}/{night.totals[-1]}"))


def _top(night: Night, *, is_second: bool) -> Asking:
    """Read pages from the top; return the courses of each."""
    options, pages = night.options, list[list[str]]()
    night.is_whole = False
    for number in range(options.pages):
        start = 1 + number * options.rows
        try:
            page = yield from _page(night, rows.OFFLINE, start)
        except p.SourceError as error:
            if not number and not is_second:
                raise
            night.failed(str(number + 1), error)
            break
        numbers = [rows.key(row) for row in page]
        if page and numbers in pages:
            break  # past its end the list repeats itself
        pages.append(numbers)
        last = start + options.rows - 1
        if not page or (night.totals and last >= night.totals[-1]):
            night.is_whole = True
            break
        missing = {n for n in night.memory.alive if not rows.is_online(n)} - night.seen.keys()
        if not any(map(rows.is_alive, page)) and not missing:
            break
    else:
        if any(map(rows.is_alive, page)):
            night.warnings.append(("open-left", str(options.pages)))
    return pages


def census(night: Night) -> Asking:
    """Read on where the walk through the whole list stands: what lies below the open courses is heard of too.

    Of courses never told before only those one can apply for count: an archive is no news.
    """
    options, memory = night.options, night.memory
    for _turn in range(0 if night.is_whole or night.is_late else options.census):
        before = set(night.seen)
        try:
            page = yield from _page(night, rows.OFFLINE, memory.census)
        except p.SourceError as error:
            night.failed(f"census {memory.census}", error)
            return
        for number in set(night.seen) - before:
            if number not in memory.known and not rows.is_alive(night.seen[number]):
                del night.seen[number]
        memory.census += options.rows
        if not page or (night.totals and memory.census > night.totals[-1]):
            memory.census = 1
            return


def online(night: Night) -> Asking:
    """Read the first pages of the parent's online courses; where it fails, the offline ones still count."""
    if night.options.online is None or night.is_late:
        return
    for number in range(night.options.online.pages):
        try:
            page = yield from _page(night, rows.ONLINE, 1 + number * night.options.rows)
        except p.SourceError as error:
            night.failed(f"online {number + 1}", error)
            return
        if len(page) < night.options.rows:
            return


def _page(night: Night, kind: str, start: int) -> Asking:
    """Ask for one range and note its rows; return them."""
    request = _search(night.options, kind, start)
    try:
        document = yield request
    except p.FetchError as error:
        if (
            error.status < _SERVER_FAULT
        ):  # the door never repeats a POST; this one only reads, and such a fault may pass
            raise
        document = yield request
    found = rows.rows_of(document)
    if night.document is None:
        night.document = document
    totals = [count for row in found if (count := rows.total(row)) is not None]
    if totals and kind == rows.OFFLINE:
        night.totals.append(totals[0])
    page = []
    for raw in found:
        row = rows.marked(raw, kind, {})
        page.append(row)
        number = rows.key(row)
        if number:
            night.seen[number] = row
        elif row not in night.strange:
            night.strange.append(row)
    return page


def _search(options: Options, kind: str, start: int) -> p.Request:
    """Return the request of one range; a POST the platform's own page sends."""
    if kind == rows.ONLINE and options.online is not None:
        url, path, form = options.online.url, options.online.search, dict(options.online.form)
    else:
        url, path, form = options.url, options.search, dict(options.form)
        if options.region:
            form[options.region_param] = options.region
    form |= {"s_row_start": str(start), "s_row_end": str(start + options.rows)}
    return p.Request(
        url=allowed(urljoin(url, path)),
        method="POST",
        body=urlencode(form).encode("ascii"),
        headers=(*_JSON, *_FORM, ("Referer", url)),
        conditional=False,
        retry=False,
        follow=False,
    )


def allowed(url: str) -> str:
    """Return the address unless it could apply for a course or identify a person.

    Raises:
        RefusedError: It could: nothing is asked.
    """
    parts = urlsplit(url)
    if rows.FORBIDDEN.search(parts.path):
        raise p.RefusedError(code="forbidden-path")
    return url
