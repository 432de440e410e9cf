"""Pictures of strangers are drawn anew in exact sizes, whole where their licence says so, and refused with a reason."""

from __future__ import annotations

import hashlib
import io
import struct

import pytest
from PIL import Image, ImageCms

import pipeline.model as p
from pipeline.collect.imaging import UnfitError, redraw
from tests.pictures import LEFT, RIGHT, bomb, halves, picture, saved

ALL = frozenset(p.Use)


def drawn(body: bytes, *, uses: frozenset[p.Use] = ALL, is_whole: bool = False) -> dict[p.Use, Image.Image]:
    made = {}
    for file, out in redraw(body, uses, is_whole=is_whole):
        with Image.open(io.BytesIO(out)) as image:
            image.load()
            assert (image.width, image.height) == (file.width, file.height)
            assert file.sha256 == hashlib.sha256(out).hexdigest()
            assert file.bytes == len(out)
            made[file.use] = image
    return made


def near(a: tuple[int, ...], b: tuple[int, ...]) -> bool:
    return all(abs(x - y) < 24 for x, y in zip(a, b, strict=True))


def test_every_use_has_its_exact_size():
    """Kakao's ratios are exact; widths keep the picture's own shape and never grow it."""
    made = drawn(picture(2000, 1500, "JPEG"))
    assert {use: image.size for use, image in made.items()} == {
        p.Use.W320: (320, 240),
        p.Use.W640: (640, 480),
        p.Use.W1280: (1280, 960),
        p.Use.OG: (1200, 630),
        p.Use.MAIL: (600, 300),
        p.Use.WIDE: (800, 400),
        p.Use.SQUARE: (600, 600),
    }
    assert {image.format for image in made.values()} == {"WEBP", "JPEG"}


def test_a_small_picture_is_not_blown_up():
    """Uses that would need it more than twice as large are left out; its own width is kept once."""
    made = drawn(picture(300, 300))
    assert {use: image.size for use, image in made.items()} == {
        p.Use.W320: (300, 300),
        p.Use.MAIL: (600, 300),
        p.Use.WIDE: (800, 400),
        p.Use.SQUARE: (600, 600),
    }


def test_only_what_is_asked_for_is_drawn():
    """A project without Kakao pays for no Kakao picture."""
    assert list(drawn(picture(), uses=frozenset({p.Use.MAIL}))) == [p.Use.MAIL]


