"""Everything written below ``output/``: renderings with their manifests, and reports; atomically, changed files only.

What does not live here: what is rendered (``publish/``), the public web root (the ``files`` transport), the database.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pipeline.model as p
from pipeline import disk
from pipeline.i18n import _

MANIFEST: Final = "manifest.json"
WRITING: Final = ".writing"  # present while files and manifest may disagree
_SEGMENT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}\Z", re.ASCII)


def hash_of(artifacts: Iterable[p.Artifact]) -> str:
    """Return the name of a rendering: SHA-256 over its sorted (path, media type, SHA-256 of the body)."""
    return hash_rows((a.path, a.media_type, sha256_of(a)) for a in artifacts)


def sha256_of(artifact: p.Artifact) -> str:
    """Return the SHA-256 of an artifact's bytes, wherever they lie; nothing is read from the disk."""
    return artifact.on_disk.sha256 if artifact.on_disk else _sha256(artifact.body)


def size_of(artifact: p.Artifact) -> int:
    """Return how many bytes an artifact has, wherever they lie."""
    return artifact.on_disk.bytes if artifact.on_disk else len(artifact.body)


def hash_rows(rows: Iterable[tuple[str, str, str]]) -> str:
    """Return the name of a rendering from its rows of path, media type and SHA-256."""
    return _sha256("".join(f"{path}\0{media_type}\0{digest}\n" for path, media_type, digest in sorted(rows)).encode())


def _sha256(body: bytes) -> str:
    from hashlib import sha256  # noqa: PLC0415 - a night without news writes its report alone; OpenSSL is dear to load

    return sha256(body).hexdigest()


def path_problem(path: str) -> str:
    """Return why a relative path may not be written, ``""`` when it may (P35).

    ASCII letters, digits, ``.``, ``_`` and ``-``, at most 80 bytes a segment, none beginning with a dot.
    """
    parts = path.split("/")
    if len(path) > p.limits.ARTIFACT_PATH_CHARS:
        return "too long"
    if not all(_SEGMENT.match(part) and not part.endswith((disk.ASIDE, ".")) for part in parts):
        return "not a safe relative path"
    return "reserved name" if path.lower() == MANIFEST else ""


def folder_of(output_dir: str | Path, edition_id: str, channel: str) -> Path:
    """Return the folder that holds one rendering's files and its manifest.

    Raises:
        StoreError: An id is no safe path.
    """
    for name in (edition_id, channel):
        if path_problem(name):
            raise p.StoreError(_("'{name}' 은(는) 폴더 이름으로 쓸 수 없습니다.").format(name=name), code="output")
    return Path(output_dir) / "editions" / edition_id / channel


def write_rendering(output_dir: str | Path, rendering: p.Rendering) -> int:
    """Store a rendering under ``output/editions/<edition>/<channel>/`` and return how many files were written.

    Equal files keep their bytes and times. Each file is written aside and renamed; the manifest follows when all are on
    disk, and then what it no longer names is deleted. A kill in between leaves a mark: the next call compares bytes.

    Raises:
        StoreError: The disk refuses (full, read-only).

    Cost: one ``stat`` for every unchanged file. Source: P40, performance §11 "Rendering".
    """
    folder = folder_of(output_dir, rendering.digest_id, rendering.channel)
    with writing(f"{rendering.digest_id}/{rendering.channel}"):
        return _write(folder, rendering, Path(output_dir))


@contextmanager
def writing(subject: str) -> Iterator[None]:
    """Turn a disk's refusal into our error."""
    try:
        yield
    except OSError as error:
        raise p.StoreError(
            _("결과 파일을 쓰지 못했습니다: {why}").format(why=error.strerror or error),
            subject=subject,
            hint=_("디스크의 빈 공간과 output 폴더의 권한을 확인해 주세요."),
            code="output",
        ) from error


