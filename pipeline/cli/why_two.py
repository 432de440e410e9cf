"""``moa why ITEM --with ITEM``: why two items are one story, or two.

What does not live here: the path of one item (``why``), the words (``publish/explaining``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline import report as reports
from pipeline.cli.common import Common
from pipeline.i18n import _
from pipeline.publish.explaining import difference, difference_word, join_word

if TYPE_CHECKING:
    import pipeline.model as p
    from pipeline.store.store import Store
    from pipeline.wiring import House


def compare(this: Common, house: House, item: str, other: str) -> int:
    """Print whether two items are one story and what joins them or tells them apart."""
    with house.store(read_only=True) as store:
        found = [store.entries.find(word) for word in (item, other)]
        for word, entries in zip((item, other), found, strict=True):
            if not entries:
                this.note(_("'{item}'에 맞는 글이 없습니다.").format(item=word))
                return reports.EXIT_USAGE
        one, two = (entries[0] for entries in found)
        homes = store.digests.assignments([one.id, two.id])
        is_one = homes.get(one.id) is not None and homes.get(one.id) == homes.get(two.id)
        why = _joins(store, homes[one.id], {one.id, two.id}) if is_one else []
    code = "" if is_one else difference(one, two, house.settings.facets)
    if this.as_json:
        reasons: list[p.Json] = list(why)
        this.json({"a": one.id, "b": two.id, "one_story": is_one, "why": reasons, "difference": code or None})
    else:
        this.out(f"{one.title}\n{two.title}")
        for line in _lines(why, code, is_one=is_one):
            this.out(line)
    return reports.EXIT_DONE


def _joins(store: Store, story: str, two: set[str]) -> list[str]:
    """Of a story, why the two are in it: the join between them, else every join that touches one of them."""
    (row, *_rest) = store.digests.stories([story])
    direct = [join.reason for join in row.why if {join.a, join.b} == two]
    return list(dict.fromkeys(direct or [join.reason for join in row.why if {join.a, join.b} & two]))


def _lines(why: list[str], code: str, *, is_one: bool) -> list[str]:
    if is_one:
        return [_("한 이야기입니다."), *(f"    {join_word(reason)}" for reason in why)]
    if code:
        return [_("서로 다른 이야기입니다."), f"    {difference_word(code)}"]
    return [
        _("서로 다른 이야기입니다."),
        "    "
        + _("다르다고 할 까닭은 없으나 겹치는 말이 모자라거나, 다른 글과 더 가깝거나, 둘 다 이미 알린 이야기입니다."),
    ]
