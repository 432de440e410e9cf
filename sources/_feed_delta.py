"""Item delta: a changed feed reduced to the pieces not seen before, its own head and tail around them.

What does not live here: reading feeds. Safe only for strict UTF-8 XML without DOCTYPE and ``xml:base`` whose ids tell
all entries apart, because then an entry means the same whoever stands beside it (performance §2: different in 0 of 430
documents). Everything else goes on whole. Pure; runs in the main process, linear in the bytes.
"""

from __future__ import annotations

import re
from binascii import b2a_base64
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import pairwise
from typing import Any, Final
from xml.parsers import expat

import pipeline.model as p
from pipeline.text.decode import decode

_VERSION: Final = 1  # raise it when readers learn to see more: known pieces are then read once again
_HASH_BYTES: Final = 8
_START: Final = re.compile(rb"<(item|entry)(?=[\s>])")
_NAME: Final = re.compile(rb"<(?:guid|id)(?:\s[^>]*)?>\s*(?:<!\[CDATA\[)?\s*([^<\]]{3,})")
_DECLARED: Final = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)""")
_LINK: Final = re.compile(rb"<link\b[^>]*>[^<]{0,500}")
_ROOT: Final = re.compile(rb"<(?:rss|feed|[\w-]+:RDF)\b[^>]*>")


@dataclass(slots=True)
class Pieces:
    """A document cut before, at and after its entries."""

    head: bytes
    entries: list[bytes]
    tail: bytes
    frame: str

    def hashes(self) -> list[str]:
        """Short hash of each entry's bytes, in order."""
        return [_hash(entry) for entry in self.entries]


def reduce(document: p.Document, memo: p.Memo) -> tuple[tuple[p.Document, ...], dict[str, Any], int]:
    """Return ``(documents to parse, next memo, entries left out as known)``.

    No document at all when every entry is known (only the head changed).
    """
    pieces = split(document)
    if pieces is None:
        return (document,), {}, 0
    hashes = pieces.hashes()
    following = {"v": _VERSION, "frame": pieces.frame, "known": hashes}
    if memo.get("v") != _VERSION or memo.get("frame") != pieces.frame:
        return (document,), following, 0
    known = frozenset(memo.get("known") or ())
    unknown = [entry for entry, name in zip(pieces.entries, hashes, strict=True) if name not in known]
    carried = len(hashes) - len(unknown)
    if not carried or not _is_sound(document.body, pieces):
        return (document,), following, 0
    if not unknown:
        return (), following, carried
    body = b"".join((pieces.head, *unknown, pieces.tail))
    return (replace(document, body=body),), following, carried


def split(document: p.Document) -> Pieces | None:
    """Cut a document at its entries, or ``None`` where that could change what an entry means."""
    body = document.body
    declared = _DECLARED.match(body)
    labels = [document.charset, declared.group(1).decode() if declared else ""]
    if any(label and label.lower().replace("-", "") not in ("utf8", "usascii") for label in labels):
        return None
    starts = list(_START.finditer(body))
    if not starts or b"<!DOCTYPE" in body or b"xml:base" in body or body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return None
    closing = b"</" + starts[0].group(1) + b">"
    if any(match.group(1) != starts[0].group(1) for match in starts) or body.count(closing) != len(starts):
        return None
    end = body.rfind(closing) + len(closing)
    edges = [*(match.start() for match in starts), end]
    entries = [body[a:b] for a, b in pairwise(edges)]
    if not all(entry.rstrip().endswith(closing) for entry in entries) or not _are_apart(entries):
        return None
    head = body[: edges[0]]
    return Pieces(head, entries, body[end:], _frame(head))


def _are_apart(entries: list[bytes]) -> bool:
    """Whether every entry has exactly one id and no two the same: else identity needs the whole document."""
    names = [_NAME.findall(entry) for entry in entries]
    return all(len(found) == 1 for found in names) and len({found[0].strip() for found in names}) == len(entries)


def _frame(head: bytes) -> str:
    """Hash of what in the head gives entries their meaning: namespaces of the root and the feed's link."""
    root, link = _ROOT.search(head), _LINK.search(head)
    return _hash((root.group() if root else b"") + (link.group() if link else b""))


def _hash(piece: bytes) -> str:
    return b2a_base64(blake2b(piece, digest_size=_HASH_BYTES).digest(), newline=False).decode()


def _is_sound(body: bytes, pieces: Pieces) -> bool:
    """Whether a strict parser finds exactly these pieces as elements: none in CDATA, a comment or another element."""
    parser = expat.ParserCreate("utf-8")
    name = "item" if pieces.entries[0].startswith(b"<item") else "entry"
    found: list[int] = []
    depths: set[int] = set()
    depth = 0

    def opened(tag: str, _attributes: Mapping[str, str]) -> None:
        nonlocal depth
        depth += 1
        if tag == name:
            found.append(parser.CurrentByteIndex)
            depths.add(depth)

    def closed(_tag: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    if not _parses(parser, body):
        return False
    at, expected = len(pieces.head), []
    for entry in pieces.entries:
        expected.append(at)
        at += len(entry)
    return found == expected and len(depths) == 1


def is_well_formed(document: p.Document) -> bool:
    """Whether a strict parser accepts the document's XML; JSON and empty bodies are not its business (true)."""
    body = document.body
    if body.lstrip()[:1] != b"<":
        return True
    parser = expat.ParserCreate("utf-8")
    if document.charset or not _DECLARED.match(body) or b"utf-8" not in body[:100].lower():
        text = decode(body, charset=document.charset, media_type=document.media_type).text
        body = text.encode("utf-8", "replace")
    return _parses(parser, body.lstrip())


def _parses(parser: expat.XMLParserType, body: bytes) -> bool:
    def refuse(*_arguments: object) -> None:
        message = "entity"
        raise ValueError(message)

    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, ValueError):
        return False
    return True