def _write(folder: Path, rendering: p.Rendering, top: Path) -> int:
    old = manifest_files(folder)
    hashes = {a.path: sha256_of(a) for a in rendering.artifacts}
    manifest = _manifest_bytes(rendering, hashes)
    if (folder / WRITING).exists():  # a run died here: the manifest cannot be trusted
        changed = [a for a in rendering.artifacts if not is_same(folder / a.path, a)]
        gone = sorted(strangers(folder, hashes))
    else:
        changed = [a for a in rendering.artifacts if not _stands(folder, a, old.get(a.path), hashes[a.path])]
        gone = sorted(set(old) - set(hashes))
        if not changed and not gone and disk.same_bytes(folder / MANIFEST, manifest):
            return 0
    folder.mkdir(parents=True, exist_ok=True)
    (folder / WRITING).touch()
    disk.sync_folder(folder)
    single = len(changed) <= p.limits.FSYNC_FILES
    _put_all(folder, changed, top, durable=single)
    if not single:
        os.sync()  # one flush for the whole site instead of one for each of thousands of pages
    disk.put(str(folder / MANIFEST), manifest, durable=True)
    disk.sync_folder(folder)
    for path in gone:
        disk.remove(folder, path)
    (folder / WRITING).unlink(missing_ok=True)
    return len(changed)


def strangers(folder: Path, known: Container[str]) -> Iterable[str]:
    """Yield files of the folder that are neither of the rendering nor ours."""
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in known and name not in (MANIFEST, WRITING):
            yield name


def is_same(path: Path, artifact: p.Artifact) -> bool:
    """Whether a file holds an artifact's bytes; it is read."""
    if artifact.on_disk is None:
        return disk.same_bytes(path, artifact.body)
    try:
        return _sha256(path.read_bytes()) == artifact.on_disk.sha256
    except OSError:
        return False


def _stands(folder: Path, artifact: p.Artifact, recorded: Mapping[str, object] | None, digest: str) -> bool:
    """Whether the stored file is this artifact: same hash in the manifest, still there at that size."""
    if recorded is None or recorded.get("sha256") != digest:
        return False
    try:
        return os.stat(f"{folder}/{artifact.path}").st_size == size_of(artifact)  # noqa: PTH116 - thousands: see _put
    except OSError:
        return False


def _put_all(folder: Path, artifacts: Iterable[p.Artifact], top: Path, *, durable: bool) -> None:
    ready: set[str] = set()
    for artifact in artifacts:
        parent = artifact.path.rpartition("/")[0]
        if parent not in ready:
            disk.make_way(folder, parent)
            ready.add(parent)
        try:
            _put_one(folder, artifact, top, durable=durable)
        except IsADirectoryError:  # a folder became a page
            disk.remove_tree(folder / artifact.path)
            _put_one(folder, artifact, top, durable=durable)
    if durable:
        for parent in sorted(ready):
            disk.sync_folder(folder / parent)


def _put_one(folder: Path, artifact: p.Artifact, top: Path, *, durable: bool) -> None:
    path = f"{folder}/{artifact.path}"
    if artifact.on_disk is None:
        disk.put(path, artifact.body, durable=durable)
    else:
        disk.link(top / artifact.on_disk.path, path, durable=durable)


def _manifest_bytes(rendering: p.Rendering, hashes: Mapping[str, str]) -> bytes:
    """JSON with one line a file: quick to make for a large site, and a diff of two says what changed."""
    head = {"edition": rendering.digest_id, "channel": rendering.channel, "sha256": rendering.sha256}
    left_out = [{"story": o.story_id, "title": o.title, "reason": o.reason} for o in rendering.left_out]
    files = ",\n".join(
        json.dumps({"path": a.path, "media_type": a.media_type, "bytes": size_of(a), "sha256": hashes[a.path]})
        for a in sorted(rendering.artifacts, key=lambda a: a.path)
    )
    rest = json.dumps(head | {"left_out": left_out}, ensure_ascii=False)[:-1]
    return f'{rest}, "files": [\n{files}\n]}}\n'.encode()


def manifest_of(folder: Path) -> Mapping[str, Any]:
    """Return a manifest, ``{}`` when there is none yet or it is damaged: then everything is written anew."""
    try:
        found = json.loads((folder / MANIFEST).read_bytes())
        return {**found, "files": {str(f["path"]): f for f in found["files"]}}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def manifest_files(folder: Path) -> Mapping[str, Any]:
    """Return the rows of a manifest by path."""
    files: Mapping[str, Any] = manifest_of(folder).get("files", {})
    return files


