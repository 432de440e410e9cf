"""The words of course lists → values (pure): status, way, level, days and hours, seats, fees.

What does not live here: periods and the whole course (``course_facts``), finding the words on a page (``sources/``).
Source: korea §4 "Course lists". What a word does not say is ``None``, never guessed.
"""

from __future__ import annotations

import re
from typing import Final, Literal, TypeAlias

import pipeline.model as p
from pipeline.text import clean

Mode: TypeAlias = Literal["online", "offline", "mixed"]

_STATUS: Final[tuple[tuple[str, p.CourseStatus], ...]] = (
    (r"폐강|취소|(개설|운영)\s*불가", p.CourseStatus.CANCELLED),
    (r"대기\s*(접수|신청|자|가능|등록)|대기중", p.CourseStatus.WAITLIST),
    (r"(접수|모집|신청)?\s*(예정|대기|전$)|준비\s*중|오픈\s*예정", p.CourseStatus.SCHEDULED),
    (
        r"마감\s*임박|추가\s*(접수|모집|신청)|(접수|모집|신청)\s*(중|가능)|수강\s*신청|모집$|D\s*-\s*\d+|상시|수시",
        p.CourseStatus.OPEN,
    ),
    (r"(접수|모집|신청|정원)?\s*(마감|완료|종료)(?!\s*임박)|정원\s*초과|만석", p.CourseStatus.CLOSED),
    (r"(교육|학습|강의|수업|운영)\s*(종료|완료)|종강|^종료$|수료", p.CourseStatus.ENDED),
    (r"(교육|학습|수업|강의|수강|운영|진행|추첨|선발|심사)\s*중|개강", p.CourseStatus.CLOSED),
)
_ENDED_FIRST: Final = re.compile(r"(교육|학습|강의|수업|운영|행사)\s*(종료|완료)|^\s*종료\s*$|종강")
_ONLINE: Final = re.compile(
    r"온라인|비대면|원격|(?<![가-힣])줌(?![가-힣])|zoom|화상|online|인터넷\s*강의|동영상", re.IGNORECASE
)
_OFFLINE: Final = re.compile(r"오프라인|(?<!비)대면|집합|방문|현장|offline", re.IGNORECASE)
_MIXED: Final = re.compile(r"혼합|병행|블렌디드|하이브리드|온\s*[·・.,/+&]?\s*오프라인", re.IGNORECASE)

_LEVEL: Final = re.compile(
    r"(?<![가-힣])(?P<level>왕초보|초보|입문|초\s*[·・./]?\s*중급|중\s*[·・./]?\s*고급|초급|중급|고급|심화|기초|상급)"
    r"(?=$|[\s)\]】>·,:~\-\d]|반|과정|편|코스|단계|자)"
)
_JOINED: Final = re.compile(r"\s*[·・./]\s*|(?<=[초중])(?=[중고]급)")  # 초중급, 초/중급

_DAYS: Final = dict(zip("월화수목금토일", ("MO", "TU", "WE", "TH", "FR", "SA", "SU"), strict=True))
_WEEK: Final = tuple(_DAYS.values())
_DAY_RANGE: Final = re.compile(
    r"(?<![가-힣\d])([월화수목금토일])(?:요일)?\s*[~∼～]\s*([월화수목금토일])(?![가-힣])(?:요일)?"
)
_DAY_LIST: Final = re.compile(r"(?<![가-힣\d])([월화수목금토일]{1,7})(?=요일|[^가-힣]|$)")
_DAY_SURE: Final = re.compile(r"(?<![가-힣\d])([월화수목금토일](?:\s*[,·・/]\s*[월화수목금토일])*)요일")
_DAY_IN_DATE: Final = re.compile(
    r"\d\s*[.일]?\s*\(\s*[월화수목금토일]\s*\)"
)  # 12.1.(화): the date's day, not the course's
_CLOCK: Final = r"(?P<half{0}>오전|오후|낮|저녁|밤|am|pm)?\s*(?P<h{0}>\d{{1,2}})(?:\s*:\s*(?P<m{0}>\d{{2}})|시(?!간)(?:\s*(?P<k{0}>\d{{1,2}})\s*분)?)"
_HOURS: Final = re.compile(
    rf"(?<![\d.]){_CLOCK.format(1)}(?:\s*(?:[~∼～–\-]|부터)\s*{_CLOCK.format(2)})?", re.IGNORECASE
)
_NOON: Final = 12
_EARLY: Final = 7  # a bare "2:00" may be either; nobody teaches at two in the morning, but we do not guess

