"""What a night costs, counted, not timed: requests, imports, processes, statements, pages (performance §12)."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

import pipeline.model as p
from pipeline.collect.workers import Workers
from pipeline.store import codec
from pipeline.store.store import Store
from renderers import _find
from renderers import _site as website_pages
from tests.factories import entry
from tests.flow.project import Project, feed, item, rss
from tests.flow.statements import spoken, transactions
from tests.misbehave import Site, answer, cached, in_turn

N = 100
HEAVY = {
    "feedparser",
    "fastfeedparser",
    "selectolax",
    "lxml",
    "pydantic",
    "bs4",
    "nh3",
    "alembic",
    "sqlalchemy",
    "jinja2",
    "googleapiclient",
    "structlog",
    "yaml",
    "statistics",
}
# The real command in a process of its own, which tells at its end what it imported and which processes it started.
WATCHED = """
import atexit, gc, json, sys
started = []
words = ("subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.exec", "os.system")
sys.addaudithook(lambda event, _: started.append(event) if event in words else None)
sweeps = lambda: sum(each["collections"] for each in gc.get_stats())
before = sweeps()
told = lambda: {"started": started, "modules": sorted(sys.modules), "sweeps": sweeps() - before}
atexit.register(lambda: print(json.dumps(told())))
from pipeline.cli.main import main
sys.argv = ["moa", *sys.argv[1:]]
main()
"""
OURS = ("pipeline", "sources", "renderers")
OURS_AT_MOST = 74  # modules of our own; a few that define values are a millisecond
STANDARD_DEAR = {  # of the standard library; each costs more than a tenth of all imports
    "asyncio", "concurrent", "decimal", "email", "html", "http", "importlib.metadata", "importlib.resources", "logging",
    "multiprocessing", "random", "secrets", "shutil", "ssl", "subprocess", "tempfile", "unittest", "urllib.request", "xml",
}  # fmt: skip


def document(number: int, *more: str) -> bytes:
    items = [item(f"소식 {number} {n}", f"{number}-{n}", date="Sun, 22 Nov 2026 09:00:00 +0900") for n in range(3)]
    return rss(*more, *items)


@pytest.fixture
def site() -> Iterator[Site]:
    """A hundred feeds that answer 304; the first has one more item from its second full answer on."""
    pages = {f"/{n}.xml": cached(document(n), f'"{n}"') for n in range(1, N)}
    news = document(0, item("새 소식", "0-new", date="Mon, 23 Nov 2026 09:00:00 +0900"))
    pages["/0.xml"] = in_turn(answer(document(0)), answer(document(0)), answer(document(0)), answer(news))
    with Site(pages) as site:
        yield site


@pytest.fixture
def town(site: Site, tmp_path: Path) -> Project:
    """The same hundred sources, read once."""
    project = Project(tmp_path, site.allowed)
    project.sources(*(feed(f"s{n}", site.url(f"/{n}.xml")) for n in range(N)), robots="obey")
    assert project.run("2026-11-23").code in (0, 3)
    site.seen.clear()
    return project


def marks(folder: Path) -> dict[str, tuple[int, int]]:
    """Inode and time of every file: a file written anew has others, whatever is in it."""
    return {str(f): (f.stat().st_ino, f.stat().st_mtime_ns) for f in folder.rglob("*") if f.is_file()}


def test_an_unchanged_night_is_one_request_a_source_and_nothing_else(town: Project, site: Site) -> None:
    """N requests, no parser and no SQLAlchemy imported, no process started, no page written, hardly a search for cycles."""
    pages = marks(town.output / "website")
    command = [sys.executable, "-c", WATCHED, *town.command("collect", "--quiet")[3:]]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    told = json.loads(done.stdout.splitlines()[-1])
    tops = {name.partition(".")[0] for name in told["modules"]}
    assert sorted(site.paths) == sorted(f"/{n}.xml" for n in range(N))
    assert told["started"] == []
    assert told["sweeps"] <= 2  # searches for cycles, imports included
    assert "sources" in tops
    assert not HEAVY & tops
    assert marks(town.output / "website") == pages != {}


def imported(town: Project, *words: str) -> list[str]:
    """The modules of a whole ``moa collect`` at its end."""
    command = [sys.executable, "-c", WATCHED, *town.command("collect", "--quiet", *words)[3:]]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    modules: list[str] = json.loads(done.stdout.splitlines()[-1])["modules"]
    return modules


def test_a_quiet_start_imports_what_it_uses(town: Project) -> None:
    """Strangers: click and libcurl alone. No costly corner of the standard library. Ours: a bounded number of modules.

    Counted, because start-up creeps by a millisecond a change and no stopwatch sees it.
    """
    modules = imported(town)
    bare = subprocess.run(
        [sys.executable, "-c", "import sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    added = [name for name in modules if name not in bare.stdout.split() and not name.startswith("_sysconfigdata")]
    strangers = {name.partition(".")[0] for name in added} - sys.stdlib_module_names - set(OURS)
    assert strangers == {"click", "pycurl"}
    assert not STANDARD_DEAR & set(added)
    ours = [name for name in added if name.partition(".")[0] in OURS]
    assert len(ours) <= OURS_AT_MOST, ours
    unused = {
        f"pipeline.model.{room}" for room in ("deliveries", "editions", "entries", "fields", "items", "protocols")
    }
    assert not unused & set(ours)


def test_a_first_night_shares_its_pages_out(tmp_path: Path) -> None:
    """Names were looked up in threads when it collected; none is left when it publishes, so it may fork."""
    if len(os.sched_getaffinity(0)) < 2:
        pytest.skip("one core")
    feeds = {f"/{n}": answer(rss(*(item(f"소식 {n} {i}", f"{n}-{i}") for i in range(200)))) for n in range(3)}
    with Site(feeds) as site:
        project = Project(tmp_path, f"localhost:{site.port}")
        project.sources(*(feed(f"s{n}", site.url(f"/{n}", host="localhost")) for n in range(3)))
        words = project.command("run", "--quiet", "--as-of", "2026-11-23")[3:]
        done = subprocess.run([sys.executable, "-c", WATCHED, *words], capture_output=True, text=True, check=False)
    assert "os.fork" in json.loads(done.stdout.splitlines()[-1])["started"], done.stderr
    assert len(list((tmp_path / "output/website").rglob("*.html"))) > 600


def test_where_no_document_came_none_is_hashed(town: Project) -> None:
    """``hashlib`` loads OpenSSL, which costs as much as asking thirty sources."""
    assert "hashlib" in imported(town)  # one of them answers 200 with the same bytes
    assert "hashlib" not in imported(town, "--only", "s1")


def test_an_unchanged_night_touches_all_sources_at_once(
    town: Project, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At most 1 + ⌈N ÷ 1,000⌉ transactions write to sources, and none to entries."""
    with spoken(monkeypatch) as said:
        assert town.run("2026-11-24", command="collect").code == 0
    assert len(site.paths) == N
    assert 1 <= len(transactions(said, "source_states")) <= 1 + math.ceil(N / 1000)
    assert transactions(said, "entries") == transactions(said, "bodies") == []


