"""Finding without a server: every story as one line for filters, and an index of letter pairs for full-text search.

What does not live here: the page people search on (``_pages``), the searching itself (``find.js``). Stories lie in
chunks, oldest first, whose borders follow from the stories themselves: a new, changed or withdrawn story rewrites its
chunk and no other. A chunk is one script with lines and several with pairs: scripts load from a folder too, where
pages may not ``fetch``. Pairs of letters find 평생학습 in 시흥시평생학습관, whatever the spacing. Source: ADR-0030.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import partial
from hashlib import blake2b
from operator import add
from typing import Final

import pipeline.model as p
from renderers import _keys, _views, _words
from renderers._site import Site

CHUNK: Final = 512  # stories, on average; at least half and at most twice as many
PARTS_OPEN: Final = 11  # scripts of pairs of the newest chunk, which changes most nights
PARTS: Final = (
    61  # (primes spread Hangul evenly) of every other one: written once, so a reader fetches little for a word
)
TEXT_CHARS: Final = 2_000  # of a body; what comes later in a text is seldom what it is about
_SKIPPED: Final = re.compile(r"[\W_]+")
_DIGITS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def chunks(site: Site) -> list[tuple[str, int, Sequence[p.Story]]]:
    """Return (name, number of parts, stories oldest first) of every chunk, the newest chunk first."""
    found: list[Sequence[p.Story]] = []
    stories = site.newest[::-1]
    start = 0
    for n, story in enumerate(stories, start=1):
        size = n - start
        if size >= 2 * CHUNK or (size >= CHUNK // 2 and _is_border(story.id)):
            found.append(stories[start:n])
            start = n
    if start < len(stories):
        found.append(stories[start:])
    return [(_name(c[0].id), PARTS if n else PARTS_OPEN, c) for n, c in enumerate(reversed(found))]


def _is_border(story_id: str) -> bool:
    return int.from_bytes(blake2b(story_id.encode(), digest_size=4).digest()) % CHUNK == 0


def _name(story_id: str) -> str:
    return "c" + blake2b(story_id.encode(), digest_size=6).hexdigest()


def files(site: Site) -> Iterator[p.Page]:
    """The scripts of every chunk; they depend on its stories and on nothing else.

    Cost: about 1 µs a story; a chunk that is made 0.3 to 0.9 ms a story by its length.
    """
    for name, count, stories in chunks(site):
        key = _keys.key(count, [site.fact_keys[story.id] for story in stories])
        yield p.Page(path=f"find/{name}.js", key=key, make=partial(_lines, site, name, stories))
        entries = tuple(member.id for story in stories for member in story.members)
        index = _Index(site, stories, count)
        for part in range(count):
            make = partial(_part, name, part, index)
            yield p.Page(path=f"find/{name}/{part}.js", key=key, make=make, entries=entries)


class _Index:
    """The pairs of a chunk, found once for all its parts."""

    def __init__(self, site: Site, stories: Sequence[p.Story], count: int) -> None:
        self._site, self._stories, self._count = site, stories, count
        self._parts: list[dict[str, str]] = []

    def part(self, number: int, bodies: p.Bodies) -> dict[str, str]:
        """The pairs one script holds."""
        if not self._parts:
            self._parts = _parts(self._site, self._stories, self._count, bodies)
        return self._parts[number]


def _lines(site: Site, name: str, stories: Sequence[p.Story], bodies: p.Bodies) -> p.Artifact:
    del bodies
    return _script(f"find/{name}.js", f"lines({json.dumps(name)}", [_line(site, story) for story in stories])


def _part(name: str, part: int, index: _Index, bodies: p.Bodies) -> p.Artifact:
    return _script(f"find/{name}/{part}.js", f"pairs({json.dumps(name)},{part}", index.part(part, bodies))


def _script(path: str, call: str, told: object) -> p.Artifact:
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    body = f"moa.{call},{text});\n".encode("utf-8", "replace")
    return p.Artifact(path=path, media_type="application/javascript", body=body)


def _line(site: Site, story: p.Story) -> list[object]:
    """What a list shows of a story and filters ask for, in the order ``find.js`` reads."""
    tile, course = site.tile(story), _views.course_of(story)
    due = tile.deadline
    return [
        tile.path,
        tile.title,
        tile.kind_key,
        [_words.plain(topic) for topic in topics_of(story)],
        [_words.plain(agency) for agency in agencies_of(story)],
        _words.plain(course.level or "") if course else "",
        _views.state_key(course),
        due.opens if due else "",
        due.until if due else "",
        due.words if due else "",
        tile.when_iso,
        tile.source,
    ]


def topics_of(story: p.Story) -> tuple[str, ...]:
    """Topics of all members, each once."""
    return tuple(dict.fromkeys(topic for member in story.members for topic in member.topics))


def agencies_of(story: p.Story) -> tuple[str, ...]:
    """Agencies of all members, each once."""
    return tuple(dict.fromkeys(member.agency for member in story.members if member.agency))


def letters(text: str) -> str:
    """Return a text as it is compared: letters and digits only, small, without blanks. ``find.js`` does the same."""
    return _SKIPPED.sub("", _words.plain(text).lower())


def _pairs_of(site: Site, story: p.Story, bodies: p.Bodies) -> set[str]:
    said = [site.tile(story).source, *topics_of(story)]
    for member in story.members:
        text = bodies[member.id][0] if member.id in bodies else member.text
        said += [member.title, member.lead, text[:TEXT_CHARS], member.agency, member.department]
        if member.course:
            said += filter(None, (member.course.place, member.course.target, member.course.field, member.course.level))
    pairs: set[str] = set()
    for text in dict.fromkeys(said):
        kept = letters(text)
        pairs.update(kept)  # single letters, for questions of one
        pairs.update(map(add, kept, kept[1:]))
    return pairs


def _parts(site: Site, stories: Sequence[p.Story], count: int, bodies: p.Bodies) -> list[dict[str, str]]:
    """The pairs of a chunk, spread evenly; positions as gaps, five bits a sign (VLQ)."""
    places: dict[str, list[int]] = {}
    for position, story in enumerate(stories):
        for pair in _pairs_of(site, story, bodies):
            places.setdefault(pair, []).append(position)
    parts: list[dict[str, str]] = [{} for _part in range(count)]
    for pair in sorted(places):
        parts[part_of(pair, count)][pair] = _gaps(places[pair])
    return parts


def part_of(pair: str, count: int) -> int:
    """Which part holds a pair or a single letter; ``find.js`` counts the same way."""
    return (ord(pair[0]) * 31 + (ord(pair[1]) if len(pair) > 1 else 0)) % count


def _gaps(positions: list[int]) -> str:
    signs, last = [], -1
    for position in positions:
        gap = position - last - 1
        while gap >= 32:
            signs.append(_DIGITS[32 + gap % 32])
            gap //= 32
        signs.append(_DIGITS[gap])
        last = position
    return "".join(signs)


def choices(site: Site) -> dict[str, list[tuple[str, str]]]:
    """What can be chosen in each filter: (value, words), in the order they are offered."""
    kinds = {story.primary.kind for story in site.newest}
    courses = [course for story in site.newest if (course := _views.course_of(story))]
    levels = _by_number(_words.plain(course.level) for course in courses if course.level)
    return {
        "kind": [(kind.value, _words.kind(kind)) for kind in p.Kind if kind in kinds],
        "topic": [(t, t) for t in _by_number(_words.plain(t) for s in site.newest for t in topics_of(s))],
        "agency": [(a, a) for a in sorted({_words.plain(a) for s in site.newest for a in agencies_of(s)})],
        "level": [(level, level) for level in levels[:12]],
        "status": _words.states() if courses else [],
    }


def _by_number(words: Iterator[str]) -> list[str]:
    counts: dict[str, int] = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return sorted(counts, key=lambda word: (-counts[word], word))
