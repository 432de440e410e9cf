"""What one feed entry said, in one shape for RSS, Atom and JSON Feed: the meeting point of the three readers.

What does not live here: reading (``_feed_fast``, ``_feed_oracle``, ``_feed_json``), meaning (``_feed_items``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

EMAIL = re.compile(r"(?:mailto:)?[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_IMAGE_NAME = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:[?#]|$)", re.IGNORECASE)


@dataclass(slots=True)
class File:
    """A file or picture an entry names; ``size`` is pixels of width for pictures, bytes for the rest, 0 unknown."""

    url: str
    media_type: str = ""
    name: str = ""
    size: int = 0
    is_image: bool = False


@dataclass(slots=True)
class Said:
    """One entry as the feed wrote it: raw strings, nothing resolved, nothing sanitised.

    Attributes:
        title_is_html: ``None`` where the format does not say (RSS).
        id: guid, Atom id, ``rdf:about`` or JSON ``id``; ``""`` when missing.
        is_permalink: The id is stated (or by RSS default taken) to be the address.
        link: Best address for people.
        content: Full body; ``summary`` the short one. Either may be the only one.
        base, content_base: ``xml:base`` in force for the entry and for its content, ``""`` when none was written.
        published, updated: Raw date texts.
    """

    id: str = ""
    is_permalink: bool = False
    link: str = ""
    title: str = ""
    title_is_html: bool | None = None
    content: str = ""
    content_is_text: bool = False
    summary: str = ""
    base: str = ""
    content_base: str = ""
    published: str = ""
    updated: str = ""
    author: str = ""
    tags: list[str] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    pictures: list[File] = field(default_factory=list)
    video_id: str = ""


@dataclass(slots=True)
class Feed:
    """A whole feed document.

    Attributes:
        format: ``rss20``, ``rss10``, ``atom10``, ``json1.1`` …
        home: Address of the place for people, as written; base of relative links.
        reader: Which reader served it: ``fast``, ``feedparser`` or ``json``.
        is_repaired: The document broke the rules of its format but could be read.
    """

    format: str
    home: str = ""
    title: str = ""
    entries: list[Said] = field(default_factory=list)
    reader: str = "fast"
    is_repaired: bool = False


def is_picture(url: str, media_type: str, medium: str = "") -> bool:
    """Whether a file is a picture by its stated medium or type, else by its name."""
    if medium or media_type:
        return medium == "image" or media_type.startswith("image/")
    return bool(_IMAGE_NAME.search(url))


def person(text: str) -> str:
    """A name out of ``mail@example.com (Name)`` or ``Name <mail>``; a bare address is nobody's name (korea rule 18)."""
    text = text.strip()
    if "@" not in text:
        return text
    return EMAIL.sub("", text).strip(" \t\r\n()<>,;:")


def number(text: str | None) -> int:
    """A non-negative whole number, 0 for anything else."""
    text = (text or "").strip()
    return int(text) if text.isdecimal() and len(text) < 16 else 0
