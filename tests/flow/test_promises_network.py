"""The network's border: P8-P13, through the command line; a server that must see nothing says what it saw.

What does not live here: every spelling of an address and every wire fault (``unit/http``).
"""

from __future__ import annotations

import json
import socket
import ssl
from pathlib import Path

import pytest

from tests import misbehave as m
from tests.flow.project import Project, board, feed, item, page, rss
from tests.vendors.certificate import context_of, made_in

GOOD = rss(item("좋은 소식", link="https://a.example/1"))
SECRET = "root:x:0:0"


def test_no_redirect_reaches_an_address_that_is_not_public(tmp_path: Path) -> None:
    """Each such source is refused and named, the good one is stored, and the inner server sees nothing (P8)."""
    with m.Site({"/good": m.answer(GOOD)}) as site, m.Site(default=m.answer(GOOD)) as inner:
        port = inner.port
        inward = {
            "port": f"http://127.0.0.1:{port}/",
            "name": f"http://localhost:{port}/",
            "decimal": f"http://2130706433:{port}/",
            "hex": f"http://0x7f.1:{port}/",
            "short": f"http://127.1:{port}/",
            "zero": f"http://0:{port}/",
            "mapped": f"http://[::ffff:127.0.0.1]:{port}/",
            "nat64": f"http://[64:ff9b::7f00:1]:{port}/",
            "userinfo": f"http://{site.allowed}@127.0.0.1:{port}/",
            "backslash": f"http://127.0.0.1:{port}\\@a.example/",
            "metadata": "http://169.254.169.254/latest/meta-data/",
            "private": "http://10.0.0.1/",
            "carrier": "http://100.64.0.1/",
            "file": "file:///etc/passwd",
            "gopher": f"gopher://127.0.0.1:{port}/_GET",
            "dict": f"dict://127.0.0.1:{port}/",
            "data": "data:application/rss+xml,%3Crss/%3E",
            "script": "javascript:alert(1)",
        }
        site.routes |= {f"/{name}": m.redirect(to) for name, to in inward.items()}
        site.routes |= {f"/board-{name}": m.redirect(to) for name, to in inward.items()}
        town = Project(tmp_path, site.allowed)
        direct = {n: u for n, u in inward.items() if u.startswith("http") and n not in ("userinfo", "backslash")}
        town.sources(
            feed("good", site.url("/good")),
            *(feed(f"to-{name}", site.url(f"/{name}")) for name in inward),
            *(board(f"board-{name}", site.url(f"/board-{name}")) for name in inward),
            *(feed(f"direct-{name}", url) for name, url in direct.items()),
        )
        night = town.run(command="collect")
    assert inner.connections == 0
    assert town.titles() == ["좋은 소식"]
    refused = {line["id"]: line["verdict"] for line in night.json["sources"] if line["id"] != "good"}
    assert len(refused) == 2 * len(inward) + len(direct)
    assert set(refused.values()) <= {"refused", "fetch-failed"}, refused
    for name in ("port", "name", "decimal", "mapped", "metadata", "private", "file"):
        assert refused[f"to-{name}"] == "refused", name


