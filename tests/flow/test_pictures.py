"""Pictures of new entries: asked for once, through the one door, kept as our own; whatever they are, the night goes on."""

from __future__ import annotations

import email
import email.policy
import io
import json
import os
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

import pipeline.model as p
from tests import misbehave as m
from tests.flow.project import CHANNELS, Project, Said, feed, item, rss
from tests.pictures import bomb, picture

NEXT = "2026-11-24"
LATER = ("2026-11-25", "2026-11-26", "2026-11-27")


def illustrated(title: str, url: str, link: str = "", alt: str = "") -> str:
    said = f' alt="{alt}"' if alt else ""
    return item(title, link=link or f"https://www.example.go.kr/{title}", body=f'<p>글</p><img src="{url}"{said}>')


def image(body: bytes, media_type: str = "image/png") -> m.Behaviour:
    return m.answer(body, headers=[("Content-Type", media_type)])


@pytest.fixture
def site() -> Iterator[m.Site]:
    with m.Site() as site:
        yield site


def town(folder: Path, site: m.Site, *items: str, **top: object) -> Project:
    site.routes["/rss"] = m.answer(rss(*items))
    made = Project(folder, site.allowed, fetch={"images": "true"})
    made.sources(feed("news", site.url("/rss")), **top)
    return made


def asked(site: m.Site) -> list[str]:
    return [path for path in site.paths if path not in ("/rss", "/robots.txt")]


def why(project: Project, title: str) -> dict[str, object]:
    return project.moa_says("why", title, "--json").json["picture"]


def line(night: Said) -> dict[str, object]:
    return night.source("news")


def test_a_picture_is_asked_for_once_and_kept(tmp_path: Path, site: m.Site) -> None:
    """First night: one request and files of our own; later nights: none, and nothing is written anew."""
    site.routes["/a.png"] = image(picture(1600, 1000))
    project = town(tmp_path, site, illustrated("하나", site.url("/a.png"), alt="정원"))
    assert line(project.run())["pictures"] == 1
    files = project.files("media")
    found = why(project, "하나")
    assert {f"{one['path']}" for one in found["files"]} == set(files)
    assert {one["use"] for one in found["files"]} == {"w320", "w640", "w1280", "og", "wide", "square"}
    assert (found["alt"], found["problem"]) == ("정원", None)
    site.seen.clear()
    for night in (NEXT, *LATER):
        project.run(night)
    assert asked(site) == []
    assert project.files("media") == files


def test_a_project_that_does_not_want_pictures_asks_for_none(tmp_path: Path, site: m.Site) -> None:
    """By default, and for a source that says so (P9)."""
    site.routes |= {"/a.png": image(picture()), "/rss": m.answer(rss(illustrated("하나", site.url("/a.png"))))}
    project = Project(tmp_path, site.allowed)
    project.sources(feed("news", site.url("/rss")))
    project.run()
    project.moa(fetch={"images": "true"})
    project.sources(feed("other", site.url("/rss"), images="false"))
    project.run(NEXT)
    assert asked(site) == []
    assert not (project.output / "media").exists()


def test_a_host_that_wants_to_be_referred_to_is_told_the_page(tmp_path: Path, site: m.Site) -> None:
    """Blogs' hosts refuse pictures without their own page as Referer (korea.md rule 17)."""
    page = "https://blog.example.com/neulbom/1"

    def only_for_readers(exchange: m.Exchange) -> None:
        allowed = exchange.request.headers.get("referer") == page
        (image(picture()) if allowed else m.answer(b"", status="403 Forbidden"))(exchange)

    site.routes["/a.png"] = only_for_readers
    project = town(tmp_path, site, illustrated("하나", site.url("/a.png"), link=page))
    assert line(project.run())["pictures"] == 1


