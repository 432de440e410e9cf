"""Course lists of any form: with nothing named, the list's own columns, terms and labels tell the course."""

from __future__ import annotations

from typing import Any

import pytest

import pipeline.model as p
from sources import board
from tests.unit.sources.talk import document

URL = "https://learn.gaon.example/list"
TABLE = """<table class="t"><thead><tr><th>번호</th><th>강좌명</th><th>접수기간/교육기간</th><th>요일/시간</th><th>신청/정원</th>
<th>수강료</th><th>교육대상</th><th>장소</th><th>상태</th></tr></thead><tbody>
<tr><td>1</td><td><a href="v?no=1">통기타</a></td><td>2026.11.20~11.25<br>2026.12.01~12.22</td><td>화 10:00~12:00</td><td>3/20명</td>
<td>무료</td><td>성인</td><td>2층 강의실</td><td><span>접수중</span></td></tr></tbody></table>"""
CARDS = """<ul class="l"><li><a href="v?no=1"><em class="st">마감임박</em><strong class="tit">요가</strong></a><dl><dt>일반접수기간</dt>
<dd>2026.11.20 ~ 11.25</dd><dt>우선접수기간</dt><dd>2026.11.18 ~ 11.19</dd><dt>교육기간</dt><dd>2026.12.01 ~ 12.22</dd>
<dt>모집인원</dt><dd>20명</dd><dt>신청인원</dt><dd>3명</dd><dt>재료비</dt><dd>5,000원</dd></dl></li></ul>"""
LABELS = """<div class="c"><div class="card"><h4><a href="v?no=1">도예</a></h4><p><span class="k">신청기간</span><span class="v">11.20. ~
11.25.</span></p><p>교육기간 : 12.1. ~ 12.22.</p><p><b>대상</b> 초등학생</p><p>수강료: 30,000원(재료비 별도)</p><button>신청하기</button>
<span class="b">[접수예정]</span></div></div>"""
RESPONSIVE = """<table><tbody><tr class="r"><td data-label="강좌명"><a href="v?no=1">글씨</a></td><td data-label="접수기간">11.20~11.25</td>
<td data-label="교육장소">3층</td></tr></tbody></table>"""


def told(body: str, course: dict[str, str] | None = None, **more: Any) -> dict[str, str]:
    """What a list's only row says of its course, without what is empty."""
    options = board.Options(url=URL, course=board.CourseFields(**(course or {})), **more)
    pages = p.Fetched(documents=(document(URL, f"<html><body>{body}</body></html>", media_type="text/html"),))
    (item,) = board.parse(options, pages)
    assert item.kind is p.Kind.COURSE
    assert item.course is not None
    return {name: text for name in p.RawCourse.__slots__ if (text := getattr(item.course, name))}


def test_a_table_tells_by_its_columns() -> None:
    """Two things in one column stand on lines of their own; a column of seats and applications is one cell."""
    assert told(TABLE, rows="table.t tbody tr", title="td a") == {
        "apply": "2026.11.20~11.25",
        "teach": "2026.12.01~12.22",
        "weekdays": "화 10:00~12:00",
        "capacity": "3/20명",
        "fee": "무료",
        "target": "성인",
        "place": "2층 강의실",
        "status": "접수중",
    }


def test_cards_tell_by_their_terms() -> None:
    """Several periods stay apart; a badge is a status; counts that move daily are read only where asked for."""
    assert told(CARDS, rows="ul.l > li", title="strong.tit") == {
        "apply": "일반 2026.11.20 ~ 11.25\n우선 2026.11.18 ~ 11.19",
        "teach": "2026.12.01 ~ 12.22",
        "capacity": "20명",
        "material_fee": "5,000원",
        "status": "마감임박",
    }
    asked = told(CARDS, {"applied": "label:신청인원"}, rows="ul.l > li", title="strong.tit")
    assert asked["applied"] == "3명"


def test_cards_tell_by_words_beside_words() -> None:
    """Labels as spans, with colons or bold; a button to apply is no status."""
    assert told(LABELS, rows="div.card", title="h4 a") == {
        "apply": "11.20. ~ 11.25.",
        "teach": "12.1. ~ 12.22.",
        "target": "초등학생",
        "fee": "30,000원(재료비 별도)",
        "status": "접수예정",
    }


def test_cells_of_a_narrow_screen_tell_by_their_attributes() -> None:
    """``data-label`` names a cell where there is no header row."""
    assert told(RESPONSIVE, rows="tr.r", title="a") == {"apply": "11.20~11.25", "place": "3층"}


def test_what_the_editor_named_wins() -> None:
    """A named place is believed; the rest is still found."""
    found = told(CARDS, {"apply": "label:교육기간", "status": "strong.tit"}, rows="ul.l > li", title="strong.tit")
    assert (found["apply"], found["status"], found["capacity"]) == ("2026.12.01 ~ 12.22", "요가", "20명")


@pytest.mark.parametrize(
    "words",
    [
        "접수중",
        "접수 예정",
        "모집마감",
        "대기접수",
        "추가접수",
        "폐강",
        "정원마감",
        "교육종료",
        "D-3",
        "[마감임박]",
        "상시접수",
    ],
)
def test_badges_that_are_states(words: str) -> None:
    """A badge with a state alone is the status."""
    body = f'<ul><li class="x"><a href="v?no=1">요가</a><span>{words}</span></li></ul>'
    assert told(body, rows="li.x", title="a")["status"] == words.strip("[]")


@pytest.mark.parametrize("words", ["신청하기", "자세히 보기", "접수처", "마감일은 11월 30일", "인기", "무료"])
def test_badges_that_are_none(words: str) -> None:
    """What one can do, and other words, say nothing of the state."""
    body = f'<ul><li class="x"><a href="v?no=1">요가</a><span>{words}</span></li></ul>'
    assert "status" not in told(body, rows="li.x", title="a")


def test_a_notice_board_is_no_course_list() -> None:
    """Without ``course`` nothing is looked for."""
    options = board.Options(url=URL, rows="ul.l > li", title="strong.tit")
    pages = p.Fetched(documents=(document(URL, CARDS, media_type="text/html"),))
    assert [item.course for item in board.parse(options, pages)] == [None]
