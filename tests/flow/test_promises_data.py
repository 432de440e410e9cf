"""What is kept stays true: P19-P32, through the command line over nights that change.

What does not live here: a kill at every write (``test_killed.py``), the store's own contract (``contract/``).
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import socket
import sqlite3
import subprocess
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests import misbehave as m
from tests.flow.project import CHANNELS, Project, board, feed, item, page, rss
from tests.postgres import Postgres, empty_url, postgres  # noqa: F401 - fixtures

NIGHTS = ("2026-11-23", "2026-11-24", "2026-11-25")
ROWS = [(n, f"공지사항 {n}호 안내", "2026-11-20") for n in range(1, 13)]


class Stage:
    """A server whose answers a test changes from night to night."""

    def __init__(self, site: m.Site) -> None:
        self.site = site

    def __call__(self, path: str, body: bytes, **more: Any) -> str:
        self.site.routes[path] = m.answer(body, **more)
        return self.site.url(path)


def everything(town: Project) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """What readers could tell two runs apart by; the moment of the last look is not news."""
    items = [{k: v for k, v in one.items() if k != "last_seen"} for one in town.items()]
    return items, town.files()


# --- P19 -----------------------------------------------------------------------------------------------------------


def test_the_same_night_twice(tmp_path: Path) -> None:
    """The store and the site are as they were to the byte, and no channel is delivered to again (P19)."""
    with m.Site() as site:
        stage = Stage(site)
        town = Project(tmp_path, site.allowed)
        posts = rss(
            item("소식", link="https://a.example/1", body="<p>본문</p>", date="Sun, 22 Nov 2026 09:00:00 +0900")
        )
        town.sources(feed("f", stage("/f", posts)), board("b", stage("/b", page(ROWS))))
        first = town.run()
        before = everything(town)
        kits = {f: f.stat().st_mtime_ns for f in (town.output / "website").rglob("*") if f.is_file()}
        second = town.run()
        with sqlite3.connect(town.output / "moa.db") as store:
            sent = store.execute("SELECT channel, attempts FROM deliveries").fetchall()
    assert {d["state"] for d in first.json["deliveries"]} == {"sent"}
    assert second.json["deliveries"] == []
    assert {e["state"] for e in second.json["editions"]} <= {"unchanged"}
    assert everything(town) == before
    assert {f: f.stat().st_mtime_ns for f in kits} == kits
    assert sorted(sent) == [("kakao", 1), ("website", 1)]


# --- P20, P21 ------------------------------------------------------------------------------------------------------


OLD = {"link": "https://www.a.example/view.do?no=7", "date": "Sun, 22 Nov 2026 09:00:00 +0900"}
REBUILT: dict[str, tuple[str, str]] = {
    "guid-changed": (item("소식", "g-1", **OLD), item("소식", "g-2", **OLD)),
    "guid-lost": (item("소식", "g-1", **OLD), item("소식", None, **OLD)),
    "guid-emptied": (item("소식", "g-1", **OLD), item("소식", None, more="<guid></guid>", **OLD)),
    "guid-all-same": (
        item("소식", "g-1", **OLD),
        item("소식", "N/A", **OLD) + item("둘", "N/A", link="https://a.example/2"),
    ),
    "https": (item("소식", None, **OLD), item("소식", None, **{**OLD, "link": "http://www.a.example/view.do?no=7"})),
    "www": (item("소식", None, **OLD), item("소식", None, **{**OLD, "link": "https://a.example/view.do?no=7"})),
    "mobile": (item("소식", None, **OLD), item("소식", None, **{**OLD, "link": "https://m.a.example/view.do?no=7"})),
    "session": (
        item("소식", None, **OLD),
        item("소식", None, **{**OLD, "link": "https://www.a.example/view.do;jsessionid=9F8E7D6C5B4A39281706?no=7"}),
    ),
    "tracking": (
        item("소식", None, **OLD),
        item("소식", None, **{**OLD, "link": "https://www.a.example/view.do?no=7&amp;utm_source=rss&amp;fbclid=x"}),
    ),
    "guid-https": (
        item("소식", "http://a.example/7", **OLD),
        item("소식", "https://www.a.example/7?utm_source=x", **OLD),
    ),
    "nfd": (
        item(unicodedata.normalize("NFC", "한글 소식"), None, date=OLD["date"]),
        item(unicodedata.normalize("NFD", "한글 소식"), None, date=OLD["date"]),
    ),
    "title-edited": (item("소식", "g-1", **OLD), item("소식 (수정)", "g-1", **OLD)),
    "title-edited-no-guid": (item("소식", None, **OLD), item("소식 (수정)", None, **OLD)),
    "date-edited": (
        item("소식", "g-1", **OLD),
        item("소식", "g-1", **{**OLD, "date": "Mon, 23 Nov 2026 09:00:00 +0900"}),
    ),
    "body-edited": (item("소식", "g-1", **OLD), item("소식", "g-1", body="<p>새 본문</p>", **OLD)),
    "moved": (item("소식", "g-1", **OLD), item("소식", "g-1", **{**OLD, "link": "https://a.example/new/7"})),
}


def test_old_items_in_new_clothes_are_not_news(tmp_path: Path) -> None:
    """Whatever a publisher rebuilds or edits: nothing old is new, edits are shown in place, no edition tells it twice (P20, P21)."""
    rest = "".join(item(f"다른 글 {n}", f"r{n}", link=f"https://a.example/r{n}") for n in range(4))
    with m.Site() as site:
        stage = Stage(site)
        town = Project(tmp_path, site.allowed)
        urls = {name: stage(f"/{name}", rss(before, rest)) for name, (before, _after) in REBUILT.items()}
        town.sources(*(feed(name, url) for name, url in urls.items()))
        town.run(NIGHTS[0])
        had = {name: {i["id"] for i in town.items(name)} for name in REBUILT}
        for name, (_before, after) in REBUILT.items():
            stage(f"/{name}", rss(after, rest))
        second = town.run(NIGHTS[1])
        third = town.run(NIGHTS[2])
    new = {line["id"]: line["new"] + line["quarantined"] for line in second.json["sources"]}
    assert new.pop("guid-all-same") == 1  # the other N/A item really is new
    assert set(new.values()) == {0}, new
    for name in REBUILT:
        assert had[name] <= {i["id"] for i in town.items(name)}, name
    titles = {name: town.titles(name)[-1] for name in REBUILT}
    assert titles["title-edited"] == titles["title-edited-no-guid"] == "소식 (수정)"
    assert titles["nfd"] == unicodedata.normalize("NFC", "한글 소식")
    edited = {i["source"]: i for i in town.items() if i["title"].startswith("소식")}
    assert edited["body-edited"]["text"] == "새 본문"
    assert edited["date-edited"]["published"]["value"] == "2026-11-23T09:00:00+09:00"
    assert edited["moved"]["url"] == "https://a.example/new/7"
    states = [e["state"] for e in second.json["editions"]], [e["stories"] for e in second.json["editions"]]
    assert states[1][0] == 1, states  # of them all only the one really new item is told
    assert third.json["editions"][0]["state"] == "skipped"


def test_a_course_whose_deadline_moved_is_told_as_changed_and_never_as_new(tmp_path: Path) -> None:
    """A material change of a known item is not news again (P21)."""
    rules = {"course": {"apply": "td.apply"}, "key": "{no}", "date": ""}

    def listed(until: str) -> bytes:
        return page(ROWS[:3]).replace(b'<td class="date">', f'<td class="apply">2026.11.23 ~ {until}</td><td>'.encode())

    with m.Site() as site:
        stage = Stage(site)
        town = Project(tmp_path, site.allowed)
        town.sources(board("c", stage("/c", listed("2026.12.20")), **rules))
        town.run(NIGHTS[0])
        stage("/c", listed("2026.12.24"))
        second = town.run(NIGHTS[1])
        third = town.run(NIGHTS[2])
    assert [second.source("c")[n] for n in ("new", "revised")] == [0, 3]
    assert {i["course"]["apply_until"] for i in town.items()} == {"2026-12-24"}
    assert town.editions("공지사항 1호 안내") == ["daily/2026-11-23"]
    assert third.json["editions"][0]["state"] in ("skipped", "made")


# --- P22 -----------------------------------------------------------------------------------------------------------


def test_nothing_is_deleted_because_it_is_missing(tmp_path: Path) -> None:
    """404, 410, an empty list, a page of something else, 90 % fewer: all items stay, and what is odd is named (P22)."""
    many = [item(f"소식 {n}", f"g{n}", link=f"https://a.example/{n}") for n in range(20)]
    board_rows = [(n, f"공지 {n}", "2026-11-20") for n in range(1, 21)]
    after: dict[str, Callable[[], m.Behaviour]] = {
        "missing": lambda: m.answer(b"", status="404 Not Found"),
        "gone": lambda: m.answer(b"", status="410 Gone"),
        "empty": lambda: m.answer(rss()),
        "fewer": lambda: m.answer(rss(*many[:2])),
        "closed": lambda: m.answer("<!doctype html><title>서비스 점검 중</title>".encode()),
        "b-fewer": lambda: m.answer(page(board_rows[:2])),
        "b-closed": lambda: m.answer("<!doctype html><h1>시스템 점검 안내</h1>".encode()),
        "b-other": lambda: m.answer(b"<!doctype html><div id=app></div>"),
    }
    with m.Site() as site:
        stage = Stage(site)
        town = Project(tmp_path, site.allowed)
        make = {n: (board, page(board_rows)) if n.startswith("b-") else (feed, rss(*many)) for n in after}
        town.sources(*(kind(name, stage(f"/{name}", body)) for name, (kind, body) in make.items()))
        for day in ("2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23"):
            for name, (kind, _body) in make.items():  # each night one more, so that a list has a habit
                more = item(f"새 소식 {day}", day, link=f"https://a.example/{day}")
                rows = [(int(day[-2:]) + 100, f"공지 {day}", day), *board_rows]
                stage(f"/{name}", page(rows) if kind is board else rss(more, *many))
            town.run(day, command="collect")
        before = {i["id"] for i in town.items()}
        for name, behaviour in after.items():
            site.routes[f"/{name}"] = behaviour()
        nights = [town.run(day) for day in ("2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27")]
    assert len(before) == 8 * 24
    assert {i["id"] for i in town.items()} == before
    assert not any(i["gone"] for i in town.items())
    assert not any(line["gone"] for night in nights for line in night.json["sources"])
    assert {line["id"]: line["verdict"] for line in nights[0].json["sources"]} == {
        "missing": "gone",
        "gone": "gone",
        "empty": "suddenly-empty",
        "fewer": "ok",
        "closed": "unreadable",
        "b-fewer": "ok",
        "b-closed": "unreadable",
        "b-other": "container-missing",
    }


def test_an_article_page_that_fails_takes_nothing_away(tmp_path: Path) -> None:
    """Body, files and course facts read before stand while the page is down or waits its turn; the list's edit lands (P22)."""
    said = "<h1>안내</h1><dl><dt>접수기간</dt><dd>2026.11.20 ~ 2026.12.20</dd></dl><div class=con>긴 본문입니다.</div>"
    article = f"<!doctype html><meta charset=utf-8>{said}<a href='/file.do?f=1'>안내문.hwp</a>".encode()
    rules = {
        "detail": {"body": "div.con", "attachments": "a"},
        "course": {"apply": "td.none"},
        "limits": {"deadline": "1s"},
    }
    with m.Site() as site:
        stage = Stage(site)
        stage("/view.do", article)
        town = Project(tmp_path, site.allowed)
        town.sources(board("b", stage("/b", page(ROWS[:3])), **rules))
        town.run("2026-11-22")
        before = {i["id"]: [i[k] for k in ("text", "attachments", "course")] for i in town.items()}
        stage("/b", page([(1, "공지사항 1호 안내 (수정)", "2026-11-20"), *ROWS[1:3]]))
        stage("/view.do", b"", status="500 Oops")
        nights = [town.run(day) for day in ("2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26")]
        town.sources(board("b", site.url("/b"), **rules), agency="새 이름")  # everything is read anew
        town.run("2026-11-27")
        after = {i["id"]: [i[k] for k in ("text", "attachments", "course")] for i in town.items()}
    assert all(text == "긴 본문입니다." and files for text, files, _course in before.values())
    assert {course["apply_until"] for _text, _files, course in before.values()} == {"2026-12-20"}
    assert after == before
    assert "공지사항 1호 안내 (수정)" in town.titles()
    assert {i["agency"] for i in town.items()} == {"새 이름"}
    assert not any(e["state"] == "made" and e["id"].startswith("daily") for n in nights for e in n.json["editions"])


