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
    group = (frozenset({"가죽공예", "통기타"}),)
    assert contrasts([LEATHER, GUITAR, *OTHERS]) == {"가죽공예": group, "통기타": group}


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
