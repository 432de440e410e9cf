"""The newsletter by SMTP, against a real server process on loopback: at most once to each."""

from __future__ import annotations

import base64
import email
import email.policy
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

import pipeline.model as p
from pipeline.deliver.transports import _mail, smtp
from pipeline.deliver.transports._splice import Letter
from tests.unit.deliver.roll import DELIVERY, Roll

BODY = (
    b"Subject: =?utf-8?b?67Cw7JuA7IaM7Iud?=\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    b"hello\r\n.dot\r\n" + p.UNSUBSCRIBE_MARK.encode() + b"\r\n"
)
RENDERING = p.Rendering(
    digest_id="daily/2026-11-23",
    channel="newsletter",
    sha256="1" * 64,
    artifacts=(p.Artifact(path="newsletter.eml", media_type="message/rfc822", body=BODY),),
)


class Sink:
    """Keeps every accepted mail; misbehaves for addresses that say so."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, bytes]] = []

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("gone"):
            return "550 no such user"
        if address.startswith("later"):
            return "451 try later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.mails.append((envelope.rcpt_tos[0], envelope.content or b""))
        if envelope.rcpt_tos[0].startswith("silent"):
            server.transport.abort()  # took it, and never said so
        return "250 taken"


@pytest.fixture
def sink() -> Iterator[tuple[Sink, int]]:
    handler = Sink()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield handler, port
    finally:
        controller.stop()


def options(port: int, **more: Any) -> smtp.Options:
    return smtp.Options(
        host="127.0.0.1",
        port=port,
        security="none",
        sender="배움소식 <news@example.go.kr>",
        recipients="people.csv",
        **{"unsubscribe": "https://news.example.go.kr/u/{token}", **more},
    )


def send(roll: Roll, port: int, **more: Any) -> p.Receipt | p.PipelineError:
    ledger = roll.ledger()
    try:
        return smtp.send(options(port, **more), DELIVERY, RENDERING, None, lambda memo: None, ledger)
    except p.PipelineError as error:
        return error
    finally:
        ledger.give_back()


def test_each_person_gets_one_mail_with_their_own_headers(sink: tuple[Sink, int], tmp_path: Path) -> None:
    """Duplicates in the list are one person; the stored bytes follow unchanged but for the unsubscribe address."""
    handler, port = sink
    roll = Roll(tmp_path, "a@Example.com", "b@example.com", "a@example.com")
    assert send(roll, port) == p.Receipt(accepted=2, refused=0, status="250")
    assert [to for to, _ in handler.mails] == ["a@example.com", "b@example.com"]
    message = email.message_from_bytes(handler.mails[0][1], policy=email.policy.default)
    assert message["To"] == "a@example.com"
    assert message["From"] == "배움소식 <news@example.go.kr>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Unsubscribe"].startswith("<https://news.example.go.kr/u/")
    assert (
        handler.mails[0][1]
        .replace(b"\r\n", b"\n")
        .endswith(b"\n.dot\n" + message["List-Unsubscribe"][1:-1].encode() + b"\n")
    )


def test_one_refused_address_stops_nobody_else(sink: tuple[Sink, int], tmp_path: Path) -> None:
    """A 5xx is that recipient's, recorded; the others get theirs."""
    handler, port = sink
    roll = Roll(tmp_path, "gone@example.com", "b@example.com")
    assert send(roll, port) == p.Receipt(accepted=1, refused=1, status="250")
    assert roll.states() == {"gone@example.com": ("failed", "hard 550"), "b@example.com": ("sent", "250")}


def test_an_answer_that_never_came_is_unknown_and_never_sent_again(sink: tuple[Sink, int], tmp_path: Path) -> None:
    """The server took the mail and dropped the line: that person alone is unknown and not written to again (RFC 1047)."""
    handler, port = sink
    roll = Roll(tmp_path, "silent@example.com", "b@example.com")
    for _again in range(3):
        send(roll, port)
        assert roll.states() == {"silent@example.com": ("unknown", "no-answer"), "b@example.com": ("sent", "250")}
    assert sorted(to for to, _ in handler.mails) == ["b@example.com", "silent@example.com"]


def test_a_run_killed_in_mid_transaction_leaves_that_person_unknown(sink: tuple[Sink, int], tmp_path: Path) -> None:
    """Whoever was leaving is in doubt; whoever was only claimed goes next time; who joined the list since does not."""
    handler, port = sink
    roll = Roll(tmp_path, "a@example.com", "b@example.com")
    dying = roll.ledger()
    group = dying.begin(10)
    dying.leaving(group[:1])
    roll.people.append("c@example.com")
    send(roll, port)
    assert roll.states() == {"a@example.com": ("unknown", "interrupted"), "b@example.com": ("sent", "250")}
    assert [to for to, _ in handler.mails] == ["b@example.com"]


def test_a_server_that_asks_for_patience_gets_it(sink: tuple[Sink, int], tmp_path: Path) -> None:
    """A 4xx leaves the recipient waiting for the next try; it is not tried twice in one."""
    handler, port = sink
    roll = Roll(tmp_path, "later@example.com", "b@example.com")
    send(roll, port)
    assert roll.states() == {"later@example.com": ("pending", "soft 451"), "b@example.com": ("sent", "250")}


def test_nobody_listening_is_surely_not_accepted(tmp_path: Path) -> None:
    """A refused connection is safe to try again."""
    roll = Roll(tmp_path, "a@example.com")
    outcome = send(roll, 9)
    assert isinstance(outcome, p.DeliveryError)
    assert outcome.code == "connect"
    assert roll.states() == {"a@example.com": ("pending", "interrupted")}


def test_the_address_is_filled_into_encoded_parts_too() -> None:
    """A base64 part holds each recipient's address where its token stood alone on a line."""
    text = "거부하려면:\n".encode()
    text += b" " * (-len(text) % 57)
    encoded = base64.encodebytes(text + p.UNSUBSCRIBE_MARK.encode().ljust(57) + b"end\n").replace(b"\n", b"\r\n")
    body = b"Subject: x\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    lines = encoded.replace(b"\r\n", b"")
    body += b"\r\n".join(lines[n : n + 76] for n in range(0, len(lines), 76)) + b"\r\n"
    url = "https://news.example.go.kr/u/" + "a" * 60
    letter = Letter(body)
    assert letter.marks == {p.UNSUBSCRIBE_MARK}
    message = email.message_from_bytes(
        b"".join(letter.pieces(b"", {p.UNSUBSCRIBE_MARK: url})), policy=email.policy.default
    )
    assert url.encode() in message.get_payload(decode=True)
    assert p.UNSUBSCRIBE_MARK.encode() not in message.get_payload(decode=True)


@pytest.mark.parametrize(
    "title",
    ["x\r\nBcc: a@b.kr", "x =?UTF-8?Q?=0A?=Bcc: a@b.kr", "x\x0bBcc: a", "x\u2028Bcc: a"],
)
def test_no_text_becomes_a_header(title: str) -> None:
    """Header injection of every known form ends as one harmless line (P55, CVE-2024-6923)."""
    line = _mail.header("X-Title", title)
    assert line.count(b"\r\n") == 1
    assert line.endswith(b"\r\n")
    assert "Bcc" not in email.message_from_bytes(line + b"\r\n", policy=email.policy.default)
