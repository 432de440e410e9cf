"""The website citizens see: complete, reachable, safe, stable."""

from __future__ import annotations

import json
import posixpath
import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lxml import etree

import pipeline.model as p
from pipeline import output
from renderers import _links, website
from renderers._archive import cut
from renderers._calendar import fold
from tests.renderers.digest import (
    AS_OF,
    COFFEE,
    HANOK,
    HOSTILE,
    INSTITUTE,
    LIBRARY,
    NOTICE,
    SMARTPHONE,
    digest,
    entry,
    hostile,
    image,
    seoul,
    story,
)

GOLDEN = (
    "index.html",
    "deadlines.html",
    "archive.html",
    "sources.html",
    "calendar.html",
    "calendar/2026-12.html",
    "find.html",
    "embed.html",
    "latest.json",
    "404.html",
    "e/daily/2026-11-23.html",
    "source/maru.html",
    _links.story_path(SMARTPHONE.id),
    _links.story_path(NOTICE.id),
    _links.ics_path(SMARTPHONE.id),
    "atom.xml",
    "rss.xml",
    "feed.json",
    "calendar.ics",
    "sitemap.xml",
    "robots.txt",
)


def render(made: p.Digest, **options: object) -> dict[str, p.Artifact]:
    return {a.path: a for a in website.render(website.Options(**options), made) if isinstance(a, p.Artifact)}


def text(files: dict[str, p.Artifact], path: str) -> str:
    return files[path].body.decode()


class Page(HTMLParser):
    """What a page holds: tags with attributes, ids, headings."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def site() -> dict[str, p.Artifact]:
    return render(digest())


@pytest.fixture(scope="module")
def pages(site: dict[str, p.Artifact]) -> dict[str, Page]:
    return {path: Page(a.body.decode()) for path, a in site.items() if a.media_type == "text/html"}


@pytest.mark.parametrize("path", GOLDEN)
def test_golden(path, site, golden):
    """Every kind of page and file is exactly what was last looked at."""
    golden(f"website/{path}", site[path].body)


def test_same_digest_same_bytes_whatever_the_order(site):
    """The rendering depends on the digest alone, not on the order its library comes in (P68)."""
    assert render(digest(library=tuple(reversed(LIBRARY)))) == site


def test_every_relative_link_leads_to_a_file_of_the_site(site, pages):
    """No page links to a page that is not there, and no link depends on where the site is mounted.

    Only the page for what is not found begins at the top of the server: it is sent in place of pages of any depth.
    """
    for path, page in pages.items():
        links = [a.get("href") for tag in ("a", "link") for a in page.all(tag)] + [
            a.get("src") for a in page.all("script")
        ]
        for link in links:
            parts = urlsplit(link or "")
            if parts.scheme in ("http", "https", "mailto") or not parts.path:
                continue
            if path == "404.html":
                assert link.startswith("/"), link
                parts = parts._replace(path=parts.path[1:])
            assert path == "404.html" or not link.startswith("/"), (path, link)
            assert posixpath.normpath(posixpath.join(posixpath.dirname(path), parts.path)) in site, (path, link)


def test_every_page_is_reachable_from_home(site, pages):
    """A reader finds each page by following links from the first one."""
    seen, ways = set(), ["index.html"]
    while ways:
        path = ways.pop()
        if path in seen or path not in pages:
            continue
        seen.add(path)
        for a in pages[path].all("a"):
            parts = urlsplit(a.get("href") or "")
            if parts.path and not parts.scheme:
                ways.append(posixpath.normpath(posixpath.join(posixpath.dirname(path), parts.path)))
    assert set(pages) - seen == {"404.html", "embed.html"}


def test_every_page_has_what_accessibility_asks(pages):
    """Language, one main heading, a skip link to the main landmark, alternative texts, unique ids (KWCAG 2.2)."""
    for path, page in pages.items():
        assert page.all("html")[0]["lang"] == "ko", path
        assert len(page.all("h1")) == 1, path
        assert len(page.all("main")) == 1, path
        assert path == "embed.html" or page.all("a")[0]["href"] == "#main", path
        assert all("alt" in shown for shown in page.all("img")), path
        ids = [a["id"] for _tag, a in page.tags if "id" in a]
        assert len(ids) == len(set(ids)), path
        levels = [int(tag[1]) for tag, _a in page.tags if re.fullmatch(r"h[1-6]", tag)]
        assert all(b - a <= 1 for a, b in pairwise(levels)), (path, levels)


def test_every_page_carries_a_strict_policy_and_nothing_inline(pages):
    """Scripts and styles come from the site's own files only (P33)."""
    for path, page in pages.items():
        policy = next(m["content"] for m in page.all("meta") if m.get("http-equiv") == "Content-Security-Policy")
        assert "default-src 'none'" in policy, path
        assert "unsafe" not in policy, path
        assert not page.all("style"), path
        assert all(a.get("src") or a.get("type") == "application/ld+json" for a in page.all("script")), path
        assert not any(name == "style" or name.startswith("on") for _tag, a in page.tags for name in a), path


