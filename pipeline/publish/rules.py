"""The exact rules by which two entries are about one thing, pure; each join carries its reason.

What does not live here: story ids, known assignments and editors' decisions (``fold``).
A wrong join hides news and a missed one only repeats it, so every rule has guards: one source's own items are told
apart, titles must agree in every digit, and a post that links to many notices announces none of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import pipeline.model as p
from pipeline.text import urls

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LINKERS: Final = frozenset({p.Kind.POST, p.Kind.NEWS, p.Kind.VIDEO})
_ANNOUNCED: Final = frozenset({p.Kind.NOTICE, p.Kind.COURSE, p.Kind.EVENT})
_KEPT_SIGNS: Final = frozenset("#+&")  # C++ is not C
_DIGITS: Final = re.compile(r"\d+")
_BOILERPLATE: Final = re.compile(
    r"공지사항|공지|공고|안내문?|알림|모집|채용|결과|발표|선정|강좌|강의|교육|수강생?|신청|접수|프로그램|행사|소식|휴관일?|휴무|휴강|일정표?|"
    r"식단표?|정기|주간|월간|이번|오늘|상반기|하반기|학기|분기|년도?|월|일|제|차|기|회|주|및"
)
_STAGES: Final = (  # a review or a second call is not the announcement it links to
    re.compile(r"후기|현장|스케치|성료|이모저모"),
    re.compile(r"결과|합격|당첨|선정자|명단"),
    re.compile(r"추가\s*(모집|접수)|재\s*(공고|모집)|[2-9]\s*차"),
    re.compile(r"설명회"),
)


def age(entry: p.Entry) -> tuple[datetime, str]:
    """Return what orders entries from the oldest known on: first seen, then id."""
    return (entry.first_seen_at or stated_at(entry), entry.id)


def stated_at(entry: p.Entry) -> datetime:
    """Return when the source says it was published; when first seen, if it says nothing we trust."""
    if entry.published is not None and not entry.published.inferred:
        return entry.published.at
    return entry.first_seen_at or _EPOCH


def weighed(entries: Iterable[p.Entry], assignments: Mapping[str, str]) -> frozenset[str]:
    """Return the ids of entries whose words a fold weighs: the new ones and what may be the same news."""
    all_ = list(entries)
    since = weighed_since(e for e in all_ if e.id not in assignments)
    return frozenset(e.id for e in all_ if since is not None and stated_at(e) >= since)


def weighed_since(fresh: Iterable[p.Entry]) -> datetime | None:
    """Return the oldest instant new entries are compared with."""
    oldest = min((stated_at(e) for e in fresh), default=None)
    return oldest - timedelta(days=p.limits.STORY_DAYS) if oldest else None


def joins(entries: Iterable[p.Entry]) -> tuple[p.Join, ...]:
    """Return every pair the rules join, strongest rule first, in an order that does not depend on the input's.

    Args:
        entries: Live entries, any order; ids unique.

    Returns:
        ``Join(a, b, reason)`` with the older entry as ``a``; reason ``same-url``, ``links-to``, ``embeds-video`` or
        ``same-title``.

    Cost: linear in entries and links.
    """
    ordered = sorted(entries, key=age)
    return (*_same_url(ordered), *_links(ordered), *_same_title(ordered))


def address(entry: p.Entry) -> str:
    """Return the hash of an entry's canonical address."""
    return entry.url_hash or urls.url_hash(entry.url)


def _same_url(entries: Sequence[p.Entry]) -> Iterator[p.Join]:
    by_url: defaultdict[str, list[p.Entry]] = defaultdict(list)
    for entry in entries:
        if entry.url:
            by_url[address(entry)].append(entry)
    for group in by_url.values():
        if len({e.source_id for e in group}) < len(group):
            continue  # one source gives this address to several items: it names none of them
        for other in group[1:]:
            yield p.Join(a=group[0].id, b=other.id, reason="same-url")


def _links(entries: Sequence[p.Entry]) -> Iterator[p.Join]:
    by_url: defaultdict[str, list[p.Entry]] = defaultdict(list)
    for entry in entries:
        if entry.kind in _ANNOUNCED or entry.kind is p.Kind.VIDEO:
            by_url[address(entry)].append(entry)
    found = [(entry, target) for entry in entries for target in _targets(entry, by_url)]
    users: defaultdict[tuple[str, str], int] = defaultdict(int)
    for entry, target in found:
        users[entry.source_id, target.id] += 1
    for entry, target in found:
        if users[entry.source_id, target.id] < p.limits.BOILERPLATE_LINKS and _one_matter(entry, target):
            first, second = sorted((entry, target), key=age)
            reason = "embeds-video" if target.kind is p.Kind.VIDEO else "links-to"
            yield p.Join(a=first.id, b=second.id, reason=reason)


