"""Which stored entry is a listed one: by key, by address, by title and day; never by a title that says too little."""

from __future__ import annotations

from datetime import timedelta

import pytest

import pipeline.model as p
from pipeline.collect.identity import bare, matches
from tests.factories import NIGHT, entry, said


def known(key: str, **override: object) -> p.Known:
    held = entry(key, **override)
    return p.Known(
        id=held.id,
        key=held.key,
        url_hash=held.url_hash,
        fingerprint="",
        content_hash=held.content_hash,
        title=held.title,
        published=held.published,
        first_seen_at=NIGHT - timedelta(days=9),
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("겨울 인문학 강연 안내", "[공지] 겨울 인문학 강연 안내"),
        ("겨울 인문학 강연 안내", "겨울 인문학 강연 안내 새글"),
        ("겨울 인문학 강연 안내", "공지 【모집】 겨울 인문학 강연 안내 [3]"),
        ("겨울 인문학 강연 안내", "겨울인문학 강연·안내 NEW"),
        ("2026년 제3회 강연", "2026년 제3회  강연..."),
    ],
)
def test_badges_and_spaces_are_no_part_of_a_title(before: str, after: str) -> None:
    """What a redesign puts around a title leaves it the same."""
    assert bare(before) == bare(after)


def test_numbers_are_a_part_of_a_title() -> None:
    """The third and the fourth are two."""
    assert bare("제3회 강연 안내") != bare("제4회 강연 안내")


def test_another_key_and_address_with_title_and_day_is_the_same_article() -> None:
    """An article that was put up anew under another number is not news."""
    old = known("7", title="겨울 인문학 강연 안내")
    new = entry("70", title="[공지] 겨울 인문학 강연 안내", url="https://notice.gaon.example/new/70")
    assert matches([new], [], [old]) == {"70": old}


def test_an_article_that_is_still_listed_lends_its_name_to_nobody() -> None:
    """Two notices of one title on one day are two, as long as both are there."""
    first = entry("1", title="2026년 하반기 강사 채용 공고")
    second = entry("2", title="2026년 하반기 강사 채용 공고")
    stored = known("1", title=first.title)
    assert matches([second, first], [stored], [stored]) == {"1": stored}


def test_a_weekly_series_is_not_one_article() -> None:
    """The same words a week later are another article; without dates the title alone heals nothing either."""
    old = known("1", title="이번 주 도서관 행사 안내", published=said(NIGHT - timedelta(days=7)))
    later = entry("2", title=old.title, published=said(NIGHT))
    assert matches([later], [], [old]) == {}
    silent = [
        known(str(n), title=old.title if n == 1 else f"다른 행사 {n}번 안내", published=None) for n in range(1, 9)
    ]
    listed = [entry(str(n), title=f"다른 행사 {n}번 안내", published=None) for n in range(2, 9)]
    fresh = entry("20", title=old.title, published=None)
    assert "20" not in matches([fresh, *listed], silent[1:], silent)


def test_titles_alone_tell_where_the_whole_list_was_renamed() -> None:
    """A board without dates that numbers everything anew is recognised as a whole."""
    stored = [known(str(n), title=f"생활 도예 {n}기 모집", published=None) for n in range(10)]
    listed = [
        entry(f"new-{n}", title=f"생활 도예 {n}기 모집", published=None, url=f"https://x.example/{n}")
        for n in range(10)
    ]
    assert {key: k.key for key, k in matches(listed, [], stored).items()} == {f"new-{n}": str(n) for n in range(10)}


def test_a_title_cut_by_the_new_list_is_known_by_its_beginning() -> None:
    """Cards cut titles; the day still has to be the same."""
    old = known("1", title="2026년 겨울방학 청소년 코딩 교실 수강생 모집 안내")
    cut = entry("9", title="2026년 겨울방학 청소년 코딩 교실...", url="https://x.example/9")
    assert matches([cut], [], [old]) == {"9": old}
    assert matches([entry("9", title="2026년 겨울방학 청소년 코딩 교실", url="https://x.example/9")], [], [old]) == {}
