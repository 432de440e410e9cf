"""The GSEEK conversation against a platform as the notes tell it: few calls, nothing lost, nothing that applies."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from pydantic import ValidationError

import pipeline.model as p
from pipeline.collect.normalize import normalize
from sources import gseek
from tests.unit.sources.gseek_platform import HOST, Platform, row
from tests.unit.sources.talk import NIGHT, Web, document

SEARCH = "/user/course/offline/list/search"
VIEW = "/user/course/offline/view"


def options(**more: Any) -> gseek.Options:
    return gseek.Options(**{"url": HOST, "recheck": 0, **more})


def entries(found: p.Fetched | None, chosen: gseek.Options | None = None) -> list[p.Entry]:
    spec = p.SourceSpec(id="ssoc", kind="gseek", name="쏙", url=HOST, options=None)
    return normalize(gseek.parse(chosen or options(), found), spec, now=NIGHT).entries if found else []


def keys(found: p.Fetched | None) -> list[str]:
    return [item.key for item in gseek.parse(options(), found) if not item.skip] if found else []


def night(platform: Platform, memo: p.Memo | None = None, **more: Any) -> tuple[p.Fetched | None, Web]:
    web = Web(platform)
    return web.run(gseek.fetch(options(**more), memo or {})), web


def paths(web: Web) -> list[str]:
    return [urlsplit(request.url).path for request in web.asked]


def test_a_course_is_read_from_its_row_and_its_page() -> None:
    """Periods and place from the page, the rest from the row; the address is the course's own page."""
    platform = Platform([row(61834, d_sbjct_nm="스마트폰 활용 &lt;기초&gt;")])
    found, _web = night(platform)
    (one,) = entries(found)
    course = one.course
    assert course is not None
    assert (one.key, one.title, one.department) == ("61834:1", "스마트폰 활용 <기초>", "가온시 물빛평생학습관")
    assert one.url == f"{HOST}{VIEW}?s_sbjct_sn=61834&s_sbjct_cycl_sn=1"
    assert course.apply_until_at == datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
    assert (course.place, course.material_fee, course.fee) == ("물빛평생학습관 201호", "5,000원", "10,000원")
    assert (course.weekdays, course.starts_time, course.ends_time) == (("TU",), "10:00", "12:00")
    assert (course.capacity, course.applied, course.status_raw, course.selection) == (20, 3, "모집중", "선착순")
    assert (course.mode, course.level, course.field, course.target) == (
        "offline",
        "기초",
        "인문교양 > 시민교육",
        "가온시민",
    )


def test_the_teacher_stays_out() -> None:
    """A teacher's name in a row is no news and is not stored."""
    found, _web = night(Platform([row(1)]))
    assert "홍길동" not in repr(entries(found))


def test_several_application_periods_are_kept_apart() -> None:
    """우선 and 일반 become one span with both in words."""
    platform = Platform([row(1)])
    platform.pages["1"] = (
        "<dt>우선신청기간</dt><dd>2026.11.18 ~ 2026.11.19</dd><dt>일반신청기간</dt><dd>2026.11.20 ~ 2026.11.25</dd>"
    )
    found, _web = night(platform)
    course = entries(found)[0].course
    assert course is not None
    assert (course.apply_from_at, course.apply_until_at) == (
        datetime(2026, 11, 17, 15, tzinfo=UTC),
        datetime(2026, 11, 25, 15, tzinfo=UTC),
    )
    assert course.apply_raw == "우선신청기간 2026.11.18 ~ 2026.11.19 / 일반신청기간 2026.11.20 ~ 2026.11.25"


def test_ranges_are_of_nine_and_end_before_their_end() -> None:
    """1–10 is nine rows, the next range begins at 10; the first is read again at the end."""
    platform = Platform([row(n) for n in range(1, 21)])
    found, _web = night(platform)
    assert platform.ranges == [(1, 10), (10, 19), (19, 28), (1, 10)]
    assert keys(found) == [f"{n}:1" for n in range(1, 21)]
    assert found is not None
    assert found.warnings == ()


def test_a_night_stops_below_the_open_courses() -> None:
    """With 1,700 courses over, a night with five open ones asks once for the list."""
    platform = Platform([row(n, "마감") for n in range(1000, 2700)] + [row(n) for n in range(5)])
    found, web = night(platform)
    assert platform.ranges == [(1, 10), (10, 19), (1, 10)]
    assert len(keys(found)) == 18
    again, second = night(platform, found.memo if found else None)
    assert again is None
    assert [path for path in paths(second) if path == VIEW] == []
    assert len([path for path in paths(web) if path == VIEW]) == 5  # only of those one can apply for


