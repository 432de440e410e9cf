"""What sources told before another took their place: recognised, so that nothing is told twice (pure but for one query).

What does not live here: what becomes of the recognised ones (``reconcile``), SQL. Source: ADR-0026.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, Protocol
from zoneinfo import ZoneInfo

import pipeline.model as p
from pipeline.i18n import _

_ZONE: Final = ZoneInfo("Asia/Seoul")
_LABEL: Final = re.compile(
    r"^\s*[\[【〔(<][^\[\]【】〔〕()<>]{1,20}[\]】〕)>]\s*"
)  # `[시흥아카데미] …`, put there by the merger
_KEPT_SIGNS: Final = "#+&"  # C++ is not C
_OWN_KEY: Final = re.compile(r"(?=.*[A-Za-z]).{8,}", re.DOTALL)  # `57` is a row of every board, a video id is one video
_VIDEO_TITLE: Final = 2  # letters that tell enough beside a length to the second
_RECODED_S: Final = 2  # seconds by which a second upload of one film may differ


class Told(Protocol):
    """What this room needs of the store's entries."""

    def of_sources(self, source_ids: Sequence[str]) -> tuple[p.Known, ...]:
        """Return every stored entry of these sources."""


class Former:
    """Entries of the sources whose place another took.

    Attributes:
        read_at: When one of those was last read well; ``None`` when none ever was.
        unknown: Ids that no source ever had: most likely mistyped.
    """

    def __init__(
        self, entries: Sequence[p.Known], read_at: datetime | None = None, unknown: Sequence[str] = ()
    ) -> None:
        self.read_at = read_at
        self.unknown = tuple(unknown)
        self._by_key = {k.key: k for k in entries}
        self._by_url = {k.url_hash: k for k in entries if k.url_hash}
        self._by_title: defaultdict[str, list[p.Known]] = defaultdict(list)
        shared = Counter((k.id.partition(":")[0], k.url_hash) for k in entries)
        for known in entries:
            self._by_title[words(known.title)].append(known)
            if shared[known.id.partition(":")[0], known.url_hash] > 1:
                self._by_url.pop(known.url_hash, None)  # an address of several articles names none

    def of(self, entry: p.Entry, *, is_shared: bool = False) -> p.Known | None:
        """Return the entry that told this before: by native key, by address, or by title and length or day.

        Args:
            entry: Unknown in its own source.
            is_shared: Others in its list have the same address.
        """
        title = words(entry.title)
        named = self._by_key.get(entry.key)
        if named is not None and (_OWN_KEY.fullmatch(entry.key) or words(named.title) == title):
            return named
        at_url = None if is_shared or not entry.url_hash else self._by_url.get(entry.url_hash)
        return at_url or next((k for k in self._by_title.get(title, ()) if _is_same(entry, k, title)), None)

    def is_later(self, entry: p.Entry) -> bool:
        """Whether an entry appeared after the former sources were last read: they cannot have told it."""
        published = entry.published
        if self.read_at is None or published is None or published.inferred:
            return False
        if published.has_time:
            return published.at > self.read_at
        return published.at.astimezone(_ZONE).date() >= self.read_at.astimezone(_ZONE).date()


def words(title: str) -> str:
    """Return what titles must share: letters and digits, without a label in front, spaces, punctuation and emoji."""
    plain = unicodedata.normalize("NFKC", _LABEL.sub("", title) or title).casefold()
    return "".join(c for c in plain if c in _KEPT_SIGNS or unicodedata.category(c)[0] not in "PZCS")


def _is_same(entry: p.Entry, known: p.Known, title: str) -> bool:
    length = entry.video.duration_s if entry.video else None
    if length is not None and known.duration_s is not None:
        return len(title) >= _VIDEO_TITLE and abs(length - known.duration_s) <= _RECODED_S
    if len(title) < p.limits.SAME_TITLE_CHARS or entry.published is None or known.published is None:
        return False
    if entry.published.inferred or known.published.inferred:
        return False
    return entry.published.at.astimezone(_ZONE).date() == known.published.at.astimezone(_ZONE).date()


def former_of(
    spec: p.SourceSpec,
    entries: Sequence[p.Entry],
    known: Sequence[p.Known],
    states: Mapping[str, p.SourceState],
    told: Told,
) -> Former | None:
    """Return what the sources before this one told, or ``None`` where there are none or nothing unknown is listed.

    Cost: nothing for a source that follows no other, else one query on a night with something unknown.
    """
    if not spec.formerly or {e.key for e in entries} <= {k.key for k in known}:
        return None
    read = [state.last_success_at for name in spec.formerly if (state := states.get(name)) is not None]
    unknown = [name for name in spec.formerly if name not in states]
    return Former(told.of_sources(spec.formerly), max((at for at in read if at is not None), default=None), unknown)


def merged(former: Former | None, count: int) -> Iterator[tuple[str, str]]:
    """Yield the report's words on entries that moved here, and on ids that name nothing."""
    if count:
        yield "merged", _("예전 소스에서 이미 알린 글 {count}건은 다시 알리지 않습니다.").format(count=count)
    for name in former.unknown if former else ():
        yield "formerly-unknown", _("formerly에 적은 '{id}' 소스를 수집한 적이 없습니다.").format(id=name)
