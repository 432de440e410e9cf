"""The desk's page over real HTTP and in a real browser: every decision by button and by keyboard, and none by looking."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from pipeline.preview.server import Preview
from pipeline.wiring import open_house
from tests.factories import seoul
from tests.flow.project import CHANNELS, MONDAY, Project, feed, item, rss
from tests.misbehave import Site, answer
from tests.unit.preview import stage

EDITION = f"daily/{MONDAY}"
TITLES = ("가온 도서관 야간 개방", "나래 공원 숲 해설", "다솜 합창단 정기 연주회")


@pytest.fixture
def town(tmp_path: Path) -> Project:
    """A night was run; Kakao waits for a person."""
    with Site() as site:
        site.routes["/f"] = answer(rss(*(item(t, link=f"https://a.example/{n}") for n, t in enumerate(TITLES))))
        made = Project(tmp_path, site.allowed, channels=[CHANNELS[0], {**CHANNELS[1], "approval": "manual"}])
        made.sources(feed("news", site.url("/f")))
        assert made.run(MONDAY).code == 3
    return made


@pytest.fixture
def server(town: Project) -> Iterator[Preview]:
    clock = seoul(11, 23, 7)
    house = open_house(Path("/"), str(town.folder), environment={"USER": "kim"}, clock=lambda: clock)
    with stage.serving(house) as running:
        yield running


def forms(page: str) -> list[dict[str, str]]:
    """The queue's forms: hidden fields, and the names of what is typed or chosen."""
    found = []
    for form in re.findall(r'<form method="post" action="/curate">(.*?)</form>', page, re.DOTALL):
        found.append(
            {k: html.unescape(v) for k, v in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form)}
        )
    return found


def press(server: Preview, form: dict[str, str], **more: Any) -> stage.Answer:
    body = "&".join(f"{stage.urlencode({k: v})}" for k, v in form.items()).encode()
    given = {"Content_Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{server.server_port}"}
    return stage.ask(server, "/curate", method="POST", body=body, **(given | more))


def order(server: Preview) -> list[str]:
    page = stage.ask(server).text
    return [html.unescape(t) for t in re.findall(r'<p class="title">(?:<span.*?</span> )?(.*?)</p>', page)]


def form_of(server: Preview, verb: str, title: str) -> dict[str, str]:
    page = stage.ask(server).text
    story = next(
        i
        for i, t in re.findall(
            r'<li id="story-(\w+)" tabindex="-1">\s*<p class="title">(?:<span.*?</span> )?(.*?)</p>', page
        )
        if t == title
    )
    return next(f for f in forms(page) if f["verb"] == verb and f.get("subject") == story)


def test_every_decision_has_a_button(server: Preview, town: Project) -> None:
    """Hide, pin, retitle, reorder, join, note, undo: each by one form, each on record with who, each in the stored bytes."""
    first, second, third = order(server)
    assert press(server, form_of(server, "move", third)).status == 303
    assert order(server) == [first, third, second]
    press(server, form_of(server, "pin", second))
    assert order(server) == [second, first, third]
    press(server, form_of(server, "retitle", first) | {"text": "새 제목"})
    press(server, form_of(server, "note", third) | {"text": "꼭 보세요"})
    assert (
        "꼭 보세요" in (town.output / f"editions/{EDITION}/kakao/post.txt").read_text("utf-8") + stage.ask(server).text
    )
    press(server, form_of(server, "hide", second))
    assert sorted(order(server)) == sorted(["새 제목", third])
    page = stage.ask(server).text
    assert f"<li>{second}</li>" in page.partition('id="left"')[2]
    newest = next(f for f in forms(page) if f["verb"] == "undo")
    press(server, newest)
    assert sorted(order(server)) == sorted(["새 제목", second, third])
    log = [json.loads(line) for line in town.moa_says("curate", "log", "--json").out.splitlines()]
    assert [(d["action"], d["by"]) for d in reversed(log)] == [
        (verb, "kim") for verb in ("move", "pin", "retitle", "note", "hide", "undo")
    ]


def test_joining_and_splitting_by_button(server: Preview) -> None:
    """Two stories become one card; each of its items can be taken out again."""
    first, second, third = order(server)
    other = form_of(server, "hide", second)["subject"]
    press(server, form_of(server, "join", first) | {"other": other})
    assert (len(order(server)), third in order(server)) == (2, True)
    part = next(f for f in forms(stage.ask(server).text) if f["verb"] == "split" and f["subject"] != "")
    press(server, part)
    assert len(order(server)) == 3


