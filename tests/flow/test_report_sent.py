"""The night's report goes to the operator's own KakaoTalk: once a day, by day, and only where somebody must act."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import pipeline.model as p
from pipeline import nightly
from pipeline.wiring import ARM_NAME, open_house
from tests.flow.project import CHANNELS, Project, feed, item, rss
from tests.misbehave import Site, answer
from tests.vendors.kakaoapi import CLIENT, FIRST, Kakao

NIGHT = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # 08:30 on Monday in Seoul


@pytest.fixture
def kakao() -> Iterator[Kakao]:
    with Kakao() as made:
        yield made


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as made:
        made.routes["/f"] = answer(rss(item("하나", body="첫 글")))
        yield made


def town(tmp_path: Path, site: Site, kakao: Kakao, monkeypatch: pytest.MonkeyPatch, **report: str) -> Project:
    monkeypatch.setenv("MOA_KAKAO_REST_KEY", CLIENT)
    monkeypatch.setenv("MOA_KAKAO_REFRESH_TOKEN", FIRST)
    made = Project(tmp_path / "town", site.allowed, f"127.0.0.1:{kakao.port}")
    send = {
        "base_url": kakao.url,
        "auth_url": kakao.url,
        "client_id": "MOA_KAKAO_REST_KEY",
        "refresh_token": "MOA_KAKAO_REFRESH_TOKEN",
        "link": "https://news.example.go.kr",
    }
    made.moa(channels=[CHANNELS[0]], report={"transport": "kakao-memo", **report, "send": send})
    made.sources(feed("news", site.url("/f")))
    return made


def at(project: Project, when: datetime, rooms: tuple[str, ...] = nightly.ROOMS) -> p.RunReport:
    house = open_house(Path("/"), str(project.folder), environment=dict(os.environ), clock=lambda: when)
    with house.store() as store:
        house.environment = {**house.environment, ARM_NAME: store.stamp.id}
    return nightly.run(house, nightly.Plan(rooms=rooms))


def test_a_failing_night_tells_the_operator_in_the_morning(
    tmp_path: Path, site: Site, kakao: Kakao, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A source fails at three: no message then; at half past eight one message says so, and one only."""
    here = town(tmp_path, site, kakao, monkeypatch)
    site.routes["/f"] = answer(b"no", status="404 Not Found")
    at(here, NIGHT)
    assert kakao.messages == []
    at(here, NIGHT + timedelta(minutes=20))
    for minutes in (0, 10):
        at(here, MORNING + timedelta(minutes=minutes), ("deliver",))
    assert len(kakao.messages) == 1
    assert "확인" in kakao.messages[0]["text"] or "펴내지 못했습니다" in kakao.messages[0]["text"]
    assert CLIENT not in str(kakao.messages)


def test_a_good_night_is_silent_unless_asked_for(
    tmp_path: Path, site: Site, kakao: Kakao, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``when: act`` says nothing when nobody must act; ``always`` says that too."""
    here = town(tmp_path, site, kakao, monkeypatch)
    at(here, NIGHT)
    at(here, MORNING, ("deliver",))
    assert kakao.messages == []
    other = town(tmp_path / "b", site, kakao, monkeypatch, when="always")
    at(other, NIGHT)
    at(other, MORNING, ("deliver",))
    assert len(kakao.messages) == 1
    assert "모두 끝났습니다" in kakao.messages[0]["text"]


def test_a_transport_that_cannot_carry_it_is_named(
    tmp_path: Path, site: Site, kakao: Kakao, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``report:`` by a transport for citizens is an editor's mistake with its line."""
    here = town(tmp_path, site, kakao, monkeypatch, transport="smtp")
    said = here.moa_says("check", "--json")
    assert [q["code"] for q in said.json["problems"] if q["severity"] == "error"] == ["does-not-fit"]
