"""Whatever a server does, its request ends in time, within bounds, with a named error, and the others are served."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

import pipeline.model as p
from pipeline.http import HttpClient, open_http
from tests import misbehave as m

MIB = 1024 * 1024


@pytest.fixture
def site() -> Iterator[m.Site]:
    with m.Site() as opened:
        yield opened


def door(site: m.Site, **rules: Any) -> HttpClient:
    return open_http(
        p.FetchRules(allow_private=(site.allowed,), **rules),
        wall_clock=lambda: datetime(2026, 11, 22, 18, tzinfo=UTC),
        backoff=(0.01, 0.01),
    )


def request(site: m.Site, path: str, **policy: Any) -> p.Request:
    policy = {"timeout_s": 5.0, "max_bytes": MIB, **policy}
    return p.Request(url=site.url(path), purpose=p.Purpose.FEED, policy=p.FetchPolicy(**policy), retry=False)


def failure(site: m.Site, behaviour: m.Behaviour, **policy: Any) -> p.SourceError:
    site.routes["/x"] = behaviour
    with door(site) as http, pytest.raises(p.SourceError) as caught:
        http.fetch(request(site, "/x", **policy))
    return caught.value


SLOW = [
    (m.silent, {"stalled", "timeout"}),
    (m.slow_headers, {"stalled", "timeout"}),
    (m.stalled_body, {"stalled", "timeout"}),
    (m.slow_drip, {"timeout"}),
]


@pytest.mark.parametrize(("behaviour", "codes"), SLOW, ids=[b.__name__ for b, _codes in SLOW])
def test_a_slow_server_ends_at_the_deadline(site: m.Site, behaviour: Any, codes: set[str]) -> None:
    """Silence, dripping headers, a stalled and a dripping body all end as a transient error (P2)."""
    error = failure(site, behaviour(), timeout_s=0.4)
    assert isinstance(error, p.FetchError)
    assert error.code in codes


def test_a_body_without_a_byte_is_called_stalled(site: m.Site) -> None:
    """A stall ends the transfer well before its total, under its own name."""
    assert failure(site, m.stalled_body(), timeout_s=1.5).code == "stalled"


TOO_MUCH = [
    m.endless_body,
    m.endless_chunks,
    m.gzip_bomb,
    m.header_flood,
    m.endless_header,
    m.huge_status_line,
    m.interim_flood,
    m.trailer_flood,
]


@pytest.mark.parametrize("behaviour", TOO_MUCH, ids=[b.__name__ for b in TOO_MUCH])
def test_too_much_is_cut_and_never_tried_again(site: m.Site, behaviour: Any) -> None:
    """Endless bodies, bombs and floods of headers, interim answers and trailers hit a cap (P3); asked for once."""
    site.routes["/x"] = behaviour()
    with door(site) as http, pytest.raises(p.FetchError) as caught:
        http.fetch(p.Request(url=site.url("/x"), purpose=p.Purpose.FEED, policy=p.FetchPolicy(max_bytes=MIB)))
    assert caught.value.code == "too-large"
    assert site.paths == ["/x"]


def test_an_endless_chunk_extension_ends_at_the_deadline(site: m.Site) -> None:
    """libcurl skips chunk extensions without keeping them; the deadline bounds them."""
    assert failure(site, m.extension_flood(), timeout_s=0.4).code in {"stalled", "timeout"}


def test_a_bomb_does_not_inflate_in_memory(site: m.Site) -> None:
    """64 MiB behind 64 KiB of gzip never take more than the cap and a little (P3)."""
    site.routes["/x"] = m.gzip_bomb()
    with door(site) as http:
        tracemalloc.start()
        with pytest.raises(p.FetchError):
            http.fetch(request(site, "/x"))
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 8 * MIB


def test_the_ratio_counts_below_the_cap_too(site: m.Site) -> None:
    """5 MiB behind 5 KiB are a bomb although 10 MiB would be allowed."""
    assert failure(site, m.gzip_bomb(5 * MIB), max_bytes=10 * MIB).code == "too-large"


def test_a_length_beyond_the_cap_is_refused_before_the_body(site: m.Site) -> None:
    """A Content-Length over the cap ends the transfer by itself, nothing is allocated for it."""
    assert failure(site, m.lying_length(10**15, b"x")).code == "too-large"


BROKEN = [
    (m.lying_length(1000, b"short"), "truncated"),
    (m.two_lengths(b"hello"), "bad-answer"),
    (m.truncated_gzip(b"<rss>hello</rss>" * 100), "truncated"),
    (m.wrong_crc(b"<rss>hello</rss>" * 100), "truncated"),
    (m.bad_chunk(), "truncated"),
    (m.cut_chunks(), "truncated"),
    (m.answer(b"\x1f\x8bnot gzip", headers=[("Content-Encoding", "gzip")]), "truncated"),
    (m.answer(b"xx", headers=[("Content-Encoding", "br")]), "encoding"),
    (m.answer(b"xx", status="206 Partial Content"), "truncated"),
    (m.http09(), "bad-answer"),
    (m.garbage(), "bad-answer"),
    (m.hang_up(), "reset"),
    (m.reset(), "reset"),
]


@pytest.mark.parametrize(("behaviour", "code"), BROKEN)
def test_an_answer_is_whole_or_it_failed(site: m.Site, behaviour: m.Behaviour, code: str) -> None:
    """Short, torn, wrongly summed, oddly coded and headless answers are errors (P5)."""
    error = failure(site, behaviour)
    assert isinstance(error, p.FetchError)
    assert error.code == code


def test_whole_answers_come_through(site: m.Site) -> None:
    """gzip, several gzip members, raw deflate and chunks are read; trailers are no headers."""
    import gzip
    import zlib

    body = "가나다".encode() * 1000
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -15)
    deflated = squeezer.compress(body) + squeezer.flush()
    chunked = m.head(headers=[("Transfer-Encoding", "chunked")])
    site.routes = {
        "/gzip": m.compressed(body),
        "/members": m.answer(gzip.compress(body) + gzip.compress(body), headers=[("Content-Encoding", "gzip")]),
        "/zlib": m.answer(zlib.compress(body), headers=[("Content-Encoding", "deflate")]),
        "/raw": m.answer(deflated, headers=[("Content-Encoding", "deflate")]),
        "/chunks": m.raw(chunked + b"5;a=b\r\nhello\r\n0\r\nX-Late: 1\r\n\r\n"),
    }
    with door(site) as http:
        bodies = {path: http.fetch(request(site, path)).body for path in ("/gzip", "/zlib", "/raw")}
        assert set(bodies.values()) == {body}
        assert http.fetch(request(site, "/members")).body == body * 2
        chunks = http.fetch(request(site, "/chunks"))
    assert chunks.body == b"hello"
    assert "x-late" not in dict(chunks.headers)


def test_one_bad_server_never_harms_the_rest(site: m.Site) -> None:
    """While every kind of misbehaviour is under way, each good request is answered (P1)."""
    bad = [b for b, _codes in SLOW] + TOO_MUCH
    site.routes = {f"/bad/{number}": behaviour() for number, behaviour in enumerate(bad)}
    site.routes |= {f"/good/{number}": m.answer(b"good %d" % number) for number in range(30)}
    with door(site, per_host=50) as http:
        for path in site.routes:
            http.submit(request(site, path, timeout_s=1.0), path)
        got: dict[Any, p.Document | p.SourceError] = {}
        while len(got) < len(site.routes):
            got |= dict(http.poll(1.0))
    good = {path: one.body for path, one in got.items() if isinstance(one, p.Document)}
    assert good == {f"/good/{number}": b"good %d" % number for number in range(30)}


def test_an_unasked_answer_reaches_nobody(site: m.Site) -> None:
    """A second answer on a kept connection is never taken for another source's (P13)."""
    site.routes = {"/a": m.two_answers(b"a", b"poison", pause_s=0.0), "/b": m.answer(b"b", keeps=True)}
    with door(site) as http:
        assert http.fetch(request(site, "/a")).body == b"a"
        assert http.fetch(request(site, "/b")).body == b"b"
    assert site.connections == 2


