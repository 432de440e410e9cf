"""The folder a city's readers see: whole, atomic, and untouched when nothing changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

import pipeline.model as p
from pipeline.deliver.transports import copykit, files

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)


def rendering(**pages: str) -> p.Rendering:
    artifacts = tuple(
        p.Artifact(path=name.replace("__", "/").replace("_html", ".html"), media_type="text/html", body=text.encode())
        for name, text in sorted(pages.items())
    )
    name = sha256(repr(artifacts).encode()).hexdigest()
    return p.Rendering(digest_id="daily/2026-11-23", channel="website", sha256=name, artifacts=artifacts)


def delivery(of: p.Rendering) -> p.Delivery:
    return p.Delivery(
        id="site/website/x",
        edition_id="daily/2026-11-23",
        channel="website",
        transport="files",
        rendering_sha256=of.sha256,
        not_before_at=NOW,
    )


def put(folder: Path, of: p.Rendering, **options: object) -> p.Receipt:
    return files.send(files.Options(folder=str(folder), **options), delivery(of), of, None, lambda memo: None)


def tree(folder: Path) -> dict[str, str]:
    return {str(f.relative_to(folder)): f.read_text() for f in sorted(folder.rglob("*")) if f.is_file()}


def test_the_folder_shows_the_rendering(tmp_path: Path) -> None:
    """Every artifact stands at its path."""
    put(tmp_path / "www", rendering(index_html="처음", s__a_html="하나"))
    assert tree(tmp_path / "www") == {"index.html": "처음", "s/a.html": "하나"}


def test_a_new_rendering_replaces_the_old_one_whole(tmp_path: Path) -> None:
    """What is no longer rendered is gone; unchanged files keep their modification time."""
    put(tmp_path / "www", rendering(index_html="처음", s__a_html="하나", s__b_html="둘"))
    before = (tmp_path / "www/s/a.html").stat()
    put(tmp_path / "www", rendering(index_html="다음", s__a_html="하나"))
    after = (tmp_path / "www/s/a.html").stat()
    assert tree(tmp_path / "www") == {"index.html": "다음", "s/a.html": "하나"}
    assert (before.st_mtime_ns, before.st_ino) == (after.st_mtime_ns, after.st_ino)


def test_the_switch_is_one_rename(tmp_path: Path) -> None:
    """The public name is a link at every moment: a reader who opened the old release keeps it whole."""
    put(tmp_path / "www", rendering(index_html="처음"))
    old = (tmp_path / "www").resolve()
    put(tmp_path / "www", rendering(index_html="다음"))
    assert (old / "index.html").read_text() == "처음"
    assert (tmp_path / "www").is_symlink()


def test_the_same_rendering_again_writes_nothing(tmp_path: Path) -> None:
    """A night without changes leaves the release alone."""
    one = rendering(index_html="처음")
    put(tmp_path / "www", one)
    before = {f: f.lstat().st_mtime_ns for f in tmp_path.rglob("*")}
    put(tmp_path / "www", one)
    assert before == {f: f.lstat().st_mtime_ns for f in tmp_path.rglob("*")}


def test_old_releases_are_forgotten_but_never_the_one_shown(tmp_path: Path) -> None:
    """``keep`` bounds the disk."""
    for number in range(6):
        put(tmp_path / "www", rendering(index_html=f"{number}"), keep=2)
    assert len([f for f in files.releases_of(tmp_path / "www").iterdir() if f.is_dir()]) == 2
    assert tree(tmp_path / "www") == {"index.html": "5"}


def test_a_folder_of_somebody_else_is_never_replaced(tmp_path: Path) -> None:
    """A web root with files of its own is refused with a sentence, and nothing is lost."""
    (tmp_path / "www").mkdir()
    (tmp_path / "www/mine.html").write_text("남의 것")
    with pytest.raises(p.DeliveryError) as caught:
        put(tmp_path / "www", rendering(index_html="처음"))
    assert caught.value.code == "folder-in-the-way"
    assert tree(tmp_path / "www") == {"mine.html": "남의 것"}


def test_a_build_that_was_killed_is_begun_again(tmp_path: Path) -> None:
    """Half a release left by a dead run is never shown."""
    one = rendering(index_html="처음", s__a_html="하나")
    half = files.releases_of(tmp_path / "www") / f"{one.sha256[:16]}.new"
    half.mkdir(parents=True)
    (half / "junk").write_text("반쪽")
    put(tmp_path / "www", one)
    assert tree(tmp_path / "www") == {"index.html": "처음", "s/a.html": "하나"}


def test_lookup_says_whether_it_arrived(tmp_path: Path) -> None:
    """After an interrupted run the folder itself answers."""
    one, two = rendering(index_html="처음"), rendering(index_html="다음")
    put(tmp_path / "www", one)
    options = files.Options(folder=str(tmp_path / "www"))
    assert files.lookup(options, delivery(one), None) is not None
    assert files.lookup(options, delivery(two), None) is None


def test_a_kit_holds_the_text_and_a_guide(tmp_path: Path) -> None:
    """Staff find what to paste and how; the guide names the hash and is written last."""
    one = replace(rendering(post_html="이번 주 배움소식"), channel="kakao")
    kit = replace(delivery(one), channel="kakao")
    options = copykit.Options(folder=str(tmp_path / "kit"))
    assert copykit.lookup(options, kit, None) is None
    copykit.send(options, kit, one, None, lambda memo: None)
    folder = tmp_path / "kit/daily/2026-11-23/kakao"
    assert (folder / "post.html").read_text() == "이번 주 배움소식"
    assert one.sha256 in (folder / "읽어-주세요.txt").read_text()
    assert copykit.lookup(options, kit, None) == p.Receipt(provider_id=one.sha256[:16], accepted=1, status="kit")


def pictured(lies: Path, body: bytes, **pages: str) -> p.Rendering:
    lies.write_bytes(body)
    about = p.OnDisk(path=str(lies), sha256=sha256(b"picture").hexdigest(), bytes=7)
    one = p.Artifact(path="media/a.jpg", media_type="image/jpeg", body=b"", on_disk=about)
    made = rendering(**pages)
    return replace(made, artifacts=(*made.artifacts, one))


def test_pictures_are_linked_from_release_to_release(tmp_path: Path) -> None:
    """One file on the disk, however many releases show it."""
    for text in ("처음", "다음"):
        put(tmp_path / "www", pictured(tmp_path / "lies.jpg", b"picture", index_html=text))
        assert (tmp_path / "www/media/a.jpg").read_bytes() == b"picture"
    releases = sorted(files.releases_of(tmp_path / "www").iterdir())
    assert len(releases) == 2
    assert releases[0].joinpath("media/a.jpg").samefile(releases[1] / "media/a.jpg")


def test_a_picture_that_is_not_what_was_rendered_is_not_published(tmp_path: Path) -> None:
    """Same size, other bytes: the folder keeps what it showed."""
    put(tmp_path / "www", rendering(index_html="처음"))
    with pytest.raises(p.DeliveryError) as refused:
        put(tmp_path / "www", pictured(tmp_path / "lies.jpg", b"PICTURE", index_html="다음"))
    assert refused.value.code == "damaged"
    assert tree(tmp_path / "www") == {"index.html": "처음"}
