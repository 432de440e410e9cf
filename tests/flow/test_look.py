"""The preview in a real browser: everything shows, nothing is blocked or too wide, keyboard and button work."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest

import pipeline.model as p
from pipeline.preview.server import Preview
from tests.unit.preview import stage

pytestmark = [pytest.mark.slow]
KAKAO = f"{stage.TODAY}/kakao/all/0"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    folder = stage.project(tmp_path_factory.mktemp("city"))
    with stage.serving(stage.publish(folder)) as running:
        yield running


@pytest.fixture(scope="module")
def context(browser):
    """A browser session that reaches nothing beyond loopback."""
    made = browser.new_context(viewport={"width": 1280, "height": 4000})
    made.route("**/*", lambda route: route.continue_() if "127.0.0.1" in route.request.url else route.abort())
    yield made
    made.close()


@pytest.fixture(scope="module")
def seen(context, server):
    """The page with all its frames, and what the console complained about; for looking only."""
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.goto(server.url, wait_until="networkidle")
    return opened, tuple(complaints)  # of the loading; other tests try what must be blocked


@pytest.fixture
def page(context, server):
    """A page of one's own, the message held as it was at first."""
    with server.house.store() as store:
        store.deliveries.hold([KAKAO], "approval")
    opened = context.new_page()
    opened.goto(server.url, wait_until="domcontentloaded")
    yield opened
    opened.close()


def show(page, channel):
    """Choose a channel's tab, with keys alone."""
    page.get_by_role("tab", name=channel).focus()
    page.keyboard.press("Enter")


def test_every_frame_shows_its_page(seen):
    """Each channel at both widths, side by side, shows its words, and no policy of ours blocks anything of ours."""
    page, complaints = seen
    assert page.get_by_role("tab").count() == 3
    for number in (2, 1, 0):  # the website is the one shown at first
        page.get_by_role("tab").nth(number).click()
        frames = page.locator("iframe:visible")
        frames.last.scroll_into_view_if_needed()
        shown = [frame.content_frame() for frame in frames.element_handles()]
        for frame in shown:
            frame.wait_for_load_state()
        assert [frame.evaluate("innerWidth") for frame in shown] == [390, 1200]
        assert all("가온" in frame.locator("body").inner_text() for frame in shown)
    others = [text for text in complaints if "ERR_FAILED" not in text and "Loading the font" not in text]
    assert others == []  # fonts need CORS in a sandbox, and nothing here has any (P61): the system's own font stands in


def test_scripts_of_stored_pages_run_but_reach_nothing(seen):
    """The site's own script works (D-day badges), and its sandbox keeps the token of our page out of reach."""
    site = next(frame for frame in seen[0].frames if frame.url.endswith("index.html"))
    assert site.locator(".dday:visible").count() > 0
    reach = (
        "() => { try { return parent.document.querySelector('[name=token]').value } catch { return 'out of reach' } }"
    )
    assert site.evaluate(reach) == "out of reach"
    assert site.evaluate("() => fetch('/').then(() => 'read', () => 'refused')") == "refused"


@pytest.mark.parametrize("width", [390, 768, 1024, 1280, 1920])
def test_nothing_is_too_wide(seen, width):
    """From a phone to a large screen the page never scrolls sideways."""
    page, _complaints = seen
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size({"width": 1280, "height": 4000})


def test_the_keyboard_reaches_everything(page):
    """First the skip link; before each frame a link that leads past it; the approve button has a name and can be pressed."""
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.className") == "skip"
    page.locator(".skip--frame").first.focus()
    assert page.locator(".skip--frame").first.bounding_box()["y"] > 0
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "after-website"
    show(page, "카카오톡 메시지")
    page.get_by_role("button", name="카카오톡 메시지: 이대로 승인").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_role("status").get_by_text("승인했습니다.").wait_for()  # said a moment after the page is there


def test_pressing_the_button_approves(page, server):
    """A real browser's form carries what the server asks for: host, origin, token, hash."""
    show(page, "카카오톡 메시지")
    with page.expect_navigation():
        page.get_by_role("button", name="카카오톡 메시지: 이대로 승인").click()
    with server.house.store(read_only=True) as store:
        assert store.deliveries.get([KAKAO])[0].state is p.DeliveryState.PENDING


def test_plain_texts_open_on_demand(page):
    """The mail's plain part and the text for pasting are a click away, in frames of their own."""
    for channel, words, says in (
        ("카카오톡 메시지", "붙여 넣을 글", "■ 곧 마감"),
        ("전자우편 소식지", "글자만 나오는 메일", "가온 배움소식 11월 23일"),
    ):
        show(page, channel)
        details = page.locator("details", has_text=words)
        details.locator("summary").click()
        details.locator("iframe").scroll_into_view_if_needed()
        assert says in details.frame_locator("iframe").locator("body").inner_text()


def test_headings_and_frames_have_names(seen):
    """A screen reader finds one first heading, ordered headings, and a name on every frame and control."""
    page, _complaints = seen
    assert page.locator("h1").count() == 1
    levels = page.locator("h1, h2, h3").evaluate_all("all => all.map(h => Number(h.tagName[1]))")
    assert all(after - before <= 1 for before, after in pairwise(levels))
    titles = page.locator("iframe").evaluate_all("all => all.map(f => f.title)")
    assert all(titles)
    assert len(set(titles)) == len(titles)
    assert page.get_by_label("소식", exact=True).count() == 1
