"""A perpetual rendering renewed file by file: what says the same stays, readers never see half, the rest heals itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

import pipeline.model as p
from pipeline import output
from pipeline.renewal import Renewal, Renewed


def page(path: str, body: str) -> p.Artifact:
    return p.Artifact(path=path, media_type="text/html", body=body.encode())


def renew(root: Path, pages: dict[str, tuple[str, str]], ground: str = "g", **more: bool) -> tuple[Renewed, list[str]]:
    """Renew with (key, body) by path; return what became of it and which pages had to be made."""
    made = []
    with Renewal(root, "site", "website", ground=ground, **more) as renewal:
        for path, (key, body) in pages.items():
            if not renewal.keep(path, key):
                made.append(path)
                renewal.put(page(path, body), key)
        return renewal.close(), made


def folder(root: Path) -> Path:
    return root / "editions/site/website"


def tree(root: Path) -> dict[str, str]:
    found = {f.relative_to(folder(root)).as_posix(): f for f in folder(root).rglob("*") if f.is_file()}
    return {name: file.read_text() for name, file in found.items() if name != output.MANIFEST}


SITE = {"index.html": ("", "첫 쪽"), "s/a.html": ("k1", "가"), "s/b.html": ("k2", "나")}


def test_a_renewal_reads_back_as_the_rendering_it_names(tmp_path: Path) -> None:
    """Its hash is the one of a rendering written whole, and every byte is checked against it."""
    renewed, _made = renew(tmp_path, SITE)
    whole = output.read_rendering(tmp_path, "site", "website", sha256=renewed.sha256)
    assert output.hash_of(whole.artifacts) == renewed.sha256
    assert (renewed.pages, renewed.written) == (3, 3)
    again, _made = renew(tmp_path, SITE)
    assert again == Renewed(renewed.sha256, 3, 0)


def test_only_what_says_something_new_is_made(tmp_path: Path) -> None:
    """A file with an equal key is neither made nor touched; one with equal bytes is made and not written."""
    renew(tmp_path, SITE)
    before = {f: f.stat().st_ino for f in folder(tmp_path).rglob("*.html")}
    renewed, made = renew(tmp_path, {**SITE, "s/b.html": ("k3", "다")})
    assert made == ["index.html", "s/b.html"]
    assert renewed.written == 1
    after = {f: f.stat().st_ino for f in folder(tmp_path).rglob("*.html")}
    assert {f.name for f in before if before[f] != after[f]} == {"b.html"}


def test_what_was_made_of_is_known_while_it_may_stay(tmp_path: Path) -> None:
    """The keys of the last time's files, for those who build on them; on another ground, or after a death, nothing is known."""
    renew(tmp_path, SITE)

    def known(ground: str) -> Mapping[str, str]:
        return Renewal(tmp_path, "site", "website", ground=ground).known

    assert known("g") == {"s/a.html": "k1", "s/b.html": "k2"}
    assert known("other") == {}
    (folder(tmp_path) / output.WRITING).touch()
    assert known("g") == {}


def test_nothing_new_touches_nothing(tmp_path: Path) -> None:
    """Not even the manifest."""
    renew(tmp_path, SITE)
    before = {f: (f.stat().st_ino, f.stat().st_mtime_ns) for f in folder(tmp_path).rglob("*")}
    renew(tmp_path, SITE)
    assert before == {f: (f.stat().st_ino, f.stat().st_mtime_ns) for f in folder(tmp_path).rglob("*")}


def test_new_templates_make_everything_anew(tmp_path: Path) -> None:
    """Another ground makes every page; those that come out the same keep their file, and the next time all stand."""
    renew(tmp_path, SITE)
    renewed, made = renew(tmp_path, {**SITE, "s/a.html": ("k1", "새 틀")}, ground="other")
    assert (sorted(made), renewed.written) == (sorted(SITE), 1)
    assert renew(tmp_path, {**SITE, "s/a.html": ("k1", "새 틀")}, ground="other")[1] == ["index.html"]


