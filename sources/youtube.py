"""``kind: youtube``: a channel's and playlists' videos through the Data API, or their Atom feeds where it cannot be asked.

What does not live here: Google's client and errors (``_google``), what a video is (``_youtube_items``).
Source: korea §5. Costs: one quota unit a page of 50 and one for 50 new videos; a quiet night of one channel costs 3.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Final
from urllib.parse import urlencode

import pipeline.model as p
from pipeline.i18n import _
from sources import _google, _youtube_items
from sources._youtube_options import Options as Options  # noqa: PLC0414 - a plugin offers it by name
from sources._youtube_options import target

TITLE = "유튜브 채널과 재생목록"

_VERSION: Final = 1  # of the memo
_BATCH: Final = 50  # most ids and most items of one call
_KNOWN: Final = 5_000  # ids remembered: far deeper than any night reads
_LIST_PARTS: Final = "snippet,contentDetails,status"
_VIDEO_PARTS: Final = "snippet,contentDetails,status,liveStreamingDetails,player"

Step = Generator[p.Request, p.Document, p.Document]


@dataclass(slots=True)
class _Night:
    """What one conversation gathers; ``memo`` is the next memo in the making."""

    options: Options
    memo: dict[str, Any]
    documents: list[p.Document] = field(default_factory=list)
    pages: list[p.Document] = field(default_factory=list)
    used: list[str] = field(default_factory=list)  # questions asked, by their name in ``urls``
    listed: dict[str, str] = field(default_factory=dict)  # video id -> hash of what its list row says
    carried: int = 0
    is_changed: bool = False


def fetch(options: Options, memo: p.Memo) -> p.Conversation:
    """Ask for lists, then for the videos that are new, edited or still live.

    Google's client is only loaded where an address is not remembered yet: a quiet night asks the remembered ones.

    Raises:
        QuotaError: The quota is spent and the feeds cannot be read either.
        RefusedError: The key is missing or wrong where nothing can be read without it.
        GoneError: A channel or playlist does not exist.
    """
    night = _Night(options, _copied(memo))
    if not options.key:
        return (yield from _from_feeds(options, night.memo, None))
    try:
        yield from _from_api(night)
    except p.QuotaError as error:
        # What was read tonight is not used, so it must not count as known, nor its validators as seen.
        kept: dict[str, Any] = {n: night.memo[n] for n in ("channels", "units", "day") if n in night.memo}
        return (yield from _from_feeds(options, {**_copied(memo), **kept, "again": True}, error))
    if not night.is_changed:
        return None
    night.memo["again"] = False
    return p.Fetched(
        documents=(*night.pages, *night.documents),
        memo=night.memo,
        carried=night.carried,
    )


def _copied(memo: p.Memo) -> dict[str, Any]:
    """A memo of our own to change.

    ``channels``: name -> ids; ``known``: video id -> hash of its list row; ``open``: ids upcoming or live; ``urls``:
    question -> address; ``pages``: list -> [next token, videos] a page; ``again``: ask without validators once.
    """
    if memo.get("v") != _VERSION:
        return {"v": _VERSION, "channels": {}, "known": {}, "open": [], "urls": {}, "pages": {}, "again": False}
    return {k: dict(v) if isinstance(v, dict) else list(v) if isinstance(v, list) else v for k, v in memo.items()}


def _ask(night: _Night, url: str, *, conditional: bool = True) -> Step:
    """One question to the API, asked once more when Google asks for patience; units are counted (korea §5)."""
    conditional = conditional and not night.memo["again"]
    request = _google.request(url, night.options.key, conditional=conditional)
    for is_last in (False, True):
        try:
            document = yield request
        except p.SourceError as error:
            meaning = _google.translated(error)
            if not is_last and isinstance(meaning, p.FetchError) and meaning.code == "rate-limit":
                continue
            if meaning is error:
                raise
            raise meaning from error
        day = _google.pacific_day(document.fetched_at)
        night.memo["units"] = 1 + (night.memo.get("units", 0) if night.memo.get("day") == day else 0)
        night.memo["day"] = day
        return document
    raise p.FetchError(_("유튜브가 답하지 않았습니다."))


def _url(night: _Night, resource: str, **parameters: str | int) -> str:
    """The address of a question, remembered so that a quiet night need not load Google's client."""
    name = "&".join([night.options.api_base, resource, *(f"{k}={v}" for k, v in parameters.items())])
    urls = night.memo["urls"]
    if name not in urls:
        urls[name] = _google.address(night.options.api_base, resource, **parameters)
    night.used.append(name)
    return str(urls[name])


def _from_api(night: _Night) -> Generator[p.Request, p.Document, None]:
    for name in night.options.names():
        if name not in night.memo["channels"]:
            yield from _resolve(night, name)
        yield from _pages(night, night.memo["channels"][name]["uploads"], may_be_missing=True)
    for playlist in night.options.playlists:
        yield from _pages(night, playlist, may_be_missing=False)
    known, still_open = night.memo["known"], list(night.memo["open"])
    wanted = [i for i, row in night.listed.items() if known.get(i) != row]
    night.carried += sum(1 for i in night.listed if i not in wanted and i not in still_open)
    wanted += [i for i in still_open if i not in wanted]
    night.memo["open"] = []
    for start in range(0, len(wanted), _BATCH):
        yield from _videos(night, wanted[start : start + _BATCH])
    night.memo["known"] = dict(list(known.items())[-_KNOWN:])
    night.memo["urls"] = {name: night.memo["urls"][name] for name in night.used}
    if still_open != night.memo["open"] or wanted:
        night.is_changed = True