def test_a_quiet_night_is_unchanged_and_a_count_is_not_a_new_page() -> None:
    """Nothing new ends as unchanged; three more applications are told without asking for the page again."""
    platform = Platform([row(1), row(2)])
    found, _web = night(platform)
    assert found is not None
    assert night(platform, found.memo)[0] is None
    platform.rows[0]["d_aply_cnt"] = "6"
    counted, web = night(platform, found.memo)
    assert (keys(counted), VIEW in paths(web)) == (["1:1"], False)
    course = entries(counted)[0].course
    assert course is not None
    assert (course.applied, course.place) == (6, "물빛평생학습관 201호")


def test_a_deadline_put_off_shows_on_the_page_only() -> None:
    """The row is the same; a few known pages are read again each night, and in turn all of them."""
    platform = Platform([row(n) for n in range(1, 8)])
    found, _web = night(platform, recheck=3)
    memo: p.Memo = found.memo if found else {}
    platform.pages["6"] = "<dt>신청기간</dt><dd>2026.11.20 09:00 ~ 2026.12.20 18:00</dd>"
    told, asked = [], []
    for _ in range(4):
        found, web = night(platform, memo, recheck=3)
        memo = json.loads(json.dumps(found.memo)) if found else memo
        told += [(entry.key, entry.course and entry.course.apply_until_at) for entry in entries(found)]
        asked.append(paths(web).count(VIEW))
    assert told == [("6:1", datetime(2026, 12, 20, 9, tzinfo=UTC))]
    assert asked == [3, 3, 3, 3]


def test_a_course_still_open_after_its_deadline_is_looked_at_first() -> None:
    """Its page must say something else by now."""
    platform = Platform([row(n) for n in range(1, 8)])
    platform.pages["7"] = "<dt>신청기간</dt><dd>2026.11.01 ~ 2026.11.20</dd>"
    found, _web = night(platform, recheck=2)
    platform.pages["7"] = "<dt>신청기간</dt><dd>2026.11.01 ~ 2026.12.20</dd>"
    later, _web = night(platform, found.memo if found else None, recheck=2)
    assert keys(later) == ["7:1"]


def test_a_second_look_that_fails_costs_nothing() -> None:
    """What was known stays, and nothing is told."""
    platform = Platform([row(1)])
    found, _web = night(platform, recheck=2)
    platform.faults[VIEW] = lambda: p.FetchError("500", status=500)
    assert night(platform, found.memo if found else None, recheck=2)[0] is None


def test_a_course_that_closed_is_looked_for_below_the_open_ones() -> None:
    """It sinks under 30 open and 40 closed courses; the night reads on until it is found, and only then stops."""
    platform = Platform([row(n) for n in range(1, 31)])
    found, _web = night(platform)
    assert found is not None
    platform.rows += [row(n, "마감") for n in range(500, 540)]
    platform.rows.append({**platform.rows.pop(4), "d_recrut_stts_nm": "마감"})
    later, _web = night(platform, found.memo)
    (one,) = [entry for entry in entries(later) if entry.key == "5:1"]
    assert one.course is not None
    assert one.course.status is p.CourseStatus.CLOSED
    assert one.course.apply_until_at is not None  # what its page said is still known


def test_a_withdrawn_course_is_not_looked_for_for_ever() -> None:
    """After three nights the night is short again."""
    platform = Platform([row(n) for n in range(5)] + [row(n, "마감") for n in range(1000, 1600)])
    found, _web = night(platform)
    memo: p.Memo = found.memo if found else {}
    platform.rows.pop(0)
    lengths = []
    for _ in range(5):
        platform.ranges.clear()
        found, _web = night(platform, memo, pages=10)
        memo = found.memo if found else memo
        lengths.append(len(platform.ranges))
    assert lengths == [11, 11, 11, 3, 3]


def test_cycles_of_a_course_are_courses() -> None:
    """The same number in another cycle is another course."""
    found, _web = night(Platform([row(7), row(7, d_sbjct_cycl_sn="2")]))
    assert keys(found) == ["7:1", "7:2"]


@pytest.mark.parametrize(
    "title",
    ["테스트", "테스트 강좌입니다", "TEST 123", "[테스트] 요가", "(연습) 강좌 등록", "요가 교실 (TEST)", "테스트중"],
)
def test_test_rows_are_skipped_and_named(title: str) -> None:
    """Rows put up to try the platform out are dropped with a reason, and their pages are not asked for."""
    found, web = night(Platform([row(1, d_sbjct_nm=title), row(2)]))
    assert found is not None
    skipped = [(item.skip, item.title) for item in gseek.parse(options(), found) if item.skip]
    assert (skipped, keys(found)) == ([("test-row", title)], ["2:1"])
    assert len([path for path in paths(web) if path == VIEW]) == 1


