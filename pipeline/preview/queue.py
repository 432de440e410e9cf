"""Gathers what an editor works on beside the frames: stories in their order, doubts, decisions, differences; reads only.

What does not live here: the frames (``looking``), HTML (``pages``), taking a decision (``deciding``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pipeline.publish import curating, difference, library, remaking
from pipeline.publish.compose import SECTIONS, section_title

if TYPE_CHECKING:
    from pipeline.store.decisions import DecisionRow
    from pipeline.store.editions import EditionRow
    from pipeline.store.store import Store

_LOG: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One story of the edition.

    Attributes:
        members: (entry id, source, title) of every item, the one that speaks first.
        ahead: Id of the story above it in its section, ``""`` for the first.
        after: Id of the story it must precede to go one down, ``""`` for the end.
    """

    id: str
    title: str
    note: str
    label: str
    members: tuple[tuple[str, str, str], ...]
    is_pinned: bool
    ahead: str
    after: str
    is_last: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Two items that may be one story."""

    a: str
    b: str
    titles: tuple[str, str]
    sources: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """What an editor may change of one edition.

    Attributes:
        sections: (key, heading, stories), in order.
        headings: (key, heading) of every section a story may go to.
        decided: (number, what, about, detail, who), newest first.
        voided: What differs from what was approved.
        earlier: What differs from the edition before this one.
    """

    sections: tuple[tuple[str, str, tuple[Told, ...]], ...]
    headings: tuple[tuple[str, str], ...]
    doubts: tuple[Doubt, ...]
    decided: tuple[tuple[int, str, str, str, str], ...]
    voided: tuple[str, ...]
    earlier: tuple[str, ...]


def gather(store: Store, row: EditionRow) -> Queue:
    """Return the queue of an edition. Cost: a few indexed queries over its stories, one over the log."""
    log = store.digests.decisions()
    pinned = {d.subject for d in log if d.action == "pin"}
    before = next((e for e in store.digests.editions(row.digest_id) if e.on < row.on), None)
    return Queue(
        sections=tuple(
            (section["key"], section["title"], tuple(_told(store, section["cards"], pinned)))
            for section in row.sections
        ),
        headings=tuple((key, section_title(key)) for key in SECTIONS),
        doubts=tuple(_doubts(store)),
        decided=tuple(_decided(store, [d for d in reversed(log) if d.action in curating.VERBS][:_LOG])),
        voided=tuple(difference.sentence(c) for c in remaking.since_approval(store, row)),
        earlier=tuple(difference.sentence(c) for c in difference.between(before.sections, row.sections))
        if before
        else (),
    )


def _told(store: Store, cards: list[dict[str, str]], pinned: set[str]) -> Iterator[Told]:
    ids = [card["story"] for card in cards]
    stories = {story.id: story for story in store.digests.stories(ids)}
    entries = {e.id: e for e in store.entries.get([m for story in stories.values() for m in story.members])}
    for n, card in enumerate(cards):
        story = stories.get(card["story"])
        members = [entries[m] for m in story.members if m in entries] if story else []
        yield Told(
            id=card["story"],
            title=card["title"],
            note=card["note"],
            label=card["label"],
            members=tuple((e.id, e.source_id, e.title) for e in members),
            is_pinned=bool(pinned & {card["story"], *(e.id for e in members)}),
            ahead=ids[n - 1] if n else "",
            after=ids[n + 2] if n + 2 < len(ids) else "",
            is_last=n + 1 == len(ids),
        )


def _doubts(store: Store) -> Iterator[Doubt]:
    pairs = library.open_doubts(store)
    found = {e.id: e for e in store.entries.get([i for a, b, _share in pairs for i in (a, b)])}
    for a, b, _share in pairs:
        if a in found and b in found:
            yield Doubt(
                a=a,
                b=b,
                titles=(found[a].title, found[b].title),
                sources=(found[a].source_id, found[b].source_id),
            )


def _decided(store: Store, log: list[DecisionRow]) -> Iterator[tuple[int, str, str, str, str]]:
    for row in log:
        title, detail = curating.title_of(store, row), curating.detail(store, row)
        yield row.seq, curating.word_for(row.action), title, detail, row.actor
