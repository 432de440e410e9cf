"""Many nights: whatever order items arrive in, what readers know stays, and no night's work grows with the archive."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

import pipeline.model as p
from pipeline.publish import grouping, neighbours
from pipeline.publish.fold import fold
from pipeline.publish.likeness import Rarity
from pipeline.publish.told import Told
from tests.factories import NIGHT, entry
from tests.unit.publish.telling import WORDS, told

_CRAFTS = ("가죽공예", "제과제빵", "통기타", "서예")


def _entries() -> list[p.Entry]:
    """Four classes of one template, each on the house's board, in its blog and on a department's board."""
    made = []
    for number, craft in enumerate(_CRAFTS):
        lead = f"가온배움관에서 {craft} 수강생을 찾습니다. 접수 3. {number + 2}.~3. {number + 12}."
        day = NIGHT + timedelta(hours=number)
        made += [
            entry(
                f"{number}h",
                title=f"2026 시민강좌 [{craft}] 수강생 모집",
                text=lead,
                source_id="house",
                first_seen_at=day,
            ),
            entry(
                f"{number}b",
                title=f"{craft}, 이번 봄에 시작해요",
                text=lead,
                source_id="blog",
                kind=p.Kind.POST,
                first_seen_at=day,
            ),
            entry(
                f"{number}d",
                title=f"[가온배움관] 시민강좌 {craft} 모집 알림",
                text=lead,
                source_id="town",
                first_seen_at=day,
            ),
        ]
    return made


def _noise() -> list[p.Entry]:
    """What else a town's board tells, and which words are therefore common."""
    return [
        entry(
            f"n{number}",
            title=f"2026 시민강좌 {noun} 수강생 모집 알림",
            text=f"{place}에서 {noun} 강좌를 엽니다.",
            source_id=place,
        )
        for number, (noun, place) in enumerate(
            (noun, place)
            for noun in ("바둑", "탁구", "합창", "원예", "천문", "목공")
            for place in ("배움관", "숲마당", "물빛터")
        )
    ]


ENTRIES = _entries()
NOISE = _noise()


def _stories(entries: Sequence[p.Entry], given: dict[str, str]) -> dict[str, str]:
    return {e.id: story.id for story in fold(entries, given, words=WORDS).whole for e in story.members}


@settings(max_examples=25, deadline=None)
@given(st.permutations(ENTRIES))
def test_one_night_in_any_order(entries: list[p.Entry]) -> None:
    """All at once: one story of each class, three channels each, whatever the order."""
    home = _stories(entries, {})
    assert home == _stories(ENTRIES, {})
    assert len(set(home.values())) == len(_CRAFTS)


@settings(max_examples=25, deadline=None)
@given(st.permutations(ENTRIES), st.lists(st.integers(1, 5), min_size=len(ENTRIES), max_size=len(ENTRIES)))
def test_no_night_moves_what_readers_know(entries: list[p.Entry], sizes: list[int]) -> None:
    """In nights of any size and order: a story once told keeps its id and its members, and no two classes ever meet."""
    seen = NOISE
    known = _stories(seen, {})
    for size in sizes:
        seen, entries = seen + entries[:size], entries[size:]
        home = _stories(seen, known)
        assert {e: home[e] for e in known} == known
        known = home
    crafts = {e.id: e.key[0] for e in ENTRIES}
    for story in set(known.values()):
        assert len({crafts.get(e, "") for e in known if known[e] == story}) == 1


def _archive(size: int) -> list[Told]:
    """Items that share most of their words and each a rarer name with some others, as an archive of years does."""
    return [
        told(
            f"{_name(number % 997)} {_CRAFTS[number % 4]} 교실 수강생 모집 {number}",
            f"{_name(number % 499)}에서 {_CRAFTS[number % 4]} 교실을 엽니다.",
            body=f"{_name(number % 61)}동 배움관",
            day=number % 80,
        )
        for number in range(size)
    ]


def _name(number: int) -> str:
    return "".join(chr(0xAC00 + 28 * (number * factor % 397)) for factor in (1, 7, 31))


def test_a_night_does_not_grow_with_the_archive() -> None:
    """Ten new items among 20,000: at most ``STORY_CANDIDATES`` comparisons each, counted."""
    items = _archive(20_000)
    fresh = {item.id for item in items[:10]}
    met = list(neighbours.pairs(items, fresh, Rarity(items)))
    assert 0 < len(met) <= len(fresh) * p.limits.STORY_CANDIDATES
    assert all(a.id in fresh or b.id in fresh for a, b in met)


def test_a_first_night_compares_each_with_few() -> None:
    """Everything new: pairs grow with the items, not with their square, and each is met once."""
    items = _archive(600)
    met = [(a.id, b.id) for a, b in neighbours.pairs(items, {item.id for item in items}, Rarity(items))]
    assert len(met) == len(set(met)) <= len(items) * p.limits.STORY_CANDIDATES


def test_an_item_like_two_rivals_is_nobodys() -> None:
    """A video that fits two sections alike joins neither: an editor is asked about both."""
    rivals = [told(f"청소년 연극 놀이 {letter}반 모집", f"{letter}반입니다.", board="house") for letter in ("가", "나")]
    video = told("청소년 연극 놀이 이렇게 해요", body="가온시 평생학습원 유튜브")
    noise = _archive(20)
    found = [pair for pair in grouping.alike([*rivals, video, *noise], (), ()) if video.id in (pair.a, pair.b)]
    assert [pair.is_sure for pair in found] == [False, False]
