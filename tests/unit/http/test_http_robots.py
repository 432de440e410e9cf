"""robots.txt by RFC 9309: asked for pages only, obeyed, remembered, never a danger."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import pipeline.model as p
from pipeline.http import HttpClient, open_http
from pipeline.http.robots import RobotsBook
from tests import misbehave as m

AT = datetime(2026, 11, 22, 18, tzinfo=UTC)


@pytest.fixture
def site() -> Iterator[m.Site]:
    with m.Site(default=m.answer(b"page")) as opened:
        yield opened


def door(*sites: m.Site, memory: Any = None, at: datetime = AT) -> HttpClient:
    return open_http(
        p.FetchRules(allow_private=tuple(site.allowed for site in sites), user_agent="moa/1.0 (+mailto:a@b.kr)"),
        robots_memory=memory,
        wall_clock=lambda: at,
        backoff=(0.01,),
    )


def is_allowed(http: HttpClient, url: str, **policy: Any) -> bool:
    try:
        http.fetch(p.Request(url=url, policy=p.FetchPolicy(timeout_s=5.0, **policy)))
    except p.RefusedError as error:
        assert error.code == "robots"
        return False
    return True


def rules(text: str | bytes) -> m.Behaviour:
    return m.answer(text.encode() if isinstance(text, str) else text, headers=[("Content-Type", "text/plain")])


FILES = [
    ("User-agent: *\nDisallow: /a", False),
    ("\ufeffUser-agent: *\nDisallow: /a", False),
    ("User-agent: *\rDisallow: /a\r", False),
    ("User-agent: other\nDisallow: /a", True),
    ("User-agent: moa\nAllow: /a\n\nUser-agent: *\nDisallow: /", True),
    ("User-agent: other\nUser-agent: MOA\nDisallow: /a", False),
    ("User-agent: other\nDisallow: /\nUser-agent: *\nDisallow: /b", True),
    ("User-agent: *\nDisallow: /\nAllow: /a/b", True),
    ("User-agent: *\nDisallow: /*.do$", True),
    ("User-agent: *\nDisallow: /*b?", False),
    ("<!DOCTYPE html><html>Disallow: /</html>", True),
    ("", True),
    (bytes(range(256)), True),
]


@pytest.mark.parametrize(("text", "expected"), FILES)
def test_rules_are_obeyed(site: m.Site, text: str | bytes, expected: bool) -> None:
    """Longest match, our own group first, BOM and CR tolerated; an HTML page has no rules."""
    site.routes["/robots.txt"] = rules(text)
    with door(site) as http:
        assert is_allowed(http, site.url("/a/b?c")) is expected
    assert ("/a/b?c" in site.paths) is expected


ANSWERS = [
    (m.answer(b"", status="404 Not Found"), True),
    (m.answer(b"", status="403 Forbidden"), True),
    (m.answer(b"", status="401 Unauthorized"), True),
    (m.answer(b"", status="500 Oops"), False),
    (m.answer(b"", status="503 Busy"), False),
    (m.hang_up(), False),
    (m.stalled_body(), False),
    (m.redirect("/robots.txt"), True),
]


@pytest.mark.parametrize(("behaviour", "expected"), ANSWERS)
def test_a_missing_file_allows_and_a_failing_one_forbids(site: m.Site, behaviour: m.Behaviour, expected: bool) -> None:
    """4xx and endless redirects: everything; 5xx and no whole answer: nothing (RFC 9309 2.3.1)."""
    site.routes["/robots.txt"] = behaviour
    with door(site) as http:
        request = p.Request(url=site.url("/a"), policy=p.FetchPolicy(timeout_s=0.6))
        if expected:
            assert http.fetch(request).body == b"page"
        else:
            with pytest.raises(p.RefusedError) as caught:
                http.fetch(request)
            assert caught.value.code == "robots"
    assert ("/a" in site.paths) is expected


def test_a_host_that_cannot_be_reached_says_so() -> None:
    """When robots.txt cannot be asked for because nobody listens, the error is that, not robots."""
    with m.Site() as site:
        pass
    with door(site) as http, pytest.raises(p.FetchError) as caught:
        http.fetch(p.Request(url=site.url("/a")))
    assert caught.value.code == "connect"


def test_five_redirects_are_followed_across_hosts(site: m.Site) -> None:
    """The rules at the end of a chain hold for the host that was asked first."""
    with m.Site({"/4": rules("User-agent: *\nDisallow: /a")}, host="127.0.0.2") as other:
        site.routes = {"/robots.txt": m.redirect("/1"), "/1": m.redirect("/2"), "/2": m.redirect("/3")}
        site.routes |= {"/3": m.redirect(other.url("/4"))}
        with door(site, other) as http:
            assert not is_allowed(http, site.url("/a"))


def test_pages_ask_once_and_others_never(site: m.Site) -> None:
    """One robots.txt for all pages of an origin; feeds, APIs and owners' permissions ask none (P14)."""
    site.routes["/robots.txt"] = rules("User-agent: *\nDisallow: /private")
    with door(site) as http:
        for number in range(4):
            http.submit(p.Request(url=site.url(f"/{number}")), number)
        got: list[Any] = []
        while len(got) < 4:
            got += http.poll(1.0)
        for purpose in (p.Purpose.FEED, p.Purpose.API):
            http.fetch(p.Request(url=site.url("/private"), purpose=purpose))
        assert is_allowed(http, site.url("/private"), robots=p.Robots.OWNER_PERMISSION)
        assert not is_allowed(http, site.url("/private"))
        assert http.stats.robots == 1
    assert site.paths.count("/robots.txt") == 1


