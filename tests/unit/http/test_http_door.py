"""The door's rules: where it goes, what it carries, when it asks again, and what it counts."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pipeline.model as p
from pipeline.http import HttpClient, open_http
from pipeline.http.address import is_public, next_url, read_url
from tests import misbehave as m
from tests.vendors.certificate import context_of, made_in

AT = datetime(2026, 11, 22, 18, tzinfo=UTC)


@pytest.fixture
def site() -> Iterator[m.Site]:
    with m.Site() as opened:
        yield opened


@pytest.fixture
def other() -> Iterator[m.Site]:
    with m.Site(host="127.0.0.2") as opened:
        yield opened


def door(*sites: m.Site, allow: Sequence[str] = (), resolve: Any = None, **rules: Any) -> HttpClient:
    return open_http(
        p.FetchRules(allow_private=(*(site.allowed for site in sites), *allow), **rules),
        wall_clock=lambda: AT,
        resolve=resolve or (lambda _host: ["127.0.0.1"]),
        backoff=(0.01, 0.02),
    )


def feed(url: str, **more: Any) -> p.Request:
    return p.Request(url=url, purpose=p.Purpose.FEED, **more)


def refusal(http: HttpClient, request: p.Request) -> p.SourceError:
    with pytest.raises(p.SourceError) as caught:
        http.fetch(request)
    return caught.value


# --- addresses -----------------------------------------------------------------------------------------------------

CLOSED = """0.0.0.0 0.1.2.3 10.1.2.3 100.64.0.1 100.127.255.254 100.100.100.200 127.0.0.1 127.255.255.254 168.63.129.16
169.254.169.254 169.254.0.1 172.16.0.1 172.31.255.255 192.0.0.8 192.0.0.192 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1
198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 :: ::1 ::7f00:1
::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b:1::1 100::1 2001::1 2001:2::1 2001:db8::1
2002:7f00:1:: 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1 ff02::1 nonsense""".split()
OPEN = "1.1.1.1 8.8.8.8 100.63.255.255 100.128.0.1 172.32.0.1 192.0.1.1 211.34.87.1 2001:4860:4860::8888 2606:4700::1".split()


@pytest.mark.parametrize("address", CLOSED)
def test_special_addresses_are_not_public(address: str) -> None:
    """No special-purpose range counts as public, whatever ipaddress thinks (Part 2 item 2)."""
    assert not is_public(address)


@pytest.mark.parametrize("address", OPEN)
def test_ordinary_addresses_are_public(address: str) -> None:
    """The neighbours of the closed ranges stay open."""
    assert is_public(address)


SPELLINGS = [
    "127.0.0.1",
    "127.1",
    "0x7f.1",
    "0x7f000001",
    "0177.0.0.1",
    "2130706433",
    "0",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "LOCALHOST",
]


@pytest.mark.parametrize("host", SPELLINGS)
def test_no_spelling_of_loopback_is_connected_to(site: m.Site, host: str) -> None:
    """Every spelling of 127.0.0.1 is refused by the address it stands for (Part 2 item 3), nothing is sent."""
    from pipeline.http import system_resolve

    with door(resolve=system_resolve) as http:
        error = refusal(http, feed(f"http://{host}:{site.port}/"))
    assert isinstance(error, p.RefusedError)
    assert error.code == "address"
    assert site.connections == 0


URLS = [
    "file:///etc/passwd",
    "ftp://example.com/",
    "gopher://example.com/",
    "http://",
    "http:///path",
    "//example.com/",
    "http://user:secret@example.com/",
    "http://example.com\\@127.0.0.1/",
    "http://exa mple.com/",
    "http://%31%32%37.0.0.1/",
    "http://example.com:0/",
    "http://example.com:99999/",
    "http://example.com:x/",
    "http://[::1/",
    "",
]


@pytest.mark.parametrize("url", URLS)
def test_other_schemes_and_odd_urls_are_refused(url: str) -> None:
    """Only http and https URLs with a plain host are asked; secrets in them are not repeated."""
    with door(allow=["127.0.0.1", "example.com"]) as http:
        error = refusal(http, feed(url))
    assert error.code == "address"
    assert "secret" not in error.message


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "①②⑦.⓪.⓪.①"])
def test_an_exception_holds_for_the_host_as_written(site: m.Site, host: str) -> None:
    """``allow_private: 127.0.0.1:port`` does not open another spelling, also on a redirect."""
    site.routes["/r"] = m.redirect(f"http://{host}:{site.port}/x")
    with door(site) as http:
        assert refusal(http, feed(site.url("/", host=host))).code == "address"
        assert refusal(http, feed(site.url("/r"))).code == "address"
    assert site.paths == ["/r"]


def test_an_exception_is_for_one_port(site: m.Site, other: m.Site) -> None:
    """Listing host:port opens that port only; listing the host opens all of it."""
    other.routes["/"] = m.answer(b"ok")
    with door(allow=[f"{other.host}:1"]) as http:
        assert refusal(http, feed(other.url("/"))).code == "address"
    with door(allow=[other.host]) as http:
        assert http.fetch(feed(other.url("/"))).body == b"ok"


def test_a_rebound_name_is_refused(site: m.Site) -> None:
    """A name that resolves to loopback is refused, asked directly or by a redirect; nothing is sent."""
    site.routes["/r"] = m.redirect(f"http://rebind.test:{site.port}/x")
    with door(site, resolve=lambda _host: ["127.0.0.1", "::1", "10.0.0.1"]) as http:
        assert refusal(http, feed(f"http://rebind.test:{site.port}/")).code == "address"
        assert refusal(http, feed(site.url("/r"))).code == "address"
    assert site.paths == ["/r"]


def test_the_socket_itself_is_guarded(site: m.Site) -> None:
    """Even if libcurl came to a private address by itself, the socket is not opened (the second wall of P8)."""
    import pycurl

    from pipeline.http.transfer import Transfer

    transfer = Transfer("moa-test")
    target = read_url(f"http://public.test:{site.port}/")
    transfer.begin(target, [], addresses=("127.0.0.1",), cap=10, timeout_s=2.0, is_private_allowed=False)
    with pytest.raises(pycurl.error):
        transfer.curl.perform()
    assert transfer.cut == "address"
    transfer.close()
    assert site.connections == 0


def test_an_allowed_name_is_looked_up_once(site: m.Site) -> None:
    """Names go through our resolver, once a host; the Host header carries the name."""
    site.routes["/"] = m.answer(b"ok")
    asked: list[str] = []

    def resolve(host: str) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    with door(allow=[f"moa.test:{site.port}"], resolve=resolve) as http:
        for _index in range(3):
            assert http.fetch(feed(f"http://moa.test:{site.port}/")).body == b"ok"
    assert asked == ["moa.test"]
    assert site.seen[0].headers["host"] == f"moa.test:{site.port}"


def test_an_unknown_name_is_a_dns_error() -> None:
    """A name nobody knows fails as ``dns`` with the host in the sentence."""
    import socket

    def resolve(host: str) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    with door(resolve=resolve) as http:
        error = refusal(http, feed("http://없는곳.kr/?key=secret"))
    assert error.code == "dns"
    assert "없는곳.kr" in error.message
    assert "secret" not in error.message


def test_the_environment_cannot_reroute(site: m.Site, other: m.Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proxy variables are ignored."""
    site.routes["/"] = m.answer(b"direct")
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy", "https_proxy"):
        monkeypatch.setenv(name, other.url())
    with door(site) as http:
        assert http.fetch(feed(site.url("/"))).body == b"direct"
    assert not other.seen


