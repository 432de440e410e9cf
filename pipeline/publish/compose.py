"""Stories become one edition of a digest: what is due, as what, in which order, and why the rest is left out; pure.

What does not live here: joining entries (``fold``), sentences (``notes``), rendering, the ledger's table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

import pipeline.model as p
from pipeline.i18n import _
from pipeline.model import windows
from pipeline.publish import courses, notes
from pipeline.publish.courses import course_of, is_over
from pipeline.publish.editing import Move, story_id
from pipeline.publish.fold import Folded
from pipeline.publish.matching import matches
from pipeline.publish.ordering import arranged
from pipeline.publish.rules import stated_at

SECTIONS: Final = ("closing-today", "closing", "opens", "changed", "courses", "videos", "news")
_NEVER: Final = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """What an edition is made of besides its stories.

    Attributes:
        as_of: The instant the edition speaks from; "today" is its Seoul date.
        start_at: End of the digest's previous edition; ``None`` for the first.
        due: Ids of entries first seen (or released) since then.
        told: Labels under which this digest told a story already, by story id (the ledger).
        altered: Material changes since the previous edition, by entry id.
        told_by: The last edition before this one that showed a story, by story id; needed only where something changed.
    """

    as_of: datetime
    start_at: datetime | None
    due: AbstractSet[str]
    told: Mapping[str, AbstractSet[str]] = field(default_factory=dict)
    altered: Mapping[str, notes.Altered] = field(default_factory=dict)
    told_by: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """An edition and what the ledger must remember of it: (story id, label) pairs."""

    digest: p.Digest
    ledger: tuple[tuple[str, str], ...]

    @property
    def stories(self) -> int:
        """How many cards the edition has."""
        return sum(len(section.cards) for section in self.digest.sections)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where one story would stand: section, card, ledger labels, order within the section."""

    section: str
    card: p.Card
    labels: tuple[str, ...]
    order: tuple[float, float, str]


def compose(spec: p.DigestSpec, folded: Folded, night: Night, institute: p.Institute) -> Composed:
    """Compose the edition of one digest; the result does not depend on the order of stories.

    A story is told as new once; a course closing soon and one that opens are told again, once each; a material change of
    something told is told with old and new. Nothing of a first run's backfill is ever told. Over the cap, what stands
    last goes, editors' pins stay.

    Cost: linear in stories. Source: CI1, CI3, CI5; peers §3 pains 8, 14, 20, 30, 35; reliability P21, P25.
    """
    places: list[_Place] = []
    left_out: list[p.LeftOut] = []
    for story in folded.stories:
        if not matches(story, spec):
            continue
        place = _place(story, night, folded.notes.get(story.id, ""))
        if isinstance(place, _Place):
            places.append(place)
        elif place:
            left_out.append(_left(story, place))
    left_out += [_left(s, "hidden") for s in folded.hidden if _due(s, night) and matches(s, spec)]
    kept, over = _cap(places, spec.cap, folded.pinned)
    left_out += [_left(place.card.story, "cap") for place in over]
    mine = f"{spec.id}/{windows.seoul_date(night.as_of).isoformat()}"
    sections = _sections(kept, folded.pinned, [move for move in folded.moves if move.edition == mine])
    return Composed(
        digest=_digest(spec, night, institute, tuple(sections), left_out),
        ledger=tuple(sorted({row for place in kept for row in _rows(place)})),
    )


def may_speak(story: p.Story, night: Night) -> bool:
    """Whether an edition may have a reason to tell a story: it is due, it changed, or one can still apply. Cheap."""
    course = course_of(story)
    return (
        _due(story, night)
        or (course is not None and not is_over(course, night.as_of))
        or any(e.id in night.altered for e in story.members)
    )


def _due(story: p.Story, night: Night) -> bool:
    return any(e.id in night.due and not e.is_quiet for e in story.members)


def _told(story: p.Story, night: Night) -> frozenset[str]:
    """Every label any member was told under: what a split or a join moved is not news."""
    return frozenset(label for i in _ids(story) for label in night.told.get(i, ()))


def _ids(story: p.Story) -> set[str]:
    return {story.id, *(story_id(e.id) for e in story.members)}


def _place(story: p.Story, night: Night, note: str) -> _Place | str:
    """Return where the story stands in this edition, or the reason code why a due one does not; ``""`` if it was not due."""
    told = _told(story, night)
    is_due = _due(story, night)
    is_new = is_due and not told
    if all(e.is_quiet for e in story.members):
        return ""
    course = course_of(story)
    change = _change(story, night) if told else ""
    urgent = tuple(courses.calls(course, told, as_of=night.as_of, start_at=night.start_at)) if course else ()
    first = ("new",) if is_new else ()
    if change:  # what closes soon besides is said by the next edition, under its own heading
        corrects = max((night.told_by.get(i, "") for i in _ids(story)), default="")
        return _at("changed", p.Card(story=story, label="changed", note=change, corrects=corrects), ("changed",))
    if urgent:
        key, label, sentence = urgent[0]
        labels = (*first, *(key for key, _label, _note in urgent))
        return _at(key, p.Card(story=story, label=label, note=note or sentence), labels)
    if not is_new:
        return "already-published" if is_due else ""
    if course is not None and is_over(course, night.as_of):
        return "over"
    return _at(_home(story), _new_card(story, night, note), first)


