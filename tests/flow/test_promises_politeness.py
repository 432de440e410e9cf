"""Politeness: P14-P18, through the command line; what the server saw is what counts.

What does not live here: each rule of RFC 9309, gaps and back-off (``unit/http``).
"""

from __future__ import annotations

import email.utils
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests import misbehave as m
from tests.flow.project import Project, board, feed, item, page, rss

PAGE = page([(1, "공지", "2026-11-22")])
RULES = b"User-agent: *\nDisallow: /\n"
MIDNIGHT = datetime(2026, 11, 22, 18, tzinfo=UTC)  # as Seoul's 03:00 of the first night


@pytest.mark.parametrize(
    ("robots", "is_open"),
    [
        (m.answer(RULES), False),
        (m.answer(b"\xef\xbb\xbf" + RULES), False),
        (m.answer(b"User-agent: moa\rDisallow: /b\r"), False),
        (m.answer(b"User-agent: *\nDisallow: /\nAllow: /b$\n"), True),
        (m.answer(b"User-agent: other\nDisallow: /\n"), True),
        (m.answer(b"", status="500 Oops"), False),
        (m.answer(b"", status="403 Forbidden"), True),
        (m.answer(b"<!doctype html><title>404</title>"), True),
        (m.hang_up(), False),
    ],
)
def test_robots_rules_bind_boards_and_not_feeds(tmp_path: Path, robots: m.Behaviour, *, is_open: bool) -> None:
    """A forbidden board is refused and named without being asked for; the feed beside it is read (P14)."""
    routes = {"/robots.txt": robots, "/b": m.answer(PAGE), "/f": m.answer(rss(item("소식")))}
    with m.Site(routes) as site:
        town = Project(tmp_path, site.allowed)
        limits = {"deadline": "1s"}
        town.sources(board("b", site.url("/b"), limits=limits), feed("f", site.url("/f"), limits=limits))
        night = town.run(command="collect")
    assert night.source("f")["verdict"] == "ok"
    assert ("/b" in site.paths) is is_open
    if is_open:
        assert night.code == 0
        return
    assert (night.code, night.source("b")["verdict"]) == (3, "refused")
    assert night.source("b")["error"]["code"] == "robots"
    assert "owner-permission" in night.source("b")["error"]["hint"]


def test_an_owner_permission_stands_against_robots(tmp_path: Path) -> None:
    """With a recorded permission the board is read; a permission without a word is refused by the configuration (P14)."""
    with m.Site({"/robots.txt": m.answer(RULES), "/b": m.answer(PAGE)}) as site:
        town = Project(tmp_path, site.allowed)
        told = {"owner-permission": "정보통신과 홍길동, 2026-11-02 전자우편"}
        town.sources(board("b", site.url("/b"), robots=told))
        assert town.run(command="collect").code == 0
        assert site.paths == ["/b"]
        town.sources(board("b", site.url("/b"), robots={"owner-permission": ""}))
        assert town.moa_says("check").code == 2


def test_robots_of_an_article_page_on_another_host(tmp_path: Path) -> None:
    """Details of a board obey the rules of the host they stand on (P14)."""
    with m.Site({"/robots.txt": m.answer(RULES)}, default=m.answer(PAGE)) as other, m.Site() as site:
        row = PAGE.replace(b"view.do?no=1", other.url("/secret").encode())
        site.routes["/b"] = m.answer(row)
        town = Project(tmp_path, site.allowed, other.allowed)
        town.sources(board("b", site.url("/b"), key="", detail={"body": "p"}))
        town.run(command="collect")
    assert other.paths == ["/robots.txt"]


def test_validators_are_sent_verbatim_and_a_304_costs_one_request(tmp_path: Path) -> None:
    """Odd tags come back byte for byte; an unchanged night is one request a source and changes nothing (P15)."""
    tag, moment = 'W/"a b,\'c"', "Sun, 22 Nov 2026 00:00:00 GMT"
    first = m.answer(rss(item("소식")), headers=[("ETag", tag), ("Last-Modified", moment)])
    with m.Site({"/a": m.in_turn(first, m.raw(m.head("304 Not Modified")))}) as site:
        town = Project(tmp_path, site.allowed)
        town.sources(feed("a", site.url("/a")))
        town.run("2026-11-23")
        second = town.run("2026-11-24", command="collect")
        third = town.run("2026-11-25", command="collect")
    assert (second.code, second.source("a")["unchanged"], second.source("a")["requests"]) == (0, 1, 1)
    assert third.source("a")["verdict"] == "ok"
    assert "if-none-match" not in site.seen[0].headers
    for seen in site.seen[1:]:
        assert (seen.headers["if-none-match"], seen.headers["if-modified-since"]) == (tag, moment)