@given(st.text(max_size=60), st.sampled_from(["", "http://", "https://a.kr", "http://127.0.0.1:8080/"]))
def test_any_text_is_a_plain_url_or_refused(text: str, start: str) -> None:
    """What goes to libcurl is printable ASCII and reads back as the same host: no two parsers to disagree (P8)."""
    from urllib.parse import urlsplit

    try:
        target = read_url(start + text)
    except p.RefusedError:
        return
    parts = urlsplit(target.url)
    assert target.url.isascii()
    assert target.url.isprintable()
    assert " " not in target.url
    assert (parts.hostname, parts.username) == (target.host.lower(), None)
    again = read_url(target.url)
    assert (again.url, again.origin) == (target.url, target.origin)


@pytest.mark.parametrize(
    ("location", "url"),
    [
        (b"../b", "http://a.kr/b"),
        ("//한글.kr/가".encode(), "http://한글.kr/가"),
        ("/게시판".encode("cp949"), "http://a.kr/%B0%D4%BD%C3%C6%C7"),
        (b"?q=1", "http://a.kr/x/y?q=1"),
    ],
)
def test_a_location_means_its_bytes(location: bytes, url: str) -> None:
    """Relative, international and EUC-KR locations resolve."""
    assert next_url("http://a.kr/x/y", location) == url


