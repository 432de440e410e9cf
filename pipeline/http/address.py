"""Where a request goes: reading a URL strictly, and which network addresses are public.

What does not live here: looking names up (``resolver``) and opening sockets (``transfer``).
Source: reliability P8 and Part 2 items 2 and 3: ``ipaddress.is_global`` is no guard on Python 3.11, and names such as
``0x7f.1`` or ``①②⑦.⓪.⓪.①`` are addresses to a resolver.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from functools import lru_cache
from urllib.parse import quote, urljoin, urlsplit

import pipeline.model as p
from pipeline.i18n import _
from pipeline.model.base import record

_PRINTABLE = re.compile(r"[!-~]+")
_PLAIN = re.compile(r"(https?)://([a-z0-9](?:[a-z0-9._-]{0,252}[a-z0-9.])?)(?::([1-9][0-9]{0,4}))?(/[!\"$-~]*)")
_HOST = re.compile(r"[a-z0-9]([a-z0-9._-]{0,252}[a-z0-9.])?")
_KEPT = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"  # quote() leaves these: the URL's own syntax is not ours to change
_PORTS = {"http": 80, "https": 443}
_LAST_PORT = 65535
_DIGITS = frozenset("0123456789")

# Everything that is not somebody else's public server (IANA special-purpose registries, cloud metadata).
_CLOSED_V4 = tuple(
    ipaddress.IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's host service
        "169.254.0.0/16",  # link-local with the clouds' metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_OPEN_V6 = ipaddress.IPv6Network("2000::/3")  # the only range given out; mapped, NAT64, site-local … lie outside
_CLOSED_V6 = tuple(
    ipaddress.IPv6Network(text)
    for text in (
        "2001::/23",  # Teredo, benchmarks, ORCHID
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "3fff::/20",
    )
)


@record
class Target:
    """One URL, read once.

    Attributes:
        url: ASCII, without user info and fragment: what is asked for on the wire.
        scheme: ``http`` or ``https``.
        written: The host as written, lower case, IPv6 in brackets; compared with ``allow_private``.
        host: ASCII host (IDNA), or the canonical address when it is one.
        port: 1 … 65535.
        literal: The canonical address when the host is an address in any spelling, else ``""``.
        site: What pacing counts by: the host, with its port when that is not the usual one.
    """

    url: str
    scheme: str
    written: str
    host: str
    port: int
    literal: str
    site: str

    @property
    def origin(self) -> str:
        """``scheme://host:port``; two targets share credentials only if this is equal."""
        return f"{self.scheme}://{self.host}:{self.port}"

    def is_in(self, allowed: frozenset[str]) -> bool:
        """Whether the operator listed exactly this host or host:port."""
        return bool(allowed) and (
            self.written in allowed
            or f"{self.written}:{self.port}" in allowed
            or (self.written[0] == "[" and self.written[1:-1] in allowed)
        )


def read_url(url: str) -> Target:
    """Read an absolute URL.

    Raises:
        RefusedError: code ``address``: not http(s), user info, no host, an impossible host or port.

    Cost: 3 µs for a plain URL, 15 µs for one that needs quoting, IDNA or brackets.
    """
    plain = _PLAIN.fullmatch(url)
    if plain is None:
        return _read_slowly(url)
    scheme, written, digits, _rest = plain.groups()
    port = int(digits) if digits else _PORTS[scheme]
    literal = _literal(written) if written[0] in _DIGITS else ""
    if port > _LAST_PORT or (literal and literal != written):
        return _read_slowly(url)
    return Target(url, scheme, written, written, port, literal, _site(written, port))


def _read_slowly(url: str) -> Target:
    try:
        parts = urlsplit(url)
        port = parts.port
        written = (parts.hostname or "").lower()
    except ValueError as error:
        raise _refused(url, "") from error
    scheme = parts.scheme.lower()
    if scheme not in _PORTS or not written or "@" in parts.netloc or "\\" in parts.netloc or port == 0:
        raise _refused(url, written)
    literal = _literal(written)
    host = literal or _ascii_host(url, written)
    literal = literal or _literal(host)
    host = literal or host
    if ":" in written:
        written = f"[{written}]"
    rest = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not _PRINTABLE.fullmatch(rest):
        rest = quote(rest, safe=_KEPT, errors="replace")
    shown = f"[{host}]" if ":" in host else host
    netloc = shown if port is None else f"{shown}:{port}"
    port = port or _PORTS[scheme]
    return Target(f"{scheme}://{netloc}{rest}", scheme, written, host, port, literal, _site(host, port))


def _site(host: str, port: int) -> str:
    return host if port in (80, 443) else f"{host}:{port}"


def next_url(base: str, location: bytes) -> str:
    """Return the absolute URL a Location header means; bytes that are no UTF-8 are kept, percent-encoded."""
    try:
        text = location.strip().decode()
    except UnicodeDecodeError:  # a path in EUC-KR means these very bytes
        text = quote(location.strip(), safe=_KEPT)
    try:
        return urljoin(base, text)
    except ValueError as error:
        raise _refused(text, "") from error


def _literal(host: str) -> str:
    if ":" in host:
        try:
            return str(ipaddress.ip_address(host.partition("%")[0]))
        except ValueError:
            return ""
    if not host.isascii() or host[0] not in _DIGITS:
        return ""
    try:
        return socket.inet_ntoa(socket.inet_aton(host))  # 127.1, 0x7f.1, 2130706433, 0177.0.0.1
    except OSError:
        return ""


def _ascii_host(url: str, written: str) -> str:
    host = written
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii").lower()
        except UnicodeError as error:
            raise _refused(url, written) from error
    if not _HOST.fullmatch(host):
        raise _refused(url, written)
    return host


@lru_cache(maxsize=8192)
def is_public(address: str) -> bool:
    """Whether an address in canonical or scoped text form is a public unicast one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv4Address):
        return not any(parsed in network for network in _CLOSED_V4)
    return parsed in _OPEN_V6 and not any(parsed in network for network in _CLOSED_V6)


def address_refused(host: str) -> p.RefusedError:
    """Return the error for a host whose address is not public."""
    return p.RefusedError(
        _("{host} 서버는 공개된 인터넷 주소가 아니어서 접속하지 않았습니다.").format(host=host),
        code="address",
        hint=_("우리 기관의 서버라면 moa.yaml의 fetch.allow_private에 호스트를 적어 주세요."),
    )


def _refused(url: str, host: str) -> p.RefusedError:
    name = host or url.partition("?")[0].rpartition("@")[2][:80]
    return p.RefusedError(_("{name} 주소는 http 또는 https 웹 주소가 아닙니다.").format(name=name), code="address")
