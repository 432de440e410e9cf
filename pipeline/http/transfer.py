"""One easy handle: what libcurl is told, and the callbacks that count, cap and guard.

What does not live here: the loop (``loop``), queueing and retries (``client``), meaning (``failures``).
Source: reliability P3, P8, P11, P13 and ADR-0014: the open-socket callback sees the address that is really used.
"""

from __future__ import annotations

import os
import socket
from functools import cache
from pathlib import Path
from typing import Any

import pycurl

import pipeline.model as p
from pipeline.http.address import Target, is_public
from pipeline.i18n import _

_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian
    "/etc/pki/tls/certs/ca-bundle.crt",  # Red Hat
    "/etc/ssl/cert.pem",  # Alpine, macOS, BSD
)
_STALL_SHARE = 3  # a third of a request's time without a byte is a stall, at most STALL_S


class Transfer:
    """A reusable easy handle; ``begin`` arms it for one hop, the attributes then tell what came.

    Attributes:
        curl: The handle; ``curl.owner`` leads back here.
        job: Whoever uses it.
        status: Of the last header block, 0 before.
        lines: Header lines of that block.
        chunks: Body bytes as they came.
        wire: Bytes received, headers included.
        is_headed: The header block is complete.
        cut: Why a callback stopped the transfer: ``""``, ``too-large``, ``enough``, ``address``.
        is_special: Carries options of one request only and is not used again.
    """

    def __init__(self, user_agent: str) -> None:
        """Make a handle with everything that holds for each request."""
        self.curl = curl = pycurl.Curl()
        curl.owner = self
        self.job: Any = None
        self._sockets: list[socket.socket] = []
        self.is_special = False
        self._is_private_allowed = False
        self._bounds: tuple[float, int] = (0.0, 0)
        self._stall_s = 0.0
        self._moved = (0.0, -1.0)
        self._reset(0, is_prefix_enough=False)
        for option, value in (
            (pycurl.NOSIGNAL, 1),
            (pycurl.PROXY, ""),  # none, whatever the environment says
            (pycurl.NETRC, 0),
            (pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS),
            (pycurl.FOLLOWLOCATION, 0),
            (pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1),
            (pycurl.HTTP09_ALLOWED, 0),
            (pycurl.USERAGENT, user_agent),
            (pycurl.SSL_VERIFYPEER, 1),
            (pycurl.SSL_VERIFYHOST, 2),
            (
                pycurl.DNS_CACHE_TIMEOUT,
                -1,
            ),  # our resolver remembers for the run; libcurl would look all names over for each transfer
            (pycurl.FRESH_CONNECT, 1),  # P13: no answer can be taken for another source's
            (pycurl.FORBID_REUSE, 1),
            (pycurl.HEADERFUNCTION, self._on_header),
            (pycurl.WRITEFUNCTION, self._on_body),
            (pycurl.OPENSOCKETFUNCTION, self._on_socket),
        ):
            curl.setopt(option, value)
        bundle = ca_bundle()
        if bundle:
            curl.setopt(pycurl.CAINFO, bundle)

    def _reset(self, cap: int, *, is_prefix_enough: bool) -> None:
        self.status = 0
        self.lines: list[bytes] = []
        self.chunks: list[bytes] = []
        self.wire = 0
        self.is_headed = False
        self.cut = ""
        self._header_bytes = 0
        self._body_bytes = 0
        self._cap = cap
        self._is_prefix_enough = is_prefix_enough

    def begin(
        self,
        target: Target,
        headers: list[bytes | str],
        *,
        addresses: tuple[str, ...],
        cap: int,
        timeout_s: float,
        is_private_allowed: bool,
        is_prefix_enough: bool = False,
    ) -> None:
        """Arm the handle for one hop; add it to the loop afterwards.

        Args:
            target: Where to.
            headers: Complete header lines.
            addresses: What the host's name stands for; empty when the host is an address itself.
            cap: Most body bytes on the wire.
            timeout_s: Total of this hop.
            is_private_allowed: The operator listed this host.
            is_prefix_enough: Keep the first ``cap`` bytes of a longer body instead of failing.
        """
        curl = self.curl
        self._reset(cap, is_prefix_enough=is_prefix_enough)
        self._is_private_allowed = is_private_allowed
        curl.setopt(pycurl.URL, target.url)
        curl.setopt(pycurl.HTTPHEADER, headers)
        if addresses:
            joined = ",".join(f"[{one}]" if ":" in one else one for one in addresses)
            curl.setopt(pycurl.RESOLVE, [f"{target.host}:{target.port}:{joined}"])
        promised = 0 if is_prefix_enough else cap  # a Content-Length above it is refused before the body; 0 is no bound
        if self._bounds != (timeout_s, promised):
            self._bounds = (timeout_s, promised)
            curl.setopt(pycurl.MAXFILESIZE_LARGE, promised)
            curl.setopt(pycurl.TIMEOUT_MS, max(1, int(timeout_s * 1000)))
            curl.setopt(pycurl.CONNECTTIMEOUT_MS, max(1, int(min(p.limits.CONNECT_S, timeout_s) * 1000)))
        self._stall_s = min(p.limits.STALL_S, timeout_s / _STALL_SHARE)
        self._moved = (0.0, -1.0)

    def carry(self, method: str, body: bytes) -> None:
        """Make it a POST, PUT or DELETE; it goes out on a connection of its own, so libcurl never sends it twice (P43)."""
        self.is_special = True
        if method != "POST":
            self.curl.setopt(pycurl.CUSTOMREQUEST, method)
        if method == "DELETE" and not body:
            return
        self.curl.setopt(pycurl.POST, 1)
        self.curl.setopt(pycurl.POSTFIELDSIZE, len(body))
        self.curl.setopt(pycurl.POSTFIELDS, body)

    def relax(self, tls: p.TlsRules, host: str) -> None:
        """Apply a source's TLS exceptions; the certificate is verified all the same.

        Raises:
            RefusedError: code ``tls``: the CA file cannot be read, or this libcurl cannot do what is asked.
        """
        self.is_special = True
        if tls.legacy_renegotiation:
            # libcurl has no option for OpenSSL's UnsafeLegacyServerConnect (8.23; curl pull request 11559 was closed), nor does pycurl
            # hand out the SSL context; OPENSSL_CONF has one, but for every host of the process, which korea rule 11 forbids.
            message = _("{host} 서버에 필요한 legacy_renegotiation 예외를 이 컴퓨터의 libcurl이 지원하지 않습니다.")
            hint = _("OPENSSL_CONF 파일에 Options = UnsafeLegacyServerConnect를 적고 이 설정을 지워 주세요.")
            raise p.RefusedError(message.format(host=host), code="tls", hint=hint)
        if tls.seclevel is not None:
            self.curl.setopt(pycurl.SSL_CIPHER_LIST, f"DEFAULT@SECLEVEL={tls.seclevel}")
        if tls.ca_file:
            try:
                extra = Path(tls.ca_file).read_bytes()
                known = Path(ca_bundle()).read_bytes() if ca_bundle() else b""
            except OSError as error:
                message = _("{host} 서버에 쓸 인증서 파일 {file}을(를) 읽지 못했습니다.")
                raise p.RefusedError(message.format(host=host, file=tls.ca_file), code="tls") from error
            self.curl.setopt(pycurl.CAINFO_BLOB, known + b"\n" + extra)

    def is_stalled(self, now: float) -> bool:
        """Whether no byte has come or gone for the stall limit; asked a few times a second.

        libcurl's own low-speed limit averages over five seconds, knows whole seconds only and ignores header bytes.
        """
        moved = self.wire + float(self.curl.getinfo(pycurl.SIZE_UPLOAD_T))
        since, before = self._moved
        if moved != before or not self.is_connected():
            self._moved = (now, moved)
            return False
        return now - since > self._stall_s

    def is_connected(self) -> bool:
        """Whether the connection, TLS included, was ready for the request."""
        return bool(self.curl.getinfo(pycurl.PRETRANSFER_TIME) > 0)

    def end(self) -> None:
        """Close our copies of the sockets (libcurl works on duplicates of its own)."""
        for opened in self._sockets:
            opened.close()
        self._sockets.clear()
        self.job = None

    def close(self) -> None:
        """Give the handle back to libcurl."""
        self.curl.owner = None
        self.curl.close()

    def _on_header(self, line: bytes) -> int | None:
        size = len(line)
        self._header_bytes += size
        self.wire += size
        if self._header_bytes > p.limits.HEADER_BYTES:
            self.cut = "too-large"
            return -1
        if self.is_headed:
            if not line.startswith(b"HTTP/") or self._body_bytes:
                return None  # a trailer: counted, not believed
            self.is_headed = False  # the block before was an interim answer (1xx)
        if line.startswith(b"HTTP/"):
            words = line.split(None, 2)
            self.status = int(words[1][:3]) if len(words) > 1 and words[1][:3].isdigit() else 0
            self.lines = []
        elif line in (b"\r\n", b"\n"):
            self.is_headed = self.status >= 200
        else:
            self.lines.append(line)
        return None

    def _on_body(self, chunk: bytes) -> int | None:
        size = len(chunk)
        self.wire += size
        self._body_bytes += size
        if self.status >= 300:
            self.chunks.append(chunk)
            if self._body_bytes > p.limits.ERROR_BODY_BYTES:
                self.cut = "enough"
                return -1
            return None
        if self._body_bytes > self._cap:
            self.cut = "enough" if self._is_prefix_enough else "too-large"
            if self._is_prefix_enough:
                self.chunks.append(chunk[: size - (self._body_bytes - self._cap)])
            return -1
        self.chunks.append(chunk)
        return None

    def _on_socket(self, _purpose: int, address: Any) -> Any:
        family, kind, protocol, place = address
        if not self._is_private_allowed and not is_public(str(place[0])):
            self.cut = "address"
            return pycurl.SOCKET_BAD
        try:
            opened = socket.socket(family, kind, protocol)
        except OSError:  # no descriptors left: libcurl reports that it could not connect
            return pycurl.SOCKET_BAD
        self._sockets.append(opened)
        return opened


@cache
def ca_bundle() -> str:
    """Return the path of the certificates the system trusts, else certifi's, else ``""`` (libcurl's own)."""
    for path in (os.environ.get("SSL_CERT_FILE", ""), *_BUNDLES):
        if path and Path(path).is_file():
            return path
    try:
        import certifi  # noqa: PLC0415 - only where the system has no bundle of its own
    except ImportError:
        return ""
    return str(certifi.where())