@pytest.mark.parametrize("harm", ["gone", "cut", "manifest"])
def test_a_harmed_output_heals_itself(tmp_path: Path, harm: str) -> None:
    """A page somebody deleted or cut short, and a broken manifest, are made good by the next renewal."""
    renew(tmp_path, SITE)
    whole = tree(tmp_path)
    if harm == "gone":
        (folder(tmp_path) / "s/a.html").unlink()
    elif harm == "cut":
        (folder(tmp_path) / "s/a.html").write_text("")
    else:
        (folder(tmp_path) / output.MANIFEST).write_text("{")
    renewed, _made = renew(tmp_path, SITE)
    assert tree(tmp_path) == whole
    assert output.read_rendering(tmp_path, "site", "website").sha256 == renewed.sha256


def test_a_page_that_fails_leaves_the_last_site(tmp_path: Path) -> None:
    """Nothing is switched before everything is made; what was written aside is gone."""
    renew(tmp_path, SITE)
    before = tree(tmp_path)
    with pytest.raises(ZeroDivisionError), Renewal(tmp_path, "site", "website", ground="g") as renewal:
        renewal.put(page("index.html", "새 첫 쪽"), "")
        raise ZeroDivisionError
    assert tree(tmp_path) == before
    assert output.has_rendering(tmp_path, "site", "website")


def test_a_run_that_died_while_switching_is_made_good(tmp_path: Path) -> None:
    """With the mark of a dead run nothing is believed: bytes are compared, and what no page stands for goes."""
    renew(tmp_path, SITE)
    (folder(tmp_path) / output.WRITING).touch()
    (folder(tmp_path) / "s/a.html").write_text("반쪽")
    (folder(tmp_path) / "s/fremd.html").write_text("남은 것")
    same = (folder(tmp_path) / "s/b.html").stat().st_ino
    renewed, made = renew(tmp_path, SITE)
    assert (sorted(made), renewed.written) == (sorted(SITE), 1)
    assert tree(tmp_path) == {path: body for path, (_key, body) in SITE.items()}
    assert (folder(tmp_path) / "s/b.html").stat().st_ino == same
    assert output.has_rendering(tmp_path, "site", "website")


def test_pages_go_with_their_stories_and_folders_become_pages(tmp_path: Path) -> None:
    """A withdrawn page is deleted with the folder it leaves empty; a page may take a folder's name and back."""
    renew(tmp_path, {"index.html": ("", "하나"), "s.html/a": ("k", "가")})
    renew(tmp_path, {"index.html": ("", "하나"), "s.html": ("k", "쪽")})
    assert tree(tmp_path) == {"index.html": "하나", "s.html": "쪽"}
    renew(tmp_path, {"s.html/a": ("k", "가")})
    assert tree(tmp_path) == {"s.html/a": "가"}


def test_a_dry_renewal_writes_nothing(tmp_path: Path) -> None:
    """It tells the hash all the same."""
    renewed, made = renew(tmp_path, SITE, is_dry=True)
    assert (made, renewed.written, list(tmp_path.iterdir())) == (list(SITE), 0, [])
    assert renew(tmp_path, SITE)[0].sha256 == renewed.sha256


def test_a_picture_is_linked_and_never_read(tmp_path: Path) -> None:
    """Bytes on the disk are linked from ``output/``; the same picture again is no new file."""
    (tmp_path / "media").mkdir()
    (tmp_path / "media/a.jpg").write_bytes(b"jpeg")
    lies = p.OnDisk(path="media/a.jpg", sha256=output.sha256_of(page("x", "jpeg")), bytes=4)
    picture = p.Artifact(path="media/a.jpg", media_type="image/jpeg", body=b"", on_disk=lies)
    for written in (1, 0):
        with Renewal(tmp_path, "site", "website", ground="g") as renewal:
            renewal.put(picture, "")
            assert renewal.close().written == written
    assert (folder(tmp_path) / "media/a.jpg").samefile(tmp_path / "media/a.jpg")