# --- P23, P24 ------------------------------------------------------------------------------------------------------


def test_a_flood_is_held_until_a_person_releases_it(tmp_path: Path) -> None:
    """Stored, held, told in the report with the command that releases it, then announced once (P23)."""
    first = [item(f"소식 {n}", f"g{n}", link=f"https://a.example/{n}") for n in range(10)]
    flood = [item(f"홍수 {n}", f"x{n}", link=f"https://a.example/x{n}") for n in range(30)]
    with m.Site() as site:
        stage = Stage(site)
        town = Project(tmp_path, site.allowed)
        town.sources(feed("a", stage("/a", rss(*first))), feed("b", stage("/b", rss(*first)), backfill="none"))
        opening = town.run(NIGHTS[0])
        stage("/a", rss(*flood, *first))
        second = town.run(NIGHTS[1])
        told = (town.output / "reports/latest.txt").read_text()
        assert (second.code, second.source("a")["verdict"]) == (3, "flood")
        assert [second.source("a")[n] for n in ("new", "quarantined")] == [0, 30]
        assert "moa db release a" in told
        assert second.json["editions"][0]["state"] == "skipped"
        again = town.run(NIGHTS[2])
        assert again.source("a")["quarantined"] == 0
        site_text = b"".join(f.read_bytes() for f in (town.output / "website").rglob("*.html"))
        assert "홍수".encode() not in site_text
        released = town.moa_says("db", "release", "a", "--json")
        assert released.json == {"released": 30}
        last = town.run("2046-11-26")  # a release counts by the wall clock: a night after every day this test may run
        final = town.run("2046-11-27")
    assert opening.json["editions"][0]["stories"] == 10  # of b nothing: its first items are old by default (ED4)
    assert all(i["quiet"] for i in town.items("b"))
    assert last.json["editions"][0]["stories"] == 30
    assert final.json["editions"][0]["state"] == "skipped"