def test_one_picture_of_two_entries_is_one(tmp_path: Path, site: m.Site) -> None:
    """The same address is asked for once; the same bytes under another address are kept once."""
    site.routes |= {"/a.png": image(picture()), "/copy.png": image(picture())}
    items = (illustrated("하나", site.url("/a.png")), illustrated("둘", site.url("/a.png")))
    project = town(tmp_path, site, *items, illustrated("셋", site.url("/copy.png")))
    project.run()
    assert sorted(asked(site)) == ["/a.png", "/copy.png"]
    assert why(project, "하나")["files"] == why(project, "셋")["files"]
    assert len(project.files("media")) == len(why(project, "하나")["files"])


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (bomb(30_000, 30_000), "too-large"),
        (picture(form="JPEG")[:900], "broken"),
        (b"<html>login</html>", "not-an-image"),
        (picture(1, 1, "GIF"), "too-small"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "svg"),
    ],
)
def test_a_hostile_picture_costs_nothing_but_itself(tmp_path: Path, site: m.Site, body: bytes, reason: str) -> None:
    """Its entry is told without it, the other picture is kept, nobody must act, and it is not asked for again."""
    site.routes |= {"/bad.jpg": image(body, "image/jpeg"), "/good.png": image(picture())}
    entries = (illustrated("나쁜", site.url("/bad.jpg")), illustrated("좋은", site.url("/good.png")))
    project = town(tmp_path, site, *entries)
    night = project.run()
    assert night.code == 0
    assert line(night)["pictures"] == 1
    assert [w for w in line(night)["warnings"] if w["code"] == "pictures"] == [
        {"code": "pictures", "message": f"{reason} 1"}
    ]
    assert why(project, "나쁜")["problem"] == reason
    assert project.editions("나쁜") == project.editions("좋은") != []
    site.seen.clear()
    project.run(NEXT)
    assert asked(site) == []


def test_what_may_come_later_is_asked_for_again_on_few_nights(tmp_path: Path, site: m.Site) -> None:
    """A server error is tried on three nights in all; a picture that comes then is shown."""
    site.routes["/a.png"] = m.answer(b"", status="500 Oops")
    site.routes["/b.png"] = m.in_turn(*[m.answer(b"", status="500 Oops")] * 3, image(picture()))
    project = town(tmp_path, site, illustrated("하나", site.url("/a.png")), illustrated("둘", site.url("/b.png")))
    nights = [project.run(night) for night in ("2026-11-23", NEXT, *LATER)]
    assert [line(night)["pictures"] for night in nights] == [0, 1, 0, 0, 0]
    assert why(project, "하나")["tries"] == 3
    assert why(project, "둘")["problem"] is None


def test_a_gone_picture_is_not_asked_for_again(tmp_path: Path, site: m.Site) -> None:
    """404 is an answer."""
    project = town(tmp_path, site, illustrated("하나", site.url("/none.png")))
    for night in ("2026-11-23", NEXT):
        project.run(night)
    assert asked(site) == ["/none.png"]
    assert why(project, "하나")["problem"] == "gone"


def test_pictures_go_through_the_one_door(tmp_path: Path, site: m.Site) -> None:
    """A private address, a redirect to one and what robots.txt forbids are never fetched (P8, P14)."""
    with m.Site({"/in.png": image(picture())}) as inner:
        site.routes |= {
            "/robots.txt": m.answer(b"User-agent: *\nDisallow: /private/\n"),
            "/private/a.png": image(picture()),
            "/jump.png": m.answer(b"", status="302 Found", headers=[("Location", inner.url("/in.png"))]),
        }
        urls = (inner.url("/in.png"), site.url("/jump.png"), site.url("/private/a.png"))
        names = ("안쪽", "넘기기", "금지")
        project = town(tmp_path, site, *(illustrated(n, u) for n, u in zip(names, urls, strict=True)))
        night = project.run()
        assert inner.connections == 0
    assert night.code == 0
    assert asked(site) == ["/jump.png"]
    assert [why(project, name)["problem"] for name in names] == ["address", "address", "robots"]


def test_a_source_of_works_that_may_not_be_changed_has_whole_pictures(tmp_path: Path, site: m.Site) -> None:
    """KOGL 4: both edges of the picture are in every frame (korea.md §6)."""
    site.routes["/wide.png"] = image(picture(1500, 700))
    project = town(tmp_path, site, illustrated("하나", site.url("/wide.png")), licence="kogl-4")
    project.run()
    found = why(project, "하나")
    assert found["is_whole"] is True
    square = next(one for one in found["files"] if one["use"] == "square")
    with Image.open(io.BytesIO((project.output / square["path"]).read_bytes())) as drawn:
        assert drawn.size == (600, 600)
        red, green, blue = drawn.convert("RGB").getpixel((5, 300))
        assert red > 150 > blue
        red, green, blue = drawn.convert("RGB").getpixel((594, 300))
        assert blue > 150 > red
        assert min(drawn.convert("RGB").getpixel((300, 5))) > 220


def test_a_dry_run_asks_for_no_picture(tmp_path: Path, site: m.Site) -> None:
    """It keeps nothing, so it fetches nothing to keep."""
    site.routes["/a.png"] = image(picture())
    project = town(tmp_path, site, illustrated("하나", site.url("/a.png")))
    project.run("2026-11-23", "--dry-run")
    assert asked(site) == []


