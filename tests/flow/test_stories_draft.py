"""The draft: what a changed file or item would make of what waits is seen at once, stored by a person, and nothing approved
leaves as something else (CS2, CS7; ADR-0050)."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

import renderers
from pipeline.preview.server import Preview
from pipeline.wiring import open_house
from tests.factories import seoul
from tests.flow.project import CHANNELS, MONDAY, Project, feed, item, rss
from tests.flow.test_stories_queue import forms, press
from tests.misbehave import Site, answer
from tests.unit.preview import stage

EDITION = f"daily/{MONDAY}"
TITLES = ("가온 도서관 야간 개방", "나래 공원 숲 해설", "다솜 합창단 정기 연주회")
MAIL = {"id": "mail", "renderer": "newsletter", "transport": "files", "send": {"folder": "output/letters"}}
DRAFT = "아직 저장하지 않은 초안입니다"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> dict[str, datetime]:
    hands = {"now": seoul(11, 23, 9)}
    monkeypatch.setattr("pipeline.cli.common.now", lambda: hands["now"])
    return hands


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as made:
        made.routes["/f"] = answer(rss(*(item(t, link=f"https://a.example/{n}", body=t) for n, t in enumerate(TITLES))))
        yield made


@pytest.fixture
def town(tmp_path: Path, site: Site, clock: dict[str, datetime]) -> Project:
    """A night was run; Kakao and the mail wait for a person."""
    kakao = {**CHANNELS[1], "approval": "manual"}
    made = Project(tmp_path, site.allowed, channels=[CHANNELS[0], kakao, {**MAIL, "approval": "manual"}])
    made.sources(feed("news", site.url("/f")))
    assert made.run(MONDAY).code == 3
    return made


@pytest.fixture
def server(town: Project, clock: dict[str, datetime]) -> Iterator[Preview]:
    house = open_house(Path("/"), str(town.folder), environment={"USER": "kim"}, clock=lambda: clock["now"])
    with stage.serving(house) as running:
        yield running


def page_of(server: Preview) -> str:
    return html.unescape(stage.ask(server).text)


def kept(town: Project) -> tuple[dict[str, str], str]:
    """What looking may not change: every file made, and what waits."""
    return town.files("editions", "website", "copykit"), town.moa_says("status", "--json").out


def framed(server: Preview, end: str) -> str:
    return stage.ask(server, next(s for s in stage.frames(stage.ask(server).text) if s.endswith(end))).text


def approvals(server: Preview) -> list[dict[str, str]]:
    return [f for f in stage.forms(stage.ask(server).text) if f["act"] == "approve"]


def edit(town: Project, old: str, new: str) -> None:
    file = town.folder / "config/moa.yaml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def states(town: Project) -> dict[str, tuple[str, str]]:
    said = town.moa_says("why", TITLES[1], "--json").json
    return {d["channel"]: (d["state"], d["reason"] or "") for d in said["deliveries"] if d["channel"] != "website"}


def test_a_changed_setting_is_seen_at_once_and_stored_by_a_person(server: Preview, town: Project) -> None:
    """YAML changes: the next look shows every channel as it would be, what that does to the approval, and offers nothing to
    approve; looking stores nothing. Stored, the bytes are the ones that were shown, and they wait for a new yes."""
    for form in approvals(server):
        assert stage.press(server, form).status == 303
    assert DRAFT not in page_of(server)
    before = kept(town)
    edit(town, "시험 학습관", "새 이름 학습관")
    page = page_of(server)
    assert DRAFT in page
    assert "다시 승인해야 합니다: 카카오톡 메시지, 전자우편 소식지" in page
    assert page.count("다음 실행 때 보내지 않고 다시 승인을 기다립니다.") == 2
    assert approvals(server) == []
    shown = {end: framed(server, end) for end in ("index.html", "bubble.html", "post.txt", "text/newsletter.eml")}
    assert all("새 이름 학습관" in text for text in shown.values())
    assert kept(town) == before
    remake = next(f for f in forms(stage.ask(server).text) if f["verb"] == "remake")
    assert "said=voided" in press(server, remake).headers["Location"]
    assert DRAFT not in page_of(server)
    assert {end: framed(server, end) for end in shown} == shown
    assert set(states(town).values()) == {("held", "approval-void")}
    for form in approvals(server):
        assert stage.press(server, form).status == 303
    assert set(states(town).values()) == {("pending", "")}


def test_taking_the_change_back_takes_the_draft_back(server: Preview, town: Project) -> None:
    """Nothing was stored, so nothing is left: what was approved stays approved."""
    for form in approvals(server):
        stage.press(server, form)
    edit(town, "시험 학습관", "새 이름 학습관")
    assert DRAFT in page_of(server)
    edit(town, "새 이름 학습관", "시험 학습관")
    assert DRAFT not in page_of(server)
    assert set(states(town).values()) == {("pending", "")}


def test_a_template_is_seen_while_it_is_written(server: Preview, town: Project) -> None:
    """A template of one's own wins in the draft, page by page; one that is broken is named, and the other channels go on."""
    own = town.folder / "config/templates/kakao/bubble.html.j2"
    own.parent.mkdir(parents=True)
    own.write_text("<!doctype html><p>새 서식 {{ name }}</p>", "utf-8")
    assert framed(server, "bubble.html") == "<!doctype html><p>새 서식 시험 학습관</p>"
    before = kept(town)
    own.write_text("{{ nobody }}", "utf-8")
    page = page_of(server)
    assert "nobody" in page
    assert "index.html" in str(stage.frames(page))
    assert kept(town) == before
    own.unlink()
    assert DRAFT not in page_of(server)


