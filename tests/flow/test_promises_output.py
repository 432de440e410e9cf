"""Whatever publishers write, what we publish is whole, harmless and ours (reliability promises P33-P41)."""

from __future__ import annotations

import email
import email.policy
import json
import os
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.parsers import expat

import pytest
from lxml import etree

from tests.flow.hostile import HIDDEN, TITLES, Strict, calendar_lines, json_feed, strings
from tests.flow.project import CHANNELS, MONDAY, Project, Said, feed, item, rss
from tests.misbehave import Site, answer

JSON_FEED = [("Content-Type", "application/feed+json; charset=utf-8")]
NEWSLETTER = {"id": "newsletter", "renderer": "newsletter"}
LITERAL = (
    "{{ 7*7 }}",
    "{% raise %}",
    "${7*7}",
    "<script>alert('t1')</script> 제목",
    "%(name)s",
    "{0.__class__}",
    "]]> -->",
)
EXECUTING = frozenset(
    ["script", "style", "iframe", "object", "embed", "form", "input", "base", "svg", "math", "template"]
)


class Night:
    """One night on a hostile feed, and what it left."""

    def __init__(self, folder: Path) -> None:
        with Site({"/f": answer(json_feed(), headers=JSON_FEED)}) as site:
            self.town = Project(folder, site.allowed, channels=[*CHANNELS, NEWSLETTER])
            self.town.sources(feed("bad", site.url("/f")))
            self.said = self.town.run()
        self.web = self.town.output / "website"
        self.pages = {str(f.relative_to(self.web)): Strict(f.read_text()) for f in sorted(self.web.rglob("*.html"))}
        edition = self.town.output / "editions/daily" / MONDAY
        self.bubble, self.post = edition / "kakao/bubble.json", edition / "kakao/post.txt"
        self.mail = edition / "newsletter/newsletter.eml"


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    made = Night(tmp_path_factory.mktemp("hostile"))
    assert made.said.code == 0, made.said
    assert made.said.source("bad")["new"] == len(TITLES)
    return made


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as made:
        yield made


# --- P33, P34: text is text -----------------------------------------------------------------------------------------


CHOICES = {"letters": {"", "large", "larger"}, "look": {"", "light", "dark"}}  # of the reader, sent nowhere


def is_ours(tag: str, attributes: dict[str, str | None], home: str) -> bool:
    """The website's own furniture: its scripts by name, the search form, the reader's settings, two drawn signs; nothing a source writes."""
    if tag == "script":
        if attributes.get("type") == "application/ld+json":  # facts for machines; nothing of it runs
            return "src" not in attributes
        return attributes.get("src") in {f"{home}assets/{name}.js" for name in ("first", "moa", "find")}
    if tag == "form":
        return attributes.get("role") == "search" and attributes.get("action") in ("find.html", f"{home}find.html")
    if tag == "svg":
        return attributes.get("aria-hidden") == "true" and attributes.get("focusable") == "false"
    if tag == "template":
        return bool(attributes.keys() & {"data-row", "data-kinds"})
    if attributes.get("type") == "radio":
        return tag == "input" and attributes.get("value") in CHOICES.get(attributes.get("name") or "", ())
    return tag == "input" and (attributes.get("name"), attributes.get("type")) == ("q", "search")


def test_every_page_parses_strictly_and_executes_nothing(night: Night) -> None:
    """Each tag is closed, no handler, no inline style, no address but http(s), mailto, tel and our own pages (P33)."""
    assert len(night.pages) > len(TITLES)
    for path, page in night.pages.items():
        home = "/" if path == "404.html" else "../" * path.count("/")  # shown at any depth, on whatever host serves it
        for tag, attributes in page.tags:
            assert tag not in EXECUTING or is_ours(tag, attributes, home), (path, tag, attributes)
            assert not [n for n in attributes if n.startswith("on") or n in ("style", "srcdoc", "formaction")], (
                path,
                tag,
            )
            for name in ("href", "src", "content"):
                value = (attributes.get(name) or "").strip()
                if name != "content":
                    assert urlsplit(value).scheme in ("", "http", "https", "mailto", "tel"), (path, value)
                assert not re.match(r"\s*(javascript|data|vbscript|file):", value, re.IGNORECASE), (path, value)