def test_another_key_of_a_board_makes_nothing_new(tmp_path: Path) -> None:
    """An editor who names the articles' number differently keeps every item: its address still tells it (P24)."""
    with m.Site() as site:
        town = Project(tmp_path, site.allowed)
        url = Stage(site)("/b", page(ROWS))
        for night, key in zip(NIGHTS, ("{no}", "td.num", ""), strict=True):
            town.sources(board("b", url, key=key))
            line = town.run(night, command="collect").source("b")
            assert line["new"] + line["quarantined"] == (12 if night == NIGHTS[0] else 0), key
        assert len(town.items()) == 12


def test_changing_the_configuration_never_announces_old_items(tmp_path: Path) -> None:
    """Rename, reorder, remove and add again, disable, move, another address: no old item is ever new (P24, ED7)."""
    posts = {n: [item(f"{n} 소식 {k}", f"{n}{k}", link=f"https://{n}.example/{k}") for k in range(6)] for n in "abcd"}
    with m.Site() as site:
        stage = Stage(site)
        town = Project(tmp_path, site.allowed)
        url = {n: stage(f"/{n}", rss(*posts[n])) for n in posts}
        sources = {n: feed(n, url[n], backfill="none" if n == "c" else "last 500") for n in posts}
        town.sources(*sources.values())
        first = town.run("2026-11-23")
        ids = {i["id"] for i in town.items()}
        stage("/moved", rss(*posts["d"]))
        edits: list[Callable[[], object]] = [
            lambda: town.sources(*sources.values(), agency="새 이름 기관"),
            lambda: town.sources(*reversed(sources.values()), licence="kogl-1"),
            lambda: town.sources(sources["a"], sources["d"]),
            lambda: town.sources(*sources.values()),
            lambda: town.sources({**sources["a"], "enabled": False}, *list(sources.values())[1:]),
            lambda: town.sources({**sources["a"], "name": "다른 이름"}, *list(sources.values())[1:]),
            lambda: (
                town.write("sources/all.yaml", {"sources": []}),
                town.write("sources/b.yaml", {"sources": [*sources.values()]}),
            ),
            lambda: town.write(
                "sources/b.yaml",
                {"sources": [*list(sources.values())[:3], {**sources["d"], "url": site.url("/moved")}]},
            ),
        ]
        for night, edit in enumerate(edits, start=1):
            edit()
            said = town.run(f"2026-12-{night:02}")
            assert said.code == 0, (night, said.out)
            assert sum(line["new"] + line["quarantined"] for line in said.json["sources"]) == 0, night
            assert said.json["editions"][0]["state"] == "skipped", night
            if night == 1:
                assert {i["agency"] for i in town.items()} == {"새 이름 기관"}
    assert first.json["editions"][0]["stories"] == 18
    assert {i["id"] for i in town.items()} == ids


