"""Everything below ``output/``: changed files only, whole or not at all, read back as it was written."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

import pipeline.model as p
from pipeline import output
from tests.factories import rendering

EDITION, CHANNEL = "daily/2026-11-23", "website"


def page(path: str, body: str = "") -> p.Artifact:
    return p.Artifact(path=path, media_type="text/html", body=(body or path).encode())


def folder(root: Path) -> Path:
    return root / "editions" / EDITION / CHANNEL


def files(root: Path) -> dict[str, str]:
    base = folder(root)
    return {
        f.relative_to(base).as_posix(): f.read_text()
        for f in base.rglob("*")
        if f.is_file() and f.name != "manifest.json"
    }


def test_what_was_written_is_read_back(tmp_path: Path):
    """Bytes, media types, what was left out and the hash survive; the manifest names them all."""
    out = p.LeftOut(story_id="s1", title="제목", reason="budget")
    made = rendering(page("index.html"), page("s/a/b.html", "나"), left_out=(out,))
    assert output.write_rendering(tmp_path, made) == 2
    assert output.read_rendering(tmp_path, EDITION, CHANNEL) == made
    assert output.read_rendering(str(tmp_path), EDITION, CHANNEL, sha256=made.sha256) == made
    manifest = json.loads((folder(tmp_path) / "manifest.json").read_text())
    assert (manifest["sha256"], [f["path"] for f in manifest["files"]]) == (made.sha256, ["index.html", "s/a/b.html"])


def test_only_changed_files_are_written(tmp_path: Path):
    """Equal bytes keep their file, its time and its inode; withdrawn pages and empty folders go."""
    output.write_rendering(tmp_path, rendering(page("a.html"), page("b.html"), page("old/x/c.html")))
    before = (folder(tmp_path) / "a.html").stat()
    assert output.write_rendering(tmp_path, rendering(page("a.html"), page("b.html", "neu"), page("d.html"))) == 2
    after = (folder(tmp_path) / "a.html").stat()
    assert (before.st_mtime_ns, before.st_ino) == (after.st_mtime_ns, after.st_ino)
    assert files(tmp_path) == {"a.html": "a.html", "b.html": "neu", "d.html": "d.html"}
    assert not (folder(tmp_path) / "old").exists()


def test_the_same_again_touches_nothing(tmp_path: Path):
    """Not even the manifest."""
    made = rendering(page("a.html"), page("b/c.html"))
    output.write_rendering(tmp_path, made)
    before = {f: f.stat().st_mtime_ns for f in tmp_path.rglob("*")}
    assert output.write_rendering(tmp_path, made) == 0
    assert {f: f.stat().st_mtime_ns for f in tmp_path.rglob("*")} == before


def test_a_page_that_becomes_a_folder_and_back(tmp_path: Path):
    """Names may change their nature."""
    first, second = rendering(page("a"), page("b/c", "1")), rendering(page("a/x"), page("b"))
    for made in (first, second, first):
        output.write_rendering(tmp_path, made)
        assert output.read_rendering(tmp_path, EDITION, CHANNEL) == made
        assert files(tmp_path) == {a.path: a.body.decode() for a in made.artifacts}


def test_a_withdrawn_file_beside_others_leaves_its_folder(tmp_path: Path):
    """Only empty folders are removed."""
    output.write_rendering(tmp_path, rendering(page("a/1.html"), page("a/2.html")))
    output.write_rendering(tmp_path, rendering(page("a/1.html")))
    assert files(tmp_path) == {"a/1.html": "a/1.html"}


@pytest.mark.parametrize("count", [3, p.limits.FSYNC_FILES + 2], ids=["few", "many"])
@pytest.mark.parametrize("step", [0, 1, 3, 4])
def test_a_kill_at_any_write_is_repaired_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int, count: int
):
    """Whatever file was the last, the next write of any rendering leaves exactly that rendering (P28, P40)."""
    old = rendering(*(page(f"{n}.html", "old") for n in range(count)), page("gone.html"))
    new = rendering(*(page(f"{n}.html", "new") for n in range(count)), page("more.html"))
    output.write_rendering(tmp_path, old)

    class Killed(BaseException):
        pass

    real, calls = os.replace, 0

    def mortal(source: str, target: str) -> None:
        nonlocal calls
        calls += 1
        if calls > step:
            raise Killed
        real(source, target)

    monkeypatch.setattr(os, "replace", mortal)
    with pytest.raises(Killed):
        output.write_rendering(tmp_path, new)
    monkeypatch.undo()
    assert not output.has_rendering(tmp_path, EDITION, CHANNEL)
    output.write_rendering(tmp_path, old)  # equal to the manifest that still stands
    assert output.read_rendering(tmp_path, EDITION, CHANNEL) == old
    assert set(files(tmp_path)) == {a.path for a in old.artifacts}
    output.write_rendering(tmp_path, new)
    assert output.read_rendering(tmp_path, EDITION, CHANNEL) == new
    assert output.has_rendering(tmp_path, EDITION, CHANNEL)
    assert output.count_files(tmp_path, EDITION, CHANNEL) == count + 1


def test_a_mark_without_damage_is_taken_away(tmp_path: Path):
    """Killed after the manifest: nothing is written again, the leftovers go."""
    made = rendering(page("a.html"))
    output.write_rendering(tmp_path, made)
    (folder(tmp_path) / ".writing").touch()
    (folder(tmp_path) / "b.html").touch()
    assert output.write_rendering(tmp_path, made) == 0
    assert sorted(f.name for f in folder(tmp_path).iterdir()) == ["a.html", "manifest.json"]


def test_a_lost_or_shortened_file_is_written_again(tmp_path: Path):
    """The manifest is believed only as far as the files are there."""
    made = rendering(page("a.html"), page("b.html"))
    output.write_rendering(tmp_path, made)
    (folder(tmp_path) / "a.html").unlink()
    (folder(tmp_path) / "b.html").write_text("x")
    assert output.write_rendering(tmp_path, made) == 2
    (folder(tmp_path) / "manifest.json").write_text("{")
    assert output.write_rendering(tmp_path, made) == 2


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (lambda f: (f / "a.html").write_text("other!"), "damaged"),
        (lambda f: (f / "a.html").unlink(), "damaged"),
        (lambda f: (f / "manifest.json").write_text("{"), "damaged"),
        (
            lambda f: (f / "manifest.json").write_text(
                (f / "manifest.json").read_text().replace("a.html", "../a.html")
            ),
            "damaged",
        ),
        (lambda f: (f / "manifest.json").unlink(), "not-rendered"),
        (lambda _f: None, "superseded"),
    ],
)
def test_bytes_that_are_not_the_wanted_ones_are_refused(tmp_path: Path, harm, code: str):
    """P56: what is sent is what was rendered, or nothing."""
    output.write_rendering(tmp_path, rendering(page("a.html")))
    harm(folder(tmp_path))
    with pytest.raises(p.StoreError) as caught:
        output.read_rendering(tmp_path, EDITION, CHANNEL, sha256="0" * 64)
    assert caught.value.code == code


@pytest.mark.parametrize(("edition", "channel"), [("../x", "c"), ("daily/x", ".."), ("/abs", "c"), ("daily", "a b")])
def test_ids_cannot_leave_the_folder(tmp_path: Path, edition: str, channel: str):
    """P35: below the output root, always."""
    with pytest.raises(p.StoreError):
        output.write_rendering(tmp_path, rendering(digest_id=edition, channel=channel))


def test_a_disk_that_refuses_is_an_error_of_ours(tmp_path: Path):
    """P30: it names edition and channel."""
    (tmp_path / "editions").write_text("a file where a folder should be")
    with pytest.raises(p.StoreError) as caught:
        output.write_rendering(tmp_path, rendering())
    assert (caught.value.subject, caught.value.code) == (f"{EDITION}/{CHANNEL}", "output")


def test_reports(tmp_path: Path):
    """Written whole, only when different, under safe names."""
    path = output.write_report(tmp_path, "latest.txt", "보고".encode())
    before = path.stat().st_mtime_ns
    assert output.write_report(tmp_path, "latest.txt", "보고".encode()) == tmp_path / "reports" / "latest.txt"
    assert (path.read_text(), path.stat().st_mtime_ns) == ("보고", before)
    with pytest.raises(p.StoreError):
        output.write_report(tmp_path, "../x", b"")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "reports").write_text("")
    with pytest.raises(p.StoreError):
        output.write_report(tmp_path / "other", "x", b"")


def picture(root: Path, body: bytes = b"picture", path: str = "media/ab/ab12.jpg") -> p.Artifact:
    lies = root / path
    lies.parent.mkdir(parents=True, exist_ok=True)
    lies.write_bytes(body)
    about = p.OnDisk(path=path, sha256=sha256(body).hexdigest(), bytes=len(body))
    return p.Artifact(path=path, media_type="image/jpeg", body=b"", on_disk=about)


def test_a_picture_is_linked_and_counts_by_its_bytes(tmp_path: Path):
    """It is the same file, the rendering's name is that of its bytes, and it is read back as any artifact."""
    made = rendering(page("index.html"), picture(tmp_path))
    made = replace(made, sha256=output.hash_of(made.artifacts))
    assert output.write_rendering(tmp_path, made) == 2
    assert (folder(tmp_path) / "media/ab/ab12.jpg").samefile(tmp_path / "media/ab/ab12.jpg")
    assert output.write_rendering(tmp_path, made) == 0
    back = output.read_rendering(tmp_path, EDITION, CHANNEL)
    assert [a.body for a in back.artifacts] == [b"index.html", b"picture"]
    assert output.hash_of(back.artifacts) == back.sha256 == made.sha256


def test_pictures_may_stay_on_the_disk(tmp_path: Path):
    """Read lightly, a picture is where it lies; one that was cut short is noticed all the same."""
    made = rendering(page("index.html"), picture(tmp_path))
    output.write_rendering(tmp_path, replace(made, sha256=output.hash_of(made.artifacts)))
    (_page, light) = output.read_rendering(tmp_path, EDITION, CHANNEL, is_light=True).artifacts
    assert (light.body, light.on_disk.sha256) == (b"", sha256(b"picture").hexdigest())
    assert Path(light.on_disk.path).read_bytes() == b"picture"
    (folder(tmp_path) / "media/ab/ab12.jpg").write_bytes(b"pic")
    with pytest.raises(p.StoreError) as damaged:
        output.read_rendering(tmp_path, EDITION, CHANNEL, is_light=True)
    assert damaged.value.code == "damaged"
