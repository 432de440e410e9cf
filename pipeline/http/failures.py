"""What an end means: libcurl's errors and HTTP statuses as our errors, each with one sentence for people.

What does not live here: whether to try again (``client``). Sentences name the host and the cause, never a query
string or a header. Source: architecture 5.6, reliability P7 and P16.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache

import pycurl

import pipeline.model as p
from pipeline.i18n import _

STALLED = -1  # our own watch's number beside libcurl's
_HEAD_TOO_LARGE = 100  # CURLE_TOO_LARGE, newer than pycurl's names


def fetch_error(code: str, host: str, *, status: int = 0, cause: str = "") -> p.FetchError:
    """Return a ``FetchError`` with the sentence that belongs to its code."""
    sentence = _sentences().get(code) or _("{host} 서버에서 읽지 못했습니다.")
    error = p.FetchError(sentence.format(host=host, status=status), code=code, status=status)
    if cause:
        error.__cause__ = OSError(cause)
    return error


def from_lookup(error: OSError, host: str) -> p.FetchError:
    """Return the error for a name that was not resolved; only an answer that there is no such name is final."""
    is_final = isinstance(error, socket.gaierror) and error.errno in (socket.EAI_NONAME, socket.EAI_NODATA)
    return fetch_error("dns" if is_final else "dns-timeout", host, cause=str(error))


def _sentences() -> dict[str, str]:
    return {
        "dns": _("{host} 이름을 가진 서버를 찾지 못했습니다."),
        "dns-timeout": _("{host} 서버의 주소를 묻는 이름 서버가 답하지 않았습니다."),
        "connect": _("{host} 서버에 연결하지 못했습니다."),
        "timeout": _("{host} 서버가 정해진 시간 안에 답을 다 보내지 못했습니다."),
        "stalled": _("{host} 서버가 답하다가 멈추었습니다."),
        "reset": _("{host} 서버가 연결을 끊었습니다."),
        "truncated": _("{host} 서버가 보낸 문서가 중간에 끊겼습니다."),
        "too-large": _("{host} 서버가 보낸 문서가 허용된 크기를 넘었습니다."),
        "bad-answer": _("{host} 서버의 답이 HTTP 규격에 맞지 않습니다."),
        "encoding": _("{host} 서버가 읽을 수 없는 방식으로 압축해 보냈습니다."),
        "server-error": _("{host} 서버에 오류가 있습니다. (상태 {status})"),
        "too-many": _("{host} 서버가 잠시 뒤에 다시 요청해 달라고 답했습니다. (상태 {status})"),
        "busy": _("{host} 서버가 요청을 제때 받지 못했습니다. (상태 {status})"),
        "too-many-redirects": _("{host} 서버가 다른 주소로 계속 넘기기만 합니다."),
        "bad-redirect": _("{host} 서버가 넘겨준 주소를 알 수 없습니다. (상태 {status})"),
        "not-modified": _("{host} 서버가 문서 없이 바뀌지 않았다고만 답합니다."),
    }


def from_curl(number: int, words: str, host: str, *, is_connected: bool, is_chunked: bool) -> p.SourceError:
    """Return the error for libcurl's error number and words."""
    code = _CODES.get(number, "")
    if number == STALLED:
        code = "stalled"
    elif number == pycurl.E_OPERATION_TIMEDOUT:
        code = "timeout" if is_connected else "connect"
    elif number == pycurl.E_RECV_ERROR:
        code = "truncated" if is_chunked and "chunk" in words.lower() else "reset"
    elif number == pycurl.E_SSL_CONNECT_ERROR:
        is_cut = any(word in words for word in ("SYSCALL", "reset", "unexpected eof", "Connection was"))
        code = "reset" if is_cut else "tls"
    if code == "tls":
        return _tls_error(host, words)
    return fetch_error(code or f"curl-{number}", host, cause=words)


