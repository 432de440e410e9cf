"""Items as they are compared: words, grams, days and facets, read once and only where they are needed, pure.

What does not live here: comparing two of them (``likeness``), the words themselves (``settings/facets.yaml``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from sys import intern
from typing import Final

import pipeline.model as p
from pipeline.model import windows
from pipeline.publish.facets import FacetReader, Facets, plain
from pipeline.publish.naming import Names, is_office, town
from pipeline.publish.periods import Period, period

_GRAM: Final = 2  # most Korean nouns have two syllables
_LEAD_CHARS: Final = 400
_STEM: Final = 2
_HEAD_CHARS: Final = 160
_SENTENCE_CHARS: Final = 60  # of a lead that speaks for a title cut before its matter
_SENTENCE_WORDS: Final = 3
_CUT: Final = re.compile(r"(?:…|\.{2,})\W*$")
_DAY: Final = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])\s*[-./월]\s*(3[01]|[12]\d|0?[1-9])(?![\d-])")
_ON_DAY: Final = re.compile(  # the day a title gives its event; not from when or until when one applies
    rf"(?<![~\d])\s*{_DAY.pattern}\s*일?\.?\s*(?:\([월화수목금토일]\))?(?!\s*[~-]|\d|.{{0,12}}?(?:까지|부터|마감|오픈|접수|예매|개시))"
)
_TAG: Final = re.compile(r"#\S+|\(\s*~[^)]*\)|\.{2,}|…")
_LABEL: Final = re.compile(r"[\[(<【]\s*([^\])>】]{2,20}?)\s*[\])>】]")
_FIRST_LABELS: Final = re.compile(r"^[^\w\[(<【]*(?:[\[(<【][^\])>】]{2,20}[\])>】]\s*)+")
_LABEL_CHARS: Final = 3
_NUMBER: Final = re.compile(r"\d+(?![a-z\d]).*")  # 3d프린터 is a thing, 3기 a number
_GRADE: Final = re.compile(r"[가-힣]\d")  # 초1, 중3
_BARE_DAY: Final = re.compile(
    r"(오는|지난|내달|다음\s?달|이달)?\s*(?<![\d월./~-])(3[01]|[12]\d|[1-9])일(?![가-힣]*간)(?!차)"
)
_NEXT_MONTH: Final = ("내달", "다음")
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
        content: Of these, the words that say something of the matter; of the lead's beginning, if the title has none.
        is_generic: Every organisation could have written this title.
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
    is_generic: bool
    reader: FacetReader = field(repr=False, compare=False)

    @cached_property
    def facets(self) -> Facets:
        """What the item states; read only for items that have a neighbour."""
        return self.reader.read(self.title, self.lead)

    @cached_property
    def nouns(self) -> tuple[str, ...]:
        """Content words of the title that are no facet: what tells siblings of one template apart."""
        return tuple(
            word
            for word in self.content
            if word in self.words and not _GRADE.fullmatch(word) and not self.reader.is_facet(word)
        )

    @cached_property
    def is_cut(self) -> bool:
        """Whether the title breaks off."""
        return bool(_CUT.search(self.title))

    @cached_property
    def is_blind(self) -> bool:
        """Whether the title breaks off and no lead says how it goes on: it fits every title that begins like it."""
        return self.is_cut and not self.lead.strip()

    @cached_property
    def head(self) -> str:
        """Title and the lead's first sentences, plain, without spaces."""
        return "".join(f"{plain(self.title)} {plain(self.lead)[:_HEAD_CHARS]}".split())

    @cached_property
    def text(self) -> str:
        """Title and lead, plain, without spaces."""
        return "".join(f"{plain(self.title)} {plain(self.lead)}".split())

    @cached_property
    def title_grams(self) -> frozenset[str]:
        """Grams of the words that carry the title's matter."""
        return grams(self.content)

    @cached_property
    def letters(self) -> str:
        """The title's letters and digits, without labels, marks and days left: equal for copies of one notice."""
        return "".join(_letters(_FIRST_LABELS.sub("", _clean_title(self.title))).split())

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
        """Months and days it names; ``오는 16일`` and ``내달 8일`` are reckoned from the day it was published."""
        text = _PHONE.sub(" ", plain(f"{self.title} {self.lead[:_LEAD_CHARS]}"))
        named = {(int(m[1]), int(m[2])) for m in _DAY.finditer(text)}
        for hint, day in _BARE_DAY.findall(_DAY.sub(" ", text)):
            named.add((self.at.month % 12 + 1 if hint.startswith(_NEXT_MONTH) else self.at.month, int(day)))
        return frozenset(named)

    @cached_property
    def period(self) -> Period | None:
        """When one may apply, as far as the item says."""
        return period(plain(f"{self.title} | {self.lead[:_LEAD_CHARS]}"), self.posted_on)

    @cached_property
    def posted_on(self) -> date:
        """The day it was published, in Seoul."""
        return windows.seoul_date(self.at)

    @cached_property
    def event_days(self) -> frozenset[tuple[int, int]]:
        """Months and days on which, by its title, the thing takes place."""
        return frozenset((int(m[1]), int(m[2])) for m in _ON_DAY.finditer(_PHONE.sub(" ", plain(self.title))))

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """Words of the title that are or begin with a number."""
        return tuple(word for word in self.words if _NUMBER.fullmatch(word))

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """What its title says in brackets: often whose news is handed on."""
        inside = ("".join(plain(label).split()) for label in _LABEL.findall(self.title))
        return tuple(label for label in inside if len(label) >= _LABEL_CHARS)

    @cached_property
    def works(self) -> tuple[str, ...]:
        """What its title quotes in book brackets and is no mark of a call, without spaces."""
        return tuple(work for work in Names.works(plain(self.title)) if not self.reader.is_filler(work))

    @cached_property
    def voice(self) -> str:
        """Who speaks: the institution in brackets, else the one behind it."""
        return next(filter(self.reader.is_institution, self.labels), self.body)

    @cached_property
    def town(self) -> str:
        """The city or district of who speaks."""
        return town(self.voice) or town(self.body)

    @cached_property
    def is_office(self) -> bool:
        """Whether a named town's own department is behind it."""
        return is_office(self.body)

    @property
    def has_voice(self) -> bool:
        """Whether it tells its own news: a house or a town's department, no portal and no board of others'."""
        return self.is_institution or self.is_office

    @cached_property
    def is_institution(self) -> bool:
        """Whether the organisation behind it tells its own news, not what another hands on."""
        return self.reader.is_institution(self.voice)


