"""One bad source never harms the rest: P1-P7 and OP1-OP3, through the command line over servers that misbehave.

What does not live here: how each failure looks inside ``http`` (``unit/http``) and in the workers (``unit/collect``).
"""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from tests import misbehave as m
from tests.flow.project import Project, board, feed, item, page, rss

GOOD = rss(item("좋은 소식", link="https://a.example/1"))
DEADLINE_S = 3
HOSTILE = {
    "deep": "<div>" * 100_000,
    "attributes": "<p " + " ".join(f'a{n}="1"' for n in range(100_000)) + ">x</p>",
    "comments": "<!--" * 100_000,
    "misnested": "<b><i><u><a>" * 10_000,
    "anchors": "<a href='x'>" * 50_000,
    "tags-cut": '<a href="' * 50_000,
    "references": "&#x41;" * 100_000,
}
ENDLESS = {
    "silent": m.silent(),
    "slow-headers": m.slow_headers(),
    "stalled": m.stalled_body(),
    "drip": m.slow_drip(),
    "header-flood": m.header_flood(),
    "header": m.endless_header(),
    "status-line": m.huge_status_line(),
    "interim": m.interim_flood(),
    "extension": m.extension_flood(),
    "body": m.endless_body(),
    "chunks": m.endless_chunks(),
    "trailers": m.trailer_flood(),
    "bomb": m.gzip_bomb(),
    "error-page": m.endless_error(),
}
BROKEN = {
    "short": m.lying_length(5000, GOOD),
    "two-lengths": m.two_lengths(GOOD),
    "cut-gzip": m.truncated_gzip(GOOD * 9),
    "crc": m.wrong_crc(GOOD),
    "bad-chunk": m.bad_chunk(),
    "cut-chunks": m.cut_chunks(),
    "http09": m.http09(),
    "garbage": m.garbage(),
    "hang-up": m.hang_up(),
    "reset": m.reset(),
    "unclosed": m.answer(GOOD[: len(GOOD) // 2]),
    "empty": m.answer(b""),
    "no-content": m.raw(m.head("204 No Content")),
    "partial": m.answer(GOOD, status="206 Partial Content"),
    "unasked-304": m.raw(m.head("304 Not Modified")),
    "page": m.answer("<!doctype html><title>점검 중</title><body>점검 중입니다</body>".encode()),
    "loop": m.redirect("/loop"),
    "nowhere": m.redirect("//"),
    "gone": m.answer(b"", status="410 Gone"),
    "forbidden": m.answer(b"", status="403 Forbidden"),
    "odd-status": m.answer(b"", status="999 What"),
}


def entity(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def test_one_of_forty_sources_answers_500(tmp_path: Path) -> None:
    """39 are stored and published, the exit status is 3, and the report's first line names source and cause (OP1)."""
    routes = {f"/{n}": m.answer(rss(item(f"소식 {n}호", link=f"https://a.example/{n}"))) for n in range(40)}
    with m.Site({**routes, "/7": m.answer(b"", status="500 Oops")}) as site:
        town = Project(tmp_path, site.allowed)
        town.sources(*(feed(f"s{n}", site.url(f"/{n}"), limits={"deadline": "1s"}) for n in range(40)))
        night = town.run()
    assert night.code == 3
    assert town.titles() == sorted(f"소식 {n}호" for n in range(40) if n != 7)
    assert night.json["editions"][0]["state"] == "made"
    assert night.json["editions"][0]["stories"] == 39
    first = (town.output / "reports/latest.txt").read_text().splitlines()[0]
    assert "s7 소식" in first
    assert "127.0.0.1" in first
    assert "500" in first


@pytest.mark.slow
def test_servers_that_misbehave_in_every_way_beside_good_ones(tmp_path: Path) -> None:
    """Each ends within its deadline, named with a sentence; nothing of it is stored; every good source is (P1-P3, P5-P7)."""
    bad = {**ENDLESS, **BROKEN}
    routes = {f"/{name}": behaviour for name, behaviour in bad.items()} | {"/good": m.answer(GOOD)}
    with m.Site(routes) as site:
        town = Project(tmp_path, site.allowed)
        limits = {"timeout": "1s", "deadline": f"{DEADLINE_S}s", "bytes": "2MB"}
        sources = [feed(name, site.url(f"/{name}"), limits=limits) for name in bad]
        town.sources(feed("good-first", site.url("/good")), *sources, feed("good-last", site.url("/good")))
        night = town.run()
    assert night.code == 3
    assert [i["source"] for i in town.items()] == ["good-first", "good-last"]
    for name in bad:
        line = night.source(name)
        assert line["error"], name
        assert line["error"]["message"].endswith((".", ")", ". (상태 999)")) or line["error"]["message"], name
        assert line["verdict"] in ("fetch-failed", "unreadable", "gone", "refused"), name
        assert line["failing_since"] == "2026-11-23T03:00:00+09:00", name
        assert line["bytes"] <= 2_000_000, name
        assert line["seconds"] < 4 * DEADLINE_S, name  # deadline, last back-off and a busy machine; else for ever
    told = (town.output / "reports/latest.txt").read_text()
    assert all(f"- {name}: " in told for name in bad)


def test_the_run_itself_has_a_deadline(tmp_path: Path) -> None:
    """Sources still open when the night's time is up are named so; what came before is stored and published (P2)."""
    with m.Site({"/good": m.answer(GOOD), "/drip": m.slow_drip()}) as site:
        town = Project(tmp_path, site.allowed, run={"deadline": "1s"}, fetch={"timeout": "60s", "deadline": "90s"})
        town.sources(feed("good", site.url("/good")), feed("drip", site.url("/drip")))
        night = town.run()
    assert night.code == 3
    assert night.source("drip")["error"]["code"] == "run-deadline"
    assert town.titles() == ["좋은 소식"]


@pytest.mark.slow
def test_small_documents_that_cost_minutes_elsewhere(tmp_path: Path) -> None:
    """In feeds only the item is cut and named; a board's page is refused or read around it; the night stays short (P4)."""
    town = Project(tmp_path)
    sources = []
    with m.Site() as site:
        town.allowed = (site.allowed,)
        town.moa()
        for name, markup in HOSTILE.items():
            body = f"<title>나쁜 글</title><guid>b</guid><description>{entity(markup)}</description>"
            site.routes[f"/feed-{name}"] = m.answer(rss(item("좋은 글"), f"<item>{body}</item>"))
            site.routes[f"/title-{name}"] = m.answer(rss(item("좋은 글"), item(entity(markup), "b")))
            site.routes[f"/board-{name}"] = m.answer(page([(1, "좋은 글", "2026-11-22")], more=markup))
            sources += [feed(f"{kind}-{name}", site.url(f"/{kind}-{name}")) for kind in ("feed", "title")]
            site.routes[f"/{name}/list"] = m.answer(page([(1, "좋은 글", "2026-11-22")]))
            site.routes[f"/{name}/view.do"] = m.answer(f"<!doctype html><div class=con>{markup}</div>".encode())
            sources.append(board(f"board-{name}", site.url(f"/board-{name}")))
            sources.append(board(f"page-{name}", site.url(f"/{name}/list"), detail={"body": "div.con"}))
        town.sources(*sources)
        night = town.run(command="collect")
    for name in HOSTILE:
        line = night.source(f"feed-{name}")
        assert [d["text"] for d in line["dropped"]] == ["나쁜 글"], name
        assert town.titles(f"feed-{name}") == ["나쁜 글", "좋은 글"], name  # its title still stands, its body does not
        assert not any(i["text"] for i in town.items(f"feed-{name}")), name
        assert "좋은 글" in town.titles(f"title-{name}"), name
        assert max(map(len, town.titles(f"title-{name}"))) <= 300, name
        line = night.source(f"board-{name}")
        assert line["new"] == 1 or line["error"]["code"] == "unreadable", name
        line = night.source(f"page-{name}")
        assert line["new"] == 1, name
        assert line["warnings"] in ([], [{"code": "page-unread", "message": "좋은 글"}]), name
    assert night.source("page-deep")["warnings"]
    assert not {line["verdict"] for line in night.json["sources"]} & {"plugin"}


@pytest.mark.slow
def test_damaged_documents_never_show_a_defect(tmp_path: Path) -> None:
    """However bytes of feeds and boards are damaged, the outcome is a documented one, and good sources stand (P5, P6)."""
    dice = random.Random(23)
    bits = [
        b"<",
        b"&",
        b"]]>",
        b"\x00",
        b"\xff\xfe",
        b"<!--",
        b"&#xD800;",
        b"&#x110000;",
        b"</item>",
        b"\\ud800",
        b"1e999",
    ]
    bits += [b"<media:player/>", b"<width/>", b"<!DOCTYPE x [", b"&#" + b"9" * 5000 + b";", b"http://[::1", b"<td>"]
    one = {"id": "1", "title": "글", "content_html": "<p>글</p>", "attachments": [{"url": "/f", "size_in_bytes": 9}]}
    whole = [
        rss(*(item(f"글 {n}", body="<p>본문</p>", date="Sun, 22 Nov 2026 09:00:00 +0900") for n in range(5))),
        page([(n, f"글 {n}", "2026-11-22") for n in range(5)]),
        json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": [one]}).encode(),
    ]

    def damaged() -> bytes:
        body = bytearray(dice.choice(whole))
        for _turn in range(dice.choice([1, 3, 10])):
            at = dice.randrange(len(body))
            body[at : at + dice.choice([0, 0, 1, 40])] = dice.choice(bits)
        return bytes(body)

    with m.Site({f"/{n}": m.answer(damaged()) for n in range(150)} | {"/good": m.answer(GOOD)}) as site:
        town = Project(tmp_path, site.allowed, fetch={"timeout": "30s", "deadline": "30s"})
        many = [(board if n % 3 == 0 else feed)(f"s{n}", site.url(f"/{n}")) for n in range(150)]
        town.sources(*many, feed("good", site.url("/good")))
        night = town.run(command="collect")
    assert night.code in (0, 3)
    defects = [(line["id"], line["error"]) for line in night.json["sources"] if line["verdict"] == "plugin"]
    assert not defects
    assert town.titles("good") == ["좋은 소식"]


@pytest.mark.parametrize(
    ("name", "body", "titles"),
    [
        ("half a character in JSON", {"title": "글\ud800", "content_html": "<p>\udfff본문</p>"}, ["글�"]),
        ("endless size in JSON", {"title": "글", "attachments": [{"url": "/f", "size_in_bytes": 1e999}]}, ["글"]),
    ],
)
def test_json_feeds_with_impossible_values(
    tmp_path: Path, name: str, body: dict[str, object], titles: list[str]
) -> None:
    """What JSON can say and no store can hold costs that value, not the source (P6)."""
    whole = {"version": "https://jsonfeed.org/version/1.1", "title": name, "items": [{"id": "1", **body}]}
    with m.Site({"/": m.answer(json.dumps(whole).encode())}) as site:
        town = Project(tmp_path, site.allowed)
        town.sources(feed("a", site.url("/")))
        assert town.run(command="collect").code == 0
    assert town.titles() == titles


@pytest.mark.parametrize("bit", ["&#xD800;", "&#1114112;", f"&#{'9' * 5000};"])
def test_references_to_no_character_cost_that_character_only(tmp_path: Path, bit: str) -> None:
    """An ill-formed feed with such a reference is still read, by the patient reader (P6)."""
    with m.Site({"/": m.answer(rss(item(f"글 {bit}끝", "1"), "<b>"))}) as site:
        town = Project(tmp_path, site.allowed)
        town.sources(feed("a", site.url("/")))
        assert town.run(command="collect").code in (0, 3)
    assert [title.replace("�", "") for title in town.titles()] in (["글 끝"], [])


def test_a_failing_source_says_since_when(tmp_path: Path) -> None:
    """Report, JSON and ``status`` name the first bad night until a good one; its items stay (P7)."""
    down = m.answer(b"", status="404 Not Found")
    with m.Site({"/a": m.in_turn(m.answer(GOOD), down, down, m.answer(GOOD)), "/b": m.answer(GOOD)}) as site:
        town = Project(tmp_path, site.allowed)
        town.sources(feed("a", site.url("/a")), feed("b", site.url("/b")))
        codes = [town.run("2026-11-23").code, town.run("2026-11-24").code]
        third = town.run("2026-11-25")
        assert third.source("a")["failing_since"] == "2026-11-24T03:00:00+09:00"
        assert "2026-11-24 03:00" in (town.output / "reports/latest.txt").read_text()
        assert "2026-11-24 03:00" in town.moa_says("status").out
        assert town.state()["a"]["failures"] == 2
        assert town.titles("a") == ["좋은 소식"]
        fourth = town.run("2026-11-26")
    assert [*codes, third.code, fourth.code] == [0, 3, 3, 0]
    assert fourth.source("a")["failing_since"] is None


ROWS = [(n, f"공지사항 {n}호 안내", "2026-11-16") for n in range(12)]
SHELLS = {
    "redesigned": "<!doctype html><body><h1>새소식</h1><div class='list'><a href='view.do?no=1'>공지</a></div></body>",
    "maintenance": "<!doctype html><title>안내</title><body><h1>시스템 점검 중입니다</h1></body>",
    "login": "<!doctype html><body><h1>로그인</h1><form>로그인 해 주세요<input type=password></form></body>",
}


def test_boards_without_their_list_after_seven_good_runs(tmp_path: Path) -> None:
    """Each is named on that same run, nothing is gone, and the report shows when the last good page came (OP2, P22)."""
    good = [m.answer(page([(n + 20, f"공지사항 {n + 20}호 안내", "2026-11-17"), *ROWS])) for n in range(7)]
    with m.Site({f"/{name}": m.in_turn(*good, m.answer(shell.encode())) for name, shell in SHELLS.items()}) as site:
        town = Project(tmp_path, site.allowed)
        town.sources(*(board(name, site.url(f"/{name}")) for name in SHELLS))
        for day in range(17, 24):
            assert town.run(f"2026-11-{day}", command="collect").code == 0
        before = town.titles()
        night = town.run("2026-11-24")
    assert night.code in (3, 4)
    assert {line["id"]: (line["verdict"], line["error"]["code"]) for line in night.json["sources"]} == {
        "redesigned": ("container-missing", "container-missing"),
        "maintenance": ("unreadable", "maintenance"),
        "login": ("unreadable", "login-page"),
    }
    assert town.titles() == before
    assert not any(i["gone"] for i in town.items())
    told = (town.output / "reports/latest.txt").read_text()
    assert {line["id"]: line["error"]["remedy"] for line in night.json["sources"]} == {
        "redesigned": "editor",
        "maintenance": "nobody",
        "login": "operator",
    }
    assert "moa source repair redesigned" in told
    for name in SHELLS:
        line = next(line for line in told.splitlines() if f"- {name}: " in line)
        assert "2026-11-23 03:00" in line
        assert night.source(name)["last_success"] == "2026-11-23T03:00:00+09:00"


def test_a_list_that_is_there_and_empty(tmp_path: Path) -> None:
    """No alarm where the declared cadence excuses it, an alarm where history says otherwise; nothing is gone (OP3)."""
    nothing = '<table class="board"><tbody><tr><td colspan="3">등록된 게시물이 없습니다.</td></tr></tbody></table>'
    answers = [m.answer(page([(n + 20, f"공지사항 {n + 20}호", "2026-11-17"), *ROWS])) for n in range(4)]
    empty = m.answer(f"<!doctype html><body>{nothing}</body>".encode())
    with m.Site({"/b": m.in_turn(*answers, empty), "/c": m.in_turn(*answers, empty), "/d": empty}) as site:
        town = Project(tmp_path, site.allowed)
        town.sources(
            board("history", site.url("/b")),
            board("cadence", site.url("/c"), expect={"cadence": "30d"}),
            board("fresh", site.url("/d")),
        )
        for day in range(20, 24):
            town.run(f"2026-11-{day}", command="collect")
        night = town.run("2026-11-24", command="collect")
    assert night.code == 3
    assert [line["verdict"] for line in night.json["sources"]] == ["suddenly-empty", "empty", "empty"]
    assert [len(town.titles(name)) for name in ("history", "cadence", "fresh")] == [16, 16, 0]
    assert not any(i["gone"] for i in town.items())


def test_a_document_that_is_cut_is_no_success(tmp_path: Path) -> None:
    """A feed that stops half-way changes nothing, although its first items could be read (P5)."""
    whole = rss(*(item(f"글 {n}") for n in range(6)))
    cut = whole[: whole.index("글 4".encode())]
    with m.Site({"/": m.in_turn(m.answer(GOOD), m.answer(cut))}) as site:
        town = Project(tmp_path, site.allowed)
        town.sources(feed("a", site.url("/")))
        town.run("2026-11-23", command="collect")
        night = town.run("2026-11-24", command="collect")
    assert night.source("a")["error"]["code"] == "truncated"
    assert town.titles() == ["좋은 소식"]
