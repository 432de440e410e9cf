"""The public contract of the command line on a whole practice city: commands, options, JSON, exit statuses, languages.

What does not live here: what single rooms do (``tests/unit``), promises of reliability (``tests/flow``).
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from pipeline import demo
from pipeline.cli.main import main
from pipeline.cli.root import root
from pipeline.wiring import open_house
from tests.conftest import NOW
from tests.flow.project import Said

KEY = {"MOA_YOUTUBE_KEY": "any value will do"}
COMMANDS = [
    *("run", "collect", "publish", "deliver", "check", "items", "stories", "why", "status", "preview", "demo"),
    *(
        "source list",
        "source show",
        "source test",
        "source repair",
        "source rename",
        "db upgrade",
        "db check",
        "db backup",
        "db restore",
    ),
    *("approve", "hold", "schema"),
]
KINDS = ("notice", "course", "video", "post", "event", "news")
ITEM = set(
    "id source agency department kind url title lead text author image tags published updated first_seen last_seen gone "
    "pinned quiet quarantined attachments course video story licence".split()
)
COURSE = set(
    "apply_from apply_until apply_raw starts ends weekdays starts_time ends_time status status_raw status_as_of capacity "
    "applied waiting fee fee_won material_fee selection level field place online mode target".split()
)
RUN = {"run", "as_of", "exit", "seconds", "sources", "editions", "deliveries"}
RUN_SOURCE = {"id", "verdict", "requests", "unchanged", "new", "revised", "gone", "quarantined", "error", "seconds"}
DAY = re.compile(r"\d{4}-\d\d-\d\d")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")


class City:
    """One practice project that had its first night, and the server it reads."""

    def __init__(self, folder: Path, url: str, first: Said) -> None:
        self.folder, self.url, self.first = folder, url, first

    def says(self, *words: str, at: Path | None = None, **environment: str) -> Said:
        """Run a command in this process."""
        return says(at or self.folder, *words, **environment)

    def copy(self, to: Path) -> Path:
        """A project of one's own to break."""
        shutil.copytree(self.folder, to, symlinks=True)
        return to