# --- redirects -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["301 Moved Permanently", "302 Found", "307 Temporary Redirect"])
def test_a_redirect_is_not_followed_where_the_asker_says_so(site: m.Site, status: str) -> None:
    """``follow=False``: the address an answer names is never asked, and the refusal says what to do."""
    site.routes |= {"/list": m.redirect("/apply?agree=1", status=status), "/apply": m.answer(b"applied")}
    with door(site) as http, pytest.raises(p.RefusedError) as caught:
        http.fetch(p.Request(url=site.url("/list"), method="POST", body=b"", purpose=p.Purpose.API, follow=False))
    assert (caught.value.code, bool(caught.value.hint)) == ("redirect", True)
    assert [seen.path for seen in site.seen] == ["/list"]


def test_a_redirect_is_followed_and_named(site: m.Site) -> None:
    """The final URL is the document's; a chain of 301/308 only is a permanent move."""
    site.routes = {
        "/a": m.redirect("/b", status="301 Moved Permanently"),
        "/b": m.redirect("가?x=나", status="308 Permanent Redirect"),
        "/%EA%B0%80": m.answer(b"here"),
        "/t": m.redirect("/a"),
    }
    with door(site) as http:
        good = http.fetch(feed(site.url("/a")))
        mixed = http.fetch(feed(site.url("/t")))
    end = site.url("/%EA%B0%80?x=%EB%82%98")
    assert (good.url, good.requested_url, good.permanent_url, good.body) == (end, site.url("/a"), end, b"here")
    assert (mixed.url, mixed.permanent_url) == (end, None)


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("http://169.254.169.254/latest/meta-data/", "address"),
        ("http://localhost/", "address"),
        ("http://[::ffff:10.0.0.1]/", "address"),
        ("file:///etc/passwd", "address"),
        ("javascript:alert(1)", "address"),
        ("data:text/html,x", "address"),
        ("/r", "too-many-redirects"),
        ("", "bad-redirect"),
        ("/" + "a" * 5000, "bad-redirect"),
    ],
)
def test_a_bad_redirect_ends(site: m.Site, to: str, code: str) -> None:
    """Each hop is checked anew; loops and nonsense end (P8, P10)."""
    site.routes["/r"] = m.redirect(to)
    with door(site) as http:
        assert refusal(http, feed(site.url("/r"))).code == code
    assert site.paths == ["/r"]


def test_five_redirects_are_enough(site: m.Site) -> None:
    """Five hops are followed, the sixth is not."""
    site.routes = {f"/{n}": m.redirect(f"/{n + 1}") for n in range(6)} | {"/6": m.answer(b"end")}
    with door(site) as http:
        assert http.fetch(feed(site.url("/1"))).body == b"end"
        assert refusal(http, feed(site.url("/0"))).code == "too-many-redirects"


SECRETS = (("Authorization", "Bearer s"), ("X-Goog-Api-Key", "s"), ("Cookie", "s"), ("Accept", "text/html"))