def test_a_redirected_page_obeys_the_other_host(site: m.Site) -> None:
    """Each hop of a page is checked against its own origin."""
    with m.Site({"/robots.txt": rules("User-agent: *\nDisallow: /")}, host="127.0.0.2") as other:
        site.routes["/r"] = m.redirect(other.url("/x"))
        with door(site, other) as http:
            assert not is_allowed(http, site.url("/r"))
        assert other.paths == ["/robots.txt"]


def test_memory_lasts_a_day(site: m.Site) -> None:
    """Rules are remembered as JSON for 24 hours; failures and damaged entries are not."""
    memory: dict[str, Any] = {}
    site.routes["/robots.txt"] = m.in_turn(m.answer(b"", status="404 No"), rules("User-agent: *\nDisallow: /a"))
    with door(site, memory=memory) as http:
        assert is_allowed(http, site.url("/a"))
    memory = json.loads(json.dumps(memory))
    with door(site, memory=memory, at=AT + timedelta(hours=23)) as http:
        assert is_allowed(http, site.url("/a"))
    assert site.paths.count("/robots.txt") == 1
    with door(site, memory=memory, at=AT + timedelta(hours=25)) as http:
        assert not is_allowed(http, site.url("/a"))
    with door(site, memory={next(iter(memory)): {"at": "yesterday"}}) as http:
        assert not is_allowed(http, site.url("/a"))
    assert site.paths.count("/robots.txt") == 3


def test_a_failure_is_not_remembered_for_tomorrow(site: m.Site) -> None:
    """A 500 forbids tonight only."""
    memory: dict[str, Any] = {}
    site.routes["/robots.txt"] = m.answer(b"", status="500 Oops")
    with door(site, memory=memory) as http:
        assert not is_allowed(http, site.url("/a"))
        assert not is_allowed(http, site.url("/a"))
    assert memory == {}


def test_a_huge_file_is_read_up_to_its_cap(site: m.Site) -> None:
    """The first 512 KiB count, what follows does not; many agents times many rules stay small."""
    agents = "".join(f"User-agent: robot{number}\n" for number in range(12_000))
    paths = "".join(f"Disallow: /x{number}\n" for number in range(10_000))
    filler = "# " + "x" * 100 + "\n"
    text = "User-agent: *\nDisallow: /early\n\n" + agents + paths
    text += filler * ((p.limits.ROBOTS_BYTES - len(text)) // len(filler) + 1)
    site.routes["/robots.txt"] = rules(text + "\nUser-agent: moa\nDisallow: /late")
    with door(site) as http:
        assert not is_allowed(http, site.url("/early"))
        assert is_allowed(http, site.url("/late"))


def test_an_endless_file_is_cut(site: m.Site) -> None:
    """A robots.txt without end is read up to the cap and obeyed so far."""

    def endless(exchange: m.Exchange) -> None:
        exchange.send(m.head() + b"User-agent: *\nDisallow: /a\n")
        while not exchange.stop.is_set():
            exchange.send(b"# more\n" * 1000)

    site.routes["/robots.txt"] = endless
    with door(site) as http:
        assert not is_allowed(http, site.url("/a"))


def test_own_headers_are_not_sent_for_robots(site: m.Site) -> None:
    """The robots request carries no header of the source."""
    site.routes["/robots.txt"] = rules("")
    with door(site) as http:
        assert is_allowed(http, site.url("/a"), headers=(("X-Own", "secret"),))
    assert ["x-own" in one.headers for one in site.seen] == [False, True]


@pytest.mark.parametrize(("text", "seconds"), [("3", 3.0), ("3600", 10.0), ("-1", 0.0), ("soon", 0.0), ("nan", 0.0)])
def test_a_crawl_delay_is_kept_up_to_a_cap(text: str, seconds: float) -> None:
    """Crawl-delay of our group raises the gap, ten seconds at most; nonsense does not."""
    book = RobotsBook({}, "moa/1.0", lambda: AT)
    body = f"User-agent: *\nCrawl-delay: {text}\nDisallow: /x".encode()
    book.learn("http://a.kr:80", p.Document(url="http://a.kr/robots.txt", body=body, fetched_at=AT))
    assert book.delay_s("http://a.kr:80") == seconds
    assert book.delay_s("http://b.kr:80") == 0.0
