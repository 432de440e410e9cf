"""A perpetual rendering made page by page: the same bytes and the same failure, however many processes made it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

import pipeline.model as p
from pipeline import output
from pipeline.publish import forks, perpetual
from pipeline.publish.desk import Desk
from pipeline.registry import Registry
from pipeline.store.store import Store
from tests.factories import INSTITUTE, NIGHT, entry

CHANNEL = p.ChannelSpec(id="website", renderer="paged", renderer_options=None)
DIGEST = p.Digest(
    id="daily/2026-11-23",
    digest_id="daily",
    title="소식",
    as_of=NIGHT,
    start_at=NIGHT,
    end_at=NIGHT,
    institute=INSTITUTE,
    sections=(),
)


@dataclass
class Paged:
    """A renderer that tells its pages first; ``broken`` ones fail when they are made."""

    count: int
    broken: tuple[int, ...] = ()
    twice: bool = False
    made: list[str] = field(default_factory=list)

    TITLE = "쪽"
    PRODUCES = frozenset({"text/html"})
    PERPETUAL = True
    Options = None

    def render(self, options: object, digest: p.Digest) -> Iterator[p.Artifact]:
        raise NotImplementedError

    def pages(self, options: object, digest: p.Digest, known: Mapping[str, str]) -> Iterator[p.Page]:
        for n in range(self.count):
            path = f"s/{n % 7}/{n}.html" if not self.twice or n < self.count - 1 else "s/0/0.html"
            yield p.Page(path=path, key=f"k{n}", make=partial(self._make, n, path), entries=(entry("1").id,))

    def _make(self, number: int, path: str, bodies: p.Bodies) -> p.Artifact:
        self.made.append(path)
        if number in self.broken:
            raise ZeroDivisionError(f"쪽 {number}")
        text, _body_html = bodies[entry("1").id]
        return p.Artifact(path=path, media_type="text/html", body=f"{number} {text}".encode())


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    settings = p.Settings(
        project=str(tmp_path),
        output=str(tmp_path / "output"),
        store_url="",
        institute=INSTITUTE,
        fetch=p.FetchRules(),
        sources=(),
        digests=(),
        channels=(),
    )
    with Store.open(f"sqlite:///{tmp_path}/moa.db") as store:
        store.entries.apply("notice", [p.New(entry=entry("1", text="글"))], now=NIGHT)
        plugins = Registry({}, installed=False)
        yield Desk(settings=settings, store=store, plugins=plugins, now=NIGHT, as_of=NIGHT, ground="g")


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.model.limits.PAGES_FORK", 10)
    monkeypatch.setattr("pipeline.model.limits.PAGES_BATCH", 3)


def renew(desk: Desk, renderer: Paged, monkeypatch: pytest.MonkeyPatch, processes: int) -> tuple[object, bytes]:
    monkeypatch.setattr(forks, "processes", lambda: processes)
    renewed = perpetual.renew(desk, CHANNEL, renderer, DIGEST, edition_id="site")
    return renewed, (Path(desk.settings.output) / "editions/site/website" / output.MANIFEST).read_bytes()


def test_the_bytes_do_not_depend_on_how_many_made_them(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """One, two or five processes: the same manifest, every file by its hash, and nothing to do the next time."""
    told = []
    for count in (1, 2, 5):
        monkeypatch.setattr(desk, "ground", f"g{count}")
        renderer = Paged(60)
        renewed, manifest = renew(desk, renderer, monkeypatch, count)
        assert len(renderer.made) == (60 if count == 1 else 0)  # else in the forks
        told.append({name: value for name, value in json.loads(manifest).items() if name != "ground"})
        output.read_rendering(desk.settings.output, "site", "website", sha256=told[-1]["sha256"])
        again = Paged(60)
        assert renew(desk, again, monkeypatch, count)[1] == manifest
        assert again.made == []
        del renewed
    assert told[0] == told[1] == told[2]
    assert len(told[0]["files"]) == 60


def test_a_first_site_by_many_is_the_one_by_one(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Written straight into its place, with the mark gone and nothing beside it."""
    renewed, manifest = renew(desk, Paged(60), monkeypatch, 3)
    folder = Path(desk.settings.output) / "editions/site/website"
    found = {f.relative_to(folder).as_posix() for f in folder.rglob("*") if f.is_file()}
    assert found == {f["path"] for f in json.loads(manifest)["files"]} | {output.MANIFEST}
    assert output.has_rendering(desk.settings.output, "site", "website")
    folder.rename(tmp_path / "aside")
    assert renew(desk, Paged(60), monkeypatch, 1) == (renewed, manifest)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_the_earliest_page_that_fails_is_told_and_the_last_site_stands(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    """Whoever met it."""
    _renewed, before = renew(desk, Paged(40), monkeypatch, count)
    monkeypatch.setattr(desk, "ground", "other")
    with pytest.raises(p.RenderError, match=r"ZeroDivisionError: 쪽 11") as caught:
        renew(desk, Paged(60, broken=(50, 11, 35)), monkeypatch, count)
    assert caught.value.subject == "site/website"
    assert not isinstance(caught.value.__cause__, p.PipelineError)
    rendering = output.read_rendering(desk.settings.output, "site", "website")
    assert len(rendering.artifacts) == 40
    assert (Path(desk.settings.output) / "editions/site/website" / output.MANIFEST).read_bytes() == before
    assert not (Path(desk.settings.output) / "editions/site/website/.new").exists()


@pytest.mark.parametrize("count", [1, 3])
def test_a_first_site_that_fails_leaves_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """Neither files nor the mark of a dead run."""
    with pytest.raises(p.RenderError):
        renew(desk, Paged(60, broken=(40,)), monkeypatch, count)
    assert not (Path(desk.settings.output) / "editions/site/website").exists()


@pytest.mark.parametrize("count", [1, 3])
def test_two_pages_of_one_name_are_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """With many processes before anything is written."""
    with pytest.raises(p.RenderError, match=r"s/0/0\.html") as caught:
        renew(desk, Paged(50, twice=True), monkeypatch, count)
    assert caught.value.code == "render-path"


def test_files_of_one_folder_stay_together() -> None:
    """A batch ends where a folder does, at the latest at twice its size; every page is in one batch."""
    pages = [p.Page(path=f"{n // 5}/{n}.html", key="", make=lambda _b: None) for n in range(17)]  # type: ignore[arg-type,return-value]
    pages += [p.Page(path=f"long/{n}.html", key="", make=lambda _b: None) for n in range(20)]  # type: ignore[arg-type,return-value]
    spans = list(perpetual.batches(pages))
    assert [n for span in spans for n in range(span.start, span.stop)] == list(range(37))
    assert [span.stop for span in spans[:3]] == [5, 10, 15]
    assert max(span.stop - span.start for span in spans) == 6
