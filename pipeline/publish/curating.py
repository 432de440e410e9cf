"""Takes an editor's decision: whom it is about, whether it can be obeyed, and what becomes of the editions that wait.

What does not live here: obeying it (``editing``, ``compose``), keeping it (``store/decisions``), asking for it (``cli/``,
``preview/``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import pipeline.model as p
from pipeline import i18n
from pipeline.i18n import _
from pipeline.publish import instep, remaking, site
from pipeline.publish.compose import SECTIONS, section_title
from pipeline.publish.desk import Desk, Plugins
from pipeline.publish.run import ground_of
from pipeline.store.decisions import DecisionRow
from pipeline.store.store import Store

VERBS: Final = ("hide", "pin", "retitle", "note", "move", "join", "split", "apart")
_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u2069\ufeff]+")


class CurationError(Exception):
    """The decision cannot be taken; the message says why, for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom a decision is about.

    Attributes:
        id: Entry or story id, as the decision keeps it.
        title: For people.
        story: The story it is, or belongs to; ``""`` before it was ever published.
    """

    id: str
    title: str
    story: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a decision.

    Attributes:
        seq: Its number in the log; 0 in a dry run.
        remade: The editions that were made anew.
    """

    seq: int
    remade: tuple[remaking.Remade, ...] = ()


def desk_at(settings: p.Settings, store: Store, plugins: Plugins, *, now: datetime, is_dry: bool = False) -> Desk:
    """Return what the publish room works with at an instant, for a person's decision."""
    ground = ground_of(settings)
    return Desk(settings=settings, store=store, plugins=plugins, now=now, as_of=now, ground=ground, is_dry=is_dry)


def subjects(store: Store, word: str, *, entries: bool = False) -> tuple[Subject, ...]:
    """Return what a person may mean: a story or an item by its id, an item by its address, else by a piece of its title.

    Items of one story are one subject, unless ``entries`` asks for the items themselves.

    Cost: a few indexed queries for an id; a scan of the titles otherwise.
    """
    rows = store.digests.stories([word])
    if rows and entries:
        return tuple(Subject(id=e.id, title=e.title, story=word) for e in store.entries.get(rows[0].members))
    if rows:
        primary = next(iter(store.entries.get([rows[0].primary_id])), None)
        return (Subject(id=word, title=primary.title if primary else word, story=word),)
    found = store.entries.find(word)
    homes = store.digests.assignments([e.id for e in found])
    if entries or [e.id for e in found] == [word]:
        return tuple(Subject(id=e.id, title=e.title, story=homes.get(e.id, "")) for e in found)
    by_story = {homes.get(e.id, e.id): e for e in reversed(found)}
    return tuple(Subject(id=i, title=e.title, story=homes.get(e.id, "")) for i, e in reversed(by_story.items()))


def words_of(text: str) -> str:
    """Return what an editor typed as one line.

    Raises:
        CurationError: Nothing is left of it, or it is too long.
    """
    line = " ".join(_UNSEEN.sub(" ", text).split())
    if not line:
        raise CurationError(_("글을 적어 주세요."))
    if len(line) > p.limits.EDITOR_CHARS:
        raise CurationError(_("{n}자까지 쓸 수 있습니다.").format(n=p.limits.EDITOR_CHARS))
    return line


def place(store: Store, subject: Subject, *, section: str, before: str, first: bool, edition: str) -> dict[str, p.Json]:
    """Return the arguments of a move within one edition.

    Args:
        store: Knows the editions.
        subject: What moves.
        section: Key or heading, ``""`` for where it stands.
        before: Story id it shall precede, ``""`` for the end.
        first: To the top of the section instead.
        edition: Which edition; the newest that tells the story when empty.

    Raises:
        CurationError: No such edition or section, or the edition does not tell the story.
    """
    rows = [r for r in store.digests.editions(limit=p.limits.CURATED_EDITIONS) if edition in ("", r.id)]
    row = next((r for r in rows if subject.story in _order(r.sections)), None)
    if row is None:
        raise CurationError(_("'{title}'은(는) 그 소식에 실려 있지 않습니다.").format(title=subject.title))
    key = _section(section)
    here = key or next(s["key"] for s in row.sections if subject.story in _order([s]))
    ahead = [i for i in _order(s for s in row.sections if s["key"] == here) if i != subject.story]
    if first and ahead:
        before = ahead[0]
    if before and before not in _order(row.sections):
        raise CurationError(_("그 앞에 둘 이야기가 그 소식에 없습니다."))
    return {"edition": row.id, "section": key, "before": before}


def _order(sections: p.Json) -> list[str]:
    return [card["story"] for section in sections for card in section["cards"]]


def _section(word: str) -> str:
    if word in ("", *SECTIONS):
        return word
    key = next((k for k in SECTIONS if section_title(k) == word), "")
    if not key:
        known = ", ".join(f"{k}({section_title(k)})" for k in SECTIONS)
        raise CurationError(_("'{word}' 묶음은 없습니다. 쓸 수 있는 것: {known}").format(word=word, known=known))
    return key