def test_an_item_that_was_collected_alone_is_in_the_draft(server: Preview, town: Project, site: Site) -> None:
    """``moa collect`` found another title: the draft names the story and says what differs."""
    site.routes["/f"] = answer(rss(item("가온 도서관 주간 개방", TITLES[0], link="https://a.example/0")))
    assert town.run(f"{MONDAY}T06:00", command="collect").code == 0
    page = page_of(server)
    assert "제목 바뀜: 가온 도서관 야간 개방 → 가온 도서관 주간 개방" in page
    assert re.search(r'<p class="title">가온 도서관 주간 개방</p>', page)


@pytest.mark.parametrize("what", ["item", "yaml", "template"])
def test_cs7_what_was_approved_never_leaves_as_something_else(
    town: Project, site: Site, clock: dict[str, datetime], what: str
) -> None:
    """CS7: between the yes and the sending an item, the settings or a template changed, and only ``moa deliver`` runs: what
    differs is held with its reason, nothing of it leaves, somebody must act, and the difference is told."""
    assert town.moa_says("approve", EDITION).code == 0
    if what == "item":
        changed = (item(t, link=f"https://a.example/{n}", body=f"{t}: 시각이 바뀜") for n, t in enumerate(TITLES))
        site.routes["/f"] = answer(rss(*changed))
        assert town.run(f"{MONDAY}T06:00", command="collect").code == 0
    elif what == "yaml":
        edit(town, "시험 학습관", "새 이름 학습관")
    else:
        own = town.folder / "config/templates/newsletter/mail.txt.j2"
        own.parent.mkdir(parents=True)
        built_in = Path(renderers.__file__).parent / "templates/newsletter/mail.txt.j2"
        own.write_text("새 서식입니다.\n" + built_in.read_text("utf-8"), "utf-8")
    clock["now"] = seoul(11, 23, 10)
    said = town.moa_says("deliver", "--json")
    assert (said.code, states(town)["mail"]) == (3, ("held", "approval-void"))
    assert not (town.output / "letters").exists()
    assert states(town)["kakao"][0] == ("held" if what == "yaml" else "sent")
    assert town.moa_says("approve", EDITION).code == 3


def test_what_was_approved_leaves_when_a_change_makes_no_difference(town: Project, clock: dict[str, datetime]) -> None:
    """A source is added, a comment written: the same bytes, so the yes still holds."""
    assert town.moa_says("approve", EDITION).code == 0
    file = town.folder / "config/sources/all.yaml"
    file.write_text(file.read_text("utf-8").replace("news 소식", "news 소식 새 이름"), "utf-8")
    (town.folder / "config/templates").mkdir()
    (town.folder / "config/templates/README.md").write_text("x", "utf-8")
    clock["now"] = seoul(11, 23, 10)
    assert town.moa_says("deliver").code in (0, 3)
    assert states(town)["kakao"] == ("sent", "")
