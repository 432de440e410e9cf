"""Making a place that cannot be switched at once equal to a rendering: only what changed, pages last, ours deleted last.

What does not live here: the places themselves (a web root, a bucket).
The place keeps a memory of ours, ``.moa.json``: what stands there by hash, and what was begun. A reader meets new pictures
and styles before the pages that need them and the front page last; a run that dies is gone on with by the next. Nothing
that is not in our memory is ever overwritten or deleted.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, Final, Protocol

import pipeline.model as p
from pipeline.i18n import _

MEMORY: Final = ".moa.json"
_FIRST: Final = ("image/", "text/css", "application/javascript", "font/")
_FRONT: Final = "index.html"
_TEXT: Final = ("text/", "application/json", "application/javascript", "application/xml", "application/feed+json")
_CHARSET: Final = "; charset=utf-8"


class Place(Protocol):
    """Where a mirror is kept. Every method may raise ``DeliveryError``."""

    def read(self, path: str) -> bytes | None:
        """Return a file, ``None`` when there is none."""

    def sizes(self) -> Mapping[str, int]:
        """Return every file with its size."""

    def put(self, path: str, body: bytes, media_type: str) -> None:
        """Write a file whole."""

    def delete(self, paths: Collection[str]) -> None:
        """Delete files; one that is gone already is no error."""


def mirror(place: Place, rendering: p.Rendering) -> int:
    """Make the place show this rendering and return how many files were written.

    Raises:
        DeliveryError: The place refuses, or files that are not ours stand in the way (``folder-in-the-way``); doing it
            again is safe.

    Cost: one listing, the files that changed, and two or three writes of the memory.
    """
    memory = _memory(place)
    if memory.get("shown") == rendering.sha256 and not memory["gone"]:
        return 0
    wanted = {a.path: a for a in rendering.artifacts}
    rows = {path: _row(artifact) for path, artifact in wanted.items()}
    there = place.sizes()
    ours = {*memory["files"], *memory["begun"], *memory["gone"]}
    _refuse_strangers((there.keys() & wanted.keys()) - ours - {MEMORY})
    stands = {
        path: row for path, row in rows.items() if memory["files"].get(path) == row and there.get(path) == row["bytes"]
    }
    begun = sorted(rows.keys() - stands.keys())
    gone = sorted((ours & there.keys()) - rows.keys())
    _remember(place, {"shown": "", "files": stands, "begun": begun, "gone": gone})
    for path in sorted(begun, key=lambda path: _turn(wanted[path])):
        place.put(path, body_of(wanted[path]), content_type(wanted[path].media_type))
    _remember(place, {"shown": rendering.sha256, "files": rows, "begun": [], "gone": gone})
    if gone:
        place.delete(gone)
        _remember(place, {"shown": rendering.sha256, "files": rows, "begun": [], "gone": []})
    return len(begun)


def shows(place: Place, sha256: str) -> bool:
    """Whether the place shows this rendering whole."""
    memory = _memory(place)
    return bool(memory["shown"] == sha256 and not memory["gone"])


def body_of(artifact: p.Artifact) -> bytes:
    """Return the bytes of an artifact; a picture is read from its file and checked.

    Raises:
        DeliveryError: The picture is not the one of the rendering.
    """
    if artifact.on_disk is None:
        return artifact.body
    try:
        body = Path(artifact.on_disk.path).read_bytes()
    except OSError:
        body = b""
    if hashlib.sha256(body).hexdigest() != artifact.on_disk.sha256:
        message = _("저장된 그림이 목록과 다릅니다: {path}").format(path=artifact.path)
        raise p.DeliveryError(message, code="damaged")
    return body


def content_type(media_type: str) -> str:
    """Return what a server should say of a file; all our texts are UTF-8."""
    is_text = media_type.startswith(_TEXT) or media_type.endswith("+xml")
    return media_type + _CHARSET if is_text else media_type


def _turn(artifact: p.Artifact) -> tuple[int, str]:
    """What pages need comes before them, lists after the pages they lead to, the front page last."""
    if artifact.path == _FRONT:
        return 3, artifact.path
    if artifact.media_type.startswith(_FIRST):
        return 0, artifact.path
    return 1 if artifact.path.count("/") > 1 else 2, artifact.path


def _row(artifact: p.Artifact) -> dict[str, p.Json]:
    if artifact.on_disk is not None:
        digest, size = artifact.on_disk.sha256, artifact.on_disk.bytes
    else:
        digest, size = hashlib.sha256(artifact.body).hexdigest(), len(artifact.body)
    return {"sha256": digest, "bytes": size, "media_type": artifact.media_type}


def _memory(place: Place) -> dict[str, Any]:
    """What we know of the place; a memory nobody can read is none, and then nothing there is ours."""
    empty: dict[str, Any] = {"shown": "", "files": {}, "begun": [], "gone": []}
    try:
        found = json.loads(place.read(MEMORY) or b"{}")
    except ValueError:
        return empty
    return empty | found if isinstance(found, dict) else empty


def _remember(place: Place, memory: Mapping[str, p.Json]) -> None:
    body = json.dumps({"moa": 1, **memory}, ensure_ascii=True, separators=(",", ":"))
    place.put(MEMORY, body.encode(), "application/json")


def _refuse_strangers(paths: Iterable[str]) -> None:
    names = sorted(paths)
    if names:
        message = _("올릴 자리에 moa가 만들지 않은 파일이 있습니다: {names}").format(names=", ".join(names[:3]))
        hint = _("그 파일을 옮기거나 다른 자리를 정한 뒤 다시 실행해 주세요.")
        raise p.DeliveryError(message, code="folder-in-the-way", hint=hint)
