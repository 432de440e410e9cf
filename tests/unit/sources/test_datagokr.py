"""data.go.kr as the notes tell it: keys written once, XML errors at status 200, no data, spent quotas, Unix seconds."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

import pipeline.model as p
from pipeline import log
from pipeline.collect.normalize import normalize
from sources import kmooc, opendata
from tests.unit.sources.talk import NIGHT, Web, document

DECODED = "aB3+/x9Qw==pracTice"
ENCODED = "aB3%2B%2Fx9Qw%3D%3DpracTice"
TABLE = "https://api.gaon.example/openapi/table"
MOOC = "https://apis.gaon.example/B552881/kmooc_v2_0/"


def xml(code: str, word: str = "SERVICE ERROR") -> str:
    """The gateway's error, the same for every API."""
    return (
        "<OpenAPI_ServiceResponse>\n<cmmMsgHeader>\n<errMsg>SERVICE ERROR</errMsg>\n"
        f"<returnAuthMsg>{word}</returnAuthMsg>\n<returnReasonCode>{code}</returnReasonCode>\n"
        "</cmmMsgHeader>\n</OpenAPI_ServiceResponse>"
    )


def course(number: int = 1, **more: Any) -> dict[str, Any]:
    """A row of the national table."""
    return {
        "lctreNm": f"마을 사진 교실 {number}",
        "instrctrNm": "홍길동",
        "edcStartDay": "2026-12-01",
        "edcEndDay": "2026-12-22",
        "edcStartTime": "10:00",
        "edcColseTime": "12:00",
        "lctreCo": "골목을 찍습니다.",
        "edcTrgetType": "성인",
        "edcMthType": "오프라인",
        "operDay": "화+목",
        "edcPlace": "물빛평생학습관",
        "psncpa": "20",
        "lctreCost": "0",
        "edcRdnmadr": "가온시 물빛로 1",
        "operInstitutionNm": "가온시 평생학습과",
        "operPhoneNumber": "031-000-0000",
        "rceptStartDate": "2026-11-20",
        "rceptEndDate": "2026-11-30",
        "rceptMthType": "온라인",
        "slctnMthType": "선착순",
        "homepageUrl": "가온시청 (gaon.example)",
        "referenceDate": "2026-11-01",
        "instt_code": "3410000",
        **more,
    }


def table(rows: list[dict[str, Any]], total: int | None = None, code: str = "00") -> str:
    """The table's answer, as the portal wraps it."""
    header = {"resultCode": code, "resultMsg": "NORMAL_SERVICE", "type": "json"}
    body = {"items": rows, "totalCount": str(len(rows) if total is None else total), "numOfRows": "100", "pageNo": "1"}
    return json.dumps({"response": {"header": header, "body": body}}, ensure_ascii=False)


def mooc(number: int = 1, **more: Any) -> dict[str, Any]:
    """A row of K-MOOC's list: times are Unix seconds, as text."""
    return {
        "id": str(number),
        "name": f"인공지능의 이해 {number}",
        "org": "gaonu",
        "org_name": "가온대학교",
        "professor": "홍길동",
        "course_image": "https://www.mooc.example/a.png",
        "url": f"https://www.mooc.example/view/course/detail/{number}",
        "enrollment_start": "1793458800",  # 2026-11-01 00:00 in Seoul
        "enrollment_end": "1798729199",  # 2026-12-31 23:59:59
        "study_start": "1796050800",  # 2026-12-01
        "study_end": "1801321199",
        "public_yn": "Y",
        "classfy_name": "공학",
        "middle_classfy_name": "컴퓨터",
        **more,
    }


def listed(rows: list[dict[str, Any]], total: int) -> str:
    """K-MOOC's answer: the count in a header, the result code beside it."""
    return json.dumps({"header": {"totalCount": total}, "resultCode": "00", "resultMsg": "OK", "items": rows})


def table_options(**more: Any) -> opendata.Options:
    return opendata.Options(**{"key": p.Secret("MOA_DATA_GO_KR_KEY", DECODED), "api_base": TABLE, **more})


def mooc_options(**more: Any) -> kmooc.Options:
    return kmooc.Options(**{"key": p.Secret("MOA_DATA_GO_KR_KEY", DECODED), "api_base": MOOC, **more})


