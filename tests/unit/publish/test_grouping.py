"""Groups grow by likeness, independent of order, never across a veto, never over two stories readers know."""

from __future__ import annotations

import random

import pytest

import pipeline.model as p
from pipeline.publish import neighbours
from pipeline.publish.grouping import alike
from pipeline.publish.likeness import Rarity
from pipeline.publish.told import Told
from tests.unit.publish.telling import told
from tests.unit.publish.test_likeness import BLOG, NOISE, NOTICE

VIDEO = told(
    "도자기 물레반 이렇게 배워요", "봄학기 도자기 물레반 ▶ 신청기간 3/5(목)~3/13(금)", body="가온시 평생학습원 유튜브"
)
ADVANCED = told(
    "2026년 봄학기 [도자기 물레반 심화] 수강생 모집",
    "도자기 물레반 심화 과정입니다. 접수기간 2026-03-05 ~ 2026-03-13",
    board="notices",
)


def united(*items: Told, groups: tuple[tuple[str, ...], ...] = (), known: tuple[str, ...] = ()) -> set[frozenset[str]]:
    """Which items are together in the end."""
    home = {item.id: {item.id} for item in items}
    for group in groups:
        for member in group:
            home[member] = set(group)
    for pair in alike(items, groups, known):
        if pair.is_sure:
            whole = home[pair.a] | home[pair.b]
            home.update(dict.fromkeys(whole, whole))
    return {frozenset(group) for group in home.values() if len(group) > 1}


@pytest.mark.parametrize("seed", range(5))
def test_one_story_of_three_channels_whatever_the_order(seed: int) -> None:
    """Notice, blog and video are one; the advanced class is not, though a level is all that tells it apart."""
    items = [NOTICE, BLOG, VIDEO, ADVANCED, *NOISE]
    random.Random(seed).shuffle(items)
    assert united(*items) == {frozenset({NOTICE.id, BLOG.id, VIDEO.id})}


def test_a_newcomer_joins_what_is_known() -> None:
    """A video of today joins the story of yesterday."""
    groups, known = ((NOTICE.id, BLOG.id),), (NOTICE.id, BLOG.id)
    assert united(NOTICE, BLOG, VIDEO, *NOISE, groups=groups, known=known) == {
        frozenset({NOTICE.id, BLOG.id, VIDEO.id})
    }


def test_two_known_stories_are_left_to_an_editor() -> None:
    """Readers know both: nothing is merged, and the pair is told as a doubt when something new makes it look."""
    found = alike([NOTICE, BLOG, VIDEO, *NOISE], ((NOTICE.id,), (BLOG.id,)), (NOTICE.id, BLOG.id))
    sure = [pair for pair in found if pair.is_sure]
    assert len(sure) == 1
    assert VIDEO.id in (sure[0].a, sure[0].b)


def test_nothing_new_costs_nothing() -> None:
    """A night without new items compares nobody."""
    items = [NOTICE, BLOG]
    assert alike(items, (), tuple(item.id for item in items)) == ()


def test_one_veto_keeps_groups_apart() -> None:
    """The blog would join the notice, but it stands with the advanced class already: no member may contradict another."""
    whole = united(NOTICE, ADVANCED, BLOG, *NOISE, groups=((ADVANCED.id, BLOG.id),))
    assert whole == {frozenset({ADVANCED.id, BLOG.id})}


def test_most_comparisons_are_never_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each item meets at most ``STORY_CANDIDATES`` neighbours: counted, not timed."""
    monkeypatch.setattr(p.limits, "STORY_CANDIDATES", 3)
    items = [NOTICE, BLOG, VIDEO, ADVANCED, *NOISE]
    met = list(neighbours.pairs(items, {item.id for item in items}, Rarity(items)))
    assert 0 < len(met) <= 3 * len(items)


def test_a_cut_title_belongs_to_the_one_it_was_cut_from() -> None:
    """``캘리그라피 1단…`` fits the first step alone; cut before the step and without a lead it is nobody's."""
    first = told("[3월 개강] 캘리그라피 1단계 수강생 모집", "붓펜과 만나는 시간입니다.", board="n")
    second = told("[3월 개강] 캘리그라피 2단계 수강생 모집", "붓펜과 만나는 시간입니다.", board="n")
    cut = told("[3월 개강] 캘리그라피 1단...", "붓펜과 만나는 시간입니다.", body="통합예약")
    blind = told("[3월 개강] 캘리그라피...", "", body="우리동네소식")
    assert united(first, second, cut, *NOISE) == {frozenset((first.id, cut.id))}
    assert not united(first, second, blind, *NOISE)
