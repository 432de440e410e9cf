"""Courses' own pages on a GSEEK platform: of new and changed ones, and a few known ones each night.

What does not live here: the list and the memory (``_gseek_talk``), what a page says (``_gseek_page``).
Source: korea §7; the list tells no application period.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import pipeline.model as p
from sources import _gseek_rows as rows
from sources import _gseek_talk as talk

if TYPE_CHECKING:
    from sources._gseek_options import Options

_FAILURES: Final = 3  # in a row: the pages are down tonight
_PAGE_BYTES: Final = 512 * 1024  # a larger page is no course page, and is read outside the killable workers
_SEOUL: Final = ZoneInfo("Asia/Seoul")
_DATE: Final = re.compile(r"(20\d\d)\s*[-./년]\s*(\d{1,2})\s*[-./월]\s*(\d{1,2})")
_HTML: Final = (("Accept", "text/html, application/xhtml+xml, */*;q=0.5"),)


def pages(night: talk.Night, wanted: list[str]) -> talk.Asking:
    """Read these courses' own pages into the memory's words; return the courses left for another night."""
    left: set[str] = set()
    asked = failures = 0
    for number in wanted:
        if night.is_late or asked >= night.options.most or failures >= _FAILURES:
            left.add(number)
            continue
        asked += 1
        try:
            night.memory.words[number] = yield from _words(night, number)
            night.memory.tries.pop(number, None)
            failures = 0
        except p.SourceError as error:
            night.is_late = error.code == "deadline"
            failures += not isinstance(error, p.GoneError)
            tries = night.memory.tries[number] = night.memory.tries.get(number, 0) + 1
            if tries < talk.TRIES:
                left.add(number)
    return left


def again(night: talk.Night, fresh: set[str]) -> talk.Asking:
    """Read known courses' pages a second time, a few a night; return those that say something else now.

    The list does not tell until when to apply: a deadline that was put off shows on the page only. First come courses
    one can still apply for although their deadline is over, then those whose deadline is near, then each in its turn.
    """
    memory, changed = night.memory, set[str]()
    known = sorted(n for n in night.seen if n in memory.words and n not in fresh and rows.is_alive(night.seen[n]))
    if not known or night.document is None:
        return changed
    today = night.document.fetched_at.astimezone(_SEOUL).date().isoformat()
    ends = {number: _end(memory.words[number].get("apply", "")) for number in known}
    urgent = sorted((n for n in known if ends[n] and ends[n] <= today), key=lambda n: ends[n])
    start = memory.turn % len(known)
    order = list(dict.fromkeys([*urgent[: night.options.recheck // 2], *known[start:], *known[:start]]))
    for number in order[: night.options.recheck]:
        if night.is_late:
            break
        try:
            said = yield from _words(night, number)
        except p.SourceError as error:
            night.is_late = error.code == "deadline"
            break
        memory.turn += number not in urgent
        if said != memory.words[number]:
            memory.words[number] = said
            changed.add(number)
    memory.turn %= len(known)
    return changed


def _words(night: talk.Night, number: str) -> talk.Asking:
    document = yield _view(night.options, night.seen[number])
    if len(document.body) > _PAGE_BYTES:
        raise p.ShapeError(code="unreadable")
    from sources import _gseek_page  # noqa: PLC0415 - lexbor: a night that reads no page does not need it

    return _gseek_page.words(document)


def _end(period: str) -> str:
    """The last whole date of a period, ISO; ``""`` when there is none."""
    found = _DATE.findall(period)
    return "-".join(part.zfill(2) for part in found[-1]) if found else ""


def _view(options: Options, row: rows.Row) -> p.Request:
    url = talk.allowed(rows.view_url(options, row))
    return p.Request(url=url, headers=(*_HTML, ("Referer", options.url)), conditional=False, follow=False)