def _at(section: str, card: p.Card, labels: tuple[str, ...]) -> _Place:
    course = course_of(card.story)
    by: datetime | None = None
    if course is not None:
        by = course.apply_from_at if section == "opens" else course.apply_until_at
    newest = -card.story.first_seen_at.timestamp()
    if section in ("closing-today", "closing", "opens", "courses"):
        return _Place(
            section=section, card=card, labels=labels, order=((by or _NEVER).timestamp(), newest, card.story.id)
        )
    stated = -stated_at(card.story.primary).timestamp()
    return _Place(section=section, card=card, labels=labels, order=(newest, stated, card.story.id))


def _change(story: p.Story, night: Night) -> str:
    """Return the sentence about what changed, the primary's first; members repeating it say it once."""
    said = (notes.changed(night.altered[e.id], e) for e in story.members if e.id in night.altered and not e.is_quiet)
    return next((sentence for sentence in said if sentence), "")


def _home(story: p.Story) -> str:
    kind = story.primary.kind
    return "courses" if kind is p.Kind.COURSE else "videos" if kind is p.Kind.VIDEO else "news"


def _new_card(story: p.Story, night: Night, note: str) -> p.Card:
    stated = stated_at(story.primary)
    is_course = story.primary.kind is p.Kind.COURSE  # its dates are its own, whenever the page was put up
    if not is_course and stated < (night.start_at or night.as_of) - timedelta(days=p.limits.LATE_DAYS):
        return p.Card(story=story, label="late", note=note or notes.late(stated))
    return p.Card(story=story, label="video" if story.primary.kind is p.Kind.VIDEO else "new", note=note)


def _cap(places: Iterable[_Place], cap: int, pinned: AbstractSet[str]) -> tuple[list[_Place], list[_Place]]:
    ranked = sorted(places, key=lambda x: (x.card.story.id not in pinned, SECTIONS.index(x.section), x.order))
    return ranked[:cap], ranked[cap:]


def _sections(places: Iterable[_Place], pinned: AbstractSet[str], moves: Iterable[Move]) -> Iterator[p.Section]:
    ranked = sorted(places, key=lambda x: (x.card.story.id not in pinned, x.order))
    cards = {place.card.story.id: place.card for place in ranked}
    columns: dict[str, list[str]] = {key: [] for key in SECTIONS}
    for place in ranked:
        columns[place.section].append(place.card.story.id)
    made = arranged(columns, (move for move in moves if move.section in ("", *SECTIONS)))
    for key in SECTIONS:
        if made[key]:
            yield p.Section(key=key, title=section_title(key), cards=tuple(cards[i] for i in made[key]))


def section_title(key: str) -> str:
    """Return the heading of a section."""
    return {
        "closing-today": _("오늘 마감"),
        "closing": _("곧 마감"),
        "opens": _("새로 접수"),
        "changed": _("바뀐 내용"),
        "courses": _("새 강좌"),
        "videos": _("새 영상"),
        "news": _("소식"),
    }[key]


def _rows(place: _Place) -> Iterator[tuple[str, str]]:
    story = place.card.story
    for label in place.labels:
        yield story.id, label
        for entry in story.members:
            yield story_id(entry.id), label


def _left(story: p.Story, reason: str) -> p.LeftOut:
    return p.LeftOut(story_id=story.id, title=story.primary.title, reason=reason)


def _digest(
    spec: p.DigestSpec,
    night: Night,
    institute: p.Institute,
    sections: tuple[p.Section, ...],
    left_out: Iterable[p.LeftOut],
) -> p.Digest:
    told = [card.story.first_seen_at for section in sections for card in section.cards]
    plain = empty(spec, night.as_of, institute)
    return replace(
        plain,
        start_at=night.start_at or min([*told, plain.end_at]),
        sections=sections,
        left_out=tuple(sorted(left_out, key=lambda x: (x.reason, x.story_id))),
    )


def empty(spec: p.DigestSpec, as_of: datetime, institute: p.Institute) -> p.Digest:
    """Return an edition that tells nothing: a site before its first edition."""
    today = windows.seoul_date(as_of)
    return p.Digest(
        id=f"{spec.id}/{today.isoformat()}",
        digest_id=spec.id,
        title=spec.title.replace("{date}", _("{month}월 {day}일").format(month=today.month, day=today.day)),
        institute=institute,
        start_at=as_of,
        end_at=end_of(as_of),
        as_of=as_of,
        sections=(),
    )


def end_of(as_of: datetime) -> datetime:
    """Return the exclusive end of a window that holds what was first seen at ``as_of`` itself, by this very run."""
    return as_of + timedelta(microseconds=1)


def still_true(sections: Iterable[p.Section], live: Mapping[str, p.Story], as_of: datetime) -> tuple[p.Section, ...]:
    """Return an edition's sections as they may be shown later: stories as they are now, nothing withdrawn, no passed call.

    Args:
        sections: As the edition told them.
        live: Every story that may be shown, by id.
        as_of: A course whose registration closed by then is no longer called for (CI1).
    """
    shown = []
    for section in sections:
        cards = tuple(
            replace(card, story=live[card.story.id])
            for card in section.cards
            if card.story.id in live
            and not (card.label in ("closing", "opens") and _passed(live[card.story.id], as_of))
        )
        if cards:
            shown.append(replace(section, cards=cards))
    return tuple(shown)


def _passed(story: p.Story, as_of: datetime) -> bool:
    course = course_of(story)
    return course is not None and is_over(course, as_of)