def test_every_page_carries_a_strict_policy(night: Night) -> None:
    """Content-Security-Policy of pages and bubbles: nothing by default, no inline script, forms to ourselves, no base (P33)."""
    bubble = Strict((night.bubble.parent / "bubble.html").read_text())
    for path, page in {**night.pages, "bubble.html": bubble}.items():
        policies = [
            a["content"] or "" for t, a in page.tags if t == "meta" and a.get("http-equiv") == "Content-Security-Policy"
        ]
        assert len(policies) == 1, path
        rules = dict(rule.strip().split(" ", 1) for rule in policies[0].split(";") if rule.strip())
        assert rules["default-src"] == "'none'", path
        assert rules.get("script-src", "'none'") in ("'none'", "'self'"), path
        assert rules["base-uri"] == "'none'", path
        assert rules["form-action"] == "'none'" or (rules["form-action"] == "'self'" and path != "bubble.html"), path


def test_text_of_sources_is_shown_as_it_was_written(night: Night) -> None:
    """Template syntax, formats and markup stand on the page letter by letter (P34)."""
    everything = " ".join(page.text for page in night.pages.values())
    for words in LITERAL:
        assert words in everything, words
    assert "49" not in night.pages["index.html"].text.replace("49분", "")


def test_nothing_invisible_is_left_in_anything_we_make(night: Night) -> None:
    """No C0, C1, bidi mark, zero-width in pages, feeds, bubbles, posts and mail; the emoji family stays one (P26, P39)."""
    for file in sorted(night.town.output.glob("**/*")):
        if file.is_file() and file.suffix in (".html", ".xml", ".json", ".ics", ".txt", ".css", ".js"):
            text = file.read_text("utf-8").replace("\r\n", "\n")
            assert not (found := HIDDEN.search(text)), (file, ascii(found))
    assert "👨\u200d👩\u200d👧\u200d👦" in " ".join(page.text for page in night.pages.values())


