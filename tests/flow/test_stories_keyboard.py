"""The desk without a mouse: in a real browser every state passes the automated rules, every step is done by keys, the person's
place is kept, and what was done is said."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest

from pipeline.preview.server import Preview
from tests.flow import test_stories_draft as draft
from tests.flow.project import Project
from tests.flow.test_stories_draft import DRAFT, TITLES, edit

pytestmark = pytest.mark.slow
clock, site, town, server = draft.clock, draft.site, draft.town, draft.server  # their fixtures serve here, too
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
ACTIVE = "() => document.activeElement.getAttribute('aria-label') || document.activeElement.id"
NARROW = "() => document.documentElement.scrollWidth <= innerWidth"


@pytest.fixture(params=[(390, "light"), (1280, "dark")], ids=["phone", "desktop"])
def desk(request: pytest.FixtureRequest, server: Preview, browser: Any) -> Iterator[Any]:
    """The page, opened; nothing beyond this machine is asked."""
    width, scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.set_default_timeout(15_000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.route("**/*", lambda route: route.continue_() if "127.0.0.1" in route.request.url else route.abort())
    page.goto(server.url, wait_until="load")
    yield page
    context.close()
    assert faults == []


def is_well(page: Any) -> None:
    """Automated rules find nothing, and nothing is cut off at the side."""
    page.evaluate(AXE)
    found = "() => axe.run({ exclude: ['iframe'] }).then((r) => r.violations.map((v) => v.id))"
    assert page.evaluate(found) == []
    assert page.evaluate(NARROW)


def press(page: Any, name: str) -> None:
    """Press a button by Enter and wait for its answer."""
    page.get_by_role("button", name=name, exact=True).focus()
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")


def said(page: Any) -> str:
    """What the live region says, once it does."""
    page.wait_for_function("() => document.getElementById('said')?.textContent")
    return str(page.locator("#said").inner_text())


def test_channels_are_tabs(desk: Any) -> None:
    """Arrows, Home and End move between the channels; one is shown, phone and desktop, and it stays the one after a reload."""
    is_well(desk)
    names = [tab.inner_text().split("\n")[0].split(" 보")[0] for tab in desk.get_by_role("tab").all()]
    assert names == ["누리집", "카카오톡 메시지", "전자우편 소식지"]
    desk.get_by_role("tab").first.focus()
    for key, shown in (("ArrowRight", "kakao"), ("End", "mail"), ("ArrowRight", "website"), ("ArrowLeft", "mail")):
        desk.keyboard.press(key)
        assert desk.evaluate(ACTIVE) == f"tab-channel-{shown}"
        assert desk.locator(".channel:not([hidden])").evaluate_all("(all) => all.map((p) => p.id)") == [
            f"channel-{shown}"
        ]
    assert desk.locator("#channel-mail .device--phone iframe, #channel-mail .device--desktop iframe").count() == 2
    desk.reload(wait_until="load")
    assert desk.get_by_role("tab", selected=True).get_attribute("id") == "tab-channel-mail"
    is_well(desk)


def test_approving_changing_and_approving_again(desk: Any) -> None:
    """Approve, then change a title: each step is said, the place is kept, the difference is there, the new bytes can be approved."""
    desk.get_by_role("tab").nth(1).click()
    press(desk, "카카오톡 메시지: 이대로 승인")
    assert said(desk).startswith("승인했습니다.")
    desk.wait_for_function("() => document.activeElement.id === 'channel-kakao'")
    is_well(desk)
    desk.locator(f"summary:has-text('{TITLES[1]}')").focus()
    desk.keyboard.press("Enter")
    desk.keyboard.press("Tab")
    assert desk.evaluate("() => document.activeElement.labels[0].innerText") == "제목"
    is_well(desk)
    desk.keyboard.press("Control+A")
    desk.keyboard.type("자판으로 고친 제목")
    with desk.expect_navigation(wait_until="load"):
        desk.keyboard.press("Enter")
    assert "승인이 풀렸으니" in said(desk)
    desk.wait_for_function("() => document.activeElement.textContent === '제목 고치기'")
    assert (
        f"제목 바뀜: {TITLES[1]} → 자판으로 고친 제목" in desk.locator("section[aria-labelledby=voided]").inner_text()
    )
    is_well(desk)
    press(desk, "카카오톡 메시지: 이대로 승인")
    assert said(desk).startswith("승인했습니다.")


def test_the_place_is_kept(desk: Any) -> None:
    """Moved down: the same button of the same story; hidden: the story beside it; undone: the list of decisions."""
    order = desk.locator(".stories .title").all_inner_texts()
    press(desk, f"아래로: {order[0]}")
    desk.wait_for_function(f"() => document.activeElement.getAttribute('aria-label') === '아래로: {order[0]}'")
    press(desk, f"숨기기: {order[0]}")
    desk.wait_for_function("() => document.activeElement.matches('li[id^=story-]')")
    assert order[2] in desk.evaluate("() => document.activeElement.innerText")
    is_well(desk)
    desk.get_by_role("button", name=f"취소: 숨김 {order[0]}").focus()
    with desk.expect_navigation(wait_until="load"):
        desk.keyboard.press("Enter")
    desk.wait_for_function("() => document.activeElement.id === 'decided'")


def test_a_refusal_is_a_page_that_leads_back(desk: Any, town: Project) -> None:
    """An empty title, or a story that is gone meanwhile: a heading says what, and the link leads back to the edition."""
    desk.evaluate("() => document.querySelector('input[name=text]').removeAttribute('required')")
    desk.locator(f"summary:has-text('{TITLES[1]}')").focus()
    desk.keyboard.press("Enter")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Control+A")
    desk.keyboard.type("   ")
    with desk.expect_navigation(wait_until="load"):
        desk.keyboard.press("Enter")
    assert desk.get_by_role("heading", level=1).inner_text() == "바꾸지 않았습니다"
    is_well(desk)
    desk.get_by_role("link", name="돌아가기").focus()
    with desk.expect_navigation(wait_until="load"):
        desk.keyboard.press("Enter")
    assert "edition=daily" in desk.url
    assert desk.get_by_role("heading", name="이야기 다듬기").count() == 1


def test_the_page_follows_while_somebody_looks(desk: Any, town: Project) -> None:
    """A setting changes: the page becomes the draft by itself, with the focus where it was; while somebody types, it only says
    that something changed."""
    press(desk, f"맨 앞에: {TITLES[2]}")
    desk.wait_for_function(f"() => document.activeElement.getAttribute('aria-label') === '맨 앞에: {TITLES[2]}'")
    edit(town, "시험 학습관", "새 이름 학습관")
    desk.get_by_role("heading", name=DRAFT).wait_for()
    desk.wait_for_function(f"() => document.activeElement.getAttribute('aria-label') === '맨 앞에: {TITLES[2]}'")
    is_well(desk)
    desk.locator(f"summary:has-text('{TITLES[1]}')").focus()
    desk.keyboard.press("Enter")
    edit(town, "새 이름 학습관", "시험 학습관")
    desk.locator("#changed").wait_for()
    assert desk.get_by_role("heading", name=DRAFT).count() == 1
    is_well(desk)
