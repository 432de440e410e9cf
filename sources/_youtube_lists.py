"""Lists of a youtube source: the pages of every night, and the scan of the rest, a part a night, once a week.

What does not live here: asking (``_youtube_night``), the videos themselves (``youtube``).
An uploads list is ordered by upload, so a video published late sits deep; other playlists are ordered as people like.
Source: korea §5.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Any, Final

import pipeline.model as p
from sources import _google, _youtube_items
from sources._youtube_night import Asking, Night, Step, address, ask

BATCH: Final = 50  # most ids and most items of one call
_PARTS: Final = "snippet,contentDetails,status"
_SCAN_EVERY: Final = timedelta(days=7)
_RECENT: Final = timedelta(days=30)  # published or added longer ago, a video that only a scan finds is no news
_EXPIRED: Final = "page-token"


def read(night: Night, playlist: str, *, is_uploads: bool) -> Asking:
    """Note the videos of a list: its newest pages, and what a due scan of the rest finds to be news.

    A page token that expired meanwhile starts the list anew, once; what was read twice is still one video.

    Raises:
        GoneError: There is no such playlist, or the channel that had videos is gone.
    """
    try:
        yield from _pages(night, playlist, is_uploads=is_uploads)
    except p.FetchError as error:
        if error.code != _EXPIRED:
            raise
        night.memo["pages"].pop(playlist, None)
        yield from _pages(night, playlist, is_uploads=is_uploads, is_fresh=True)
    yield from _scan(night, playlist)


def _pages(night: Night, playlist: str, *, is_uploads: bool, is_fresh: bool = False) -> Asking:
    """Read ``pages`` pages of an uploads list, and on while they hold unknown videos; of other lists all, within the cap."""
    before: list[list[Any]] = night.memo["pages"].get(playlist, [])
    after: list[list[Any]] = []
    carried = 0
    enough = night.options.pages if is_uploads else p.limits.PAGES_PER_SOURCE
    for number in range(p.limits.PAGES_PER_SOURCE):
        document = yield from _page(night, playlist, after[-1][0] if after else "", conditional=not is_fresh)
        has_unknown = False
        if document.is_unchanged:
            after.append(before[number] if number < len(before) else ["", 0])
            carried += after[-1][1]
        else:
            token, has_unknown, count = _rows(night, document)
            after.append([token, count])
        if not after[-1][0] or (number + 1 >= enough and not has_unknown):
            break
    night.carried += carried
    night.memo["pages"][playlist] = after


def _page(night: Night, playlist: str, token: str, *, conditional: bool) -> Step:
    wanted: dict[str, str | int] = {"playlistId": playlist, "part": _PARTS, "maxResults": BATCH}
    if token:
        wanted["pageToken"] = token
    return (yield from ask(night, address(night, "playlistItems", **wanted), conditional=conditional))


def _rows(night: Night, document: p.Document) -> tuple[str, bool, int]:
    """Note a page's videos; return the next page's token, whether a video is unknown, and how many there are."""
    answer = _google.answer(document)
    night.pages.append(document)
    night.is_changed = True
    rows = _told(answer)
    for each in _youtube_items.listed(answer):  # what people may see again one day is then asked for anew
        if _youtube_items.unseen(each):
            night.memo["known"].pop(str((each.get("contentDetails") or {}).get("videoId")), None)
    has_unknown = any(video_id not in night.memo["known"] for video_id in rows)
    night.listed.update(rows)
    return str(answer.get("nextPageToken") or ""), has_unknown, len(rows)


def _told(answer: dict[str, Any], *, since: datetime | None = None) -> dict[str, str]:
    """Return the hash of each row that is a video for people, added or published at or after an instant."""
    rows: dict[str, str] = {}
    for each in _youtube_items.listed(answer):
        details, snippet = each.get("contentDetails") or {}, each.get("snippet") or {}
        if _youtube_items.unseen(each):
            continue
        published = str(details.get("videoPublishedAt") or "")
        if since is not None and max(published, str(snippet.get("publishedAt") or "")) < since.isoformat():
            continue
        row = f"{snippet.get('title')}\n{snippet.get('description')}\n{published}"
        rows[str(details["videoId"])] = blake2b(row.encode("utf-8", "replace"), digest_size=4).hexdigest()
    return rows


def _scan(night: Night, playlist: str) -> Asking:
    """Go through the pages below the nightly ones: for videos published late (korea §5), and edits of known ones.

    At most ``limits.SCAN_PAGES`` a night; a longer list is gone on with the next night. The first night scans nothing:
    what it did not read was there before us. A page that cannot be read ends tonight's part.
    """
    pages = night.memo["pages"].get(playlist) or [["", 0]]
    below, today = str(pages[-1][0]), _google.pacific_day(night.at) if night.at else ""
    last, token = night.memo["scan"].get(playlist) or ("" if night.memo["known"] else today, "")
    is_due = bool(token) or not last or date.fromisoformat(last) + _SCAN_EVERY <= date.fromisoformat(today)
    if not below or not is_due or night.at is None:
        night.memo["scan"][playlist] = [last, token] if below else [today, ""]
        return
    night.is_changed = True
    token = token or below
    for _number in range(p.limits.SCAN_PAGES):
        try:
            document = yield from _page(night, playlist, token, conditional=False)
        except p.FetchError as error:
            token = "" if error.code == _EXPIRED else token  # begun anew, or gone on with, the next night
            night.memo["scan"][playlist] = [last, token]
            return
        answer = _google.answer(document)
        known, late = night.memo["known"], _told(answer, since=night.at - _RECENT)
        news = {i: row for i, row in _told(answer).items() if i in late or known.get(i, row) != row}
        if news.keys() - night.listed.keys():
            night.pages.append(document)
            night.listed.update(news)
        token = str(answer.get("nextPageToken") or "")
        if not token:
            break
    night.memo["scan"][playlist] = [last if token else today, token]