def _resolve(night: _Night, name: str) -> Generator[p.Request, p.Document, None]:
    url = _google.address(night.options.api_base, "channels", part="contentDetails,snippet", **target(name))
    document = yield from _ask(night, url, conditional=False)
    found = _youtube_items.listed(_google.answer(document))
    try:
        first = found[0]
        uploads = str(first["contentDetails"]["relatedPlaylists"]["uploads"])
        night.memo["channels"][name] = {"id": str(first["id"]), "uploads": uploads}
    except (IndexError, KeyError, TypeError) as error:
        text = _("유튜브에 {name} 채널이 없습니다.").format(name=name)
        raise p.GoneError(text, code="channelNotFound") from error
    night.is_changed = True


def _pages(night: _Night, playlist: str, *, may_be_missing: bool) -> Generator[p.Request, p.Document, None]:
    """Read ``pages`` pages of a list, and on while they hold unknown videos: late publications sit deep (korea §5)."""
    before: list[list[Any]] = night.memo["pages"].get(playlist, [])
    after: list[list[Any]] = []
    for number in range(p.limits.PAGES_PER_SOURCE):
        wanted: dict[str, str | int] = {"playlistId": playlist, "part": _LIST_PARTS, "maxResults": _BATCH}
        if after:
            wanted["pageToken"] = after[-1][0]
        try:
            document = yield from _ask(night, _url(night, "playlistItems", **wanted))
        except p.GoneError:
            if may_be_missing and not number:
                return  # a channel without a public video has no list (korea §5)
            raise
        has_unknown = False
        if document.is_unchanged:
            after.append(before[number] if number < len(before) else ["", 0])
            night.carried += after[-1][1]
        else:
            token, has_unknown, count = _rows(night, document)
            after.append([token, count])
        if not after[-1][0] or (number + 1 >= night.options.pages and not has_unknown):
            break
    night.memo["pages"][playlist] = after


def _rows(night: _Night, document: p.Document) -> tuple[str, bool, int]:
    """Note a page's videos; return the next page's token, whether a video is unknown, and how many there are."""
    answer = _google.answer(document)
    night.pages.append(document)
    night.is_changed = True
    rows: dict[str, str] = {}
    for each in _youtube_items.listed(answer):
        details, snippet = each.get("contentDetails") or {}, each.get("snippet") or {}
        video_id = str(details.get("videoId") or "")
        if not video_id or not details.get("videoPublishedAt"):
            continue  # private or deleted
        row = f"{snippet.get('title')}\n{snippet.get('description')}\n{details['videoPublishedAt']}"
        rows[video_id] = blake2b(row.encode("utf-8", "replace"), digest_size=4).hexdigest()
    has_unknown = any(video_id not in night.memo["known"] for video_id in rows)
    night.listed.update(rows)
    return str(answer.get("nextPageToken") or ""), has_unknown, len(rows)


def _videos(night: _Night, ids: list[str]) -> Generator[p.Request, p.Document, None]:
    parameters: dict[str, str | int] = {"part": _VIDEO_PARTS, "id": ",".join(ids), "maxHeight": 720}
    url = _google.address(night.options.api_base, "videos", **parameters)
    document = yield from _ask(night, url, conditional=False)
    night.documents.append(document)
    for video in _youtube_items.listed(_google.answer(document)):
        video_id = str(video.get("id") or "")
        if video_id in night.listed:
            night.memo["known"].pop(video_id, None)
            night.memo["known"][video_id] = night.listed[video_id]
        if _youtube_items.live_of(video) in ("live", "upcoming"):
            night.memo["open"].append(video_id)


def _from_feeds(options: Options, memo: dict[str, Any], spent: p.QuotaError | None) -> p.Conversation:
    """Read the Atom feeds: the newest 15 of each place, without length or live state."""
    documents = []
    for place in _places(options, memo, spent):
        try:
            document = yield p.Request(url=f"{options.feed_base}?{urlencode(place)}", purpose=p.Purpose.FEED)
        except p.SourceError as error:
            if spent is None:
                raise
            raise spent from error
        if not document.is_unchanged:
            documents.append(document)
    if not documents:
        return None
    if spent is None:
        warning = ("no-key", _("API 키가 없어 피드(최근 15개)만 읽었습니다."))
    else:
        until = _google.in_seoul(spent.until or _google.next_midnight(documents[0].fetched_at))
        text = _("API 사용량을 다 써서 피드(최근 15개)만 읽었습니다. {until}부터 다시 쓸 수 있습니다.")
        warning = ("quota", text.format(until=until))
    return p.Fetched(documents=tuple(documents), memo=memo, warnings=(warning,))


def _places(options: Options, memo: dict[str, Any], spent: p.QuotaError | None) -> list[dict[str, str]]:
    """The feeds' parameters; a handle can only be used once the API has told its channel id."""
    places = []
    for name in options.names():
        channel = target(name).get("id") or memo["channels"].get(name, {}).get("id")
        if not channel:
            text = _("{name} 채널을 찾으려면 YouTube Data API 키가 필요합니다.").format(name=name)
            hint = _("환경 변수 {key}에 키를 넣거나 채널을 UC로 시작하는 ID로 적어 주세요.").format(
                key=options.key.name
            )
            raise spent or p.RefusedError(text, hint=hint, code="no-key")
        places.append({"channel_id": channel})
    return places + [{"playlist_id": playlist} for playlist in options.playlists]


def parse(options: Options, fetched: p.Fetched) -> Iterator[p.Item]:
    """Yield videos, in the order of the lists.

    Raises:
        ShapeError: An answer is neither the API's nor a feed.
    """
    if fetched.documents and fetched.documents[0].body.lstrip()[:1] != b"{":
        known = frozenset(fetched.memo.get("known") or ())
        for document in fetched.documents:
            yield from _youtube_items.entries(document, known)
        return
    yield from _youtube_items.videos(fetched.documents, include_shorts=options.include_shorts)