def entries(plugin: Any, options: Any, found: p.Fetched | None) -> list[p.Entry]:
    spec = p.SourceSpec(id="x", kind="x", name="x", url="", options=None)
    return normalize(plugin.parse(options, found), spec, now=NIGHT).entries if found else []


def query(request: p.Request) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(request.url).query).items()}


def one(body: str, **options: Any) -> tuple[p.Fetched | None, Web]:
    web = Web(lambda request: document(request.url, body))
    return web.run(opendata.fetch(table_options(**options), {})), web


@pytest.mark.parametrize("written", [DECODED, ENCODED])
def test_the_key_is_written_once(written: str) -> None:
    """The portal shows it encoded and decoded: either arrives as what it is."""
    _found, web = one(table([course()]), key=p.Secret("K", written))
    assert query(web.asked[0])["serviceKey"] == DECODED
    assert "%25" not in web.asked[0].url


@pytest.mark.parametrize("written", [DECODED, ENCODED])
def test_the_key_stays_out_of_what_is_kept_and_logged(written: str) -> None:
    """No document, memo or validator holds the address with the key; a line that does is blackened in every form."""
    found, web = one(table([course()]), key=p.Secret("K", written))
    request = web.asked[0]
    assert (request.conditional, request.follow) == (False, False)
    assert found is not None
    assert not any(form in repr((found.documents, found.memo)) for form in (DECODED, ENCODED))
    log.configure(secrets=[written])
    try:
        assert not any(form in log.hide(f"{request.url} {DECODED} {ENCODED}") for form in (DECODED, ENCODED))
    finally:
        log.configure()


def test_without_a_key_nothing_is_asked() -> None:
    """The refusal names the environment variable."""
    web = Web(lambda request: document(request.url, "{}"))
    with pytest.raises(p.RefusedError) as caught:
        web.run(opendata.fetch(table_options(key=p.Secret("MOA_DATA_GO_KR_KEY")), {}))
    assert (web.asked, "MOA_DATA_GO_KR_KEY" in caught.value.hint) == ([], True)


def test_a_row_of_the_table_becomes_a_course() -> None:
    """Its misspelt end time counts, its free-text home page is no link, the teacher stays out."""
    found, _web = one(table([course()]))
    (entry,) = entries(opendata, table_options(), found)
    facts = entry.course
    assert facts is not None
    assert (entry.title, entry.department, entry.url_hash) == ("마을 사진 교실 1", "가온시 평생학습과", "")
    assert (facts.starts_time, facts.ends_time, facts.weekdays) == ("10:00", "12:00", ("TU", "TH"))
    assert (facts.apply_until_at, facts.fee, facts.mode) == (datetime(2026, 11, 30, 15, tzinfo=UTC), "무료", "offline")
    assert (facts.capacity, facts.place) == (20, "물빛평생학습관 (가온시 물빛로 1)")
    assert "gaon.example" in entry.text
    assert "홍길동" not in repr(entry)


def test_a_course_has_no_number_but_an_identity() -> None:
    """The same course elsewhere or on another day is another one; a corrected place name is not spacing."""
    rows = [
        course(),
        course(operDay="수"),
        course(edcPlace="다른 곳"),
        course(lctreNm="마을  사진 교실 1"),
        course(psncpa="30"),
    ]
    found, _web = one(table(rows))
    keys = [item.key for item in opendata.parse(table_options(), found)] if found else []
    assert len(keys) == len(set(keys)) == 3


def test_the_next_month_brings_only_what_is_new() -> None:
    """A table that is the same ends as unchanged; a changed row comes alone."""
    found, web = one(table([course(1), course(2)]))
    assert found is not None
    assert web.run(opendata.fetch(table_options(), found.memo)) is None
    rows = [course(1, referenceDate="2026-12-01"), course(2, psncpa="30")]
    later = Web(lambda r: document(r.url, table(rows))).run(opendata.fetch(table_options(), found.memo))
    assert [entry.title for entry in entries(opendata, table_options(), later)] == ["마을 사진 교실 2"]


