"""Covers of the practice city: calm geometric scenes, drawn as PNG with nothing but zlib.

What does not live here: which post has which cover (``content/``).
"""

from __future__ import annotations

import math
import struct
import zlib
from functools import lru_cache
from hashlib import blake2b
from typing import Final

WIDTH: Final = 800
HEIGHT: Final = 400  # 2:1, as Kakao's wide pictures want
# sky, low sky, far hill, near hill, sun, accent
_PALETTES: Final = (
    ((247, 233, 215), (250, 214, 165), (164, 190, 123), (95, 141, 78), (244, 162, 97), (40, 84, 48)),
    ((225, 239, 246), (186, 215, 233), (120, 166, 200), (43, 91, 132), (255, 209, 102), (235, 69, 95)),
    ((238, 230, 255), (214, 197, 240), (167, 139, 205), (94, 75, 139), (255, 183, 178), (60, 42, 94)),
    ((255, 240, 235), (255, 214, 204), (232, 160, 140), (170, 92, 82), (255, 226, 138), (88, 50, 60)),
    ((232, 245, 240), (190, 226, 212), (118, 184, 165), (36, 113, 99), (251, 191, 119), (17, 66, 62)),
)


@lru_cache(maxsize=64)
def cover(name: str) -> bytes:
    """Return the PNG of a name, 800 by 400 pixels; the same bytes for the same name. Cost: about 10 ms."""
    seed = blake2b(name.encode(), digest_size=8).digest()
    palette = _PALETTES[seed[0] % len(_PALETTES)]
    rows = [bytearray(WIDTH) for _row in range(HEIGHT)]
    _fill(rows, (0, 0, WIDTH, HEIGHT * 3 // 5), 0)
    _fill(rows, (0, HEIGHT * 3 // 5, WIDTH, HEIGHT), 1)
    _disc(rows, 120 + seed[1] * 2, 80 + seed[2] // 4, 46 + seed[3] // 8, 4)
    _hill(rows, 250 + seed[4] // 8, 40, seed[5] / 40, 2)
    _hill(rows, 310 + seed[6] // 10, 28, seed[7] / 30, 3)
    _scene(rows, seed)
    return _png(rows, palette)


def _scene(rows: list[bytearray], seed: bytes) -> None:
    """Three shapes in front: houses, trees or open books."""
    kind = seed[1] % 3
    for place in range(3):
        x, size = 130 + place * 220 + seed[place + 2] // 4, 50 + seed[place + 4] // 8
        ground = 352
        if kind == 0:  # a house
            _fill(rows, (x, ground - size, x + size, ground), 5)
            for line in range(size // 2):
                _fill(rows, (x - 6 + line, ground - size - line, x + size + 6 - line, ground - size - line + 1), 4)
            _fill(rows, (x + size // 3, ground - size // 2, x + size * 2 // 3, ground), 0)
        elif kind == 1:  # a tree
            _fill(rows, (x + size // 2 - 4, ground - size // 2, x + size // 2 + 4, ground), 5)
            _disc(rows, x + size // 2, ground - size, size // 2, 5 if place % 2 else 4)
        else:  # an open book
            for line in range(size // 2):
                y = ground - size // 2 + line
                _fill(rows, (x + line // 3, y, x + size - 2, y + 1), 0)
                _fill(rows, (x + size + 2, y, x + size * 2 - line // 3, y + 1), 4)
            _fill(rows, (x + size - 2, ground - size // 2 - 4, x + size + 2, ground + 4), 5)


def _fill(rows: list[bytearray], box: tuple[int, int, int, int], colour: int) -> None:
    left, top, right, bottom = box
    left, right = max(0, left), min(WIDTH, right)
    if right <= left:
        return
    span = bytes([colour]) * (right - left)
    for row in rows[max(0, top) : max(0, bottom)]:
        row[left:right] = span


def _disc(rows: list[bytearray], x: int, y: int, radius: int, colour: int) -> None:
    for line in range(-radius, radius + 1):
        half = int(math.sqrt(radius * radius - line * line))
        _fill(rows, (x - half, y + line, x + half, y + line + 1), colour)


def _hill(rows: list[bytearray], height: int, swing: int, phase: float, colour: int) -> None:
    tops = [height + int(swing * math.sin(x / 130 + phase)) for x in range(WIDTH)]
    for y in range(min(tops), HEIGHT):
        row = rows[y]
        for x in range(WIDTH) if y <= max(tops) else ():
            if y >= tops[x]:
                row[x] = colour
    _fill(rows, (0, max(tops), WIDTH, HEIGHT), colour)


def _png(rows: list[bytearray], palette: tuple[tuple[int, int, int], ...]) -> bytes:
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\x00" + bytes(row) for row in rows), 9)
    colours = b"".join(bytes(colour) for colour in palette)
    chunks = ((b"IHDR", header), (b"PLTE", colours), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