def test_content_decides_and_not_the_tag(tmp_path: Path) -> None:
    """A new tag on the same bytes is nothing new; the same tag on new bytes is (P15)."""
    bodies = [(rss(item("하나")), '"1"'), (rss(item("하나")), '"2"'), (rss(item("하나"), item("둘")), '"2"')]
    with m.Site({"/a": m.in_turn(*(m.answer(body, headers=[("ETag", tag)]) for body, tag in bodies))}) as site:
        town = Project(tmp_path, site.allowed)
        town.sources(feed("a", site.url("/a")))
        nights = [town.run(f"2026-11-{day}", command="collect").source("a") for day in (23, 24, 25)]
    assert [night["new"] for night in nights] == [1, 0, 1]
    assert [seen.headers.get("if-none-match") for seen in site.seen] == [None, '"1"', '"2"']


def test_a_failed_parse_never_keeps_validators(tmp_path: Path) -> None:
    """After a night that could not be read the old validators go out, or none: else the source is empty for ever (P15)."""
    good, bad = rss(item("소식")), b"<rss><channel><item>"
    whole, broken = m.answer(good, headers=[("ETag", '"good"')]), m.answer(bad, headers=[("ETag", '"bad"')])
    with m.Site(
        {"/late": m.in_turn(whole, broken, whole), "/new": m.in_turn(broken, m.cached(good, '"good"'))}
    ) as site:
        town = Project(tmp_path, site.allowed)
        town.sources(feed("late", site.url("/late")), feed("new", site.url("/new")))
        for day in (23, 24, 25):
            town.run(f"2026-11-{day}", command="collect")
    sent = {path: [s.headers.get("if-none-match") for s in site.seen if s.path == path] for path in ("/late", "/new")}
    assert sent == {"/late": [None, '"good"', '"good"'], "/new": [None, None, '"good"']}
    assert town.titles() == ["소식", "소식"]
    assert {state["health"] for state in town.state().values()} == {"ok"}


def test_changed_selectors_read_the_page_again(tmp_path: Path) -> None:
    """A change of the configuration voids validators and memory: the same page is read anew, and nothing is news (P15, P24)."""
    body = PAGE.replace(b"</a>", '</a><b class="team">평생학습과</b>'.encode())
    with m.Site(
        {"/b": m.cached(body, '"1"'), "/f": m.cached(rss(item("소식", date="2026-11-22 09:00")), '"1"')}
    ) as site:
        town = Project(tmp_path, site.allowed)
        town.sources(board("b", site.url("/b")), feed("f", site.url("/f")))
        town.run("2026-11-23")
        town.sources(board("b", site.url("/b"), department="b.team"), feed("f", site.url("/f"), timezone="Asia/Tokyo"))
        second = town.run("2026-11-24")
        third = town.run("2026-11-25")
    assert [second.source("b")[n] for n in ("new", "revised")] == [0, 1]
    assert {i["source"]: i["department"] for i in town.items()} == {"b": "평생학습과", "f": None}
    assert second.source("f")["new"] == 0
    tags = [s.headers.get("if-none-match") for s in site.seen if s.path == "/b"]
    assert tags == [None, None, '"1"']
    assert (second.json["editions"][0]["state"], third.json["editions"][0]["state"]) == ("skipped", "skipped")


def test_a_304_nobody_asked_for_is_asked_again(tmp_path: Path) -> None:
    """It is no success: asked once more without validators, then named; nothing stored is lost (P5, P15)."""
    no = m.raw(m.head("304 Not Modified", [("ETag", '"x"')]))
    with m.Site({"/a": m.in_turn(no, m.answer(rss(item("소식")))), "/b": no}) as site:
        town = Project(tmp_path, site.allowed)
        town.sources(feed("a", site.url("/a")), feed("b", site.url("/b")))
        night = town.run(command="collect")
    assert night.source("a")["new"] == 1
    assert night.source("b")["error"]["code"] == "not-modified"
    assert site.paths.count("/b") == 2