# --- P25, P26 ------------------------------------------------------------------------------------------------------


DATES = {
    "future": ("Wed, 22 Nov 2028 09:00:00 +0900", "2026-11-23T03:00:00+09:00"),
    "garbage": ("어제쯤?? 99/99/9999", "2026-11-23T03:00:00+09:00"),
    "none": ("", "2026-11-23T03:00:00+09:00"),
    "epoch": ("Thu, 01 Jan 1970 00:00:00 GMT", "2026-11-23T03:00:00+09:00"),
    "zoneless": ("2026-11-22 09:00:00", "2026-11-22T09:00:00+09:00"),
    "gmt": ("Sun, 22 Nov 2026 00:00:00 GMT", "2026-11-22T09:00:00+09:00"),
    "iso": ("2026-11-22T00:00:00Z", "2026-11-22T09:00:00+09:00"),
    "korean": ("2026년 11월 22일 오후 3:05", "2026-11-22T15:05:00+09:00"),
}


def test_dates_are_true_or_the_first_look(tmp_path: Path) -> None:
    """A date ahead, none or nonsense becomes the first look, a date without a zone Seoul's; never an invented one (P25)."""
    with m.Site() as site:
        items = [item(name, date=text) for name, (text, _expected) in DATES.items()]
        town = Project(tmp_path, site.allowed)
        town.sources(feed("a", Stage(site)("/a", rss(*items))))
        town.run(NIGHTS[0], command="collect")
        got = {i["title"]: i["published"] for i in town.items()}
        Stage(site)("/a", rss(*items, item("later")))
        town.run(NIGHTS[2], command="collect")
    assert {name: fact["value"] for name, fact in got.items()} == {n: e for n, (_t, e) in DATES.items()}
    for name in ("future", "garbage", "none", "epoch"):
        assert got[name]["inferred"], name
    assert {i["title"]: i["published"] for i in town.items() if i["title"] != "later"} == got


