"""The patient reader: feedparser on our own decoded text, for every document the fast reader refuses.

What does not live here: decoding (``pipeline.text.decode``), what is refused (``_feed_read``). It is also the oracle
the differential test holds the fast reader against (performance §11).
"""

from __future__ import annotations

import re
from typing import Any, Final

import pipeline.model as p
from pipeline.i18n import _
from sources._feed_said import Feed, File, Said, is_picture, number, person
from sources._feed_xml import Prologue

_REFERENCE: Final = re.compile(r"&#(?:[xX]0*([0-9a-fA-F]+)|0*([0-9]+));?")
_DIGITS: Final = 7  # no character has a longer number
_LAST: Final = 0x10FFFF


def read(before: Prologue) -> Feed | None:
    """Return the feed, or ``None`` when feedparser sees neither a feed format nor an entry.

    feedparser is given UTF-8 without declaration or DOCTYPE, so it guesses no encoding and expands no entity; it
    neither sanitises nor resolves, because ``normalize`` does. Cost: about 16 ms for 35 entries.

    Raises:
        ShapeError: ``unreadable``: feedparser itself stumbles over this document (it does, over empty media elements).
    """
    import feedparser  # noqa: PLC0415 - 0.2 s to import; only ill-formed documents pay

    text = _REFERENCE.sub(_possible, before.text)
    body = b'<?xml version="1.0" encoding="utf-8"?>\n' + text.encode("utf-8", "replace")
    headers = {"content-type": "application/xml; charset=utf-8"}
    try:
        result = feedparser.parse(body, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # not documented, so any: KeyError, TypeError, ValueError were seen
        raise p.ShapeError(_("피드가 규격에 맞지 않아 읽을 수 없습니다."), code="unreadable") from error
    if not result.get("version") and not result["entries"]:
        return None
    top = result["feed"]
    feed = Feed(result.get("version") or "unknown", str(top.get("link") or ""), str(top.get("title") or ""))
    feed.reader = "feedparser"
    feed.is_repaired = bool(result.get("bozo"))
    feed.entries = [_entry(entry, is_atom=feed.format.startswith("atom")) for entry in result["entries"]]
    return feed


def _possible(reference: re.Match[str]) -> str:
    """A reference to a number that is no character (feedparser stops at it) becomes U+FFFD, as HTML says."""
    digits, base = (reference[1], 16) if reference[1] else (reference[2], 10)
    number_ = int(digits, base) if len(digits) <= _DIGITS else _LAST + 1
    return reference[0] if number_ <= _LAST and not 0xD800 <= number_ <= 0xDFFF else "\ufffd"


def _entry(entry: Any, *, is_atom: bool) -> Said:
    raw = dict(entry.items())  # FeedParserDict itself maps names onto others, with warnings
    said = Said(id=str(raw.get("id") or ""), link=str(raw.get("link") or ""), title=str(raw.get("title") or ""))
    said.is_permalink = bool(raw.get("guidislink"))
    if is_atom:
        said.title_is_html = (raw.get("title_detail") or {}).get("type") != "text/plain"
    _bodies(said, raw)
    said.updated = str(raw.get("updated") or "")
    said.published = str(raw.get("published") or raw.get("created") or said.updated)
    author = raw.get("author_detail") or {}
    said.author = person(str(author.get("name") or raw.get("author") or ""))
    tags = [str(tag.get("label") or tag.get("term") or "") for tag in raw.get("tags") or ()]
    tags += [part.strip() for part in str(raw.get("tag") or "").split(",")]
    said.tags = [tag for tag in dict.fromkeys(tags) if tag]
    _files(said, raw)
    said.video_id = str(raw.get("yt_videoid") or "")
    return said


def _bodies(said: Said, raw: dict[str, Any]) -> None:
    contents = [c for c in raw.get("content") or () if c.get("value")]
    if contents:
        chosen = next((c for c in contents if "html" in str(c.get("type"))), contents[0])
        said.content = str(chosen["value"])
        said.content_is_text = chosen.get("type") == "text/plain" and "<" not in said.content
        said.content_base = str(chosen.get("base") or "")
    said.summary = str(raw.get("summary") or "")
    if not said.content:
        detail = raw.get("summary_detail") or {}
        said.content_is_text = detail.get("type") == "text/plain" and "<" not in said.summary
        said.content_base = str(detail.get("base") or "")


def _files(said: Said, raw: dict[str, Any]) -> None:
    for thumbnail in raw.get("media_thumbnail") or ():
        url = str(thumbnail.get("url") or "").strip()
        if url:
            said.pictures.append(File(url, size=number(thumbnail.get("width")), is_image=True))
    named = [(e.get("href") or e.get("url"), e.get("length"), e) for e in raw.get("enclosures") or ()]
    named += [(e.get("url"), e.get("filesize"), e) for e in raw.get("media_content") or ()]
    for address, length, element in named:
        url = str(address or "").strip()
        media_type = str(element.get("type") or "").split(";")[0].strip().lower()
        if not url:
            continue
        if is_picture(url, media_type, str(element.get("medium") or "")):
            said.pictures.append(File(url, media_type, size=number(element.get("width")), is_image=True))
        else:
            said.files.append(File(url, media_type, str(element.get("title") or ""), number(length)))
    image = (raw.get("image") or {}).get("href")
    if image:
        said.pictures.append(File(str(image).strip(), is_image=True))