def test_credentials_stay_at_home(site: m.Site, other: m.Site) -> None:
    """Own headers and validators never cross an origin, nor come back once a hop has left (P10, P15)."""
    site.routes = {"/r": m.redirect("/s"), "/s": m.redirect(other.url("/x")), "/back": m.answer(b"ok")}
    other.routes["/x"] = m.redirect(site.url("/back"))
    policy = p.FetchPolicy(headers=(("X-Own", "s"),))
    with door(site, other) as http:
        http.fetch(feed(site.url("/r"), headers=SECRETS, policy=policy, etag='"e"', last_modified="l"))
    own = {"authorization", "x-goog-api-key", "cookie", "x-own", "if-none-match", "if-modified-since"}
    assert [len(own & set(one.headers)) for one in (*site.seen, *other.seen)] == [6, 6, 0, 0]
    assert other.seen[0].headers["accept"] == "text/html"


def test_a_post_becomes_get_or_stays(site: m.Site, other: m.Site) -> None:
    """303 turns POST into GET, 307 repeats it at the same origin only."""
    site.routes = {
        "/303": m.redirect("/x", status="303 See Other"),
        "/307": m.redirect("/x", status="307 Temporary Redirect"),
        "/away": m.redirect(other.url("/x"), status="307 Temporary Redirect"),
        "/x": m.answer(b"ok"),
    }
    with door(site, other) as http:
        for path in ("/303", "/307"):
            http.fetch(feed(site.url(path), method="POST", body=b"a=1"))
        error = refusal(http, feed(site.url("/away"), method="POST", body=b"a=1"))
    assert [(one.method, one.body) for one in site.seen if one.path == "/x"] == [("GET", b""), ("POST", b"a=1")]
    assert error.code == "redirect"
    assert not other.seen


# --- asking again --------------------------------------------------------------------------------------------------


def test_validators_go_out_verbatim(site: m.Site) -> None:
    """A 304 to our validators is an unchanged document without a body that keeps them (P15)."""
    etag = 'W/"odd, \\"etag"'
    site.routes["/"] = m.cached(b"body", etag)
    with door(site) as http:
        first = http.fetch(feed(site.url("/")))
        again = http.fetch(feed(site.url("/"), etag=first.etag, last_modified="any day"))
    assert (first.etag, first.is_unchanged, len(first.body_hash)) == (etag, False, 32)
    assert (again.status, again.is_unchanged, again.body, again.etag) == (304, True, b"", etag)
    assert again.last_modified == "any day"
    assert site.seen[1].headers["if-modified-since"] == "any day"
    assert http.stats.not_modified == 1


def test_an_unasked_304_is_asked_again_once(site: m.Site) -> None:
    """304 without validators is repeated with no-cache, then an error (RFC 9110)."""
    nothing = m.raw(m.head("304 Not Modified"))
    site.routes = {"/once": m.in_turn(nothing, m.answer(b"body")), "/ever": nothing}
    with door(site) as http:
        assert http.fetch(feed(site.url("/once"))).body == b"body"
        assert refusal(http, feed(site.url("/ever"))).code == "not-modified"
    assert site.paths == ["/once", "/once", "/ever", "/ever"]
    assert site.seen[1].headers["cache-control"] == "no-cache"


STATUSES = [
    ("404 Not Found", p.GoneError, "gone", 1),
    ("410 Gone", p.GoneError, "gone", 1),
    ("401 Unauthorized", p.RefusedError, "forbidden", 1),
    ("403 Forbidden", p.RefusedError, "forbidden", 1),
    ("451 Unavailable", p.RefusedError, "forbidden", 1),
    ("400 Bad Request", p.RefusedError, "status-400", 1),
    ("429 Too Many Requests", p.FetchError, "too-many", 3),
    ("500 Internal Server Error", p.FetchError, "server-error", 3),
    ("503 Service Unavailable", p.FetchError, "server-error", 3),
    ("408 Request Timeout", p.FetchError, "busy", 3),
]


