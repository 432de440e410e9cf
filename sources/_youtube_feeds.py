"""The Atom feeds of a youtube source, where the Data API cannot be asked: no key, or its units are spent.

What does not live here: the entries (``_youtube_items``), which share the videos' keys, so that the API's next word on a
video is a word on the same one.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pipeline.model as p
from pipeline.i18n import _
from sources import _google
from sources._youtube_night import budget
from sources._youtube_options import Options, target


def read(options: Options, memo: dict[str, Any], spent: p.QuotaError | None) -> p.Conversation:
    """Read the newest 15 of each place, without length or live state.

    Raises:
        QuotaError: ``spent``, where the feeds cannot be read either.
        RefusedError: A handle cannot be found without a key.
    """
    documents, at = [], None
    found = ((budget(options), spent.until),) if spent else ()
    for place in _places(options, memo, spent):
        url = f"{options.feed_base}?{urlencode(place)}"
        try:
            document = yield p.Request(url=url, purpose=p.Purpose.FEED, spent=found)
        except p.SourceError as error:
            if spent is None:
                raise
            raise spent from error
        at = document.fetched_at
        if not document.is_unchanged:
            documents.append(document)
    if spent is None:
        if not documents:
            return None
        warning = ("no-key", _("API 키가 없어 피드(최근 15개)만 읽었습니다."))
        return p.Fetched(documents=tuple(documents), memo=memo, warnings=(warning,))
    until = spent.until or (_google.next_midnight(at) if at else None)
    text = _("API 사용량을 다 써서 피드(최근 15개)만 읽었습니다. {until}부터 다시 쓸 수 있습니다.")
    warning = ("quota", text.format(until=_google.in_seoul(until) if until else _("내일")))
    carried = sum(count for pages in memo["pages"].values() for _token, count in pages)  # known, and left out by parse
    return p.Fetched(documents=tuple(documents), memo=memo, carried=carried, warnings=(warning,))


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