@pytest.mark.parametrize(
    "title", ["통기타 연습반", "영어 레벨테스트 대비반", "테스트로 배우는 코딩", "Testing과 품질", "샘플러 퀼트"]
)
def test_honest_titles_are_no_test_rows(title: str) -> None:
    """A course about tests or practice is a course."""
    found, _web = night(Platform([row(1, d_sbjct_nm=title)]))
    assert keys(found) == ["1:1"]


def test_rows_that_move_between_calls_are_read_again() -> None:
    """A course that leaves page one while page two is read would hide its neighbour: the list is read once more."""
    platform = Platform([row(n) for n in range(1, 19)])

    def move(number: int) -> None:
        if number == 2:
            platform.rows.pop(0)

    platform.before = move
    found, _web = night(platform)
    assert set(keys(found)) >= {f"{n}:1" for n in range(2, 19)}
    assert found is not None
    assert "list-moved" not in dict(found.warnings)


def test_a_total_that_does_not_fit_is_told() -> None:
    """The list says 23 and gives 20: the report hears it, the 20 count."""
    found, _web = night(Platform([row(n) for n in range(20)], lies=3))
    assert found is not None
    assert dict(found.warnings)["count-mismatch"] == "20/23"
    assert len(keys(found)) == 20


def test_the_whole_list_is_walked_in_steps() -> None:
    """A census of five pages a night reaches an old course that opened again; an archive makes no items."""
    platform = Platform([row(1)] + [row(n, "마감") for n in range(100, 190)])
    found, _web = night(platform, census=5)
    assert found is not None
    assert (
        len(keys(found)) == 18
    )  # down to the first page without an open course: what is over and was never told stays untold
    memo = found.memo
    reached: set[int] = set()
    for _ in range(3):
        platform.ranges.clear()
        found, _web = night(platform, memo, census=5)
        memo = found.memo if found else memo
        reached |= {start for start, _end in platform.ranges}
    assert {1, 10, 82, 91} <= reached


def test_an_empty_list_is_empty() -> None:
    """``[]`` is a list without courses: no error, no item."""
    found, _web = night(Platform())
    assert found is not None
    assert list(gseek.parse(options(), found)) == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<html><body>로그인이 필요합니다</body></html>", "unreadable"),
        ('{"error": "server"}', "container-missing"),
        ('[{"id": 3, "name": "강좌"}]', "container-missing"),
        ("[" * 100_000, "unreadable"),
        ("", "unreadable"),
    ],
)
def test_what_is_no_list_is_a_shape_error(body: str, code: str) -> None:
    """A login page at status 200, an error object and a list of something else are never an empty list."""
    platform = Platform(faults={SEARCH: lambda: document(HOST + SEARCH, body)})
    with pytest.raises(p.ShapeError) as caught:
        night(platform)
    assert caught.value.code == code


def test_a_later_page_that_fails_keeps_what_was_read() -> None:
    """The first page counts; the report hears of the second."""
    platform = Platform([row(n) for n in range(1, 15)])
    real = platform._list

    def failing(request: p.Request, held: list[dict[str, Any]]) -> p.Document:
        if b"s_row_start=10" in (request.body or b""):
            raise p.FetchError("503", status=503)
        return real(request, held)

    def answer(request: p.Request) -> p.Document | p.SourceError:
        try:
            return failing(request, platform.rows) if request.method == "POST" else platform(request)
        except p.FetchError as error:
            return error

    found = Web(answer).run(gseek.fetch(options(), {}))
    assert found is not None
    assert (len(keys(found)), found.warnings[0]) == (9, ("page-failed", "2: 503"))


def test_a_server_fault_is_asked_again_once() -> None:
    """The list call only reads: one 500 does not cost the night."""
    platform = Platform([row(1)])
    faults = iter([p.FetchError("500", status=500)])

    def answer(request: p.Request) -> p.Document | p.SourceError:
        return next(faults, None) or platform(request) if request.method == "POST" else platform(request)

    assert keys(Web(answer).run(gseek.fetch(options(), {}))) == ["1:1"]


def test_pages_that_fail_are_tried_on_other_nights() -> None:
    """A new course waits for its page; after three nights its row alone must do."""
    platform = Platform([row(1)])
    memo: p.Memo = night(platform)[0].memo  # type: ignore[union-attr]
    platform.rows.append(row(2))
    platform.faults[VIEW] = lambda: p.FetchError("timeout")
    told = []
    for _ in range(4):
        found, _web = night(platform, memo)
        memo = found.memo if found else memo
        told.append(keys(found))
    assert told == [[], [], ["2:1"], []]


