"""Where rows lead: plain addresses, or script calls turned into ``link_pattern`` and ``link_template``.

What does not live here: fetching a detail page to verify a template (the wizard). Scripts are never run (korea §4).
Source: extraction §4 "Links", boards §2 "Link forms", korea §4 (families).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from pipeline.discover.score import link_holder
from pipeline.discover.tree import Node, Tree

_CALL: Final = re.compile(r"([A-Za-z_$][\w$.]*)\s*\(([^()]*)\)")
_ARGUMENT: Final = re.compile(r"""\s*(?:'([^']*)'|"([^"]*)"|([^,'"]*))\s*(?:,|$)""")
_NO_ADDRESS: Final = re.compile(r"^(?:#.*|javascript:.*|void\(.*|)$", re.IGNORECASE | re.DOTALL)
_NOT_A_VIEW: Final = re.compile(
    r"^(?:void|alert|return|confirm|if|this\.\w+|event\.\w+|window\.print|\w*(?:[dD]own|[fF]ile|[pP]rint|[sS]hare|[lL]ogin)\w*)$"
)
_STEP: Final = re.compile(r"""\s*(?:'([^']*)'|"([^"]*)"|([A-Za-z_$][\w$]*)(?:\.(?:trim|toString)\(\))?)\s*(\+|$)""")
_GOES: Final = re.compile(
    r"(?:location(?:\.href)?\s*=|location\.(?:replace|assign)\s*\(|\.action\s*=|window\.open\s*\(|attr\s*\(\s*['\"]action['\"]\s*,)\s*([^;\n]{1,300})"
)
_SETS: Final = re.compile(
    r"(?:(?:\.|\[['\"])([A-Za-z_]\w*)(?:['\"]\])?\.value\s*=\s*|#([A-Za-z_]\w*)['\"]\)\.val\(\s*|name=['\"]?([A-Za-z_]\w*)['\"]?\]['\"]\)\.val\(\s*)([A-Za-z_$][\w$]*)\s*[;)]"
)
_BODY_CHARS: Final = 1200
_SCRIPT_CHARS: Final = 400_000
_SEARCH: Final = re.compile(r"search|srch|login|mail|poll|satis", re.IGNORECASE)

# Routes known by the name of the call, whatever the host: the software's own, not a site's.
_ROUTES: Final[dict[str, tuple[int, str]]] = {
    "jf_viewArtcl": (3, "/bbs/{1}/{2}/{3}/artclView.do"),
}


@dataclass(frozen=True, slots=True)
class Link:
    """What a row's link element says.

    Attributes:
        href: As written, ``""`` when there is none.
        call: The script call, of ``onclick`` or of a ``javascript:`` address.
        holder: The element.
    """

    href: str = ""
    call: str = ""
    holder: Node | None = None

    @property
    def is_plain(self) -> bool:
        """Whether the address leads somewhere without a script."""
        return bool(self.href) and not _NO_ADDRESS.match(self.href.strip())


@dataclass(frozen=True, slots=True)
class Route:
    """Keys of the recipe that make addresses, and whether they were only guessed."""

    keys: dict[str, str]
    is_guess: bool = False


def link_of(title: Node, row: Node) -> Link:
    """Return what leads on from a row, as ``kind: board`` finds it: at the title, else the row's first link."""
    holder = link_holder(title, row)
    if holder is None:
        holder = next((node for node in row.within() if "onclick" in node.attributes), None)
    if holder is None:
        return Link()
    href = (holder.attributes.get("href") or "").strip()
    return Link(href, _call_of(holder) or _call_of(row), holder)


def _call_of(node: Node) -> str:
    onclick = (node.attributes.get("onclick") or "").strip()
    if onclick:
        return onclick
    href = node.attributes.get("href") or ""
    return href.partition(":")[2].strip() if href.lower().startswith("javascript:") and "(" in href else ""


def route(tree: Tree, links: list[Link]) -> Route | None:
    """Return how addresses are made from script calls; ``None`` when they are plain or nothing is known.

    Template: a call's own address argument, the software's known route, the page's own function, its form, in this order;
    only the first two are certain.
    """
    if not links or sum(link.is_plain for link in links) * 2 > len(links):
        return None
    calls = [_parsed(link.call) for link in links]
    named = Counter(call[0] for call in calls if call)
    if not named:
        return _by_data(tree, links)
    name = named.most_common(1)[0][0]
    arguments = [call[1] for call in calls if call and call[0] == name and call[1]]
    if not arguments:
        return _by_data(tree, links)
    width = min(map(len, arguments))
    template, is_guess = _template(tree, name, [one[:width] for one in arguments])
    if not template:
        return None
    return Route({"link_pattern": _pattern(name, width), "link_template": template}, is_guess)


def _parsed(call: str) -> tuple[str, list[str]] | None:
    for match in _CALL.finditer(call):
        name, inner = match.groups()
        if _NOT_A_VIEW.match(name):
            continue
        arguments = []
        for part in _ARGUMENT.finditer(inner):
            if part.end() == part.start() and part.start() == len(inner):
                break
            arguments.append(next((g for g in part.groups() if g is not None), "").strip())
        return name, [a for a in arguments if a != "this"] if "this" not in arguments[:1] else arguments
    return None


