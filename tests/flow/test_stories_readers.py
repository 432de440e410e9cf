"""Stories of citizens, of staff who approve and of whoever runs the night, whole, through the command line: CS1, CS4, CS6, OP4,
CI1, CI2, CI4, CI5 (peers §5)."""

from __future__ import annotations

import email
import email.policy
import html
import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from pipeline.cli.main import main
from tests.factories import seoul
from tests.flow import test_courses, test_promises_sending
from tests.flow.project import CHANNELS, MONDAY, Project, board, feed, item, page, rss
from tests.flow.test_courses import MAIL
from tests.flow.test_promises_sending import MORNING, NIGHT, Sink, at, newsletter, stored
from tests.misbehave import Behaviour, Exchange, Site, answer
from tests.unit.sources.gseek_platform import Platform

EDITION = f"daily/{MONDAY}"
sink, platform = test_promises_sending.sink, test_courses.platform  # their fixtures serve here, too


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> dict[str, datetime]:
    hands = {"now": seoul(11, 23, 9)}
    monkeypatch.setattr("pipeline.cli.common.now", lambda: hands["now"])
    return hands


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as made:
        made.routes["/f"] = answer(rss(item("하나", body="첫 글"), item("둘", body="둘째 글")))
        yield made


def parts(raw: bytes) -> tuple[str, list[str]]:
    """Subject and both readings of a mail, without the one address each receiver has to himself."""
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    bodies = [mail.get_body((kind,)).get_content() for kind in ("plain", "html")]  # type: ignore[union-attr]
    own = r"\s*(%%MOA_UNSUBSCRIBE_URL%%|https://learn\.example\.go\.kr/u/[\w.-]+)(\"?)\s*"  # padded to one length
    return str(mail["Subject"]), [re.sub(own, r"{own}\2", body) for body in bodies]


