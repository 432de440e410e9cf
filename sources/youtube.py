"""``kind: youtube``: a channel's and playlists' videos through the Data API, or their Atom feeds where it cannot be asked.

What does not live here: Google's client and errors (``_google``), what a video is (``_youtube_items``), lists
(``_youtube_lists``), the feeds (``_youtube_feeds``).
Source: korea §5. Costs: one quota unit a page of 50 and one for 50 new videos; a quiet night of one channel costs 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pipeline.model as p
from pipeline.i18n import _
from sources import _google, _youtube_feeds, _youtube_items, _youtube_lists
from sources._youtube_night import Asking, Night, ask, copied
from sources._youtube_options import Options as Options  # noqa: PLC0414 - a plugin offers it by name
from sources._youtube_options import target

TITLE = "유튜브 채널과 재생목록"

_KNOWN: Final = 5_000  # ids remembered: far deeper than any night reads
_VIDEO_PARTS: Final = "snippet,contentDetails,status,liveStreamingDetails,player"


def fetch(options: Options, memo: p.Memo) -> p.Conversation:
    """Ask for lists, then for the videos that are new, edited or still live.

    Google's client is only loaded where an address is not remembered yet: a quiet night asks the remembered ones.

    Raises:
        QuotaError: The quota is spent and the feeds cannot be read either.
        RefusedError: The key is missing or wrong where nothing can be read without it.
        GoneError: A channel or playlist does not exist.
    """
    night = Night(options, copied(memo))
    if not options.key:
        return (yield from _youtube_feeds.read(options, night.memo, None))
    try:
        yield from _from_api(night)
    except p.QuotaError as error:
        # What was read tonight is not used, so it must not count as known, nor its validators as seen.
        kept: dict[str, Any] = {n: night.memo[n] for n in ("channels", "units", "day") if n in night.memo}
        return (yield from _youtube_feeds.read(options, {**copied(memo), **kept, "again": True}, error))
    if not night.is_changed:
        return None
    night.memo["again"] = False
    return p.Fetched(documents=(*night.pages, *night.documents), memo=night.memo, carried=night.carried)


def _from_api(night: Night) -> Asking:
    for name in night.options.names():
        if name not in night.memo["channels"]:
            yield from _resolve(night, name, target(name))
        yield from _uploads(night, name)
    for playlist in night.options.playlists:
        yield from _youtube_lists.read(night, playlist, is_uploads=False)
    known, still_open = night.memo["known"], list(night.memo["open"])
    night.memo["lost"] = {i: nights for i, nights in night.memo["lost"].items() if i in still_open}
    wanted = [i for i, row in night.listed.items() if known.get(i) != row]
    night.carried += sum(1 for i in night.listed if i not in wanted and i not in still_open)
    wanted += [i for i in still_open if i not in wanted]
    night.memo["open"] = []
    for start in range(0, len(wanted), _youtube_lists.BATCH):
        yield from _videos(night, wanted[start : start + _youtube_lists.BATCH])
    night.memo["known"] = dict(list(known.items())[-_KNOWN:])
    night.memo["urls"] = {name: night.memo["urls"][name] for name in night.used}
    if still_open != night.memo["open"] or wanted:
        night.is_changed = True


def _resolve(night: Night, name: str, parameters: dict[str, str]) -> Asking:
    """Find a channel and its list of uploads."""
    url = _google.address(night.options.api_base, "channels", part="contentDetails,snippet", **parameters)
    document = yield from ask(night, url, conditional=False)
    found = _youtube_items.listed(_google.answer(document))
    try:
        first = found[0]
        uploads = str(first["contentDetails"]["relatedPlaylists"]["uploads"])
        night.memo["channels"][name] = {"id": str(first["id"]), "uploads": uploads}
    except (IndexError, KeyError, TypeError) as error:
        text = _("유튜브에 {name} 채널이 없습니다.").format(name=name)
        raise p.GoneError(text, code="channelNotFound") from error
    night.is_changed = True


def _uploads(night: Night, name: str) -> Asking:
    """Read a channel's uploads. A channel without a public video has no such list: it is empty, unless it is gone."""
    channel = night.memo["channels"][name]
    try:
        yield from _youtube_lists.read(night, channel["uploads"], is_uploads=True)
    except p.GoneError:
        if night.memo["pages"].pop(channel["uploads"], None):  # it had videos: is there still such a channel?
            yield from _resolve(night, name, {"id": channel["id"]})


def _videos(night: Night, ids: list[str]) -> Asking:
    parameters: dict[str, str | int] = {"part": _VIDEO_PARTS, "id": ",".join(ids), "maxHeight": 720}
    url = _google.address(night.options.api_base, "videos", **parameters)
    document = yield from ask(night, url, conditional=False)
    night.documents.append(document)
    lost = dict.fromkeys(ids)
    for video in _youtube_items.listed(_google.answer(document)):
        video_id = str(video.get("id") or "")
        lost.pop(video_id, None)
        if video_id in night.listed:
            night.memo["known"].pop(video_id, None)
            night.memo["known"][video_id] = night.listed[video_id]
        if _youtube_items.live_of(video) in ("live", "upcoming"):
            night.memo["open"].append(video_id)
    for video_id in lost:  # announced, and not there any more: believed when it is so on two nights (korea rule 7)
        night.memo["lost"][video_id] = nights = night.memo["lost"].get(video_id, 0) + 1
        if nights < _youtube_items.LOST_NIGHTS:
            night.memo["open"].append(video_id)
        else:  # should it be listed again, it is asked for again
            night.memo["known"].pop(video_id, None)


def parse(options: Options, fetched: p.Fetched) -> Iterator[p.Item]:
    """Yield videos, in the order of the lists, and rows that are none for people.

    Raises:
        ShapeError: An answer is neither the API's nor a feed.
    """
    if fetched.documents and fetched.documents[0].body.lstrip()[:1] != b"{":
        known = frozenset(fetched.memo.get("known") or ())
        for document in fetched.documents:
            yield from _youtube_items.entries(document, known)
        return
    lost = fetched.memo.get("lost") or {}
    yield from _youtube_items.videos(fetched.documents, lost, include_shorts=options.include_shorts)
