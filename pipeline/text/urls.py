"""Addresses: absolute, canonical, comparable.

What does not live here: fetching, address checks (``http``), a board's own link rules (``sources``).
Source: reliability P20, P33; korea §3 (Naver blog, tracking parameters) and §4 (session ids, search parameters).
"""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from functools import lru_cache
from hashlib import blake2b
from typing import Final
from urllib.parse import (
    SplitResult,
    parse_qsl,
    quote,
    quote_from_bytes,
    unquote_to_bytes,
    urljoin,
    urlsplit,
    urlunsplit,
)

from pipeline.model import limits
from pipeline.text.decode import codec_of

_HASH_BYTES: Final = 8
_PORTS: Final = {"http": 80, "https": 443}
_EDGE: Final = "".join(map(chr, range(0x21))) + "\x7f\u00a0\u200b\u3000\ufeff"
_INSIDE: Final = re.compile("[\t\r\n\x00]")
_RUN: Final = re.compile(r"(?:%[0-9A-Fa-f]{2}|[^\x00-\x7f])+")
_UNSAFE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})|[^!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]")
_SESSION: Final = re.compile(r";(?:jsessionid|phpsessid|aspsessionid\w*|sid)=[^/?#;]*", re.IGNORECASE)
_TRACKING: Final = re.compile(
    r"utm_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|igsh|mc_[ce]id|_ga|_gl|mkt_tok"
    r"|fromrss|trackingcode|napm|n_(?:media|query|rank|ad|ad_group|keyword|keyword_id|campaign_type|ad_extension)"
    r"|jsessionid|phpsessid|aspsessionid\w*",
    re.IGNORECASE,
)
_NAVIGATION: Final = re.compile(  # where in a list a link was found, not what it leads to
    r"page(?:index|no|num|number|unit|size|_no|_index)?|currentpage(?:no)?|curpage|cpage|npage|c_paged|recordcountperpage"
    r"|(?:search|sch|srch|s_?)_?(?:cnd|condition|keyword|krwd|wrd|word|key|type|text|value|ctgry|category|field|gubun)"
    r"|sfl|stx|sst|sod|sop|spt",
    re.IGNORECASE,
)
_ALIAS: Final = re.compile(r"^(?:www|m)\.(?=[^.]+\.)")
_ROUTE: Final = re.compile(r"[!/]")  # a fragment that is an address within a script-built site
_VIDEO_HOSTS: Final = frozenset(("youtube.com", "youtube-nocookie.com", "youtu.be"))
_VIDEO_PATH: Final = re.compile(r"/(?:shorts|live|embed|v|e)/([\w-]{11})(?:/|$)")
_VIDEO_ID: Final = re.compile(r"[\w-]{11}")
_BLOG_PATH: Final = re.compile(r"/([\w-]+)/(\d+)/?")
_BLOG_HOST: Final = re.compile(r"([\w-]+)\.blog\.me")
_TISTORY_MOBILE: Final = re.compile(r"/m(/.+)")
# An address that every rule below would leave as it is (but for dot segments, and parameters in ``canonical``): most are.
_PLAIN: Final = re.compile(
    r"https?://([a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_-])?)(/[\w.~!$&'()*+,:=@/-]*)(?:\?([\w.~!$&'()*+,:=@/?-]+))?", re.ASCII
)
_OWN_FORMS: Final = ("youtube.com", "youtube-nocookie.com", "youtu.be", "naver.com", "blog.me", "tistory.com")
_REMEMBERED: Final = 1024  # addresses whose canonical form is kept: an entry asks for the same one several times


def absolute(base: str, href: str, *, charset: str = "utf-8") -> str | None:
    """The http(s) address that ``href`` means on a page at ``base``; ``None`` when it leads to no other document.

    ``None`` for ``""``, ``#…``, ``javascript:``, ``mailto:``, ``data:`` and any other scheme, for addresses with a user
    name, without a host, with an impossible port or longer than the limit. Characters beyond ASCII are
    percent-encoded: the path in UTF-8, the query in ``charset`` (the page's encoding, as browsers do).
    """
    href = _INSIDE.sub("", href.strip(_EDGE))
    if not href or href.startswith("#"):
        return None
    if _plain(href):
        return href
    try:
        parts = urlsplit(urljoin(base, href.replace("\\", "/") if ":" not in href or "://" in href else href))
        return _joined(parts, charset)
    except ValueError:
        return None


def canonical(url: str) -> str:
    """The one way we write an address: what readers open and what the store keeps.

    Lower-case ASCII host, no default port, user name, session id or tracking parameter, no fragment (``#!…`` and
    ``#/…`` routes stay); percent-encoding in NFC and capitals; YouTube and Naver blog addresses in one form each. The
    scheme, the order of parameters and empty ones stay as they are, because some sites ask for them. Idempotent; what
    is no http(s) address comes back stripped.
    """
    plain = _plain(url)
    if plain and not plain[1].endswith(_OWN_FORMS) and (not plain[3] or _query(plain[3]) == plain[3]):
        return url
    return _canonical(url)


@lru_cache(_REMEMBERED)
def _canonical(url: str) -> str:
    address = absolute(url, url) if ":" in url else None
    if address is None:
        return url.strip(_EDGE)
    parts = urlsplit(address)
    host = parts.hostname or ""
    special = _video(parts, host) or _blog(parts, host)
    if special:
        return special
    path = _SESSION.sub("", parts.path)
    if host.endswith(".tistory.com") and (mobile := _TISTORY_MOBILE.fullmatch(path)):
        path = mobile.group(1)
    fragment = parts.fragment if _ROUTE.match(parts.fragment) else ""
    return urlunsplit((parts.scheme, parts.netloc, path or "/", _query(parts.query), fragment))


