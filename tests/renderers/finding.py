"""The search index as its readers use it: kept from build to build, and searched as ``find.js`` does.

``test_find_index`` holds the searching here against the real script in a browser.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from operator import add
from typing import Any

import pipeline.model as p
from pipeline.collect.fingerprints import content_hash
from renderers import _find
from renderers._site import Site
from tests.renderers.digest import AS_OF, digest, entry, story

_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


class Kept:
    """The files of the index from build to build, as a renewal keeps them."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.keys: dict[str, str] = {}
        self.written: set[str] = set()
        self.bodies: set[str] = set()
        self._lost: set[str] = set()

    def lose(self, number: int) -> None:
        """Somebody deletes a file; the manifest still has it."""
        self._lost.add(sorted(self.files)[number % len(self.files)])

    def build(self, stories: Iterable[p.Story]) -> Kept:
        """Make what is new; ``written`` are the paths made or deleted, ``bodies`` the entries whose bodies were asked for."""
        site = Site(digest(sections=(), library=tuple(stories)), "", 50)
        before, self.written, self.bodies = dict(self.files), set(), set()
        files, keys = {}, {}
        for page in _find.files(site, dict(self.keys)):
            stays = self.keys.get(page.path) == page.key and page.path not in self._lost
            files[page.path] = self.files[page.path] if stays else page.make({}).body
            keys[page.path] = page.key
            self.bodies |= set() if stays else set(page.entries)
        self.files, self.keys, self._lost = files, keys, set()
        self.written = {path for path in before.keys() | files.keys() if before.get(path) != files.get(path)}
        return self


class Finder:
    """Answers questions from the scripts of the index alone."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files
        self.asked: list[str] = []
        self.segments, beside, shared, rows = self._told("find/now.js")
        self.fresh = [(*told, line) for told, line in zip(beside, unfold(shared, rows), strict=True)]

    def _told(self, path: str) -> Any:
        self.asked.append(path)
        text = self._files[path].decode()
        return json.loads(f"[{text[text.index('(') + 1 : text.rindex(')')]}]")

    def __call__(self, question: str) -> list[list[Any]]:
        """Lines of what says all words, those first whose title says most of them, then the newest."""
        self.asked = ["find/now.js"]
        words = [word for word in map(letters, question.split()) if word]
        sought = {pair for word in words for pair in pairs_of(word)}
        found, before = [], 0
        for name, size, parts, dead in self.segments:
            live = set(range(size)) - positions(dead)
            needed = {ord(pair[0]) % parts for pair in sought}
            told = {part: self._told(f"find/{name}/{part}.js") for part in sorted(needed)}
            for pair in sought:
                live &= standing(*told[ord(pair[0]) % parts][2:], pair)
            lines = unfold(*self._told(f"find/{name}.js")[1:])
            found += [(before + place, n, lines[place]) for n, place in enumerate(sorted(live))]
            before += size
        found += [
            (older - 0.5, n, line) for n, (older, text, line) in enumerate(self.fresh) if all(s in text for s in sought)
        ]
        found.sort(key=lambda hit: hit[:2], reverse=True)
        return sorted((line for _at, _n, line in found), key=lambda line: -sum(w in letters(line[1]) for w in words))


def unfold(shared: list[Any], rows: list[Any]) -> list[Any]:
    """Lines as the page shows and filters them, of what a script tells once and of its rows."""
    found: list[Any] = []
    for row in rows:
        if row is None:
            found.append(None)
            continue
        path, title, alike, day, *due = row
        kind, topics, agencies, level, source = shared[alike]
        shown = date.fromordinal(date(1970, 1, 1).toordinal() + day).isoformat()
        found.append(
            [f"s/{path}.html", title, kind, topics, agencies, level, *(due[0] if due else [""] * 4), shown, source]
        )
    return found


def letters(text: str) -> str:
    """A text as it is compared."""
    kept = "".join(sign for sign in unicodedata.normalize("NFC", text).lower() if sign.isalnum())
    return "".join(sign if ord(sign) < 0x10000 else chr(0xE000 + ord(sign) % 0x1900) for sign in kept)


def pairs_of(word: str) -> list[str]:
    """Its pairs of letters, or its one letter."""
    return list(map(add, word, word[1:])) or [word]


def positions(signs: str) -> set[int]:
    """Positions of two signs each."""
    return {_DIGITS.index(a) * 64 + _DIGITS.index(b) for a, b in zip(signs[::2], signs[1::2], strict=True)}


def standing(pairs: str, places: str, pair: str) -> set[int]:
    """Where a pair, or anything that begins with a letter, stands according to a script."""
    told = zip((pairs[n : n + 2] for n in range(0, len(pairs), 2)), places.split(","), strict=False)
    return {place for other, signs in told if other.startswith(pair) for place in positions(signs)}


def told(number: int, title: str, text: str, *, days: int = 0) -> p.Story:
    """A story of one post whose content hash follows what it says."""
    made = entry(f"k{number}", "blog", p.Kind.POST, title, text=text, lead=text[:20])
    made = replace(made, content_hash=content_hash(made))
    return story(f"s{number:012x}", made, seen=AS_OF - timedelta(days=1000) + timedelta(hours=number, days=days))