class Teller:
    """Makes ``Told`` of items with the tables of one house."""

    def __init__(self, words: p.FacetWords) -> None:
        self._reader = FacetReader(words)
        endings = "|".join(map(re.escape, sorted(words.endings, key=len, reverse=True)))
        self._filler = re.compile(rf"(?:{'|'.join(map(re.escape, words.fillers)) or '(?!)'})+(?:{endings or '(?!)'})?")
        self._verb = re.compile(r".*(?:세요|니다|[어아해여려와워]요|까요|지요|네요|죠)$|..+다$")
        self._ending = re.compile(rf"(?:{endings or '(?!)'})$")
        self._generic = frozenset(map(plain, words.generic))
        self._channels = tuple(sorted(map(plain, words.channels), key=len, reverse=True))

    def told(self, *, id: str, board: str, body: str, at: datetime, title: str, lead: str) -> Told:  # noqa: A002
        """Return an item ready to be compared. Cost: about 60 µs."""
        words = tuple(_letters(_clean_title(title)).split())
        said = tuple(w for w in words if self._says(w))
        content = said or self._of_lead(lead)
        return Told(
            id=id,
            board=board,
            body=self.body_of(body),
            at=at,
            title=title,
            lead=lead,
            words=words,
            content=content,
            is_generic=self._is_generic(content),
            reader=self._reader,
        )

    def body_of(self, name: str) -> str:
        """Return an organisation's name without the name of its channel."""
        name = plain(name).strip()
        for channel in self._channels:
            if name.endswith(channel) and name != channel:
                return name.removesuffix(channel).strip()
        return name

    def _of_lead(self, lead: str) -> tuple[str, ...]:
        """What the lead's beginning says of the matter, where that is more than a word or two."""
        found = tuple(w for w in _letters(plain(lead)[:_SENTENCE_CHARS]).split() if self._says(w))
        return found if len(found) >= _SENTENCE_WORDS else ()

    def _is_generic(self, content: Iterable[str]) -> bool:
        rest = (self.stem(w) for w in content)
        return all(
            not w or self._reader.is_only_facet(w) or any(w == g or w in g or g == w[: len(g)] for g in self._generic)
            for w in rest
        )

    def stem(self, word: str) -> str:
        """Return a word without one particle or ending."""
        return self._ending.sub("", word) if len(word) > _STEM else word

    def _says(self, word: str) -> bool:
        return len(word) > 1 and not (_NUMBER.fullmatch(word) or self._filler.fullmatch(word) or self._verb.match(word))


def grams(words: Iterable[str]) -> frozenset[str]:
    """Return the two-letter grams of words; a shorter word is its own gram."""
    found: set[str] = set()
    for word in words:
        if len(word) <= _GRAM:
            found.add(word)
        else:
            found.update(intern(word[i : i + _GRAM]) for i in range(len(word) - _GRAM + 1))  # one copy, not one an item
    return frozenset(found)


def _letters(text: str) -> str:
    return "".join(c if unicodedata.category(c)[0] in "LN" else " " for c in text)


def _clean_title(title: str) -> str:
    return _TAG.sub(" ", plain(title))