@pytest.mark.parametrize(("status", "kind", "code", "tries"), STATUSES)
def test_each_status_has_its_error(site: m.Site, status: str, kind: type[p.SourceError], code: str, tries: int) -> None:
    """Statuses become errors by who must act; only transient ones are tried again, three times in all."""
    site.default = m.answer(b"why", status=status)
    with door(site) as http:
        error = refusal(http, feed(site.url("/x?key=secret")))
    assert type(error) is kind
    assert (error.code, error.status, error.body) == (code, int(status[:3]), b"why")
    assert len(site.seen) == tries
    assert "127.0.0.1" in error.message
    assert "secret" not in error.message


@pytest.mark.parametrize("page", [b"<title>Just a moment... Cloudflare</title>", "웹방화벽".encode("cp949")])
def test_a_firewall_page_is_called_so(site: m.Site, page: bytes) -> None:
    """403 with a bot page names the firewall."""
    site.default = m.answer(page, status="403 Forbidden")
    with door(site) as http:
        assert refusal(http, feed(site.url("/"))).code == "bot-page"


def test_a_transient_failure_passes(site: m.Site) -> None:
    """A reset, then a 503, then the document."""
    site.routes["/"] = m.in_turn(m.reset(), m.answer(b"", status="503 No"), m.answer(b"ok"))
    with door(site) as http:
        assert http.fetch(feed(site.url("/"))).body == b"ok"
        assert http.stats.retries == 2


@pytest.mark.parametrize(
    ("wish", "seconds", "tries"),
    [
        ("0", 0.0, 3),
        ("3600", 3600.0, 1),
        ("Sun, 22 Nov 2026 18:02:00 GMT", 120.0, 1),
        ("Sun, 22 Nov 2026 17:00:00 GMT", 0.0, 3),
        ("soon", None, 3),
    ],
)
def test_retry_after_is_honoured_up_to_a_cap(site: m.Site, wish: str, seconds: float | None, tries: int) -> None:
    """Seconds and dates are read; a wish beyond the cap ends tonight's tries (P16)."""
    site.default = m.answer(b"", status="429 Slow down", headers=[("Retry-After", wish)])
    with door(site) as http:
        error = refusal(http, feed(site.url("/")))
    assert isinstance(error, p.FetchError)
    assert error.retry_after_s == seconds
    assert len(site.seen) == tries


def test_the_deadline_ends_the_tries(site: m.Site) -> None:
    """A wish within the cap but beyond the source's deadline is not waited for."""
    site.default = m.answer(b"", status="503 No", headers=[("Retry-After", "30")])
    with door(site) as http:
        refusal(http, feed(site.url("/"), policy=p.FetchPolicy(deadline_s=5.0)))
    assert len(site.seen) == 1


@pytest.mark.parametrize("behaviour", [m.reset(), m.hang_up(), m.answer(b"", status="503 No")])
def test_a_post_is_never_sent_twice(site: m.Site, behaviour: m.Behaviour) -> None:
    """Whatever happens to a POST, it leaves once, on a connection of its own (P43)."""
    site.routes = {"/ok": m.answer(b"ok", keeps=True), "/post": behaviour}
    with door(site) as http:
        http.fetch(feed(site.url("/ok")))
        refusal(http, feed(site.url("/post"), method="POST", body=b"x"))
    assert site.paths == ["/ok", "/post"]
    assert site.connections == 2


def test_a_spent_quota_is_not_asked_again(site: m.Site) -> None:
    """429 with Google's quota words is asked once; the body reaches the plugin (P16)."""
    body = b'{"error": {"code": 429, "errors": [{"reason": "quotaExceeded"}]}}'
    site.default = m.answer(body, status="429 Too Many Requests")
    with door(site) as http:
        assert refusal(http, feed(site.url("/"))).body == body
    assert len(site.seen) == 1


