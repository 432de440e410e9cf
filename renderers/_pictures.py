"""Our own copies of pictures as pages and messages show them; nothing is ever shown from where a stranger keeps it.

What does not live here: fetching and drawing them (``collect/media``), pages, bubbles. Which picture a story has, what is read
out for it, and who made it: the same for the website, the newsletter and Kakao. Source: ADR-0029; KWCAG 2.2 5.1.1.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape, unescape
from typing import Final

import pipeline.model as p
from pipeline.i18n import _
from renderers import _words

FOLDER: Final = "media"
_WIDTHS: Final = (p.Use.W320, p.Use.W640, p.Use.W1280)
_IMG: Final = re.compile(r'<img((?:\s+[\w-]+(?:="[^"]*")?)*)\s*/?>')
_SRC: Final = re.compile(r'\ssrc="([^"]*)"')
_HOLLOW: Final = re.compile(r"<(p|figure|a)(?:\s[^<>]*)?>\s*</\1>")


@dataclass(frozen=True, slots=True)
class Figure:
    """The picture of a story.

    Attributes:
        src: Path of the smallest file, from the top of the site.
        srcset: (path, width) of each width there is, smallest first.
        width, height: Of ``src``, so that a page does not jump.
        alt: What is read out in a list: the source's words; ``""`` (decorative) where it gives none or repeats the title.
        said: The same where the picture stands for itself: never ``""``; a missing description is said to be missing.
        credit: Whose picture it is, and under which licence.
        is_whole: It must not be cut, not even by a frame of the page.
        url: Where its source keeps it; for finding it in markup, never for showing it.
        files: Every file there is.
    """

    src: str
    srcset: tuple[tuple[str, int], ...]
    width: int
    height: int
    alt: str
    said: str
    credit: str
    is_whole: bool
    url: str
    files: tuple[p.ImageFile, ...]

    def file(self, use: p.Use) -> p.ImageFile | None:
        """Return the file for a use, ``None`` where there is none."""
        return next((one for one in self.files if one.use is use), None)


def figure_of(entry: p.Entry, title: str, source: str) -> Figure | None:
    """Return the picture of an entry; ``None`` where we have none.

    Args:
        entry: Whose.
        title: Of the story it stands for.
        source: What citizens call the place the picture comes from.
    """
    if entry.picture is None or entry.image is None or not entry.picture.files:
        return None
    files = entry.picture.files
    widths = [one for one in files if one.use in _WIDTHS] or [files[0]]
    told = _words.plain(entry.image.alt or "")
    alt = "" if _letters(told) in _letters(_words.plain(title)) else told
    return Figure(
        src=path_of(widths[0]),
        srcset=tuple((path_of(one), one.width) for one in widths),
        width=widths[0].width,
        height=widths[0].height,
        alt=alt,
        said=told or _missing(entry),
        credit=" · ".join(part for part in (source, _words.licence(entry.licence) if entry.licence else "") if part),
        is_whole=entry.picture.is_whole,
        url=entry.image.url,
        files=files,
    )


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text)


def _missing(entry: p.Entry) -> str:
    """A video's still needs no description of its own; for other pictures it is said that there is none."""
    title = _words.plain(entry.title)
    if entry.kind is p.Kind.VIDEO:
        return _("영상 '{title}'의 한 장면").format(title=title)
    return _("'{title}' 원문의 그림 (설명 없음)").format(title=title)


def path_of(file: p.ImageFile) -> str:
    """Return where a file stands in a rendering, from its top; the same in every channel."""
    return f"{FOLDER}/{file.path}"


def artifacts(files: Iterable[p.ImageFile], uses: Collection[p.Use]) -> Iterator[p.Artifact]:
    """Yield the files of these uses as artifacts, each once; their bytes stay on the disk."""
    wanted = {path_of(file): file for file in files if file.use in uses}
    for path, file in wanted.items():
        lies = p.OnDisk(path=path, sha256=file.sha256, bytes=file.bytes)
        yield p.Artifact(path=path, media_type=file.media_type, body=b"", on_disk=lies)


def img(figure: Figure, root: str, sizes: str) -> str:
    """Return the tag that shows a picture in running text; ``root`` is the way to the top of the site."""
    largest = figure.srcset[-1]
    srcset = ", ".join(f"{root}{path} {width}w" for path, width in figure.srcset)
    height = round(figure.height * largest[1] / figure.width)
    return (
        f'<img src="{root}{largest[0]}" srcset="{srcset}" sizes="{sizes}" alt="{escape(figure.said)}" '
        f'width="{largest[1]}" height="{height}" loading="lazy" decoding="async">'
    )


def own_only(body_html: str, figures: Mapping[str, str]) -> tuple[str, int]:
    """Return sanitised markup with our own pictures in the place of strangers' ones, and how many had to be left out.

    Args:
        body_html: As ``text.html`` made it.
        figures: Tags to put in, by the address of the picture they stand for.
    """
    left = 0

    def swap(found: re.Match[str]) -> str:
        nonlocal left
        source = _SRC.search(found[1])
        own = figures.get(unescape(source[1])) if source else None
        left += own is None
        return own or ""

    if "<img" not in body_html:
        return body_html, 0
    made = _IMG.sub(swap, body_html)
    return (_HOLLOW.sub("", made) if left else made), left
