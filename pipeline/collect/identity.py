"""Which stored entry is a listed one? Native key, else its address, else its title and date (pure).

What does not live here: what follows from it (``reconcile``, ``judge``), canonical addresses (``text/urls``).
Source: reliability P20, P24; korea rule 2; peers rule 3 and pains 6, 9.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import pipeline.model as p
from pipeline.collect.former import words
from pipeline.model.windows import SEOUL

_TELLING_CHARS: Final = 6  # a shorter title says too little to be known by
_REKEYED_MIN: Final = 3  # titles alone are believed only where so many, and half of the list, come back together
_REKEYED_SHARE: Final = 0.5
_FRONT: Final = re.compile(
    r"^(?:\s*(?:\[[^\]]{1,12}\]|【[^】]{1,12}】|<[^>]{1,12}>|(?:공지|알림|필독|중요|새\s?글|new|hot)(?=\s)))+\s*",
    re.IGNORECASE,
)
_BACK: Final = re.compile(
    r"(?:\s*(?:\[\d{1,4}\]|\(\d{1,3}\)|(?<=\s)(?:새\s?글|new|hot|n|첨부\s?파일|비밀글)|\.{2,}|…))+\s*$", re.IGNORECASE
)
_CUT: Final = re.compile(r"(?:\.{2,}|…)\s*$")


def bare(title: str) -> str:
    """Return what a redesign leaves of a title: letters and digits, without badges before and after."""
    return words(_BACK.sub("", _FRONT.sub("", title))) or words(title)


def matches(entries: Sequence[p.Entry], known: Sequence[p.Known], recent: Sequence[p.Known] = ()) -> dict[str, p.Known]:
    """Return the stored entry of each listed one by the listed key; entries not seen before are absent.

    Args:
        entries: Normalised, one for each key.
        known: Stored entries with one of their keys or URL hashes.
        recent: The source's newest stored entries, where titles may tell: only for a list that was read whole, else an
            article that is still listed, but was not parsed again, would lend its name to a new one.
    """
    by_key = {k.key: k for k in known}
    by_url = _unambiguous(entries, known)
    found = {}
    for entry in entries:
        match = by_key.get(entry.key) or by_url.get(entry.url_hash)
        if match is not None:
            found[entry.key] = match
    if recent and len(found) < len(entries):
        found |= _by_title(entries, found, recent)
    return found


def _unambiguous(entries: Sequence[p.Entry], known: Sequence[p.Known]) -> dict[str, p.Known]:
    """URL hashes that name exactly one entry on both sides: only these may heal a changed key."""
    listed = Counter(entry.url_hash for entry in entries)
    stored = Counter(item.url_hash for item in known)
    listed_keys = {entry.key for entry in entries}
    return {
        item.url_hash: item
        for item in known
        if item.url_hash and stored[item.url_hash] == 1 and listed[item.url_hash] == 1 and item.key not in listed_keys
    }


def _by_title(
    entries: Sequence[p.Entry], found: Mapping[str, p.Known], recent: Sequence[p.Known]
) -> dict[str, p.Known]:
    """Same title and same posting day is the same article; the title alone only where the whole list was renamed."""
    taken = {k.id for k in found.values()}
    free: dict[str, list[p.Known]] = {}
    for item in recent:
        if item.id not in taken and item.title:
            free.setdefault(bare(item.title), []).append(item)
    fresh = [e for e in entries if e.key not in found]
    titles = Counter((bare(e.title), _day(e.published)) for e in fresh)
    dated, undated = dict[str, p.Known](), dict[str, p.Known]()
    for entry in fresh:
        name, on = bare(entry.title), _day(entry.published)
        if len(name) < _TELLING_CHARS or titles[name, on] > 1:
            continue
        there = free.get(name) or (_longer(name, free) if _CUT.search(entry.title) else [])
        same = [k for k in there if on is not None and _day(k.published) == on]
        silent = [k for k in there if on is None or _day(k.published) is None]
        if len(same) == 1:
            dated[entry.key] = same[0]
        elif len(there) == len(silent) == 1:
            undated[entry.key] = silent[0]
    if len(dated) + len(undated) >= max(_REKEYED_MIN, _REKEYED_SHARE * len(entries)):
        dated |= undated
    once = Counter(k.id for k in dated.values())
    return {key: k for key, k in dated.items() if once[k.id] == 1}


def _longer(name: str, free: Mapping[str, list[p.Known]]) -> list[p.Known]:
    """What a list that now cuts its titles may mean."""
    found = [items for whole, items in free.items() if whole.startswith(name)]
    return found[0] if len(found) == 1 else []


def _day(fact: p.DateFact | None) -> date | None:
    """The posting day in Seoul, if it was said in full."""
    return None if fact is None or fact.inferred else fact.at.astimezone(SEOUL).date()