@pytest.mark.slow
def test_a_browser_runs_nothing_and_asks_nobody(night: Night, browser: Any) -> None:
    """In a real DOM: no dialog, no complaint, no request to anyone but us, the text as written (P33, P34, P9)."""
    wrong: list[str] = []

    def asked(request: Any) -> None:
        """Pictures of sources are shown from where they are, without a referrer; nothing else is anybody's."""
        if not request.url.startswith("file:") and not (
            request.resource_type == "image" and not request.headers.get("referer")
        ):
            wrong.append(f"request {request.url}")

    def said(message: Any) -> None:
        if "net::ERR_" not in message.text:  # the pictures this test does not let through
            wrong.append(f"console {message.text}")

    context = browser.new_context()
    page = context.new_page()
    page.on("dialog", lambda dialog: (wrong.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("console", said)
    page.on("pageerror", lambda error: wrong.append(f"error {error}"))
    page.on("request", asked)
    page.route("http*://**", lambda route: route.abort())
    seen = ""
    files = [night.web.resolve() / path for path in night.pages if path != "404.html"]  # it is at home on the web only
    for file in (*files, night.bubble.parent / "bubble.html"):
        page.goto(file.as_uri())
        seen += page.evaluate("document.body.innerText + document.title")
        assert (
            page.evaluate(
                "document.querySelectorAll('svg:not([focusable=false]), iframe, form:not([role=search]), object, embed, math, base').length"
            )
            == 0
        )
        for node in page.query_selector_all(".prose a, .story a"):
            assert node.evaluate("a => a.protocol") in ("http:", "https:", "file:", "mailto:")
    context.close()
    assert not wrong, wrong[:5]
    for words in LITERAL:
        assert words in seen, words


# --- P35: names -----------------------------------------------------------------------------------------------------


def test_names_of_files_are_ours(night: Night) -> None:
    """ASCII, short, unique whatever the case, below the root; nothing of a title or key in them (P35)."""
    for root in (night.web, night.town.output / "editions"):
        names = [str(f.relative_to(root)) for f in root.rglob("*")]
        assert len({n.lower() for n in names}) == len(names)
        for name in names:
            assert all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}", part) for part in name.split("/")), name
            assert "passwd" not in name
    assert not [f for f in night.town.folder.rglob("*") if f.is_symlink() and ".." in os.readlink(f)]


def test_a_topic_of_an_editor_is_a_plain_name_too(site: Site, tmp_path: Path) -> None:
    """Topics, agencies and ids of YAML that look like paths or differ by case only make files of their own (P35)."""
    site.routes["/f"] = answer(rss(item("하나", body="글")))
    town = Project(tmp_path, site.allowed)
    town.sources(feed("a", site.url("/f"), topics=["../../x", "A/B", "a/b", "소식", "{{7*7}}", "con", "x" * 300]))
    said = town.run()
    assert said.code == 0, said
    made = [str(f.relative_to(town.output / "website")) for f in (town.output / "website").rglob("topic/*")]
    assert len(made) == len({n.lower() for n in made}) == 7
    assert all(re.fullmatch(r"topic/[a-z0-9_-]{1,64}\.html", name) for name in made), made


# --- P36, P37: machine-readable -------------------------------------------------------------------------------------


def test_our_feeds_are_well_formed_for_strict_readers(night: Night) -> None:
    """Expat and lxml read Atom, RSS and the sitemap; JSON is JSON; the calendar keeps RFC 5545; titles are whole (P36)."""
    titles = {}
    for name in ("atom.xml", "rss.xml", "sitemap.xml"):
        body = (night.web / name).read_bytes()
        parser = expat.ParserCreate()
        parser.Parse(body, True)
        assert b"<!DOCTYPE" not in body
        assert b"<!ENTITY" not in body
        tree = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
        titles[name] = [e.text or "" for e in tree.iter("{*}title")]
        ids = [e.text for e in tree.iter("{http://www.w3.org/2005/Atom}id", "guid")]
        assert len(ids) == len(set(ids))
    made = json.loads((night.web / "feed.json").read_bytes())
    assert made["version"] == "https://jsonfeed.org/version/1.1"
    titles["feed.json"] = [i["title"] for i in made["items"]]
    for name in ("atom.xml", "rss.xml", "feed.json"):
        for words in LITERAL:
            assert any(words in title for title in titles[name]), (name, words)
    for link in [i.get("url", "https:") for i in made["items"]]:
        assert link.startswith("https:"), link
    lines = calendar_lines((night.web / "calendar.ics").read_bytes())
    assert lines.count("END:VCALENDAR") == 1


def test_the_kakao_message_is_data(night: Night) -> None:
    """The bubble fits its schema and its limits; markup, variables and mentions are text (P36, P53)."""
    from jsonschema import Draft202012Validator

    schema = json.loads(Path("docs/reference/kakao-bubble.schema.json").read_text())
    bubble = json.loads(night.bubble.read_bytes())
    Draft202012Validator(schema).validate(bubble)
    for text in strings(bubble):
        assert not HIDDEN.search(text), ascii(text)
        assert "javascript:" not in text.lower()


def test_nothing_we_write_is_a_table_a_spreadsheet_would_run(night: Night) -> None:
    """We write no CSV at all; a title that is a formula never starts a line of the text people paste (P37)."""
    assert not list(night.town.output.rglob("*.csv"))
    assert not re.search(r"(?m)^[=+@\t]", night.post.read_text())


def test_the_mail_is_one_mail_with_nothing_of_a_source_but_text(night: Night) -> None:
    """ASCII lines within 998 octets, CRLF, one of each header, two parts, no picture, no script, no style sheet (P54, P55)."""
    raw = night.mail.read_bytes()
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    mail = email.message_from_bytes(raw, policy=email.policy.strict)
    assert not mail.defects
    names = [name.lower() for name in mail]
    assert len(names) == len(set(names))
    assert "bcc" not in names
    plain, rich = mail.iter_parts()
    assert (plain.get_content_type(), rich.get_content_type()) == ("text/plain", "text/html")
    html = rich.get_content()
    assert len(html.encode()) < 102_000
    tags = {tag for tag, _a in Strict(re.sub(r"(?is)<!doctype[^>]*>|<!--\[if.*?endif\]-->", "", html)).tags}
    assert not tags & {"script", "img", "iframe", "form", "link", "svg", "object"}
    assert html.count("%%MOA_UNSUBSCRIBE_URL%%") == plain.get_content().count("%%MOA_UNSUBSCRIBE_URL%%") == 1
    for text in (html, plain.get_content(), str(mail["subject"])):
        assert not HIDDEN.search(text.replace("\r", ""))
    for words in LITERAL[:3]:
        assert words in plain.get_content()


# --- P38: terminal and log ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command", [("items",), ("stories",), ("why", "빨강"), ("status",), ("items", "--json"), ("run", "-vv")]
)
def test_the_terminal_is_never_steered(night: Night, command: tuple[str, ...]) -> None:
    """No command prints a control or bidi character; one entry is one line (P38, P39)."""
    said = night.town.moa_says(*command, *(("--as-of", MONDAY) if command[0] == "run" else ()))
    assert said.code in (0, 4)  # by now nobody listens at the feed's address
    for text in (said.out, said.err):
        assert not (found := HIDDEN.search(text)), ascii(found)
    if command == ("items",):
        assert len(said.out.splitlines()) == len(TITLES)