def test_each_item_is_news_in_exactly_one_edition(tmp_path: Path) -> None:
    """Over five nights with items of every date, each is told as new once, in the edition after its first look (P25)."""
    dates = [
        "",
        "Sun, 22 Nov 2026 09:00:00 +0900",
        "Wed, 22 Nov 2028 09:00:00 +0900",
        "2026-11-25 02:59:59",
        "2026-10-01",
    ]
    with m.Site() as site:
        stage = Stage(site)
        town = Project(tmp_path, site.allowed)
        base = [item(f"바탕 글 {n}", f"base{n}", link=f"https://a.example/base{n}") for n in range(12)]
        posts: list[str] = []
        town.sources(feed("a", stage("/a", rss(*base)), backfill="none"))
        town.run("2026-11-22")
        when: dict[str, str] = {}
        for night in ("2026-11-23", "2026-11-24T00:00", "2026-11-25T23:59", "2026-11-26"):
            for text in dates:
                title = f"{night[:10]} 소식 {dates.index(text)}번째"
                posts.append(item(title, link=f"https://a.example/{night[:10]}-{dates.index(text)}", date=text))
                when[title] = night[:10]
            stage("/a", rss(*posts, *base))
            town.run(night)
            town.run(night)
        town.run("2026-11-27")
        told = {title: town.editions(title) for title in when}
    assert told == {title: [f"daily/{day}"] for title, day in when.items()}


def test_korean_encodings_are_read_right_or_refused(tmp_path: Path) -> None:
    """euc-kr means cp949, BOM beats header beats declaration; no mojibake, NUL or control ever reaches store or site (P26)."""
    title = "똠방각하 펲시 햏 소식"
    declared = '<?xml version="1.0" encoding="{}"?><rss version="2.0"><channel><title>x</title><item><title>{}</title><guid>1</guid></item></channel></rss>'

    def answer(
        encoding: str, codec: str, media: str = "application/rss+xml", front: bytes = b"", text: str = title
    ) -> m.Behaviour:
        body = front + declared.format(encoding, text).encode(codec)
        return m.answer(body, headers=[("Content-Type", media)])

    html = page([(1, title, "2026-11-22")]).decode()
    routes = {
        "declared": answer("euc-kr", "cp949"),
        "ksc": answer("ks_c_5601-1987", "cp949"),
        "header": answer("utf-8", "cp949", "text/xml; charset=EUC-KR"),
        "bom": answer("euc-kr", "utf-8", "text/xml; charset=euc-kr", b"\xef\xbb\xbf"),
        "utf16": answer("utf-16", "utf-16"),
        "liar": answer("euc-kr", "utf-8"),
        "nul": answer("utf-8", "utf-8", text=f"{title}\x00\x07\x1b[2J"),
        "b-meta": m.answer(html.replace("utf-8", "euc-kr").encode("cp949")),
        "b-header": m.answer(html.encode("cp949"), headers=[("Content-Type", "text/html; charset=ks_c_5601-1987")]),
        "broken": answer("utf-8", "cp949", text=title * 20),
    }
    with m.Site({f"/{name}": behaviour for name, behaviour in routes.items()}) as site:
        town = Project(tmp_path, site.allowed)
        town.sources(*((board if n.startswith("b-") else feed)(n, site.url(f"/{n}")) for n in routes))
        night = town.run()
    stored = {name: town.titles(name) for name in routes}
    assert all(line["error"] or stored[line["id"]] for line in night.json["sources"])
    for name in ("declared", "ksc", "header", "bom", "utf16", "b-meta", "b-header"):
        assert stored[name] == [title], name
    assert stored["liar"] in ([], [title])
    assert all(t.startswith(title) for t in stored["broken"] + stored["nul"] + stored["liar"])
    for file in town.output.rglob("*"):
        if file.suffix in (".html", ".xml", ".json", ".txt"):
            text = file.read_text("utf-8")
            assert not any(ord(c) < 32 and c not in "\n\r\t" for c in text), file
            assert "\ufffd" not in text, file


