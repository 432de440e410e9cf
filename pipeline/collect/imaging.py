"""Redraws one picture of a stranger in the sizes our channels need (owner of Pillow; runs inside a killable worker).

What does not live here: fetching it, keeping it (``media``), the limits of the process (``worker``).
Everything is drawn anew: no metadata, no place where it was taken, no colour profile passes on; only the first picture of a
moving one is used. The header is judged before a pixel is decoded.
Source: ADR-0029; korea.md §1b and §6; reliability P4.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Collection, Iterator
from typing import Final

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

import pipeline.model as p

_FORMATS: Final = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "AVIF")
_WIDTHS: Final = {p.Use.W320: 320, p.Use.W640: 640, p.Use.W1280: 1280}
_BOXES: Final = {p.Use.OG: (1200, 630), p.Use.MAIL: (600, 300), p.Use.WIDE: (800, 400), p.Use.SQUARE: (600, 600)}
_DRAFT: Final = (1600, 1600)  # what a JPEG is decoded at, at least: larger than any box and width
_GROUND: Final = (240, 239, 236)  # around a picture that may not be cut: neither white nor any colour of its own
_PAPER: Final = (255, 255, 255)  # behind a transparent one
_CENTRE: Final = (0.5, 0.4)  # faces and titles stand above the middle
_SVG: Final = (b"<svg", b"<?xml", b"<!doctype svg")
_HEIC: Final = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")

Drawn = tuple[p.ImageFile, bytes]


class UnfitError(Exception):
    """This picture is not used; ``args[0]`` is the reason code."""


def redraw(body: bytes, uses: Collection[p.Use], *, is_whole: bool) -> tuple[Drawn, ...]:
    """Return the files of a picture, in the order of ``Use``; never empty.

    Args:
        body: As it was sent, at most ``limits.IMAGE_BYTES``.
        uses: What files are wanted; one that would need a larger picture is left out.
        is_whole: The licence forbids cutting: nothing is cut, space is put around it instead.

    Raises:
        UnfitError: ``not-an-image``, ``svg``, ``heic``, ``too-small``, ``too-large``, ``odd-shape``, ``broken``.

    Cost: a photograph of twelve million pixels takes about a third of a second.
    """
    whole = _decoded(body)
    files = tuple(_files(whole, uses, is_whole=is_whole))
    if not files:
        raise UnfitError("too-small")
    return files


def _decoded(body: bytes) -> Image.Image:
    _refuse_by_name(body)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # odd metadata, which is dropped anyway
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(body), formats=_FORMATS) as image:
                _refuse_by_size(*image.size)
                image.draft("RGB", _DRAFT)
                image.load()
                return _plain(image)
    except UnfitError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
        raise UnfitError("too-large") from error
    except UnidentifiedImageError as error:
        raise UnfitError("not-an-image") from error
    except Exception as error:  # a decoder may fail in any way over hostile bytes
        raise UnfitError("broken") from error


def _refuse_by_name(body: bytes) -> None:
    start = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(_SVG) and b"<svg" in body[:4096].lower():
        raise UnfitError("svg")
    if body[4:8] == b"ftyp" and body[8:12] in _HEIC and b"avif" not in body[8:32]:
        raise UnfitError("heic")


def _refuse_by_size(width: int, height: int) -> None:
    if width * height > p.limits.IMAGE_PIXELS:
        raise UnfitError("too-large")
    if min(width, height) < p.limits.IMAGE_MIN_SIDE:
        raise UnfitError("too-small")
    if max(width, height) > p.limits.IMAGE_RATIO * min(width, height):
        raise UnfitError("odd-shape")


def _plain(image: Image.Image) -> Image.Image:
    """The picture upright, in sRGB, on paper where it is transparent, without anything said about it."""
    profile = image.info.get("icc_profile")
    upright = ImageOps.exif_transpose(image)
    if upright.mode.startswith(("I", "F")):  # sixteen bits a pixel
        upright = upright.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if profile and upright.mode in ("RGB", "CMYK", "L"):
        upright = _in_srgb(upright, profile)
    if upright.has_transparency_data:
        drawn = upright.convert("RGBA")
        flat = Image.new("RGB", drawn.size, _PAPER)
        flat.paste(drawn, mask=drawn.getchannel("A"))
    else:
        flat = upright.convert("RGB")
    flat.info.clear()
    return flat


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        held = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        made = ImageCms.profileToProfile(image, held, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # a profile nobody can read: the numbers as they stand
    return made or image


def _files(whole: Image.Image, uses: Collection[p.Use], *, is_whole: bool) -> Iterator[Drawn]:
    before = 0
    for use, most in _WIDTHS.items():
        width = min(most, whole.width)
        if use in uses and width > before:
            before = width
            height = max(1, round(whole.height * width / whole.width))
            yield _file(use, _resized(whole, (width, height)), "image/webp")
    for use, box in _BOXES.items():
        fitted = _fitted(whole, box, is_whole=is_whole) if use in uses else None
        if fitted is not None:
            yield _file(use, fitted, "image/jpeg")


def _resized(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    return image if image.size == size else image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _fitted(image: Image.Image, box: tuple[int, int], *, is_whole: bool) -> Image.Image | None:
    """The picture at exactly this size: cut where that is allowed and loses little, else whole on a ground.

    ``None`` where it would have to grow so much that it blurs.
    """
    across, down = box[0] / image.width, box[1] / image.height
    cut, pad = max(across, down), min(across, down)
    is_padded = is_whole or 1 - pad / cut > p.limits.IMAGE_CUT_SHARE
    if (pad if is_padded else cut) > p.limits.IMAGE_UPSCALE:
        return None
    if is_padded:
        return ImageOps.pad(image, box, Image.Resampling.LANCZOS, color=_GROUND)
    return ImageOps.fit(image, box, Image.Resampling.LANCZOS, centering=_CENTRE)


def _file(use: p.Use, image: Image.Image, media_type: str) -> Drawn:
    out = io.BytesIO()
    if media_type == "image/webp":
        image.save(out, "WEBP", quality=78, method=4)
    else:
        image.save(out, "JPEG", quality=84, optimize=True, progressive=True)
    body = out.getvalue()
    name = hashlib.sha256(body).hexdigest()
    path = f"{name[:2]}/{name[:32]}.{'webp' if media_type == 'image/webp' else 'jpg'}"
    file = p.ImageFile(
        use=use,
        path=path,
        media_type=media_type,
        width=image.width,
        height=image.height,
        bytes=len(body),
        sha256=name,
    )
    return file, body
