"""What differs between two states of an edition, item by item, in words; pure.

What does not live here: making editions (``compose``, ``remaking``), showing the difference (``cli/``, ``preview/``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

import pipeline.model as p
from pipeline.i18n import _
from pipeline.publish import notes


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference.

    Attributes:
        kind: ``added | removed | section | title | note | facts | content | order | look``.
        story: Story id; ``""`` for an order or a look.
        title: Of the story or the section, for people.
        before, after: Titles, notes or headings; ``""`` where there is none.
    """

    kind: str
    story: str = ""
    title: str = ""
    before: str = ""
    after: str = ""

    def json(self) -> p.Json:
        """Return it as data."""
        return asdict(self)


def between(
    before: p.Json, after: p.Json, *, renderings: tuple[Mapping[str, str], Mapping[str, str]] = ({}, {})
) -> tuple[Change, ...]:
    """Return what changed from one edition's stored sections to another's.

    Args:
        before: ``EditionRow.sections``.
        after: The same, later.
        renderings: Hash by channel, before and after: a channel that differs although no item does looks different.

    Cost: linear in cards.
    """
    old, new = _cards(before), _cards(after)
    changes = [Change(kind="removed", story=i, title=old[i]["title"]) for i in old if i not in new]
    for story, card in new.items():
        changes += _of_card(old.get(story), card)
    changes += _orders(before, after)
    if not changes:
        channels = [c for c, sha in renderings[1].items() if c in renderings[0] and renderings[0][c] != sha]
        changes += [Change(kind="look", title=channel) for channel in channels]
    return tuple(changes)


def _cards(sections: p.Json) -> dict[str, dict[str, str]]:
    return {
        card["story"]: {"content": "", "facts": "", **card, "heading": section["title"]}
        for section in sections
        for card in section["cards"]
    }


def _of_card(old: Mapping[str, str] | None, new: Mapping[str, str]) -> Iterator[Change]:
    story, title = new["story"], new["title"]
    if old is None:
        yield Change(kind="added", story=story, title=title, after=new["heading"])
        return
    if old["title"] != title:
        yield Change(kind="title", story=story, title=title, before=old["title"], after=title)
    if old["heading"] != new["heading"]:
        yield Change(kind="section", story=story, title=title, before=old["heading"], after=new["heading"])
    if old["note"] != new["note"]:
        yield Change(kind="note", story=story, title=title, before=old["note"], after=new["note"])
    facts = notes.between(_facts(old), _facts(new))
    if facts:
        yield Change(kind="facts", story=story, title=title, after=facts)
    elif old["content"] and old["content"] != new["content"] and old["title"] == title:
        yield Change(kind="content", story=story, title=title)


def _facts(card: Mapping[str, str]) -> dict[str, str]:
    return json.loads(card["facts"]) if card["facts"] else {}


def _orders(before: p.Json, after: p.Json) -> Iterator[Change]:
    """A section whose stories that stayed stand in another order."""
    old = {section["key"]: _ids(section) for section in before}
    for section in after:
        was, now = old.get(section["key"], []), _ids(section)
        common = set(was) & set(now)
        if [i for i in was if i in common] != [i for i in now if i in common]:
            yield Change(kind="order", title=section["title"])


def _ids(section: p.Json) -> Sequence[str]:
    return [card["story"] for card in section["cards"]]


def sentence(change: Change) -> str:
    """Say a difference to a person."""
    words = {
        "added": _("더함: {title}"),
        "removed": _("뺌: {title}"),
        "section": _("옮김: {title} ({before} → {after})"),
        "title": _("제목 바뀜: {before} → {after}"),
        "note": _("한마디 바뀜: {title} ({before} → {after})"),
        "facts": _("내용 바뀜: {title} ({after})"),
        "content": _("본문 바뀜: {title}"),
        "order": _("차례 바뀜: {title}"),
        "look": _("모양 바뀜: {title} 채널"),
    }
    none = _("없음")
    return words[change.kind].format(title=change.title, before=change.before or none, after=change.after or none)