def decide(desk: Desk, verb: str, subject: Subject, args: Mapping[str, p.Json] | None = None, *, actor: str) -> Outcome:
    """Keep a decision and make the editions that wait anew; nothing is kept in a dry run.

    Raises:
        CurationError: It could have no effect.
        StoreError: Nothing was decided.

    Cost: one row; then the live library, and what waits is rendered.
    """
    _check(desk.store, verb, subject, args or {})
    return _carried_out(desk, lambda: desk.store.digests.decide(verb, subject.id, args, actor=actor, now=desk.now))


def undo(desk: Desk, seq: int, *, actor: str) -> Outcome:
    """Take a decision back and make the editions that wait anew.

    Raises:
        StoreError: No such decision, or it was taken back already.
    """

    def taken_back() -> int:
        desk.store.digests.undo(seq, actor=actor, now=desk.now)
        return seq

    return _carried_out(desk, taken_back)


def last(store: Store) -> DecisionRow | None:
    """Return the newest decision that can be taken back. Cost: one query over the log."""
    return next((d for d in reversed(store.digests.decisions()) if d.action in VERBS), None)


class _Rehearsed(Exception):  # noqa: N818 - takes a transaction back
    pass


def _carried_out(desk: Desk, work: Callable[[], int]) -> Outcome:
    if not desk.is_dry:
        seq = work()
        return Outcome(seq=seq, remade=remade(desk))
    found: tuple[remaking.Remade, ...] = ()
    try:
        with desk.store.transaction():
            work()
            found = remade(desk)
            raise _Rehearsed  # noqa: TRY301 - leaving a transaction by an exception takes it back
    except _Rehearsed:
        return Outcome(seq=0, remade=found)


def remade(desk: Desk) -> tuple[remaking.Remade, ...]:
    """Make anew what waits: editions and, where there is one, the website; a dry desk only looks.

    Raises:
        StoreError: Nothing more was recorded; the same again does the rest.
    """
    with i18n.speaking(desk.settings.institute.language):  # what citizens read follows the institute, not the terminal
        rows = remaking.waiting(desk)
        found = (remaking.remake(desk, row, by_hand=True) for row in rows)
        made = tuple(one for one in found if one is not None)
        if not desk.is_dry and desk.store.digests.editions(limit=1):
            site.make(desk)
        instep.mark(desk)
    return made


def _check(store: Store, verb: str, subject: Subject, args: Mapping[str, p.Json]) -> None:
    if verb == "split":
        row = next(iter(store.digests.stories([subject.story])), None)
        if row is None or len(row.members) < 2 or subject.id not in row.members:
            raise CurationError(_("'{title}'은(는) 다른 글과 묶여 있지 않습니다.").format(title=subject.title))
    if verb in ("join", "apart") and args.get("other") in (None, "", subject.id):
        raise CurationError(_("서로 다른 글 두 개를 골라 주세요."))
    if (
        verb == "join"
        and store.digests.assignments([str(args["other"])]).get(str(args["other"])) == subject.story != ""
    ):
        raise CurationError(_("이미 한 이야기입니다."))


def about(store: Store, entry_id: str, story: str) -> tuple[DecisionRow, ...]:
    """Return the decisions about an item or its story, taken back or not, oldest first, for ``moa why``.

    Cost: one query over the log.
    """
    ids = {entry_id, story} - {""}
    return tuple(
        d
        for d in store.digests.decisions(undone=True)
        if d.action in VERBS and (d.subject in ids or ids & {v for v in d.args.values() if isinstance(v, str)})
    )


def word_for(action: str) -> str:
    """Return a decision's name for people."""
    return {
        "hide": _("숨김"),
        "pin": _("맨 앞에 둠"),
        "retitle": _("제목 고침"),
        "note": _("한마디 붙임"),
        "move": _("자리 옮김"),
        "join": _("한 이야기로 묶음"),
        "split": _("따로 나눔"),
        "apart": _("서로 다른 이야기로 정함"),
        "undo": _("취소함"),
        "approve": _("승인함"),
        "hold": _("붙잡음"),
    }.get(action, action)


def detail(store: Store, row: DecisionRow) -> str:
    """Return what a decision says besides, for people. Cost: an indexed query where it names another item."""
    if row.action in ("retitle", "note"):
        return str(next(iter(row.args.values()), ""))
    if row.action in ("approve", "hold"):
        return str(row.args.get("sha256", ""))[:16]
    if row.action == "undo":
        return _("{seq}번").format(seq=row.undoes)
    other = str(row.args.get("other") or row.args.get("before") or "")
    named = next(iter(subjects(store, other)), None) if other else None
    parts = [section_title(str(row.args["section"]))] if row.args.get("section") else []
    if named is not None:
        parts.append(_("'{title}' 앞").format(title=named.title) if row.action == "move" else named.title)
    return ", ".join(parts)


def title_of(store: Store, row: DecisionRow) -> str:
    """Return the title of what a decision is about, as its source wrote it. Cost: two indexed queries."""
    found = () if row.action in ("approve", "hold") else subjects(store, row.subject)
    return found[0].title if found else row.subject