def test_an_endless_error_page_is_still_that_error(site: m.Site) -> None:
    """The status decides; the page behind it is read up to a small cap."""
    assert isinstance(failure(site, m.endless_error()), p.GoneError)


def test_an_error_page_that_promises_too_much_is_still_that_error(site: m.Site) -> None:
    """404 stays 404 when its Content-Length is beyond the cap."""
    assert isinstance(failure(site, m.raw(m.head("404 Not Found", [("Content-Length", "99999999")]))), p.GoneError)


SEEDS = [
    b'HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=euc-kr\r\nContent-Length: 5\r\nETag: "a"\r\n\r\nhello',
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: y\r\n\r\n",
    b"HTTP/1.1 302 Found\r\nLocation: /x?\xb0\xa1\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 503 No\r\nRetry-After: Sun, 22 Nov 2026 18:02:00 GMT\r\n\r\n",
    b'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\n\r\n',
    b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x00\x00\x00\x00\x00",
]
SPLINTERS = [
    b"\0",
    b":",
    b"\r\n",
    b"99999999999999999999",
    b"-1",
    b"Location: //[\r\n",
    b"Content-Type: ;;;charset=\r\n",
]


def test_damaged_answers_never_escape_the_error_tree(site: m.Site, capfd: pytest.CaptureFixture[str]) -> None:
    """200 answers with random damage each end as a document or one of our errors, and nothing is printed (P6)."""
    import random

    dice = random.Random(20261122)
    for number in range(200):
        data = bytearray(dice.choice(SEEDS))
        for _index in range(dice.randint(1, 4)):
            at = dice.randrange(len(data) + 1)
            data[at : at + dice.randint(0, 4)] = dice.choice([*SPLINTERS, dice.randbytes(3), b""])
        site.routes[f"/{number}"] = m.raw(bytes(data))
    with door(site, per_host=20) as http:
        for path in list(site.routes):
            http.submit(request(site, path), path)
        got: dict[Any, p.Document | p.SourceError] = {}
        while len(got) < len(site.routes):
            got |= dict(http.poll(1.0))
    assert all(isinstance(one, p.Document | p.SourceError) for one in got.values())
    assert capfd.readouterr() == ("", "")