def test_an_unchanged_night_opens_neither_memos_nor_old_runs(town: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what is remembered of a source, its validators and the size of its last list are read, however much there is."""

    def refused(later: object) -> None:
        raise AssertionError(f"{type(later).__name__} was opened")

    monkeypatch.setattr(codec.Later, "_open", refused)
    monkeypatch.setattr(codec.LaterList, "_open", refused)
    night = town.run("2026-11-24", command="collect")
    assert night.code == 0
    assert night.source("s1")["unchanged"] == 3


def test_an_unchanged_night_costs_the_same_beside_ten_times_the_archive(
    town: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of it counts, scans or reads what is stored already, and no page is written."""
    with spoken(monkeypatch) as small:
        assert town.run("2026-11-24", command="collect").code == 0
    with Store.open(f"sqlite:///{town.output / 'moa.db'}") as store:
        old = [entry(f"old-{n}", source_id="s1", is_quiet=True) for n in range(N * 3 * 9)]
        store.entries.apply("s1", [p.New(entry=e) for e in old], now=old[0].first_seen_at)
    with spoken(monkeypatch) as large:
        assert town.run("2026-11-25", command="collect").code == 0
    assert len(large) == len(small)
    assert [s.split()[0] for s in large] == [s.split()[0] for s in small]


def test_one_percent_changed_parses_one_percent(town: Project, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the changed document reaches a parser, without its known items, and one worker does for it."""
    given = []
    real = Workers.submit
    monkeypatch.setattr(Workers, "submit", lambda pool, job: given.append(job) or real(pool, job))
    assert town.run("2026-11-24", command="collect").code == 0  # the same bytes with a 200: equal by their hash
    assert given == []
    assert town.run("2026-11-25", command="collect").code == 0
    assert given == []
    with spoken(monkeypatch) as said:
        night = town.run("2026-11-26", command="collect")
    assert [job.spec.id for job in given] == ["s0"]
    assert [body.count(b"<item>") for body in (d.body for d in given[0].fetched.documents)] == [1]
    assert night.source("s0")["new"] == 1
    assert len(transactions(said, "entries")) == 1
    assert len(site.paths) == N * 3


STORIES = 150  # more than the search index leaves beside its segments


def archive(town: Project, count: int, first: int = 0) -> None:
    """Put so many old stories, each of its own words, into the store."""
    with Store.open(f"sqlite:///{town.output / 'moa.db'}") as store:
        words = ("도예", "수묵", "코딩", "낭독", "텃밭", "목공", "사진", "합창", "서예", "요가")
        old = [
            entry(
                f"arch-{n}",
                source_id="s1",
                is_quiet=True,
                title=f"{words[n % 10]}{words[n // 10 % 10]} {n:03}번째 이야기 {chr(0xAC00 + n * 17)}",
            )
            for n in range(first, first + count)
        ]
        store.entries.apply("s1", [p.New(entry=e) for e in old], now=old[0].first_seen_at)


def revise(town: Project, *numbers: int) -> None:
    """Let the source have written these stories anew."""
    with Store.open(f"sqlite:///{town.output / 'moa.db'}") as store:
        keys = [entry(f"arch-{n}", source_id="s1").id for n in numbers]
        new = [
            replace(e, text=f"고친 글 {e.key}", lead=f"고친 머리 {e.key}", content_hash=f"new-{e.key}")
            for e in store.entries.get(keys)
        ]
        store.entries.apply("s1", [p.Revised(entry=e) for e in new], now=new[0].first_seen_at)


@contextmanager
def rendered(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every page that is made while inside."""
    made: list[str] = []
    real = website_pages.Site.page
    with monkeypatch.context() as patched:
        patched.setattr(
            website_pages.Site, "page", lambda site, path, *a, **k: made.append(path) or real(site, path, *a, **k)
        )
        yield made


def bodies_read(said: list[str]) -> int:
    """How many bodies were asked for: the values of every IN list on their table."""
    asked = [s for s in said if s.lstrip().startswith("SELECT") and "bodies" in s]
    assert all(" IN (" in s for s in asked), "somebody reads all bodies"
    return sum(s.rpartition(" IN (")[2].count(",") + 1 for s in asked)


def test_ten_changed_stories_make_their_pages_and_few_others(town: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages made, files written and bodies read follow what changed, not what there is; ten times the archive changes none."""
    others: list[list[str]] = []
    for count, first in ((STORIES, 0), (STORIES * 3, STORIES)):
        archive(town, count, first)
        assert town.run(command="publish").code == 0
        revise(town, *range(first, first + 10))
        before = marks(town.output / "editions/site")
        with rendered(monkeypatch) as made, spoken(monkeypatch) as said:
            assert town.run(command="publish").code == 0
        after = marks(town.output / "editions/site")
        written = {path for path in after if after[path] != before.get(path)}
        stories = [path for path in made if path.startswith("s/")]
        assert len(stories) == 10
        assert sum("/s/" in path for path in written) == 10
        lists = [path for path in made if path.startswith(("source/", "archive/"))]
        assert len(lists) <= 2 * 10  # each story stands in the list of its source and of its month
        found = {path for path in written if "/find/" in path}
        assert {Path(path).name for path in found} == {Path(_find.NOW).name}
        assert len(written - found) <= len(made) + 10  # feeds, sitemap and the manifest are no pages
        assert bodies_read(said) <= 10 * 2  # what changed, for its pages and beside the segments of the search index
        others.append(sorted(set(made) - set(stories) - set(lists)))
    assert others[0] == others[1] != []


def test_a_publish_after_ten_changes_loads_no_sqlalchemy(town: Project) -> None:
    """Nor what makes tables, reads feeds or parses pages; no process is started."""
    archive(town, STORIES)
    assert town.run(command="publish").code == 0
    revise(town, *range(10))
    command = [sys.executable, "-c", WATCHED, *town.command("publish", "--quiet")[3:]]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    told = json.loads(done.stdout.splitlines()[-1])
    tops = {name.partition(".")[0] for name in told["modules"]}
    assert told["started"] == []
    assert "renderers" in tops  # it did publish
    dear = {"sqlalchemy", "alembic", "psycopg", "lxml", "selectolax", "feedparser", "pycurl", "yaml"}
    assert tops & dear == set()


def test_a_page_that_is_gone_is_made_alone(town: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next change finds it missing; no other page of a story is made for it."""
    archive(town, STORIES)
    town.run(command="publish")
    (gone, *_rest) = sorted((town.output / "editions/site/website/s").rglob("*.html"))
    body = gone.read_bytes()
    gone.unlink()
    revise(town, 5)
    with rendered(monkeypatch) as made:
        town.run(command="publish")
    assert gone.read_bytes() == body
    assert sum(path.startswith("s/") for path in made) in (1, 2)
