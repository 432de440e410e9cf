"""The address of one row's article: a plain link, or numbers taken from a script call and put into a template.

What does not live here: which rows there are (``_board_page``). Scripts are never run (korea §4).
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlsplit

from selectolax.lexbor import LexborNode

from pipeline.text import clean, select, urls

if TYPE_CHECKING:
    from sources._board_options import Options
    from sources._board_page import Page

_FIELD: Final = re.compile(r"\{([\w.:-]+)\}")
_SEARCHED_CHARS: Final = 2000


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def link_of(options: Options, page: Page, row: LexborNode, headers: select.Headers) -> tuple[str, dict[str, str]]:
    """Return ``(absolute address or "", fields)``; fields are the pattern's groups and the address's parameters."""
    holder, attribute = _holder(options, row, headers)
    if holder is None:
        return "", {}
    said = clean.unescape(holder.attributes.get(attribute) or "") if attribute else ""
    fields: dict[str, str] = {}
    link: str | None = None
    if options.link_template:
        fields = _fields(options, holder, row, said)
        if fields:
            link = urls.absolute(page.base, fill(options.link_template, fields), charset=page.charset)
    if link is None and (not attribute or attribute in ("href", "src")):
        link = urls.absolute(page.base, holder.attributes.get(attribute or "href") or "", charset=page.charset)
    elif link is None and said and not options.link_template:
        link = urls.absolute(page.base, said, charset=page.charset)
    if link is None:
        return "", fields
    return link, {**dict(parse_qsl(urlsplit(link).query)), **fields}


def fill(template: str, fields: dict[str, str]) -> str:
    """Put fields into a template; ``""`` when one of them is not there, because half an identity is none."""
    wanted = _FIELD.findall(template)
    if any(name not in fields for name in wanted):
        return ""
    return _FIELD.sub(lambda match: fields[match.group(1)], template)


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


def _fields(options: Options, holder: LexborNode, row: LexborNode, said: str) -> dict[str, str]:
    """Return the groups of the pattern by number and name, and every ``data-*`` of the link element."""
    fields = {name: value or "" for name, value in holder.attributes.items() if name.startswith("data-")}
    if not options.link_pattern:
        return {**fields, "0": said, "1": said} if said else fields
    for text in _texts(holder, row, said):
        match = _compiled(options.link_pattern).search(text[:_SEARCHED_CHARS])
        if match:
            groups = {str(i): group or "" for i, group in enumerate(match.groups(), start=1)}
            named = {name: value or "" for name, value in match.groupdict().items()}
            return {**fields, "0": match.group(), **groups, **named}
    return {}


def _texts(holder: LexborNode, row: LexborNode, said: str) -> list[str]:
    if said:
        return [said]
    texts = []
    for element in (holder, row):
        held = element.attributes
        names = ["onclick", "href", *(n for n in held if n.startswith("data-") or n in ("action", "value", "id"))]
        texts += [clean.unescape(held.get(name) or "") for name in names]
    return [text for text in texts if text]
