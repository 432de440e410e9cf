"""The fast reader against the oracle (ADR-0016): what decides identity, order and time must be equal."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.text import dates, html
from pipeline.text.clean import one_line, unescape
from pipeline.text.decode import decode
from sources import _feed_fast, _feed_items, _feed_mend, _feed_oracle, _feed_xml
from sources._feed_said import Feed
from tests.sources import cases

URL = "https://feeds.gaon.example/f.xml"
REFUSED = ("broken", "truncated", "json")
XML = [case for case in cases.folders() if case.parent.name == "feed" and not case.name.startswith(REFUSED)]
HEAD = '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
HEAD += 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom" '
HEAD += 'xmlns:media="http://search.yahoo.com/mrss/"><channel><title>t</title><link>https://e.example/</link>'
ITEM = "<title>제목 {n}</title><link>https://e.example/{n}</link><guid isPermaLink='false'>g{n}</guid>"
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><link href="https://e.example/"/>'
ENTRY = '<id>tag:e,1:{n}</id><title>제목</title><link href="https://e.example/{n}"/>'
RSS_FAMILIES = [
    "<pubDate>Fri, 20 Nov 2026 10:00:00 +0900</pubDate>",
    "<pubDate>2026-11-20T10:00:00+09:00</pubDate><dc:date>2026-11-01T00:00:00Z</dc:date>",
    "<dc:date>2026-11-20T10:00:00+09:00</dc:date>",
    "<dcterms:issued>2026-11-20</dcterms:issued><dcterms:modified>2026-11-21</dcterms:modified>",
    "<atom:published>2026-11-20T00:00:00Z</atom:published><atom:updated>2026-11-21T00:00:00Z</atom:updated>",
    "<description>&lt;p&gt;본문 &amp;amp; 글&lt;/p&gt;</description><dc:creator>홍길동</dc:creator>",
    "<description>짧은 글</description><content:encoded><![CDATA[<p>긴 글</p>]]></content:encoded>",
    "<author>desk@e.example (담당자)</author><category>하나</category><category domain='d'>둘</category>",
    "<enclosure url='https://e.example/a.pdf' type='application/pdf' length='7'/>",
    "<media:thumbnail url='https://e.example/t.jpg' width='100'/><media:title>다른 제목</media:title>",
    "<media:content url='https://e.example/v.mp4' type='video/mp4'><media:title>안 제목</media:title></media:content>",
    "<media:group><media:content url='https://e.example/g.jpg' medium='image'/></media:group>",
    "<media:content medium='video' url='https://e.example/v'><media:thumbnail url='https://e.example/p.jpg'/></media:content>",
    "<source url='https://o.example/'>남의 이름</source><comments>https://e.example/c</comments>",
    "<image><url>https://e.example/i.jpg</url><title>그림 제목</title><link>https://e.example/i</link></image>",
    "<TITLE>큰 글자</TITLE><pubdate>Fri, 20 Nov 2026 10:00:00 +0900</pubdate>",
]
ATOM_FAMILIES = [
    "<published>2026-11-20T00:00:00Z</published><updated>2026-11-21T00:00:00Z</updated>",
    "<updated>2026-11-21T00:00:00Z</updated><content type='html'>&lt;p&gt;글&lt;/p&gt;</content>",
    "<updated>2026-11-21T00:00:00Z</updated><author><name>이름</name><uri>https://e.example/u</uri></author>",
    "<link rel='enclosure' href='https://e.example/a.mp3' type='audio/mpeg'/><summary>요약</summary>",
    "<link rel='alternate' type='application/json' href='https://e.example/j'/><summary type='html'>요약</summary>",
    "<source><id>tag:o,1:1</id><title>남의 제목</title><updated>2020-01-01T00:00:00Z</updated></source>",
    "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>글 <b>굵게</b></p></div></content>",
    "<contributor><name>돕는 이</name></contributor><category term='a' label='가'/>",
]
RSS = [
    HEAD + "".join(f"<item>{ITEM.format(n=n)}{family}</item>" for n in (1, 2)) + "</channel></rss>"
    for family in RSS_FAMILIES
]
ATOMS = [
    ATOM + "".join(f"<entry>{ENTRY.format(n=n)}{family}</entry>" for n in (1, 2)) + "</feed>"
    for family in ATOM_FAMILIES
]


def both(text: str) -> tuple[Feed, Feed]:
    before = _feed_xml.prologue(text)
    found = _feed_xml.tree(before)
    assert found is not None
    fast, oracle = _feed_fast.read(found[0]), _feed_oracle.read(before)
    assert fast is not None
    assert oracle is not None
    return fast, oracle


def telling(feed: Feed) -> list[tuple[object, ...]]:
    """Identity, address, title and instants of every entry, as they would be stored."""
    rows = []
    for item, said in zip(_feed_items.items(feed, URL, None), feed.entries, strict=True):
        published = dates.machine(said.published) if said.published else None
        updated = dates.machine(said.updated) if said.updated else None
        title = one_line(unescape(html.text_of(item.title) if item.title_is_html else item.title))
        rows.append((item.key, item.url, title, published and published.at, updated and updated.at))
    return rows


def bodies(feed: Feed) -> list[str]:
    return [one_line(unescape(html.text_of(item.body))) for item in _feed_items.items(feed, URL, None)]


@pytest.mark.parametrize("text", [*RSS, *ATOMS], ids=lambda text: text[-120:-30])
def test_every_element_family_reads_as_the_oracle_does(text: str):
    """For each family of elements id, address, title, dates, count and body text equal feedparser's."""
    fast, oracle = both(text)
    assert telling(oracle) == telling(fast)
    assert bodies(oracle) == bodies(fast)


@pytest.mark.parametrize("case", XML, ids=lambda case: case.name)
def test_the_cases_read_as_the_oracle_does(case: Path):
    """On whole documents of every format both readers give the same keys, addresses, titles and dates."""
    (document,) = cases.documents(case)
    before = _feed_xml.prologue(_feed_mend.once(decode(document.body).text, document.body))
    before = _feed_xml.within_page(before) or before if before.is_html else before
    fast, oracle = both(_feed_xml.repaired(before.text, before.root))
    assert telling(oracle) == telling(fast)


def test_a_document_no_tree_can_be_made_of_goes_to_the_oracle():
    """Mis-nested markup inside an entry is read by feedparser, entry by entry."""
    (case,) = [case for case in cases.folders() if case.name == "broken-markup"]
    (document,) = cases.documents(case)
    before = _feed_xml.prologue(document.body.decode())
    assert _feed_xml.tree(before) is None
    oracle = _feed_oracle.read(before)
    assert oracle is not None
    assert len(oracle.entries) == 2
