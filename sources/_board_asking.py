"""Requests of a board: a list page by its number, an article's own page, and the session carried between them.

What does not live here: which pages are asked for, and when to stop (``_board_talk``).
Source: boards §2 "Paging", korea §4 (warm-up cookie, POST lists), reliability P13 (no cookie is shared between sources).
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import pipeline.model as p
from pipeline.text import urls
from sources import _board_links

if TYPE_CHECKING:
    from sources._board_options import Options, Paging
    from sources._board_row import Row

_ACCEPT: Final = (("Accept", "text/html, application/xhtml+xml, */*;q=0.5"),)
_ACCEPT_JSON: Final = (("Accept", "application/json, text/html;q=0.8, */*;q=0.5"),)
_FORM: Final = (("Content-Type", "application/x-www-form-urlencoded"),)
_COOKIE: Final = re.compile(r"([\w!#$%&'*+.^`|~-]+)=([\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*)", re.ASCII)
_COOKIE_CHARS: Final = 4096
_GONE: Final = re.compile(r";\s*max-age=(?:0|-\d+)\s*(?:;|$)", re.IGNORECASE)


@dataclass(slots=True)
class Session:
    """What the site asked to be shown again within one night's conversation; never stored, never shared.

    Attributes:
        origin: The list's; no other is shown anything.
    """

    origin: str
    cookies: dict[str, str] = field(default_factory=dict)

    def learn(self, document: p.Document) -> None:
        """Take in what an answer of the list's own origin sets; attributes beyond deletion do not matter in a minute."""
        if urls.origin(document.url) != self.origin:
            return
        for name, said in document.headers:
            match = _COOKIE.fullmatch(said.partition(";")[0].strip()) if name == "set-cookie" else None
            if match is None:
                continue
            self.cookies.pop(match.group(1), None)
            if match.group(2) and not _GONE.search(said):
                self.cookies[match.group(1)] = match.group(2)

    def headers(self, url: str) -> tuple[tuple[str, str], ...]:
        """Return what a request of this address shows."""
        shown = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if not shown or len(shown) > _COOKIE_CHARS or urls.origin(url) != self.origin:
            return ()
        return (("Cookie", shown),)


def warm_up(options: Options) -> p.Request:
    """Return the request that begins a session."""
    return p.Request(url=address(options, options.warm_up), conditional=False, headers=_ACCEPT)


def address(options: Options, written: str) -> str:
    """Return an address written relative to the board's, with ``{name}`` from its parameters; the board's when empty."""
    filled = _board_links.fill(written, _board_links.own(options), is_address=True)
    return urls.absolute(options.url, filled) or options.url


def list_page(options: Options, number: int, session: Session, *, conditional: bool) -> p.Request:
    """Return the request of one list page; ``number`` 0 is the first, asked exactly as the editor wrote it."""
    paging, url = options.paging, address(options, options.list_url)
    told = _board_links.own(options)
    form = {name: _board_links.fill(value, told) for name, value in options.form.items()}
    if number and paging is not None:
        value = str(paging.start + number * paging.step)
        if paging.template:
            url = urls.absolute(url, paging.template.replace("{page}", value)) or url
        elif options.method == "POST" and not paging.packed:
            form[paging.param] = value
        else:
            url = with_param(url, paging, value)
    headers = (*(_ACCEPT_JSON if options.rows.startswith("json:") else _ACCEPT), *session.headers(url))
    if options.method == "POST":
        body = urlencode(form).encode("ascii")
        return p.Request(url=url, method="POST", body=body, headers=(*headers, *_FORM), conditional=False, retry=False)
    return p.Request(url=url, headers=headers, conditional=conditional)


def article(options: Options, row: Row, session: Session) -> p.Request:
    """Return the request of an article's own page."""
    url = row.own_page
    headers = (*_ACCEPT, *session.headers(url))
    if not row.asked:
        return p.Request(url=url, conditional=False, headers=headers)
    if options.detail and not options.detail.form:
        url = urlunsplit(urlsplit(url)._replace(query=""))
    body = urlencode(row.asked).encode("ascii")
    return p.Request(url=url, method="POST", body=body, headers=(*headers, *_FORM), conditional=False, retry=False)


def attached(file: p.Attachment, session: Session) -> p.Request:
    """Return the request of a file; one that was not there is not asked for twice in a night."""
    return p.Request(url=file.url, conditional=False, headers=session.headers(file.url), retry=False)


def is_here(url: str, session: Session) -> bool:
    """Whether an address is of the list's own site: no other is asked for files."""
    host = urls.origin(url).partition("://")[2].removeprefix("www.")
    return bool(host) and host == session.origin.partition("://")[2].removeprefix("www.")


def with_param(url: str, paging: Paging, value: str) -> str:
    """Return the address with the page parameter set; everything else stays as it is and where it is."""
    name = paging.packed or paging.param
    parts = urlsplit(url)
    pairs = parts.query.split("&") if parts.query else []
    names = [next(iter(dict(parse_qsl(pair, keep_blank_values=True))), "") for pair in pairs]
    at = names.index(name) if name in names else -1
    if paging.packed:
        value = _packed(pairs[at].partition("=")[2] if at >= 0 else "", paging.param, value)
    new = f"{quote(name, safe='.[]')}={quote(value, safe='|=')}" if paging.packed else urlencode({name: value})
    if at >= 0:
        pairs[at] = new
    else:
        pairs.append(new)
    return urlunsplit(parts._replace(query="&".join(pairs)))


def _packed(written: str, param: str, value: str) -> str:
    """Return a Base64-packed query with one of its parameters set; what follows the Base64 (``||``) stays."""
    said = dict(parse_qsl(f"v={written}")).get("v", "").replace(" ", "+")
    inner = dict(_board_links.unpacked(said))
    tail = re.sub(r"^[A-Za-z0-9+/_=-]*", "", said)
    return b64encode(urlencode({**inner, param: value}).encode("ascii")).decode("ascii") + tail
