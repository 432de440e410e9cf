"""Send a stored newsletter by SMTP: one receiver a transaction, at most once each.

What does not live here: making the mail (``renderers/newsletter``), the wire (``_post``, ``_lane``), the ledger
(``p.People``). The stored bytes are spliced with what belongs to one receiver: From, To, Date, Message-ID,
List-Unsubscribe and the declared placeholders; nothing else changes (ADR-0032).
Source: reliability P48, P52, P54, P55 and Part 4; RFC 5321, RFC 8058; korea §2.
"""

from __future__ import annotations

from collections.abc import Callable
from email.utils import format_datetime, formataddr, parseaddr
from hashlib import sha256
from typing import Literal
from urllib.parse import quote

from pydantic import Field

import pipeline.model as p
from pipeline.deliver.transports import _mail
from pipeline.deliver.transports._lane import Lane, Server
from pipeline.deliver.transports._post import Post
from pipeline.deliver.transports._splice import Letter
from pipeline.i18n import _

TITLE = "전자우편(SMTP)"
ACCEPTS = frozenset({"message/rfc822"})
ADDRESS: Literal["email", "phone"] = "email"
REACHES_PEOPLE = True
REPEATABLE = False


class Options(p.PeopleOptions):
    """The mail server, the sender and who receives."""

    host: str = Field(description="메일 서버 이름", examples=["mail.example.go.kr"])
    port: int = Field(default=587, ge=1, le=65535, description="메일 서버 포트", examples=["587"])
    security: str = Field(
        default="starttls", pattern="^(starttls|tls|none)$", description="암호화 방식: starttls, tls, none"
    )
    username: p.SecretName | None = Field(
        default=None, description="계정 이름이 든 환경 변수", examples=["MOA_SMTP_USER"]
    )
    password: p.SecretName | None = Field(
        default=None, description="비밀번호가 든 환경 변수", examples=["MOA_SMTP_PASSWORD"]
    )
    sender: str = Field(description="보내는 주소", examples=["소식 <news@example.go.kr>"])
    reply_to: str = Field(default="", description="답장을 받을 주소", examples=["help@example.go.kr"])
    unsubscribe: str = Field(
        default="",
        description="수신 거부 주소. {token} 자리에 사람마다 다른 값이 들어갑니다",
        examples=["https://news.example.go.kr/u/{token}"],
    )
    unsubscribe_mail: str = Field(
        default="",
        description="수신 거부를 받는 전자우편 주소. 제목에 사람마다 다른 값이 들어갑니다",
        examples=["unsubscribe@example.go.kr"],
    )
    connections: int = Field(default=4, ge=1, le=8, description="메일 서버에 함께 여는 연결 수", examples=["4"])
    per_minute: int = Field(default=0, ge=0, description="1분에 보내는 메일 수의 한도. 0이면 없음", examples=["600"])
    per_connection: int = Field(
        default=0, ge=0, description="연결 하나로 보내는 메일 수의 한도. 0이면 없음", examples=["100"]
    )


def send(  # noqa: PLR0917 - the protocol's
    options: Options,
    delivery: p.Delivery,
    rendering: p.Rendering,
    http: p.Http,
    keep: Callable[[p.Memo], None],
    people: p.People,
) -> p.Receipt:
    """Send to everybody who waits; resumable, and never twice to one.

    A message whose answer never came leaves its receiver unknown, and nobody else. One full mailbox (4xx) stops nobody.

    Raises:
        CredentialError: The server refuses our account, or we do not trust its certificate.
        RejectedError: The server refuses the sender, or message after message.
        DeliveryError: Nothing more could be sent and the rest may be tried again.
        NotNowError: The hours ended.
    """
    del http, keep
    letter = Letter(next(a.body for a in rendering.artifacts if a.media_type == "message/rfc822"))
    server = Server(
        options.host,
        options.port,
        options.security,
        options.username.value if options.username else "",
        options.password.value if options.password else "",
    )
    fixed, at, nameless = _common(options, delivery), _mail.domain(options.sender), _("구독자")

    def message(person: p.Person) -> list[bytes]:
        url = unsubscribe_url(options, person.token)
        values = {p.UNSUBSCRIBE_MARK: url, p.NAME_MARK: person.name or nameless}
        return letter.pieces(fixed + _own(options, delivery, person, url, at), values)

    Post(
        lambda: Lane(server),
        parseaddr(options.sender)[1],
        people,
        message,
        connections=options.connections,
        per_minute=options.per_minute,
        per_connection=options.per_connection,
    ).run()
    counts = people.counts()
    return p.Receipt(
        accepted=counts.get(p.DeliveryState.SENT, 0), refused=counts.get(p.DeliveryState.FAILED, 0), status="250"
    )


def lookup(options: Options, delivery: p.Delivery, http: p.Http) -> p.Receipt | None:
    """SMTP cannot be asked what arrived; the ledger answers for each person."""
    del options, delivery, http
    return None


def unsubscribe_url(options: Options, token: str) -> str:
    """Return where one receiver refuses: the operator's page, else a mail to say so."""
    if options.unsubscribe:
        return options.unsubscribe.replace("{token}", quote(token))
    return _mailto(options, token)


def _mailto(options: Options, token: str) -> str:
    to = options.unsubscribe_mail or parseaddr(options.sender)[1]
    return f"mailto:{to}?subject=unsubscribe%20{quote(token)}"


def _common(options: Options, delivery: p.Delivery) -> bytes:
    """Headers that are the same for everybody."""
    lines = [
        _mail.header("From", formataddr(parseaddr(options.sender))),
        _mail.header("Date", format_datetime(delivery.not_before_at)),
    ]
    if options.reply_to:
        lines.append(_mail.header("Reply-To", options.reply_to))
    if options.unsubscribe.startswith("https://"):  # RFC 8058: one click is for https only
        lines.append(b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n")
    return b"".join(lines)


def _own(options: Options, delivery: p.Delivery, person: p.Person, url: str, at: str) -> bytes:
    """Headers of one receiver; the Message-ID is the same on every try (P48). ASCII throughout, no text of others."""
    name = sha256(f"{delivery.id} {person.hash}".encode()).hexdigest()[:40]
    ways = [f"<{url}>"]
    if options.unsubscribe and options.unsubscribe_mail:
        ways.append(f"<{_mailto(options, person.token)}>")
    return (f"To: {person.address}\r\nMessage-ID: <{name}@{at}>\r\nList-Unsubscribe: {', '.join(ways)}\r\n").encode(
        "ascii"
    )