def test_retry_can_be_declined(site: m.Site) -> None:
    """``Request.retry = False`` asks once."""
    site.default = m.answer(b"", status="503 No")
    with door(site) as http:
        refusal(http, feed(site.url("/"), retry=False))
    assert len(site.seen) == 1


# --- the interface -------------------------------------------------------------------------------------------------


def test_tags_come_back_and_cancelled_ones_do_not(site: m.Site) -> None:
    """Every submitted tag is answered once; a cancelled one never; fetch leaves the others' answers alone."""
    site.default = m.answer(b"ok")
    site.routes["/hang"] = m.silent()
    with door(site, concurrency=3) as http:
        for number in range(10):
            http.submit(feed(site.url(f"/{number}")), number)
        http.submit(feed(site.url("/hang")), "hang")
        http.submit(feed("ftp://x/"), "bad")
        assert http.fetch(feed(site.url("/now"))).body == b"ok"
        http.cancel(3)
        http.cancel("nobody")
        got: list[object] = []
        while len(got) < 10:
            got += [tag for tag, _answer in http.poll(1.0)]
        http.cancel("hang")
        assert http.poll(0.05) == ()
    assert sorted(map(str, got)) == sorted(["0", "1", "2", "4", "5", "6", "7", "8", "9", "bad"])


def test_headers_of_ours_cannot_be_forged(site: m.Site) -> None:
    """Line breaks in a header value, and headers that frame the message, are refused before anything is sent."""
    with door(site) as http:
        for header in (("X-A", "a\r\nX-B: b"), ("Host", "x"), ("Content-Length", "0"), ("X A", "b")):
            assert refusal(http, feed(site.url("/"), headers=(header,))).code == "request"
    assert site.connections == 0


def test_we_say_who_we_are(site: m.Site) -> None:
    """The User-Agent is the configured one; without one it admits that the contact is unknown (P17)."""
    site.default = m.answer(b"")
    with door(site, user_agent="moa/1 (+mailto:a@b.kr)") as http:
        http.fetch(feed(site.url("/")))
    with door(site) as http:
        http.fetch(feed(site.url("/"), headers=(("Accept", ""),)))
    agents = [one.headers["user-agent"] for one in site.seen]
    assert agents[0] == "moa/1 (+mailto:a@b.kr)"
    assert agents[1].startswith("moa/")
    assert "contact unknown" in agents[1]
    assert site.seen[0].headers["accept-encoding"] == "gzip"
    assert not {"cookie", "authorization", "referer"} & set(site.seen[1].headers)


def test_cookies_are_never_kept(site: m.Site) -> None:
    """There is no cookie jar (P13)."""
    site.default = m.answer(b"", headers=[("Set-Cookie", "a=b")])
    with door(site) as http:
        for _index in range(2):
            http.fetch(feed(site.url("/")))
    assert "cookie" not in site.seen[1].headers


def test_a_document_says_what_came(site: m.Site) -> None:
    """Type, charset, headers, time and hash are those of the answer."""
    site.default = m.answer(b"abc", headers=[("Content-Type", 'Text/XML; charset="EUC-KR"'), ("X-Ko", "가")])
    with door(site) as http:
        document = http.fetch(feed(site.url("/a?b=c#d")))
    assert (document.media_type, document.charset, document.fetched_at) == ("text/xml", "EUC-KR", AT)
    assert document.url == site.url("/a?b=c")
    assert site.paths == ["/a?b=c"]


def test_counters_count(site: m.Site) -> None:
    """One request a document, one more for each hop and try."""
    site.routes = {"/a": m.answer(b"a"), "/r": m.redirect("/a"), "/f": m.in_turn(m.hang_up(), m.answer(b"f"))}
    with door(site) as http:
        for path in ("/a", "/r", "/f"):
            http.fetch(feed(site.url(path)))
    assert (http.stats.requests, http.stats.redirects, http.stats.retries, http.stats.robots) == (5, 1, 1, 0)
    assert http.stats.bytes > 100