def test_pages_are_read_to_their_end_and_no_further() -> None:
    """The count says how many there are; the cap holds."""

    def answer(request: p.Request) -> p.Document:
        page = int(query(request)["pageNo"])
        return document(request.url, table([course(10 * page + n) for n in range(2)], total=7))

    web = Web(answer)
    found = web.run(opendata.fetch(table_options(rows=2, pages=10), {}))
    assert [query(request)["pageNo"] for request in web.asked] == ["1", "2", "3", "4"]
    assert len(entries(opendata, table_options(), found)) == 8
    capped = web.run(opendata.fetch(table_options(rows=2, pages=2), {}))
    assert (len(web.asked), capped.warnings if capped else ()) == (2, (("pages-left", "2"),))


def test_institutions_are_asked_for_and_checked() -> None:
    """Whether the portal matches in part or not at all is not stated: only the named institution's courses are kept."""
    rows = [course(1), course(2, operInstitutionNm="나래시 도서관")]
    found, web = one(table(rows), institutions=["가온시"], where={"instt_code": "3410000"})
    assert query(web.asked[0]) | {"operInstitutionNm": "가온시", "instt_code": "3410000", "type": "json"} == query(
        web.asked[0]
    )
    assert [entry.department for entry in entries(opendata, table_options(), found)] == ["가온시 평생학습과"]


def test_courses_that_are_over_are_skipped_and_named() -> None:
    """Last year's courses are not tonight's news."""
    found, _web = one(table([course(1, edcEndDay="2025-12-22"), course(2)]))
    assert found is not None
    assert [item.skip for item in opendata.parse(table_options(), found)] == ["over", ""]
    assert [item.skip for item in opendata.parse(table_options(ended_days=3650), found)] == ["", ""]


@pytest.mark.parametrize(
    "body", [table([], code="03"), xml("03", "NODATA_ERROR"), table([]), table([]).replace("[]", '""')]
)
def test_no_data_is_an_empty_list(body: str) -> None:
    """03 is no error, in JSON or XML."""
    found, _web = one(body)
    assert found is not None
    assert list(opendata.parse(table_options(), found)) == []


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (xml("22", "LIMITED_NUMBER_OF_SERVICE_REQUESTS_EXCEEDS_ERROR"), p.QuotaError, "quota"),
        (table([], code="22"), p.QuotaError, "quota"),
        (xml("30", "SERVICE_KEY_IS_NOT_REGISTERED_ERROR"), p.RefusedError, "key-invalid"),
        (xml("31", "DEADLINE_HAS_EXPIRED_ERROR"), p.RefusedError, "key-invalid"),
        (xml("32", "UNREGISTERED_IP_ERROR"), p.RefusedError, "api-refused"),
        (xml("20", "SERVICE_ACCESS_DENIED_ERROR"), p.RefusedError, "api-refused"),
        (table([], code="30"), p.RefusedError, "key-invalid"),
        (xml("05", "SERVICETIME_OUT"), p.FetchError, "service-fault"),
        (xml("12", "NO_OPENAPI_SERVICE_ERROR"), p.GoneError, "no-service"),
        ("<html><body>점검 중</body></html>", p.ShapeError, "unreadable"),
        ('{"response": {"body": {}}}', p.ShapeError, "container-missing"),
        ('{"items": [{"other": 1}]}', p.ShapeError, "container-missing"),
        ("[1, 2]", p.ShapeError, "container-missing"),
        ("[" * 100_000, p.ShapeError, "unreadable"),
    ],
)
def test_odd_answers_at_status_200(body: str, kind: type[p.SourceError], code: str) -> None:
    """An error is never an empty table: each says who must act, and a spent quota until when."""
    with pytest.raises(kind) as caught:
        one(body)
    assert caught.value.code == code
    if isinstance(caught.value, p.QuotaError):
        assert caught.value.budget == f"data.go.kr:{TABLE}:MOA_DATA_GO_KR_KEY"
        assert caught.value.until == datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("error", "body", "code"),
    [
        (p.RefusedError("401"), b"Unauthorized", "key-invalid"),
        (p.RefusedError("403"), xml("30").encode(), "key-invalid"),
        (p.FetchError("429", status=429), b"API token quota exceeded", "quota"),
        (p.FetchError("500", status=500), b"", "fetch-failed"),
        (p.RefusedError("403"), b'{"resultCode": "20", "resultMsg": "DENIED"}', "api-refused"),
    ],
)
def test_odd_answers_at_other_statuses(error: p.SourceError, body: bytes, code: str) -> None:
    """The newer gateway uses statuses and plain words."""
    error.body = body
    with pytest.raises(p.SourceError) as caught:
        Web(lambda _request: error).run(opendata.fetch(table_options(), {}))
    assert caught.value.code == code