def url_hash(url: str) -> str:
    """16 hex digits, equal for addresses that differ only in what publishers change.

    Besides ``canonical``: http or https, ``www.`` and ``m.``, the order of parameters, empty ones, a slash at the end and,
    when other parameters remain, page numbers and search words of the list that the link stood in.
    """
    written = canonical(url)
    if plain := _plain(written):
        host, path, query, fragment = plain[1], plain[2], plain[3] or "", ""
    elif origin(written):
        _scheme, host, path, query, fragment = urlsplit(written)
    else:
        return blake2b(written.encode("utf-8", "replace"), digest_size=_HASH_BYTES).hexdigest()
    host = _ALIAS.sub("", host)
    pairs = [pair for pair in query.split("&") if pair and pair.partition("=")[1:] != ("=", "")]
    telling = [pair for pair in pairs if not _NAVIGATION.fullmatch(pair.partition("=")[0])]
    text = "\n".join((host, path.rstrip("/"), "&".join(sorted(telling or pairs)), fragment))
    return blake2b(text.encode(), digest_size=_HASH_BYTES).hexdigest()


def origin(url: str) -> str:
    """``scheme://host[:port]`` of an http(s) address in canonical form; ``""`` when it is none."""
    address = absolute(url, url) if ":" in url else None
    return "" if address is None else "{0.scheme}://{0.netloc}".format(urlsplit(address))


def _plain(url: str) -> re.Match[str] | None:
    """An address with nothing to resolve, escape or lower; its host, path and query."""
    return None if "/." in url or len(url) > limits.URL_CHARS else _PLAIN.fullmatch(url)


def _joined(parts: SplitResult, charset: str) -> str | None:
    scheme = parts.scheme.lower()
    host = _host(parts.hostname or "")
    if scheme not in _PORTS or not host or parts.username is not None or parts.password is not None:
        return None
    port = parts.port
    netloc = host if port is None or port == _PORTS[scheme] else f"{host}:{port}"
    query = parts.query
    encoding = codec_of(charset) or "utf-8"
    if encoding != "utf-8" and not query.isascii():
        query = quote(query, safe="%!$&'()*+,-./:;=?@~", encoding=encoding, errors="xmlcharrefreplace")
    url = urlunsplit(
        (scheme, netloc, _undotted(_escaped(parts.path)) or "/", _escaped(query), _escaped(parts.fragment))
    )
    return url if len(url) <= limits.URL_CHARS else None


def _undotted(path: str) -> str:
    """Dot segments resolved (RFC 3986 §5.2.4); ``urljoin`` leaves those of absolute addresses."""
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            del kept[max(len(kept) - 1, 1) :]
        elif segment != ".":
            kept.append(segment)
    return "/".join([*kept, ""] if segments[-1] in (".", "..") else kept)


def _host(host: str) -> str:
    host = host.lower().rstrip(".")
    if ":" in host:
        return f"[{host}]"
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii").lower()
        except UnicodeError:
            return ""
    return host if re.fullmatch(r"[a-z0-9_.\-]+", host) else ""


def _escaped(part: str) -> str:
    return _UNSAFE.sub(_quoted, _RUN.sub(_run, part))


def _quoted(match: re.Match[str]) -> str:
    return quote(match.group(), safe="", errors="replace")


def _run(match: re.Match[str]) -> str:
    raw = unquote_to_bytes(match.group().encode("utf-8", "replace"))
    with suppress(UnicodeDecodeError):  # CP949 or worse: the bytes stay as they are
        raw = unicodedata.normalize("NFC", raw.decode()).encode()
    return quote_from_bytes(raw, safe="")


def _query(query: str) -> str:
    return "&".join(pair for pair in query.split("&") if pair and not _TRACKING.fullmatch(pair.partition("=")[0]))


def _bare(host: str) -> str:
    return re.sub(r"^(?:www|m|music)\.", "", host)


def _video(parts: SplitResult, host: str) -> str | None:
    host = _bare(host)
    if host not in _VIDEO_HOSTS:
        return None
    if host == "youtu.be":
        found: str | None = parts.path.strip("/").partition("/")[0]
    elif parts.path.rstrip("/") == "/watch":
        found = dict(parse_qsl(parts.query)).get("v")
    else:
        match = _VIDEO_PATH.match(parts.path)
        found = match.group(1) if match else None
    return f"https://www.youtube.com/watch?v={found}" if found and _VIDEO_ID.fullmatch(found) else None


def _blog(parts: SplitResult, host: str) -> str | None:
    """Naver's many addresses of one post (korea §3)."""
    if match := _BLOG_HOST.fullmatch(_bare(host)):
        number = parts.path.strip("/")
        return f"https://blog.naver.com/{match.group(1)}/{number}" if number.isdigit() else None
    if _bare(host) != "blog.naver.com":
        return None
    if match := _BLOG_PATH.fullmatch(parts.path):
        return f"https://blog.naver.com/{match.group(1)}/{match.group(2)}"
    query = dict(parse_qsl(parts.query))
    blog = query.get("blogId") or parts.path.strip("/")
    number = query.get("logNo", "")
    if number.isascii() and number.isdigit() and re.fullmatch(r"[\w-]+", blog, re.ASCII):
        return f"https://blog.naver.com/{blog}/{number}"
    return None
