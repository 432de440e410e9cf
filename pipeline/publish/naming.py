"""Names a title gives: branches and districts, speakers, quoted works, pure.

What does not live here: the last syllables of places (``settings/facets.yaml``), comparing names (``likeness``).
No list holds every street and every author; the shape of a name does: 솔숲도서관, 남산동, 정다온 작가, 「느린 산책」.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_SURNAMES: Final = (
    "가강고곽공구권금기길김나남노도류마맹명모문민박반방배백변복봉부빈서석선설성소손송신심안양엄여연염예오옥온왕우원위유육윤은"
    "이인임장전정제조주지진차채천최추탁탄태표피하한함허현형호홍황"
)
_TITLES: Final = (
    r"작가|교수|박사|소장|강사|감독|시인|기자|아나운서|pd|연구원|대표|변호사|세무사|원장|의사|전문의|셰프|선생님|쌤|큐레이터|화가|"
    r"배우|가수|피아니스트|지휘자|건축가|과학자|역사학자|평론가|코치|명장|약사|디자이너|크리에이터"
)
_NAME: Final = rf"[{_SURNAMES}][가-힣]{{2}}"
_SPEAKER: Final = re.compile(rf"(?<![가-힣])({_NAME})\s+(?:{_TITLES})|(?<![가-힣])(?:{_TITLES})\s+({_NAME})(?![가-힣])")
_NO_NAMES: Final = frozenset(  # words of three syllables that stand before 작가 or 강사 and are nobody
    {
        "한국화",
        "서양화",
        "동양화",
        "전문가",
        "원어민",
        "외국인",
        "유명한",
        "우수한",
        "지역의",
        "신진의",
        "인기의",
        "소설의",
    }
    | {
        "예비의",
        "시민의",
        "마을의",
        "도서관",
        "평생의",
        "연주자",
        "진행자",
        "공예가",
        "사진가",
        "명예의",
        "주민의",
        "여성의",
    }
)
_WORK: Final = re.compile(r"[「『《〈<]\s*([^」』》〉>]{2,40}?)\s*[」』》〉>]")
_COMMON_NOUN: Final = 2  # syllables: 신체활동 ends like 활동, but 가온시립도서관 is no mere 시립도서관
_CONDITION: Final = re.compile(
    r"(?:[가-힣](?:다|라|하|으|려|이|보|가|되|오|자|지|시|쓰|주|내|두)면)$"
)  # 원한다면: no township


_TOWN: Final = re.compile(r"^([가-힣]{1,4}?)(?:특별자치시|특별시|광역시|시|군|구)(?:청|립|민|의회|\s|$)")
_OFFICE: Final = re.compile(r"(?:과|팀|실|국|담당관|정책관|본부|시청|구청|군청|의회)$")


def town(body: str) -> str:
    """Return the city or district an organisation's name begins with, ``""`` when it names none."""
    match = _TOWN.match(body)
    return match[1] if match else ""


def is_office(body: str) -> bool:
    """Return whether a name is a department's of a named town; a bare department hands on what others tell."""
    return bool(town(body)) and bool(_OFFICE.search(body))


class Names:
    """Reads names with the endings of one house; compiled once for a fold."""

    def __init__(self, places: Iterable[str], lookalikes: Iterable[str]) -> None:
        endings = sorted(set(places), key=len, reverse=True)
        self._not = frozenset(lookalikes)
        self._tails = tuple(word for word in self._not - set(endings) if len(word) == _COMMON_NOUN)
        long = "|".join(re.escape(e) for e in endings if len(e) > 1) or "(?!)"
        short = "|".join(re.escape(e) for e in endings if len(e) == 1) or "(?!)"
        behind = r"(?=[\s\]\[)(「」<>·,.:!…]|의|에서|에|은|는|이|을|를|와|과|로|,|$)"
        self._place = re.compile(
            rf"([가-힣\d]{{1,8}}?(?:{long})){behind}|(?<![가-힣\d])([가-힣]{{1,4}}\d?(?:{short})){behind}"
        )

    def places(self, title: str) -> frozenset[str]:
        """Return the branches, districts and crossroads a plain title names."""
        found = (match[1] or match[2] for match in self._place.finditer(title))
        return frozenset(name for name in found if not self._is_common(name))

    def _is_common(self, name: str) -> bool:
        return name in self._not or name.endswith(self._tails) or bool(_CONDITION.search(name))

    @staticmethod
    def speakers(title: str) -> frozenset[str]:
        """Return the people a plain title announces by name and profession."""
        found = (match[1] or match[2] for match in _SPEAKER.finditer(title))
        return frozenset(name for name in found if name not in _NO_NAMES)

    @staticmethod
    def works(title: str) -> tuple[str, ...]:
        """Return what a title quotes in book brackets, without spaces: the name of a play, a lecture, a programme."""
        return tuple("".join(match[1].split()) for match in _WORK.finditer(title))
