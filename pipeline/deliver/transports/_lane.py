"""One kept SMTP connection: bytes out, whole answers in, and what an answer means (tool of this room).

What does not live here: which message goes next (``_post``), making messages (``_splice``).
Source: RFC 5321 (answers, times), RFC 2920 (pipelining), RFC 3463 (enhanced codes), RFC 3207, RFC 4954.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
import time
from collections import deque
from dataclasses import dataclass
from typing import Final

import pipeline.model as p
from pipeline.i18n import _

ANSWER_S: Final = 600.0  # RFC 5321 4.5.3.2.6: the answer after the final dot may take ten minutes
COMMAND_S: Final = 120.0
_SEND_BYTES: Final = 512 * 1024  # a whole message leaves our hands at once, and the next connection is served
_REPLY_BYTES: Final = 64 * 1024
_ANSWER: Final = re.compile(rb"([2345]\d\d)(?:([ -])(.*))?\Z", re.DOTALL)
_ENHANCED: Final = re.compile(rb"([245]\.\d{1,3}\.\d{1,3})(?:\s|\Z)")
_GONE: Final = re.compile(
    rb"(?i)user unknown|unknown user|no such (?:user|mailbox|address)|does not exist|not found|invalid (?:user|recipient|mailbox)"
)


@dataclass(frozen=True, slots=True)
class Server:
    """How to reach a mail server; ``security`` is ``starttls``, ``tls`` or ``none``."""

    host: str
    port: int
    security: str
    username: str = ""
    password: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer: its code and its words."""

    code: int
    text: bytes

    @property
    def kind(self) -> str:
        """``hard``: there is no such mailbox; ``blocked``: they do not want it of us; ``soft``: it may pass by itself."""
        found = _ENHANCED.match(self.text)
        status = found[1] if found else b""
        if self.code < 500:
            return "soft"
        if status.startswith((b"5.1.", b"5.2.1")) and status not in (b"5.1.7", b"5.1.8"):
            return "hard"  # 5.1.7 and 5.1.8 speak of the sender's address
        if status.startswith(b"5.7.") or self.code == 554:
            return "blocked"
        if status.startswith((b"5.2.", b"5.3.", b"5.4.")) or self.code == 552:
            return "soft"
        return "hard" if self.code in (550, 551, 553) and (not status or _GONE.search(self.text)) else "blocked"

    @property
    def words(self) -> str:
        """Kind, code and enhanced code; never the server's text, which may hold an address."""
        found = _ENHANCED.match(self.text)
        return " ".join(part for part in (self.kind, str(self.code), found[1].decode() if found else "") if part)


class Lane:
    """A connection that is greeted, encrypted and logged in.

    Attributes:
        asked: What was said and not answered yet, in order.
        is_pipelined: The server offers RFC 2920.
        deadline: Monotonic second by which the next answer must come.
        used: Messages said on it.

    Raises:
        CredentialError: The server refuses our account.
        DeliveryError: Nobody answers, or not as a mail server that can be trusted does (``connect``).
    """

    def __init__(self, server: Server) -> None:
        with contextlib.ExitStack() as stack:
            self._client = _dialled(server, stack)
            stack.pop_all()
        assert self._client.sock is not None
        self.sock: socket.socket = self._client.sock
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BYTES)
        self.is_pipelined = self._client.has_extn("pipelining")
        self.asked: deque[str] = deque()
        self.deadline = 0.0
        self.used = 0
        self._inbox = bytearray()
        self._text: list[bytes] = []

    def say(self, payload: bytes, *answers: str, vital: int = 0) -> None:
        """Send bytes that will be answered by these answers, in order.

        Args:
            payload: One or several commands, or a message and what follows it.
            answers: A name for each answer.
            vital: Where in the payload the final dot of a message ends.

        Raises:
            CutError: The line broke before ``vital`` bytes had left: the message was surely not taken.
            OSError: It broke after them, or there was no message.
        """
        view, done = memoryview(payload), 0
        try:
            while done < len(view):
                done += self.sock.send(view[done:])
        except OSError as error:
            if done < vital:
                raise CutError from error
            raise
        was_idle = not self.asked
        self.asked.extend(answers)
        if was_idle:
            self.wait()

    def wait(self) -> None:
        """Set the time by which the next answer must be there."""
        self.deadline = time.monotonic() + (ANSWER_S if self.asked and self.asked[0] == "dot" else COMMAND_S)

    def replies(self) -> list[tuple[str, Reply]]:
        """Read what has come and return whole answers with the names they answer; call when the socket is readable.

        Raises:
            OSError: The line is closed or broken.
        """
        found: list[tuple[str, Reply]] = []
        while True:
            heard = self.sock.recv(65536)
            if not heard:
                raise ConnectionError("closed")
            self._inbox += heard
            if not (isinstance(self.sock, ssl.SSLSocket) and self.sock.pending()):
                break
        *lines, self._inbox = self._inbox.split(b"\n")
        for line in lines:
            told = _ANSWER.match(bytes(line.rstrip(b"\r")))
            if told is None:
                raise ConnectionError("no answer of a mail server")
            self._text.append(told[3] or b"")
            if told[2] != b"-":
                reply = Reply(int(told[1]), self._text[0])
                self._text = []
                found.append((self.asked.popleft() if self.asked else "unasked", reply))
        if len(self._inbox) + sum(map(len, self._text)) > _REPLY_BYTES:
            raise ConnectionError("endless answer")
        if found:
            self.wait()
        return found

    def leave(self) -> None:
        """Say good-bye and close, whatever state the line is in."""
        with contextlib.suppress(OSError, smtplib.SMTPException):
            if not self.asked:
                self.sock.settimeout(2.0)
                self._client.quit()
        self.close()

    def close(self) -> None:
        """Close at once."""
        with contextlib.suppress(OSError):
            self._client.close()


class CutError(OSError):
    """The line broke before a message was whole: it was surely not taken."""


def _dialled(server: Server, stack: contextlib.ExitStack) -> smtplib.SMTP:
    """Connect, encrypt with the certificate verified, log in; closed when the stack ends."""
    context = ssl.create_default_context() if server.security != "none" else None
    client: smtplib.SMTP
    try:
        if server.security == "tls":
            client = smtplib.SMTP_SSL(server.host, server.port, timeout=COMMAND_S, context=context)
        else:
            client = smtplib.SMTP(server.host, server.port, timeout=COMMAND_S)
        stack.callback(client.close)
        if server.security == "starttls":
            client.starttls(context=context)
        client.ehlo_or_helo_if_needed()
        if server.username:
            client.login(server.username, server.password)
    except smtplib.SMTPAuthenticationError as error:
        message = _("메일 서버가 계정을 거절했습니다 ({code}).").format(code=error.smtp_code)
        raise p.CredentialError(message) from error
    except UnicodeEncodeError as error:  # SMTP AUTH as Python speaks it knows ASCII only
        message = _("메일 계정의 이름이나 비밀번호에 쓸 수 없는 글자가 있습니다. 영문, 숫자, 기호만 쓸 수 있습니다.")
        raise p.CredentialError(message) from error
    except ssl.SSLCertVerificationError as error:
        message = _("메일 서버 {host}의 인증서를 믿을 수 없어 보내지 않았습니다.").format(host=server.host)
        raise p.CredentialError(message, code="certificate") from error
    except (OSError, smtplib.SMTPException) as error:
        message = _("메일 서버 {host}에 연결하지 못했습니다.").format(host=server.host)
        raise p.DeliveryError(message, code="connect") from error
    return client