def says(folder: Path | None, *words: str, **environment: str) -> Said:
    """Run a command in this process and return how it ended."""
    out, err, before = io.StringIO(), io.StringIO(), signal.getsignal(signal.SIGTERM)
    where = ("--project", str(folder)) if folder else ()
    code: object = None
    with (
        mock.patch.dict(os.environ, {**KEY, **environment}),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main([*words, *where])
        except SystemExit as end:
            code = end.code
        finally:
            signal.signal(signal.SIGTERM, before)
    assert isinstance(code, int)
    assert "Traceback" not in err.getvalue(), err.getvalue()
    return Said(code, out.getvalue(), err.getvalue())


def shell(*words: str, cwd: Path, **environment: str) -> Said:
    """Run a command in a process of its own, as cron does."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("MOA_", "LANG", "LC_"))}
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", *words],
        capture_output=True,
        check=False,
        cwd=cwd,
        env={**clean, **KEY, **environment},
        timeout=60,
    )
    return Said(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """The practice city after one night at ``NOW``."""
    folder = tmp_path_factory.mktemp("city")
    with demo.serve(NOW) as server:
        demo.project(folder, server.url, NOW)
        yield City(folder, server.url, says(folder, "run", "--json", "--as-of", NOW.isoformat()))


@pytest.fixture(scope="module")
def items(city: City) -> list[dict[str, Any]]:
    """What ``moa items --json`` prints."""
    return [json.loads(line) for line in city.says("items", "--json").out.splitlines()]


def leaves(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Every value of a JSON document with its path."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, f"{path}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, path)
    else:
        yield path, value


def hashes(folder: Path) -> dict[str, str]:
    """The hash of every file of a project but the caches and logs of reading."""
    return {
        str(file.relative_to(folder)): sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and ".cache" not in file.parts and not file.name.startswith("moa.db-")
    }


def edit(folder: Path, name: str, before: str, after: str) -> None:
    """Change one file of the configuration."""
    file = folder / "config" / name
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after), "utf-8")


# --- commands and options ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_takes_the_common_options(path: str) -> None:
    """Each command of the contract exists and takes ``--project --json -v --quiet --lang``."""
    command: Any = root
    for name in path.split():
        command = command.get_command(mock.Mock(), name)
        assert command is not None, path

    taken = {option for parameter in command.params for option in parameter.opts}

    assert {"--project", "--json", "-v", "--quiet", "--lang"} <= taken


def test_unknown_names_give_the_nearest(city: City) -> None:
    """A mistyped command, source or file is refused with status 2, and the nearest right name is said."""
    for words, near in (
        (("itmes",), "items"),
        (("run", "--only", "hall-nwes"), "hall-news"),
        (("source", "show", "hall-nwes"), "hall-news"),
        (("source", "test", "libary-blog"), "library-blog"),
        (("items", "--source", "libary-blog"), "library-blog"),
        (("stories", "--source", "libary-blog"), "library-blog"),
        (("items", "--sorce", "x"), "--source"),
    ):
        said = city.says(*words) if len(words) > 1 else says(None, *words)
        assert said.code == 2, words
        assert near in said.err.splitlines()[-1], said.err
        assert said.out == ""


def test_the_project_is_found(city: City, tmp_path: Path) -> None:
    """``--project`` wins over ``MOA_PROJECT``, which wins over the nearest folder upward; nowhere is status 2."""
    inside = city.folder / "config" / "sources"
    with contextlib.chdir(inside):
        assert says(None, "items", "--count").out == says(city.folder, "items", "--count").out
    with contextlib.chdir(tmp_path):
        assert says(None, "items", "--count", MOA_PROJECT=str(city.folder)).code == 0
        assert says(city.folder, "items", "--count", MOA_PROJECT=str(tmp_path)).code == 0
        lost = says(None, "items", "--count")
    assert lost.code == 2
    assert "--project" in lost.err
    assert lost.out == ""


# --- the night --------------------------------------------------------------------------------------------------


def test_a_night_reports_as_documented(city: City) -> None:
    """``run --json`` is one object with the documented keys and nothing else on standard output; nobody must act."""
    said = city.first
    report = said.json

    assert said.code == report["exit"] == 0, said.err
    assert report.keys() >= RUN
    assert INSTANT.fullmatch(report["as_of"])
    assert len(report["sources"]) == 8
    for source in report["sources"]:
        assert source.keys() >= RUN_SOURCE
        assert source["error"] is None
    for edition in report["editions"]:
        assert edition.keys() >= {"id", "digest", "stories", "rendered", "state"}
        assert all(one.keys() == {"channel", "sha256", "files"} for one in edition["rendered"])
    for delivery in report["deliveries"]:
        assert delivery.keys() >= {"id", "channel", "state", "due", "provider_id"}
        assert INSTANT.fullmatch(delivery["due"])


def test_a_second_night_finds_nothing_new(city: City, tmp_path: Path) -> None:
    """The same night again: 0 new, no file of the outputs rewritten, nothing delivered twice."""
    folder = city.copy(tmp_path / "again")
    before = hashes(folder)

    report = says(folder, "run", "--json", "--as-of", NOW.isoformat()).json

    assert sum(s["new"] + s["revised"] + s["gone"] for s in report["sources"]) == 0
    changed = {name for name, value in hashes(folder).items() if before.get(name) != value}
    assert {name for name in changed if not name.startswith(("output/reports/", "output/moa.db"))} == set()
    assert report["deliveries"] == []


def test_a_dry_run_changes_nothing(city: City) -> None:
    """``--dry-run`` leaves every file and every row as it was, and says so."""
    before = hashes(city.folder)
    count = city.says("items", "--count").out

    said = city.says("run", "--dry-run", "--as-of", "2026-11-25")

    assert said.code == 0, said.err
    assert hashes(city.folder) == before
    assert city.says("items", "--count").out == count
    assert "연습" in said.err


def test_one_room_and_one_source_alone(city: City, tmp_path: Path) -> None:
    """``collect --only`` reads that source and publishes nothing; ``publish`` and ``deliver`` read none."""
    folder = tmp_path / "alone"
    demo.project(folder, city.url, NOW)
    at = ("--as-of", NOW.isoformat(), "--json")

    collected = says(folder, "collect", "--only", "hall-news", "--only", "library-blog", *at).json
    published = says(folder, "publish", *at).json
    delivered = says(folder, "deliver", *at).json

    assert sorted(s["id"] for s in collected["sources"]) == ["hall-news", "library-blog"]
    assert (collected["editions"], collected["deliveries"]) == ([], [])
    assert published["sources"] == delivered["sources"] == []
    assert "made" in [e["state"] for e in published["editions"]]
    assert [d["state"] for d in delivered["deliveries"]] != []


# --- exit statuses ----------------------------------------------------------------------------------------------


def test_status_0_and_2_of_check(city: City, tmp_path: Path) -> None:
    """``check`` ends with 0 where all is right, else with 2 and ``file:line:column`` of every mistake."""
    right = city.says("check", "--json")
    folder = city.copy(tmp_path / "wrong")
    edit(folder, "sources/hall.yaml", "    rows: table.board_list tbody tr\n", "    rowss: table.board_list tbody tr\n")
    wrong = says(folder, "check", "--json")

    assert right.code == 0
    assert [x for x in right.json["problems"] if x["severity"] == "error"] == []
    assert wrong.code == 2
    for problem in wrong.json["problems"]:
        assert problem.keys() >= {"file", "line", "column", "code", "message", "fix"}
    assert re.search(r"(?m)^config/sources/hall\.yaml:\d+:\d+  .*rowss", says(folder, "check").out)


def test_status_3_when_one_source_is_broken(city: City, tmp_path: Path) -> None:
    """A broken source is named with its code and remedy and who must act; the others go on, the edition appears."""
    folder = tmp_path / "broken"
    demo.project(folder, city.url, NOW)
    edit(folder, "sources/library.yaml", "/library/rss", "/no/such/feed")

    said = says(folder, "run", "--json", "--as-of", NOW.isoformat())

    assert said.code == said.json["exit"] == 3
    broken = said.source("library-blog")
    assert broken["error"].keys() >= {"code", "message", "remedy"}
    assert broken["verdict"] == "gone"
    assert sum(s["new"] for s in said.json["sources"]) > 20
    assert {e["state"] for e in said.json["editions"]} == {"made"}


def test_status_3_when_a_file_of_sources_is_broken(city: City, tmp_path: Path) -> None:
    """A YAML file that cannot be read takes its own sources away, not the night (and says where)."""
    folder = tmp_path / "yaml"
    demo.project(folder, city.url, NOW)
    edit(folder, "sources/library.yaml", "sources:\n", "sources: [\n")

    said = says(folder, "run", "--json", "--as-of", NOW.isoformat())

    assert said.code == 3
    assert len(said.json["sources"]) == 6
    assert any(x["file"].endswith("library.yaml") and x["line"] for x in said.json["problems"])


def test_status_2_when_moa_yaml_is_broken(city: City, tmp_path: Path) -> None:
    """Without a readable ``moa.yaml`` nothing runs: status 2 with the place on standard error."""
    folder = tmp_path / "moa"
    demo.project(folder, city.url, NOW)
    edit(folder, "moa.yaml", "institute:", "institut:")

    said = says(folder, "run", "--json")

    assert said.code == 2
    assert said.out == ""
    assert re.search(r"config/moa\.yaml:2:1 ", said.err)


def test_status_4_when_nothing_can_be_published(tmp_path: Path, city: City) -> None:
    """Every source down on the first night: nothing is published."""
    folder = tmp_path / "down"
    demo.project(folder, city.url, NOW)
    for name in ("institute", "hall"):
        (folder / "config" / "sources" / f"{name}.yaml").unlink()
    edit(folder, "sources/library.yaml", city.url, city.url + "/nowhere")

    said = says(folder, "run", "--json", "--as-of", NOW.isoformat())

    assert said.code == said.json["exit"] == 4


def test_status_75_beside_another_run(city: City) -> None:
    """While another run holds the lock, a second one ends with 75 and changes nothing."""
    house = open_house(city.folder, str(city.folder), environment=KEY, clock=lambda: NOW, verbose=0)
    with house.store() as store, store.lock():
        before = hashes(city.folder)
        said = city.says("run", "--json")
        after = hashes(city.folder)

    assert said.code == 75
    assert said.out == ""
    assert said.err.strip()
    assert after == before


# --- items and stories ------------------------------------------------------------------------------------------


def test_items_have_the_documented_shape(items: list[dict[str, Any]]) -> None:
    """Exactly the documented keys; absent is null, never an empty text; times have an offset, days have no time."""
    assert {kind for kind in KINDS if any(i["kind"] == kind for i in items)} >= {"notice", "course", "video", "post"}
    for item in items:
        assert item.keys() == ITEM
        assert [path for path, value in leaves(item) if value == ""] == []
        assert INSTANT.fullmatch(item["first_seen"])
        assert INSTANT.fullmatch(item["last_seen"])
        if item["published"]:
            assert item["published"].keys() == {"value", "raw", "method", "inferred"}
            assert DAY.fullmatch(item["published"]["value"]) or INSTANT.fullmatch(item["published"]["value"])
        for attachment in item["attachments"]:
            assert attachment.keys() == {"url", "name", "media_type", "bytes"}
        assert (item["course"] is not None) == (item["kind"] == "course")
        assert (item["video"] is not None) == (item["kind"] == "video")


def test_courses_and_videos_have_the_documented_shape(items: list[dict[str, Any]]) -> None:
    """A course's days are days, its status a word and when it was so; a video has seconds and a live state."""
    for course in (i["course"] for i in items if i["course"]):
        assert course.keys() == COURSE
        for name in ("apply_from", "apply_until", "starts", "ends"):
            assert course[name] is None or DAY.fullmatch(course[name]) or INSTANT.fullmatch(course[name])
        assert date.fromisoformat(course["starts"]) <= date.fromisoformat(course["ends"])
        assert INSTANT.fullmatch(course["status_as_of"])
    for video in (i["video"] for i in items if i["video"]):
        assert video.keys() >= {"duration_s", "live", "starts_at", "short"}
        assert video["live"] in ("none", "upcoming", "live", "ended")


def test_items_come_newest_first(items: list[dict[str, Any]]) -> None:
    """By first sight, then by their own date."""

    def when(item: dict[str, Any]) -> tuple[datetime, datetime]:
        value = (item["published"] or {}).get("value") or "1970-01-01"
        at = datetime.fromisoformat(value if "T" in value else value + "T00:00:00+09:00")
        known = at if (item["published"] or {}).get("method") != "first-seen" else datetime(1970, 1, 1, tzinfo=UTC)
        return datetime.fromisoformat(item["first_seen"]), known

    found = [when(item) for item in items]

    assert found == sorted(found, reverse=True)


def test_items_can_be_chosen(city: City, items: list[dict[str, Any]]) -> None:
    """``--source``, ``--kind``, ``--since``, ``--limit`` choose; ``--count`` prints one integer of the same."""
    posts = [i for i in items if i["source"] == "library-blog" and i["kind"] == "post"]
    chosen = city.says("items", "--source", "library-blog", "--kind", "post", "--json")

    assert [json.loads(line)["id"] for line in chosen.out.splitlines()] == [i["id"] for i in posts]
    assert city.says("items", "--source", "library-blog", "--kind", "post", "--count").out == f"{len(posts)}\n"
    assert city.says("items", "--count").out == f"{len(items)}\n"
    assert city.says("items", "--since", "2026-11-24", "--count").out == "0\n"
    assert city.says("items", "--since", "2026-11-23", "--count").out == f"{len(items)}\n"
    limited = city.says("items", "--limit", "3", "--json").out.splitlines()
    assert [json.loads(line)["id"] for line in limited] == [i["id"] for i in items[:3]]
    assert city.says("items", "--limit", "0").code == 2
    assert city.says("items", "--kind", "notcie").code == 2
    assert city.says("items", "--since", "soon").code == 2


def test_stories_name_their_members(city: City, items: list[dict[str, Any]]) -> None:
    """Every member and every joined pair is a stored item; items name the story back."""
    stories = [json.loads(line) for line in city.says("stories", "--json").out.splitlines()]
    known = {item["id"]: item for item in items}

    assert city.says("stories", "--count").out == f"{len(stories)}\n"
    assert max(len(story["members"]) for story in stories) > 1
    for story in stories:
        assert story.keys() >= {"id", "primary", "members", "why"}
        assert story["primary"] in story["members"]
        assert all(known[member]["story"] == story["id"] for member in story["members"])
        assert len(story["why"]) >= len(story["members"]) - 1
        assert all(join.keys() == {"a", "b", "reason"} for join in story["why"])


# --- looking ----------------------------------------------------------------------------------------------------


def test_a_source_is_tried_without_changing_anything(city: City, tmp_path: Path) -> None:
    """``source test`` gives items, drops and a verdict, live and from a saved page, with the list's own base."""
    before = hashes(city.folder)
    live = city.says("source", "test", "library-blog", "--json")
    page = tmp_path / "saved.html"
    page.write_text(
        '<table class="board_list"><thead><tr><th>번호</th><th>제목</th><th>등록일</th></tr></thead><tbody><tr><td>7</td>'
        '<td class="left"><a href="#" onclick="fn_egov_inqire_notice(\'7\',\'B\')">저장한 글</a></td><td>2026-11-20</td>'
        "</tr></tbody></table>",
        "utf-8",
    )
    saved = city.says("source", "test", "hall-news", "--page", str(page), "--json")

    for said in (live, saved):
        assert said.code == 0, said.err
        assert said.json.keys() >= {"items", "dropped", "warnings", "verdict", "requests", "seconds"}
        assert said.json["verdict"] == "ok"
    assert live.json["requests"] >= 1
    assert saved.json["requests"] == 0
    (item,) = saved.json["items"]
    assert item.keys() == ITEM
    assert (item["title"], item["published"]["value"]) == ("저장한 글", "2026-11-20")
    assert item["url"] == f"{city.url}/b/cop/bbs/selectBoardArticle.do?bbsId=B&nttId=7"
    assert hashes(city.folder) == before


def test_a_source_that_gives_nothing_says_why(city: City, tmp_path: Path) -> None:
    """A page without the list is ``container-missing``, and somebody must act."""
    page = tmp_path / "empty.html"
    page.write_text("<html><body><p>새로 단장한 화면</p></body></html>", "utf-8")

    said = city.says("source", "test", "hall-news", "--page", str(page), "--json")

    assert said.code == 3
    assert said.json["verdict"] == "container-missing"
    assert said.json["items"] == []
    assert said.json["error"]["message"]


def test_sources_at_a_glance(city: City) -> None:
    """``source list`` has one object a line for each source; ``source show`` gives the same of one."""
    rows = [json.loads(line) for line in city.says("source", "list", "--json").out.splitlines()]

    assert len(rows) == 8
    assert {row["health"] for row in rows} == {"ok"}
    assert city.says("source", "show", rows[0]["id"], "--json").json == rows[0]


def test_why_tells_the_whole_path(city: City, items: list[dict[str, Any]]) -> None:
    """``why`` takes an id, an address or a part of the title, and goes from the page to the deliveries."""
    told = next(i for i in items if i["source"] == "hall-news" and not i["quiet"])
    for word in (told["id"], told["url"], told["title"]):
        path = city.says("why", word, "--json").json
        assert path["item"]["id"] == told["id"]
    assert path.keys() >= {"item", "source", "key", "history", "story", "editions", "deliveries"}
    assert path["source"]["file"].endswith("hall.yaml")
    assert path["editions"]
    assert path["deliveries"]
    nothing = city.says("why", "그런 글은 없습니다", "--json")
    assert (nothing.code, nothing.out) == (2, "")


def test_status_and_db_check(city: City) -> None:
    """The morning view and the store's health are one object each."""
    status, db = city.says("status", "--json"), city.says("db", "check", "--json")

    assert status.code == db.code == 0
    assert status.json.keys() >= {"last_run", "sources", "deliveries"}
    assert status.json["last_run"]["run"] == city.first.json["run"]
    assert db.json["problems"] == []


def test_a_backup_can_be_restored(city: City, tmp_path: Path) -> None:
    """``db backup`` writes a whole copy; ``db restore`` puts it in place and tells where the old store went, as JSON."""
    folder = city.copy(tmp_path / "kept")
    count = says(folder, "items", "--count").out
    copy = tmp_path / "copy.db"

    backup = says(folder, "db", "backup", str(copy), "--json")
    restore = says(folder, "db", "restore", str(copy), "--json")

    assert (backup.code, restore.code) == (0, 0), restore.err
    assert Path(backup.json["file"]) == copy
    assert Path(restore.json["aside"]).is_file()
    assert says(folder, "items", "--count").out == count
    assert says(folder, "db", "upgrade", "--json").json["revision"]


# --- languages and streams --------------------------------------------------------------------------------------


def test_korean_by_default_english_on_request(city: City) -> None:
    """Sentences, help and errors are Korean under any locale, English with ``MOA_LANG=en`` or ``--lang en``."""
    korean = shell("status", "--project", str(city.folder), cwd=city.folder, LANG="C", LC_ALL="C")
    assert "지난 실행" in korean.out
    assert "사용법" in says(None, "run", "--help").out
    for words, environment in ((("status",), {"MOA_LANG": "en"}), (("status", "--lang", "en"), {})):
        assert not re.search("[가-힣]", says(city.folder, *words, **environment).out)
    for words in (("run", "--help", "--lang", "en"), ("--lang", "en", "--help")):
        english = shell(*words, cwd=city.folder)
        assert english.code == 0, english.err
        assert english.out.startswith("Usage: moa ")
        assert not re.search("[가-힣]", english.out)
    assert not re.search("[가-힣]", says(city.folder, "source", "show", "nope", MOA_LANG="en").err)
    assert says(city.folder, "status", "--lang", "fr").code == 2


def test_json_stands_alone(city: City) -> None:
    """With ``--json`` standard output is JSON to the last line, also with ``-v``; ``--quiet`` keeps standard error empty."""
    for words in (
        ("run", "--as-of", NOW.isoformat(), "--dry-run"),
        *(("items",), ("stories",), ("status",), ("check",), ("schema",), ("source", "list"), ("db", "check")),
        ("source", "test", "hall-news"),
    ):
        said = city.says(*words, "--json", "-v")
        assert said.code == 0, said.err
        assert [line for line in said.out.splitlines() if not json.loads(line)] == [], words
        assert city.says(*words, "--json", "--quiet").err == "", words
