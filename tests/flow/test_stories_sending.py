"""Trying out before sending, letting silence approve, and rebuilding a past day: through the command line (peers §5)."""

from __future__ import annotations

import email
import email.policy
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from pipeline.deliver import trial
from tests.factories import seoul
from tests.flow.project import CHANNELS, MONDAY, Project, feed, item, rss
from tests.misbehave import Site, answer

EDITION = f"daily/{MONDAY}"


class Sink:
    """A mail server that keeps what it took."""

    def __init__(self) -> None:
        self.mails: list[tuple[list[str], bytes]] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if any("refused" in to for to in envelope.rcpt_tos):
            return "554 no"
        self.mails.append((envelope.rcpt_tos, bytes(envelope.content or b"")))
        return "250 OK"


@pytest.fixture
def sink() -> Iterator[tuple[Sink, int]]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    handler = Sink()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield handler, port
    finally:
        controller.stop()


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as made:
        made.routes["/f"] = answer(
            rss(item("가온 도서관 야간 개방", link="https://a.example/1", body="밤에도 엽니다."))
        )
        yield made


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> dict[str, datetime]:
    hands = {"now": seoul(11, 23, 3)}
    monkeypatch.setattr("pipeline.cli.common.now", lambda: hands["now"])
    return hands


def town_at(folder: Path, site: Site, port: int, **mail: str) -> Project:
    send = {
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "sender": "소식 <news@example.go.kr>",
        "recipients": "people.csv",
    }
    channels = [*CHANNELS, {"id": "mail", "renderer": "newsletter", "transport": "smtp", "send": send, **mail}]
    made = Project(folder, site.allowed, channels=channels)
    made.sources(feed("news", site.url("/f")))
    (folder / "people.csv").write_text("email,agreed_at\none@example.com,2026-01-01\n", "utf-8")
    return made


def test_a_trial_reaches_one_person_and_changes_nothing(
    tmp_path: Path, site: Site, sink: tuple[Sink, int], clock: dict[str, datetime]
) -> None:
    """The stored mail with [시험] before its subject, to the one address; deliveries, ledger and files stay as they were;
    the address is masked on the screen."""
    town = town_at(tmp_path, site, sink[1], approval="manual")
    town.run(MONDAY)
    before, waiting = town.files(), town.moa_says("status", "--json").out
    said = town.moa_says("send-test", "--channel", "mail", "--to", "kim@example.go.kr")
    assert (said.code, "ki**@example.go.kr" in said.out, "kim@" in said.out + said.err) == (0, True, False), said.err
    ((to, raw),) = sink[0].mails
    stored = (town.output / f"editions/{EDITION}/mail/newsletter.eml").read_bytes()
    sent, kept = (email.message_from_bytes(each, policy=email.policy.default) for each in (raw, stored))
    assert to == ["kim@example.go.kr"]
    assert sent["Subject"] == f"[시험] {kept['Subject']}"
    shown = [m.get_body(("plain",)).get_content().splitlines()[:3] for m in (sent, kept)]
    assert shown[0] == shown[1]
    assert (town.files(), town.moa_says("status", "--json").out) == (before, waiting)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--channel", "kakao", "--to", "kim@example.go.kr"), 2),
        (("--channel", "none", "--to", "kim@example.go.kr"), 2),
        (("--channel", "mail", "--to", "kim@example.go.kr,lee@example.go.kr"), 2),
        (("--channel", "mail", "--to", "kim@example.go.kr", "--edition", "daily/2020-01-01"), 2),
        (("--channel", "mail", "--to", "refused@example.go.kr"), 3),
    ],
)
def test_a_trial_that_cannot_be_is_refused(
    tmp_path: Path, site: Site, sink: tuple[Sink, int], clock: dict[str, datetime], words: tuple[str, ...], code: int
) -> None:
    """No mail channel, no such edition, more than one address, or a server that refuses: a sentence, nothing sent."""
    town = town_at(tmp_path, site, sink[1])
    town.run(MONDAY)
    assert town.moa_says("send-test", *words).code == code
    assert sink[0].mails == []


@pytest.mark.parametrize("subject", ["짧은 제목", "아주 긴 제목 " * 20, "plain", "줄\u2028바꿈"])
def test_only_the_subject_differs(subject: str) -> None:
    """Folded or plain, the mark stands before the subject and every other byte stays."""
    import pipeline.model as p

    mail = email.message.EmailMessage(policy=email.policy.SMTP)
    mail["Subject"], mail["X-Other"] = subject.replace("\u2028", " "), "1"
    mail.set_content("본문")
    raw = mail.as_bytes()
    one = p.Artifact(path="a.eml", media_type="message/rfc822", body=raw)
    made = trial.marked(p.Rendering(digest_id="d", channel="c", sha256="0", artifacts=(one,))).artifacts[0].body
    after = email.message_from_bytes(made, policy=email.policy.default)
    assert "".join(str(after["Subject"]).split()) == "".join(f"[시험] {mail['Subject']}".split())
    assert (after["X-Other"], made.partition(b"\r\n\r\n")[2]) == ("1", raw.partition(b"\r\n\r\n")[2])


def test_silence_approves_in_time_and_a_person_may_object_or_hurry(
    tmp_path: Path, site: Site, sink: tuple[Sink, int], clock: dict[str, datetime]
) -> None:
    """``approval: auto-after 2h``: before, nothing leaves; held, it waits for a yes; approved, the wait is over."""
    town = Project(tmp_path, site.allowed, channels=[{**CHANNELS[1], "approval": "auto-after 2h"}])
    town.sources(feed("news", site.url("/f")))
    town.run(MONDAY)
    kit = town.output / f"copykit/{EDITION}/kakao"
    clock["now"] += timedelta(hours=1, minutes=59)
    town.moa_says("deliver")
    assert not kit.exists()
    assert town.moa_says("hold", EDITION).code == 0
    clock["now"] += timedelta(hours=1)
    town.moa_says("deliver")
    assert not kit.exists()
    assert town.moa_says("approve", EDITION).code == 0
    town.moa_says("deliver")
    assert kit.exists()


def test_silence_alone_lets_it_go(tmp_path: Path, site: Site, clock: dict[str, datetime]) -> None:
    """Nobody said anything for two hours: it leaves."""
    town = Project(tmp_path, site.allowed, channels=[{**CHANNELS[1], "approval": "auto-after 2h"}])
    town.sources(feed("news", site.url("/f")))
    town.run(MONDAY)
    clock["now"] += timedelta(hours=2)
    town.moa_says("deliver")
    assert (town.output / f"copykit/{EDITION}/kakao/post.txt").exists()


def test_ma2_a_past_day_is_rebuilt_to_the_same_hashes(tmp_path: Path, site: Site) -> None:
    """MA2: the same pages read as of the same instant make the same editions, byte for byte, whenever and wherever."""
    made = []
    for name in ("here", "there"):
        town = Project(tmp_path / name, site.allowed)
        town.sources(feed("news", site.url("/f")))
        night = town.run(MONDAY)
        made.append({r["channel"]: r["sha256"] for e in night.json["editions"] for r in e["rendered"]})
    assert made[0] == made[1] != {}