def test_what_a_server_says_in_an_error_is_one_safe_line(site: Site, tmp_path: Path) -> None:
    """An API's error text with escapes, bidi and line breaks reaches report, JSON, status and log as one plain line (P38)."""
    evil = "no\x1b[2J\x9b2J\u202e\r\n[2026] error forged=1\u2028x\x07"
    body = json.dumps(
        {"error": {"code": 403, "message": evil, "errors": [{"reason": "strange\x1b[1m\nline"}]}}
    ).encode()
    site.default = answer(body, status="403 Forbidden", headers=[("Content-Type", "application/json")])
    town = Project(tmp_path, site.allowed)
    town.sources(_youtube(site))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOA_YOUTUBE_KEY", "practice-key-1")
        nights = [town.moa_says("run", "-vv", "--as-of", MONDAY), town.run()]
    status = town.moa_says("status")
    files = [f.read_text() for f in (town.output / "reports").iterdir()]
    for text in [t for s in (*nights, status) for t in (s.out, s.err)] + files:
        assert not (found := HIDDEN.search(text) or re.search("\u2028", text)), (ascii(found), text[:300])
        assert not re.search(r"(?m)^\[2026\] error", text)
    assert nights[0].code == 4
    assert len(nights[1].out.splitlines()) == 1


def _youtube(site: Site) -> dict[str, Any]:
    return {
        "id": "tube",
        "name": "영상",
        "kind": "youtube",
        "channel": "UC" + "a" * 22,
        "api_base": site.url("/api/"),
        "feed_base": site.url("/feed"),
    }


# --- P40, P41: whole or not at all ----------------------------------------------------------------------------------


def test_a_reader_never_meets_a_gap_or_a_mix(site: Site, tmp_path: Path) -> None:
    """While all files change again and again, each is always there and whole, and one release is of one night (P40)."""
    town = Project(tmp_path, site.allowed, channels=[CHANNELS[0]])
    town.sources(feed("a", site.url("/f")))
    site.routes["/f"] = answer(rss(*(item(f"소식 {n}", body="글") for n in range(5))))
    assert town.run().code == 0
    wrong: list[str] = []
    seen: set[tuple[str, ...]] = set()
    done = threading.Event()

    def read() -> None:
        web = town.output / "website"
        while not done.wait(0.003):
            try:
                html = (web / "index.html").read_text()
                for asset in re.findall(r'(?:href|src)="((?:assets/|s/)[^"]+)"', html):
                    if not (web / asset).read_bytes():
                        wrong.append(f"empty {asset}")
                release = os.open(web, os.O_RDONLY)
                try:
                    texts = [_inside(release, name) for name in ("index.html", "atom.xml", "rss.xml", "feed.json")]
                finally:
                    os.close(release)
                names = {tuple(sorted(set(re.findall(r"시험 학습관 (\d+)", text)))) for text in texts}
                if len(names) != 1 or len(*names) > 1 or not texts[0].rstrip().endswith("</html>"):
                    wrong.append(f"mix {names}")
                seen.update(names)
            except OSError as error:
                wrong.append(repr(error))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for number in range(20):
            town.moa(channels=[CHANNELS[0]], institute={"name": f"시험 학습관 {number}"})
            assert town.run(f"2026-11-23T04:{number:02d}", command="publish").code == 0
            assert town.run(f"2026-11-23T04:{number:02d}", command="deliver").code == 0
    finally:
        done.set()
        reader.join()
    assert not wrong, wrong[:5]
    assert len(seen) > 5
    assert "시험 학습관 19" in (town.output / "website/index.html").read_text()


