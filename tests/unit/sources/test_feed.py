"""``kind: feed`` in conversation: what is asked, what goes on to the parser, what a hostile document cannot do."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pipeline.model as p
from sources import _feed_delta, _feed_mend, _feed_read, _feed_xml, feed
from tests.unit.sources.talk import Web, document

URL = "https://blog.gaon.example/rss.xml"
OPTIONS = feed.Options(url=URL)
HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>소식</title><link>https://blog.gaon.example/</link>'


def item(number: int, title: str = "글", extra: str = "") -> str:
    return (
        f"<item><title>{title} {number}</title><link>https://blog.gaon.example/{number}</link>"
        f"<guid>https://blog.gaon.example/{number}</guid>{extra}</item>\n"
    )


def rss(*items: str, built: str = "1") -> str:
    return f"{HEAD}<lastBuildDate>{built}</lastBuildDate>{''.join(items)}</channel></rss>\n"


def titles(fetched: p.Fetched | None) -> list[str]:
    return [item.title for item in feed.parse(OPTIONS, fetched)] if fetched else []


class Place:
    """A feed whose document the test changes from night to night."""

    def __init__(self, *items: str) -> None:
        self.body: str | bytes = rss(*items)
        self.web = Web(lambda request: document(request.url, self.body))
        self.memo: p.Memo = {}

    def night(self) -> p.Fetched | None:
        fetched = self.web.run(feed.fetch(OPTIONS, self.memo))
        if fetched is not None:
            self.memo = fetched.memo
        return fetched


def test_a_feed_is_asked_for_once_as_a_feed():
    """One request a night; robots.txt does not bind it."""
    place = Place(item(1))
    place.night()
    assert [(URL, p.Purpose.FEED, True)] == [(r.url, r.purpose, r.conditional) for r in place.web.asked]


def test_an_unchanged_feed_ends_at_once():
    """The same bytes as last time give nothing to do."""
    place = Place(item(1), item(2))
    assert len(titles(place.night())) == 2
    assert place.night() is None


def test_only_unknown_entries_of_a_changed_feed_are_parsed():
    """A new entry is read alone, the known ones are counted; an edited one is read again."""
    place = Place(item(2), item(1))
    place.night()
    place.body = rss(item(3), item(2), item(1), built="2")
    fetched = place.night()
    assert fetched is not None
    assert (["글 3"], 2) == (titles(fetched), fetched.carried)
    place.body = rss(item(3), item(2, "고친 글"), item(1), built="3")
    fetched = place.night()
    assert fetched is not None
    assert (["고친 글 2"], 2) == (titles(fetched), fetched.carried)


def test_a_feed_of_which_only_the_head_changed_needs_no_parser():
    """No document goes on when every entry is known byte for byte."""
    place = Place(item(2), item(1))
    place.night()
    place.body = rss(item(2), item(1), built="2")
    fetched = place.night()
    assert fetched is not None
    assert ((), 2) == (fetched.documents, fetched.carried)


@pytest.mark.parametrize(
    "second",
    [
        rss(item(2), item(1)).replace("https://blog.gaon.example/</link>", "https://other.example/</link>"),
        rss(item(2), item(1)).replace("<rss ", "<!DOCTYPE rss><rss "),
        rss(item(2), item(1)).replace("<channel>", '<channel xml:base="https://x.example/">'),
        rss(item(2), item(2, "겹친 번호"), item(1)),
        rss(item(2, extra="<description><![CDATA[</item><item>]]></description>"), item(1)),
        rss(item(2), f"<!-- {item(9)} -->", item(1)),
        rss(item(2), item(1)).replace("<guid>https://blog.gaon.example/2</guid>", ""),
        rss(item(2), item(1)).replace("utf-8", "euc-kr").encode("cp949"),
    ],
    ids=["other-home", "doctype", "xml-base", "shared-id", "cdata", "comment", "no-id", "euc-kr"],
)
def test_where_an_entry_might_mean_something_else_the_whole_feed_goes_on(second: str | bytes):
    """The delta is refused wherever neighbours, head or encoding could change what an entry means."""
    place = Place(item(2), item(1), item(0))
    place.night()
    place.body = second
    fetched = place.night()
    assert fetched is not None
    assert 0 == fetched.carried
    assert [document.body for document in fetched.documents] == [
        second if isinstance(second, bytes) else second.encode()
    ]


texts = st.text(alphabet="가나다라 abc&<>\"'1", max_size=12)
feeds = st.lists(st.tuples(st.integers(0, 8), texts), unique_by=lambda pair: pair[0], max_size=7)


@settings(max_examples=60, deadline=None)
@given(feeds, feeds)
def test_a_reduced_feed_gives_the_very_items_the_whole_one_gives(first, second):
    """Reduction loses nothing and changes nothing: what is parsed equals the same items of the whole document."""
    escape = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
    before, after = (
        rss(*(item(n, "".join(escape.get(c, c) for c in text)) for n, text in side), built=str(len(side)))
        for side in (first, second)
    )
    _documents, memo, _carried = _feed_delta.reduce(document(URL, before), {})
    documents, _memo, carried = _feed_delta.reduce(document(URL, after), memo)
    reduced = {i.key: replace(i, row=0) for i in feed.parse(OPTIONS, p.Fetched(documents=documents))}
    whole = {i.key: replace(i, row=0) for i in feed.parse(OPTIONS, p.Fetched(documents=(document(URL, after),)))}
    assert len(whole) == len(reduced) + carried
    assert reduced.items() <= whole.items()


def test_an_ill_formed_feed_is_read_with_a_warning():
    """A bare ampersand does not lose a feed; the report tells."""
    place = Place(item(1, "R&D"))
    fetched = place.night()
    assert fetched is not None
    assert (("ill-formed", URL),) == fetched.warnings
    assert ["R&D 1"] == titles(fetched)


@pytest.mark.parametrize("cut", [30, 60, 90, 99])
def test_a_document_that_stops_half_way_is_never_a_success(cut: int):
    """Cut anywhere before the root is closed, a feed is an error, not a shorter feed (P5)."""
    whole = rss(*(item(n, extra=f"<description>{'설명 ' * 50}</description>") for n in range(20))).strip().encode()
    part = whole[: len(whole) * cut // 100]
    with pytest.raises(p.ShapeError) as caught:
        list(feed.parse(OPTIONS, p.Fetched(documents=(document(URL, part),))))
    assert "truncated" == caught.value.code


def test_only_the_last_end_may_be_missing():
    """After the channel's end every entry is there: the document is read, repaired."""
    part = rss(item(1), item(2)).strip().removesuffix("</rss>")
    found = list(feed.parse(OPTIONS, p.Fetched(documents=(document(URL, part),))))
    assert ["글 1", "글 2"] == [entry.title for entry in found]