def _targets(entry: p.Entry, by_url: dict[str, list[p.Entry]]) -> Iterator[p.Entry]:
    """Yield the one video and the one notice an entry points to; a round-up of several points to none."""
    links = {urls.url_hash(link) for link in entry.links} & by_url.keys()
    found = {link: [t for t in by_url[link] if _may_announce(entry, t)] for link in sorted(links)}
    for wants_video in (True, False):
        targets = [ts[0] for ts in found.values() if ts and (ts[0].kind is p.Kind.VIDEO) is wants_video]
        if len(targets) == 1:
            yield targets[0]


def _may_announce(entry: p.Entry, target: p.Entry) -> bool:
    if entry.id == target.id or address(entry) == address(target):
        return False
    if target.kind is p.Kind.VIDEO:
        return entry.kind is not p.Kind.VIDEO
    return entry.kind in _LINKERS


def _one_matter(entry: p.Entry, target: p.Entry) -> bool:
    apart = abs(stated_at(entry) - stated_at(target))
    return apart <= timedelta(days=p.limits.LINK_DAYS) and _stages(entry.title) == _stages(target.title)


def _stages(title: str) -> tuple[bool, ...]:
    return tuple(bool(stage.search(title)) for stage in _STAGES)


class _Telling(dict[int, int | None]):
    """What of a character tells titles apart, looked up once for each: ``None`` for blanks, punctuation and emoji."""

    def __missing__(self, code: int) -> int | None:
        sign = chr(code)
        is_telling = sign in _KEPT_SIGNS or unicodedata.category(sign)[0] not in "PZCS"
        found = self[code] = code if is_telling else None
        return found


_TELLING: Final = _Telling()


def title_key(title: str) -> tuple[str, tuple[str, ...]] | None:
    """Return what two titles must share to be the same, ``None`` for one too short or too general to tell.

    Letters and digits without spaces, punctuation and emoji, and the numbers apart: ``1, 2차`` is not ``12차``.
    """
    plain = unicodedata.normalize("NFKC", title).casefold()
    letters = plain.translate(_TELLING)
    telling = _BOILERPLATE.sub("", _DIGITS.sub("", letters))
    if len(letters) < p.limits.SAME_TITLE_CHARS or len(telling) < 2:
        return None
    return letters, tuple(_DIGITS.findall(plain))


def _same_title(entries: Sequence[p.Entry]) -> Iterator[p.Join]:
    groups: defaultdict[tuple[str, tuple[str, tuple[str, ...]]], list[p.Entry]] = defaultdict(list)
    for entry in entries:
        key = title_key(entry.title)
        if key is not None:
            groups[entry.agency or entry.source_id, key].append(entry)
    for group in groups.values():
        anchors: list[p.Entry] = []  # a title that comes back every month starts a new story each time
        for entry in sorted(group, key=lambda e: (stated_at(e), e.id)):
            anchor = next((a for a in reversed(anchors) if _repeats(a, entry)), None)
            if anchor is None:
                anchors.append(entry)
                continue
            first, second = sorted((anchor, entry), key=age)
            yield p.Join(a=first.id, b=second.id, reason="same-title")


def _repeats(a: p.Entry, b: p.Entry) -> bool:
    apart = abs(stated_at(b) - stated_at(a))
    if a.source_id != b.source_id:
        return apart <= timedelta(days=p.limits.SAME_TITLE_DAYS) and _courses_agree(a.course, b.course)
    both_courses = a.kind is p.Kind.COURSE and b.kind is p.Kind.COURSE  # one list, two rows: two sessions
    return not both_courses and apart < timedelta(days=p.limits.SAME_TITLE_SERIES_DAYS)


def _courses_agree(a: p.Course | None, b: p.Course | None) -> bool:
    if a is None or b is None:
        return True
    pairs = ((a.apply_until_at, b.apply_until_at), (a.starts_on, b.starts_on))
    return all(x is None or y is None or x == y for x, y in pairs)
