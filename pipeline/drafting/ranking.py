"""The proved candidates of one address weighed against each other: which is offered first, and what it lacks.

What does not live here: proof (``proving``). A working feed first, then known software, then a list that was found (extraction §4.5).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

import pipeline.model as p
from pipeline.discover.draft import Value
from pipeline.discover.known import plain
from pipeline.discover.looks import Step
from pipeline.discover.probe import Lead
from pipeline.drafting.desk import Desk
from pipeline.drafting.proving import Proven, Read, Wish, corrected, read
from pipeline.drafting.telling import told

SURE: Final = 0.7  # below, a person should look
_DOUBTED: Final = 0.65
_HOME: Final = re.compile(
    r"/?(?:(?:ko|kor|kr|portal|www|web|site|main|home|city)/){0,2}(?:(?:index|main|home|default|intro)(?:\.\w+)?)?",
    re.IGNORECASE,
)
_HOME_STEPS: Final = 3
_SHORT_FEED: Final = 20
_SAME: Final = 0.8  # of the titles: two candidates read one list
_LESS: Final = 0.2  # of the rows: so many fewer dates are a lack
_ORDER: Final = {"feed": 0, "youtube": 0, "gseek": 0, "preset": 1, "board": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an address gave: candidates, best first; what an editor should know; where to go on from a page without a list."""

    candidates: tuple[Proven, ...]
    warnings: tuple[tuple[str, str], ...] = ()
    steps: tuple[Step, ...] = ()


def find(url: str, desk: Desk, wish: Wish) -> Found:
    """Return the sources an address may be, best first. Raises and cost: as ``proving.read``."""
    got = read(url, desk, wish)
    best = _best_list(got)
    is_home = _is_home(url, got)
    is_part = is_home or got.probe.what == "article"
    candidates = ranked(
        [_weighed(one, lead, best, desk) for lead, one in zip(got.leads, got.candidates, strict=True)], is_part
    )
    warnings = [*got.warnings]
    if not candidates:
        warnings.append(told(got.probe.what or "no-list"))
    is_unsure = not candidates or candidates[0].confidence < SURE
    if candidates and is_unsure and is_part:
        warnings.insert(0, told("home-page" if is_home else "article"))
    return Found(candidates=candidates, warnings=tuple(warnings), steps=got.probe.steps if is_unsure else ())


def ranked(candidates: Sequence[Proven], is_part: bool) -> tuple[Proven, ...]:
    """Return candidates best first; a list on a home page or beside an article is a part of one, and never sure."""
    held = [
        replace(one, confidence=_DOUBTED) if is_part and one.kind == "board" and one.confidence >= SURE else one
        for one in candidates
    ]

    def rank(one: Proven) -> tuple[bool, int, float]:
        name = "preset" if "preset" in one.draft.keys else one.kind
        return one.confidence < SURE, _ORDER.get(name, 2), -one.confidence

    return tuple(sorted(held, key=rank))


def _best_list(got: Read) -> tuple[Lead, Proven] | None:
    """The likeliest list that was found in the page itself."""
    lists = [(lead, one) for lead, one in zip(got.leads, got.candidates, strict=True) if lead.rows is not None]
    return max(lists, key=lambda pair: pair[1].confidence, default=None)


def _weighed(one: Proven, lead: Lead, best: tuple[Lead, Proven] | None, desk: Desk) -> Proven:
    if lead.kind == "feed" and lead.page is None:
        return _feed(one, best[1] if best is not None and best[1].confidence >= SURE else None)
    if "preset" in lead.keys and best is not None:
        return _preset(one, *best, desk)
    return one


def _feed(one: Proven, board: Proven | None) -> Proven:
    """Say what a feed lacks beside the list on the page; one of other articles is not what was asked for."""
    warnings = [*one.warnings]
    if len(one.entries) <= _SHORT_FEED:
        warnings.append(told("feed-short", str(len(one.entries))))
    if board is not None and any(e.department for e in board.entries) and not any(e.department for e in one.entries):
        warnings.append(told("feed-no-department"))
    if board is not None and not _titles(one.entries) & _titles(board.entries):
        return replace(one, confidence=_DOUBTED, warnings=(*warnings, told("feed-other")))
    return replace(one, warnings=tuple(warnings))


def _preset(one: Proven, lead: Lead, board: Proven, desk: Desk) -> Proven:
    """A preset that reads less than what stands there gets what it lacks, or is doubted."""
    mine, theirs = _titles(one.entries), _titles(board.entries)
    is_same = len(mine & theirs) >= _SAME * max(len(mine), len(theirs))
    changes = _lacking(one, lead, board) if is_same else {}
    got = corrected(one, changes, desk) if changes else one
    one = got if isinstance(got, Proven) else replace(one, confidence=_DOUBTED)
    is_fuller = len(mine & theirs) >= _SAME * len(theirs) or (not mine & theirs and len(mine) >= len(theirs))
    lacks_courses = lead.is_course and not one.entries[0].course
    is_doubted = board.confidence >= SURE and (not is_fuller or lacks_courses)
    return replace(one, confidence=min(one.confidence, _DOUBTED)) if is_doubted else one


def _lacking(one: Proven, lead: Lead, board: Proven) -> dict[str, Value]:
    """Return the keys by which the same list told more: dates, pinned rows, departments."""
    keys: list[str] = []
    if board.coverage["date"] - one.coverage["date"] > _LESS:
        keys += ["date", "date_pattern"]
    if any(entry.is_pinned for entry in board.entries) and not any(entry.is_pinned for entry in one.entries):
        keys += ["pinned", "number"]
    if any(entry.department for entry in board.entries) and not any(entry.department for entry in one.entries):
        keys += ["department"]
    return {key: lead.keys[key] for key in keys if key in lead.keys}


def _titles(entries: Sequence[p.Entry]) -> set[str]:
    return {plain(entry.title) for entry in entries}


def _is_home(url: str, got: Read) -> bool:
    parts = urlsplit(url)
    return bool(_HOME.fullmatch(parts.path)) and not parts.query and len(got.probe.steps) >= _HOME_STEPS
