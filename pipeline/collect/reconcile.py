"""Entry × known → Change: new, revised, quarantined (pure), with the guards against floods.

What does not live here: SQL (``store/``), health (``judge``). Absence never makes an entry gone: only the source's own
word does (P22, korea rule 7).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pipeline.model as p
from pipeline.collect.former import Former
from pipeline.collect.identity import matches
from pipeline.collect.middle import median
from pipeline.model.base import changed

_LISTED_ENOUGH = 5  # below this a share says nothing
_MASS = 5  # so many material changes, and nearly the whole list: the page, not its articles, changed
_BACKLOG = 3  # so many old dates at once: a longer page


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What one source's run changes.

    Attributes:
        changes: In list order; unchanged entries make none.
        present: Ids of known entries that were listed (parsed) this time.
        unchanged: How many of them are equal.
        is_flood: The novelty guard held the new ones back.
        moved: How many of the new ones are entries that sources before this one told already.
        held: New entries of a run that is quarantined as a whole.
        backlog: New entries stored without being announced, because they are older than our first look.
    """

    changes: tuple[p.Change, ...]
    present: tuple[str, ...]
    unchanged: int
    is_flood: bool = False
    moved: int = 0
    held: int = 0
    backlog: int = 0


def reconcile(
    entries: Sequence[p.Entry],
    known: Sequence[p.Known],
    spec: p.SourceSpec,
    state: p.SourceState,
    *,
    carried: int = 0,
    recent: Sequence[p.Known] = (),
    hold: bool = False,
    former: Former | None = None,
    now: datetime,
) -> Reconciled:
    """Return what to change.

    Args:
        entries: Normalised, in list order, one for each key.
        known: Every stored entry with one of their keys or URL hashes.
        spec: The configured place; its ``backfill`` rules the first run.
        state: What is remembered of it; no ``first_run_at`` means this is the first run.
        carried: Items known byte for byte that were not parsed again.
        recent: The source's newest stored entries, where titles may heal identity (``identity.matches``).
        hold: The judge distrusts the page: nothing of it is written, new entries are only counted.
        former: What sources before this one told; it is stored, and not told again (ADR-0026).
        now: Aware UTC.

    Source: peers pains 6, 8, 9, 14; reliability P20–P24.
    """
    found = matches(entries, known, recent)
    edited = bool(state.options_hash) and state.options_hash != spec.options_hash
    fresh = [entry for entry in entries if entry.key not in found]
    if hold:
        return Reconciled((), (), carried, held=len(fresh))
    fresh, moved = _moved(fresh, entries, former)
    revised = [change for e in entries if e.key in found and (change := _revision(e, found[e.key])) is not None]
    if edited or _is_mass(revised, len(entries) + carried):
        revised = [replace(change, material=(), before=()) for change in revised]
    present = tuple(k.id for k in found.values())
    backlog = _backlog(entries, found, state, is_edited=edited) if state.first_run_at else frozenset[str]()
    listed, overlaps = len(entries) + carried, bool(found) or carried > 0
    backlog &= {entry.key for entry in fresh}
    new, is_flooded = _admit(fresh, backlog, spec, state, listed=listed, overlaps=overlaps, former=former, now=now)
    return Reconciled(
        changes=(*new, *moved, *revised),
        present=present,
        unchanged=carried + len(found) - len(revised),
        is_flood=is_flooded,
        moved=sum(isinstance(change, p.New) for change in moved),
        backlog=0 if is_flooded else len(backlog),
    )


def _moved(
    fresh: list[p.Entry], entries: Sequence[p.Entry], former: Former | None
) -> tuple[list[p.Entry], list[p.Change]]:
    """Part what is unknown everywhere from what a former source told: stored quietly, or held as it was held there."""
    if former is None:
        return fresh, []
    listed = Counter(entry.url_hash for entry in entries)
    unknown: list[p.Entry] = []
    moved: list[p.Change] = []
    for entry in fresh:
        told = former.of(entry, is_shared=listed[entry.url_hash] > 1)
        if told is None:
            unknown.append(entry)
        elif told.quarantined:
            held = replace(entry, quarantined=told.quarantined)
            moved.append(p.Quarantined(entry=held, reason=told.quarantined))
        else:
            moved.append(_new(changed(entry, is_quiet=True)))
    return unknown, moved


def _is_mass(revised: Sequence[p.Revised], listed: int) -> bool:
    """Material facts of nearly the whole list at once: the page is read otherwise, nobody moved forty deadlines."""
    material = sum(1 for change in revised if change.material)
    return material >= _MASS and material > p.limits.FLOOD_SHARE * listed


