"""JSON Feed 1 and 1.1 to ``Feed``.

What does not live here: other JSON (``_feed_read`` says why it is refused). Source: https://www.jsonfeed.org/version/1.1/
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

from sources._feed_said import Feed, File, Said, is_picture

_HALF: Final = re.compile("[\ud800-\udfff]")  # JSON can escape half a character; nothing can store it
_LARGEST: Final = 1 << 53  # bytes; 1e999 is JSON too


def read(text: str) -> Feed | None:
    """Return the feed; ``None`` when the text is JSON but no feed.

    Raises:
        ValueError: The text is not JSON (cut short, for one).
    """
    top = json.loads(text)
    if not isinstance(top, dict) or not isinstance(top.get("items"), list):
        return None
    version = _text(top.get("version"))
    if "jsonfeed.org/version" not in version:
        return None
    feed = Feed("json" + version.rstrip("/").rsplit("/", 1)[-1], reader="json")
    feed.home = _text(top.get("home_page_url"))
    feed.title = _text(top.get("title"))
    feed.entries = [_entry(item) for item in top["items"] if isinstance(item, dict)]
    return feed


def _text(value: Any) -> str:
    """JSON Feed asks readers to accept numbers where text belongs (``id``)."""
    if isinstance(value, str):
        return _HALF.sub("\ufffd", value.strip())
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _entry(item: dict[str, Any]) -> Said:
    said = Said(
        id=_text(item.get("id")),
        link=_text(item.get("url")) or _text(item.get("external_url")),
        title=_text(item.get("title")),
        content=_text(item.get("content_html")) or _text(item.get("content_text")),
        content_is_text=not _text(item.get("content_html")),
        summary=_text(item.get("summary")),
        published=_text(item.get("date_published")) or _text(item.get("date_modified")),
        updated=_text(item.get("date_modified")),
    )
    authors = item.get("authors") if isinstance(item.get("authors"), list) else [item.get("author")]
    said.author = next((_text(a.get("name")) for a in authors or () if isinstance(a, dict) and a.get("name")), "")
    tags = item.get("tags")
    said.tags = [_text(tag) for tag in tags if _text(tag)] if isinstance(tags, list) else []
    for key in ("image", "banner_image"):
        if _text(item.get(key)):
            said.pictures.append(File(_text(item.get(key)), is_image=True))
    attachments = item.get("attachments")
    for each in attachments if isinstance(attachments, list) else ():
        if isinstance(each, dict) and _text(each.get("url")):
            _attach(said, each)
    return said


def _attach(said: Said, each: dict[str, Any]) -> None:
    size = each.get("size_in_bytes")
    file = File(_text(each.get("url")), _text(each.get("mime_type")).lower(), _text(each.get("title")))
    if is_picture(file.url, file.media_type):
        file.is_image = True
        said.pictures.append(file)
        return
    file.size = int(size) if isinstance(size, int | float) and 0 < size < _LARGEST else 0
    said.files.append(file)
