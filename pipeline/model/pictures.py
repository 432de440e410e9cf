"""Our own copies of the pictures entries name: which files there are, and why there is none.

What does not live here: the picture as its source names it (``items.Image``), making the files (``collect/imaging``).
Source: ADR-0029; korea.md §1b (Kakao's ratios) and §6 (KOGL 3 and 4 must not be cropped).
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pipeline.model.base import Value, value


class Use(StrEnum):
    """What a file of a picture is for; a renderer names those it wants in ``PICTURES``."""

    W320 = "w320"  # the whole picture, at most so wide, for lists on telephones
    W640 = "w640"
    W1280 = "w1280"
    OG = "og"  # link cards, 1200 by 630
    MAIL = "mail"  # newsletters, 600 by 300 (2:1), JPEG
    WIDE = "wide"  # Kakao, exactly 2:1, 800 by 400
    SQUARE = "square"  # Kakao, exactly 1:1, 600 by 600


@value
class ImageFile(Value):
    """One file of a picture, made by us: free of metadata, in sRGB, named by its content.

    Attributes:
        use: What it is for.
        path: Relative to ``output/media/``, e.g. ``ab/ab12….jpg``; the same bytes always have the same path.
        media_type: ``image/jpeg`` or ``image/webp``.
        width, height: Pixels.
        bytes: Its size.
        sha256: Hex, of its bytes.
    """

    use: Use
    path: str
    media_type: str
    width: int
    height: int
    bytes: int
    sha256: str


@value
class Picture(Value):
    """Our copies of one picture.

    Attributes:
        files: Those that were made, in the order of ``Use``; empty where the picture was refused or has not come yet.
        is_whole: Its licence forbids cutting (KOGL 3 and 4, ND): show it whole, with space around it if need be.
        problem: Reason code why there are no files (``not-an-image``, ``too-small``, ``robots`` …), ``""`` when fine.
    """

    files: tuple[ImageFile, ...] = ()
    is_whole: bool = False
    problem: str = ""

    def file(self, use: Use) -> ImageFile | None:
        """Return the file for a use; ``None`` where there is none."""
        return next((one for one in self.files if one.use is use), None)


@value
class KnownPicture(Value):
    """What is remembered of one picture an entry named.

    Attributes:
        url: Its address at the source.
        source_id: Of the entry that first named it.
        referer: Page of that entry.
        tries: Nights it was asked for.
        again_at: When it is asked for again (UTC); ``None`` when its fate is settled.
        tried_at: When it was last asked for (UTC).
    """

    url: str
    source_id: str
    referer: str = ""
    picture: Picture
    tries: int = 0
    again_at: datetime | None = None
    tried_at: datetime | None = None
