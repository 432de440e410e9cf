"""The newsletter by SMTP, against a real server process on loopback: at most once to each."""

from __future__ import annotations

import base64
import email
import email.policy
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

import pipeline.model as p
from pipeline.deliver.transports import _mail, smtp

NOW = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
BODY = (
    b"Subject: =?utf-8?b?67Cw7JuA7IaM7Iud?=\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    b"hello\r\n.dot\r\n" + _mail.UNSUBSCRIBE_TOKEN + b"\r\n"
)
RENDERING = p.Rendering(
    digest_id="daily/2026-11-23",
    channel="newsletter",
    sha256="1" * 64,
    artifacts=(p.Artifact(path="newsletter.eml", media_type="message/rfc822", body=BODY),),
)
DELIVERY = p.Delivery(
    id="daily/2026-11-23/newsletter/all/0",
    edition_id="daily/2026-11-23",
    channel="newsletter",
    transport="smtp",
    rendering_sha256=RENDERING.sha256,
    not_before_at=NOW,
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


def options(tmp_path: Path, port: int, *addresses: str) -> smtp.Options:
    people = tmp_path / "people.csv"
    people.write_text("email,name\n" + "".join(f"{a},이름\n" for a in addresses), encoding="utf-8-sig")
    return smtp.Options(
        host="127.0.0.1",
        port=port,
        security="none",
        sender="배움소식 <news@example.go.kr>",
        recipients=str(people),
        unsubscribe="https://news.example.go.kr/u/{token}",
    )


def send(opts: smtp.Options, delivery: p.Delivery = DELIVERY) -> tuple[p.Receipt | p.PipelineError, p.Memo]:
    kept: list[p.Memo] = []
    try:
        return smtp.send(opts, delivery, RENDERING, None, kept.append), kept[-1]
    except p.PipelineError as error:
        return error, kept[-1] if kept else {}


def test_each_person_gets_one_mail_with_their_own_headers(sink: tuple[Sink, int], tmp_path: Path) -> None:
    """Duplicates in the list are one person; the stored bytes follow unchanged but for the unsubscribe address."""
    handler, port = sink
    receipt, _memo = send(options(tmp_path, port, "a@Example.com", "b@example.com", "a@example.com"))
    assert receipt == p.Receipt(accepted=2, refused=0, status="250")
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
    receipt, memo = send(options(tmp_path, port, "gone@example.com", "b@example.com"))
    assert receipt == p.Receipt(accepted=1, refused=1, status="250")
    assert memo["refused"] == ["gone@example.com"]


def test_an_answer_that_never_came_is_unknown_and_never_sent_again(sink: tuple[Sink, int], tmp_path: Path) -> None:
    """The server took the mail and dropped the line: that person is not written to again (RFC 1047, P44)."""
    handler, port = sink
    opts = options(tmp_path, port, "silent@example.com", "b@example.com")
    first, memo = send(opts)
    assert isinstance(first, p.DeliveryError)
    assert not isinstance(first, p.UnknownOutcomeError)
    second, memo = send(opts, replace(DELIVERY, memo=memo))
    assert isinstance(second, p.UnknownOutcomeError)
    assert [to for to, _ in handler.mails] == ["silent@example.com", "b@example.com"]
    third, memo = send(opts, replace(DELIVERY, memo=memo))
    assert isinstance(third, p.UnknownOutcomeError)
    assert len(handler.mails) == 2


def test_a_run_killed_in_mid_transaction_leaves_that_person_unknown(sink: tuple[Sink, int], tmp_path: Path) -> None:
    """Resuming from any kept memo sends nothing twice."""
    handler, port = sink
    memo = {"to": ["a@example.com", "b@example.com"], "sent": [], "refused": [], "unknown": [], "now": "a@example.com"}
    listed = options(tmp_path, port, "a@example.com", "b@example.com", "c@example.com")
    outcome, _memo = send(listed, replace(DELIVERY, memo=memo))
    assert isinstance(outcome, p.UnknownOutcomeError)
    assert [to for to, _ in handler.mails] == ["b@example.com"]


def test_a_server_that_asks_for_patience_gets_it(sink: tuple[Sink, int], tmp_path: Path) -> None:
    """A 4xx leaves the recipient waiting for the next try."""
    handler, port = sink
    outcome, memo = send(options(tmp_path, port, "later@example.com"))
    assert isinstance(outcome, p.DeliveryError)
    assert (outcome.code, memo["sent"], memo["refused"], memo["unknown"]) == ("later", [], [], [])


def test_nobody_listening_is_surely_not_accepted(tmp_path: Path) -> None:
    """A refused connection is safe to try again."""
    outcome, _memo = send(options(tmp_path, 9, "a@example.com"))
    assert isinstance(outcome, p.DeliveryError)
    assert outcome.code == "connect"


def test_the_address_is_filled_into_encoded_parts_too() -> None:
    """A base64 part holds each recipient's address where its token stood alone on a line."""
    text = "거부하려면:\n".encode()
    text += b" " * (-len(text) % 57)
    encoded = base64.encodebytes(text + _mail.UNSUBSCRIBE_TOKEN.ljust(57) + b"end\n").replace(b"\n", b"\r\n")
    body = b"Subject: x\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    lines = encoded.replace(b"\r\n", b"")
    body += b"\r\n".join(lines[n : n + 76] for n in range(0, len(lines), 76)) + b"\r\n"
    url = "https://news.example.go.kr/u/" + "a" * 60
    message = email.message_from_bytes(_mail.personal(body, {}, url), policy=email.policy.default)
    assert url.encode() in message.get_payload(decode=True)
    assert _mail.UNSUBSCRIBE_TOKEN not in message.get_payload(decode=True)


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
