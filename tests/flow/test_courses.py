"""Courses over whole nights and real HTTP: what fills up, is cancelled or moves reaches the reader, and keys reach nobody."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

import pipeline.model as p
from tests import misbehave as m
from tests.flow.project import CHANNELS, Project
from tests.unit.sources.gseek_platform import Platform, row
from tests.unit.sources.test_datagokr import ENCODED, course, table, xml

MONDAY, TUESDAY, WEDNESDAY = "2026-11-23", "2026-11-24", "2026-11-25"
MAIL = {
    "id": "newsletter",
    "renderer": "newsletter",
    "transport": "files",
    "send": {"folder": "output/letters"},
}


def behaving(platform: Platform) -> m.Behaviour:
    """The platform as a server; whatever else is asked of it is seen in ``Site.seen``."""

    def behave(exchange: m.Exchange) -> None:
        asked = exchange.request
        headers = tuple(
            (name.title(), value) if name != "x-requested-with" else ("X-Requested-With", value)
            for name, value in asked.headers.items()
        )
        method: Any = asked.method
        url = f"http://{asked.headers['host']}{asked.path}"
        if urlsplit(asked.path).path == "/robots.txt":
            m.answer(b"", status="404 Not Found")(exchange)
            return
        answer = platform(p.Request(url=url, method=method, headers=headers, body=asked.body or None))
        if isinstance(answer, p.SourceError):
            m.answer(b"", status=f"{answer.status or 404} No")(exchange)
        else:
            m.answer(answer.body, headers=[("Content-Type", answer.media_type)])(exchange)

    return behave


@pytest.fixture
def platform() -> Platform:
    return Platform([row(n, d_sbjct_nm=f"마을 배움터 {name}") for n, name in ((1, "목공"), (2, "사진"), (3, "합창"))])


@pytest.fixture
def site(platform: Platform) -> Iterator[m.Site]:
    with m.Site(default=behaving(platform)) as opened:
        yield opened


@pytest.fixture
def town(tmp_path: Path, site: m.Site) -> Project:
    town = Project(tmp_path, site.allowed, channels=[*CHANNELS, MAIL])
    portal = {
        "id": "portal",
        "name": "배움포털",
        "kind": "gseek",
        "url": site.url("/"),
        "backfill": "last 10",
        "recheck": 0,
    }
    town.sources(portal)
    return town


def read(town: Project, night: str) -> dict[str, str]:
    """What a night's readers may read, by channel."""
    folder = town.output / "editions" / "daily" / night
    letter = message_from_bytes((folder / "newsletter" / "newsletter.eml").read_bytes(), policy=policy.default)
    texts = {
        "kakao": (folder / "kakao" / "post.txt").read_text("utf-8"),
        "letter": letter.get_body(("plain",)).get_content(),  # type: ignore[union-attr]
        "html letter": letter.get_body(("html",)).get_content(),  # type: ignore[union-attr]
        "website": (town.output / "website" / "e" / "daily" / f"{night}.html").read_text("utf-8"),
    }
    return {channel: re.sub(r"\s+", " ", text) for channel, text in texts.items()}


def told(town: Project, night: str) -> str:
    """All of it; ``""`` for a night without an edition."""
    is_there = (town.output / "editions" / "daily" / night).exists()
    return "\n".join(read(town, night).values()) if is_there else ""


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"d_recrut_stts_nm": "대기접수", "d_aply_cnt": "20"}, "정원이 차서 대기 접수를 받습니다."),
        ({"d_recrut_stts_nm": "마감", "d_aply_cnt": "20"}, "정원이 차서 접수를 마감했습니다."),
        ({"d_recrut_stts_nm": "폐강"}, "취소되었습니다."),
        ({"d_edu_bgng_dt": "2026.12.08"}, "시작일이 12월 1일(화)에서 12월 8일(화)로 바뀌었습니다."),
    ],
)
def test_what_changed_is_told_in_one_sentence(
    town: Project, platform: Platform, change: dict[str, str], sentence: str
) -> None:
    """A course told on Monday that is full, cancelled or later on Tuesday: its reader hears it on Tuesday, once."""
    assert town.run(MONDAY).code == 0
    assert "마을 배움터 사진" in told(town, MONDAY)
    platform.rows[1] |= change
    assert town.run(TUESDAY).source("portal")["revised"] == 1
    said = read(town, TUESDAY)
    assert [channel for channel, text in said.items() if sentence not in text] == []
    assert [channel for channel, text in said.items() if "바뀐 내용" not in text] == []
    town.run(WEDNESDAY)
    assert sentence not in told(town, WEDNESDAY)


