"""Lists that come as JSON: an endpoint's answer, or a value written into a page's script.

What does not live here: lists in markup (``_board_rows``). Scripts are never run: what is no JSON is not read.

``rows: "json:data.list"`` names the list by the keys that lead to it; in a page's script the first key is the variable
(``json:boardList``, ``json:window.__DATA__.board.list``), in a ``<script type="application/json">`` it is a key of the value
(``json:props.pageProps.list``). The other fields are keys inside one row (``title: subject``, ``image: files[0].path``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from selectolax.lexbor import LexborHTMLParser

import pipeline.model as p
from pipeline.i18n import _
from pipeline.text import clean, html, list_marks, urls
from pipeline.text.decode import decode
from pipeline.text.page import tree_of
from sources import _board_links
from sources import _board_page as pages
from sources._board_row import Row, course_selectors, identity

if TYPE_CHECKING:
    from sources._board_options import Options

_PREFIX: Final = "json:"
_STEP: Final = re.compile(r"[^.\[\]]+|\*")
_WRAPPED: Final = re.compile(r"^\s*(?:\)\]\}',?\s*)?(?:[\w.$]+\s*\(\s*)?(?=[\[{])")
_QUOTED: Final = re.compile(r"""JSON\.parse\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\s*\)""", re.DOTALL)
_NO: Final = frozenset(["", "0", "n", "no", "false", "null", "none"])
_DECODER: Final = json.JSONDecoder()
_NOTHING: Final = object()


def rows_of(options: Options, document: p.Document) -> list[Row]:
    """Return the rows of one list in its order; empty when the list is empty.

    Raises:
        ShapeError: ``container-missing``, ``login-page``, ``maintenance``, ``bot-page`` or ``unreadable``: there is no such
            list; ``title-missing`` when no row has a title.
    """
    found = _list(options, document)
    rows = [
        row
        for each in found[: options.max_items + 1]
        if isinstance(each, dict) and (row := _row(options, document, each))
    ]
    if found and not rows:
        message = _("줄은 있지만 '{title}'에서 제목을 찾지 못했습니다. 게시판의 모양이 바뀐 것 같습니다.")
        raise p.ShapeError(message.format(title=options.title), code="title-missing")
    return rows


def _list(options: Options, document: p.Document) -> list[Any]:
    steps = _steps(options.rows)
    tree: LexborHTMLParser | None = None
    text = decode(document.body, charset=document.charset, media_type=document.media_type).text
    if re.match(r"\s*(?:<|$)", text):
        tree = tree_of(document)[0]
        values: Iterator[Any] = (value for script in tree.css("script") for value in _in_script(script.text(), steps))
    else:
        values = _in_answer(text, steps)
    for value in values:
        if isinstance(value, list):
            return value
        if isinstance(value, dict):
            return [value]
    raise pages.missing(options, document, tree or LexborHTMLParser(""))


def _in_answer(text: str, steps: list[str]) -> Iterator[Any]:
    start = _WRAPPED.match(text)
    value = _decoded(text, start.end()) if start else _NOTHING
    yield _reach(value, steps)


def _in_script(text: str, steps: list[str]) -> Iterator[Any]:
    """Yield what a path may mean in one script: a whole JSON value, or a variable that is given one."""
    if re.match(r"\s*[\[{]", text):
        yield _reach(_decoded(text, len(text) - len(text.lstrip())), steps)
    steps = steps[1:] if steps[:1] == ["window"] else steps
    if not steps or steps[0] not in text:
        return
    name = re.compile(rf"(?<![\w$]){re.escape(steps[0])}[\"']?\]?\s*[=:]\s*(?=[\[{{J])")
    for match in name.finditer(text):
        yield _reach(_decoded(text, match.end()), steps[1:])


def _decoded(text: str, start: int) -> Any:
    quoted = _QUOTED.match(text, start)
    try:
        if quoted is None:
            return _DECODER.raw_decode(text, start)[0]
        written = quoted.group(1) if quoted.group(1) is not None else _double(quoted.group(2))
        return json.loads(json.loads(f'"{written}"', strict=False))
    except (ValueError, RecursionError):
        return _NOTHING


def _double(written: str) -> str:
    """Return the inside of a single-quoted literal as that of a double-quoted one."""
    return re.sub(r"\\.|\"", lambda m: {"\\'": "'", '"': '\\"'}.get(m.group(), m.group()), written, flags=re.DOTALL)


def _steps(path: str) -> list[str]:
    return [step.strip() for step in _STEP.findall(path.removeprefix(_PREFIX)) if step.strip() not in ("", "*")]


def _reach(value: Any, steps: list[str]) -> Any:
    """Follow keys; a list on the way is gone through in whole unless a number picks one of it."""
    for at, step in enumerate(steps):
        if isinstance(value, list):
            if step.isdigit():
                value = value[int(step)] if int(step) < len(value) else _NOTHING
                continue
            inner = [_reach(each, steps[at:]) for each in value]
            flat = [
                one for each in inner if each is not _NOTHING for one in (each if isinstance(each, list) else [each])
            ]
            return flat if flat or not value else _NOTHING
        value = value.get(step, _NOTHING) if isinstance(value, dict) else _NOTHING
    return value


def _said(row: Mapping[str, Any], path: str) -> str:
    """Return a value as one clean line, without markup."""
    if not path or path.startswith(("th:", "label:")):
        return ""
    return _text(_reach(dict(row), _steps(path)))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "Y" if value else ""
    if isinstance(value, list):
        return ", ".join(said for each in value if not isinstance(each, list | dict) and (said := _text(each)))
    if value is None or value is _NOTHING or isinstance(value, dict):
        return ""
    said = clean.unescape(str(value))
    return clean.one_line(html.text_of(said) if "<" in said else said)


def _row(options: Options, document: p.Document, row: dict[str, Any]) -> Row | None:
    def said(path: str) -> str:
        return _said(row, path)

    title = list_marks.BADGES.sub("", said(options.title))
    if not title:
        return None
    link = _link(options, document, row)
    key = _board_links.fill(options.key, link.fields) if "{" in options.key else said(options.key)
    key, date = key or link.packed, said(options.date)
    return Row(
        identity=identity(key, link.url, title, date),
        key=key,
        title=list_marks.CUT.sub("…", title),
        is_cut=list_marks.CUT.search(title) is not None,
        link=link.url,
        own_page=_board_links.own_page(options, document.url, link),
        asked=_board_links.asked(options, link),
        base=document.url,
        date=date,
        is_pinned=said(options.pinned).casefold() not in _NO or list_marks.is_pinned_word(said(options.number)),
        department=said(options.department),
        author=said(options.author),
        status=said(options.status),
        image=said(options.image),
        body=str(_reach(row, _steps(options.body)))[: p.limits.BODY_HTML_BYTES] if said(options.body) else "",
        category=said(options.category),
        course=tuple((name, said(path)) for name, path in course_selectors(options)),
    )


def _link(options: Options, document: p.Document, row: dict[str, Any]) -> _board_links.Link:
    fields = {name: _text(value) for name, value in row.items() if not isinstance(value, list | dict)}
    fields = {name: value for name, value in fields.items() if value}
    plain = _said(row, options.link)
    if options.link_pattern and plain:
        match = re.search(options.link_pattern, plain)
        fields |= {str(i): group or "" for i, group in enumerate(match.groups(), start=1)} if match else {}
    if options.link_template:
        plain = _board_links.fill(options.link_template, {**_board_links.own(options), **fields}, is_address=True)
    return _board_links.linked(options, urls.absolute(document.url, plain) or "", fields)
