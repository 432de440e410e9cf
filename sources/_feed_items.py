"""What entries said to ``Item``: identity, address, body, pictures, announced links.

What does not live here: reading documents (``_feed_read``), sanitising and dates (``normalize``).
Source: reliability P20, korea §3, peers pain 6.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from hashlib import blake2b
from typing import Final
from urllib.parse import urljoin

import pipeline.model as p
from pipeline.text import clean, urls
from sources._feed_said import Feed, File, Said

_NO_ID: Final = frozenset(
    ["n/a", "na", "nil", "null", "none", "undefined", "unknown", "nan", "0", "-", "#", "guid", "id"]
)
_VIDEO: Final = re.compile(
    r"(?:youtube(?:-nocookie)?\.com/(?:embed/|shorts/|live/|v/|watch\?(?:[^\s\"'<>]{0,80}&(?:amp;)?)?v=)|youtu\.be/)"
    r"([\w-]{11})(?![\w-])"
)
_BARE: Final = re.compile(r"(?<![\"'=(/\w])https?://[^\s<>\"'()\[\]{}|\\^`]{4,1000}")
_PARAGRAPH: Final = re.compile(
    r"</?(?:p|div|br|img|a|b|strong|em|i|span|ul|ol|li|table|h[1-6]|blockquote|pre|code|iframe|figure|font|u|sub|sup|mark)\b",
    re.IGNORECASE,
)
_PLAIN: Final = re.compile(
    r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(?::\d{1,5})?(?:/[\w.~!$&'()*+,;=:@%/?-]*)?(?:#[\w-]+)?", re.ASCII
)
_ESCAPED_TAG: Final = re.compile(r"&lt;/?(?:p|div|br|img|a|span|b|strong)\b", re.IGNORECASE)
_TWICE: Final = re.compile(r"&amp;(?=#?\w{2,31};)")
_NAVER: Final = re.compile(r"https://blog\.naver\.com/([\w-]+)/(\d+)")
_LINKS: Final = 20
_VIDEO_SITE: Final = "https://www.youtube.com/watch?v="


def items(feed: Feed, url: str, kind: p.Kind | None) -> Iterator[p.Item]:
    """Yield items in the feed's order.

    Args:
        feed: What was read.
        url: The document's own address.
        kind: What the editor says they are; ``None``: posts, or videos where the feed is YouTube's.
    """
    home = urls.absolute(url, feed.home) or url
    places = [_address(said, urljoin(home, said.base) if said.base else home) for said in feed.entries]
    keys = identities(feed.entries, places, home)
    for row, (said, place, key) in enumerate(zip(feed.entries, places, keys, strict=True), start=1):
        yield _item(said, place, key, home=home, kind=kind, row=row)


def identities(entries: list[Said], places: list[str], home: str) -> list[str]:
    """Return one key an entry: its id if it tells it apart, else its address, else a hash of title and date.

    An id that stands on entries of different addresses tells nothing apart, nor does ``N/A``; an address shared by
    entries (or the home page itself) does not either. ``""`` is never returned.
    """
    ids = [_named(said.id) for said in entries]
    seen: dict[str, set[str]] = {}
    for name, place in zip(ids, places, strict=True):
        seen.setdefault(name, set()).add(place)
    shared = Counter(place for name, place in zip(ids, places, strict=True) if not name or len(seen[name]) > 1)
    keys = []
    for said, name, place in zip(entries, ids, places, strict=True):
        if name and len(seen[name]) == 1:
            keys.append(name)
        elif place and shared[place] == 1 and place.rstrip("/") != home.rstrip("/"):
            keys.append(_native(place) or f"url:{urls.url_hash(place)}")
        else:
            text = (
                f"{clean.one_line(said.title)}\n{said.published}\n{'' if said.title else said.content or said.summary}"
            )
            keys.append(f"text:{blake2b(text.encode('utf-8', 'replace'), digest_size=10).hexdigest()}")
    return keys


def _named(raw: str) -> str:
    """The comparable form of an id: addresses lose what publishers change (scheme, ``www``, session, tracking)."""
    name = clean.one_line(raw)
    if name.lower() in _NO_ID:
        return ""
    if name[:7].lower() == "http://" or name[:8].lower() == "https://":
        if native := _native(name):
            return native
        fragment = name.partition("#")[2]
        return f"url:{urls.url_hash(name)}" + (f"#{fragment}" if fragment and fragment[0] not in "!/" else "")
    return name


def _native(url: str) -> str:
    """The blog's own number of a post, whatever its address is written like (korea rule 2); ``""`` where it has none."""
    post = _NAVER.fullmatch(urls.canonical(url)) if ".naver.com/" in url or ".blog.me/" in url else None
    return f"naver:{post[1].lower()}:{post[2]}" if post else ""


