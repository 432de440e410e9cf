"""The stories of editors and staff through the command line, over real HTTP, SQL and files: CS5, CS7, CI5, MA3 (peers §5)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.factories import seoul
from tests.flow.project import CHANNELS, MONDAY, Project, Said, feed, item, rss
from tests.misbehave import Site, answer

EDITION = f"daily/{MONDAY}"
MORNING = seoul(11, 23, 7)
MAIL = {"id": "mail", "renderer": "newsletter", "transport": "files", "send": {"folder": "output/letters"}}
TITLES = ("가온 도서관 야간 개방", "나래 공원 숲 해설", "다솜 합창단 정기 연주회")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> dict[str, datetime]:
    """The wall clock of commands that take no ``--as-of``."""
    hands = {"now": MORNING}
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


def curate(town: Project, *words: str, code: int = 0) -> dict[str, Any]:
    said = town.moa_says("curate", *words, "--json")
    assert said.code == code, said.err
    return said.json


def deliveries(town: Project) -> dict[str, dict[str, Any]]:
    said = town.moa_says("why", TITLES[1], "--json")
    return {d["channel"]: d for d in json.loads(said.out)["deliveries"]}


def approve(town: Project, *words: str) -> Said:
    return town.moa_says("approve", EDITION, "--json", *words)


def shown(town: Project) -> str:
    """Everything any channel says, decoded."""
    kept = town.output / "editions"
    texts = [f.read_text("utf-8") for f in sorted(kept.rglob("*")) if f.suffix in (".html", ".txt", ".xml", ".json")]
    return "\n".join(texts)


def test_cs5_a_hidden_item_is_gone_everywhere_and_stays_gone(town: Project, site: Site) -> None:
    """CS5: one command; website, feeds, Kakao and mail are without it at once, and neither a re-fetch nor a new text
    brings it back; undoing does."""
    assert TITLES[0] in shown(town)
    told = curate(town, "hide", "야간 개방", "--by", "김담당")
    assert [c["kind"] for c in told["editions"][0]["changes"]] == ["removed"]
    assert TITLES[0] not in shown(town)
    changed = [item(t, link=f"https://a.example/{n}", body=f"{t} 고침") for n, t in enumerate(TITLES)]
    site.routes["/f"] = answer(rss(*changed))
    town.run(f"{MONDAY}T06:00")
    town.run("2026-11-24")
    assert TITLES[0] not in shown(town)
    curate(town, "undo")
    assert TITLES[0] in shown(town)


def test_cs7_a_decision_voids_the_approval_and_names_every_difference(town: Project) -> None:
    """CS7: what was approved and changed since waits again, says what changed item by item, and wants its new hash named."""
    assert approve(town).code == 0
    assert {d["state"] for d in deliveries(town).values()} == {"pending"}
    told = curate(town, "retitle", "숲 해설", "나래 공원 겨울 숲 해설", code=3)
    assert sorted(told["editions"][0]["voided"]) == [f"{EDITION}/kakao/all/0", f"{EDITION}/mail/all/0"]
    curate(town, "hide", "합창단")
    assert {(d["state"], d["reason"]) for d in deliveries(town).values()} == {("held", "approval-void")}
    refused = town.moa_says("approve", EDITION)
    assert refused.code == 3
    assert "제목 바뀜: 나래 공원 숲 해설 → 나래 공원 겨울 숲 해설" in refused.out
    assert "뺌: 다솜 합창단 정기 연주회" in refused.out
    assert {d["state"] for d in deliveries(town).values()} == {"held"}
    for sha256 in curate(town, "undo")["editions"][0]["renderings"].values():
        assert f"--sha256 {sha256[:16]}" in town.moa_says("approve", EDITION).err
        assert approve(town, "--sha256", sha256[:16]).code == 0
    assert {d["state"] for d in deliveries(town).values()} == {"pending"}


def test_cs7_an_item_that_changes_at_its_source_voids_the_approval(town: Project, site: Site) -> None:
    """CS7: the next run finds another text; the mail that tells it waits again, the Kakao bubble that does not may go."""
    approve(town)
    site.routes["/f"] = answer(
        rss(*(item(t, link=f"https://a.example/{n}", body=f"{t}: 시각이 바뀜") for n, t in enumerate(TITLES)))
    )
    night = town.run(f"{MONDAY}T06:00")
    assert [e["reason"] for e in night.json["editions"] if e["id"] == EDITION] == ["remade"]
    assert {c: d["state"] for c, d in deliveries(town).items()} == {"kakao": "sent", "mail": "held"}
    assert not (town.output / "letters").exists()
    assert "본문 바뀜: 나래 공원 숲 해설" in town.moa_says("approve", EDITION).out


def test_cs7_a_template_that_changes_voids_the_approval(town: Project) -> None:
    """CS7: no item differs, but the mail would look different: it waits, and the channel is named."""
    approve(town)
    moa = json.loads((town.folder / "config/moa.yaml").read_text("utf-8"))
    moa["institute"]["phone"] = "02-0000-1234"
    town.write("moa.yaml", moa)
    town.run(f"{MONDAY}T06:00")
    found = deliveries(town)
    assert (found["mail"]["state"], found["mail"]["reason"]) == ("held", "approval-void")
    assert "모양 바뀜: mail 채널" in town.moa_says("approve", EDITION).out


def test_what_left_stays_as_it_left(town: Project, clock: dict[str, datetime]) -> None:
    """P56: a decision after the sending makes no second one to people; a folder of today is written once more."""
    approve(town)
    town.moa_says("deliver")
    clock["now"] = seoul(11, 23, 9)
    told = curate(town, "hide", "합창단")
    assert told["editions"][0]["voided"] == []
    town.moa_says("approve", EDITION)
    town.moa_says("deliver")
    sent = [d for d in json.loads(town.moa_says("why", TITLES[1], "--json").out)["deliveries"] if d["state"] == "sent"]
    assert sorted(d["id"].rpartition("/")[2] for d in sent) == ["0", "0", "1", "1"]
    assert TITLES[2] not in (town.output / f"copykit/{EDITION}/kakao/post.txt").read_text("utf-8")


def test_ci5_pins_moves_splits_and_titles_are_no_news(town: Project) -> None:
    """CI5: what readers were told is not told again because an editor pinned, moved, renamed or unpinned it."""
    approve(town)
    town.moa_says("deliver")
    pin = curate(town, "pin", "합창단")["seq"]
    curate(town, "retitle", "야간 개방", "도서관이 밤에도 열립니다")
    curate(town, "move", "숲 해설", "--first")
    curate(town, "join", "야간 개방", "숲 해설")
    curate(town, "undo")
    curate(town, "undo", str(pin))
    tuesday = town.run("2026-11-24")
    assert [e["reason"] for e in tuesday.json["editions"] if e["id"] == "daily/2026-11-24"] == ["nothing-new"]


def test_ma3_why_shows_who_decided_what_and_when(town: Project) -> None:
    """MA3: every decision about an item with its number, its author and its instant, taken back or not."""
    curate(town, "note", "숲 해설", "따뜻하게 입고 오세요.", "--by", "김담당")
    curate(town, "pin", "숲 해설", "--by", "이담당")
    curate(town, "undo", "--by", "이담당")
    path = json.loads(town.moa_says("why", "숲 해설", "--json").out)
    assert [(d["seq"], d["by"], d["action"], d["undone"]) for d in path["decisions"]] == [
        (1, "김담당", "note", False),
        (2, "이담당", "pin", True),
    ]
    assert path["decisions"][0]["at"] == "2026-11-23T07:00:00+09:00"
    said = town.moa_says("why", "숲 해설").out
    assert "1번 한마디 붙임 — 따뜻하게 입고 오세요., 김담당 2026-11-23 07:00" in said
    assert "2번 맨 앞에 둠 (취소됨)" in said
    log = town.moa_says("curate", "log").out.splitlines()
    assert ["취소함" in log[0], "맨 앞에 둠 (취소됨)" in log[1], "한마디 붙임" in log[2]] == [True, True, True]


def test_a_rehearsal_leaves_nothing(town: Project) -> None:
    """``--dry-run`` says what would change and keeps neither decision nor bytes."""
    before = town.files()
    told = curate(town, "hide", "합창단", "--dry-run")
    assert (told["seq"], [c["title"] for c in told["editions"][0]["changes"]]) == (None, [TITLES[2]])
    assert town.files() == before
    assert town.moa_says("curate", "log", "--json").out == ""


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("hide", "없는 제목"), "맞는 글이 없습니다"),
        (("hide", " "), "여럿입니다"),
        (("retitle", "합창단", " \n"), "글을 적어 주세요"),
        (("note", "합창단", "가" * 201), "200자까지"),
        (("move", "합창단", "--to", "없는 묶음"), "묶음은 없습니다"),
        (("split", "합창단"), "묶여 있지 않습니다"),
        (("join", "합창단", "합창단"), "서로 다른 글"),
        (("undo", "7"), "취소할 결정이 없습니다"),
    ],
)
def test_a_decision_that_means_nothing_is_refused(town: Project, words: tuple[str, ...], why: str) -> None:
    """Exit 2 with a sentence; the log stays empty."""
    site_titles = shown(town)
    said = town.moa_says("curate", *words)
    assert (said.code, why in said.err) == (2, True), said.err
    assert town.moa_says("curate", "log", "--json").out == ""
    assert shown(town) == site_titles


def test_two_items_are_explained_to_an_editor(town: Project) -> None:
    """``why --with`` says in plain words why two items are two stories, and after a join why they are one."""
    apart = town.moa_says("why", TITLES[0], "--with", TITLES[1])
    assert apart.code == 0
    assert "서로 다른 이야기입니다." in apart.out
    assert not re.search(r"\b(?:board|sibling|place|alike)\b", apart.out)
    curate(town, "join", "야간 개방", "숲 해설")
    one = town.moa_says("why", TITLES[0], "--with", TITLES[1])
    assert "한 이야기입니다." in one.out
    assert "편집자가 묶었습니다" in one.out
    told = json.loads(town.moa_says("why", TITLES[0], "--with", TITLES[1], "--json").out)
    assert (told["one_story"], told["why"], told["difference"]) == (True, ["editor"], None)
    assert town.moa_says("why", TITLES[0], "--with", "없는 글").code == 2