# --- K-MOOC ----------------------------------------------------------------------------------------------------------


def night(rows: list[dict[str, Any]], memo: p.Memo | None = None, **options: Any) -> tuple[p.Fetched | None, Web]:
    def answer(request: p.Request) -> p.Document:
        if "courseDetail" in request.url:
            number = query(request)["CourseId"]
            if number == "2":
                return document(request.url, '{"resultCode": "11", "resultMsg": "NO ACCESS"}')
            return document(request.url, json.dumps({"results": {"summary": "<p>무엇이든 <b>배웁니다.</b></p>"}}))
        page, size = int(query(request)["page"]), int(query(request)["size"])
        return document(request.url, listed(rows[(page - 1) * size : page * size], len(rows)))

    web = Web(answer)
    return web.run(kmooc.fetch(mooc_options(**options), memo or {})), web


def test_unix_seconds_are_times() -> None:
    """Enrolment ends in Seoul time to the minute, teaching on days."""
    found, _web = night([mooc()])
    (entry,) = entries(kmooc, mooc_options(), found)
    assert entry.course is not None
    assert (entry.key, entry.department, entry.url) == (
        "1",
        "가온대학교",
        "https://www.mooc.example/view/course/detail/1",
    )
    assert entry.course.apply_from_at == datetime(2026, 10, 31, 15, tzinfo=UTC)
    assert entry.course.apply_until_at == datetime(2026, 12, 31, 14, 59, tzinfo=UTC)
    assert (str(entry.course.starts_on), entry.course.mode, entry.course.field) == (
        "2026-12-01",
        "online",
        "공학 > 컴퓨터",
    )
    assert "홍길동" not in repr(entry)


def test_what_nobody_can_join_is_skipped_and_named() -> None:
    """Closed enrolment, hidden courses and rows without a number; 0 and words are no times."""
    rows = [mooc(1, enrollment_end="1700000000"), mooc(2, public_yn="N"), mooc(3, enrollment_end="0", study_end="없음")]
    found, _web = night([*rows, mooc(4, id="../x?y")])
    assert found is not None
    assert [item.skip for item in kmooc.parse(mooc_options(), found)] == ["over", "not-public", ""]


def test_a_night_reads_a_part_and_the_next_goes_on() -> None:
    """Five pages in nights of two: 1–2, 3–4, 5, and from the top again."""
    rows, memo, asked = [mooc(n) for n in range(1, 51)], {}, []
    for _ in range(4):
        found, web = night(rows, memo, size=10, pages=2)
        memo = dict(found.memo) if found else memo
        asked.append([query(request)["page"] for request in web.asked])
    assert asked == [["1", "2"], ["3", "4"], ["5"], ["1", "2"]]


def test_a_night_without_news_is_unchanged() -> None:
    """The whole list fits and is known."""
    found, _web = night([mooc(1), mooc(2)])
    assert found is not None
    assert night([mooc(1), mooc(2)], found.memo)[0] is None
    later, _web = night([mooc(1), mooc(2, name="새 이름")], found.memo)
    assert [entry.title for entry in entries(kmooc, mooc_options(), later)] == ["새 이름"]


def test_introductions_are_optional_and_may_be_refused() -> None:
    """Result code 11 costs that introduction only."""
    found, web = night([mooc(1), mooc(2)], detail=True)
    assert [query(request).get("CourseId") for request in web.asked] == [None, "1", "2"]
    assert [entry.text for entry in entries(kmooc, mooc_options(), found)] == ["무엇이든 배웁니다.", ""]


def test_other_organisations_are_left_out() -> None:
    """Silently: they are not this source's."""
    found, _web = night([mooc(1), mooc(2, org_name="나래대학교")], organisations=["가온"])
    assert [entry.key for entry in entries(kmooc, mooc_options(organisations=["가온"]), found)] == ["1"]


def test_a_spent_quota_ends_the_night() -> None:
    """As for every API of the portal."""
    web = Web(lambda request: document(request.url, xml("22")))
    with pytest.raises(p.QuotaError):
        web.run(kmooc.fetch(mooc_options(), {}))