def test_cs1_the_hash_that_was_shown_is_the_hash_that_leaves(
    tmp_path: Path, site: Site, sink: tuple[Sink, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """``moa preview newsletter --date D`` prints a hash; approved by it, both receivers get the stored bytes of that hash but
    for the address to unsubscribe at, which is each one's own."""
    monkeypatch.setenv("MOA_TOKEN_KEY", "token-key-9876")
    monkeypatch.setattr("pipeline.cli.common.now", lambda: NIGHT)
    town = Project(tmp_path, site.allowed, channels=[CHANNELS[0], newsletter(sink[1], approval="manual")])
    town.sources(feed("news", site.url("/f")))
    (town.folder / "people.csv").write_text("email\none@example.com\ntwo@example.com\n")
    at(town, NIGHT)
    shown = town.moa_says("preview", "newsletter", "--date", MONDAY, "--text")
    sha256 = re.search(r"\(newsletter\) ([0-9a-f]{64})", shown.out)
    assert sha256, shown.out
    assert "첫 글" in shown.out
    told = town.moa_says("preview", EDITION, "--text", "--json").json
    assert {c["id"]: c["sha256"] for c in told["channels"]}["newsletter"] == sha256[1]
    manifest = json.loads((town.output / f"editions/{EDITION}/newsletter/manifest.json").read_text("utf-8"))
    assert manifest["sha256"] == sha256[1]
    assert town.moa_says("approve", EDITION, "--sha256", sha256[1]).code == 0
    at(town, MORNING)
    kept = parts((town.output / f"editions/{EDITION}/newsletter/newsletter.eml").read_bytes())
    assert sorted(sink[0].who) == ["one@example.com", "two@example.com"]
    assert [parts(raw) for _who, raw in sink[0].mails] == [kept, kept]
    assert kept[1][0].count("{own}") == 1


@pytest.mark.parametrize(
    ("fresh", "says", "ends"),
    [("20h", "11월 24일(화) 08:00부터", "sent"), ("12h", "기한", "expired")],
)
def test_cs4_what_is_approved_at_night_waits_for_the_morning_or_is_dropped(
    tmp_path: Path, site: Site, clock: dict[str, datetime], fresh: str, says: str, ends: str
) -> None:
    """Kakao, made at 19:00 and approved at 20:55: it waits for 08:00, or is dropped where it would be too old by then; the
    preview says which before anybody decides."""
    kakao = {**CHANNELS[1], "window": "08:00-20:50", "approval": "manual", "fresh": fresh}
    town = Project(tmp_path, site.allowed, channels=[kakao])
    town.sources(feed("news", site.url("/f")))
    town.run(f"{MONDAY}T19:00")
    clock["now"] = seoul(11, 23, 20, 55)
    assert says in town.moa_says("preview", "--text").out
    town.moa_says("approve", EDITION)
    kit = town.output / f"copykit/{EDITION}/kakao"
    for hour, minute in ((20, 56), (23, 0)):
        clock["now"] = seoul(11, 23, hour, minute)
        town.moa_says("deliver")
        assert not kit.exists()
    clock["now"] = seoul(11, 24, 7, 59)
    town.moa_says("deliver")
    assert not kit.exists()
    clock["now"] = seoul(11, 24, 8, 0)
    town.moa_says("deliver")
    assert (kit.exists(), stored(town)["kakao"][0]) == (ends == "sent", ends)


def test_cs6_nothing_new_is_said_and_nothing_is_sent(
    tmp_path: Path, site: Site, sink: tuple[Sink, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second night has no news: the report says so in words, no mail leaves; with ``empty: note`` readers are told."""
    monkeypatch.setenv("MOA_TOKEN_KEY", "token-key-9876")
    town = Project(tmp_path, site.allowed, channels=[newsletter(sink[1], window="always")])
    town.sources(feed("news", site.url("/f")))
    (town.folder / "people.csv").write_text("email\none@example.com\n")
    at(town, NIGHT)
    assert len(sink[0].mails) == 1
    report = at(town, seoul(11, 24, 3))
    assert [(e.state, e.reason) for e in report.publish.editions] == [("skipped", "nothing-new")]
    assert "새 소식이 없어 건너뜀" in (town.output / "reports/latest.txt").read_text("utf-8")
    assert len(sink[0].mails) == 1
    town.moa(channels=[newsletter(sink[1], window="always", empty="note")])
    at(town, seoul(11, 25, 3))
    assert len(sink[0].mails) == 2


def test_op4_the_same_night_twice_mails_nobody_twice(
    tmp_path: Path, site: Site, sink: tuple[Sink, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The nightly command again, and the round of deliveries again: no second mail, every file the same to the byte."""
    monkeypatch.setenv("MOA_TOKEN_KEY", "token-key-9876")
    town = Project(tmp_path, site.allowed, channels=[*CHANNELS, newsletter(sink[1], window="always")])
    town.sources(feed("news", site.url("/f")))
    (town.folder / "people.csv").write_text("email\none@example.com\ntwo@example.com\n")
    at(town, NIGHT)
    before = town.files()
    for _again in range(2):
        at(town, NIGHT)
        at(town, NIGHT, rooms=("deliver",))
    assert sorted(sink[0].who) == ["one@example.com", "two@example.com"]
    assert town.files() == before


def test_ci1_a_course_is_called_for_until_its_minute(tmp_path: Path, platform: Platform) -> None:
    """Registration closes on the 26th at 18:00: under "곧 마감" from three days before, with day and minute, on every channel;
    on the list of deadlines until that minute and not after it, though nothing was collected since."""
    platform.pages["2"] = "<dt>신청기간</dt><dd>2026.11.20 09:00 ~ 2026.11.26 18:00</dd>"
    with Site(default=test_courses.behaving(platform)) as opened:
        town = Project(tmp_path, opened.allowed, channels=[*CHANNELS, MAIL])
        portal = {"id": "portal", "name": "배움포털", "kind": "gseek", "url": opened.url("/"), "backfill": "last 10"}
        town.sources({**portal, "recheck": 0})
        town.run("2026-11-22")
        assert "곧 마감" not in test_courses.told(town, "2026-11-22")
        town.run("2026-11-24")
    said = test_courses.read(town, "2026-11-24")
    for channel, text in said.items():
        part = text.partition("곧 마감")[2].partition("새 강좌")[0]
        assert "마을 배움터 사진" in part, channel
        assert "11월 26일(목) 18:00까지" in html.unescape(re.sub(r"<[^>]+>", "", part)), channel
    site_made = town.output / "editions/site/website"
    deadlines, front = site_made / "deadlines.html", site_made / "index.html"
    assert "마을 배움터 사진" in deadlines.read_text("utf-8")
    assert town.run("2026-11-26T17:59", command="publish").code == 0
    assert "마을 배움터 사진" in deadlines.read_text("utf-8")
    assert town.run("2026-11-27", command="publish").code == 0
    assert "마을 배움터 사진" not in deadlines.read_text("utf-8")
    assert "마을 배움터 사진" not in front.read_text("utf-8").partition("<main")[2].partition("새 강좌")[0]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The practice city after its night: real collectors over real HTTP."""
    folder = tmp_path_factory.mktemp("city") / "demo"
    with pytest.raises(SystemExit) as end:
        main(["demo", "--folder", str(folder), "--quiet"])
    assert end.value.code == 0
    return folder / "output"


def test_ci2_one_event_is_one_card_with_every_link(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same thing on several media is told once, and its page links each of them; the store says why they are one."""
    with pytest.raises(SystemExit):
        main(["stories", "--json", "--project", str(city.parent)])
    stories = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    with pytest.raises(SystemExit):
        main(["items", "--json", "--limit", "500", "--project", str(city.parent)])
    items = {i["id"]: i for i in map(json.loads, capsys.readouterr().out.splitlines())}
    joined = [s for s in stories if len(s["members"]) > 1]
    assert {items[m]["kind"] for s in joined for m in s["members"]} >= {"video", "post"}
    assert max(len({items[m]["source"] for m in s["members"]}) for s in joined) >= 3
    pages = {f: html.unescape(f.read_text("utf-8")) for f in (city / "website/s").rglob("*.html")}
    front = html.unescape((city / "website/index.html").read_text("utf-8"))
    for story in joined:
        links = [items[m]["url"] for m in story["members"]]
        assert [f for f, text in pages.items() if all(f'href="{link}"' in text for link in links)], links
        titles = {items[m]["title"] for m in story["members"]}
        assert sum(front.count(f">{title}</a></h3>") for title in titles) <= 1
        assert len(story["why"]) >= len(links) - 1


def test_ci4_every_item_shows_where_it_is_from(city: Path) -> None:
    """Every story's page names its source and links the original; every picture on every page has a text or is decoration
    beside one; every list names the source of what it lists."""
    stories = sorted((city / "website/s").rglob("*.html"))
    assert len(stories) > 40
    for file in stories:
        text = file.read_text("utf-8")
        assert re.search(r'<a[^>]+href="http://127\.0\.0\.1:\d+/[^"]*"', text) or "youtube.com/watch" in text, file
        assert "출처" in text or "원문" in text, file
    for file in (city / "website").rglob("*.html"):
        for image in re.findall(r"<img\b[^>]*>", file.read_text("utf-8")):
            assert re.search(r'\balt="', image), (file, image)
    front = (city / "website/index.html").read_text("utf-8")
    assert front.count('<p class="meta"><span>') == front.count('<li class="card">') > 10


def test_the_practice_city_shows_more_than_one_kind_of_bubble(city: Path) -> None:
    """What has pictures is told with them, what has deadlines without: each edition its own bubble."""
    found = {f.parts[-4]: json.loads(f.read_text("utf-8")) for f in (city / "editions").rglob("bubble.json")}
    assert found["daily"]["type"] == "TEXT"
    assert (found["videos"]["type"], len(found["videos"]["images"])) == ("CAROUSEL_FEED", 2)
    for image in found["videos"]["images"]:
        assert next((city / "editions/videos").rglob(image["file"])).stat().st_size == image["bytes"]


def test_ci5_a_notice_that_moves_is_told_once(tmp_path: Path, clock: dict[str, datetime]) -> None:
    """A notice is pinned, unpinned, pushed to the second page and pinned again over four nights: each channel tells it once."""
    pin = '<tr class="notice"><td class="num">공지</td><td class="title"><a href="view.do?no=7">{t}</a></td><td class="date">2026-11-22</td></tr>'
    title = "나래 공원 숲 해설 참가자 모집"
    rows = [(n, f"다른 알림 {n}", "2026-11-20") for n in (6, 5, 4)]
    plain, others = page([(7, title, "2026-11-22"), *rows]), page(rows)
    pinned = others.replace(b"<tbody>", f"<tbody>{pin.format(t=title)}".encode())
    second = page([(7, title, "2026-11-22")])
    with Site() as site:
        town = Project(tmp_path, site.allowed, channels=[*CHANNELS, MAIL])
        town.sources(board("b", site.url("/b"), pinned="tr.notice", paging={"param": "p"}))
        told = {}
        for day, first, more in ((23, plain, others), (24, pinned, others), (25, others, second), (26, pinned, second)):
            site.routes["/b"] = paged(first, more)
            night = town.run(f"2026-11-{day}")
            assert night.source("b")["verdict"] == "ok", night.out
            folder = town.output / f"editions/daily/2026-11-{day}"
            texts = {f.parent.name: f.read_bytes() for f in folder.rglob("*") if f.suffix in (".txt", ".eml")}
            told[day] = sorted(c for c, raw in texts.items() if title in said(raw))
    assert told == {23: ["kakao", "newsletter"], 24: [], 25: [], 26: []}
    assert town.editions(title) == [EDITION]


def paged(first: bytes, second: bytes) -> Behaviour:
    """A list of two pages."""

    def behave(exchange: Exchange) -> None:
        answer(second if "p=2" in exchange.request.path else first)(exchange)

    return behave


def said(raw: bytes) -> str:
    if not raw.startswith(b"From:") and b"MIME-Version" not in raw:
        return raw.decode()
    return parts(raw)[1][0]