def test_a_moved_deadline_is_told(town: Project, platform: Platform) -> None:
    """The course's page is asked again because its row changed, and the reader hears old and new."""
    town.run(MONDAY)
    platform.rows[1]["d_edu_nope"] = "25"
    platform.pages["2"] = "<dt>신청기간</dt><dd>2026.11.20 09:00 ~ 2026.12.04 18:00</dd>"
    town.run(TUESDAY)
    assert "접수 마감이 11월 30일(월) 18시에서 12월 4일(금) 18시로 바뀌었습니다." in told(town, TUESDAY)


def test_an_application_that_simply_ended_is_no_news(town: Project, platform: Platform) -> None:
    """Closed after its deadline: nothing is said to have changed."""
    town.run(MONDAY)
    platform.rows[1]["d_recrut_stts_nm"] = "마감"
    assert town.run("2026-12-02").code == 0
    assert "마감했습니다" not in told(town, "2026-12-02")


def test_a_quiet_night_asks_twice_and_changes_nothing(town: Project, site: m.Site) -> None:
    """All courses known: robots.txt and one list call, no page of a course."""
    town.run(MONDAY)
    before, seen = town.items(), len(site.seen)
    night = town.run(TUESDAY)
    assert (night.source("portal")["unchanged"], len(site.seen) - seen) == (3, 2)
    assert [i["course"] for i in town.items()] == [i["course"] for i in before]


def test_a_platform_that_leads_astray_is_refused(town: Project, site: m.Site) -> None:
    """Its list redirects to the application: that address is never asked, and the report says what to do."""
    for path in ("/user/course/offline/list/search", "/user/course/offline/view"):
        site.routes[path] = m.redirect("/user/course/aply?agree=Y", status="307 Temporary Redirect")
    night = town.run(MONDAY)
    assert night.source("portal")["verdict"] == "refused"
    assert not [seen.path for seen in site.seen if "aply" in seen.path or "cert" in seen.path]


def test_the_portals_key_is_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The encoded key is written once, and stays out of the store, the output and everything said."""
    monkeypatch.setenv("MOA_DATA_GO_KR_KEY", ENCODED)
    decoded = parse_qs(f"k={ENCODED}")["k"][0]
    keys: list[str] = []

    def behave(exchange: m.Exchange) -> None:
        query = parse_qs(urlsplit(exchange.request.path).query)
        keys.extend(query.get("serviceKey", []))
        body = table([course(1, lctreCo=f"메아리 {decoded} {ENCODED}")]) if len(keys) == 1 else xml("22")
        m.answer(body.encode(), headers=[("Content-Type", "application/json")])(exchange)

    with m.Site(default=behave) as site:
        town = Project(tmp_path, site.allowed)
        town.sources({"id": "table", "name": "강좌 표", "kind": "opendata", "api_base": site.url("/openapi/x")})
        first, second = town.run(MONDAY, "-v"), town.run(TUESDAY, "-v")
    assert keys == [decoded, decoded]
    assert (first.source("table")["new"], second.source("table")["verdict"]) == (1, "quota")
    assert json.loads(second.out)["sources"][0]["error"]["remedy"] == "operator"
    kept = b"".join(file.read_bytes() for file in town.output.rglob("*") if file.is_file())
    for form in (decoded, ENCODED):
        assert form not in first.out + first.err + second.out + second.err
        assert form.encode() not in kept


def test_a_correction_leads_to_what_it_corrects(town: Project, platform: Platform) -> None:
    """CI3: the edition that corrects names and links the edition whose readers were told otherwise, on its page, in both
    readings of the mail and on the story's page; each correction the last one before it; a corrected typo makes none."""
    town.run(MONDAY)
    platform.rows[1]["d_edu_bgng_dt"] = "2026.12.08"
    town.run(TUESDAY)
    said = read(town, TUESDAY)
    assert '<a href="../../e/daily/2026-11-23.html">앞서 알린 소식: 11월 23일(월)</a>' in said["website"]
    assert (town.output / "website/e/daily/2026-11-23.html").exists()
    address = "https://learn.example.go.kr/e/daily/2026-11-23.html"
    assert f"앞서 알린 소식: 11월 23일(월) {address}" in said["letter"]
    assert f'href="{address}"' in said["html letter"]
    platform.rows[1]["d_edu_bgng_dt"] = "2026.12.15"
    platform.rows[2]["d_sbjct_intrd_cn"] = "함께 배웁니다!"
    town.run(WEDNESDAY)
    again = read(town, WEDNESDAY)
    assert "시작일이 12월 8일(화)에서 12월 15일(화)로 바뀌었습니다." in again["letter"]
    assert "앞서 알린 소식: 11월 24일(화)" in again["website"]
    assert "합창" not in again["letter"]
    story = next(f for f in (town.output / "website/s").rglob("*.html") if "12월 15일(화)로" in f.read_text("utf-8"))
    page = story.read_text("utf-8")
    assert re.findall(r'<a class="small" href="../../(e/daily/[0-9-]+.html)">', page) == [
        "e/daily/2026-11-25.html",
        "e/daily/2026-11-24.html",
    ]