_NUMBER: Final = re.compile(r"\d[\d,]*")
_PEOPLE: Final = r"[\s:：]*(?:각\s*)?(\d[\d,]*)"
_LABELLED: Final = {
    "waiting": re.compile(rf"대기(?:자|인원|접수)?{_PEOPLE}"),
    "applied": re.compile(rf"(?:신청|접수|등록|참여)(?:자|인원|현황|완료)?{_PEOPLE}"),
    "capacity": re.compile(rf"(?:모집|총)?\s*(?:정원|인원)(?:수)?{_PEOPLE}|(?:모집|선착순|총){_PEOPLE}"),
}
_SLASHED: Final = re.compile(r"(\d[\d,]*)\s*명?\s*/\s*(\d[\d,]*)")

_NOTHING: Final = frozenset(["-", "–", "—", ".", "없음.", "해당없음"])
_FREE: Final = re.compile(r"무\s*료|^0+\s*원?$|^없\s*음$|전액\s*지원")
_MATERIALS: Final = re.compile(r"[(\[]?\s*(?:재료비|교재비|실습비|준비물|재료|교재)[^,)\]]*(?:,\d{3}[^,)\]]*)*[)\]]?")
_AMOUNT: Final = re.compile(r"(\d[\d,]*)\s*(만\s*(?:(\d)\s*천)?|천)?\s*원?")


def status(word: str) -> p.CourseStatus:
    """Return the normal form of a status word; ``unknown`` for a word nobody taught us."""
    text = clean.one_line(word)
    if not text:
        return p.CourseStatus.UNKNOWN
    if _ENDED_FIRST.search(text):
        return p.CourseStatus.ENDED
    for pattern, normal in _STATUS:
        if re.search(pattern, text, re.IGNORECASE):
            return normal
    return p.CourseStatus.UNKNOWN


def mode(text: str) -> Mode | None:
    """Return how a course is held; ``비대면`` is not ``대면``, and both together are mixed."""
    is_online, is_offline = bool(_ONLINE.search(text)), bool(_OFFLINE.search(text))
    if _MIXED.search(text) or (is_online and is_offline):
        return "mixed"
    return "online" if is_online else "offline" if is_offline else None


def level(said: str, title: str) -> str | None:
    """Return the level a list states, else the one the title names (``[초급]``, ``왕초보 영어``)."""
    if known := words(said):
        return known
    found = _LEVEL.search(title)
    return _JOINED.sub("·", found["level"]) if found else None


def weekdays(text: str, *, is_sure: bool) -> tuple[str, ...]:
    """Return days of teaching as RFC 5545 codes in week order.

    Args:
        text: A cell that holds days (``월, 수``, ``화·목 10:00``, ``월~금``, ``주말``), or any text.
        is_sure: The cell is about days, so that a bare letter counts; else only ``화요일``, ``매일``, ``평일``, ``주말`` do.
    """
    text = _DAY_IN_DATE.sub(" ", text)
    found: set[str] = set()
    if re.search(r"매일|월\s*[~∼～]\s*일(?:요일)?(?![가-힣])", text):
        return _WEEK
    if "평일" in text:
        found |= set(_WEEK[:5])
    if "주말" in text:
        found |= set(_WEEK[5:])
    for first, last in _DAY_RANGE.findall(text) if is_sure else ():
        start, end = _WEEK.index(_DAYS[first]), _WEEK.index(_DAYS[last])
        found |= set(_WEEK[start : end + 1])
    for letters in (_DAY_LIST if is_sure else _DAY_SURE).findall(text):
        found |= {_DAYS[letter] for letter in letters if letter in _DAYS}
    return tuple(day for day in _WEEK if day in found)