def test_what_a_source_writes_stays_text():
    """Markup, template syntax, bidi marks and script addresses of a title never work anywhere (P33, P34, P39)."""
    files = render(hostile())
    page = text(files, _links.story_path(HOSTILE.id))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "{{ institute }}" in page
    assert "\u202e" not in page
    for artifact in files.values():
        assert b"\x00" not in artifact.body or artifact.media_type in ("font/woff2", "image/png")
        assert b"javascript:" not in artifact.body


def test_feeds_are_well_formed_whatever_the_titles_hold():
    """Atom, RSS and JSON parse and keep the title to the letter (P36)."""
    files = render(hostile())
    title = '<script>alert("x")</script> {{ institute }} #{이름} %%MOA_UNSUBSCRIBE_URL%% =?UTF-8?Q?=0A?=Bcc: abc ]]>'
    atom = etree.fromstring(files["atom.xml"].body)
    assert atom.findtext("{*}entry/{*}title") == title
    assert etree.fromstring(files["rss.xml"].body).findtext("channel/item/title") == title
    assert json.loads(files["feed.json"].body)["items"][0]["title"] == title


def test_feed_ids_do_not_follow_the_address():
    """When the site moves, no reader sees an old story as new."""
    moved = replace(INSTITUTE, site_url="https://news.gaon.example/new")
    before, after = (etree.fromstring(render(digest(institute=i))["atom.xml"].body) for i in (INSTITUTE, moved))
    ids = [e.text for e in before.iter("{*}id")]
    assert ids == [e.text for e in after.iter("{*}id")]
    assert ids[0] == "tag:learn.gaon.example,2026:feed:daily"
    assert len(set(ids)) == len(ids)
    assert before.findtext("{*}entry/{*}link") is not None
    assert before.find("{*}entry/{*}link").get("href").startswith("https://learn.gaon.example/s/")


def test_quiet_stories_are_not_announced_in_feeds():
    """What a first run merely stored does not reach feed readers."""
    quiet = replace(HANOK, primary=replace(HANOK.primary, is_quiet=True))
    feed = json.loads(render(digest(sections=(), library=(quiet, COFFEE)))["feed.json"].body)
    assert [item["title"] for item in feed["items"]] == [COFFEE.primary.title]


def test_without_an_address_nothing_is_absolute():
    """Before ``site_url`` is configured the site still opens from a folder; feeds lead to the originals."""
    files = render(digest(institute=p.Institute(name="가온시 평생학습원")))
    assert "sitemap.xml" not in files
    assert b"og:url" not in files["index.html"].body
    assert json.loads(files["feed.json"].body)["items"][0]["url"].startswith("https://")
    assert all(item["id"].startswith("urn:uuid:") for item in json.loads(files["feed.json"].body)["items"])


