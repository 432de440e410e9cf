"""The address of one row's article: a plain link, or numbers taken from a script call and put into a template.

What does not live here: which rows there are (``_board_page``). Scripts are never run (korea §4).
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as Base64Error
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from selectolax.lexbor import LexborNode

import pipeline.model as p
from pipeline.text import clean, select, urls

if TYPE_CHECKING:
    from sources._board_options import Options
    from sources._board_page import Page

_FIELD: Final = re.compile(r"(=?)\{([\w.:-]+)\}")
_SEARCHED_CHARS: Final = 2000
_RESERVED: Final = re.compile(r"[&#+\s]|%(?![0-9A-Fa-f]{2})")
_OPENS: Final = re.compile(
    r"""(?:location(?:\.href)?\s*=|location\.(?:assign|replace)\s*\(|window\.open\s*\(|[^.\w]open\s*\()\s*['"]([^'"\s]+)['"]"""
)
_ADDRESSES: Final = ("data-href", "data-url", "data-link", "data-action")
_PACKED: Final = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")
_SUSPECT: Final = re.compile(r"[?&][\w.]+=[A-Za-z0-9+/_-]{16}")  # may be a packed query
_MOVING: Final = re.compile(
    r"(?:start|cur(?:rent)?|now|c|n)?_?(?:page|pg|offset)(?:no|num|_no)?|start|search_?\w*|keyword", re.IGNORECASE
)
_PLACED: Final = re.compile(
    r"(?:list|row|vir)_?(?:no|num)", re.IGNORECASE
)  # the row's place, unless it is all there is
_NEIGHBOURS: Final = 20
_ROW_TAGS: Final = ("tr", "li", "dl", "div")


@dataclass(frozen=True, slots=True)
class Link:
    """Where a row leads.

    Attributes:
        url: Absolute address, ``""`` when none can be made.
        fields: The pattern's groups, hidden form fields, ``data-*`` and the address's parameters, for keys and templates.
        packed: Identity inside a Base64 query, which differs from page to page; ``""`` for plain ones.
    """

    url: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    packed: str = ""


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def link_of(options: Options, page: Page, row: LexborNode, headers: select.Headers) -> Link:
    """Return where a row leads and what it says of that.

    A plain address that holds the same number as the script call beside it wins over the template (boards §2).
    """
    holder, attribute = _holder(options, row, headers)
    if holder is None:
        return Link()
    said = clean.unescape(holder.attributes.get(attribute) or "") if attribute else ""
    plain = _plain(page, said if attribute else holder.attributes.get("href") or holder.attributes.get("src") or "")
    if plain and not options.link_pattern and not options.link_template:
        return linked(options, plain, {})
    hidden, action = _hidden(row)
    fields: dict[str, str] = dict(hidden)
    if options.link_template:
        found, telling = _fields(options, holder, row, said)
        link = plain if not found and attribute in ("", "href", "src") else ""
        if found or hidden:
            fields |= found
            link = link or _made(page, fill(options.link_template, {**own(options), **fields}, is_address=True))
            link = plain if plain and not attribute and telling and _holds(plain, telling) else link
    else:
        if options.link_pattern:
            fields |= _fields(options, holder, row, said)[0]
        link = plain or _opened(page, holder, row) or _submitted(page, hidden, action)
    return linked(options, link, fields)


def linked(options: Options, link: str, fields: dict[str, str]) -> Link:
    """Return a link with the fields its own address adds, where a key or a form may want them."""
    if not link or not ("{" in options.key or options.detail or _SUSPECT.search(link)):
        return Link(link, fields)
    parameters = parse_qsl(urlsplit(link).query, keep_blank_values=True)
    inner = [pair for _name, value in parameters for pair in unpacked(value)]
    packed = _telling(inner) if inner else ""
    return Link(link, {**dict(inner), **{k: v for k, v in parameters if v}, **fields}, packed)


def own_page(options: Options, base: str, link: Link) -> str:
    """Return the address of the article's own page: the link, or what ``detail.url`` makes of the row's values."""
    if options.detail is None or not options.detail.url:
        return link.url
    return urls.absolute(base, fill(options.detail.url, {**own(options), **link.fields}, is_address=True)) or ""


def asked(options: Options, link: Link) -> tuple[tuple[str, str], ...]:
    """Return the form by which the article's page is asked for; empty where it is an ordinary page."""
    if options.detail is None or options.detail.method != "POST":
        return ()
    if not options.detail.form:
        return tuple(parse_qsl(urlsplit(link.url).query, keep_blank_values=True))
    fields = {**own(options), **link.fields}
    return tuple((name, fill(value, fields)) for name, value in options.detail.form.items())


def fill(template: str, fields: dict[str, str], *, is_address: bool = False) -> str:
    """Put fields into a template; ``""`` when one of them is not there, because half an identity is none.

    Args:
        template: With ``{name}``.
        fields: By name.
        is_address: Values of parameters are escaped, so that a title with ``&`` stays one value.
    """
    if any(name not in fields for _sign, name in _FIELD.findall(template)):
        return ""

    def value(match: re.Match[str]) -> str:
        sign, said = match.group(1), fields[match.group(2)]
        return sign + (_RESERVED.sub(lambda m: quote(m.group()), said) if sign and is_address else said)

    return _FIELD.sub(value, template)


def unpacked(value: str) -> list[tuple[str, str]]:
    """Return the parameters inside a Base64-packed one (``bbs_data=aWR4PTEy…||``); empty for any other value."""
    match = _PACKED.match(value.replace(" ", "+"))
    if match is None:
        return []
    text = match.group().replace("-", "+").replace("_", "/").rstrip("=")
    try:
        inner = b64decode(text + "=" * (-len(text) % 4), validate=True).decode("ascii")
    except (Base64Error, UnicodeDecodeError):
        return []
    return parse_qsl(unquote(inner)) if re.fullmatch(r"[\w.-]+=[^\x00-\x1f]*", inner) else []


def _telling(inner: list[tuple[str, str]]) -> str:
    """Return the identity inside a packed query: without where in the list it was found (``urls.url_hash``)."""
    kept = [(name, value) for name, value in inner if value and not _MOVING.fullmatch(name)]
    steady = [(name, value) for name, value in kept if not _PLACED.fullmatch(name)]
    kept = steady if any(value.isdigit() for _name, value in steady) else kept
    return "&".join(sorted(f"{name}={value}" for name, value in kept))


def _holder(options: Options, row: LexborNode, headers: select.Headers) -> tuple[LexborNode | None, str]:
    """Return the element that holds the link, and the attribute the editor named (``""`` when none)."""
    if options.link:
        want = select.pick(options.link)
        found = select.node(row, options.link, headers)
        return (found if want.attribute else _anchor(found) or found), want.attribute
    found = select.node(row, options.title, headers)
    return _anchor(found) or row.css_first("a") or found, ""


def _anchor(found: LexborNode | None) -> LexborNode | None:
    """Return the link at, inside or around an element."""
    if found is not None:
        if found.tag in ("a", "area", "button") or "onclick" in found.attributes:
            return found
        inside = found.css_first("a")
        if inside is not None:
            return inside
        above = found.parent
        while above is not None and above.tag not in ("body", "table", "ul", "tbody"):
            if above.tag == "a":
                return above
            above = above.parent
    return None


def _plain(page: Page, href: str) -> str:
    """Return the address of an ordinary link; ``""`` for none, and for one that leads back to the list."""
    link = urls.absolute(page.base, href, charset=page.charset)
    here = {address.partition("#")[0] for address in (page.url, page.asked)}
    return "" if link is None or link.partition("#")[0] in here else link


def _made(page: Page, template: str) -> str:
    return urls.absolute(page.base, template, charset=page.charset) or ""


def _holds(link: str, telling: str) -> bool:
    """Whether an address names the number that a script call names."""
    return re.search(rf"(?<![A-Za-z0-9]){re.escape(telling)}(?![A-Za-z0-9])", link) is not None


def own(options: Options) -> dict[str, str]:
    """Return the parameters of the list itself: a call may name the article only, not its board."""
    plain = {name: value for name, value in options.form.items() if "{" not in value}
    return {**plain, **dict(parse_qsl(urlsplit(options.url).query))}


def _fields(options: Options, holder: LexborNode, row: LexborNode, said: str) -> tuple[dict[str, str], str]:
    """Return ``(fields, telling group)``: the pattern's groups and every ``data-*`` of the link element.

    The telling group is the longest number of a script call; ``""`` when the pattern was found in a plain address.
    """
    fields = {name: value or "" for name, value in holder.attributes.items() if name.startswith("data-")}
    if not options.link_pattern:
        return ({**fields, "0": said, "1": said} if said else fields), ""
    for name, text in _texts(holder, row, said):
        match = _compiled(options.link_pattern).search(text[:_SEARCHED_CHARS])
        if match:
            groups = {str(i): group for i, group in enumerate(match.groups(), start=1) if group is not None}
            named = {name: value for name, value in match.groupdict().items() if value is not None}
            numbers = [group for group in groups.values() if re.search(r"\d", group)] if name == "onclick" else []
            telling = max(numbers, key=len, default="")
            return {**fields, "0": match.group(), **groups, **named}, telling
    return {}, ""


def _texts(holder: LexborNode, row: LexborNode, said: str) -> list[tuple[str, str]]:
    if said:
        return [("", said)]
    texts = []
    for element in (holder, row):
        held = element.attributes
        names = ["onclick", "href", *(n for n in held if n.startswith("data-") or n in ("action", "value", "id"))]
        texts += [(name, clean.unescape(held.get(name) or "")) for name in names]
    return [(name, text) for name, text in texts if text]


def _opened(page: Page, holder: LexborNode, row: LexborNode) -> str:
    """Return an address that a script or an attribute spells out: ``location.href='…'``, ``data-url``."""
    for element in (holder, row):
        held = element.attributes
        scripts = (clean.unescape(held.get(name) or "")[:_SEARCHED_CHARS] for name in ("onclick", "href"))
        named = [match.group(1) for script in scripts if (match := _OPENS.search(script))]
        named += [value for name in _ADDRESSES if (value := held.get(name)) and re.search(r"[/?.]", value)]
        link = next((link for each in named if (link := _plain(page, each))), "")
        if link:
            return link
    return ""


def _hidden(row: LexborNode) -> tuple[dict[str, str], str | None]:
    """Return ``(hidden form fields of a row, its form's action)``.

    A form inside table markup is closed at once by every HTML parser: its fields then stand in the row or before it.
    """
    around = [row]
    if row.tag in _ROW_TAGS:
        before = row.prev
        while before is not None and before.tag in ("-text", "form", "input", "-comment"):
            around.append(before)
            before = before.prev
    if row.parent is not None and row.parent.tag == "form" and not _has_sisters(row):
        around.append(row.parent)
    fields: dict[str, str] = {}
    action: str | None = None
    for each in around:
        if each.tag in ("-text", "-comment"):
            continue
        for named in each.css("input[type=hidden][name]"):
            fields.setdefault(named.attributes["name"] or "", named.attributes.get("value") or "")
        form = each.css_first("form")
        if form is not None and action is None:
            action = form.attributes.get("action") or ""
    return fields, action


def _has_sisters(row: LexborNode) -> bool:
    for step in ("prev", "next"):
        other = getattr(row, step)
        for _turn in range(_NEIGHBOURS):
            if other is None or other.tag == row.tag:
                break
            other = getattr(other, step)
        if other is not None and other.tag == row.tag:
            return True
    return False


def _submitted(page: Page, hidden: dict[str, str], action: str | None) -> str:
    """Return the address that a row's own form would ask for, sent as GET: most servers read both alike."""
    told = {name: value for name, value in hidden.items() if value}
    if not told or action is None:
        return ""
    joined = "&" if "?" in action else "?"
    link = urls.absolute(page.base, f"{action}{joined}{urlencode(told, encoding=page.charset, errors='replace')}")
    return link if link and len(link) <= p.limits.URL_CHARS else ""