def _absolute(base: str, href: str) -> str | None:
    """As ``urls.absolute``, at no cost for an address that is plainly whole (``normalize`` writes it canonically)."""
    return href if _PLAIN.fullmatch(href) else urls.absolute(base, href)


def _address(said: Said, base: str) -> str:
    """The absolute address of an entry, ``""`` when it has none.

    A clean permalink wins over the same address with tracking behind it (Naver: ``guid`` over ``?fromRss=true``).
    """
    link = _absolute(base, html.unescape(said.link)) if said.link else None
    if said.id[:4].lower() == "http":
        guid = _absolute(base, said.id)
        if guid and (link is None or (link.startswith(guid + "?") and "?" not in guid)):
            return guid
    elif link is None and said.is_permalink and said.id[:1] == "/":
        return urls.absolute(base, said.id) or ""
    return link or ""


def _item(said: Said, place: str, key: str, *, home: str, kind: p.Kind | None, row: int) -> p.Item:
    body, is_text = _body(said)
    base = urljoin(home, said.content_base) if said.content_base else place or home
    files_base = urljoin(home, said.base) if said.base else place or home
    if kind is None:
        kind = p.Kind.VIDEO if said.video_id else p.Kind.POST
    is_html = bool(_PARAGRAPH.search(said.title)) if said.title_is_html is None else said.title_is_html
    lead = said.summary if said.content and said.summary != said.content else ""
    return p.Item(
        key=key,
        kind=kind,
        title=_TWICE.sub("&", said.title) if is_html else said.title,
        title_is_html=is_html,
        url=place,
        base_url=base,
        lead=lead,
        body=body,
        body_is_text=is_text,
        author=said.author,
        published=p.RawDate(text=said.published) if said.published else None,
        updated=p.RawDate(text=said.updated) if said.updated and said.updated != said.published else None,
        image=_image(said.pictures, files_base),
        tags=tuple(said.tags),
        links=_links(body, place),
        attachments=tuple(_attachment(file, files_base) for file in said.files),
        video=p.Video() if kind is p.Kind.VIDEO else None,
        row=row,
    )


def _body(said: Said) -> tuple[str, bool]:
    """The full content, else the summary; markup that was escaped once too often is unescaped."""
    body, is_text = said.content or said.summary, said.content_is_text
    if not is_text and "<" not in body and _ESCAPED_TAG.search(body):
        body = html.unescape(body)
    if is_text and _PARAGRAPH.search(body):
        is_text = False  # "text" that plainly is markup
    return body, is_text


def _image(pictures: list[File], base: str) -> p.Image | None:
    """The widest picture; of equals the first named."""
    if not pictures:
        return None
    url = _absolute(base, max(pictures, key=lambda picture: picture.size).url)
    return p.Image(url=url) if url else None


def _links(body: str, place: str) -> tuple[str, ...]:
    """Videos the body embeds and addresses it writes without a link: what it announces or repeats."""
    found: list[str] = []
    if "youtu" in body:
        found += [_VIDEO_SITE + name for name in _VIDEO.findall(body)]
    if "http" in body:
        for url in _BARE.findall(body):
            cleaned = html.unescape(url).rstrip(".,;:!?…·")
            if "youtu" not in cleaned:
                found.append(cleaned)
    return tuple(url for url in dict.fromkeys(found) if url != place)[:_LINKS]


def _attachment(file: File, base: str) -> p.Attachment:
    url = _absolute(base, file.url) or file.url
    name = file.name or url.rsplit("/", 1)[-1].split("?")[0]
    return p.Attachment(url=url, name=name, media_type=file.media_type or None, bytes=file.size or None)