def test_calendar_follows_rfc_5545(site):
    """CRLF, at most 75 octets a line, unique stable UIDs, a stated time as an instant and a bare day as a day."""
    body = site["calendar.ics"].body
    assert body.count(b"\n") == body.count(b"\r\n")
    assert max(len(line) for line in body.split(b"\r\n")) <= 75
    whole = body.decode().replace("\r\n ", "")
    uids = re.findall(r"^UID:(.+)\r$", whole, re.MULTILINE)
    assert len(set(uids)) == len(uids) == 11
    event = next(e for e in whole.split("BEGIN:VEVENT") if f"UID:{SMARTPHONE.id}-closes@learn.gaon.example" in e)
    assert "DTSTART:20261125T090000Z" in event
    day = next(e for e in whole.split("BEGIN:VEVENT") if f"UID:{HANOK.id}-closes@" in e)
    assert "DTSTART;VALUE=DATE:20261124\r\nDTEND;VALUE=DATE:20261125" in day


def test_folding_never_cuts_a_character():
    """A folded line unfolds to itself."""
    line = "SUMMARY:" + "가🎉a" * 60
    assert fold(line).replace("\r\n ", "") == line
    assert all(len(piece.encode()) <= 75 for piece in fold(line).split("\r\n"))


def test_deadlines_come_first_and_only_while_open(site):
    """The first heading of home is what closes soonest, in order; what is cancelled or shut is not offered (CI1)."""
    home = text(site, "index.html")
    assert home.index("마감이 가까운 신청") < home.index("새 강좌")
    panel = home[home.index("leaves") : home.index("</ol>")]
    titles = ["퇴근 뒤 허리 튼튼 교실", "펜으로 그리는 우리 동네 한옥", "어르신 스마트폰 활용 교실", "바리스타 2급"]
    assert sorted(titles, key=panel.index) == titles
    later = render(digest(as_of=seoul(11, 25, 18)))
    assert "어르신 스마트폰" not in text(later, "deadlines.html")
    assert "도자기" not in text(site, "deadlines.html")


def test_deadlines_stand_in_the_page_without_a_script(site):
    """The absolute date is in the HTML; the badge's instant is exclusive, in Seoul."""
    page = text(site, _links.story_path(SMARTPHONE.id))
    assert "11월 25일(수) 18:00까지" in page
    assert 'data-until="2026-11-25T18:00:00+09:00"' in page
    assert 'data-until="2026-11-25T00:00:00+09:00"' in text(site, _links.story_path(HANOK.id))
    assert "11월 24일(화)까지" in text(site, _links.story_path(HANOK.id))


def test_story_page_tells_everything(site):
    """All members with their links, the original, the facts, the files, the correction with old and new (CI2-CI4)."""
    page = text(site, _links.story_path(SMARTPHONE.id))
    for member in SMARTPHONE.members:
        assert f'href="{member.url}"' in page
    for words in (
        "만 60세 이상 시민",
        "20명 (13명 신청)",
        "강의 계획서.pdf",
        "PDF, 1.2 MB",
        "17시에서 18시로",
        "공공누리 제1유형",
    ):
        assert words in page


def test_only_a_free_licence_shows_the_whole_body(site):
    """KOGL 0 and 1 show the body; everything else is quoted and linked (korea §6)."""
    assert "<table><tr><th>구분" in text(site, _links.story_path(NOTICE.id))
    body = "<p>전문입니다.</p>"
    closed = story("closed", replace(HANOK.primary, body_html=body, text="가나다 " * 1000))
    page = text(render(digest(sections=(), library=(closed,))), _links.story_path("closed"))
    assert body not in page
    assert len(page) < 12_000
    assert "제4유형" in page


def test_an_earlier_edition_leaves_out_what_was_withdrawn():
    """A hidden or withdrawn story disappears from earlier editions too, and no link to it is left (CS5)."""
    files = render(digest(sections=(), library=(SMARTPHONE,)))
    page = text(files, "e/daily/2026-11-22.html")
    assert "스마트폰" in page
    assert "한옥" not in page
    assert _links.story_path(HANOK.id) not in files