def _inside(folder: int, name: str) -> str:
    with os.fdopen(os.open(name, os.O_RDONLY, dir_fd=folder), encoding="utf-8") as file:
        return file.read()


BROKEN = {
    "raises": "{{ 1 // 0 }}",
    "unknown name": "{{ nobody_gave_this }}",
    "not text": b"\xff\xfe\xff",
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_failed_render_leaves_the_old_site_and_the_other_channels(how: str, site: Site, tmp_path: Path) -> None:
    """A template of the institute that fails: exit 3, the template named, the old site untouched, Kakao goes on (P40)."""
    town = Project(tmp_path, site.allowed)
    town.sources(feed("a", site.url("/f")))
    site.routes["/f"] = answer(rss(item("처음", body="글")))
    assert town.run().code == 0
    before = town.files("website", "editions/site")
    broken = tmp_path / "config/templates/website/home.html.j2"
    broken.parent.mkdir(parents=True)
    body = BROKEN[how]
    broken.write_bytes(body if isinstance(body, bytes) else body.encode())
    site.routes["/f"] = answer(rss(item("처음", body="글"), item("다음", body="글")))
    said = town.run("2026-11-24")
    assert said.code == 3, said
    assert [e["code"] for e in said.json["errors"]] == ["render-failed"]
    assert "site/website" in (said.json["errors"][0]["subject"] or "")
    assert town.files("website", "editions/site") == before
    post = (town.output / "copykit/daily/2026-11-24/kakao/post.txt").read_text()
    assert "다음" in post
    shutil.rmtree(tmp_path / "config/templates")
    assert town.run("2026-11-24").code == 0
    assert "다음" in (town.output / "website/index.html").read_text()


def test_a_shrunken_site_waits_for_a_person(site: Site, tmp_path: Path) -> None:
    """Less than half of yesterday's files: readers keep the old site, exit 3 says why, approval lets it go (P41)."""
    town = Project(tmp_path, site.allowed, channels=[CHANNELS[0]])
    town.sources(feed("a", site.url("/f")))
    site.routes["/f"] = answer(rss(*(item(f"소식 {n}", body="글") for n in range(60))))
    assert town.run().code == 0
    whole = _pages(town)
    said = _lose_the_store(town, site, keep=3)
    assert said.code == 3, said
    held = next(d for d in said.json["deliveries"] if d["channel"] == "website")
    assert (held["state"], held["reason"]) == ("held", "shrunk")
    assert _pages(town) == whole
    assert town.moa_says("approve", "site").code == 0
    assert town.moa_says("deliver", "--as-of", "2026-11-24T04:00").code == 0
    assert len(_pages(town)) < len(whole)


def test_an_empty_site_is_never_published_over_a_full_one(site: Site, tmp_path: Path) -> None:
    """A store that was lost and a feed that is empty leave the old site where it is (P41)."""
    town = Project(tmp_path, site.allowed, channels=[CHANNELS[0]])
    town.sources(feed("a", site.url("/f")))
    site.routes["/f"] = answer(rss(*(item(f"소식 {n}", body="글") for n in range(30))))
    assert town.run().code == 0
    whole = _pages(town)
    _lose_the_store(town, site, keep=0)
    assert _pages(town) == whole


def _lose_the_store(town: Project, site: Site, *, keep: int) -> Said:
    """The operator sets the store aside and starts anew on a feed that holds little."""
    assert town.moa_says("db", "aside").code == 0
    site.routes["/f"] = answer(rss(*(item(f"소식 {n}", body="글") for n in range(keep))))
    return town.run("2026-11-24")


def _pages(town: Project) -> list[str]:
    return sorted(str(f.relative_to(town.output / "website")) for f in (town.output / "website").rglob("*.html"))
