"""The site and the mail in a real browser: badges that are right at reading time, nothing blocked, nothing too wide."""

from __future__ import annotations

import email
import email.policy
from pathlib import Path

import pytest

import pipeline.model as p
from renderers import _links, kakao, newsletter, website
from tests.pictures import picture
from tests.renderers.digest import SMARTPHONE, digest, hostile

pytestmark = pytest.mark.slow
REFUSED = ("ERR_FAILED", "ERR_NAME_NOT_RESOLVED")  # pictures of invented hosts
WIDTHS = (390, 768, 1440)
TOO_WIDE = "() => document.documentElement.scrollWidth > innerWidth"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The practice city's site, the hostile one, mail and bubbles as files."""
    top = tmp_path_factory.mktemp("site")
    made = {"city": digest(), "hostile": hostile()}
    for name, edition in made.items():
        for artifact in (*website.render(website.Options(), edition), *kakao.render(kakao.Options(), edition)):
            if isinstance(artifact, p.Artifact):
                path = top / name / artifact.path
                path.parent.mkdir(parents=True, exist_ok=True)
                form = artifact.media_type.removeprefix("image/")
                path.write_bytes(picture(640, 400, form) if artifact.on_disk else artifact.body)
        mail = next(newsletter.render(newsletter.Options(), edition))
        _plain, html = email.message_from_bytes(mail.body, policy=email.policy.default).iter_parts()
        (top / name / "mail.html").write_text(
            html.get_content().replace("https://learn.gaon.example/media/", "media/"), encoding="utf-8"
        )
    return top


@pytest.fixture
def read(browser, folder):
    """Open a file at an instant on the reader's clock; returns the page and what the console complained about."""
    context = browser.new_context(viewport={"width": 390, "height": 800}, timezone_id="America/New_York")

    def opened(path: str, at: str = "2026-11-23T08:00:00+09:00"):
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.route("http*://**", lambda route: route.abort())
        page.clock.set_fixed_time(at)
        page.goto((folder / path).as_uri())
        return page, [text for text in complaints if not text.endswith(REFUSED)]

    yield opened
    context.close()


def test_the_badge_is_right_when_it_is_read(read):
    """D-day follows the reader's clock in Seoul's days, whatever the reader's zone; it changes at midnight and at the end."""
    story = f"city/{_links.story_path(SMARTPHONE.id)}"
    for at, words in (
        ("2026-11-23T08:00:00+09:00", "D-2"),
        ("2026-11-24T23:59:00+09:00", "D-1"),
        ("2026-11-25T00:00:00+09:00", "오늘 마감"),
        ("2026-11-25T18:00:00+09:00", "마감"),
    ):
        page, complaints = read(story, at)
        assert page.locator(".panel .dday").inner_text() == words, at
        assert complaints == []


def test_what_has_closed_disappears_from_the_list(read):
    """A course leaves the deadline list at the minute it closes (CI1); an empty list says so."""
    page, _complaints = read("city/index.html", "2026-11-25T17:59:00+09:00")
    assert page.locator(".leaf:visible").count() == 4
    page, _complaints = read("city/index.html", "2026-11-25T18:00:00+09:00")
    assert page.locator(".leaf:visible").count() == 3
    page, _complaints = read("city/index.html", "2027-02-01T00:00:00+09:00")
    assert page.locator(".leaf:visible").count() == 0
    assert page.locator("[data-due-empty]").is_visible()


@pytest.mark.parametrize(
    "path",
    [
        "index.html",
        "deadlines.html",
        "calendar.html",
        "find.html",
        "embed.html",
        "sources.html",
        "archive.html",
        "mail.html",
        "bubble.html",
    ],
)
@pytest.mark.parametrize("edition", ["city", "hostile"])
def test_nothing_is_too_wide_and_nothing_is_blocked(read, edition, path):
    """From 390 to 1440 px no page scrolls sideways, and our own policy blocks nothing of ours."""
    page, complaints = read(f"{edition}/{path}")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert not page.evaluate(TOO_WIDE), (path, width)
    assert complaints == []


def test_keyboard_reaches_the_content_first(read):
    """The first Tab shows the skip link; it leads to the main content."""
    page, _complaints = read("city/index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "main"


def test_the_font_waits_for_the_first_sight_and_is_there_at_once_afterwards(visit):
    """A first page is read before a byte of the font is asked for; the next page has it from the browser, without a change of letters."""
    page = visit("robots.txt")
    page.add_init_script(
        """new PerformanceObserver(() => { window.asked ??= document.querySelector('[data-font]').media; })
        .observe({ type: 'paint', buffered: true })"""
    )
    page.goto(page.url.replace("robots.txt", "index.html"))
    page.wait_for_function("() => localStorage.getItem('moa-font')")
    assert page.evaluate("() => window.asked") == "not all"
    page.goto(page.url.replace("index.html", "deadlines.html"))
    assert page.evaluate("() => document.querySelector('[data-font]').media") == "all"
