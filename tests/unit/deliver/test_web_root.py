"""A web root that must stay the same folder: changed files only, pages last, strangers untouched, dead runs gone on with."""

from __future__ import annotations

from pathlib import Path

import pytest

import pipeline.model as p
from pipeline.deliver.transports import _mirror, files
from pipeline.deliver.transports._folders import WebRoot
from tests.unit.deliver.test_files import delivery, put, rendering, tree


def fill(folder: Path, of: p.Rendering) -> p.Receipt:
    return put(folder, of, mode="plain")


def shown(folder: Path) -> dict[str, str]:
    return {name: text for name, text in tree(folder).items() if name != _mirror.MEMORY}


class Dying(WebRoot):
    """A disk that fails at the n-th write."""

    def __init__(self, folder: Path, at: int) -> None:
        super().__init__(folder)
        self.left = at
        self.order: list[str] = []

    def put(self, path: str, body: bytes, media_type: str) -> None:
        self.left -= 1
        if self.left < 0:
            raise p.DeliveryError("x")
        self.order.append(path)
        super().put(path, body, media_type)


def test_a_folder_is_filled_and_follows(tmp_path: Path) -> None:
    """Only changed files are written, what is gone goes with its folder, and the folder itself stays."""
    fill(tmp_path, rendering(index_html="처음", s__a_html="하나", t__b_html="둘"))
    inode, page = tmp_path.stat().st_ino, (tmp_path / "s/a.html").stat()
    receipt = fill(tmp_path, rendering(index_html="다음", s__a_html="하나"))
    assert shown(tmp_path) == {"index.html": "다음", "s/a.html": "하나"}
    assert not (tmp_path / "t").exists()
    assert tmp_path.stat().st_ino == inode
    assert (tmp_path / "s/a.html").stat().st_mtime_ns == page.st_mtime_ns
    assert receipt.status == "1 files"


def test_files_of_others_stay(tmp_path: Path) -> None:
    """A web root has files of its own: never deleted; where one stands in our way nothing at all is written."""
    (tmp_path / "favicon.ico").write_text("남의 것")
    fill(tmp_path, rendering(index_html="처음", s__a_html="하나"))
    fill(tmp_path, rendering(index_html="다음"))
    assert shown(tmp_path) == {"index.html": "다음", "favicon.ico": "남의 것"}
    with pytest.raises(p.DeliveryError) as caught:
        fill(tmp_path, rendering(index_html="셋", favicon_html="x", **{"favicon.ico": "우리 것"}))
    assert caught.value.code == "folder-in-the-way"
    assert shown(tmp_path) == {"index.html": "다음", "favicon.ico": "남의 것"}


def test_a_foreign_home_page_is_never_overwritten(tmp_path: Path) -> None:
    """The first upload into somebody's site is refused."""
    (tmp_path / "index.html").write_text("남의 누리집")
    with pytest.raises(p.DeliveryError):
        fill(tmp_path, rendering(index_html="처음"))
    assert tree(tmp_path) == {"index.html": "남의 누리집"}


def test_the_front_page_comes_last(tmp_path: Path) -> None:
    """Styles and pictures, then pages, then lists, then the front page."""
    place = Dying(tmp_path, at=100)
    styles = p.Artifact(path="assets/moa.css", media_type="text/css", body=b"x")
    pages = rendering(index_html="1", archive_html="2", s__ab__c_html="3")
    _mirror.mirror(
        place, p.Rendering(digest_id="site", channel="w", sha256="0" * 64, artifacts=(*pages.artifacts, styles))
    )
    assert place.order == [
        _mirror.MEMORY, "assets/moa.css", "s/ab/c.html", "archive.html", "index.html", _mirror.MEMORY
    ]  # fmt: skip


@pytest.mark.parametrize("at", range(6))
def test_an_upload_that_dies_anywhere_is_gone_on_with(tmp_path: Path, at: int) -> None:
    """Whatever was written, the next upload, of this rendering or of another, ends with exactly its files."""
    one = rendering(index_html="하나", s__a_html="가가", s__b_html="나")
    two = rendering(index_html="둘둘", s__a_html="다다", s__c_html="라")
    fill(tmp_path, one)
    with pytest.raises(p.DeliveryError):
        _mirror.mirror(Dying(tmp_path, at), two)
    assert files.lookup(files.Options(folder=str(tmp_path), mode="plain"), delivery(two), None) is None
    last = (one, two)[at % 2]
    fill(tmp_path, last)
    assert shown(tmp_path) == {a.path: a.body.decode() for a in last.artifacts}


def test_lookup_says_whether_it_arrived(tmp_path: Path) -> None:
    """The folder's own memory answers; the same rendering again writes nothing."""
    one, two = rendering(index_html="처음"), rendering(index_html="다음")
    fill(tmp_path, one)
    before = {f: f.stat().st_mtime_ns for f in tmp_path.rglob("*")}
    fill(tmp_path, one)
    assert before == {f: f.stat().st_mtime_ns for f in tmp_path.rglob("*")}
    options = files.Options(folder=str(tmp_path), mode="plain")
    assert files.lookup(options, delivery(one), None) is not None
    assert files.lookup(options, delivery(two), None) is None


def test_a_harmed_file_is_put_right_with_the_next_rendering(tmp_path: Path) -> None:
    """Somebody deleted a page or cut one short: the next upload notices by the listing."""
    fill(tmp_path, rendering(index_html="처음", s__a_html="하나", s__b_html="둘"))
    (tmp_path / "s/a.html").unlink()
    (tmp_path / "s/b.html").write_text("")
    fill(tmp_path, rendering(index_html="다음", s__a_html="하나", s__b_html="둘"))
    assert shown(tmp_path) == {"index.html": "다음", "s/a.html": "하나", "s/b.html": "둘"}
