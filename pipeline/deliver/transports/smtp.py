"""Send a stored newsletter by SMTP: one recipient per transaction, at most once each.

What does not live here: making the mail (``renderers/newsletter``). The stored bytes are spliced with what belongs to one
recipient: From, To, Date, Message-ID, List-Unsubscribe and the unsubscribe address in the body; nothing else changes.
Source: reliability P48, P52, P54, P55 and Part 4; RFC 5321, RFC 8058; korea §2.
"""

from __future__ import annotations

import contextlib
import csv
import smtplib
import ssl
from collections.abc import Callable, Iterable, Iterator
from email.utils import format_datetime, formataddr, parseaddr
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pydantic import Field

import pipeline.model as p
from pipeline.deliver.transports import _mail
from pipeline.i18n import _

TITLE = "전자우편(SMTP)"
ACCEPTS = frozenset({"message/rfc822"})
REACHES_PEOPLE = True
REPEATABLE = False
_ANSWER_S = 600.0  # RFC 5321 4.5.3.2.6: the answer after the final dot may take ten minutes
_COMMAND_S = 60.0


class Options(p.Options):
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
    recipients: p.ProjectPath = Field(
        description="받는 사람 CSV 파일. 첫 줄에 email 열이 있어야 합니다", examples=["private/subscribers.csv"]
    )
    unsubscribe: str = Field(
        default="",
        description="수신 거부 주소. {token} 자리에 사람마다 다른 값이 들어갑니다",
        examples=["https://news.example.go.kr/u/{token}"],
    )
    token_key: p.SecretName | None = Field(
        default=None, description="수신 거부 값을 만드는 열쇠가 든 환경 변수", examples=["MOA_TOKEN_KEY"]
    )


def send(
    options: Options,
    delivery: p.Delivery,
    rendering: p.Rendering,
    http: p.Http,
    keep: Callable[[p.Memo], None],
) -> p.Receipt:
    """Send to every recipient not yet settled; resumable, and never twice to one.

    The recipient set is frozen by the first ``keep``. Before each transaction the recipient is kept as ``now``; after its
    answer it is kept as sent or refused. Whoever is found as ``now`` on resuming is unknown and is not sent to again. One
    full mailbox (4xx) stops nobody else; whoever left the list before a later try is not written to (P52, P72).

    Raises:
        CredentialError: The server refuses our account.
        DeliveryError: Nothing more could be sent and the rest may be tried again.
        UnknownOutcomeError: Everyone was tried, and for some nobody knows the outcome.
    """
    del http
    ledger = _Ledger.of(delivery, options, keep)
    waiting = ledger.still_on(_recipients(options))
    later: list[int] = []
    body = next(a.body for a in rendering.artifacts if a.media_type == "message/rfc822")
    if waiting:
        with _connected(options) as client:
            for address in waiting:
                mail = _mail.personal(body, _headers(options, delivery, address), _unsubscribe(options, address))
                later += _one(client, parseaddr(options.sender)[1], address, mail, ledger)
    if later:
        raise _later(later[0])
    if ledger.unknown:
        message = _("{count}명은 받았는지 알 수 없습니다. 다시 보내지 않았습니다.").format(count=len(ledger.unknown))
        raise p.UnknownOutcomeError(message)
    return p.Receipt(accepted=len(ledger.sent), refused=len(ledger.refused), status="250")


def lookup(options: Options, delivery: p.Delivery, http: p.Http) -> p.Receipt | None:
    """SMTP cannot be asked what arrived; a ledger without open recipients can answer for itself."""
    del http, options
    memo = delivery.memo
    if not memo.get("to") or memo.get("now") or memo.get("unknown"):
        return None
    if len(memo["sent"]) + len(memo["refused"]) + len(memo.get("left", ())) < len(memo["to"]):
        return None
    return p.Receipt(accepted=len(memo["sent"]), refused=len(memo["refused"]), status="250")


class _Ledger:
    """Who was frozen, who is settled, who is in the air. Kept after every change; addresses never leave the outbox."""

    def __init__(self, memo: dict[str, Any], keep: Callable[[p.Memo], None]) -> None:
        self._memo = memo
        self._keep = keep

    @classmethod
    def of(cls, delivery: p.Delivery, options: Options, keep: Callable[[p.Memo], None]) -> _Ledger:
        known = dict(delivery.memo)
        doubts_end = known.pop("resend", False)  # a person knows that nothing arrived
        memo = known or {"to": list(_recipients(options)), "sent": [], "refused": [], "unknown": [], "now": None}
        if doubts_end:
            memo["unknown"], memo["now"] = [], None
        if memo["now"]:  # a run died between the transaction and its answer
            memo["unknown"], memo["now"] = [*memo["unknown"], memo["now"]], None
        ledger = cls(memo, keep)
        ledger.save()
        return ledger

    @property
    def in_air(self) -> str | None:
        now = self._memo["now"]
        return str(now) if now else None

    @property
    def sent(self) -> list[str]:
        return list(self._memo["sent"])

    @property
    def refused(self) -> list[str]:
        return list(self._memo["refused"])

    @property
    def unknown(self) -> list[str]:
        return list(self._memo["unknown"])

    @property
    def waiting(self) -> list[str]:
        settled = {*self._memo["sent"], *self._memo["refused"], *self._memo["unknown"], *self._memo.get("left", ())}
        return [a for a in self._memo["to"] if a not in settled]

    def still_on(self, listed: Iterable[str]) -> list[str]:
        """Return who waits and is still on the list; whoever left it is kept as such."""
        today = set(listed) if self.waiting else set()
        gone = [a for a in self.waiting if a not in today]
        if gone:
            self._memo["left"] = [*self._memo.get("left", ()), *gone]
            self.save()
        return self.waiting

    def save(self) -> None:
        self._keep(dict(self._memo))

    def begin(self, address: str) -> None:
        self._memo["now"] = address
        self.save()

    def end(self, address: str, state: str) -> None:
        self._memo["now"] = None
        if state:
            self._memo[state] = [*self._memo[state], address]
        self.save()