def test_nothing_is_decided_without_the_token(server: Preview, town: Project) -> None:
    """P61: no token, another's token, another origin, a GET, an unknown verb or story: refused, the log stays empty."""
    form = form_of(server, "hide", TITLES[0])
    assert press(server, form | {"token": "guess"}).status == 403
    assert press(server, form, Origin="https://evil.example").status == 403
    assert press(server, form, Host="evil.example").status == 421
    assert stage.ask(server, "/curate?" + stage.urlencode(form)).status == 404
    assert press(server, form | {"verb": "drop"}).status == 404
    assert press(server, form | {"subject": "s000000000000"}).status == 409
    assert press(server, form | {"verb": "retitle", "text": " "}).status == 409
    assert town.moa_says("curate", "log", "--json").out == ""


def test_a_decision_voids_what_was_approved_here(server: Preview) -> None:
    """CS7 on the page: approved, then changed: the approval is gone, what differs is listed, the new bytes can be approved."""
    approval = next(f for f in stage.forms(stage.ask(server).text) if f["act"] == "approve")
    assert stage.press(server, approval).status == 303
    answer_ = press(server, form_of(server, "retitle", TITLES[0]) | {"text": "새 제목"})
    assert "said=voided" in answer_.headers["Location"]
    page = stage.ask(server).text
    assert f"<li>제목 바뀜: {TITLES[0]} → 새 제목</li>" in page
    assert stage.press(server, approval).status == 409
    again = next(f for f in stage.forms(page) if f["act"] == "approve")
    assert again["sha256"] != approval["sha256"]
    assert stage.press(server, again).status == 303
    assert "승인한 뒤에 달라진 것" not in stage.ask(server).text


def test_the_stamp_follows_yaml_templates_and_decisions(server: Preview, town: Project) -> None:
    """Live: the page asks for one word that changes with whatever would change the page; a mistake in YAML is said, and
    the page goes on with what was right; nothing stored changes by looking."""
    stamps = [stage.ask(server, "/stamp").text]
    assert stage.ask(server, "/stamp").text == stamps[0]
    assert f'data-stamp="{stamps[0]}"' in stage.ask(server).text
    press(server, form_of(server, "hide", TITLES[0]))
    stamps.append(stage.ask(server, "/stamp").text)
    file = town.folder / "config/moa.yaml"
    right = file.read_text("utf-8")
    before = stage.checksums(town.output / "editions")
    file.write_text(right.replace('"digests"', '"digets"').replace("시험 학습관", "새 이름 학습관"), "utf-8")
    stamps.append(stage.ask(server, "/stamp").text)
    assert "새 이름 학습관" in stage.ask(server).text
    file.write_text("instiute: {}\n", "utf-8")
    stamps.append(stage.ask(server, "/stamp").text)
    page = stage.ask(server).text
    assert "설정에 잘못이 있어" in page
    assert "config/moa.yaml:1" in page
    assert len(set(stamps)) == 4
    assert stage.checksums(town.output / "editions") == before


@pytest.mark.slow
def test_a_walk_by_keyboard(server: Preview, browser: Any) -> None:
    """Every button has a name that tells its story; Enter presses it; a title is typed and sent; the result is announced;
    automated accessibility rules find nothing on the page itself (CI4)."""
    first, second, third = order(server)
    context = browser.new_context(viewport={"width": 390, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.route("**/*", lambda route: route.continue_() if "127.0.0.1" in route.request.url else route.abort())
    page.goto(server.url, wait_until="domcontentloaded")
    page.get_by_role("button", name=f"위로: {third}").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_role("status").get_by_text("결정을 남기고").wait_for()  # said a moment after the page is there
    page.locator(f"summary:has-text('{first}')").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.labels[0].innerText") == "제목"
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.press("Control+A")
    page.keyboard.type("자판으로 고친 제목")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("() => axe.run({ exclude: ['iframe'] }).then((r) => r.violations.map((v) => v.id))")
    assert found == []
    context.close()

    assert order(server) == ["자판으로 고친 제목", third, second]
