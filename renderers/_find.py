"""Finding without a server: every story as one line for filters, and an index of letter pairs for full-text search.

What does not live here: the page people search on (``_pages``), the searching itself (``find.js``), which stories stand
in which segment (``_segments``), pairs (``_pairs``). ``find/now.js`` changes with the news: it names the segments, what is
dead in them, and carries the fresh stories whole. A segment is one script with lines and several with pairs, which never
change: scripts load from a folder too, where pages may not ``fetch``. Source: ADR-0030, ADR-0036.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from itertools import chain
from typing import Any, Final, TypeAlias

import pipeline.model as p
from renderers import _keys, _links, _pairs, _segments, _views, _words
from renderers._segments import Segment
from renderers._site import Site

NOW: Final = "find/now.js"  # sent after the segments it names: transports go by the alphabet
PART: Final = 20  # stories a script of pairs stands for: about 25 kB; a word of two letters fetches one a segment
TEXT_CHARS: Final = 2_000  # of a body; what comes later in a text is seldom what it is about
_FOLDER: Final = slice(len("s/"), -len(".html"))  # of a story's path, what differs
_DAY_ZERO: Final = date(1970, 1, 1).toordinal()
_SETTLED: Final = re.compile(r"find/g[0-9a-f]+\.js")

_Told: TypeAlias = list[Any]
_Shared: TypeAlias = tuple[p.Kind, str, tuple[tuple[tuple[str, ...], str], ...], str | None]


def files(site: Site, known: Mapping[str, str]) -> Iterator[p.Page]:
    """The scripts of the index.

    Args:
        site: With its stories.
        known: By path, the keys of the files that stand.

    Cost: about 1 µs a story; a segment that is made about 60 µs a story.
    """
    keys = [key for path, key in known.items() if _SETTLED.fullmatch(path)]
    plan = _segments.plan(site.newest[::-1], site.fact_keys, keys)
    for segment in plan.segments:
        name, count = segment.name, parts_of(segment)
        yield p.Page(path=f"find/{name}.js", key=segment.key, make=partial(_lines, site, segment))
        live = [story for story in segment.stories if story]
        entries = _entries(live)
        index = _Index(site, segment)
        for part in range(count):
            make = partial(_part, name, part, index)
            needed = () if index.is_made else entries  # pages are made while they are named: bodies are read once
            yield p.Page(path=f"find/{name}/{part}.js", key=name, make=make, entries=needed)
    told = [(segment.name, segment.dead) for segment in plan.segments]
    fresh = [(older, site.fact_keys[story.id]) for older, story in plan.fresh]
    make = partial(_now, site, plan)
    yield p.Page(path=NOW, key=_keys.key(told, fresh), make=make, entries=_entries(s for _older, s in plan.fresh))


def parts_of(segment: Segment) -> int:
    """How many scripts hold the pairs of a segment; odd, as most distances between the codes of Hangul are even."""
    return len(segment.stories) // PART | 1


def _entries(stories: Iterable[p.Story]) -> tuple[str, ...]:
    return tuple(member.id for story in stories for member in story.members)


class _Index:
    """The pairs of a segment, found once for all its parts. What is dead is left out of one that is made again."""

    def __init__(self, site: Site, segment: Segment) -> None:
        self._site, self._segment = site, segment
        self._parts: list[tuple[str, str]] = []

    @property
    def is_made(self) -> bool:
        """Whether no body is needed any more."""
        return bool(self._parts)

    def part(self, number: int, bodies: p.Bodies) -> tuple[str, str]:
        """The pairs one script holds, and where they stand."""
        if not self._parts:
            said = (_said(self._site, story, bodies) if story else () for story in self._segment.stories)
            self._parts = _pairs.parts(_pairs.letters(said), parts_of(self._segment))
        return self._parts[number]


def _lines(site: Site, segment: Segment, bodies: p.Bodies) -> p.Artifact:
    del bodies
    name = segment.name
    shared, rows = _rows(site, segment.stories)
    return _script(f"find/{name}.js", f'lines("{name}",{_json(shared)},{_json(rows)})')


def _part(name: str, part: int, index: _Index, bodies: p.Bodies) -> p.Artifact:
    pairs, places = index.part(part, bodies)  # letters and digits, which need no quoting
    return _script(f"find/{name}/{part}.js", f'pairs("{name}",{part},"{pairs}","{places}")')


def _now(site: Site, plan: _segments.Plan, bodies: p.Bodies) -> p.Artifact:
    told = [(s.name, len(s.stories), parts_of(s), _pairs.positions(s.dead)) for s in plan.segments]
    stories = [story for _older, story in plan.fresh]
    texts = _pairs.letters(_said(site, story, bodies) for story in stories)
    shared, rows = _rows(site, stories)
    fresh = [(older, text) for (older, _story), text in zip(plan.fresh, texts, strict=True)]
    return _script(NOW, f"now({_json(told)},{_json(fresh)},{_json(shared)},{_json(rows)})")


def _json(told: object) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _script(path: str, call: str) -> p.Artifact:
    return p.Artifact(path=path, media_type="application/javascript", body=f"moa.{call};\n".encode("utf-8", "replace"))


def _rows(site: Site, stories: Iterable[p.Story | None]) -> tuple[list[_Told], list[_Told | None]]:
    """What lists show of stories and filters ask for, in the order ``find.js`` reads: what many share, told once; a row each.

    Cost: about 5 µs a story.
    """
    shared: dict[_Shared, int] = {}
    rows: list[_Told | None] = []
    for story in stories:
        if story is None:
            rows.append(None)
            continue
        primary, course = story.primary, _views.course_of(story)
        members = tuple([(member.topics, member.agency) for member in story.members])
        alike = (primary.kind, primary.source_id, members, course.level if course else None)
        path = _links.story_path(story.id)[_FOLDER]
        day = _views.day_of(story).toordinal() - _DAY_ZERO
        rows.append([path, _views.title_of(primary), shared.setdefault(alike, len(shared)), day, *_due(course)])
    return [_facets(site, alike) for alike in shared], rows


def _facets(site: Site, alike: _Shared) -> _Told:
    kind, source_id, members, level = alike
    topics = dict.fromkeys(_words.plain(topic) for topics, _agency in members for topic in topics)
    agencies = dict.fromkeys(_words.plain(agency) for _topics, agency in members if agency)
    source = _words.plain(site.names.get(source_id) or members[0][1] or source_id)
    return [kind.value, list(topics), list(agencies), _words.plain(level or ""), source]


def _due(course: p.Course | None) -> list[_Told]:
    """State and application period of a course, nothing for what is none."""
    if course is None:
        return []
    due = None if course.status in _views.SHUT else _views.deadline(course)
    return [[_views.state_key(course), *((due.opens, due.until, due.words) if due else ("", "", ""))]]


def topics_of(story: p.Story) -> tuple[str, ...]:
    """Topics of all members, each once."""
    return tuple(dict.fromkeys(topic for member in story.members for topic in member.topics))


def agencies_of(story: p.Story) -> tuple[str, ...]:
    """Agencies of all members, each once."""
    return tuple(dict.fromkeys(member.agency for member in story.members if member.agency))


def _said(site: Site, story: p.Story, bodies: p.Bodies) -> Iterable[str]:
    """The texts of a story that words are looked for in, each once."""
    said = [_views.source_name(story.primary, site.names), *topics_of(story)]
    for member in story.members:
        text = (bodies[member.id][0] if member.id in bodies else member.text)[:TEXT_CHARS]
        said += [member.title, text, member.agency, member.department]
        if not text.startswith(member.lead):
            said.append(member.lead)
        if member.course:
            said += filter(None, (member.course.place, member.course.target, member.course.field, member.course.level))
    return dict.fromkeys(said)


def kinds(site: Site) -> list[tuple[str, str]]:
    """Kinds there are stories of: (value, words)."""
    found = {story.primary.kind for story in site.newest}
    return [(kind.value, _words.kind(kind)) for kind in p.Kind if kind in found]


def choices(site: Site) -> dict[str, list[tuple[str, str]]]:
    """What can be chosen in each filter: (value, words), in the order they are offered.

    Cost: about 0.5 µs a story.
    """
    alike = Counter([tuple([member.topics for member in story.members]) for story in site.newest])  # few differ
    topics: Counter[str] = Counter()
    for those, number in alike.items():
        topics.update(dict.fromkeys(chain.from_iterable(those), number))
    agencies = {member.agency for story in site.newest for member in story.members}
    courses = [course for story in site.newest if (course := _views.course_of(story))]
    levels = Counter([course.level for course in courses if course.level])
    return {
        "kind": kinds(site),
        "topic": [(topic, topic) for topic in _by_number(topics)],
        "agency": [(agency, agency) for agency in sorted({_words.plain(agency) for agency in agencies if agency})],
        "level": [(level, level) for level in _by_number(levels)[:12]],
        "status": _words.states() if courses else [],
    }


def _by_number(words: Mapping[str, int]) -> list[str]:
    counts: Counter[str] = Counter()
    for word, number in words.items():
        counts[_words.plain(word)] += number
    return sorted(counts, key=lambda word: (-counts[word], word))
