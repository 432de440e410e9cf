"""``kind: gseek``: courses of a GSEEK platform (SSOC of Siheung and its sisters) from its own JSON lists.

What does not live here: the calls (``_gseek_talk``, ``_gseek_details``), rows and pages (``_gseek_rows``, ``_gseek_page``), any city.
Source: korea §7, known from one third-party program: every address and name of a parameter is an option.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pipeline.model as p
from sources import _gseek_details as details
from sources import _gseek_rows as rows
from sources import _gseek_talk as talk

if TYPE_CHECKING:
    from sources._gseek_options import Options as Options  # noqa: PLC0414 - a plugin offers it by name

TITLE = "GSEEK 평생학습 플랫폼의 강좌 (쏙 등)"


def __getattr__(name: str) -> type[Options]:
    if name == "Options":
        from sources._gseek_options import Options  # noqa: PLC0415 - pydantic: a quiet night does not need it

        return Options
    raise AttributeError(name)


def fetch(options: Options, memo: p.Memo) -> p.Conversation:
    """Ask for the courses one can apply for, those known that moved, and the pages of new or changed ones.

    Courses known as they stand are left out; a night on which all are ends as unchanged.

    Raises:
        ShapeError: As ``parse``, for the first answer.

    Cost: on a quiet night one call for each nine open courses, two more, and ``recheck`` pages, at the host's pace; bounded
    by ``pages``, ``census``, ``most``.
    """
    memory = talk.Memory.load(memo)
    before = memory.dump()
    night = talk.Night(options, memory)
    yield from talk.offline(night)
    yield from talk.census(night)
    yield from talk.online(night)
    fresh = [n for n, row in night.seen.items() if memory.known.get(n, [""])[0] != rows.digest(row, with_counts=True)]
    wanted = [n for n in fresh if _wants_page(night, n)]
    is_first = not memory.known
    left = (yield from details.pages(night, wanted)) if options.detail else set()
    fresh += sorted((yield from details.again(night, set(fresh))) if options.detail and options.recheck else ())
    held = set() if is_first else {n for n in left if n not in memory.known}  # told once its dates are known
    emitted = [_told(night, n) for n in fresh if n not in held]
    _remember(night, left)
    if night.document is None or (not emitted and night.seen and not night.warnings and memory.dump() == before):
        return None
    return p.Fetched(
        documents=(rows.told(night.document, [*emitted, *night.strange]),),
        memo=memory.dump(),
        carried=len(night.seen) - len(emitted),
        warnings=tuple(night.warnings),
    )


def parse(options: Options, fetched: p.Fetched) -> Iterator[p.Item]:
    """Yield the courses of the lists in their order, each cycle once; an empty list yields none.

    Raises:
        ShapeError: ``unreadable`` or ``container-missing``: the answer is no list of courses.
    """
    yield from rows.items(options, fetched.documents)


def _wants_page(night: talk.Night, number: str) -> bool:
    """Only of courses one can apply for, and not for a count that moved."""
    row, known = night.seen[number], night.memory.known.get(number)
    if rows.is_test(night.options, row):
        return False
    is_told = known is not None and known[1] == rows.digest(row, with_counts=False) and number in night.memory.words
    return rows.is_alive(row) and not is_told and night.memory.tries.get(number, 0) < talk.TRIES


def _told(night: talk.Night, number: str) -> rows.Row:
    """Return the row as ``parse`` is given it; where its page was read once and forgotten, what the store holds stands."""
    memory, words = night.memory, night.memory.words.get(number, {})
    kind = rows.ONLINE if rows.is_online(number) else rows.OFFLINE
    is_partial = night.options.detail and not words and number in memory.known
    return rows.marked(night.seen[number], kind, words, is_partial=is_partial)


def _remember(night: talk.Night, left: set[str]) -> None:
    """Note what was read; a course whose page is still to come stays unknown as it stands."""
    memory = night.memory
    for number, row in night.seen.items():
        if number not in left:
            memory.known.pop(number, None)  # what was seen last stands last and is kept longest
            memory.known[number] = [rows.digest(row, with_counts=c) for c in (True, False)]
        if rows.is_alive(row):
            memory.alive[number] = 0
        else:
            memory.alive.pop(number, None)
    if night.is_late or night.warnings:
        return
    for number in memory.alive.keys() - night.seen.keys():
        memory.alive[number] = talk.MISSES if night.is_whole else memory.alive[number] + 1
