"""How much two items speak of one thing: a veto with its reason, or a share between 0 and about 1, pure.

What does not live here: which pairs are looked at (``neighbours``), what becomes of a pair (``grouping``).
Share = how much of the rarer words of either title the other item says in its title or lead, both ways averaged
(two-way IDF containment, extraction §6): a blog's catchy title is in nobody's notice, but the notice's title is in its lead.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

import pipeline.model as p
from pipeline.publish.facets import FacetReader, Facets, plain

WINDOW: Final = timedelta(days=p.limits.STORY_DAYS)
_GRAM: Final = 2  # most Korean nouns have two syllables
_LEAD_CHARS: Final = 400
_SAME_BODY: Final = 0.05
_SAME_DAYS: Final = 0.12
_ONE_DAY: Final = 0.05
_OTHER_DAY: Final = 0.08
_ONE_SIDED: Final = 0.05
_LOOSE: Final = frozenset({"year", "month", "half", "season", "money", "age"})  # often left out when retold
_SIBLING_STEM: Final = 2  # syllables by which two nouns are told apart: 김장나눔, 연탄나눔
_ALIKE_BODIES: Final = 0.6
_DAY: Final = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])\s*[-./월]\s*(3[01]|[12]\d|0?[1-9])(?![\d-])")
_TAG: Final = re.compile(r"#\S+|\(\s*~[^)]*\)|\.{2,}|…")
_LABEL: Final = re.compile(r"^\s*[\[(<【]\s*([^\])>】]{1,6})\s*[\])>】]")
_NUMBER: Final = re.compile(r"\d+.*")
_PHONE: Final = re.compile(r"\d{2,4}-\d{3,4}-\d{4}")


@dataclass(frozen=True, kw_only=True)
class Told:
    """One item as it is compared.

    Attributes:
        id: Entry id.
        board: Where it was posted; one board does not post one call twice.
        body: Name of the organisation behind it, without the channel's.
        at: When it was published, as far as known.
        title, lead: As written; the lead may be the beginning of the body.
        words: Of the title, in order.
        content: Of these, the words that say something of the matter.
        reader: Reads its facets.
    """

    id: str
    board: str
    body: str
    at: datetime
    title: str
    lead: str
    words: tuple[str, ...]
    content: tuple[str, ...]
    reader: FacetReader = field(repr=False, compare=False)

    @cached_property
    def facets(self) -> Facets:
        """What the item states; read only for items that have a neighbour."""
        return self.reader.read(self.title, self.lead)

    @cached_property
    def nouns(self) -> tuple[str, ...]:
        """Content words that are no facet: what tells siblings of one template apart."""
        return tuple(word for word in self.content if not self.reader.is_facet(word))

    @cached_property
    def text(self) -> str:
        """Title and lead, plain, without spaces."""
        return "".join(f"{plain(self.title)} {plain(self.lead)}".split())

    @cached_property
    def title_grams(self) -> frozenset[str]:
        """Grams of the words that carry the title's matter."""
        return grams(self.content or self.words)

    @cached_property
    def lead_grams(self) -> frozenset[str]:
        """Grams of the lead."""
        return grams(_letters(plain(self.lead)[:_LEAD_CHARS]).split())

    @cached_property
    def all_grams(self) -> frozenset[str]:
        """Everything the item says, and who says it."""
        return grams(self.words) | self.lead_grams | grams(_letters(self.body).split())

    @cached_property
    def days(self) -> frozenset[tuple[int, int]]:
        """Months and days it names."""
        text = _PHONE.sub(" ", plain(f"{self.title} {self.lead[:_LEAD_CHARS]}"))
        return frozenset((int(m[1]), int(m[2])) for m in _DAY.finditer(text))


class Teller:
    """Makes ``Told`` of items with the tables of one house."""

    def __init__(self, words: p.FacetWords) -> None:
        self._reader = FacetReader(words)
        endings = "|".join(map(re.escape, sorted(words.endings, key=len, reverse=True)))
        self._filler = re.compile(rf"(?:{'|'.join(map(re.escape, words.fillers)) or '(?!)'}).*")
        self._verb = re.compile(r".*(?:하세요|합니다|해요|드립니다|습니다|어요|아요|까요)$")
        self._ending = re.compile(rf"(?:{endings or '(?!)'})$")
        self._generic = frozenset(map(plain, words.generic))
        self._channels = tuple(sorted(map(plain, words.channels), key=len, reverse=True))

    def told(self, *, id: str, board: str, body: str, at: datetime, title: str, lead: str) -> Told:  # noqa: A002
        """Return an item ready to be compared. Cost: about 60 µs."""
        words = tuple(_letters(_clean_title(title)).split())
        return Told(
            id=id,
            board=board,
            body=self.body_of(body),
            at=at,
            title=title,
            lead=lead,
            words=words,
            content=tuple(w for w in words if self._says(w)),
            reader=self._reader,
        )

    def body_of(self, name: str) -> str:
        """Return an organisation's name without the name of its channel."""
        name = plain(name).strip()
        for channel in self._channels:
            if name.endswith(channel) and name != channel:
                return name.removesuffix(channel).strip()
        return name

    def is_generic(self, told: Told) -> bool:
        """Whether every organisation could have written this title."""
        rest = (self.stem(w) for w in told.content)
        return all(not w or any(w == g or w in g or g == w[: len(g)] for g in self._generic) for w in rest)

    def stem(self, word: str) -> str:
        """Return a word without one particle or ending."""
        return self._ending.sub("", word) if len(word) > _SIBLING_STEM else word

    def _says(self, word: str) -> bool:
        return len(word) > 1 and not (_NUMBER.fullmatch(word) or self._filler.fullmatch(word) or self._verb.match(word))