def _recipients(options: Options) -> Iterator[str]:
    """Yield addresses of the CSV, normalised and each once (P52)."""
    seen: set[str] = set()
    try:
        with Path(options.recipients).open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                address = _mail.address(str(row.get("email") or ""))
                if address and address not in seen:
                    seen.add(address)
                    yield address
    except (OSError, UnicodeDecodeError) as error:
        message = _("받는 사람 파일을 읽지 못했습니다: {file}").format(file=options.recipients)
        raise p.DeliveryError(message, code="recipients") from error


@contextlib.contextmanager
def _connected(options: Options) -> Iterator[smtplib.SMTP]:
    with contextlib.ExitStack() as stack:
        try:
            client = _dialled(options, stack)
        except smtplib.SMTPAuthenticationError as error:
            message = _("메일 서버가 계정을 거절했습니다 ({code}).").format(code=error.smtp_code)
            raise p.CredentialError(message) from error
        except UnicodeEncodeError as error:  # SMTP AUTH as Python speaks it knows ASCII only
            message = _(
                "메일 계정의 이름이나 비밀번호에 쓸 수 없는 글자가 있습니다. 영문, 숫자, 기호만 쓸 수 있습니다."
            )
            raise p.CredentialError(message) from error
        except (OSError, smtplib.SMTPException) as error:
            message = _("메일 서버 {host}에 연결하지 못했습니다.").format(host=options.host)
            raise p.DeliveryError(message, code="connect") from error
        yield client
        with contextlib.suppress(smtplib.SMTPException, OSError):
            client.quit()


def _dialled(options: Options, stack: contextlib.ExitStack) -> smtplib.SMTP:
    """Connect, encrypt, log in; the socket is closed when the stack ends, whatever happens."""
    context = ssl.create_default_context()
    client: smtplib.SMTP
    if options.security == "tls":
        client = smtplib.SMTP_SSL(options.host, options.port, timeout=_COMMAND_S, context=context)
    else:
        client = smtplib.SMTP(options.host, options.port, timeout=_COMMAND_S)
    stack.callback(client.close)
    if options.security == "starttls":
        client.starttls(context=context)
    client.ehlo_or_helo_if_needed()
    if options.username is not None:
        client.login(options.username.value, options.password.value if options.password else "")
    return client


def _headers(options: Options, delivery: p.Delivery, address: str) -> dict[str, str]:
    """What belongs to one recipient; the Message-ID is the same on every try (P48)."""
    token = sha256(f"{delivery.id} {address}".encode()).hexdigest()[:40]
    return {
        "From": formataddr(parseaddr(options.sender)),
        "To": address,
        "Date": format_datetime(delivery.not_before_at),
        "Message-ID": f"<{token}@{_mail.domain(options.sender)}>",
    }


def _one(client: smtplib.SMTP, sender: str, address: str, mail: bytes, ledger: _Ledger) -> list[int]:
    """One transaction; the outcome is what the server's own replies say. Returns its code if the recipient waits on."""
    try:
        code, _answer = client.mail(sender)
        if code != 250:
            client.rset()
            raise _no_sender(code)
        code, _answer = client.rcpt(address)
        if code not in (250, 251):
            client.rset()
            return _refusal(code, address, ledger)
        ledger.begin(address)
        if client.sock is not None:
            client.sock.settimeout(_ANSWER_S)
        code, _answer = client.data(mail)
        if client.sock is not None:
            client.sock.settimeout(_COMMAND_S)
    except smtplib.SMTPDataError as error:  # refused before the text was taken
        return _refusal(error.smtp_code, address, ledger)
    except (OSError, smtplib.SMTPException) as error:
        if ledger.in_air == address:
            ledger.end(address, "unknown")
        message = _("메일을 보내던 중 연결이 끊겼습니다.")
        raise p.DeliveryError(message, code="lost") from error
    if code != 250:
        return _refusal(code, address, ledger)
    ledger.end(address, "sent")
    return []


def _refusal(code: int, address: str, ledger: _Ledger) -> list[int]:
    """5xx is final for this recipient; 4xx leaves the recipient waiting for the next try.

    Raises:
        DeliveryError: 421, the server says good-bye: nobody else can be tried either.
    """
    ledger.end(address, "refused" if code >= 500 else "")
    if code == 421:
        raise _later(code)
    return [code] if code < 500 else []


def _later(code: int) -> p.DeliveryError:
    return p.DeliveryError(_("메일 서버가 나중에 다시 보내라고 했습니다 ({code}).").format(code=code), code="later")


def _no_sender(code: int) -> p.DeliveryError:
    if 400 <= code < 500:
        return _later(code)
    return p.RejectedError(_("메일 서버가 보내는 주소를 받아들이지 않았습니다 ({code}).").format(code=code))


def _unsubscribe(options: Options, address: str) -> str:
    if not options.unsubscribe:
        return ""
    key = options.token_key.value if options.token_key else ""
    token = sha256(f"{key}\n{address}".encode()).hexdigest()[:40]
    return options.unsubscribe.replace("{token}", quote(token))
