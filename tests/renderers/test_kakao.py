"""The dealer-neutral bubble: its schema, its limits, and what it leaves out."""

from __future__ import annotations

import json
from dataclasses import replace
from html import unescape
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pipeline.model as p
from renderers import _bubble, kakao
from tests.renderers.digest import INSTITUTE, SECTIONS, digest, entry, hostile, image, story

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/reference/kakao-bubble.schema.json").read_text(encoding="utf-8"))


def render(made: p.Digest, **options: object) -> tuple[dict[str, object], dict[str, str], list[p.LeftOut]]:
    out = list(kakao.render(kakao.Options(**options), made))
    files = {a.path: a.body.decode() for a in out if isinstance(a, p.Artifact) and a.on_disk is None}
    document = json.loads(files["bubble.json"])
    jsonschema.validate(document, SCHEMA, cls=jsonschema.Draft202012Validator)
    assert list(_bubble.problems(document)) == []
    return document, files, [x for x in out if isinstance(x, p.LeftOut)]


def illustrated(count: int, plain: int = 0, title: str = "우리 동네 소식") -> p.Digest:
    """An edition with so many illustrated and plain stories."""
    told = [
        story(
            f"s{n}",
            entry(
                str(n),
                "blog",
                p.Kind.POST,
                f"{title} {n}",
                lead="마을 이야기",
                image=image(str(n), "사진") if n < count else None,
            ),
        )
        for n in range(count + plain)
    ]
    return digest(sections=(p.Section(key="news", title="소식", cards=tuple(p.Card(story=s) for s in told)),))


@pytest.mark.parametrize(
    ("name", "made", "options"),
    [
        ("text", digest(), {}),
        ("image", illustrated(1, 4), {}),
        ("wide", illustrated(1, title="가온도서관 겨울 인문학 강좌 수강생 모집"), {}),
        ("wide-item-list", illustrated(4), {}),
        ("carousel-feed", digest(), {"bubble": "CAROUSEL_FEED"}),
    ],
)
def test_golden(name, made, options, golden):
    """Each kind of bubble, its picture and the text to paste are exactly what was last looked at."""
    _document, files, _left = render(made, **options)
    for path, body in files.items():
        golden(f"kakao/{name}/{path}", body.encode())


@pytest.mark.parametrize(
    ("pictures", "plain", "kind"),
    [
        (0, 5, "TEXT"),
        (1, 0, "WIDE"),
        (1, 1, "IMAGE"),
        (1, 9, "IMAGE"),
        (2, 1, "CAROUSEL_FEED"),
        (4, 0, "WIDE_ITEM_LIST"),
        (4, 6, "WIDE_ITEM_LIST"),
        (7, 0, "CAROUSEL_FEED"),
        (2, 9, "IMAGE"),
    ],
)
def test_the_bubble_follows_the_content(pictures, plain, kind):
    """Pictures decide, but never push the first news out (korea rule 22)."""
    assert render(illustrated(pictures, plain))[0]["type"] == kind


def test_a_story_too_long_for_wide_is_an_image():
    """One story whose title does not fit a WIDE whole is told in an IMAGE, uncut."""
    long = illustrated(1, title="가" * 90)
    document, _files, left = render(long)
    assert (document["type"], left) == ("IMAGE", [])
    assert len(document["images"]) == 1
    wide, _files, _left = render(long, bubble="WIDE")
    assert wide["type"] == "WIDE"
    assert wide["text"].endswith("…")
    assert _bubble.length(wide["text"]) <= 76


def test_a_picture_further_down_does_not_lead():
    """Where the first story has no picture, one further down is not put above it."""
    made = illustrated(1, 3)
    cards = made.sections[0].cards
    turned = replace(made, sections=(replace(made.sections[0], cards=(*cards[1:], cards[0])),))
    assert render(turned)[0]["type"] == "TEXT"


def test_no_image_means_text():
    """An institute may forbid pictures; an option that cannot be met falls back to text."""
    assert render(illustrated(4), images=False)[0]["type"] == "TEXT"
    assert render(illustrated(1), bubble="WIDE_ITEM_LIST")[0]["type"] == "TEXT"


def test_what_has_no_room_is_named():
    """Told and left out together are the edition, each once (CS3)."""
    document, _files, left = render(illustrated(9))
    assert len(document["cards"]) == 6
    assert [x.story_id for x in left] == ["s6", "s7", "s8"]
    assert {x.reason for x in left} == {"kakao-budget"}
    assert document["tail"]["link"] == "https://learn.gaon.example/e/daily/2026-11-23.html"


def test_a_long_edition_fits_a_text_bubble():
    """A hundred stories fit the text's limit, and the text says how many more there are."""
    document, _files, left = render(illustrated(0, 100, "평생학습관 겨울학기 수강생 모집 안내"))
    assert len(left) > 50
    assert document["text"].endswith(f"소식 {len(left)}건이 더 있습니다.")


