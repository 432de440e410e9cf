"""Boards over real HTTP: a session lives within one source's conversation, forms and articles go by POST, lists may be JSON."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl

import pytest

import pipeline.model as p
from pipeline.collect import trial
from pipeline.http import open_http
from pipeline.registry import Registry
from sources import board
from tests.boards import synthetic as made
from tests.conftest import NOW
from tests.misbehave import Exchange, Site, answer

LOOK = made.Look(link="one-argument")
ALL = made.articles(13)


def spec(name: str, site: Site, **keys: object) -> p.SourceSpec:
    options = board.Options.model_validate({**LOOK.options, "url": site.url("/list.do?bbsId=B7"), **keys})
    headers = (("X-Requested-With", "XMLHttpRequest"), ("Referer", site.url("/")))
    policy = p.FetchPolicy(headers=headers)
    return p.SourceSpec(id=name, name=name, kind="board", options=options, url=options.url, policy=policy)


def read(site: Site, *specs: p.SourceSpec) -> list[trial.Trial]:
    rules = p.FetchRules(allow_private=(site.allowed,))
    with open_http(rules, wall_clock=lambda: NOW) as http:
        return [trial.live(each, http, Registry(installed=False), now=NOW) for each in specs]


def form(exchange: Exchange) -> dict[str, str]:
    return dict(parse_qsl(exchange.request.body.decode()))


def site_behind_a_session() -> Site:
    """The list only for a visitor with a session, pages and articles by POST."""

    def at_list(exchange: Exchange) -> None:
        if exchange.request.method == "GET":
            return answer(b"<html>", headers=(("Set-Cookie", "JSESSIONID=S1; Path=/; HttpOnly"),))(exchange)
        if exchange.request.headers.get("cookie") != "JSESSIONID=S1":
            return answer("<script>alert('세션이 만료되었습니다.')</script>".encode())(exchange)
        number = int(form(exchange)["pageIndex"])
        return answer(LOOK.page(ALL[(number - 1) * 10 : number * 10]))(exchange)

    def at_article(exchange: Exchange) -> None:
        body = f"<h3>글</h3><div class='view-con'><p>본문 {form(exchange)['nttId']}</p></div>"
        answer(body.encode())(exchange)

    return Site({"/list.do": at_list, "/detail.do": at_article})


KEYS = {
    "method": "POST",
    "form": {"bbsId": "{bbsId}", "pageIndex": "1"},
    "paging": {"param": "pageIndex"},
    "detail": {"method": "POST", "url": "detail.do", "form": {"nttId": "{nttId}"}, "most": 2},
}


@pytest.mark.slow
def test_a_session_opens_the_list_its_pages_and_its_articles() -> None:
    """Warm-up, two pages and two articles in one conversation, with the headers a script would send."""
    with site_behind_a_session() as site:
        (got,) = read(site, spec("a", site, **KEYS, warm_up="list.do"))
        asked = [one for one in site.seen if one.path != "/robots.txt"]
    assert got.error is None
    assert [e.title for e in got.entries] == [a.title for a in ALL]
    assert [e.text for e in got.entries[:3]] == [f"본문 {ALL[0].number}", f"본문 {ALL[1].number}", ""]
    assert {one.headers["x-requested-with"] for one in asked} == {"XMLHttpRequest"}
    assert [one.headers.get("cookie") for one in asked] == [None, *["JSESSIONID=S1"] * 5]


@pytest.mark.slow
def test_no_session_is_shared_between_sources() -> None:
    """A second source of the same site begins with nothing and is told so (P13)."""
    with site_behind_a_session() as site:
        first, second = read(site, spec("a", site, **KEYS, warm_up="list.do"), spec("b", site, **KEYS))
    assert (first.error, len(first.entries)) == (None, 13)
    assert second.error is not None
    assert second.error.code == "login-page"


@pytest.mark.slow
def test_a_list_in_json_is_read_over_the_wire() -> None:
    """An endpoint of ``application/json`` is a list like any other."""
    rows = {"data": {"list": [{"id": a.number, "subject": a.title, "date": f"{a.on}"} for a in ALL]}}
    body = json.dumps(rows, ensure_ascii=False).encode()
    with Site({"/list.do": answer(body, headers=(("Content-Type", "application/json; charset=utf-8"),))}) as site:
        keys = {
            "rows": "json:data.list",
            "title": "subject",
            "date": "date",
            "link_template": "/view/{id}",
            "link_pattern": "",
        }
        (got,) = read(site, spec("a", site, **keys))
        assert [(e.title, e.url) for e in got.entries] == [(a.title, site.url(f"/view/{a.number}")) for a in ALL]
