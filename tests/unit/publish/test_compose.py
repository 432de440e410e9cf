"""One edition: what is due, as what, in which order, and why the rest is left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pipeline.model as p
from pipeline.publish import compose as room
from pipeline.publish.compose import Night, compose
from pipeline.publish.editing import Decision, story_id
from pipeline.publish.fold import Folded, fold
from pipeline.publish.notes import Altered
from tests.factories import INSTITUTE, NIGHT, course, entry, said, seoul

SPEC = p.DigestSpec(id="daily", title="가온 배움소식 {date}")
YESTERDAY = NIGHT - timedelta(days=1)


def night(*due: p.Entry, told: dict | None = None, altered: tuple[Altered, ...] = (), **more) -> Night:
    base = {"as_of": NIGHT, "start_at": YESTERDAY}
    return Night(
        **(base | more),
        due=frozenset(e.id for e in due),
        told={story_id(e): labels for e, labels in (told or {}).items()},
        altered={a.entry_id: a for a in altered},
    )


def edition(*entries: p.Entry, spec: p.DigestSpec = SPEC, decisions: tuple[Decision, ...] = (), due=None, **more):
    return compose(spec, fold(entries, {}, decisions), night(*(entries if due is None else due), **more), INSTITUTE)


def told(made: room.Composed) -> list[tuple[str, str, str, str]]:
    return [(s.key, c.story.primary.key, c.label, c.note) for s in made.digest.sections for c in s.cards]


def left(made: room.Composed) -> list[tuple[str, str]]:
    return [(o.title, o.reason) for o in made.digest.left_out]


def lesson(key: str = "c", **facts) -> p.Entry:
    return entry(key, kind=p.Kind.COURSE, course=course(**facts))


def test_the_frame_of_an_edition():
    """Id, title, window and sections are those of the Seoul day; the window holds what this very run found."""
    made = edition(entry("1"))
    digest = made.digest
    assert (digest.id, digest.title) == ("daily/2026-11-23", "가온 배움소식 11월 23일")
    assert (digest.start_at, digest.as_of) == (YESTERDAY, NIGHT)
    assert digest.start_at < NIGHT < digest.end_at
    assert [(s.key, s.title) for s in digest.sections] == [("news", "소식")]
    assert made.ledger == ((story_id(entry("1").id), "new"),)


def test_braces_of_an_editor_are_text():
    """Only {date} means something in a title."""
    assert edition(entry("1"), spec=replace(SPEC, title="{0} {x} {date}")).digest.title == "{0} {x} 11월 23일"


def test_each_kind_has_its_section():
    """Courses, videos and everything else, in this order."""
    made = edition(entry("n"), entry("v", kind=p.Kind.VIDEO), lesson())
    assert [(k, i, label) for k, i, label, _n in told(made)] == [
        ("courses", "c", "new"),
        ("videos", "v", "video"),
        ("news", "n", "new"),
    ]


@pytest.mark.parametrize(
    ("until", "has_time", "section", "note"),
    [
        (seoul(11, 23, 18), True, "closing-today", "오늘 18시에 접수를 마감합니다."),
        (seoul(11, 24), False, "closing-today", "오늘까지 접수합니다."),
        (seoul(11, 26, 17, 30), True, "closing", "11월 26일(목) 17시 30분에 접수를 마감합니다."),
        (seoul(11, 27), False, "closing", "11월 26일(목)까지 접수합니다."),
        (seoul(11, 27, 9), True, "courses", ""),
    ],
)
def test_a_course_that_closes_within_three_days(until, has_time: bool, section: str, note: str):
    """CI1: under its own heading, with the day or the minute; later ones are plain new courses."""
    made = edition(lesson(apply_until_at=until, apply_until_has_time=has_time))
    label = "new" if section == "courses" else "closing"
    assert told(made) == [(section, "c", label, note)]


def test_closing_is_said_once_each_and_ends_with_its_minute():
    """Told three days ahead and again on the last day, not in between, never after."""
    soon = lesson(apply_until_at=seoul(11, 25, 18))
    assert [k for k, *_ in told(edition(soon, due=(), told={soon.id: {"new"}}))] == ["closing"]
    assert told(edition(soon, due=(), told={soon.id: {"new", "closing"}})) == []
    last = lesson(apply_until_at=seoul(11, 23, 18))
    assert [k for k, *_ in told(edition(last, due=(), told={last.id: {"new", "closing"}}))] == ["closing-today"]
    assert told(edition(last, due=(), told={last.id: {"new", "closing-today"}})) == []
    assert told(edition(last, due=(), told={last.id: {"new"}}, as_of=seoul(11, 23, 18))) == []
    made = edition(last, due=(), as_of=seoul(11, 23, 17, 59))
    assert {label for _id, label in made.ledger} == {"closing", "closing-today"}


@pytest.mark.parametrize("status", [p.CourseStatus.CLOSED, p.CourseStatus.ENDED, p.CourseStatus.CANCELLED])
def test_one_calls_for_nothing_that_is_full_or_off(status: p.CourseStatus):
    """A new course one cannot apply for is left out with its reason; an announced one is not called for."""
    shut = lesson(status=status, apply_until_at=seoul(11, 23, 18))
    made = edition(shut)
    assert (told(made), left(made)) == ([], [(shut.title, "over")])
    assert left(edition(lesson(apply_until_at=YESTERDAY))) == [(shut.title, "over")]
    assert edition(shut, due=(), told={shut.id: {"new"}}).stories == 0


def test_a_course_that_opens():
    """Told when new and again on the day it opens; what opened since the last edition too; once."""
    opens = lesson(apply_from_at=seoul(11, 23, 10), status=p.CourseStatus.SCHEDULED)
    assert told(edition(opens)) == [("opens", "c", "opens", "오늘 10시부터 접수합니다.")]
    assert {label for _id, label in edition(opens).ledger} == {"new", "opens"}
    assert told(edition(opens, due=(), told={opens.id: {"new"}})) == [
        ("opens", "c", "opens", "오늘 10시부터 접수합니다.")
    ]
    assert told(edition(opens, due=(), told={opens.id: {"new", "opens"}})) == []
    day = lesson(apply_from_at=seoul(11, 22), apply_from_has_time=False)
    weekly = {"start_at": seoul(11, 16, 3)}
    assert told(edition(day, due=(), **weekly)) == [("opens", "c", "opens", "11월 22일(일)부터 접수합니다.")]
    assert told(edition(day, due=(), start_at=None)) == []
    tomorrow = lesson(apply_from_at=seoul(11, 24, 10), apply_until_at=seoul(11, 25, 10))
    assert [k for k, *_ in told(edition(tomorrow))] == ["courses"]
    assert [k for k, *_ in told(edition(lesson(apply_from_at=None, apply_until_at=None)))] == ["courses"]


def test_a_material_change_of_something_told():
    """CI3: one card with old and new; not for what was never told, and not when it is as it was."""
    now = lesson(apply_until_at=seoul(12, 1))
    change = Altered(entry_id=now.id, fields=("apply_until",), before=(seoul(11, 27).isoformat(),))
    made = edition(now, due=(), told={now.id: {"new"}}, altered=(change,))
    note = "접수 마감이 11월 26일(목)에서 11월 30일(월)로 바뀌었습니다."
    assert told(made) == [("changed", "c", "changed", note)]
    assert made.ledger == ((story_id(now.id), "changed"),)
    assert told(edition(now, due=(), altered=(change,))) == []
    back = replace(change, before=(seoul(12, 1).isoformat(),))
    assert told(edition(now, due=(), told={now.id: {"new"}}, altered=(back,))) == []


def test_a_change_comes_before_the_call():
    """A moved deadline that is close now is told as a change; the call follows in the next edition."""
    now = lesson(apply_until_at=seoul(11, 24, 18))
    change = Altered(entry_id=now.id, fields=("apply_until",), before=(seoul(11, 30, 18).isoformat(),))
    made = edition(now, due=(), told={now.id: {"new"}}, altered=(change,))
    assert [(k, label) for k, _i, label, _n in told(made)] == [("changed", "changed")]
    assert {label for _id, label in made.ledger} == {"changed"}


def test_nothing_is_told_twice_as_new():
    """CI5: not because it was pinned, joined, split or found in another medium."""
    notice = entry("1")
    post = entry("2", source_id="blog", kind=p.Kind.POST, title=notice.title)
    made = edition(notice, post, due=(post,), told={notice.id: {"new"}})
    assert (told(made), left(made)) == ([], [(notice.title, "already-published")])
    apart = edition(
        notice, post, due=(post,), told={post.id: {"new"}}, decisions=(Decision(verb="split", subject=post.id),)
    )
    assert told(apart) == []


def test_a_ledger_line_for_every_member():
    """So that a later split finds its story told."""
    notice, post = entry("1"), entry("2", source_id="blog", kind=p.Kind.POST)
    made = edition(notice, replace(post, title=notice.title))
    assert {i for i, _label in made.ledger} == {story_id(notice.id), story_id(post.id)}


def test_the_backfill_is_never_told():
    """Quiet entries neither appear nor are called for; a loud member makes the story news."""
    quiet = lesson(apply_until_at=seoul(11, 23, 18))
    quiet = replace(quiet, is_quiet=True)
    assert told(edition(quiet)) == []
    notice = entry("1", is_quiet=True)
    post = entry("2", source_id="blog", kind=p.Kind.POST, title=notice.title)
    assert [i for _k, i, *_ in told(edition(notice, post))] == ["1"]


def test_what_was_posted_late_says_so():
    """Pain 20: found today, posted days ago: labelled with the day; an inferred date is never said; courses are not late."""
    old = said(seoul(11, 19, 9))
    assert told(edition(entry("1", published=old))) == [("news", "1", "late", "11월 19일(목)에 올라온 소식입니다.")]
    assert told(edition(entry("1", published=replace(old, inferred=True))))[0][2] == "new"
    assert told(edition(replace(lesson(), published=old)))[0][2] == "new"
    assert told(edition(entry("1", published=old), start_at=None))[0][2] == "late"


def test_filters_of_a_digest():
    """Kinds by the primary, sources and topics by any member."""
    a = entry("1", topics=("책",))
    b = entry("2", source_id="blog", kind=p.Kind.POST, title="다른 글 하나")
    for spec, keys in [
        (replace(SPEC, kinds=(p.Kind.POST,)), ["2"]),
        (replace(SPEC, sources=("blog",)), ["2"]),
        (replace(SPEC, topics=("책", "길")), ["1"]),
        (replace(SPEC, topics=("길",)), []),
    ]:
        made = edition(a, b, spec=spec)
        assert ([i for _k, i, *_ in told(made)], made.digest.left_out) == (keys, ())


def test_hidden_is_a_reason():
    """What an editor hid is listed as left out, when it would have been due."""
    made = edition(
        entry("1"),
        entry("2"),
        due=(entry("1"),),
        decisions=tuple(Decision(verb="hide", subject=entry(k).id) for k in "12"),
    )
    assert (told(made), left(made)) == ([], [(entry("1").title, "hidden")])


def test_over_the_cap_the_last_goes_and_pins_stay():
    """Urgent first; a pinned story is kept and leads its section; the rest has a reason; the ledger knows the kept only."""
    entries = (lesson(apply_until_at=seoul(11, 23, 18)), entry("1"), entry("2"), entry("3"))
    made = edition(*entries, spec=replace(SPEC, cap=2), decisions=(Decision(verb="pin", subject=entry("3").id),))
    assert [i for _k, i, *_ in told(made)] == ["c", "3"]
    assert sorted(left(made)) == [(entry(k).title, "cap") for k in "12"]
    assert {i for i, _label in made.ledger} == {story_id(entries[0].id), story_id(entries[3].id)}


def test_order_within_a_section():
    """Courses by their end, the rest newest first; ids settle ties."""
    lessons = [
        lesson("a", apply_until_at=None),
        lesson("b", apply_until_at=seoul(12, 9)),
        lesson("c", apply_until_at=seoul(12, 2)),
    ]
    lessons = [replace(e, title=f"강좌 {e.key}") for e in lessons]
    news = [
        entry("x", published=said(NIGHT - timedelta(hours=3))),
        entry("y", published=said(NIGHT - timedelta(hours=1))),
    ]
    assert [i for _k, i, *_ in told(edition(*lessons, *news))] == ["c", "b", "a", "y", "x"]


def test_an_editors_note_is_the_cards_note():
    """It stands where a sentence of ours would; a correction is never replaced."""
    note = (Decision(verb="note", subject=lesson().id, other="자리가 얼마 없습니다."),)
    assert told(edition(lesson(), decisions=note))[0][3] == "자리가 얼마 없습니다."
    soon = lesson(apply_until_at=seoul(11, 23, 18))
    assert told(edition(soon, decisions=note))[0][3] == "자리가 얼마 없습니다."
    change = Altered(entry_id=soon.id, fields=("place",), before=("옛 강의실",))
    made = edition(soon, due=(), told={soon.id: {"new"}}, altered=(change,), decisions=note)
    assert told(made)[0][3] == "장소가 옛 강의실에서 평생학습관 201호로 바뀌었습니다."


def test_the_first_edition_begins_with_what_it_tells():
    """Without a previous edition the window starts at the oldest story told."""
    first = NIGHT - timedelta(hours=5)
    assert edition(entry("1", first_seen_at=first), entry("2"), start_at=None).digest.start_at == first
    nothing = edition(start_at=None)
    assert (nothing.stories, nothing.digest.sections) == (0, ())


def test_may_speak_never_misses_a_card():
    """The cheap question of the door lets through whatever an edition would tell or leave out with a reason."""
    quiet = replace(lesson("q"), is_quiet=True)
    entries = (entry("1"), entry("2"), lesson("c", apply_until_at=seoul(11, 24)), quiet)
    folded = fold(entries)
    tonight = night(entries[0], told={entries[1].id: {"new"}})
    few = Folded(stories=tuple(s for s in folded.stories if room.may_speak(s, tonight)))
    assert compose(SPEC, few, tonight, INSTITUTE) == compose(SPEC, folded, tonight, INSTITUTE)
    assert len(few.stories) == 3


def test_an_old_edition_shown_today():
    """Withdrawn stories and passed calls are gone from it, the stories are as they are now, empty headings vanish."""
    gone, open_, shut, news = entry("g"), lesson("o"), lesson("s", apply_until_at=seoul(11, 23, 18)), entry("n")
    lessons = [replace(e, title=f"강좌 {e.key}") for e in (open_, shut)]
    made = edition(gone, *lessons, news).digest
    live = {s.id: s for s in fold([*lessons, replace(news, title="고친 제목")]).stories}
    shown = room.still_true(made.sections, live, seoul(11, 23, 19))
    assert [(s.key, [c.story.primary.title for c in s.cards]) for s in shown] == [
        ("courses", ["강좌 o"]),
        ("news", ["고친 제목"]),
    ]


@settings(max_examples=40, deadline=None)
@given(st.permutations(range(8)), st.integers(1, 9))
def test_the_order_of_stories_does_not_matter(order: list[int], cap: int):
    """An edition is a function of its set of stories (P68)."""
    pool = [
        entry("0"),
        entry("1", kind=p.Kind.VIDEO),
        lesson("2"),
        lesson("3", apply_until_at=seoul(11, 23, 18)),
        entry("4", kind=p.Kind.NEWS),
        lesson("5", apply_from_at=seoul(11, 23, 9)),
        lesson("6", apply_until_at=YESTERDAY),
        entry("7"),
    ]
    pool = [replace(e, title=f"소식 {e.key}") for e in pool]
    folded = fold(pool)
    shuffled = replace(folded, stories=tuple(folded.stories[i] for i in order))
    spec, tonight = replace(SPEC, cap=cap), night(*pool)
    made = compose(spec, shuffled, tonight, INSTITUTE)
    assert made == compose(spec, folded, tonight, INSTITUTE)
    assert made.stories == min(cap, 7)
    assert len(made.digest.left_out) == 8 - made.stories