def _backlog(
    entries: Sequence[p.Entry], found: Mapping[str, p.Known], state: p.SourceState, *, is_edited: bool
) -> frozenset[str]:
    """Keys of entries that are older than our first look: a longer page or another address shows them, nobody wrote them.

    A single old date is a late post and stays news, unless the configuration was just edited. Undated entries are old
    where, after an edit, they stand below one we know.
    """
    if state.first_run_at is None:
        return frozenset()
    since = state.first_run_at - timedelta(days=p.limits.LATE_DAYS)
    old, below = set(), False
    for entry in entries:
        if entry.key in found:
            below = below or not entry.is_pinned
        elif entry.published is not None and entry.published.method != "clamped":
            if entry.published.at < since:
                old.add(entry.key)
        elif is_edited and below:
            old.add(entry.key)
    return frozenset(old) if is_edited or len(old) >= _BACKLOG else frozenset()


def _revision(entry: p.Entry, known: p.Known) -> p.Revised | None:
    if entry.content_hash == known.content_hash and known.gone_at is None:
        return None
    published = entry.published
    if known.published is not None and (published is None or published.inferred):
        published = known.published  # an inferred date never replaces what was stored
    old = json.loads(known.fingerprint) if known.fingerprint else {}
    new = json.loads(entry.fingerprint) if entry.fingerprint else {}
    material = tuple(sorted(k for k in old.keys() | new.keys() if old.get(k) != new.get(k)))
    return p.Revised(
        entry=replace(
            entry,
            id=known.id,
            published=published,
            first_seen_at=known.first_seen_at,
            is_quiet=known.is_quiet,
            quarantined=known.quarantined,
        ),
        material=material,
        before=tuple(str(old.get(k) or "") for k in material),
    )


def _admit(
    fresh: Sequence[p.Entry],
    backlog: frozenset[str],
    spec: p.SourceSpec,
    state: p.SourceState,
    *,
    listed: int,
    overlaps: bool,
    former: Former | None,
    now: datetime,
) -> tuple[tuple[p.Change, ...], bool]:
    """Decide what becomes of entries not seen before: new, quiet, or quarantined."""
    if state.first_run_at is None:
        if spec.backfill.mode == "follow":
            return _followed(fresh, former)
        return tuple(_new(e) for e in _backfill(fresh, spec, now=now)), False
    recent = [e for e in fresh if e.key not in backlog]
    count = len(recent) if overlaps else len(fresh)
    if count > spec.expect.max_new and is_flood(count, listed, state):
        return tuple(p.Quarantined(entry=replace(e, quarantined="flood"), reason="flood") for e in fresh), True
    return tuple(_new(changed(e, is_quiet=True) if e.key in backlog else e) for e in fresh), False


def _followed(fresh: Sequence[p.Entry], former: Former | None) -> tuple[tuple[p.Change, ...], bool]:
    """A source that took others' place announces what appeared since they were read; more than news can be waits."""
    later = {e.key for e in fresh if former is not None and former.is_later(e)}
    if len(later) <= p.limits.FLOOD_MIN:
        return tuple(_new(e if e.key in later else changed(e, is_quiet=True)) for e in fresh), False
    held = [p.Quarantined(entry=replace(e, quarantined="flood"), reason="flood") for e in fresh if e.key in later]
    return (*held, *(_new(changed(e, is_quiet=True)) for e in fresh if e.key not in later)), True


def _new(entry: p.Entry) -> p.Change:
    """An entry that normalize distrusts is stored, and waits."""
    return p.Quarantined(entry=entry, reason=entry.quarantined) if entry.quarantined else p.New(entry=entry)


def is_flood(new: int, listed: int, state: p.SourceState) -> bool:
    """More new entries than a source's habit explains: a repaired or redesigned page, not news (P23)."""
    usual = [run.get("new", 0.0) for run in state.profile]
    usually = median(usual) if usual else 0.0
    if new > max(p.limits.FLOOD_MIN, p.limits.FLOOD_FACTOR * usually):
        return True
    had = max((run.get("listed", 0.0) for run in state.profile), default=0.0)
    return had >= _LISTED_ENOUGH and listed >= _LISTED_ENOUGH and new > p.limits.FLOOD_SHARE * listed


def _backfill(fresh: Sequence[p.Entry], spec: p.SourceSpec, *, now: datetime) -> list[p.Entry]:
    """A first run stores everything and announces only what ``backfill:`` says (ED4)."""
    rule = spec.backfill
    if rule.mode == "last":
        order = sorted(range(len(fresh)), key=lambda i: (-_stamp(fresh[i], now), i))
        loud = set(order[: rule.last])
        return [e if i in loud else changed(e, is_quiet=True) for i, e in enumerate(fresh)]
    if rule.mode == "since" and rule.since_on is not None:
        zone = ZoneInfo("Asia/Seoul")
        since = rule.since_on
        return [
            e if (at := _said_at(e)) and at.astimezone(zone).date() >= since else changed(e, is_quiet=True)
            for e in fresh
        ]
    return [changed(e, is_quiet=True) for e in fresh]


def _said_at(entry: p.Entry) -> datetime | None:
    """When an entry was put up; a course that does not say so counts from when one can apply."""
    if entry.published is not None:
        return entry.published.at
    return entry.course.apply_from_at if entry.course is not None else None


def _stamp(entry: p.Entry, now: datetime) -> float:
    return entry.published.at.timestamp() if entry.published else now.timestamp()
