"""Every kind of page for every reader: axe-core without a finding, a walk by keyboard, targets, zoom, paper."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

import pytest

from renderers import _links
from tests.renderers.digest import NOTICE, POTTERY, SMARTPHONE, VIDEO_TEACHER

pytestmark = pytest.mark.slow
PAGES = (
    "index.html",
    "deadlines.html",
    "calendar.html",
    "calendar/2026-12.html",
    "find.html?q=교실",
    "archive.html",
    "archive/2026-11.html",
    "sources.html",
    "source/maru.html",
    "e/daily/2026-11-23.html",
    "404.html",
    "embed.html",
    _links.story_path(SMARTPHONE.id),
    _links.story_path(NOTICE.id),
    _links.story_path(POTTERY.id),
    _links.story_path(VIDEO_TEACHER.id),
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@cache
def _axe() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def _settled(page) -> None:
    """Wait until search has said what it found; other pages are whole once loaded."""
    page.wait_for_function(
        "() => !document.querySelector('[data-found]') || /\\d/.test(document.querySelector('[data-found]').textContent)"
    )


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(visit, scheme, width):
    """No violation of WCAG 2.2 AA or of good practice on any kind of page, light and dark, phone and desktop."""
    found = {}
    for path in PAGES:
        page = visit(path, width=width, color_scheme=scheme, bypass_csp=True)
        _settled(page)
        page.evaluate(_axe())
        told = page.evaluate(f"axe.run(document, {{runOnly: {json.dumps(RULES)}}})")
        assert len(told["passes"]) > 10, path
        if told["violations"]:
            found[path] = [(v["id"], [n["html"][:160] for n in v["nodes"]][:3]) for v in told["violations"]]
        page.close()
    assert found == {}


@pytest.mark.parametrize("path", PAGES)
def test_targets_are_large_enough(visit, path):
    """What is pressed is at least 24 by 24 px, or stands in a line of text (WCAG 2.2, 2.5.8)."""
    page = visit(path, width=390)
    _settled(page)
    small = page.evaluate(
        """() => [...document.querySelectorAll('a[href], button, input, select, summary')]
        .filter((e) => e.checkVisibility() && !e.closest('p, dd, li .meta') && !e.classList.contains('skip'))
        .map((e) => [e.textContent.trim().slice(0, 30), e.getBoundingClientRect()])
        .filter(([, r]) => r.width < 24 || r.height < 24).map(([t, r]) => `${t}: ${r.width}x${r.height}`)"""
    )
    assert small == []


def test_the_keyboard_reaches_everything_and_the_focus_is_seen(visit):
    """Tab goes through the page of search in reading order, ends, and each stop shows where it is."""
    page = visit("find.html")
    _settled(page)
    wanted = page.evaluate(
        """() => [...document.querySelectorAll('a[href], button, input, select')].filter((e) => e.checkVisibility()).length"""
    )
    stops = []
    for _n in range(wanted + 1):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e);
            return [e.tagName, e.name || e.textContent.trim().slice(0, 20), s.outlineStyle, parseFloat(s.outlineWidth)]; }"""
        )
        if stop[0] == "BODY":
            break
        stops.append(stop)
    assert len(stops) == wanted
    assert [s for s in stops if s[2] == "none" or s[3] < 2] == []
    names = [name for _tag, name, _style, _width in stops]
    order = ["본문으로 바로가기", "새 소식", "q", "찾기", "topic", "agency", "kind", "level", "status", "조건 지우기"]
    places = [names.index(name, names.index("q") if name == "찾기" else 0) for name in order]
    assert places == sorted(places)


@pytest.mark.parametrize("path", PAGES)
def test_text_twice_as_large_fits(visit, path):
    """At 200 % nothing is cut off and nothing scrolls sideways (WCAG 1.4.4, 1.4.10)."""
    page = visit(path, width=640)  # 1280 px at 200 %
    page.set_viewport_size({"width": 320, "height": 640})  # and 400 %, reflow
    assert not page.evaluate("() => document.documentElement.scrollWidth > innerWidth")


def test_on_paper_nothing_stands_that_cannot_be_pressed(visit):
    """Print shows the facts and the address of the original, no menus, players, buttons or badges."""
    page = visit(_links.story_path(SMARTPHONE.id))
    page.emulate_media(media="print")
    assert page.locator(".dl").is_visible()
    assert not page.locator(".menu").is_visible()
    assert not page.locator(".acts").is_visible()
    assert page.evaluate("() => getComputedStyle(document.querySelector('.button'), '::after').content").startswith(
        '" ('
    )


def test_without_a_script_everything_is_read(visit):
    """With scripts off the dates, facts, lists and links are all there; search says what to do instead."""
    page = visit("index.html", java_script_enabled=False)
    assert "11월 25일(수) 18:00까지" in page.locator(".leaves").inner_text()
    page = visit("find.html", java_script_enabled=False)
    assert page.locator("#main noscript").inner_text().startswith("찾기는 스크립트를")
    assert page.locator("section .tags a").count() > 3
