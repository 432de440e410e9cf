"""Editors' decisions laid over the stories that the rules made, one after another; pure.

What does not live here: the rules (``rules``, ``grouping``), keeping decisions (``store/decisions``), taking them from a
person (``curating``).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import pipeline.model as p


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision of an editor, as the fold needs it.

    Attributes:
        verb: ``join | split | apart | hide | pin | retitle | note | move``; others pass unseen.
        subject: Entry id or story id.
        other: For ``join`` and ``apart`` the second entry or story id; for ``retitle`` and ``note`` the words; for ``move``
            the story before which it shall stand, ``""`` for the end of its section.
        edition: For ``move`` the edition it is about: an order is no property of a story.
        section: For ``move`` the heading it goes under, ``""`` for the one it has.
    """

    verb: str
    subject: str
    other: str = ""
    edition: str = ""
    section: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A place an editor gave a story in one edition.

    Attributes:
        story: Story id.
        edition: Edition id.
        section: Key of the heading, ``""`` for the one it stands under.
        before: The story it shall precede, ``""`` for the end of the section.
    """

    story: str
    edition: str
    section: str = ""
    before: str = ""


def story_id(entry_id: str, salt: str = "") -> str:
    """Return the id of the story an entry begins: ``s`` and 12 hex digits."""
    return "s" + hashlib.blake2b(f"{entry_id}{salt}".encode(), digest_size=6).hexdigest()


@dataclass(slots=True, kw_only=True)
class Group:
    """Entries of one story while it is made: ids oldest first, and why they are together."""

    ids: list[str] = field(default_factory=list)
    why: list[p.Join] = field(default_factory=list)
    is_pinned: bool = False
    title: str = ""
    note: str = ""


class Board:
    """The groups on the editor's desk, while decisions are applied one after another."""

    def __init__(self, groups: dict[str, Group]) -> None:
        self.groups = groups
        self.home = {entry: name for name, group in groups.items() for entry in group.ids}
        self.hidden: set[str] = set()
        self._moves: list[Decision] = []

    @property
    def moves(self) -> tuple[Move, ...]:
        """Return the places editors gave, by the stories as they are now."""
        found = ((self._find(m.subject), self._find(m.other), m) for m in self._moves)
        return tuple(
            Move(story=name, edition=m.edition, section=m.section, before=before)
            for name, before, m in found
            if name and name != before
        )

    def apply(self, decision: Decision) -> None:
        """Apply one decision; one about something withdrawn since changes nothing."""
        name = self._find(decision.subject)
        if not name:
            return
        group = self.groups[name]
        if decision.verb == "hide":
            self.hidden.add(decision.subject)
        elif decision.verb == "pin":
            group.is_pinned = True  # the last word counts: an earlier move of it, or before it, is over
            self._moves = [m for m in self._moves if name not in (self._find(m.subject), self._find(m.other))]
        elif decision.verb == "retitle":
            group.title = decision.other
        elif decision.verb == "note":
            group.note = decision.other
        elif decision.verb == "move":
            self._moves.append(decision)
        else:
            self._regroup(decision, name, group)

    def _regroup(self, decision: Decision, name: str, group: Group) -> None:
        other = self._find(decision.other)
        if decision.verb == "split" and decision.subject in group.ids and len(group.ids) > 1:
            self._split(decision.subject, group)
        elif decision.verb == "apart" and other == name and decision.other in group.ids and len(group.ids) > 1:
            self._split(decision.other, group)
        elif decision.verb == "join" and other and other != name:
            self._join(name, other)

    def _find(self, subject: str) -> str:
        return subject if subject in self.groups else self.home.get(subject, "")

    def _split(self, entry: str, group: Group) -> None:
        salt = "/split"
        while (name := story_id(entry, salt)) in self.groups:  # of an earlier split, and of those who joined it since
            salt += "/split"
        group.ids.remove(entry)
        ours = [join for join in group.why if entry in (join.a, join.b)]
        neighbours = [join.b if join.a == entry else join.a for join in ours]
        group.why = [join for join in group.why if join not in ours]
        group.why += [p.Join(a=neighbours[0], b=other, reason="kept") for other in neighbours[1:]]
        self.groups[name] = Group(ids=[entry])
        self.home[entry] = name

    def _join(self, one: str, other: str) -> None:
        """The story an editor names second goes into the first, which keeps its id."""
        into, from_ = self.groups[one], self.groups.pop(other)
        into.why += [*from_.why, p.Join(a=into.ids[0], b=from_.ids[0], reason="editor")]
        into.ids += from_.ids
        into.is_pinned |= from_.is_pinned
        into.title = into.title or from_.title
        into.note = into.note or from_.note
        for entry in from_.ids:
            self.home[entry] = one
        if other in self.hidden:
            self.hidden.add(one)