class Rarity:
    """How rare each gram is among the items of a fold."""

    def __init__(self, items: Sequence[Told]) -> None:
        seen = Counter(gram for item in items for gram in item.title_grams | item.all_grams)
        self._count = len(items) + 1
        self._seen: Mapping[str, int] = seen

    def of(self, gram: str) -> float:
        """Return the gram's inverse document frequency."""
        return math.log(self._count / (self._seen.get(gram, 0) + 0.5) + 1e-9)

    def frequency(self, gram: str) -> int:
        """Return how many items say it."""
        return self._seen.get(gram, 0)


class Judge:
    """Compares pairs of items."""

    def __init__(self, teller: Teller, rarity: Rarity) -> None:
        self._teller = teller
        self._rarity = rarity
        self._weight: dict[str, float] = {}

    def veto(self, a: Told, b: Told) -> str:
        """Return why two items are never one story, ``""`` when nothing speaks against it.

        Reasons: a dimension's name, ``stage``, ``form``, ``place``, ``far``, ``wordless``, ``board``, ``sibling``, ``generic``.
        """
        if abs(a.at - b.at) > WINDOW:
            return "far"
        if not a.content or not b.content:
            return "wordless"
        mine, theirs = a.facets, b.facets
        for dimension in mine.apart.keys() & theirs.apart.keys():
            if not mine.apart[dimension] & theirs.apart[dimension]:
                return dimension
        if mine.stages != theirs.stages:
            return "stage"
        if mine.forms != theirs.forms and not mine.forms & theirs.forms:
            return "form"
        if _elsewhere(a, b):
            return "place"
        if a.board == b.board and a.words != b.words and not (mine.is_repost or theirs.is_repost):
            return "board"
        if self._siblings(a, b):
            return "sibling"
        if (self._teller.is_generic(a) or self._teller.is_generic(b)) and not self._one_body(a, b):
            return "generic"
        return ""

    def share(self, a: Told, b: Told) -> float:
        """Return how much two items speak of one thing; above ``limits.STORY_JOIN`` they do.

        Cost: about 15 µs.
        """
        share = (self._contained(a, b) + self._contained(b, a)) / 2
        share += _SAME_BODY if _names(a, b) or _names(b, a) else 0.0
        share -= _ONE_SIDED * len((a.facets.apart.keys() ^ b.facets.apart.keys()) - _LOOSE)
        common = len(a.days & b.days)
        if len(a.days) > 1 and len(b.days) > 1:
            share += _SAME_DAYS if common > 1 else 0.0 if common else -_SAME_DAYS
        elif a.days and b.days:
            share += _ONE_DAY if common else -_OTHER_DAY
        return share

    def _contained(self, a: Told, b: Told) -> float:
        whole = self._weight.get(a.id)
        if whole is None:
            whole = self._weight[a.id] = sum(map(self._rarity.of, a.title_grams))
        said = sum(map(self._rarity.of, a.title_grams & b.all_grams))
        return said / whole if whole > 0 else 0.0

    def _siblings(self, a: Told, b: Told) -> bool:
        """Two titles of one template that differ in one noun: two crafts of a course series, two jobs of a notice."""
        if len(a.nouns) != len(b.nouns) or len(a.nouns) < 2:
            return False
        other = [(x, y) for x, y in zip(a.nouns, b.nouns, strict=True) if x != y]
        if len(other) != 1:
            return False
        x, y = other[0]
        stems = x[:_SIBLING_STEM], y[:_SIBLING_STEM]
        return stems[0] != stems[1] and stems[0] not in b.text and stems[1] not in a.text

    def _one_body(self, a: Told, b: Told) -> bool:
        if a.body == b.body or a.body in b.text or b.body in a.text:
            return True
        few = min(len(a.lead_grams), len(b.lead_grams))
        return few > 0 and len(a.lead_grams & b.lead_grams) / few >= _ALIKE_BODIES


def grams(words: Iterable[str]) -> frozenset[str]:
    """Return the two-letter grams of words; a shorter word is its own gram."""
    found: set[str] = set()
    for word in words:
        if len(word) <= _GRAM:
            found.add(word)
        else:
            found.update(word[i : i + _GRAM] for i in range(len(word) - _GRAM + 1))
    return frozenset(found)


def _letters(text: str) -> str:
    return "".join(c if unicodedata.category(c)[0] in "LN" else " " for c in text)


def _clean_title(title: str) -> str:
    return _TAG.sub(" ", plain(title))


def _names(a: Told, b: Told) -> bool:
    """Whether ``b`` names the organisation behind ``a``."""
    last = a.body.split()[-1] if a.body else ""
    return bool(a.body) and (
        a.body == b.body or "".join(a.body.split()) in b.text or (len(last) > 2 and last in b.text)
    )


def _elsewhere(a: Told, b: Told) -> bool:
    """Whether both name branches and no common one; the name of the other's own organisation is no branch."""
    mine = {place for place in a.facets.places if place not in b.body}
    theirs = {place for place in b.facets.places if place not in a.body}
    if not mine or not theirs or a.facets.places & b.facets.places:
        return False
    return not any(x.endswith(y) or y.endswith(x) for x in mine for y in theirs)