def has_rendering(output_dir: str | Path, edition_id: str, channel: str) -> bool:
    """Whether a rendering stands whole on disk, by its manifest (two ``stat`` calls, nothing is read)."""
    folder = folder_of(output_dir, edition_id, channel)
    return (folder / MANIFEST).is_file() and not (folder / WRITING).exists()


def count_files(output_dir: str | Path, edition_id: str, channel: str) -> int:
    """Return how many files, pictures apart, the stored rendering has, 0 when there is none; reads the manifest only."""
    files = manifest_files(folder_of(output_dir, edition_id, channel)).values()
    return sum(not str(file.get("media_type", "")).startswith("image/") for file in files)


def read_rendering(
    output_dir: str | Path,
    edition_id: str,
    channel: str,
    sha256: str | None = None,
    *,
    is_light: bool = False,
) -> p.Rendering:
    """Read a stored rendering back, every byte checked against its manifest (P56).

    Args:
        output_dir: ``output/``.
        edition_id: ``<digest>/<date>``, or ``site`` for a perpetual one.
        channel: Channel id.
        sha256: The rendering that is wanted; any other is refused. ``None`` takes what is stored.
        is_light: Leave pictures on the disk, looked at for their size only; whoever takes their bytes checks them.

    Raises:
        StoreError: Nothing is stored there (``not-rendered``), the bytes are not those of the manifest (``damaged``), or
            it is another rendering than the wanted one (``superseded``).

    Cost: reads every file once.
    """
    folder = folder_of(output_dir, edition_id, channel)
    subject = f"{edition_id}/{channel}"
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        artifacts = tuple(_artifact(folder, row, is_light=is_light) for row in manifest["files"])
        stored = str(manifest["sha256"])
        left_out = tuple(
            p.LeftOut(story_id=o["story"], title=o["title"], reason=o["reason"]) for o in manifest["left_out"]
        )
    except FileNotFoundError as error:
        code = "damaged" if (folder / MANIFEST).exists() else "not-rendered"
        raise p.StoreError(_("저장된 발행물이 없습니다."), subject=subject, code=code) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise p.StoreError(_("저장된 발행물을 읽지 못했습니다."), subject=subject, code="damaged") from error
    if hash_of(artifacts) != stored:
        raise p.StoreError(_("저장된 발행물이 목록과 다릅니다."), subject=subject, code="damaged")
    if sha256 is not None and sha256 != stored:
        raise p.StoreError(_("그 사이 다른 발행물로 바뀌었습니다."), subject=subject, code="superseded")
    return p.Rendering(digest_id=edition_id, channel=channel, sha256=stored, artifacts=artifacts, left_out=left_out)


def _artifact(folder: Path, row: Mapping[str, Any], *, is_light: bool) -> p.Artifact:
    if path_problem(row["path"]):
        raise ValueError(row["path"])
    path = folder / row["path"]
    if is_light and row["media_type"].startswith("image/"):
        if path.stat().st_size != row["bytes"]:
            raise ValueError(row["path"])
        lies = p.OnDisk(path=str(path.absolute()), sha256=row["sha256"], bytes=row["bytes"])
        return p.Artifact(path=row["path"], media_type=row["media_type"], body=b"", on_disk=lies)
    return p.Artifact(path=row["path"], media_type=row["media_type"], body=path.read_bytes())


def write_report(output_dir: str | Path, name: str, body: bytes) -> Path:
    """Write one report atomically to ``output/reports/<name>`` and return its path.

    Raises:
        StoreError: The name is not safe, or the disk refuses.
    """
    if path_problem(name):
        raise p.StoreError(_("'{name}' 은(는) 파일 이름으로 쓸 수 없습니다.").format(name=name), code="output")
    path = Path(output_dir) / "reports" / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not disk.same_bytes(path, body):
            disk.put(str(path), body, durable=False)  # the store keeps it too; whole or not at all is enough here
    except OSError as error:
        raise p.StoreError(
            _("보고서를 쓰지 못했습니다: {why}").format(why=error.strerror or error), subject=name, code="output"
        ) from error
    return path