def test_a_video_shows_its_own_still():
    """A thumbnail inside ``media:content`` is the entry's picture."""
    still = "<m:content medium='video'><m:thumbnail url='https://e.example/p.jpg'/></m:content>"
    body = rss(item(1, extra=still)).replace("<rss ", '<rss xmlns:m="http://search.yahoo.com/mrss/" ')
    (found,) = feed.parse(OPTIONS, p.Fetched(documents=(document(URL, body),)))
    assert found.image == p.Image(url="https://e.example/p.jpg")


@pytest.mark.parametrize(
    ("written", "meant"),
    [("&#226;&#128;&#166;", "…"), ("&#236;&#139;&#156;&#237;&#157;&#165;", "시흥"), ("&#233;t&#233;", "été")],
)
def test_bytes_written_as_numbers_are_characters(written: str, meant: str):
    """UTF-8 bytes as numeric references are undone; accents by number stay what they are."""
    found = list(feed.parse(OPTIONS, p.Fetched(documents=(document(URL, rss(item(1, title=written))),))))
    assert [f"{meant} 1"] == [entry.title for entry in found]


BOMB = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    ("doctype", "used"),
    [
        (f'<!DOCTYPE rss [<!ENTITY l0 "lol">{BOMB}]>', "&l11;"),
        ('<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>', "&x;"),
        ('<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd" [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]>', "&x;"),
    ],
)
def test_no_entity_of_a_document_is_ever_expanded(doctype: str, used: str):
    """References to a document's own entities stay as they are written (P12)."""
    body = rss(item(1, used)).replace("<rss", f"{doctype}<rss")
    (only,) = feed.parse(OPTIONS, p.Fetched(documents=(document(URL, body),)))
    assert f"{used} 1" == only.title


def test_an_xinclude_is_an_unknown_element():
    """Nothing is included."""
    extra = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/hostname" parse="text"/>'
    (only,) = feed.parse(OPTIONS, p.Fetched(documents=(document(URL, rss(item(1, extra=extra))),)))
    assert "" == only.body


