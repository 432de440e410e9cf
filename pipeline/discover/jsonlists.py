"""Lists that come as JSON, or stand as JSON in a page's script → keys of ``kind: board`` with ``rows: "json:…"``. Pure.

What does not live here: reading them (``sources``), which proves what is found here. Scripts are never run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pipeline.discover.columns import is_date

_TITLE: Final = re.compile(
    r"^(?:title|subject|ttl|headline|\w*(?:sj|ttl|title|subject|nm|name)|제목|\w*제목|강좌명|교육명|공고명)$",
    re.IGNORECASE,
)
_BEST_TITLE: Final = re.compile(r"title|subject|ttl|sj$|제목|강좌명|교육명", re.IGNORECASE)
_DATE: Final = re.compile(
    r"reg|creat|publi|writ|post|open|date|dt$|de$|ymd$|_at$|At$|일자$|등록일|작성일", re.IGNORECASE
)
_BEST_DATE: Final = re.compile(r"reg|creat|publi|writ|post|등록|작성", re.IGNORECASE)
_LINK: Final = re.compile(r"url|link|href|주소$", re.IGNORECASE)
_PINNED: Final = re.compile(
    r"^(?:is_?)?(?:notice|noti|pin|pinned|top|fix)(?:_?(?:yn|at|flag))?$|공지여부", re.IGNORECASE
)
_DEPARTMENT: Final = re.compile(r"dept|department|부서|기관명", re.IGNORECASE)
_GIVEN: Final = re.compile(r"(?<![\w$])(?:window\.)?([A-Za-z_$][\w$]*)\s*=\s*(?=[\[{])")
_WRAPPED: Final = re.compile(r"^\s*(?:\)\]\}',?\s*)?(?:[\w.$]+\s*\(\s*)?(?=[\[{])")
_KEY: Final = re.compile(r"[^.\[\]@:|\s]{1,60}")
_DECODER: Final = json.JSONDecoder()
_DEPTH: Final = 7
_SCRIPT_CHARS: Final = 4_000_000
_GIVEN_MOST: Final = 40
_FEWEST: Final = 2
_MOST: Final = 3


@dataclass(frozen=True, slots=True)
class JsonList:
    """A list found: its keys, how sure it is one (0 to 1), how many rows it has."""

    recipe: dict[str, str]
    confidence: float
    size: int


def in_answer(text: str) -> tuple[JsonList, ...]:
    """Return the lists of a JSON answer (or JSONP), best first."""
    start = _WRAPPED.match(text)
    value = _decoded(text, start.end()) if start else None
    return _ranked(_walk(value, ""))


def in_scripts(scripts: list[str]) -> tuple[JsonList, ...]:
    """Return the lists that the scripts of a page hold as data, best first."""
    found: list[JsonList] = []
    for script in scripts:
        if len(script) > _SCRIPT_CHARS:
            continue
        if re.match(r"\s*[\[{]", script):
            found += _walk(_decoded(script, len(script) - len(script.lstrip())), "")
            continue
        for number, match in enumerate(_GIVEN.finditer(script)):
            if number >= _GIVEN_MOST:
                break
            found += _walk(_decoded(script, match.end()), match.group(1))
    return _ranked(iter(found))


def _ranked(found: Iterator[JsonList]) -> tuple[JsonList, ...]:
    best = sorted(found, key=lambda one: (-one.confidence, -one.size))
    return tuple({one.recipe["rows"]: one for one in best}.values())[:_MOST]


def _decoded(text: str, start: int) -> Any:
    try:
        return _DECODER.raw_decode(text, start)[0]
    except (ValueError, RecursionError):
        return None


def _walk(value: Any, path: str, depth: int = 0) -> Iterator[JsonList]:
    if isinstance(value, list):
        if (found := _list(value, path)) is not None:
            yield found
        return
    if isinstance(value, Mapping) and depth < _DEPTH:
        for key, inner in value.items():
            if isinstance(inner, list | dict) and _KEY.fullmatch(key):
                yield from _walk(inner, f"{path}.{key}" if path else key, depth + 1)


def _list(rows: list[Any], path: str) -> JsonList | None:
    tables = [row for row in rows if isinstance(row, Mapping)]
    if len(tables) < _FEWEST or len(tables) < len(rows):
        return None
    said = {
        str(key): [
            str(row.get(key)) for row in tables if isinstance(row.get(key), str | int | bool) and row.get(key) != ""
        ]
        for key in tables[0]
        if _KEY.fullmatch(str(key))
    }
    title = _title(said, len(tables))
    if not title:
        return None
    recipe = {"rows": f"json:{path}", "title": title}
    dates = [key for key in said if _DATE.search(key) and _share(said[key], _is_day) > 0.8]
    if dates:
        recipe["date"] = max(dates, key=lambda key: bool(_BEST_DATE.search(key)))
    for name, pattern, test in (
        ("link", _LINK, lambda text: text.startswith(("http://", "https://", "/"))),
        ("pinned", _PINNED, lambda text: text.casefold() in ("y", "n", "0", "1", "true", "false")),
        ("department", _DEPARTMENT, lambda text: not text.isdigit()),
    ):
        fit = [key for key in said if pattern.search(key) and said[key] and _share(said[key], test) > 0.8]
        if fit:
            recipe[name] = fit[0]
    sure = 0.4 + 0.2 * bool(_BEST_TITLE.search(title)) + 0.2 * ("date" in recipe) + 0.1 * ("link" in recipe)
    return JsonList(recipe, round(sure, 2), len(tables))


def _title(said: Mapping[str, list[str]], rows: int) -> str:
    def score(key: str) -> float:
        texts = said[key]
        length = sum(map(len, texts)) / len(texts)
        letters = _share(texts, lambda text: bool(re.search(r"[가-힣A-Za-z]", text)) and "://" not in text)
        return 3 * bool(_BEST_TITLE.search(key)) + min(length, 30) / 10 + len(set(texts)) / len(texts) + letters

    fit = [key for key in said if _TITLE.match(key) and len(said[key]) > 0.8 * rows and len(set(said[key])) > rows / 2]
    best = max(fit, key=score, default="")
    return best if best and score(best) >= 3 else ""


def _share(said: list[str], test: Any) -> float:
    return sum(bool(test(text)) for text in said) / len(said) if said else 0.0


def _is_day(text: str) -> bool:
    return is_date(text) or bool(re.match(r"(?:19|20)\d{2}-?\d{2}-?\d{2}", text))