def _pattern(name: str, width: int) -> str:
    one = r"""\s*['"]?([^'",()]*)['"]?\s*"""
    return re.escape(name) + r"\(" + ",".join([one] * width)


def _template(tree: Tree, name: str, arguments: list[list[str]]) -> tuple[str, bool]:
    for at, said in enumerate(arguments[0], start=1):
        if "/" in said and ("?" in said or said.startswith("/")) and all("/" in one[at - 1] for one in arguments):
            return f"{{{at}}}", False
    known = _ROUTES.get(name)
    if known is not None and known[0] <= len(arguments[0]):
        return known[1], False
    template = _of_function(tree, name)
    if template:
        return template, True
    return _of_form(tree, arguments), True


def _of_function(tree: Tree, name: str) -> str:
    """Return the address the page's own function would go to, its parameters numbered."""
    short = re.escape(name.rsplit(".", 1)[-1])
    opens = re.compile(
        rf"(?:function\s+{short}\s*|\b{short}\s*[=:]\s*(?:async\s+)?function\s*|\b{short}\s*[=:]\s*)\(([^)]*)\)\s*(?:=>)?\s*{{"
    )
    for script in _scripts(tree):
        match = opens.search(script)
        if match is None:
            continue
        names = [one.strip() for one in match.group(1).split(",")]
        body = script[match.end() : match.end() + _BODY_CHARS]
        places = {one: f"{{{i}}}" for i, one in enumerate(names, start=1) if one}
        for goes in _GOES.finditer(body):
            address = _joined(goes.group(1), places)
            if not address:
                continue
            if "{" in address:
                return address
            fields = [(a or b or c, places[v]) for a, b, c, v in _SETS.findall(body) if v in places]
            if fields:
                return address + ("&" if "?" in address else "?") + "&".join(f"{key}={value}" for key, value in fields)
    return ""


def _scripts(tree: Tree) -> list[str]:
    found = [node.text() for node in tree.html.css("script:not([src])")]
    return [text for text in found if len(text) < _SCRIPT_CHARS]


def _joined(expression: str, places: dict[str, str]) -> str:
    """Put a concatenation of strings and parameters together; ``""`` when anything else is in it."""
    parts, at = [], 0
    expression = expression.strip().rstrip(")}").strip()
    while at < len(expression):
        step = _STEP.match(expression, at)
        if step is None or step.end() == at:
            break
        text = step.group(1) if step.group(1) is not None else step.group(2)
        if text is None:
            text = places.get(step.group(3), "")
            if not text:
                return ""
        parts.append(text)
        at = step.end()
        if not step.group(4):
            break
    address = "".join(parts)
    return address if "/" in address or "?" in address or "." in address else ""


def _of_form(tree: Tree, arguments: list[list[str]]) -> str:
    """Return the address of the form around the list with the number under the form's own empty hidden field."""
    varying = [i for i in range(len(arguments[0])) if len({one[i] for one in arguments}) > 1] or [0]
    for form in tree.html.css("form[action]"):
        action = (form.attributes.get("action") or "").strip()
        hints = f"{action} {form.attributes.get('name') or ''} {form.attributes.get('id') or ''}"
        if not action or _NO_ADDRESS.match(action) or _SEARCH.search(hints):
            continue
        for hidden in form.css("input[type=hidden]"):
            name, value = hidden.attributes.get("name") or "", hidden.attributes.get("value") or ""
            if name and value in ("", "0") and re.search(r"(?:id|no|sn|seq|idx|num|code)$", name, re.IGNORECASE):
                path = urlsplit(action)
                view = (
                    re.sub(r"(?i)list", "view" if "list" in path.path else "View", path.path)
                    if "ist" in path.path
                    else path.path
                )
                return f"{view}?{name}={{{varying[0] + 1}}}"
    return ""


def _by_data(tree: Tree, links: list[Link]) -> Route | None:
    """Return the address a handler of the page makes from a ``data-*`` number of the link; always a guess."""
    for name in _data_names(links):
        short = re.escape(name.removeprefix("data-"))
        camel = re.sub(r"-(\w)", lambda match: match.group(1).upper(), name.removeprefix("data-"))
        reads = re.compile(
            rf"""(?:\$\(this\)|[\w.]+)\.(?:data\(\s*['"]{short}['"]\s*\)|attr\(\s*['"]data-{short}['"]\s*\)|dataset\.{camel})"""
        )
        for script in _scripts(tree):
            told = reads.sub("MOA_NUMBER", script)
            for goes in _GOES.finditer(told):
                address = _joined(goes.group(1), {"MOA_NUMBER": f"{{{name}}}"}) if "MOA_NUMBER" in goes.group(1) else ""
                if address:
                    return Route({"link_template": address}, is_guess=True)
    return None


def _data_names(links: list[Link]) -> list[str]:
    """Return the ``data-*`` names that differ from row to row and look like numbers of articles."""
    values: dict[str, set[str]] = {}
    for link in links:
        for name, value in (link.holder.attributes if link.holder else {}).items():
            if name.startswith("data-") and value and re.fullmatch(r"[\w-]{1,40}", value):
                values.setdefault(name, set()).add(value)
    return [name for name, seen in values.items() if len(seen) == len(links) and len(links) > 1]