def test_every_channel_shows_our_own_copies(tmp_path: Path, site: m.Site) -> None:
    """Website, bubble and newsletter hold the files they name; no page names the source's; the folder people read has them."""
    names = ("하나", "둘", "셋", "넷")
    site.routes |= {f"/{n}.png": image(picture(1300, 700 + 60 * n)) for n in range(4)}
    project = town(tmp_path, site, *(illustrated(name, site.url(f"/{n}.png")) for n, name in enumerate(names)))
    project.moa(
        fetch={"images": "true"},
        channels=[*CHANNELS, {"id": "letter", "renderer": "newsletter"}],
    )
    assert project.run().code == 0
    www = project.output / "website"
    pages = "".join(page.read_text("utf-8") for page in www.rglob("*.html"))
    assert site.allowed not in "".join(re.findall(r"<img[^>]*>", pages))
    named = set(re.findall(r"media/[0-9a-f]{2}/[0-9a-f]{32}[.](?:webp|jpg)", pages))
    assert sum(one.endswith("webp") for one in named) == 4 * 3
    assert all((www / one).samefile(project.output / one) for one in named)
    bubble = project.output / "editions/daily/2026-11-23/kakao"
    document = json.loads((bubble / "bubble.json").read_bytes())
    assert document["type"] == "WIDE_ITEM_LIST"
    ratios = [Image.open(io.BytesIO((bubble / shown["file"]).read_bytes())).size for shown in document["images"]]
    assert ratios == [(800, 400), (600, 600), (600, 600), (600, 600)]
    mail = email.message_from_bytes(
        (project.output / "editions/daily/2026-11-23/letter/newsletter.eml").read_bytes(), policy=email.policy.default
    )
    html = mail.get_body(("html",)).get_content()
    shown = re.findall(r'src="https://learn.example.go.kr/([^"]+)"', html)
    assert len(shown) == 4
    assert all((www / one).is_file() for one in shown)


def test_emptying_the_folder_of_pictures_costs_pictures_only(tmp_path: Path, site: m.Site) -> None:
    """Somebody tidied up: the night publishes without them, and nobody must act."""
    site.routes |= {"/a.png": image(picture())}
    project = town(tmp_path, site, illustrated("하나", site.url("/a.png")))
    project.run()
    shutil.rmtree(project.output / "media")
    site.routes["/rss"] = m.answer(rss(illustrated("하나", site.url("/a.png")), item("새 소식")))
    night = project.run(NEXT)
    assert night.code == 0
    assert "<img" not in "".join(page.read_text("utf-8") for page in (project.output / "website/s").rglob("*.html"))


def test_more_pictures_than_a_night_takes_follow_the_next_nights(
    tmp_path: Path, site: m.Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is wanted is written down before it is asked for: nothing is lost, nothing is asked for twice."""
    monkeypatch.setattr(p.limits, "IMAGES_PER_NIGHT", 2)
    site.routes |= {f"/{n}.png": image(picture(300 + 90 * n, 400)) for n in range(5)}
    project = town(tmp_path, site, *(illustrated(f"글{n}", site.url(f"/{n}.png")) for n in range(5)))
    nights = [project.run(night) for night in ("2026-11-23", NEXT, *LATER)]
    assert [line(night)["pictures"] for night in nights] == [2, 2, 1, 0, 0]
    assert sorted(asked(site)) == [f"/{n}.png" for n in range(5)]
    assert all(why(project, f"글{n}")["problem"] is None for n in range(5))


def test_a_person_may_ask_again_and_tidy_up(tmp_path: Path, site: m.Site) -> None:
    """``moa db media``: refused or deleted pictures are fetched anew; files nothing has used for long go, others stay."""
    site.routes |= {"/a.png": m.answer(b"", status="404 Not Found"), "/b.png": image(picture())}
    project = town(tmp_path, site, illustrated("하나", site.url("/a.png")), illustrated("둘", site.url("/b.png")))
    project.run()
    kept, now = project.files("media"), datetime.now(UTC)
    stray = project.output / "media/00/00stray.jpg"
    for file, days in ((stray, 40), (stray.with_name("00young.jpg"), 1)):
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"old")
        stamp = now - timedelta(days=days)
        os.utime(file, (stamp.timestamp(),) * 2)
    said = project.moa_says("db", "media", "--forget", "--again", "--json")
    assert {key: said.json[key] for key in ("forgotten", "again", "pictures")} == {
        "forgotten": 1,
        "again": 1,
        "pictures": 1,
    }
    assert kept.keys() < project.files("media").keys()
    assert not stray.exists()
    site.routes["/a.png"] = image(picture(500, 500))
    site.seen.clear()
    project.run(f"{now + timedelta(days=2):%Y-%m-%d}")
    assert asked(site) == ["/a.png"]
    assert why(project, "하나")["problem"] is None