def test_a_new_story_touches_few_files():
    """With hundreds of stories, one more rewrites the first pages of its lists and no older page."""
    old = [
        story(
            f"old-{n}",
            entry(f"o{n}", "blog", p.Kind.POST, f"소식 {n}", topics=("축제",)),
            seen=AS_OF - timedelta(hours=n + 1),
        )
        for n in range(300)
    ]
    new = story("brand-new", entry("new", "blog", p.Kind.POST, "새 글", topics=("축제",)))
    before, after = (render(digest(sections=(), library=tuple(lib)), page_size=20) for lib in (old, [new, *old]))
    changed = {path for path in after if path not in before or after[path] != before[path]}
    assert len(after) > 320
    finding = {path for path in changed if path.startswith("find/")}  # made from nothing here: see test_find_index
    assert changed - finding <= {
        _links.story_path("brand-new"), "index.html", "archive.html", "sources.html", "source/blog.html",
        _links.topic_path("축제"), "archive/2026-11.html", "atom.xml", "rss.xml", "feed.json", "sitemap.xml",
        "find.html", "embed.html", "latest.json",
    }  # fmt: skip


@pytest.mark.parametrize("count", [0, 1, 19, 20, 39, 40, 41, 205])
def test_lists_are_cut_into_fixed_pages(count):
    """No story is lost or repeated, older pages are full, the first is never nearly empty."""
    stories = [story(f"s{n}", entry(str(n), "blog", p.Kind.POST, "글")) for n in range(count)]
    first, older = cut(stories, 20)
    assert [*first, *(s for page in reversed(older) for s in page)] == stories
    assert all(len(page) == 20 for page in older)
    assert len(first) < 40
    assert len(first) >= min(count, 20)


def test_paths_are_ours_whatever_the_ids():
    """File names are short ASCII, unique without regard to case, below the root (P35)."""
    names = ["../../etc/passwd", "A", "a", "가온", "x" * 300, "con/aux", "a.b"]
    odd = tuple(story(name, entry(name, "blog", p.Kind.POST, name, topics=(name,))) for name in names)
    files = render(digest(sections=(), library=odd, editions={}, archive=()))
    assert [output.path_problem(path) for path in files] == [""] * len(files)
    assert len({path.lower() for path in files}) == len(files)
    assert sum(path.startswith("s/") for path in files) == len(names)


def test_an_empty_edition_is_a_whole_site():
    """Nothing new and nothing stored still makes every page, with a sentence that says so."""
    files = render(digest(sections=(), library=(), archive=(), editions={}, sources=()))
    assert "새로 올라온 소식이 없습니다." in text(files, "index.html")
    assert etree.fromstring(files["atom.xml"].body).find("{*}entry") is None


def test_only_declared_media_types(site):
    """The contract with publish: nothing undeclared."""
    assert {a.media_type for a in site.values()} <= website.PRODUCES


def test_a_template_of_the_institute_wins(tmp_path: Path):
    """A file of the same name in ``templates_dir`` replaces ours; a broken one is a RenderError."""
    (tmp_path / "website").mkdir()
    own = tmp_path / "website" / "404.html.j2"
    own.write_text("<!doctype html><title>우리 쪽</title>", encoding="utf-8")
    assert text(render(digest(), templates_dir=str(tmp_path)), "404.html") == "<!doctype html><title>우리 쪽</title>"


def test_a_broken_template_is_a_render_error(tmp_path: Path):
    """A template that asks for an unknown name fails this channel with the template's name."""
    (tmp_path / "home.html.j2").write_text("{{ no_such_name }}", encoding="utf-8")
    with pytest.raises(p.RenderError, match=r"home\.html\.j2"):
        render(digest(), templates_dir=str(tmp_path))


