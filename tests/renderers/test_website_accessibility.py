"""Every page for every reader: axe-core without a finding, a walk by keyboard, targets, zoom, high contrast, paper."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from importlib.resources import files

import pytest

import pipeline.model as p
from renderers import _links, website
from tests.renderers.conftest import Visit
from tests.renderers.digest import INSTITUTE, NOTICE, POTTERY, SMARTPHONE, VIDEO_TEACHER, digest

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


MODES = [(width, scheme) for width in (390, 1280) for scheme in ("light", "dark")]
STATES = {
    "settings open": ("index.html", "document.querySelector('[data-prefs] summary').click()"),
    "largest letters": ("index.html", "document.querySelector('[name=letters][value=larger]').click()"),
    "dark chosen": (_links.story_path(SMARTPHONE.id), "document.querySelector('[name=look][value=dark]').click()"),
    "light chosen": ("deadlines.html", "document.querySelector('[name=look][value=light]').click()"),
    "filters used": ("find.html?kind=course&status=open", ""),
    "nothing found": ("find.html?q=우주여행", ""),
    "days unfolded": ("calendar.html", "document.querySelectorAll('.day details').forEach((d) => { d.open = true; })"),
    "address copied": (_links.story_path(NOTICE.id), "document.querySelector('[data-copy] button')?.click()"),
}
TARGET = 44  # px, KRDS; WCAG 2.2 asks for 24
MISSED = """(target) => [...document.querySelectorAll('a[href], button, input, select, summary')]
    .filter((e) => e.matches('a, button, input, select, summary') && e.checkVisibility())
    .filter((e) => !e.matches('.skip'))
    .flatMap((e) => {
      e.scrollIntoView({ block: 'center' });
      const box = e.getBoundingClientRect();
      const reach = e.closest('.prose, dd, p:not(.more, .kogl, .corrects)') ? 0 : target / 2 - 1; // in a sentence: not covered
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      const hit = ([dx, dy]) => { const at = document.elementFromPoint(x + dx, y + dy); return at === e || e.contains(at); };
      const hits = [[0, -reach], [0, reach], [-reach, 0], [reach, 0]].map(hit);
      return hits.every(Boolean) ? [] : [`${e.textContent.trim() || e.name} ${box.width}x${box.height} ${hits}`];
    })"""


@cache
def _axe() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def _settled(page) -> None:
    """Wait until search has said what it found; other pages are whole once loaded."""
    page.wait_for_function(
        "() => { const said = document.querySelector('[data-found]'); return !said || /\\d|없습니다/.test(said.textContent); }"
    )


def _faults(page) -> list[tuple[str, list[str]]]:
    told = page.evaluate(f"axe.run(document, {{runOnly: {json.dumps(RULES)}, resultTypes: ['violations']}})")
    assert len(told["passes"]) > 10
    return [(v["id"], [n["html"][:160] for n in v["nodes"]][:3]) for v in told["violations"]]


def test_axe_finds_nothing_on_any_page(visit, city):
    """No violation of WCAG 2.2 AA or of good practice on any page of the site: light and dark, phone and desktop."""
    pages = sorted(path for path, made in city.items() if made.media_type == "text/html")
    page, found = visit("index.html", bypass_csp=True), {}
    for path in pages:
        page.goto(f"{INSTITUTE.site_url}/{path}")
        _settled(page)
        page.evaluate(_axe())
        for width, scheme in MODES:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            if faults := _faults(page):
                found[path, width, scheme] = faults
    assert found == {}
    assert len(pages) > 40


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_when_a_page_is_used(visit, state):
    """Nor does a page break a rule once its menus are open, filters set, days unfolded, the player there."""
    path, done = STATES[state]
    for width, scheme in MODES:
        page = visit(path, width=width, color_scheme=scheme, bypass_csp=True)
        _settled(page)
        page.evaluate(done)
        page.evaluate(_axe())
        assert _faults(page) == [], (width, scheme)
        page.close()


def test_axe_finds_nothing_when_a_video_plays(browser):
    """The player that comes at a press has its name, and takes the focus of the button it stands for."""
    video = replace(VIDEO_TEACHER.primary, url="https://www.youtube.com/watch?v=dQw4w9WgXcQ")
    made = replace(VIDEO_TEACHER, primary=video, members=(video,))
    edition = replace(digest(), sections=(), library=(made,))
    visit = Visit(browser, {a.path: a for a in website.render(website.Options(), edition) if isinstance(a, p.Artifact)})
    page = visit(_links.story_path(made.id), bypass_csp=True)
    page.locator(".tube__play").click()
    assert page.evaluate("() => document.activeElement.title") == f"{made.primary.title} 재생 화면"
    page.evaluate(_axe())
    assert _faults(page) == []
    visit.close()


@pytest.mark.parametrize("path", PAGES)
def test_targets_are_large_enough(visit, path):
    """A finger of 44 px finds what it presses; links within a sentence are smaller, but nothing lies on them (KRDS; WCAG 2.2, 2.5.8)."""
    page = visit(path, width=390)
    _settled(page)
    missed = page.evaluate(MISSED, TARGET)
    if page.locator("[data-prefs]").count():
        page.locator("[data-prefs] summary").click()
        missed += page.evaluate(MISSED.replace("a[href], button, input, select, summary", "[data-prefs] *"), TARGET)
    assert missed == []


def test_the_keyboard_reaches_everything_and_the_focus_is_seen(visit):
    """Tab goes through the page of search in reading order, ends, and each stop shows where it is."""
    page = visit("find.html")
    _settled(page)
    wanted = page.evaluate(
        """() => [...document.querySelectorAll('a[href], button, input, select, summary')].filter((e) => e.checkVisibility()).length"""
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


def test_the_settings_work_by_keyboard_and_are_kept(visit):
    """Letters and light are chosen by arrow keys, Escape goes back to the button, and the next page is born as chosen."""
    page = visit("index.html", color_scheme="light")
    page.locator("[data-prefs] summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    assert page.evaluate("() => document.activeElement.tagName") == "SUMMARY"
    assert not page.locator(".prefs__box").is_visible()
    page.goto(f"{INSTITUTE.site_url}/deadlines.html")
    told = page.evaluate(
        """() => { const root = getComputedStyle(document.documentElement), body = getComputedStyle(document.body);
        return [root.fontSize, root.colorScheme, body.backgroundColor, document.querySelector('[name=letters]:checked').value]; }"""
    )
    assert told == ["19px", "dark", "rgb(19, 20, 22)", "large"]
    page.locator("[data-prefs] summary").click()
    page.locator("[name=look][value='']").check()
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("() => Object.keys(localStorage)") == ["moa-letters"] or page.evaluate(
        "() => Object.keys(localStorage).sort()"
    ) == ["moa-font", "moa-letters"]


def test_without_a_script_there_is_no_switch_and_the_device_decides(visit):
    """What needs a script does not show without one; light and dark follow the device."""
    page = visit("index.html", java_script_enabled=False, color_scheme="dark")
    assert not page.locator("[data-prefs]").is_visible()
    page = visit("index.html", color_scheme="dark")
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(19, 20, 22)"


@pytest.mark.parametrize("path", PAGES)
def test_text_much_larger_fits(visit, path):
    """At 400 % zoom, with letters alone at 200 %, and with the largest letters on a phone nothing scrolls sideways (1.4.4, 1.4.10)."""
    page = visit(path, width=640)  # 1280 px at 200 %
    _settled(page)
    wide = []
    for width, letters in ((640, 100), (320, 100), (640, 200), (390, 200), (320, 143.75)):
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate("(size) => { document.documentElement.style.fontSize = `${size}%`; }", letters)
        wide += [(width, letters)] if page.evaluate("() => document.documentElement.scrollWidth > innerWidth") else []
    assert wide == []


def test_nothing_moves_for_readers_who_want_no_motion(visit):
    """Nothing is animated at all; scrolling is smooth only where that is welcome."""
    page = visit("index.html", reduced_motion="reduce")
    told = page.evaluate(
        """() => [...document.querySelectorAll('*')].map((e) => getComputedStyle(e))
        .filter((s) => s.animationName !== 'none' || parseFloat(s.transitionDuration) > 0 || s.scrollBehavior !== 'auto').length"""
    )
    assert told == 0


def test_colours_forced_by_the_system_take_nothing_away(visit):
    """In high contrast what colour said is said by a line: labels, buttons, the page of the menu, today, what is chosen."""
    page = visit("calendar.html", forced_colors="active")
    page.locator("[data-prefs] summary").click()
    line = "(name) => { const s = getComputedStyle(document.querySelector(name)); return [s.outlineStyle, s.borderTopStyle]; }"
    for name in (".menu [aria-current]", ".day[aria-current] .day__n", ".prefs label:has(:checked)", ".event a"):
        assert "solid" in page.evaluate(line, name), name
    page = visit("index.html", forced_colors="active")
    for name in (".dday:not([hidden])", ".label", ".button"):
        assert "solid" in page.evaluate(line, name), name


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