# --- P27, P28 ------------------------------------------------------------------------------------------------------


def snapshot(folder: Path) -> dict[str, bytes]:
    return {
        str(f.relative_to(folder)): f.read_bytes()
        for f in folder.rglob("*")
        if f.is_file() and not f.name.endswith("-shm")
    }


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_second_run_leaves_at_once(tmp_path: Path, database: str, request: pytest.FixtureRequest) -> None:
    """While one run works a second ends with 75 and changes no file; killed, the first one's lock dies with it (P27, P28, OP6)."""
    slow = m.in_turn(m.slow_drip(), m.answer(rss(item("느린 소식"))))
    with m.Site({"/a": m.answer(rss(item("소식"))), "/slow": slow}) as site:
        more = {}
        if database == "postgresql":
            server: Postgres = request.getfixturevalue("postgres")
            more = {"store": {"url": server.fresh()}}
        town = Project(tmp_path, site.allowed, fetch={"timeout": "60s", "deadline": "90s"}, **more)
        town.sources(feed("a", site.url("/a")), feed("slow", site.url("/slow")))
        with subprocess.Popen(town.command("run"), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as first:
            try:
                until = time.monotonic() + 30
                while len(site.seen) < 2 or not site_has(town, database, site):
                    assert first.poll() is None
                    assert time.monotonic() < until
                    time.sleep(0.05)
                before = snapshot(town.folder)
                began = time.monotonic()
                second = town.run()
                seconds = time.monotonic() - began
                after = snapshot(town.folder)
            finally:
                first.send_signal(signal.SIGKILL)
        assert second.code == 75
        assert seconds < 5
        assert str(first.pid) in second.err
        assert after == before
        assert town.moa_says("db", "check").code == 0
        third = town.run()
        assert third.code == 0
        assert town.titles() == ["느린 소식", "소식"]


def site_has(town: Project, database: str, site: m.Site) -> bool:
    """Whether the first run has stored its quick source: from there on nothing of it changes until it is killed."""
    del site
    if database != "sqlite":
        time.sleep(0.5)
        return True
    file = town.output / "moa.db"
    if not file.exists():
        return False
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as store:
        try:
            return bool(store.execute("SELECT count(*) FROM entries").fetchone()[0])
        except sqlite3.Error:
            return False


@pytest.mark.slow
def test_a_run_that_is_killed_anywhere_leaves_a_sound_store(tmp_path: Path) -> None:
    """SIGKILL while fetching, parsing, rendering: the store is sound and the next run completes the night (P28)."""
    posts = {
        f"/{n}": m.answer(rss(*(item(f"{n}-{k}", link=f"https://a.example/{n}/{k}") for k in range(9))))
        for n in range(4)
    }
    with m.Site(posts) as site:
        town = Project(tmp_path, site.allowed)
        town.sources(*(feed(f"s{n}", site.url(f"/{n}")) for n in range(4)))
        for wait in (0.25, 0.45, 0.7, 1.0):
            with subprocess.Popen(town.command("run"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
                try:
                    run.wait(wait)
                except subprocess.TimeoutExpired:
                    run.send_signal(signal.SIGKILL)
            if (town.output / "moa.db").exists():
                with sqlite3.connect(town.output / "moa.db") as store:
                    assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert town.moa_says("run", "--json").code == 0
        assert len(town.items()) == 36
        assert town.moa_says("db", "check").code == 0


# --- P29, P30 ------------------------------------------------------------------------------------------------------


NEWSLETTER = {
    "id": "newsletter",
    "renderer": "newsletter",
    "transport": "smtp",
    "window": "00:00-24:00",
    "send": {"host": "127.0.0.1", "security": "none", "sender": "news@example.go.kr", "recipients": "people.csv"},
}


class Sink:
    """Counts the mails it took."""

    mails = 0

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
        del server, session, envelope
        self.mails += 1
        return "250 taken"


@contextmanager
def mail_server() -> Iterator[tuple[Sink, int]]:
    """A mail server on a free port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield sink, port
    finally:
        controller.stop()


def damaged(body: bytes) -> dict[str, bytes]:
    """Ways a file gets damaged."""
    middle = bytearray(body)
    for at in range(4096, len(middle), 4096):
        middle[at : at + 64] = b"\xaa" * 64
    return {
        "no database": b"hello" * 2000,
        "cut": body[: len(body) // 2],
        "zeros": bytes(len(body)),
        "scratched": bytes(middle),
    }


def test_a_damaged_store_is_left_alone_until_a_person_sets_it_aside(tmp_path: Path) -> None:
    """One sentence and exit 4; not a byte of it changes, nothing is sent, neither then nor from the fresh store (P29)."""
    with m.Site() as site, mail_server() as (sink, port):
        town = Project(
            tmp_path, site.allowed, channels=[*CHANNELS, {**NEWSLETTER, "send": {**NEWSLETTER["send"], "port": port}}]
        )
        (tmp_path / "people.csv").write_text("email\nreader@example.com\n")
        stage = Stage(site)
        town.sources(feed("a", stage("/a", rss(*(item(f"소식 {n}") for n in range(5))))))
        arm = town.moa_says("status", "--json")
        assert arm.code == 4  # no store yet
        town.moa_says("collect", "--dry-run")
        (tmp_path / ".env").write_text(f"MOA_ARM={town.moa_says('status', '--json').json['stamp']}\n")
        (tmp_path / ".env").chmod(0o600)
        assert town.moa_says("run").code == 0
        assert sink.mails == 1  # armed: this is what must not happen again
        file = town.output / "moa.db"
        with sqlite3.connect(file) as store:
            store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        store.close()
        files = town.files("website", "copykit")
        for name, body in damaged(file.read_bytes()).items():
            for beside in ("-wal", "-shm"):
                file.with_name(file.name + beside).unlink(missing_ok=True)
            file.write_bytes(body)
            said = town.moa_says("run")
            assert said.code == 4, (name, said)
            assert "moa.db" in said.err, name
            assert file.read_bytes() == body, name
            assert town.files("website", "copykit") == files, name
        assert town.moa_says("db", "aside").code == 0
        aside = [f for f in town.output.iterdir() if "damaged" in f.name and not f.name.endswith(("-wal", "-shm"))]
        assert [f.read_bytes() for f in aside] == [body]
        fresh = town.moa_says("run", "--json")
    assert sink.mails == 1
    assert {d["channel"]: d["state"] for d in fresh.json["deliveries"]}["newsletter"] in ("held", "pending")


@pytest.mark.slow
def test_no_room_on_the_disk(tmp_path: Path) -> None:
    """A file-size limit anywhere in a night: a sentence, no traceback, the last site whole; with room all is made up (P30)."""
    with m.Site() as site:
        stage = Stage(site)
        town = Project(tmp_path, site.allowed)
        town.sources(feed("a", stage("/a", rss(item("첫 소식", link="https://a.example/0")))))
        assert town.run(NIGHTS[0]).code == 0
        whole = town.files("website")
        text = "가나다라마바사 " * 2000
        many = [item(f"소식 {n}", link=f"https://a.example/{n}", body=f"<p>{text}</p>") for n in range(1, 15)]
        stage("/a", rss(*many))
        for limit in (8_000, 150_000):
            said = town.shell(
                "run",
                "--as-of",
                NIGHTS[1],
                preexec_fn=lambda limit=limit: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
            )
            assert said.code in (3, 4), (limit, said)
            assert said.err.strip(), limit
            assert town.files("website") == whole, limit
            assert not (town.output / "copykit/daily" / NIGHTS[1]).exists(), limit
        assert town.moa_says("db", "check").code == 0
        assert town.run(NIGHTS[1]).code == 0
        assert len(town.items()) == 15
        assert town.files("website") != whole


def without_override() -> None:
    """Make permission bits count for root too: no CAP_DAC_OVERRIDE (1), no CAP_DAC_READ_SEARCH (2) after exec."""
    if os.geteuid() == 0:
        for capability in (1, 2):
            ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


@pytest.mark.slow
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """Read-only: a sentence and exit 4, nothing is sent and the site stays as it was (P30)."""
    with m.Site() as site:
        town = Project(tmp_path, site.allowed)
        stage = Stage(site)
        town.sources(feed("a", stage("/a", rss(item("소식")))))
        town.run(NIGHTS[0])
        stage("/a", rss(item("새 소식")))
        whole = town.files()
        for path in (tmp_path, *tmp_path.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        try:
            said = town.shell("run", "--as-of", NIGHTS[1], preexec_fn=without_override)
        finally:
            for path in (tmp_path, *tmp_path.rglob("*")):
                path.chmod(0o755 if path.is_dir() else 0o644)
    assert said.code == 4, said
    assert "moa.db" in said.err
    assert town.files() == whole


# --- P31, P32 ------------------------------------------------------------------------------------------------------


def scripted(folder: Path, stage: Stage, **more: Any) -> list[Any]:
    """Three nights with news, an edit, a flood and a failure; everything that can be asked afterwards."""
    town = Project(folder, stage.site.allowed, **more)
    posts = [item(f"소식 {n}", f"g{n}", link=f"https://a.example/{n}", body="<p>본문 😀</p>") for n in range(8)]
    urls = stage("/f", rss(*posts)), stage("/b", page(ROWS)), stage("/x", rss(*posts[:1]))
    town.sources(feed("f", urls[0]), board("b", urls[1]), feed("x", urls[2]))
    said = [town.run(NIGHTS[0])]
    stage("/f", rss(item("소식 0 (정정)", "g0", link="https://a.example/0"), *posts[1:], item("새 소식", "n")))
    stage("/x", b"", status="404 Not Found")
    said.append(town.run(NIGHTS[1]))
    stage("/b", page([(n, f"홍수 {n}", "2026-11-24") for n in range(100, 130)] + ROWS))
    said += [town.run(NIGHTS[2]), town.moa_says("db", "release", "b", "--json"), town.run("2026-11-26")]
    told: list[Any] = [[one.code, without(one.json, "run", "seconds")] for one in said]
    told.append(town.items())
    told += [json.loads(town.moa_says("why", title, "--json").out) for title in ("새 소식", "홍수 100", "소식 0")]
    told.append(town.moa_says("stories", "--json").out)
    told += [town.files(), town.state(), town.moa_says("status").out.splitlines()[1:]]
    return told


def without(value: Any, *names: str) -> Any:
    """Return JSON without some keys, at any depth."""
    if isinstance(value, dict):
        return {k: without(v, *names) for k, v in value.items() if k not in names}
    return [without(v, *names) for v in value] if isinstance(value, list) else value


@pytest.mark.slow
def test_both_databases_tell_the_same(tmp_path: Path, postgres: Postgres) -> None:  # noqa: F811
    """Every answer of four scripted nights and every file made are the same from SQLite and from PostgreSQL (P31)."""
    with m.Site() as site:
        light = scripted(tmp_path / "one", Stage(site))
        heavy = scripted(tmp_path / "two", Stage(site), store={"url": postgres.fresh()})
    assert [night[0] for night in light[:5]] == [0, 3, 3, 0, 3]
    for files in (made for made in (*light, *heavy) if isinstance(made, dict)):
        files.pop("editions/site/website/manifest.json", None)  # names the configuration it was made under: the store
    assert light == heavy


@pytest.mark.parametrize("command", [("run",), ("items",), ("db", "upgrade")])
def test_a_newer_schema_is_refused(tmp_path: Path, command: tuple[str, ...]) -> None:
    """Older code does not touch a store of newer code: a sentence, exit 4, not a byte changed (P32)."""
    with m.Site() as site:
        town = Project(tmp_path, site.allowed)
        town.sources(feed("a", Stage(site)("/a", rss(item("소식")))))
        town.run()
        file = town.output / "moa.db"
        store = sqlite3.connect(file)
        table, column = next(
            (t, c)
            for (t,) in store.execute("SELECT name FROM sqlite_master WHERE type='table'").fetchall()
            for c in [row[1] for row in store.execute(f"PRAGMA table_info({t})")]
            if "version" in c
        )
        store.execute(f"UPDATE {table} SET {column} = '9999'")
        store.commit()
        store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        store.close()
        body = file.read_bytes()
        said = town.moa_says(*command)
    assert said.code == 4, said
    assert said.err.strip()
    assert file.read_bytes() == body