@pytest.mark.parametrize(
    "body",
    [
        "<rss>" + "<a>" * 50_000,
        rss(item(1, extra="<description>" + "<div>" * 20_000 + "</description>")),
        rss(item(1, extra=f"<description><![CDATA[{'<!--' * 100_000}]]></description>")),
        rss(item(1, extra=f"<x {' '.join(f'a{n}=' + chr(34) + chr(34) for n in range(20_000))}/>")),
        "<" * 200_000,
        "<!DOCTYPE " + "[" * 100_000,
        "<![CDATA[" * 50_000,
        "&" * 300_000 + "<rss></rss>",
    ],
    ids=["unclosed", "deep", "comments", "attributes", "angles", "brackets", "cdata", "ampersands"],
)
def test_a_hostile_document_ends_as_items_or_an_error_of_ours(body: str):
    """Nothing but a SourceError leaves the parser, whatever comes in."""
    try:
        found = list(feed.parse(OPTIONS, p.Fetched(documents=(document(URL, body),))))
    except p.SourceError as error:
        found = []
        assert error.message
    assert len(found) <= 1


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 400))
def test_any_bytes_end_as_items_or_an_error_of_ours(noise: bytes, at: int):
    """Noise inside a feed never raises anything else."""
    whole = rss(item(1), item(2)).encode()
    body = whole[:at] + noise + whole[at:]
    _feed_delta.is_well_formed(document(URL, body))
    _feed_delta.reduce(document(URL, body), {})
    try:
        list(feed.parse(OPTIONS, p.Fetched(documents=(document(URL, body),))))
    except p.SourceError as error:
        assert error.message


@pytest.mark.parametrize("encoding", ["utf-8", "cp949", "utf-16"])
@pytest.mark.parametrize("label", ["EUC-KR", "ks_c_5601-1987", "utf-8", ""])
def test_korean_survives_every_label(encoding: str, label: str):
    """CP949-only syllables are right whatever the header claims about the bytes."""
    body = rss(item(1, "똠방각하 펲시 뷁")).replace('encoding="utf-8"', f'encoding="{label or "EUC-KR"}"')
    sent = document(URL, body.encode(encoding), charset=label)
    assert ["똠방각하 펲시 뷁 1"] == [i.title for i in feed.parse(OPTIONS, p.Fetched(documents=(sent,)))]


def test_what_was_encoded_twice_is_read_once():
    """UTF-8 taken for Windows-1252 and encoded again becomes Hangul; real Latin letters stay."""
    broken = "안내 é — Ã ï 中 " + "모집".encode().decode("latin-1")
    assert "안내 é — Ã ï 中 모집" == _feed_mend.once(broken, broken.encode())
    plain = "가온시 café “인용” 100°C"
    assert plain == _feed_mend.once(plain, plain.encode())


def test_undeclared_western_bytes_are_read_but_broken_korean_is_not():
    """Accents between ASCII letters are Windows-1252; bytes that stand in long runs are not guessed at."""
    assert "Perturbação à école" == _feed_mend.western("Perturbação à école".encode("cp1252"))
    assert _feed_mend.western("시민대학 수강생 모집".encode("cp949")) is None


def test_scratched_utf8_is_not_taken_for_western_bytes():
    """One broken byte in French UTF-8 costs one letter, not the spelling of all the others."""
    assert _feed_mend.western("Perturbation à l'école d'été".encode().replace(b"\xc3\xa0", b"\xc3")) is None


def test_the_format_is_told():
    """``form`` names what was read, for ``moa lab feed``."""
    assert "rss20" == feed.form(document(URL, rss(item(1))))
    assert "atom10" == feed.form(document(URL, '<feed xmlns="http://www.w3.org/2005/Atom"></feed>'))
    assert "json1" == feed.form(document(URL, '{"version":"https://jsonfeed.org/version/1","items":[]}'))


def test_what_an_editor_says_wins_over_the_feed():
    """``as`` decides the kind of every entry."""
    options = feed.Options(**{"url": URL, "as": "event"})
    (only,) = feed.parse(options, p.Fetched(documents=(document(URL, rss(item(1))),)))
    assert p.Kind.EVENT is only.kind


def test_repair_keeps_what_is_right():
    """Repairing a document does not touch CDATA, the five XML entities or legal numbers."""
    text = "<rss><a>&amp; &lt; &#44032; <![CDATA[&nbsp; & &x;]]></a></rss>"
    assert text == _feed_xml.repaired(text, "rss")


def test_a_quiet_night_loads_no_parser():
    """``fetch`` of feeds imports neither lxml nor feedparser (performance §12)."""
    import subprocess
    import sys

    code = "import sys; from sources import feed; print(sorted({'lxml', 'feedparser', 'googleapiclient'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "[]" == done.stdout.strip()


def test_reading_is_pure():
    """The same document gives the same feed twice."""
    one = document(URL, rss(item(1), item(2)))
    assert _feed_read.read(one) == _feed_read.read(one)
