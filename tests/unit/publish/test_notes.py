"""Sentences on cards: natural Korean with the right particles, old and new, never a guess."""

from __future__ import annotations

from datetime import date

import pytest

import pipeline.model as p
from pipeline.publish import notes
from pipeline.publish.notes import Altered
from tests.factories import NIGHT, course, entry, seoul

CLOSED = {"status": p.CourseStatus.CLOSED, "status_as_of_at": NIGHT, "capacity": None, "applied": None}


def said(before: str, name: str, **facts) -> str:
    now = entry("c", kind=p.Kind.COURSE, course=course(**facts))
    return notes.changed(Altered(entry_id=now.id, fields=(name,), before=(before,)), now)


@pytest.mark.parametrize(
    ("name", "before", "facts", "sentence"),
    [
        (
            "apply_until",
            seoul(11, 27).isoformat(),
            {},
            "접수 마감이 11월 26일(목)에서 11월 30일(월) 18시로 바뀌었습니다.",
        ),
        (
            "apply_from",
            seoul(11, 19, 9).isoformat(),
            {"apply_from_at": seoul(11, 20, 9, 30)},
            "접수 시작이 11월 19일(목) 9시에서 11월 20일(금) 9시 30분으로 바뀌었습니다.",
        ),
        ("starts", "2026-12-01", {}, "시작일이 12월 1일(화)에서 12월 7일(월)로 바뀌었습니다."),
        ("place", "1강의실", {"place": "대강당"}, "장소가 1강의실에서 대강당으로 바뀌었습니다."),
        ("place", "1강의실", {"place": "Zoom"}, "장소가 1강의실에서 Zoom(으)로 바뀌었습니다."),
        ("place", "", {"place": "도서관 2층(소강의실)"}, "장소가 도서관 2층(소강의실)으로 정해졌습니다."),
        ("place", "1강의실", {"place": None}, "장소(1강의실) 안내가 빠졌습니다."),
        (
            "apply_until",
            seoul(11, 27).isoformat(),
            {"apply_until_at": None},
            "접수 마감(11월 26일(목)) 안내가 빠졌습니다.",
        ),
        (
            "apply_until",
            "11월 26일 18시",
            {"apply_until_at": seoul(12, 1)},
            "접수 마감이 11월 26일 18시에서 11월 30일(월)로 바뀌었습니다.",
        ),
        (
            "apply_until",
            "2026-11-26T09:00:00",
            {"apply_until_at": seoul(12, 1)},
            "접수 마감이 11월 26일(목) 18시에서 11월 30일(월)로 바뀌었습니다.",
        ),
        ("cancelled", "", {"status": p.CourseStatus.CANCELLED}, "취소되었습니다."),
        ("cancelled", "yes", {}, "취소했다가 다시 엽니다."),
        ("full", "", {"status": p.CourseStatus.WAITLIST}, "정원이 차서 대기 접수를 받습니다."),
        ("full", "", CLOSED | {"capacity": 20, "applied": 20}, "정원이 차서 접수를 마감했습니다."),
        ("full", "", CLOSED | {"status_raw": "정원마감"}, "정원이 차서 접수를 마감했습니다."),
        ("full", "", CLOSED | {"capacity": 20, "applied": 3}, "접수를 일찍 마감했습니다."),
        ("full", "", CLOSED | {"status_as_of_at": seoul(12, 2)}, ""),
        ("full", "waitlist", CLOSED | {"capacity": 20, "applied": 20}, "정원이 차서 접수를 마감했습니다."),
        ("full", "closed", {"status": p.CourseStatus.OPEN}, "다시 접수합니다."),
        ("full", "closed", {"status": p.CourseStatus.ENDED}, ""),
        ("full", "closed", {"status": p.CourseStatus.CANCELLED}, ""),
        ("full", "", CLOSED | {"apply_until_at": None, "capacity": 20, "applied": 3}, ""),
        ("full", "", CLOSED | {"apply_until_at": None, "status_raw": "정원마감"}, "정원이 차서 접수를 마감했습니다."),
        ("full", "", CLOSED | {"apply_until_at": None, "status_raw": "정원마감", "starts_on": date(2026, 11, 1)}, ""),
        ("colour", "red", {}, ""),
        ("place", "평생학습관 201호", {}, ""),
    ],
)
def test_a_change_in_words(name: str, before: str, facts: dict, sentence: str):
    """Old and new are both said; what is unknown or as before says nothing."""
    assert said(before, name, **facts) == sentence


def test_a_premiere_that_moved():
    """A video's start is told to the minute."""
    video = entry("v", kind=p.Kind.VIDEO, video=p.Video(live="upcoming", starts_at=seoul(12, 1, 20)))
    altered = Altered(entry_id=video.id, fields=("starts",), before=(seoul(12, 1, 19).isoformat(),))
    assert notes.changed(altered, video) == "시작일이 12월 1일(화) 19시에서 12월 1일(화) 20시로 바뀌었습니다."


def test_fields_that_left_with_the_course():
    """An entry that is no course any more lost what it said."""
    plain = entry("n")
    altered = Altered(
        entry_id=plain.id,
        fields=("apply_from", "apply_until", "place", "starts", "cancelled"),
        before=(seoul(11, 19, 9).isoformat(), "", "", "", ""),
    )
    assert notes.changed(altered, plain) == "접수 시작(11월 19일(목) 9시) 안내가 빠졌습니다."


def test_several_changes_are_several_sentences():
    """In the order of the fields."""
    now = entry("c", kind=p.Kind.COURSE)
    altered = Altered(entry_id=now.id, fields=("place", "starts"), before=("", ""))
    assert (
        notes.changed(altered, now) == "장소가 평생학습관 201호로 정해졌습니다. 시작일이 12월 7일(월)로 정해졌습니다."
    )


def test_no_date_no_sentence():
    """A course without a period calls for nothing."""
    bare = course(apply_from_at=None, apply_until_at=None)
    assert (notes.closing(bare, NIGHT), notes.opens(bare, NIGHT)) == ("", "")


def test_days_and_instants():
    """Seoul's calendar; midnight is a day."""
    assert notes.day(date(2026, 11, 29)) == "11월 29일(일)"
    assert (notes.instant(seoul(11, 30)), notes.until(seoul(11, 30))) == ("11월 30일(월)", "11월 29일(일)")