def test_a_warm_night_is_one_request_a_source() -> None:
    """200 unchanged sources on addresses of their own: 200 requests, 200 times 304, nothing else on the wire."""
    hosts = [f"127.1.0.{number}" for number in range(1, 201)]
    with m.Site(host="0.0.0.0", default=m.cached(b"body", '"e"')) as site:
        allow = [f"{host}:{site.port}" for host in hosts]
        with door(allow=allow) as http:
            for host in hosts:
                http.submit(feed(site.url("/feed", host=host), etag='"e"'), host)
            got: dict[object, Any] = {}
            while len(got) < len(hosts):
                got |= dict(http.poll(1.0))
            stats = http.stats
    assert all(one.is_unchanged for one in got.values())
    assert (stats.requests, stats.not_modified, stats.retries, stats.robots) == (200, 200, 0, 0)
    assert len(site.seen) == 200


def test_a_post_carries_its_bytes(site: m.Site) -> None:
    """Any bytes go out as they are, an empty body too."""
    site.default = m.answer(b"ok")
    body = bytes(range(256)) * 300
    with door(site) as http:
        kind = (("Content-Type", "application/json"),)
        http.fetch(feed(site.url("/"), method="POST", body=body, headers=kind))
        http.fetch(feed(site.url("/"), method="POST"))
    assert [one.body for one in site.seen] == [body, b""]
    assert site.seen[0].headers["content-type"] == "application/json"
    assert "expect" not in site.seen[0].headers


def test_a_put_and_a_delete_go_out_once(site: m.Site) -> None:
    """What changes something is asked once, whatever comes back; a PUT carries its bytes, a DELETE none (P43)."""
    site.default = m.answer(b"busy", status="503 Service Unavailable")
    body = b'{"a": 1}'
    with door(site) as http:
        for method, sent in (("PUT", body), ("DELETE", None)):
            with pytest.raises(p.FetchError):
                http.fetch(feed(site.url("/"), method=method, body=sent))
    assert [(one.method, one.body) for one in site.seen] == [("PUT", body), ("DELETE", b"")]


# --- TLS -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ssl.SSLContext]:
    """A certificate for 127.0.0.1 that nobody knows."""
    pem, private = made_in(tmp_path_factory.mktemp("tls"))
    return str(pem), context_of(pem, private)


def test_tls_is_verified_and_exceptions_are_spelled_out(certificate: tuple[str, ssl.SSLContext]) -> None:
    """An unknown certificate is refused once; a CA file of the source's own opens it, for that source only (P11)."""
    pem, context = certificate
    with m.Site({"/": m.answer(b"ok")}, tls=context) as site, door(site) as http:
        known = p.FetchPolicy(tls=p.TlsRules(ca_file=pem, seclevel=1))
        assert http.fetch(feed(site.url("/"), policy=known)).body == b"ok"
        error = refusal(http, feed(site.url("/")))
        assert (type(error), error.code) == (p.RefusedError, "tls")
        assert len(site.seen) == 1
        for rules in (p.TlsRules(ca_file="/nowhere.pem"), p.TlsRules(legacy_renegotiation=True)):
            assert refusal(http, feed(site.url("/"), policy=p.FetchPolicy(tls=rules))).code == "tls"


def test_credentials_never_go_from_https_to_http(certificate: tuple[str, ssl.SSLContext], site: m.Site) -> None:
    """A downgrade with credentials is refused; without any it is followed."""
    pem, context = certificate
    site.routes["/x"] = m.answer(b"plain")
    tls = p.FetchPolicy(tls=p.TlsRules(ca_file=pem))
    with m.Site({"/": m.redirect(site.url("/x"))}, tls=context) as safe, door(site, safe) as http:
        assert http.fetch(feed(safe.url("/"), policy=tls)).body == b"plain"
        error = refusal(http, feed(safe.url("/"), policy=tls, headers=(("Authorization", "s"),)))
    assert error.code == "redirect"
    assert len(site.seen) == 1