def test_links_lead_to_our_own_pages():
    """Every address is ours, short and absolute (korea rule 25); without a site they are the originals, in the text."""
    document, _files, _left = render(digest())
    assert document["links"]
    assert all(link.startswith("https://learn.gaon.example/") for link in document["links"])
    bare, _files, _left = render(digest(institute=replace(INSTITUTE, site_url="")))
    assert "https://course.gaon.example/list/61834" in bare["text"]
    assert bare["buttons"] == []


def test_deadlines_come_first():
    """What closes soonest stands first in the text."""
    text = render(digest(sections=tuple(reversed(SECTIONS))))[0]["text"]
    assert text.index("곧 마감") < text.index("새 강좌")


def test_variables_and_markup_are_text():
    """``#{`` would be a dealer's variable; the picture page shows markup as text under a strict policy (P33, P53)."""
    document, files, _left = render(hostile())
    assert "#{" not in files["bubble.json"]
    assert "<script>" not in files["bubble.html"]
    assert "{{ institute }}" in document["text"]
    assert "default-src 'none'" in unescape(files["bubble.html"])
    assert "javascript:" not in "".join(files.values())


def test_an_address_too_long_is_not_used():
    """A story whose only address breaks the limit is left out of a picture bubble, not sent broken."""
    long = story(
        "long", entry("l", "blog", p.Kind.POST, "긴 주소", url="https://blog.example/" + "a" * 600, image=image("l"))
    )
    made = illustrated(3)
    section = replace(made.sections[0], cards=(*made.sections[0].cards, p.Card(story=long)))
    made = replace(made, sections=(section,), institute=replace(INSTITUTE, site_url=""))
    document, _files, _left = render(made, bubble="CAROUSEL_FEED")
    assert len(document["cards"]) == 3


@settings(max_examples=40, deadline=None)
@given(
    titles=st.lists(st.text(max_size=400), min_size=2, max_size=8),
    kind=st.sampled_from(["auto", "TEXT", "IMAGE", "WIDE", "CAROUSEL_FEED", "WIDE_ITEM_LIST"]),
)
def test_no_text_breaks_a_limit(titles, kind):
    """Whatever titles and leads hold, the document obeys schema and limits, with headroom for emoji (P53)."""
    cards = tuple(
        p.Card(
            story=story(
                f"s{n}", entry(str(n), "blog", p.Kind.POST, title, lead=title[::-1], image=image(str(n), title))
            ),
            note=title,
        )
        for n, title in enumerate(titles)
    )
    render(
        digest(title="🎉" + titles[0], sections=(p.Section(key="news", title=titles[-1], cards=cards),)), bubble=kind
    )


def test_emoji_keep_headroom():
    """A header with emoji stays 10 % below its limit."""
    document, _files, _left = render(replace(illustrated(4), title="🎉🎉 가온 배움소식 아주 긴 제목입니다 정말로"))
    assert _bubble.length(document["header"]) <= 18


def test_the_check_refuses_what_is_too_long():
    """Nothing beyond a limit leaves the renderer."""
    document = _bubble.empty("TEXT", "daily/2026-11-23") | {"text": "가" * 1301}
    with pytest.raises(p.RenderError, match="1301 > 1300"):
        _bubble.closed(document)
    assert list(_bubble.problems(_bubble.empty("CAROUSEL_FEED", "x")))


def test_pictures_are_files_of_the_rendering_in_exact_ratios():
    """Each picture of a bubble is an artifact beside it, exactly 2:1 or 1:1; stories without one of ours are told in text."""
    made = illustrated(4)
    document, _files, _left = render(made)
    assert [shown["ratio"] for shown in document["images"]] == ["2:1", "1:1", "1:1", "1:1"]
    for shown in document["images"]:
        across, down = (int(n) for n in shown["ratio"].split(":"))
        assert shown["width"] * down == shown["height"] * across
    out = [a for a in kakao.render(kakao.Options(), made) if isinstance(a, p.Artifact) and a.on_disk]
    assert [(a.path, a.media_type, a.on_disk.sha256) for a in out] == [
        (shown["file"], "image/jpeg", shown["sha256"]) for shown in document["images"]
    ]


def test_a_picture_we_do_not_have_is_no_picture():
    """The source names one, but nothing of ours was made of it: a text bubble."""
    cards = tuple(
        p.Card(story=story(f"s{n}", replace(entry(str(n), "blog", p.Kind.POST, "글", image=image("x")), picture=None)))
        for n in range(4)
    )
    assert render(digest(sections=(p.Section(key="n", title="소식", cards=cards),)))[0]["type"] == "TEXT"
