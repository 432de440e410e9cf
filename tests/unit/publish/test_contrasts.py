"""Nouns that a board's titles exchange tell news of other channels apart."""

from __future__ import annotations

import random

from pipeline.publish.contrasts import contrasts, opposed
from tests.unit.publish.telling import told

LEATHER = told("2026 시민강좌 가죽공예 수강생 모집", board="n")
GUITAR = told("2026 시민강좌 통기타 수강생 모집", board="n")
OTHERS = (told("별빛 산책 참가자 모집", board="n"), told("2026 시민강좌 서예 수강생 모집", board="m"))


def test_one_template_one_noun() -> None:
    """What one board exchanges stands against each other; another board's word does not."""
    leather, guitar = frozenset({"가죽공예"}), frozenset({"통기타"})
    assert contrasts([LEATHER, GUITAR, *OTHERS]) == {"가죽공예": ((leather, guitar),), "통기타": ((guitar, leather),)}


def test_brackets_are_exchanged_whole() -> None:
    """However many words stand in them; a word that both brackets say tells nothing apart."""
    mushrooms = told("도시농부학교 교육생 모집(버섯 재배 과정)", board="n")
    bees = told("도시농부학교 교육생 모집(양봉 과정)", board="n")
    blog = told("꿀벌과 함께하는 봄", "도시농부학교 양봉 과정 소식입니다.", body="가온 블로그")
    known = contrasts([mushrooms, bees, blog])
    assert opposed(mushrooms, blog, known)
    assert not opposed(bees, blog, known)


def test_compounds_are_told_apart_by_what_differs() -> None:
    """영구임대주택 is 영구임대아파트 in other mouths, and never 국민임대."""
    lasting = told("2026년 영구임대주택 예비입주자 모집공고", board="n")
    public = told("2026년 국민임대주택 예비입주자 모집공고", board="n")
    blog = told("내 집 걱정 덜어 줄 국민임대 예비입주자 모집", body="가온 블로그")
    other = told("영구임대아파트 예비입주자 신청 안내", body="가온 주택과")
    known = contrasts([lasting, public, blog, other])
    assert opposed(lasting, blog, known)
    assert not opposed(public, blog, known)
    assert opposed(public, other, known)
    assert not opposed(lasting, other, known)


def test_a_blog_of_one_is_not_about_the_other() -> None:
    """The blog names the guitar in its lead only, and the leather nowhere."""
    known = contrasts([LEATHER, GUITAR, *OTHERS])
    blog = told("여섯 줄의 낭만", "시민강좌 통기타를 시작합니다.", body="가온 블로그")
    both = told("시민강좌 총정리", "가죽공예와 통기타를 배워요.", body="가온 블로그")
    assert opposed(LEATHER, blog, known)
    assert not opposed(GUITAR, blog, known)
    assert not opposed(LEATHER, both, known)


def test_order_does_not_matter() -> None:
    """The same items, the same contrasts."""
    items = [LEATHER, GUITAR, *OTHERS, told("2026 시민강좌 목공 수강생 모집", board="n")]
    whole = contrasts(items)
    for seed in range(4):
        random.Random(seed).shuffle(items)
        assert contrasts(items) == whole