def test_a_name_that_turns_inward_is_refused_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that answers with the inside, first or among others, is never connected to there (P8: rebinding)."""
    asked: list[str] = []
    inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in ("127.0.0.1", "192.168.0.1")]
    real = socket.getaddrinfo

    def look_up(host: object, *rest: object, **more: object) -> list[object]:
        if not str(host).endswith(".example"):
            return real(host, *rest, **more)
        asked.append(str(host))
        return list(inside)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with m.Site(default=m.answer(GOOD)) as inner:
        town = Project(tmp_path)
        urls = [f"http://{host}.example:{inner.port}/" for host in ("rebind", "again")]
        town.sources(feed("a", urls[0]), feed("b", urls[0]), board("c", urls[1]))
        for day in ("2026-11-23", "2026-11-24"):
            night = town.run(day, command="collect")
            assert {line["verdict"] for line in night.json["sources"]} == {"refused"}
    assert "rebind.example" in asked
    assert inner.connections == 0


def test_content_never_makes_us_fetch(tmp_path: Path) -> None:
    """Enclosures, pictures, styles, DTDs, hubs, next links, scripts and frames are stored or dropped, never asked for (P9)."""
    with m.Site(default=m.answer(GOOD)) as site:
        bait = site.url("/bait")
        media = (
            f'<enclosure url="{bait}/enclosure.mp3" length="9" type="audio/mpeg"/>'
            f'<media:thumbnail xmlns:media="http://search.yahoo.com/mrss/" url="{bait}/thumb.png"/>'
            f'<media:content xmlns:media="http://search.yahoo.com/mrss/" url="{bait}/movie.mp4"/>'
            f"<comments>{bait}/comments</comments>"
        )
        html = (
            f'<img src="{bait}/a.png" srcset="{bait}/b.png 2x"><iframe src="{bait}/frame"></iframe>'
            f'<script src="{bait}/s.js"></script><link rel=stylesheet href="{bait}/s.css"><video poster="{bait}/p.png">'
            f'<object data="{bait}/o"></object><meta http-equiv=refresh content="0;url={bait}/refresh">'
            f'<a href="{bait}/link">더 보기</a><svg><image href="{bait}/svg.png"/></svg>'
        )
        head = (
            f'<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="next" href="{bait}/next"/>'
            f'<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="hub" href="{bait}/hub"/>'
            f"<image><url>{bait}/logo.png</url></image><docs>{bait}/docs</docs>"
        )
        one = item("글", link=f"{bait}/post", body=html, more=media)
        styled = rss(one, head=head).replace(
            b"\n",
            f'<?xml-stylesheet href="{bait}/s.xsl" type="text/xsl"?>\n<!DOCTYPE rss SYSTEM "{bait}/rss.dtd">'.encode(),
            1,
        )
        json_feed = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "글",
            "next_url": f"{bait}/next",
            "icon": f"{bait}/icon",
            "favicon": f"{bait}/favicon",
            "hubs": [{"type": "WebSub", "url": f"{bait}/hub"}],
            "items": [
                {"id": "1", "title": "글", "content_html": html, "image": f"{bait}/i.png", "url": f"{bait}/post"}
            ],
        }
        bytes_of = {
            "/plain": rss(one, head=head),
            "/styled": styled,
            "/json": json.dumps(json_feed).encode(),
            "/board": page([(1, "공지", "2026-11-22")], around=html),
        }
        site.routes |= {path: m.answer(body) for path, body in bytes_of.items()}
        town = Project(tmp_path, site.allowed)
        feeds = [feed(path[1:], site.url(path)) for path in bytes_of if path != "/board"]
        town.sources(*feeds, board("board", site.url("/board")))
        town.run()
    assert sorted(site.paths) == sorted(["/robots.txt", *bytes_of])
    assert town.titles() == ["공지", "글", "글", "글"]


def test_redirects_are_few_carry_nothing_and_change_no_file(tmp_path: Path) -> None:
    """Five hops at most, loops end, own headers and cookies stay at home, YAML is as the editor wrote it (P10, P13)."""
    cookie = [("Set-Cookie", "session=1; Path=/")]
    with m.Site() as site, m.Site({"/away": m.answer(GOOD)}) as other:
        for hop in range(7):
            site.routes[f"/hop{hop}"] = m.redirect(f"/hop{hop + 1}")
        moved = [("Location", other.url("/away")), *cookie]
        site.routes |= {
            "/hop6": m.answer(GOOD),
            "/loop": m.redirect("/loop"),
            "/moved": m.answer(b"", status="301 Moved Permanently", headers=moved),
            "/cookie": m.answer(GOOD, headers=cookie),
        }
        town = Project(tmp_path, site.allowed, other.allowed)
        town.sources(
            feed("five", site.url("/hop1")),
            feed("six", site.url("/hop0")),
            feed("loop", site.url("/loop")),
            feed("moved", site.url("/moved"), headers={"X-Our-Own": "for the first server"}),
            feed("cookie", site.url("/cookie")),
        )
        written = {file: file.read_bytes() for file in (tmp_path / "config").rglob("*") if file.is_file()}
        night = town.run(command="collect")
        second = town.run("2026-11-24", command="collect")
        told = (town.output / "reports/latest.txt").read_text("utf-8")
        third = town.run("2026-11-25", command="collect")
    verdicts = {line["id"]: line["verdict"] for line in night.json["sources"]}
    assert verdicts == {"five": "ok", "six": "fetch-failed", "loop": "fetch-failed", "moved": "ok", "cookie": "ok"}
    address = {"code": "moved", "message": other.url("/away")}
    assert [n.source("moved")["warnings"] for n in (night, second, third)] == [[], [address], [address]]
    assert other.url("/away") in told  # a move seen on two nights is told, for a person to write down
    assert all("x-our-own" not in seen.headers for seen in other.seen)
    assert all("cookie" not in seen.headers for seen in (*site.seen, *other.seen))
    assert any(seen.headers.get("x-our-own") for seen in site.seen)
    assert {file: file.read_bytes() for file in written} == written


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ssl.SSLContext]:
    """A certificate nobody trusts, for 127.0.0.1."""
    pem, private = made_in(tmp_path_factory.mktemp("tls"))
    return str(pem), context_of(pem, private)


def test_tls_is_verified_and_each_exception_is_spelled_out(
    tmp_path: Path, certificate: tuple[str, ssl.SSLContext]
) -> None:
    """An untrusted certificate is refused, an exception is named and in each report, and no key turns checking off (P11)."""
    pem, context = certificate
    with m.Site(default=m.answer(GOOD), tls=context) as site:
        town = Project(tmp_path, site.allowed)
        town.sources(feed("strict", site.url("/a")), feed("known", site.url("/b"), tls={"ca_file": pem}))
        night = town.run(command="collect")
        assert site.paths == ["/b"]
        town.sources(feed("strict", site.url("/a"), tls={"verify": False}))
        said = town.moa_says("check")
        assert (said.code, "'verify'" in said.out) == (2, True)
    assert night.source("strict")["error"]["code"] == "tls"
    assert (night.code, night.source("known")["verdict"]) == (3, "ok")
    assert night.source("known")["warnings"] == [{"code": "tls-exception", "message": f"ca_file: {pem}"}]
    assert f"known (ca_file: {pem})" in (town.output / "reports/latest.txt").read_text()


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
ENTITIES = {
    "file": '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    "net": '<!DOCTYPE rss [<!ENTITY x SYSTEM "{bait}">]>',
    "parameter": '<!DOCTYPE rss [<!ENTITY % p SYSTEM "{bait}"> %p;]>',
    "laughs": f'<!DOCTYPE rss [<!ENTITY a0 "lol">{LAUGHS}<!ENTITY x "&a11;">]>',
    "long": f'<!DOCTYPE rss [<!ENTITY x "{"k" * 100_000}">]>',
    "public": '<!DOCTYPE rss PUBLIC "-//x" "{bait}">',
}


def test_xml_brings_no_entities_files_or_includes(tmp_path: Path) -> None:
    """No entity of a document's own is read, fetched or expanded; what has none of them is read on (P12)."""
    with m.Site(default=m.answer(SECRET.encode())) as site:
        bait = site.url("/bait")
        include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{bait}" parse="text"/>'
        for name, declared in ENTITIES.items():
            body = rss(
                item("글 &x;" * (300 if name == "long" else 1), "1", link="https://a.example/1"), item("다음 글")
            )
            site.routes[f"/{name}"] = m.answer(body.replace(b"\n", declared.replace("{bait}", bait).encode(), 1))
        site.routes["/include"] = m.answer(rss(item("글", body="x", more=f"<description>{include}</description>")))
        town = Project(tmp_path, site.allowed)
        names = [*ENTITIES, "include"]
        town.sources(*(feed(name, site.url(f"/{name}")) for name in names))
        night = town.run()
    assert sorted(site.paths) == sorted(f"/{name}" for name in names)
    assert not {line["verdict"] for line in night.json["sources"]} & {"plugin"}
    for name in names:
        assert night.source(name)["error"] or "다음 글" in town.titles(name) or name == "include", name
    held = json.dumps(town.items())
    assert "root:" not in held
    assert SECRET not in held
    assert held.count("lol") < 20
    assert held.count("k" * 1000) == 0
    assert not any(SECRET.encode() in file.read_bytes() for file in town.output.rglob("*.html"))


def test_an_answer_nobody_asked_for_reaches_no_other_source(tmp_path: Path) -> None:
    """Two answers on one connection: the second is never taken for the next source's (P13)."""

    def smuggled(path: str) -> m.Behaviour:
        stolen = rss(item("훔친 소식", link="https://evil.example/"))
        return m.two_answers(rss(item(f"소식 {path}", link=f"https://a.example/{path}")), stolen, pause_s=0.0)

    with m.Site({f"/{n}": smuggled(str(n)) for n in range(6)}) as site:
        town = Project(tmp_path, site.allowed, fetch={"per_host": 1})
        town.sources(*(feed(f"s{n}", site.url(f"/{n}")) for n in range(6)))
        town.run(command="collect")
    assert town.titles() == [f"소식 {n}" for n in range(6)]
