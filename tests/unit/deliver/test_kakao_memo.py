"""The operator's own KakaoTalk, against a fake built from Kakao's documents: tokens die, are replaced, and are never lost."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

import pipeline.model as p
from pipeline.deliver.transports import kakao_memo
from pipeline.http import open_http
from pipeline.http.secrecy import Secretive
from tests.vendors.desk import EDITION, MORNING, bubble
from tests.vendors.kakaoapi import CLIENT, FIRST, Kakao


@pytest.fixture
def carrier() -> Iterator[Kakao]:
    with Kakao() as made:
        yield made


@pytest.fixture
def options(carrier: Kakao, tmp_path: Path) -> Callable[..., kakao_memo.Options]:
    def make(refresh: str = FIRST) -> kakao_memo.Options:
        given = {
            "base_url": carrier.url,
            "auth_url": carrier.url,
            "client_id": "MOA_KAKAO_REST_KEY",
            "refresh_token": "MOA_KAKAO_REFRESH_TOKEN",
            "link": "https://news.example.go.kr",
        }
        environment = {"MOA_KAKAO_REST_KEY": CLIENT, "MOA_KAKAO_REFRESH_TOKEN": refresh}
        context = {"environment": environment, "project": str(tmp_path)}
        return kakao_memo.Options.model_validate(given, context=context)

    return make


def rendering(kind: str = "", text: str = "밤 작업이 끝났습니다.") -> p.Rendering:
    if kind:
        body, media_type = json.dumps(bubble(kind)[0]).encode(), "application/vnd.moa.kakao+json"
    else:
        body, media_type = json.dumps({"schema": "moa-report/1", "text": text}).encode(), kakao_memo.REPORT
    artifact = p.Artifact(path="a.json", media_type=media_type, body=body)
    return p.Rendering(digest_id=EDITION, channel="memo", sha256="0", artifacts=(artifact,))


def send(options: kakao_memo.Options, made: p.Rendering, *, hours: float = 0) -> p.Receipt | p.PipelineError:
    delivery = p.Delivery(
        id="d", edition_id=EDITION, channel="memo", transport="kakao-memo", rendering_sha256="0", not_before_at=MORNING
    )
    port = int(options.base_url.rsplit(":", 1)[1])
    now = MORNING + timedelta(hours=hours)
    with open_http(p.FetchRules(allow_private=(f"127.0.0.1:{port}",), gap_s=0.0), wall_clock=lambda: now) as http:
        try:
            return kakao_memo.send(options, delivery, made, http, lambda _memo: None)
        except p.PipelineError as error:
            return error


def test_the_report_arrives_as_text(carrier: Kakao, options: Callable[..., kakao_memo.Options]) -> None:
    """A long report is cut at a word to 200 characters and leads to our own page."""
    assert send(options(), rendering(text="도서관 공지사항을 읽지 못했습니다. " * 30)) == p.Receipt(
        accepted=1, status="0"
    )
    message = carrier.messages[0]
    assert message["object_type"] == "text"
    assert message["text"].endswith("…")
    assert message["link"]["mobile_web_url"] == "https://news.example.go.kr"


@pytest.mark.parametrize(("kind", "shape"), [("TEXT", "text"), ("WIDE_ITEM_LIST", "list"), ("CAROUSEL_FEED", "list")])
def test_a_bubble_becomes_a_list(
    carrier: Kakao, options: Callable[..., kakao_memo.Options], kind: str, shape: str
) -> None:
    """Two or three stories with our own links; a text bubble stays text."""
    assert isinstance(send(options(), rendering(kind)), p.Receipt)
    assert carrier.messages[0]["object_type"] == shape


def test_the_access_token_is_kept_and_renewed(carrier: Kakao, options: Callable[..., kakao_memo.Options]) -> None:
    """One login serves six hours; then, and when Kakao says it has died, it is renewed once."""
    send(options(), rendering())
    send(options(), rendering(), hours=1)
    assert carrier.counts["token"] == 1
    send(options(), rendering(), hours=6)
    assert carrier.counts["token"] == 2
    carrier.access = "revoked"
    assert isinstance(send(options(), rendering(), hours=6.1), p.Receipt)
    assert len(carrier.messages) == 4


def test_a_new_refresh_token_is_on_disk_before_it_is_used(
    carrier: Kakao, options: Callable[..., kakao_memo.Options], tmp_path: Path
) -> None:
    """Kakao replaces the token near its end; the new one is kept, for this person only, even if the message then fails."""
    carrier.renews, carrier.mischief = True, {"memo": ["cut"]}
    assert isinstance(send(options(), rendering()), p.UnknownOutcomeError)
    file = tmp_path / "output/.secrets/kakao-memo.json"
    assert json.loads(file.read_text())["refresh"] == carrier.refresh != FIRST
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert isinstance(send(options(), rendering(), hours=7), p.Receipt)


def test_an_echoed_token_is_not_kept_as_its_mask(
    carrier: Kakao, options: Callable[..., kakao_memo.Options], tmp_path: Path
) -> None:
    """Our own secrets are cut out of answers at the door: a token Kakao repeats must not be replaced by the mark."""
    carrier.renews = True
    carrier.mischief = {"token": ["echo"]}
    delivery = p.Delivery(
        id="d", edition_id=EDITION, channel="memo", transport="kakao-memo", rendering_sha256="0", not_before_at=MORNING
    )
    allowed = p.FetchRules(allow_private=(f"127.0.0.1:{carrier.port}",), gap_s=0.0)
    with open_http(allowed, wall_clock=lambda: MORNING) as http:
        kakao_memo.send(options(), delivery, rendering(), Secretive(http, [FIRST]), lambda _memo: None)
    assert json.loads((tmp_path / "output/.secrets/kakao-memo.json").read_text())["refresh"] == FIRST


def test_a_dead_login_asks_for_a_person(carrier: Kakao, options: Callable[..., kakao_memo.Options]) -> None:
    """``invalid_grant``: nothing was sent, a person must log in; the new token in the environment wins over the file."""
    send(options(), rendering())
    carrier.refresh = "another-login"
    failed = send(options(), rendering(), hours=7)
    assert isinstance(failed, p.CredentialError)
    assert failed.code == "login"
    assert isinstance(send(options("another-login"), rendering(), hours=7), p.Receipt)


@pytest.mark.parametrize(
    ("trick", "error", "code"),
    [
        ("!400 -603", p.UnknownOutcomeError, "unknown-outcome"),
        ("!400 -1", p.UnknownOutcomeError, "unknown-outcome"),
        ("!400 -532", p.DeliveryError, "later"),
        ("!403 -402", p.CredentialError, "consent"),
        ("!400 -2", p.RejectedError, "rejected"),
        ("drop", p.UnknownOutcomeError, "unknown-outcome"),
        ("500", p.UnknownOutcomeError, "unknown-outcome"),
    ],
)
def test_codes_decide(
    carrier: Kakao,
    options: Callable[..., kakao_memo.Options],
    trick: str,
    error: type[p.PipelineError],
    code: str,
) -> None:
    """By number, never by words: -603 and -1 may have been sent, a quota may be tried later, a consent needs a person."""
    carrier.mischief = {"memo": [trick]}
    failed = send(options(), rendering())
    assert type(failed) is error
    assert isinstance(failed, p.PipelineError)
    assert failed.code == code


def test_no_message_at_night(carrier: Kakao, options: Callable[..., kakao_memo.Options]) -> None:
    """The operator sleeps: nothing is called after 20:50."""
    assert isinstance(send(options(), rendering(), hours=11.5), p.NotNowError)
    assert isinstance(send(options(), rendering(), hours=12), p.NotNowError)
    assert carrier.calls == []
