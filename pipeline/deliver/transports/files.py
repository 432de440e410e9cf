"""Publish a rendering's files to a folder or web root, whole or not at all.

What does not live here: making the files (``renderers/``). The folder people read is a symbolic link to a release; a new
release is built beside it, sharing unchanged files with the last one as hard links, and the link is switched by one
``rename(2)``: a reader sees the old site or the new one, never a mix or a gap (P40; ``ln -sfn`` would leave a gap).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Literal

from pydantic import Field

import pipeline.model as p
from pipeline.deliver.transports import _mirror
from pipeline.deliver.transports._folders import WebRoot, refusals, sync_folder
from pipeline.i18n import _

TITLE = "폴더(웹 서버)에 올리기"
ACCEPTS = frozenset({"*/*"})
REACHES_PEOPLE = False
REPEATABLE = True
LINKS = True  # pictures may stay on the disk: they are linked, not read


class Options(p.Options):
    """Where the files go."""

    folder: p.ProjectPath = Field(description="파일을 올릴 폴더", examples=["output/website"])
    mode: Literal["switch", "plain"] = Field(
        default="switch",
        description="switch 는 한 번에 바꾸기(심볼릭 링크), plain 은 링크를 쓸 수 없는 웹 폴더에 바뀐 파일만 쓰기",
        examples=["switch"],
    )
    keep: int = Field(default=3, ge=1, le=50, description="남겨 둘 지난 판의 수", examples=["3"])


def send(
    options: Options,
    delivery: p.Delivery,
    rendering: p.Rendering,
    http: p.Http,
    keep: Callable[[p.Memo], None],
) -> p.Receipt:
    """Switch the folder to this rendering; doing it twice changes nothing.

    Raises:
        DeliveryError: The folder cannot be written, or something that is not ours stands in its place.
    """
    del delivery, http, keep  # nothing between the first and the last step needs remembering
    target = Path(options.folder)
    name = rendering.sha256[:16]
    if options.mode == "plain":
        written = _mirror.mirror(WebRoot(target), rendering)
        return p.Receipt(provider_id=name, accepted=1, status=f"{written} files")
    with refusals(target):
        if current(target) != name:
            _require_ours(target)
            release = _build(target, name, rendering)
            _switch(target, release)
            _forget(target, options.keep)
    return p.Receipt(provider_id=name, accepted=1, status=f"{len(rendering.artifacts)} files")


def lookup(options: Options, delivery: p.Delivery, http: p.Http) -> p.Receipt | None:
    """Return a receipt if the folder shows this rendering."""
    del http
    name, target = delivery.rendering_sha256[:16], Path(options.folder)
    if options.mode == "plain":
        is_shown = _mirror.shows(WebRoot(target), delivery.rendering_sha256)
    else:
        is_shown = current(target) == name
    return p.Receipt(provider_id=name, accepted=1) if is_shown else None


def current(target: Path) -> str:
    """Return the name of the release a folder shows, ``""`` when none."""
    return target.readlink().name if target.is_symlink() else ""


def releases_of(target: Path) -> Path:
    """Return the folder beside the target that holds its releases."""
    return target.with_name(f".{target.name}.releases")


def _require_ours(target: Path) -> None:
    if target.is_symlink() or not target.exists():
        return
    if target.is_dir() and not any(target.iterdir()):
        target.rmdir()
        return
    message = _("{folder} 자리에 moa가 만들지 않은 파일이 있습니다. 옮긴 뒤 다시 실행해 주세요.").format(folder=target)
    raise p.DeliveryError(message, code="folder-in-the-way")


def _build(target: Path, name: str, rendering: p.Rendering) -> Path:
    releases = releases_of(target)
    release, aside = releases / name, releases / f"{name}.new"
    if release.is_dir():
        return release
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    before = target.resolve() if target.is_symlink() else None
    for artifact in rendering.artifacts:
        _place(aside / artifact.path, artifact, before / artifact.path if before else None)
    os.sync()  # once for thousands of files: a release is durable before it has its name
    aside.rename(release)
    sync_folder(releases)
    return release


def _place(path: Path, artifact: p.Artifact, old: Path | None) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if artifact.on_disk is not None:
        _link(path, artifact.on_disk, old)
        return
    if old is not None and _equal(old, artifact.body):
        os.link(old, path)  # keeps the modification time: readers' caches and rsync see no change
        return
    path.write_bytes(artifact.body)


def _link(path: Path, lies: p.OnDisk, old: Path | None) -> None:
    """A picture is named by its content: one of that name in the last release is the same; a new one is checked."""
    if old is not None and old.is_file() and old.stat().st_size == lies.bytes:
        os.link(old, path)
        return
    body = Path(lies.path).read_bytes()
    if sha256(body).hexdigest() != lies.sha256:
        message = _("저장된 그림이 목록과 다릅니다: {path}").format(path=path.name)
        raise p.DeliveryError(message, code="damaged")
    try:
        os.link(lies.path, path)
    except OSError:  # another disk
        path.write_bytes(body)


def _equal(path: Path, body: bytes) -> bool:
    try:
        return path.stat().st_size == len(body) and sha256(path.read_bytes()).digest() == sha256(body).digest()
    except OSError:
        return False


def _switch(target: Path, release: Path) -> None:
    link = target.with_name(f".{target.name}.link")
    link.unlink(missing_ok=True)
    link.symlink_to(os.path.relpath(release, target.parent))
    link.replace(target)
    sync_folder(target.parent)


def _forget(target: Path, keep: int) -> None:
    """Remove releases beyond the newest ``keep``; the one shown is never among them."""
    shown = current(target)
    others = [r for r in releases_of(target).iterdir() if r.is_dir() and r.name != shown]
    others.sort(key=lambda r: (-r.stat().st_mtime, r.name))
    for release in others[keep - 1 :]:
        shutil.rmtree(release)