_CODES = {
    pycurl.E_UNSUPPORTED_PROTOCOL: "bad-answer",  # HTTP/0.9
    pycurl.E_FTP_WEIRD_SERVER_REPLY: "bad-answer",
    pycurl.E_COULDNT_RESOLVE_HOST: "dns",
    pycurl.E_COULDNT_CONNECT: "connect",
    pycurl.E_PARTIAL_FILE: "truncated",
    pycurl.E_GOT_NOTHING: "reset",
    pycurl.E_SEND_ERROR: "reset",
    pycurl.E_PEER_FAILED_VERIFICATION: "tls",
    pycurl.E_SSL_CERTPROBLEM: "tls",
    pycurl.E_SSL_CIPHER: "tls",
    pycurl.E_SSL_CACERT_BADFILE: "tls",
    pycurl.E_SSL_ISSUER_ERROR: "tls",
    pycurl.E_BAD_CONTENT_ENCODING: "encoding",
    pycurl.E_FILESIZE_EXCEEDED: "too-large",
    _HEAD_TOO_LARGE: "too-large",
}


def _tls_error(host: str, words: str) -> p.RefusedError:
    hint = ""
    low = words.lower()
    if "dh key too small" in low or "ee key too small" in low or "ca md too weak" in low:
        hint = _("기관 서버의 암호 설정이 오래되었다면 소스에 tls의 seclevel: 1을 적어 주세요.")
    elif "legacy renegotiation" in low:
        hint = _("서버가 안전한 재협상을 지원하지 않습니다. 서버 관리자에게 알려 주세요.")
    elif "local issuer" in low or "unable to get" in low:
        hint = _("중간 인증서가 빠진 서버라면 소스에 tls의 ca_file로 그 인증서를 더해 주세요.")
    message = _("{host} 서버의 보안 연결(TLS)을 믿을 수 없어 접속하지 않았습니다.").format(host=host)
    error = p.RefusedError(message, code="tls", hint=hint)
    error.__cause__ = OSError(words)
    return error


def from_status(status: int, host: str, body: bytes, retry_after_s: float | None) -> p.SourceError:
    """Return the error for an answer whose status is neither 2xx, 304 nor a redirect."""
    error: p.SourceError
    if status in (404, 410):
        error = p.GoneError(
            _("{host} 서버에 이 주소의 문서가 없습니다. (상태 {status})").format(host=host, status=status)
        )
    elif status in (401, 403, 451):
        error = _forbidden(status, host, body)
    elif status in (429, 503) or (status >= 500 and retry_after_s is not None):
        error = fetch_error(
            "server-error" if retry_after_s is None and status != 429 else "too-many", host, status=status
        )
    elif status >= 500:
        error = fetch_error("server-error", host, status=status)
    elif status in (408, 425):
        error = fetch_error("busy", host, status=status)
    elif status >= 400:
        message = _("{host} 서버가 요청을 받아들이지 않았습니다. (상태 {status})").format(host=host, status=status)
        error = p.RefusedError(message, code=f"status-{status}")
    else:
        error = fetch_error("bad-redirect" if status >= 300 else "truncated", host, status=status)
    if isinstance(error, p.FetchError):
        error.retry_after_s = retry_after_s
    error.status = status
    error.body = body
    return error


@cache
def _bot_page() -> re.Pattern[bytes]:
    """Compiled for the first page that refuses: on most nights none does."""
    return re.compile(
        rb"captcha|cloudflare|cf-chl|access denied|web ?(application )?firewall|bot detect|are you (a )?human|unusual traffic|"
        + "비정상적인 접근|비정상 접근|웹방화벽|웹 방화벽|자동화된|로봇이 아닙니다|접근이 차단|보안 정책|보안정책".encode()
        + b"|"
        + "비정상적인 접근|웹방화벽|접근이 차단|보안정책".encode("cp949"),
        re.IGNORECASE,
    )


def _forbidden(status: int, host: str, body: bytes) -> p.RefusedError:
    if status == 403 and _bot_page().search(body):
        message = _("{host} 서버의 방화벽이 자동 수집을 막았습니다. (상태 403)").format(host=host)
        return p.RefusedError(message, code="bot-page", hint=_("서버 관리자에게 수집 허용을 요청해 주세요."))
    message = _("{host} 서버가 열람을 허락하지 않았습니다. (상태 {status})").format(host=host, status=status)
    return p.RefusedError(message, code="forbidden")


def wish_of(value: str, wall_clock: Callable[[], datetime]) -> float | None:
    """Return the seconds a Retry-After header asks for (seconds or an HTTP date), ``None`` when it says nothing."""
    value = value.strip()
    if not value:
        return None
    if value.isascii() and value.isdigit():
        return float(value[:9])
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - only where a server asks for it

    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - wall_clock()).total_seconds())
