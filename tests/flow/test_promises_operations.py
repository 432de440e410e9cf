"""The night in cron's world: stopped, starved, elsewhere, and looked at from outside (promises P65-P70)."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import pipeline.model as p
from pipeline import nightly
from pipeline.wiring import open_house
from tests.flow.project import CHANNELS, MONDAY, Project, feed, item, rss
from tests.misbehave import Site, answer, silent, slow_drip

RUN = ("run", "--as-of", MONDAY)
CRON = {"PATH": "/usr/bin:/bin"}


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as made:
        made.routes["/f"] = answer(rss(item("하나", body="첫 글"), item("둘 — 한글", body="둘째 글")))
        yield made


@pytest.fixture
def town(tmp_path: Path, site: Site) -> Project:
    made = Project(tmp_path / "마을 town", site.allowed)
    made.sources(feed("news", site.url("/f")))
    return made


def is_whole(town: Project) -> bool:
    with sqlite3.connect(town.output / "moa.db") as database:
        return database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


# --- P65 ------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("when", ["fetching", "dripping", "parsing", "sending"])
def test_sigterm_ends_a_run_at_once_and_the_next_one_completes_it(when: str, town: Project, site: Site) -> None:
    """Status 143, one sentence, no child left, the store sound and unlocked; the next run does what was missing (P65)."""
    channels: list[dict[str, Any]] = list(CHANNELS)
    if when in ("fetching", "dripping"):
        site.routes["/slow"] = silent() if when == "fetching" else slow_drip(0.001)
        town.sources(feed("news", site.url("/f")), feed("slow", site.url("/slow")))
    elif when == "parsing":
        site.routes["/f"] = answer(rss(*(item(f"글 {n}", body="<p>글</p>" * 2000) for n in range(400))))
    else:
        people = town.folder / "people.csv"
        people.write_text("email\n" + "".join(f"p{n}@example.com\n" for n in range(10)))
        send = {
            "host": "127.0.0.1",
            "port": site.port,
            "security": "none",
            "sender": "a@example.go.kr",
            "recipients": "people.csv",
        }
        channels.append(
            {"id": "mail", "renderer": "newsletter", "transport": "smtp", "window": "00:00-24:00", "send": send}
        )
    town.moa(channels=channels, fetch={"timeout": "60s", "deadline": "60s"})
    env = {**CRON}
    if when == "sending":  # the server never greets: the transport waits for it
        _plan_mail(town)
        env["MOA_ARM"] = town.moa_says("status", "--json").json["stamp"]
    words = ("deliver",) if when == "sending" else RUN
    process = subprocess.Popen(town.command(*words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env)
    before = len(site.seen)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if when == "sending" and site.connections > before:
            break
        if when != "sending" and (
            any(s.path == "/slow" for s in site.seen) or (when == "parsing" and len(site.seen) > 0)
        ):
            break
        time.sleep(0.02)
    time.sleep(0.3)
    assert process.poll() is None, process.communicate()
    sent_at = time.monotonic()
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=15)
    assert time.monotonic() - sent_at < 10
    assert process.returncode == 143, (out, err)
    assert "Traceback" not in err
    assert err.strip().splitlines()[-1] == "멈추라는 신호를 받아 하던 일을 마무리하고 끝냈습니다."
    assert is_whole(town)
    assert "끝나지 못함" in town.moa_says("status").out
    if when == "sending":
        found = {d["channel"]: d["state"] for d in town.moa_says("status", "--json").json["deliveries"]}
        assert found["mail"] == "sending"  # the next run looks after it: nobody knows what left
        return
    site.routes["/slow"] = answer(rss(item("셋", body="글")))
    assert town.run().code == 0
    assert (town.output / "website/index.html").is_file()
    assert town.items("news")


def _plan_mail(town: Project) -> None:
    now = datetime.now(UTC)
    house = open_house(Path("/"), str(town.folder), environment={}, clock=lambda: now)
    nightly.run(house, nightly.Plan(rooms=("collect", "publish")))


# --- P66 ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "year", ["1970-01-01", "1999-12-31", "2038-01-19", "2099-12-31", "2026-03-29T02:30", "2024-02-29"]
)
def test_a_clock_that_is_wrong_ends_no_night(year: str, town: Project) -> None:
    """Any date is a night like any other: exit 0, everything stored, and the right night after it tells nothing twice (P66)."""
    assert town.run(year).code == 0
    assert town.titles() == ["둘 — 한글", "하나"]
    said = town.run()
    assert said.code == 0, said
    assert said.source("news")["new"] == 0
    assert all(e["stories"] == 0 for e in said.json["editions"] if e["id"] == f"daily/{MONDAY}") or year > MONDAY


# --- P67 ------------------------------------------------------------------------------------------------------------


WORLDS = {
    "nothing": "cd / && exec {moa} < /dev/null",
    "no stdin": "cd / && exec {moa} <&-",
    "no stdout": "cd / && exec {moa} >&-",
    "nothing open": "cd / && exec {moa} <&- >&- 2>&-",
    "few handles": "cd / && ulimit -n 64 && exec {moa}",
    "folder gone": "mkdir gone && cd gone && rmdir ../gone && exec {moa}",
    "C": "cd / && LC_ALL=C LANG=C PYTHONUTF8=0 PYTHONCOERCECLOCALE=0 exec {moa}",
    "read-only home": "cd / && HOME=/proc exec {moa}",
    "strict umask": "cd / && umask 077 && exec {moa}",
}


@pytest.mark.slow
@pytest.mark.parametrize("world", WORLDS)
def test_cron_may_be_as_poor_as_it_likes(world: str, town: Project, site: Site) -> None:
    """``env -i`` without HOME, terminal or streams: the night is whole, exit 0, the store sound (P67)."""
    if world == "few handles":
        town.sources(*(feed(f"s{n}", site.url(f"/f?{n}")) for n in range(80)))
        town.moa(fetch={"concurrency": 128, "timeout": "10s", "deadline": "20s"})
    done = _in_shell(WORLDS[world], town)
    assert done.returncode == 0, (done.stdout[-2000:], done.stderr[-2000:])
    assert b"Traceback" not in done.stderr
    assert is_whole(town)
    assert town.run().code == 0
    assert "하나" in town.titles()
    assert "한글" in (town.output / "website/atom.xml").read_text()
    if world in ("nothing", "C", "no stdin"):
        assert "모두 끝났습니다" in done.stdout.decode()


@pytest.mark.slow
@pytest.mark.parametrize("stream", [">", "2>"])
def test_a_full_disk_behind_the_output_does_not_undo_the_night(stream: str, town: Project) -> None:
    """The report cannot be printed: the work stands, the report lies in its file, and the status says that somebody should look."""
    done = _in_shell("cd / && exec {moa} " + stream + " /dev/full", town)
    assert done.returncode in ((3,) if stream == ">" else (0, 3)), done
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr
    assert "모두 끝났습니다" in (town.output / "reports/latest.txt").read_text()
    assert is_whole(town)


@pytest.mark.slow
def test_a_reader_that_leaves_early_is_no_error(town: Project) -> None:
    """``moa items | head -1`` (P67)."""
    assert town.run().code == 0
    moa = " ".join(f"'{w}'" for w in town.command("items"))
    line = f"set -o pipefail; {moa} | true; {moa} --json | head -c 1 > /dev/null; echo $?"
    done = subprocess.run(["bash", "-c", line], capture_output=True, check=False, timeout=60)
    assert done.stderr == b""
    assert done.stdout in (b"0\n", b"141\n")


def _in_shell(line: str, town: Project) -> subprocess.CompletedProcess[bytes]:
    moa = " ".join(f"'{word}'" for word in town.command(*RUN))
    here = {**CRON, "PYTHONPATH": str(Path.cwd())}
    return subprocess.run(
        ["bash", "-c", line.format(moa=moa)], env=here, capture_output=True, check=False, timeout=60, cwd=town.folder
    )


# --- P68 ------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_site_is_the_same_whatever_the_machine(tmp_path: Path, site: Site) -> None:
    """Hash seed, zone, locale, order of files: not one byte differs (P68, P19)."""
    for name in "bac":
        titles = (
            item(f"{name} 글 {n}", body=f"<p>본문 {n}</p>", more="<category>가</category><category>나</category>")
            for n in range(15)
        )
        site.routes[f"/{name}"] = answer(rss(*titles))
    worlds = (
        {"PYTHONHASHSEED": "1", "TZ": "America/New_York", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "2", "TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8"},
    )
    made = []
    for number, world in enumerate(worlds):
        town = Project(
            tmp_path / f"t{number}", site.allowed, channels=[*CHANNELS, {"id": "letter", "renderer": "newsletter"}]
        )
        for name in ("abc", "cab")[number]:
            town.write(
                f"sources/{name}.yaml",
                {"agency": f"{name} 기관", "topics": ["배움", "시정"], "sources": [feed(name, site.url(f"/{name}"))]},
            )
        said = town.shell(*RUN, env={**CRON, **world})
        assert said.code == 0, said
        made.append(town.files("website", "editions/daily"))
    first, second = made
    assert len(first) > 50
    assert first == second


# --- P69, P70 -------------------------------------------------------------------------------------------------------


def test_a_backup_is_whole_while_a_night_writes(town: Project, tmp_path: Path, site: Site) -> None:
    """The copy opens by itself, is sound, holds every item; restoring it sets the former store aside (P69)."""
    assert town.run().code == 0
    copy = tmp_path / "deep/er/backup.db"
    assert town.moa_says("db", "backup", str(copy)).code == 0
    with sqlite3.connect(f"file:{copy}?mode=ro", uri=True) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    site.routes["/f"] = answer(
        rss(item("셋", body="글"), item("하나", body="첫 글"), item("둘 — 한글", body="둘째 글"))
    )
    assert town.run("2026-11-24").code == 0
    assert town.moa_says("db", "restore", str(copy)).code == 0
    assert town.titles() == ["둘 — 한글", "하나"]
    assert list(town.output.glob("moa.db.replaced-*"))
    assert town.run("2026-11-24").code == 0
    assert len(town.titles()) == 3


@pytest.mark.parametrize(
    "body", [b"", b"not a database at all, but text" * 100, b"SQLite format 3\x00" + b"\xff" * 5000]
)
def test_a_backup_that_is_none_replaces_nothing(body: bytes, town: Project, tmp_path: Path) -> None:
    """Exit 4, a sentence, and the store is the one it was (P69)."""
    assert town.run().code == 0
    copy = tmp_path / "bad.db"
    copy.write_bytes(body)
    said = town.moa_says("db", "restore", str(copy))
    assert said.code == 4, said
    assert town.titles() == ["둘 — 한글", "하나"]


def test_the_report_says_everything_to_a_machine(town: Project, site: Site) -> None:
    """One JSON object: run, exit, per source state and numbers, per channel state; in the answer, the file and the store (P70)."""
    town.sources(feed("news", site.url("/f")), feed("gone", site.url("/gone")))
    said = town.run()
    assert said.code == 3
    told = said.json
    news, gone = said.source("news"), said.source("gone")
    assert (news["verdict"], news["listed"], news["new"], news["requests"], news["error"]) == ("ok", 2, 2, 1, None)
    assert news["bytes"] > 0
    assert news["seconds"] >= 0
    assert gone["error"]["remedy"] == "editor"
    assert gone["failing_since"] == told["as_of"]
    assert {d["channel"]: d["state"] for d in told["deliveries"]} == {"website": "sent", "kakao": "sent"}
    written = json.loads((town.output / "reports/latest.json").read_text())
    assert written == {**told, "seconds": written["seconds"]}
    assert town.moa_says("status", "--json").json["last_run"] == written
    assert written["exit"] == 3


def test_a_watchdog_sees_that_nothing_ran(town: Project) -> None:
    """`reports/latest.json` is new after each finished night, and only then: its age is the heartbeat (P70)."""
    assert town.run().code == 0
    file = town.output / "reports/latest.json"
    os.utime(file, (1_000_000_000, 1_000_000_000))
    first = json.loads(file.read_text())["as_of"]
    town.write("moa.yaml", "institut: 1\n")
    assert town.moa_says("run").code == 2
    assert file.stat().st_mtime == 1_000_000_000
    town.moa()
    assert town.run("2026-11-24").code == 0
    assert file.stat().st_mtime > 1_000_000_000
    assert json.loads(file.read_text())["as_of"] > first


def test_a_run_that_died_is_seen_in_the_morning(town: Project) -> None:
    """A run without an end stands in `moa status` as such, until the next one ends (P70, P28)."""
    assert town.run().code == 0
    house = open_house(
        Path("/"), str(town.folder), environment={}, clock=lambda: datetime(2026, 11, 23, 18, tzinfo=UTC)
    )
    with house.store() as store:
        store.runs.start("died", as_of=house.clock(), now=house.clock())
    assert "끝나지 못함" in town.moa_says("status").out
    assert town.run("2026-11-25").code == 0
    assert "끝나지 못함" not in town.moa_says("status").out


def test_people_are_nobody_in_reports(town: Project) -> None:
    """No address of a receiver in report, log or site, whatever the transport says of them (P72)."""
    error = p.DeliveryError("550 <one.person@example.com>: no such user 010-1234-5678")
    from pipeline import report as reports

    told = json.dumps(reports.error_json(error))
    assert "one.person" not in told
    assert "1234-5678" not in told


def test_a_signal_inside_the_transfer_library_is_not_lost(site: Site) -> None:
    """The stop that is raised in a callback of libcurl comes through it (P65)."""
    import pycurl

    from pipeline.cli.failures import guarded

    asked = []

    def command() -> int:
        def take(_body: bytes) -> None:
            if not asked:
                asked.append(1)
                os.kill(os.getpid(), signal.SIGTERM)
                time.sleep(0.01)

        curl = pycurl.Curl()
        curl.setopt(pycurl.URL, site.url("/f"))
        curl.setopt(pycurl.WRITEFUNCTION, take)
        try:
            curl.perform()
        except pycurl.error:
            time.sleep(5)
        finally:
            curl.close()
        return 0

    before = signal.getsignal(signal.SIGTERM)
    try:
        assert guarded(command, verbose=False) == 143
    finally:
        signal.signal(signal.SIGTERM, before)
    assert asked