@pytest.mark.slow
def test_a_server_that_asks_for_patience(tmp_path: Path) -> None:
    """A short Retry-After is waited for, a long one ends the night's tries, errors get three tries, quota none (P16)."""
    late = email.utils.format_datetime(MIDNIGHT + timedelta(hours=2), usegmt=True)
    good = m.answer(rss(item("소식")))
    busy = "429 Too Many Requests"
    quota = b'{"error": {"errors": [{"reason": "quotaExceeded"}]}}'
    behaviours = {
        "short": (m.in_turn(m.answer(b"", status=busy, headers=[("Retry-After", "1")]), good), 2),
        "long": (m.answer(b"", status=busy, headers=[("Retry-After", "3600")]), 1),
        "date": (m.answer(b"", status="503 Busy", headers=[("Retry-After", late)]), 1),
        "down": (m.answer(b"", status="503 Down"), 3),
        "once": (m.in_turn(m.answer(b"", status="502 Oops"), good), 2),
        "quota": (m.answer(quota, status=busy), 1),
        "missing": (m.answer(b"", status="404 Not Found"), 1),
        "denied": (m.answer(b"", status="403 Forbidden"), 1),
    }
    with m.Site({f"/{name}": behaviour for name, (behaviour, _tries) in behaviours.items()}) as site:
        town = Project(tmp_path, site.allowed, fetch={"timeout": "10s", "deadline": "30s"})
        town.sources(*(feed(name, site.url(f"/{name}")) for name in behaviours))
        night = town.run(command="collect")
    assert {name: site.paths.count(f"/{name}") for name in behaviours} == {n: t for n, (_b, t) in behaviours.items()}
    good_ones = {line["id"] for line in night.json["sources"] if line["verdict"] == "ok"}
    assert good_ones == {"short", "once"}


def test_we_say_who_we_are_and_come_two_at_a_time(tmp_path: Path) -> None:
    """Every request names us with a contact; by default one host sees at most two connections at once (P17)."""
    here, most, lock = [0], [0], threading.Lock()

    def counted(exchange: m.Exchange) -> None:
        with lock:
            here[0] += 1
            most[0] = max(most[0], here[0])
        exchange.wait(0.05)
        with lock:
            here[0] -= 1
        m.answer(rss(item(exchange.request.path)))(exchange)

    with m.Site(default=counted) as site:
        town = Project(tmp_path, site.allowed, fetch={"per_host": 2})
        town.sources(*(feed(f"s{n}", site.url(f"/{n}")) for n in range(9)), board("b", site.url("/b")))
        town.run(command="collect")
    assert most[0] == 2
    assert len(site.paths) == 11
    names = {seen.headers["user-agent"] for seen in site.seen}
    assert len(names) == 1
    assert names.pop().startswith("moa/")
    assert all("ops@example.go.kr" in seen.headers["user-agent"] for seen in site.seen)


def test_paging_is_bounded(tmp_path: Path) -> None:
    """Endless fresh pages, the same page for ever, a page of known rows: each ends by itself or at the cap (P18)."""

    def endless(exchange: m.Exchange) -> None:
        number = int(exchange.request.path.partition("page=")[2] or 1)
        rows = [(number * 100 + n, f"공지 {number}-{n}호", "2026-11-22") for n in range(5)]
        m.answer(page(rows))(exchange)

    def pinned(exchange: m.Exchange) -> None:
        number = int(exchange.request.path.partition("page=")[2] or 1)
        rows = [(1, "고정 공지", "2026-11-22"), (number * 10, f"공지 {min(number, 2)}", "2026-11-22")]
        m.answer(page(rows[: 1 if number > 2 else 2]).replace(b"<tr>", b'<tr class="notice">', 2))(exchange)

    with m.Site(
        {"/more": endless, "/same": m.answer(page([(n, f"공지 {n}", "") for n in range(5)])), "/pin": pinned}
    ) as site:
        town = Project(tmp_path, site.allowed, fetch={"timeout": "20s", "deadline": "20s"})
        town.sources(
            board("more", site.url("/more"), pages=4, paging={"param": "page"}),
            board("same", site.url("/same"), pages=10, paging={"param": "page"}),
            board("pin", site.url("/pin"), pages=10, paging={"param": "page"}),
            board("capped", site.url("/more?x=1&page=1"), pages=10, paging={"param": "page"}, limits={"items": 12}),
        )
        first = town.run("2026-11-23", command="collect")
        asked = list(site.paths)
        town.run("2026-11-24", command="collect")
    lists = {
        name: sum(path.startswith(f"/{name}") and "x=1" not in path for path in asked) for name in ("more", "same")
    }
    assert lists == {"more": 4, "same": 2}
    assert sum(path.startswith("/pin") for path in asked) <= 4
    assert (first.source("more")["new"], first.source("same")["new"], first.source("capped")["new"]) == (20, 5, 12)
    assert site.paths.count("/more") == 2  # the second night saw a first page of known rows: no further page
    assert len([path for path in site.paths if "page=2" in path and path.startswith("/more?page")]) == 1
