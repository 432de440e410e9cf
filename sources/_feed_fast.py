"""The fast reader: a well-formed RSS or Atom tree to ``Feed``, field by field as feedparser would say it.

What does not live here: making the tree (``_feed_xml``), documents that are no tree (``_feed_oracle``). Where the two
readers may differ is written down in ``docs/decisions/0016-fast-feed-path.md`` and tested.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urljoin

from sources._feed_said import Feed, File, Said, is_picture, number, person
from sources._feed_xml import inner

_BASE: Final = "{http://www.w3.org/XML/1998/namespace}base"
_ABOUT: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_PREFIXES: Final = {
    "http://purl.org/dc/elements/1.1": "dc:",
    "http://purl.org/dc/elements/1.0": "dc:",
    "http://purl.org/dc/terms": "dcterms:",
    "http://purl.org/rss/1.0/modules/content": "content:",
    "http://search.yahoo.com/mrss": "media:",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes:",
    "http://example.com/dtds/podcast-1.0.dtd": "itunes:",
    "http://www.youtube.com/xml/schemas/2015": "yt:",
    "http://www.w3.org/1999/xhtml": "xhtml:",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns": "rdf:",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner:",
}
_CORE: Final = frozenset(
    [
        "http://www.w3.org/2005/atom",
        "http://purl.org/atom/ns",
        "http://purl.org/rss/1.0",
        "http://my.netscape.com/rdf/simple/0.9",
        "http://channel.netscape.com/rdf/simple/0.9",
        "http://my.netscape.com/publish/formats/rss-0.91.dtd",
        "http://backend.userland.com/rss",
        "http://backend.userland.com/rss2",
        "http://backend.userland.com/rss091",
        "http://blogs.law.harvard.edu/tech/rss",
        "http://purl.org/net/rss1.1",
        "http://purl.org/rss/1.0/modules/rss091",
        "http://www.w3.org/2005/atom10",
        "http://cyber.law.harvard.edu/rss",
        "http://cyber.law.harvard.edu/rss/rss.html",
    ]
)
_BASE64: Final = "application/octet-stream"
_HTML: Final = frozenset(["", "text/html", "application/xhtml+xml"])
_names: dict[tuple[str, str | None], str] = {}

Children = dict[str, list[Any]]


def read(root: Any) -> Feed | None:
    """Return the feed, or ``None`` when this is nothing for this reader: another root, base64 of Atom 0.3."""
    kind = _name(root)
    if root.xpath("boolean(//@mode[.='base64'])"):
        return None
    if kind == "feed":
        is_old = "purl.org/atom" in str(root.tag).lower() or root.get("version") == "0.3"
        feed = Feed("atom03" if is_old else "atom10")
        head, items = root, [e for e in root if _name(e) == "entry"]
    elif kind in ("rss", "rdf:rdf"):
        channels = [e for e in root if _name(e) == "channel"]
        if not channels:
            return None
        head = channels[0]
        feed = Feed(_version(root, kind))
        items = [e for place in (*channels, root) for e in place if _name(e) in ("item", "entry")]
    else:
        return None
    top = _children(head)
    feed.title = _text(top, "title")
    feed.home = _link(top)
    bases = bool(root.xpath("boolean(//@xml:base)"))
    for element in items:
        feed.entries.append(_entry(element, bases=bases))
    return feed


def _version(root: Any, kind: str) -> str:
    if kind == "rdf:rdf":
        return "rss090" if any("netscape" in str(e.tag) for e in root) else "rss10"
    return "rss" + "".join(c for c in (root.get("version") or "20")[:4] if c.isdigit())


def _name(element: Any) -> str:
    key = (element.tag, element.prefix)
    name = _names.get(key)
    if name is None:
        if len(_names) > 10_000:  # a hostile feed may invent names without end
            _names.clear()
        name = _names[key] = _canonical(*key)
    return name


def _canonical(tag: str, prefix: str | None) -> str:
    if tag[0] != "{":
        return tag.lower()
    space, local = tag[1:].split("}", 1)
    space = space.lower().rstrip("/#")
    if space in _CORE:
        return local.lower()
    known = _PREFIXES.get(space)
    if known is not None:
        return known + local.lower()
    return local.lower() if prefix is None else f"?{prefix}:{local}"


def _children(element: Any) -> Children:
    found: Children = {}
    for child in element:
        found.setdefault(_name(child), []).append(child)
    return found


def _text(children: Children, *names: str) -> str:
    """The last non-empty element of the first name that has one, as feedparser keeps it."""
    for name in names:
        for element in reversed(children.get(name, [])):
            text = inner(element).strip()
            if text:
                return str(text)
    return ""


def _link(children: Children) -> str:
    """The address for people: a plain ``link``, the last HTML alternate, any alternate, then any link not for machines."""
    plain = typed = alternate = other = ""
    for element in children.get("link", ()):
        href = (element.get("href") or "").strip()
        if not href:
            plain = (element.text or "").strip() or plain
            continue
        rel = (element.get("rel") or "alternate").lower()
        if rel == "alternate":
            if (element.get("type") or "").split(";")[0].strip().lower() in _HTML:
                typed = href
            alternate = alternate or href
        elif rel not in ("self", "enclosure", "edit", "replies", "hub", "next", "prev", "first", "last", "via"):
            other = other or href
    return plain or typed or alternate or other


def _entry(element: Any, *, bases: bool) -> Said:
    children = _children(element)
    for group in children.get("media:group", ()):
        for name, found in _children(group).items():
            children.setdefault(name, []).extend(found)
    said = Said(id=_text(children, "guid", "id") or (element.get(_ABOUT) or "").strip())
    guids = children.get("guid")
    if guids:
        said.is_permalink = (guids[-1].get("isPermaLink") or guids[-1].get("ispermalink") or "true").lower() == "true"
    said.link = _link(children)
    _titles(said, children, is_atom=_name(element) == "entry")
    _bodies(said, children)
    said.published = _text(children, "pubdate", "published", "issued", "dcterms:issued", "dc:date")
    said.updated = _text(children, "updated", "modified", "dcterms:modified", "dc:date")
    said.published = said.published or _text(children, "created", "dcterms:created") or said.updated
    said.author = _author(children)
    said.tags = _tags(children)
    _files(said, children)
    said.video_id = _text(children, "yt:videoid")
    if bases:
        said.base = _base_of(element)
        bodies = children.get("content") or children.get("summary") or [element]
        said.content_base = _base_of(bodies[-1])
    return said


def _base_of(element: Any) -> str:
    """``xml:base`` in force at an element, each step resolved against the one above it."""
    written = [a.get(_BASE) for a in (element, *element.iterancestors()) if a.get(_BASE)]
    base = ""
    for step in reversed(written):
        base = urljoin(base, step.strip())
    return base


def _titles(said: Said, children: Children, *, is_atom: bool) -> None:
    for name in ("title", "dc:title", "media:title"):
        for element in children.get(name, []):
            text = inner(element).strip()
            if text:
                said.title = text
                said.title_is_html = _is_html(element) if is_atom or len(element) else None
                if element.get("type") == _BASE64:
                    said.title, said.title_is_html = _decoded(text), True
                return


def _decoded(text: str) -> str:
    """Markup that an Atom title carries as a file; what is none after all stays as it is."""
    from base64 import b64decode  # noqa: PLC0415 - one feed in a thousand

    try:
        return b64decode(text, validate=True).decode()
    except ValueError:
        return text


def _is_html(element: Any) -> bool:
    """XHTML that holds no element is plain text: its characters were escaped once, not twice."""
    kind = (element.get("type") or "").lower()
    return kind in ("html", "text/html") or len(element) > 0


def _bodies(said: Said, children: Children) -> None:
    said.content = _text(children, "content:encoded", "xhtml:body", "xhtml:div")
    if not said.content:
        for element in children.get("content", ()):
            kind = (element.get("type") or "text").lower()
            text = inner(element).strip()
            if "/" in kind and not kind.startswith("text/") and "xml" not in kind:
                continue  # a file in base64
            if text and (not said.content or "html" in kind):
                said.content, said.content_is_text = text, kind in ("text", "text/plain")
    said.summary = _text(children, "description", "summary", "dc:description", "itunes:summary", "media:description")
    plain = children.get("summary") and not children.get("description")
    if not said.content and said.summary:
        kind = (children["summary"][-1].get("type") or "").lower() if plain else "html"
        if not plain and "dc:description" not in children and "description" not in children:
            kind = "text"  # itunes:summary and media:description hold plain text
        said.content_is_text = kind in ("text", "text/plain")


def _author(children: Children) -> str:
    for name in ("author", "dc:creator", "dc:author", "itunes:author", "creator"):
        for element in children.get(name, ()):
            parts = _children(element) if len(element) else {}
            who = person(_text(parts, "name") if parts else (element.text or ""))
            if who:
                return who
    return ""


def _tags(children: Children) -> list[str]:
    found: list[str] = []
    for element in (*children.get("category", ()), *children.get("dc:subject", ())):
        text = element.get("label") or element.get("term") or element.text or ""
        found.append(text.strip())
    for name in ("tag", "media:keywords", "itunes:keywords"):  # Naver writes one comma list (korea §3)
        found.extend(part.strip() for e in children.get(name, ()) for part in (e.text or "").split(","))
    return [text for text in dict.fromkeys(found) if text]


def _files(said: Said, children: Children) -> None:
    videos = [element for element in children.get("media:content", ()) if len(element)]
    within = [thumbnail for video in videos for thumbnail in _children(video).get("media:thumbnail", ())]
    for element in (*children.get("media:thumbnail", ()), *within):
        _picture(said, File(element.get("url") or element.text or "", size=number(element.get("width"))))
    for name, address in (("enclosure", "url"), ("media:content", "url"), ("link", "href")):
        for element in children.get(name, ()):
            if name == "link" and (element.get("rel") or "").lower() != "enclosure":
                continue
            _file(said, element, address)
    for element in children.get("itunes:image", ()):
        _picture(said, File(element.get("href") or ""))
    for element in children.get("image", ()):
        _picture(said, File(_text(_children(element), "url") if len(element) else (element.text or "").strip()))


def _file(said: Said, element: Any, address: str) -> None:
    url = (element.get(address) or "").strip()
    media_type = (element.get("type") or "").split(";")[0].strip().lower()
    if is_picture(url, media_type, (element.get("medium") or "").lower()):
        _picture(said, File(url, media_type, size=number(element.get("width"))))
    elif url and media_type != "application/x-shockwave-flash":  # YouTube's player, not a file
        size = number(element.get("length") or element.get("fileSize"))
        said.files.append(File(url, media_type, (element.get("title") or "").strip(), size))


def _picture(said: Said, file: File) -> None:
    file.url = file.url.strip()
    if file.url:
        file.is_image = True
        said.pictures.append(file)