def hours(text: str) -> tuple[str | None, str | None]:
    """Return from when to when a day of teaching lasts, ``HH:MM``; ``오후 2시~4시`` is 14:00 to 16:00."""
    found = _HOURS.search(text)
    if found is None:
        return None, None
    half = (found["half1"] or "").lower()
    start = _clock(found["h1"], found["m1"] or found["k1"], half)
    if found["h2"] is None:
        return start, None
    own = (found["half2"] or "").lower()
    end = _clock(found["h2"], found["m2"] or found["k2"], own or half)
    if start and not own and half and end and end < start:  # 오전 10시~1시
        end = _clock(found["h2"], found["m2"] or found["k2"], "오후")
    return start, end


def _clock(hour: str, minute: str | None, half: str) -> str | None:
    h, m = int(hour), int(minute or 0)
    if half in ("오후", "낮", "저녁", "밤", "pm") and h < _NOON:
        h += _NOON
    elif half in ("오전", "am") and h == _NOON:
        h = 0
    elif not half and h < _EARLY and not hour.startswith("0"):
        return None
    return f"{h:02d}:{m:02d}" if h <= 24 and m < 60 else None


def seats(capacity: str, applied: str, waiting: str) -> tuple[int | None, int | None, int | None]:
    """Return (capacity, applied, waiting) from their cells, any of which may tell of the others.

    ``정원 20명 신청 3명`` and ``3/20명`` are read from either cell; of two bare numbers the larger is the capacity,
    because lists write them in both orders.
    """
    found: dict[str, int | None] = {}
    for own, cell in (("capacity", capacity), ("applied", applied), ("waiting", waiting)):
        for name, value in _seats_of(cell, own).items():
            found.setdefault(name, value)
    return found.get("capacity"), found.get("applied"), found.get("waiting")


def _seats_of(cell: str, own: str) -> dict[str, int]:
    text, found = clean.one_line(cell), dict[str, int]()
    for name, pattern in _LABELLED.items():
        match = pattern.search(text)
        if match:
            found[name] = _int(next(group for group in match.groups() if group))
            text = text[: match.start()] + " " + text[match.end() :]
    pair = _SLASHED.search(text)
    if pair and not {"capacity", "applied"} & found.keys():
        found["applied"], found["capacity"] = sorted((_int(pair[1]), _int(pair[2])))
    elif own not in found and (number := _NUMBER.search(text)):
        found[own] = _int(number[0])
    return found


def fee(text: str) -> tuple[str | None, int | None]:
    """Return the words of a fee and its won; a bare number is written as people write it, 0 as ``무료``.

    ``None`` won where no one price is named (``성인 20,000원, 청소년 10,000원``); materials do not count as the fee.
    """
    said = words(text)
    if said is None:
        return None, None
    if re.fullmatch(r"\d[\d,]*", said):
        won = _int(said)
        return (f"{won:,}원" if won else "무료"), won
    bare = _MATERIALS.sub(" ", said).strip()
    if _FREE.search(bare):
        return said, 0
    amounts = {_won(match) for match in _AMOUNT.finditer(bare) if match[0].rstrip().endswith("원") or match[2]}
    if not amounts and re.fullmatch(r"\d[\d,]*", bare):
        amounts = {_int(bare)}
    return said, amounts.pop() if len(amounts) == 1 else None


def materials(text: str) -> str | None:
    """Return the words on materials; a bare number is won, 0 and ``무료`` say nothing worth a line."""
    said, won = fee(text)
    return None if won == 0 and said in ("무료", "0원", "없음") else said


def words(text: str) -> str | None:
    """Return a cell's words, ``None`` for an empty cell or its dash."""
    said = clean.one_line(text)
    return said if said and said.replace(" ", "") not in _NOTHING else None


def _won(match: re.Match[str]) -> int:
    amount = _int(match[1])
    if match[2] is None:
        return amount
    if match[2] == "천":
        return amount * 1000
    return amount * 10_000 + int(match[3] or 0) * 1000


def _int(text: str) -> int:
    return int(text.replace(",", "")[:9] or 0)
