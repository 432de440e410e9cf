"""Pictures made by the tests: honest ones, and the ones strangers send to do harm."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image

LEFT, RIGHT = (200, 30, 30), (30, 30, 200)


def halves(width: int, height: int) -> Image.Image:
    """Red on the left, blue on the right: what was cut, padded or turned can be seen."""
    image = Image.new("RGB", (width, height), LEFT)
    image.paste(RIGHT, (width // 2, 0, width, height))
    return image


def saved(image: Image.Image, form: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def picture(width: int = 800, height: int = 500, form: str = "PNG", **options: object) -> bytes:
    return saved(halves(width, height), form, **options)


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def bomb(width: int, height: int) -> bytes:
    """A PNG whose header promises a giant; its rows are zeros, so the whole is small."""
    row = b"\0" * (width // 8 + 2)
    deflate = zlib.compressobj(9)
    body = b"".join(deflate.compress(row * 64) for _ in range(min(height, 4000) // 64)) + deflate.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