@pytest.mark.parametrize(("width", "height"), [(1600, 600), (1000, 1000), (900, 1400)])
def test_what_may_not_be_cut_is_shown_to_its_edges(width, height):
    """KOGL 3 and 4: left and right edge are both there, with a neutral ground around them."""
    for use in (p.Use.OG, p.Use.WIDE, p.Use.SQUARE, p.Use.MAIL):
        image = drawn(picture(width, height), is_whole=True)[use].convert("RGB")
        scale = min(image.width / width, image.height / height)
        shown = (round(width * scale), round(height * scale))
        left = (image.width - shown[0]) // 2
        middle = image.height // 2
        assert near(image.getpixel((left + 3, middle)), LEFT)
        assert near(image.getpixel((left + shown[0] - 4, middle)), RIGHT)
        if shown[0] < image.width - 4:
            assert near(image.getpixel((1, middle)), (240, 239, 236))
        if shown[1] < image.height - 4:
            assert near(image.getpixel((image.width // 2, 1)), (240, 239, 236))


def test_what_may_be_cut_fills_its_frame():
    """No ground beside a picture that loses little by cutting."""
    image = drawn(picture(1000, 700))[p.Use.WIDE].convert("RGB")
    assert near(image.getpixel((0, 0)), LEFT)
    assert near(image.getpixel((799, 399)), RIGHT)


def test_a_poster_is_never_cut_to_a_strip():
    """Where cutting would lose half of a picture it is shown whole."""
    image = drawn(picture(800, 1600))[p.Use.WIDE].convert("RGB")
    assert near(image.getpixel((2, 200)), (240, 239, 236))


def test_nothing_said_about_a_picture_passes_on():
    """Place, camera, comments and profiles stay behind; a turned picture is upright."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees
    exif[0x010F] = "Camera of a citizen"
    exif.get_ifd(0x8825)[1] = "N"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    body = saved(halves(1200, 800), "JPEG", exif=exif, icc_profile=profile, comment=b"secret place")
    for file, out in redraw(body, ALL, is_whole=False):
        with Image.open(io.BytesIO(out)) as image:
            assert not image.getexif()
            assert not {"icc_profile", "comment", "exif", "xmp"} & image.info.keys()
        assert b"Camera" not in out
        assert b"secret" not in out
        if file.use is p.Use.W640:
            assert (file.width, file.height) == (640, 960)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP", "BMP"])
def test_the_usual_forms_are_read(form):
    """By their bytes, whatever a server calls them."""
    assert drawn(picture(form=form))[p.Use.W640].size == (640, 400)


def test_transparency_lies_on_white_and_odd_colours_become_usual_ones():
    """RGBA, a palette with a see-through colour, CMYK, grey with sixteen bits."""
    clear = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    palette = Image.new("P", (300, 300), 0)
    palette.putpalette([0, 0, 0] * 256)
    bodies = (
        saved(clear, "PNG"),
        saved(clear, "WEBP", lossless=True),
        saved(palette, "PNG", transparency=0),
        saved(Image.new("CMYK", (300, 300), (0, 0, 0, 0)), "JPEG"),
        saved(Image.new("I;16", (300, 300), 65535), "PNG"),
    )
    for body in bodies:
        image = drawn(body)[p.Use.W320].convert("RGB")
        assert near(image.getpixel((150, 150)), (255, 255, 255))


def test_a_moving_picture_stands_still_at_its_first_frame():
    """GIF and WebP; the other frames are not even decoded."""
    frames = [halves(300, 200), Image.new("RGB", (300, 200), (0, 255, 0))]
    for form in ("GIF", "WEBP"):
        body = saved(frames[0], form, save_all=True, append_images=frames[1:] * 5)
        image = drawn(body)[p.Use.W320]
        assert not getattr(image, "is_animated", False)
        assert near(image.convert("RGB").getpixel((10, 100)), LEFT)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("tracker", "too-small"),
        ("bullet", "too-small"),
        ("ruler", "odd-shape"),
        ("bomb", "too-large"),
        ("giant", "too-large"),
        ("html", "not-an-image"),
        ("empty", "not-an-image"),
        ("pdf", "not-an-image"),
        ("svg", "svg"),
        ("svg-with-prologue", "svg"),
        ("heic", "heic"),
        ("truncated-jpeg", "broken"),
        ("truncated-png", "broken"),
        ("flipped", "broken"),
    ],
)
def test_what_is_no_use_is_refused_with_its_reason(name, reason):
    """Trackers, bombs, other things under a picture's name: one reason code each, no other exception."""
    jpeg, png = picture(form="JPEG"), saved(Image.effect_noise((400, 300), 90), "PNG")
    bodies = {
        "tracker": saved(Image.new("RGB", (1, 1)), "GIF"),
        "bullet": picture(16, 200),
        "ruler": picture(2000, 120),
        "bomb": bomb(30_000, 30_000),
        "giant": bomb(16_000, 4_000),
        "html": b"<!doctype html><title>403</title>",
        "empty": b"",
        "pdf": b"%PDF-1.4\n",
        "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        "svg-with-prologue": b'\xef\xbb\xbf<?xml version="1.0"?><!DOCTYPE svg><svg/>',
        "heic": struct.pack(">I", 24) + b"ftypheic" + b"\0\0\0\0mif1heic" + b"\0" * 64,
        "truncated-jpeg": jpeg[: len(jpeg) // 2],
        "truncated-png": png[: len(png) // 2],
        "flipped": png[:60] + bytes(b ^ 0x55 for b in png[60:400]) + png[400:],
    }
    with pytest.raises(UnfitError) as refused:
        redraw(bodies[name], ALL, is_whole=False)
    assert refused.value.args == (reason,)


def test_the_same_picture_has_the_same_name():
    """Drawn twice, or sent under two addresses: the same bytes, the same path."""
    once, twice = (redraw(picture(), ALL, is_whole=False) for _ in range(2))
    assert once == twice
    assert all(file.path == f"{file.sha256[:2]}/{file.sha256[:32]}.{file.path[-4:].strip('.')}" for file, _ in once)
