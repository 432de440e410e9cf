"""Machine date stamps: RFC 822/1123, asctime, ISO 8601/W3CDTF, unix time; never wrong by hours.

What does not live here: Korean date expressions (``date_atoms``, ``date_fold``). Source: reliability P25, RFC 5322 §4.3.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from pipeline.model import limits
from pipeline.model.entries import DateFact

_MONTH_NAMES: Final = "january february march april may june july august september october november december"
_MONTHS: Final = {
    name: number for number, whole in enumerate(_MONTH_NAMES.split(), start=1) for name in (whole, whole[:3], whole[:4])
}
_HOURS: Final = {  # named zones that mean one thing; IST does not, letters but Z do not (RFC 5322: read as unknown)
    name: float(hours)
    for hours, names in (
        (line.split(" ", 1))
        for line in (
            "0 UT UTC GMT Z WET",
            "9 KST JST",
            "8 SGT HKT AWST",
            "9.5 ACST",
            "10.5 ACDT",
            "10 AEST",
            "11 AEDT",
            "12 NZST",
            "13 NZDT",
            "1 CET MET BST WEST",
            "2 CEST MEST EET",
            "3 EEST MSK",
            "-2.5 NDT",
            "-3.5 NST",
            "-3 ADT",
            "-4 EDT AST",
            "-5 EST CDT",
            "-6 CST MDT",
            "-7 MST PDT",
            "-8 PST AKDT",
            "-9 AKST",
            "-10 HST",
        )
    )
    for name in names.split()
}
_ZONE: Final = r"(?P<zone>Z|(?:GMT|UTC|UT)?\s?[+-]\s?\d{1,2}(?::?\d{2}|:\d)?(?::?\d{2})?|[A-Za-z]{1,5}|[A-Z][A-Za-z]+/[A-Za-z_/]+)?"
_CLOCK: Final = r"(?P<h>\d{1,2}):(?P<mi>\d{1,2})(?::(?P<s>\d{1,2})(?:[.,]\d+)?)?(?:\s*(?P<ap>[AaPp])\.?[Mm]\.?)?"
_MAIL: Final = re.compile(
    r"(?:(?:[A-Za-z]{2,9}|[월화수목금토일](?:요일)?)\.?\s*,?\s*)?(?P<d>\d{1,2})(?:st|nd|rd|th)?(?:\s+|\s?-\s?)"
    r"(?P<mon>[A-Za-z]{3,9}|\d{1,2}월)\.?(?:,?\s+|\s?-\s?)(?P<y>\d{4}|\d{2,3})"
    rf"(?:,?\s+(?:at\s+)?{_CLOCK}(?:\s*{_ZONE})?)?\s*(?:\([^()]*\))?"
)
_ASCTIME: Final = re.compile(
    r"(?:[A-Za-z]{3,9}\.?,?\s+)?(?P<mon>[A-Za-z]{3,9})\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?"
    rf"(?:[,.]?\s+(?P<y1>\d{{4}}))?(?:,?\s+(?:at\s+)?{_CLOCK}(?:\s*{_ZONE})?)?(?:\s+(?P<y2>\d{{4}}))?"
)
_ISO: Final = re.compile(
    r"(?P<y>\d{4})(?:(?P<sep>[-/.])(?P<m>\d{1,2})(?:(?P=sep)(?P<d>\d{1,2})\.?)?|(?P<cm>\d{2})(?P<cd>\d{2})"
    r"|-?W(?P<w>\d{2})(?:-?(?P<wd>[1-7]))?|-?(?P<yd>\d{3}))?"
    r"(?:(?:\s*[Tt]\s*|\s+)(?P<h>\d{1,2})(?:(?::(?P<mi>\d{2})(?::(?P<s>\d{2}))?|(?P<cmi>\d{2})(?P<cs>\d{2})?)(?:[.,]\d+)?)?"
    rf"(?:\s*(?P<ap>[AaPp])[Mm])?(?:\s*{_ZONE})?)?\s*(?:\([^()]*\))?"
)
_COMPACT: Final = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?P<h>\d{2})(?P<mi>\d{2})(?P<s>\d{2})?")
_UNIX: Final = re.compile(r"(\d{9,10})(?:\.\d+)?|(\d{12,13})|(\d{16})")
_OFFSET: Final = re.compile(r"(?:GMT|UTC|UT)?\s?([+-])\s?(\d{1,2}?)(?::?(\d{2})|:\d)?(?::?\d{2})?")
_SENTINELS: Final = frozenset(((1, 1), (1, 2), (12, 31)))  # around zero: 1970-01-01, 1969-12-31, 1899-12-31
_EMPTY_YEARS: Final = frozenset((1, 1899, 1900, 1901, 1969, 1970))
_FIRST_YEAR: Final = 1901
_LAST_YEAR: Final = 2899  # 2999-12-31 and 9999-12-31 mean "no end"
_OFFSET_HOURS: Final = 15


@lru_cache(maxsize=64)
def zone_of(name: str) -> tzinfo:
    """The zone of an IANA name.

    Raises:
        ValueError, KeyError: as ``ZoneInfo``; settings check names before they come here.
    """
    return ZoneInfo(name)


def stamp(text: str, *, zone: str) -> DateFact | None:
    """A machine stamp as an instant in UTC; ``None`` when it is none, impossible or a sentinel."""
    bare = text.strip()[: limits.STAMP_CHARS]
    if not bare or not bare.isascii():
        match = _MAIL.fullmatch(bare)
        return _from_mail(match, text, zone) if match else None
    if unix := _UNIX.fullmatch(bare):
        compact = _COMPACT.fullmatch(bare) if len(bare) == 12 and bare.startswith("20") else None
        return _fact(compact, text, zone, "iso8601") if compact else _from_unix(unix, text)
    if match := _COMPACT.fullmatch(bare):
        return _fact(match, text, zone, "iso8601")
    if match := _ISO.fullmatch(bare):
        return _fact(match, text, zone, "w3c" if match["sep"] in ("-", None) else "iso8601")
    if match := _MAIL.fullmatch(bare):
        return _from_mail(match, text, zone)
    if (match := _ASCTIME.fullmatch(bare)) and (match["y1"] or match["y2"]):
        return _fact(match, text, zone, "rfc822")
    return None


def is_sentinel(day: date) -> bool:
    """Whether a day stands for "none": 0001-01-01, 1900-01-01, 1970-01-01 and their neighbours by zone."""
    return (
        day.year < _FIRST_YEAR
        or day.year > _LAST_YEAR
        or (day.year in _EMPTY_YEARS and (day.month, day.day) in _SENTINELS)
    )


def offset_of(name: str | None) -> tzinfo | None:
    """The zone a stamp names (``+09:00``, ``KST``, ``UTC+9``, ``Asia/Seoul``); ``None`` when nobody can know it.

    Military letters are read as UTC, as RFC 5322 §4.3 asks, because most mailers wrote them with the wrong sign.
    """
    if not name:
        return None
    if match := _OFFSET.fullmatch(name):
        minutes = int(match[2]) * 60 + int(match[3] or 0)
        if int(match[2]) >= _OFFSET_HOURS or int(match[3] or 0) >= 60:
            return None
        return timezone(timedelta(minutes=-minutes if match[1] == "-" else minutes))
    if name.upper() in _HOURS:
        return timezone(timedelta(hours=_HOURS[name.upper()]))
    if len(name) == 1:
        return UTC
    try:
        return zone_of(name) if "/" in name else None
    except (KeyError, ValueError, OSError):
        return None


def _from_unix(match: re.Match[str], raw: str) -> DateFact | None:
    seconds = int(match[1] or 0) or int(match[2] or 0) // 1000 or int(match[3] or 0) // 1_000_000
    at = datetime.fromtimestamp(seconds, UTC)
    return None if is_sentinel(at.date()) else DateFact(at=at, raw=raw, method="unix")


def _from_mail(match: re.Match[str], raw: str, zone: str) -> DateFact | None:
    return _fact(match, raw, zone, "rfc822")


def _fact(match: re.Match[str], raw: str, zone: str, method: str) -> DateFact | None:
    parts = match.groupdict()
    day = _day(parts)
    if day is None or is_sentinel(day):
        return None
    named = parts.get("zone")
    place = offset_of(named) if named else zone_of(zone)
    clock = _clock(parts)
    if place is None or clock is None:
        return None
    try:
        at = (datetime(day.year, day.month, day.day, tzinfo=place) + clock).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    if is_sentinel(at.date()):
        return None
    whole = bool(parts.get("mon") or parts.get("d") or parts.get("cd") or parts.get("yd") or parts.get("wd"))
    return DateFact(
        at=at,
        has_time=parts.get("h") is not None,
        raw=raw,
        method=method,
        inferred=not whole,
        zone="" if named else zone,
    )


def _day(parts: dict[str, str | None]) -> date | None:
    def number(*names: str) -> int | None:
        return next((int(parts[name] or 0) for name in names if parts.get(name)), None)

    year = number("y", "y1", "y2") or 0
    written = parts.get("y") or ""
    if parts.get("mon") and len(written) in (2, 3):  # RFC 5322 §4.3
        year += 2000 if len(written) == 2 and year < 50 else 1900
    month_word = (parts.get("mon") or "").lower()
    month = _MONTHS.get(month_word) or (int(month_word[:-1]) if month_word.endswith("월") else None)
    if month_word and month is None:
        return None
    try:
        if week := number("w"):
            return date.fromisocalendar(year, week, number("wd") or 1)
        if of_year := number("yd"):
            day = date(year, 1, 1) + timedelta(days=of_year - 1)
            return day if day.year == year else None
        return date(year, month or number("m", "cm") or (1 if not _has(parts, "m", "cm") else 0), _day_number(parts))
    except (ValueError, OverflowError):
        return None


def _has(parts: dict[str, str | None], *names: str) -> bool:
    return any(parts.get(name) for name in names)


def _day_number(parts: dict[str, str | None]) -> int:
    written = parts.get("d") or parts.get("cd")
    return int(written) if written else 1


def _clock(parts: dict[str, str | None]) -> timedelta | None:
    """Time of day; a leap second is the second before it, 24:00 the next midnight. ``None`` when impossible."""
    if parts.get("h") is None:
        return timedelta()
    hour = int(parts["h"] or 0)
    minute = int(parts.get("mi") or parts.get("cmi") or 0)
    second = min(int(parts.get("s") or parts.get("cs") or 0), 60)
    if half := (parts.get("ap") or "").lower():
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    if (
        hour > 24
        or minute > 59
        or int(parts.get("s") or parts.get("cs") or 0) > 60
        or (hour == 24 and (minute or second))
    ):
        return None
    return timedelta(hours=hour, minutes=minute, seconds=min(second, 59))
