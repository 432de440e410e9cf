"""A whole night with a dealer configured: collected, published, held until morning, sent once, told without a number."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import pytest

import pipeline.model as p
from pipeline import nightly
from pipeline.wiring import ARM_NAME, open_house
from tests.flow.project import CHANNELS, Project, feed, item, rss
from tests.misbehave import Site, answer
from tests.vendors import nhncloud as nhn
from tests.vendors import solapi
from tests.vendors.kakaoapi import CLIENT, FIRST, Kakao
from tests.vendors.server import Carrier

NIGHT = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # 08:30 on Monday in Seoul
DEALERS: dict[str, tuple[type[Carrier], dict[str, str], dict[str, str]]] = {
    "solapi": (
        solapi.Solapi,
        {"api_key": "MOA_KEY", "api_secret": "MOA_SECRET", "pf_id": "KA01PF0000000000", "sender": "031-000-1200"},
        {"MOA_KEY": solapi.KEY, "MOA_SECRET": solapi.SECRET},
    ),
    "nhncloud": (
        nhn.NhnCloud,
        {"app_key": "MOA_APP", "secret_key": "MOA_SECRET", "sender_key": "MOA_SENDER"},
        {"MOA_APP": nhn.APP_KEY, "MOA_SECRET": nhn.SECRET_KEY, "MOA_SENDER": nhn.SENDER_KEY},
    ),
}


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as made:
        made.routes["/f"] = answer(rss(item("하나", body="첫 글"), item("둘", body="둘째 글")))
        yield made


@pytest.fixture(params=sorted(DEALERS))
def town(
    request: pytest.FixtureRequest, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Project, Carrier]]:
    fake, options, environment = DEALERS[request.param]
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with fake() as carrier:
        made = Project(tmp_path / "town", site.allowed, f"127.0.0.1:{carrier.port}")
        send = options | {"base_url": carrier.url, "recipients": "friends.csv"}
        made.moa(channels=[CHANNELS[0], {"id": "kakao", "renderer": "kakao", "transport": request.param, "send": send}])
        made.sources(feed("news", site.url("/f")))
        (made.folder / "friends.csv").write_text(
            "이름,휴대폰 번호\n가,010-0000-0001\n나,+82 10 0000 0002\n가,1000000001\n다,02-123-4567\n"
        )
        yield made, carrier


def at(project: Project, when: datetime, **more: Any) -> p.RunReport:
    house = open_house(Path("/"), str(project.folder), environment=dict(os.environ), clock=lambda: when)
    with house.store() as store:
        house.environment = {**house.environment, ARM_NAME: store.stamp.id}
    return nightly.run(house, nightly.Plan(**more))


def test_what_the_night_made_leaves_in_the_morning(town: tuple[Project, Carrier]) -> None:
    """Nothing at three; at half past eight each person of the list once; nothing more on later rounds."""
    project, carrier = town
    assert project.moa_says("check").code == 0
    at(project, NIGHT)
    assert carrier.calls == []
    report = at(project, MORNING)
    assert carrier.accepted == {"01000000001": 1, "01000000002": 1}
    sent = next(d for d in report.deliveries if d.channel == "kakao")
    assert sent.state is p.DeliveryState.SENT
    assert sent.receipt is not None
    assert (sent.receipt.accepted, bool(sent.receipt.provider_id)) == (2, True)
    at(project, MORNING + timedelta(minutes=10))
    assert sum(carrier.accepted.values()) == 2
    text = "".join(f.read_text(errors="replace") for f in project.output.rglob("*") if f.suffix in (".json", ".txt"))
    assert "0000001" not in text + project.moa_says("status").out + project.moa_says("status", "--json").out


def test_neither_a_practice_run_nor_an_unarmed_server_calls_a_dealer(town: tuple[Project, Carrier]) -> None:
    """``--dry-run`` and a missing arm key: not one request (P51)."""
    project, carrier = town
    at(project, NIGHT)
    at(project, MORNING, is_dry=True)
    at(project, MORNING, may_send=False)
    assert carrier.calls == []


def test_what_is_in_doubt_is_listed_with_its_command(town: tuple[Project, Carrier]) -> None:
    """No answer and no look-up: the night is 3, status shows what to type; the next round finds it by itself."""
    project, carrier = town
    carrier.mischief = {"send": ["drop"], "get": lambda _n: "cut", "list": lambda _n: "cut"}
    at(project, NIGHT)
    report = at(project, MORNING)
    name = next(d.id for d in report.deliveries if d.channel == "kakao")
    assert f"moa db resolve '{name}'" in project.moa_says("status").out
    carrier.mischief = {}
    report = at(project, MORNING + timedelta(minutes=10))
    assert next(d for d in report.deliveries if d.channel == "kakao").state is p.DeliveryState.SENT
    assert carrier.accepted == {"01000000001": 1, "01000000002": 1}


def test_settings_say_what_is_wrong(tmp_path: Path, site: Site) -> None:
    """Targeting without approval, no list, a window in the night: each with its line and what to do."""
    project = Project(tmp_path / "town", site.allowed)
    send = {"api_key": "MOA_KEY", "api_secret": "MOA_SECRET", "pf_id": "KA", "sender": "0310001200", "targeting": "M"}
    channel = {"id": "kakao", "renderer": "kakao", "transport": "solapi", "window": "07:00-21:00"}
    project.moa(channels=[{**channel, "send": {**send, "recipients": "people.csv"}}])
    said = project.moa_says("check", "--json")
    assert said.code == 2
    messages = [q["message"] for q in said.json["problems"] if q["severity"] == "error"]
    assert any("승인한 채널" in one for one in messages)
    assert any("사이에만" in one for one in messages)


def words(carrier: Carrier) -> str:
    """Everything that was asked of a carrier, readable."""
    return unquote_plus("\n".join(call.body.decode("utf-8", "replace") for call in carrier.calls))


def test_a_trial_reaches_one_phone_and_changes_nothing(
    town: tuple[Project, Carrier], monkeypatch: pytest.MonkeyPatch
) -> None:
    """``moa send-test --to`` a number: the stored bubble, marked, to that number only; no delivery, line or file moves; the
    number is masked. At night, or to a mail address, nothing is asked of the dealer."""
    project, carrier = town
    at(project, NIGHT)
    before, waiting = project.files(), project.moa_says("status", "--json").out
    monkeypatch.setattr("pipeline.cli.common.now", lambda: NIGHT)
    trial = ("send-test", "--channel", "kakao", "--to")
    night = project.moa_says(*trial, "010-0000-0009")
    assert (night.code, "보낼 수 없는 시간" in night.err) == (3, True)
    monkeypatch.setattr("pipeline.cli.common.now", lambda: MORNING)
    assert project.moa_says(*trial, "kim@example.go.kr").code == 2
    assert project.moa_says(*trial, "me").code == 2
    assert carrier.accepted == {}
    said = project.moa_says(*trial, "010-0000-0009")
    assert (said.code, "010-****-0009" in said.out, "00000009" in said.out + said.err) == (0, True, False), said.err
    assert carrier.accepted == {"01000000009": 1}
    assert "[시험]" in words(carrier)
    assert (project.files(), project.moa_says("status", "--json").out) == (before, waiting)
    at(project, MORNING)
    assert carrier.accepted == {"01000000009": 1, "01000000001": 1, "01000000002": 1}
    assert words(carrier).count("[시험]") == 1


def test_a_bubble_can_be_looked_at_in_ones_own_kakaotalk(
    tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``--to me``: a channel without a dealer goes to the operator's own chat by the login of the morning report."""
    monkeypatch.setenv("MOA_KAKAO_REST_KEY", CLIENT)
    monkeypatch.setenv("MOA_KAKAO_REFRESH_TOKEN", FIRST)
    monkeypatch.setattr("pipeline.cli.common.now", lambda: MORNING)
    with Kakao() as kakao:
        send = {
            "base_url": kakao.url,
            "auth_url": kakao.url,
            "client_id": "MOA_KAKAO_REST_KEY",
            "refresh_token": "MOA_KAKAO_REFRESH_TOKEN",
            "link": "https://news.example.go.kr",
        }
        project = Project(tmp_path / "town", site.allowed, f"127.0.0.1:{kakao.port}")
        project.moa(report={"transport": "kakao-memo", "send": send})
        project.sources(feed("news", site.url("/f")))
        at(project, NIGHT)
        before = project.files()
        said = project.moa_says("send-test", "--channel", "kakao", "--to", "me", "--json")
        assert (said.code, said.json["to"]) == (0, "me"), said.err
        assert '"text": "[시험] ' in words(kakao)
        assert project.files() == before
        assert project.moa_says("send-test", "--channel", "website", "--to", "me").code == 2