def test_a_first_night_tells_all_even_where_pages_are_left() -> None:
    """More courses than pages of one night: all are stored now, their pages follow."""
    platform = Platform([row(n) for n in range(1, 8)])
    found, web = night(platform, most=3)
    assert (len(keys(found)), paths(web).count(VIEW)) == (7, 3)
    later, web = night(platform, found.memo if found else None, most=3)
    assert (keys(later), paths(web).count(VIEW)) == (["4:1", "5:1", "6:1"], 3)


def test_the_deadline_ends_the_asking() -> None:
    """Once the source's time is up nothing more is asked, and what was read counts."""
    platform = Platform([row(n) for n in range(1, 30)])
    platform.before = lambda _n: None
    count = 0

    def answer(request: p.Request) -> p.Document | p.SourceError:
        nonlocal count
        count += 1
        return p.FetchError("late", code="deadline") if count >= 2 else platform(request)

    found = Web(answer).run(gseek.fetch(options(census=3), {}))
    assert (len(keys(found)), count) == (9, 2)


def test_the_parents_online_courses_are_courses_of_their_own() -> None:
    """Another list, other keys and addresses; where it fails the offline courses still count."""
    online = {"url": "https://www.parent.example/user/course/online/list", "pages": 1}
    platform = Platform([row(1)], online=[row(1, d_sbjct_type_cd_id="ON", d_sbjct_nm="집에서 배우기")])
    chosen = options(online=online)
    found = Web(platform).run(gseek.fetch(chosen, {}))
    assert found is not None
    told = {item.key: item.url for item in gseek.parse(chosen, found)}
    assert told["online:1:1"] == "https://www.parent.example/user/course/online/view?s_sbjct_sn=1&s_sbjct_cycl_sn=1"
    assert "1:1" in told
    platform.faults["/user/course/online/list/search"] = lambda: p.RefusedError("403")
    lonely = Web(platform).run(gseek.fetch(chosen, {}))
    assert lonely is not None
    assert (keys(lonely), lonely.warnings) == (["1:1"], (("page-failed", "online 1: 403"),))


def test_the_region_is_sent_under_the_platforms_own_name() -> None:
    """``resion`` is how they spell it; without a region nothing is sent."""
    asked = night(Platform([row(1)]), region="4100000000")[1].asked[0]
    assert b"resion=4100000000" in (asked.body or b"")
    assert b"resion" not in (night(Platform([row(1)]))[1].asked[0].body or b"")


HOSTILE = (
    "../cert/checkCi",
    "1&next=/user/course/aply",
    "/user/course/aply",
    "1/../../cert/checkCi",
    "javascript:alert(1)",
    "//evil.example/",
    "1\r\nX: y",
    "",
)


@pytest.mark.parametrize("number", HOSTILE)
@pytest.mark.parametrize("field", ["d_sbjct_sn", "d_sbjct_cycl_sn"])
def test_no_answer_leads_to_an_application_or_identity_address(number: str, field: str) -> None:
    """Whatever numbers, lists or pages say: only the search and the course page are asked, and no redirect is followed."""
    hostile = row(1, **{field: number, "moa": {"list": "online", "words": {"apply": "/user/course/cert/checkCi"}}})
    platform = Platform([hostile, row(2)])
    platform.pages["2"] = '<dt>신청기간</dt><dd><a href="/user/course/aply?x=1">신청하기</a></dd>'
    for _ in range(2):
        found, web = night(platform)
        assert set(paths(web)) <= {SEARCH, VIEW}
        assert all(request.url.startswith(HOST + "/") and not request.follow for request in web.asked)
        assert found is not None
        urls = [entry.url for entry in entries(found)]
        assert all(url.startswith(f"{HOST}{VIEW}?s_sbjct_sn=") for url in urls)


@pytest.mark.parametrize(
    "wrong",
    [
        {"search": "/user/course/cert/checkCi"},
        {"view": "/user/course/aply"},
        {"view": "https://evil.example/view"},
        {"url": HOST + "/user/course/aply"},
        {"online": {"search": "/user/course/aply/list"}},
        {"region": "시흥"},
    ],
)
def test_options_cannot_name_such_addresses_either(wrong: dict[str, Any]) -> None:
    """An editor who writes one is told at once."""
    with pytest.raises(ValidationError):
        options(**wrong)


def test_a_site_alone_is_enough() -> None:
    """The list stands where the platform keeps it."""
    assert options(url=HOST + "/").url == HOST + "/user/course/offline/list"
    assert options(url=HOST + "/x/list").url == HOST + "/x/list"


def test_a_memo_is_plain_json() -> None:
    """It is stored as JSON and comes back the same."""
    found, _web = night(Platform([row(1), row(2, "마감")]))
    assert found is not None
    assert json.loads(json.dumps(found.memo)) == found.memo