def _luminance(colour: str) -> float:
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(a: str, b: str) -> float:
    light, dark = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_contrast(site, scheme):
    """Text reaches 4.5:1 on every ground it stands on, in both schemes (KWCAG 2.2)."""
    blocks = re.findall(r":root(?::where\([^{]*\))? \{([^}]*)\}", text(site, "assets/moa.css"))
    assert blocks[1] == blocks[2]  # dark by the device, dark by choice
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", blocks[scheme]))
    grounds = {
        "paper": ("ink", "text", "quiet", "blue", "blue-deep", "red", "green", "violet", "teal", "amber"),
        "wash": ("ink", "text", "quiet"),
        "blue-wash": ("ink", "text", "quiet", "blue", "blue-deep"),
        "red-wash": ("ink", "red", "quiet"),
        "blue": ("on-blue",),
        "blue-deep": ("on-blue",),
    }
    weak = {(g, t): _contrast(colours[g], colours[t]) for g, ts in grounds.items() for t in ts}
    assert {pair: round(ratio, 2) for pair, ratio in weak.items() if ratio < 4.5} == {}


def test_no_page_shows_a_picture_from_where_a_stranger_keeps_it(site, pages):
    """Every picture is a file of this very rendering, with its size; link cards name ours, too; each file comes once."""
    named = set()
    for path, page in pages.items():
        for shown in page.all("img"):
            sources = [shown["src"], *(part.split()[0] for part in (shown.get("srcset") or "").split(",") if part)]
            named |= {posixpath.normpath(posixpath.join(posixpath.dirname(path), source)) for source in sources}
            assert int(shown["width"]) > 0 < int(shown["height"]), path
        for meta in page.all("meta"):
            if meta.get("property") == "og:image":
                named.add(meta["content"].removeprefix("https://learn.gaon.example/"))
    files = {path: a for path, a in site.items() if a.media_type.startswith("image/") and path.startswith("media/")}
    named.discard("assets/card.png")
    assert named <= files.keys()
    assert all(a.body == b"" and a.on_disk.path == path for path, a in files.items())


def test_pictures_of_a_text_are_ours_or_left_to_the_original():
    """The one we have stands where its author put it; others are counted, not fetched from strangers."""
    body = (
        '<p>앞</p><p><img src="https://img.gaon.example/a.jpg" alt="원래 설명"></p>'
        '<p><img src="https://t.example/1.gif" alt="a > b"></p><figure><img src="https://t.example/2.jpg"></figure><p>뒤</p>'
    )
    one = entry("1", "blog", p.Kind.POST, "글", licence="kogl-1", body_html=body, image=image("a", "원래 설명"))
    made = render(digest(sections=(), library=(story("one", one),)))
    html = next(text(made, path) for path in made if path.startswith("s/"))
    assert "t.example" not in html
    assert "img.gaon.example" not in html
    assert html.count("<img") == 1
    assert re.search(r"<p>앞</p><p><img [^>]*alt=.원래 설명.[^>]*></p><p>뒤</p>", html)
    assert "그림 2장은 원문에서 볼 수 있습니다." in html


def test_a_picture_that_may_not_be_cut_is_not_cut_by_its_frame():
    """KOGL 3 and 4: lists and pages show it whole (korea.md §6)."""
    one = entry("1", "blog", p.Kind.POST, "글", licence="kogl-4", image=image("a"))
    made = render(digest(sections=(p.Section(key="n", title="새 소식", cards=(p.Card(story=story("one", one)),)),)))
    assert "thumb thumb--whole" in text(made, "index.html")


def test_a_missing_description_is_said_to_be_missing():
    """In a list the picture is decoration beside its title; on its own page it is named, and so is what is missing."""
    one = entry("1", "blog", p.Kind.POST, "겨울 행사", image=image("a"))
    two = entry("2", "blog", p.Kind.POST, "봄 행사 안내", image=image("b", "봄 행사"))
    cards = tuple(p.Card(story=story(name, e)) for name, e in (("one", one), ("two", two)))
    made = render(digest(sections=(p.Section(key="n", title="새 소식", cards=cards),), library=()))
    assert [shown["alt"] for shown in Page(text(made, "index.html")).all("img")] == ["", ""]
    told = [Page(text(made, path)).all("img")[0]["alt"] for path in sorted(made) if path.startswith("s/")]
    assert sorted(told) == ["'겨울 행사' 원문의 그림 (설명 없음)", "봄 행사"]
