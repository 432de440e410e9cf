"""What addresses and pages without lists tell: channels, platforms, feeds, boards to go on to, and what is in the way."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from pipeline.discover import addresses, jsonlists, looks
from tests.fakes import document

BASE = "https://www.gaon.example.go.kr/main.do"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://siheung.gseek.kr/", "https://siheung.gseek.kr/user/course/offline/list"),
        (
            "https://learn.example.go.kr/user/course/offline/view?s_sbjct_sn=1",
            "https://learn.example.go.kr/user/course/offline/list",
        ),
        (
            "https://learn.example.go.kr/edu/user/course/offline/list?p=2",
            "https://learn.example.go.kr/edu/user/course/offline/list",
        ),
        ("https://gseek.kr.example.com/", ""),
        ("https://www.example.go.kr/course/list.do", ""),
    ],
)
def test_a_course_platform_is_known_by_its_addresses(url: str, expected: str) -> None:
    """Host or route; never a host that only looks alike, and always the list."""
    assert addresses.course_platform(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "https://www.example.com/watch?v=a",
        "https://youtube.com.example.kr/@a",
        "https://www.youtube.com/",
        "https://www.youtube.com/feed/trending",
    ],
)
def test_other_addresses_are_no_channels(url: str) -> None:
    """Look-alike hosts are strangers."""
    assert addresses.tube(url) is None


def test_a_channels_feed_is_its_channel() -> None:
    """Who pastes the feed gets the source that knows more than it tells."""
    base = "https://www.youtube.com/feeds/videos.xml"
    assert addresses.tube(f"{base}?channel_id=UCabcdefghijklmnopqrstuv") == addresses.Tube(
        channel="UCabcdefghijklmnopqrstuv"
    )
    assert addresses.tube(f"{base}?playlist_id=PL0123456789abcdef") == addresses.Tube(playlist="PL0123456789abcdef")


def test_boards_are_named_by_their_words() -> None:
    """Links that name a board, each once, those with a board's address first; no files, no anchors, no other menus."""
    links = [
        ("/intro", "공지사항 안내"),
        ("/bbs/list.do?id=1", "공지사항"),
        ("/x.pdf", "보도자료"),
        ("#a", "새소식"),
        ("/mayor", "시장실"),
        ("/bbs/list.do?id=1", "공지사항"),
        ("/edu/course.do", "강좌 신청"),
    ]
    body = "".join(f"<a href='{href}'>{word}</a>" for href, word in links)
    found = looks.boards_on(LexborHTMLParser(body), BASE)
    assert [step.title for step in found] == ["공지사항", "강좌 신청"]
    assert found[0].url == "https://www.gaon.example.go.kr/bbs/list.do?id=1"


def test_feeds_in_the_head_go_before_links_in_words() -> None:
    """Both are feeds; at most three are asked."""
    text = '<head><link rel="alternate" type="application/rss+xml" href="/a.xml"></head><body><a href="/bbs/rssList.do?id=1">RSS</a><a href="/press">보도</a><a href="/feed/">피드</a><a href="/b/rss">3</a><a href="/carssale">차</a></body>'
    found = looks.feeds_on(text, LexborHTMLParser(text), BASE)
    assert [link.url.removeprefix("https://www.gaon.example.go.kr") for link in found] == [
        "/a.xml",
        "/bbs/rssList.do?id=1",
        "/feed/",
    ]


def test_frames_of_the_same_site_only() -> None:
    """An advertisement's frame is nobody's list."""
    text = "<iframe src='/list.do'></iframe><iframe src='https://ads.example.com/'></iframe><frame src='http://www.gaon.example.go.kr/b'>"
    assert looks.frames_on(LexborHTMLParser(text), BASE) == ("https://www.gaon.example.go.kr/list.do",)


@pytest.mark.parametrize(
    ("head", "asked", "expected"),
    [
        ({"media_type": "application/x-hwp"}, "", "file"),
        ({"headers": (("content-disposition", "attachment; filename=a.hwp"),)}, "", "file"),
        ({"media_type": "image/png"}, "", "file"),
        (
            {"url": "https://a.example.go.kr/member/login.do", "requested_url": "https://a.example.go.kr/list.do"},
            "",
            "login",
        ),
        ({}, "", "no-list"),
    ],
)
def test_what_came_instead_is_told_apart(head: dict[str, object], asked: str, expected: str) -> None:
    """Files, log-ins and pages of text are different next steps."""
    text = "<p>" + "글 " * 400 + "</p>"
    url = str(head.pop("url", "https://a.example.go.kr/list.do"))
    assert looks.what_is(document(url, text.encode(), **head), text, LexborHTMLParser(text)) == expected


ROWS = [
    {
        "no": n,
        "subject": f"배움터 강좌 안내 {n}호",
        "regDt": f"2026-11-{n:02}",
        "modDt": f"2026-11-{n + 1:02}",
        "url": f"/view/{n}",
        "notiYn": "N",
        "deptNm": "평생학습과",
    }
    for n in range(10, 20)
]


def test_a_list_in_an_answer_is_named_by_its_keys() -> None:
    """Path, title, posting date (not the change's), link, pin and department."""
    import json

    text = json.dumps(
        {"code": 0, "data": {"paging": {"total": 100}, "menu": [{"name": "홈"}, {"name": "소식"}], "list": ROWS}},
        ensure_ascii=False,
    )
    best = jsonlists.in_answer(text)[0]
    assert best.recipe == {
        "rows": "json:data.list",
        "title": "subject",
        "date": "regDt",
        "link": "url",
        "pinned": "notiYn",
        "department": "deptNm",
    }
    assert best.confidence >= 0.9
    assert jsonlists.in_answer(f"callback({text});")[0].recipe["rows"] == "json:data.list"


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "[1,2]", '{"a": {"b": 1}}', '[{"id": 1}, {"id": 2}]', '[{"title": "가"}]', "[" * 5000]
)
def test_what_is_no_list_gives_none(text: str) -> None:
    """Numbers, one row, broken or bottomless JSON."""
    assert jsonlists.in_answer(text) == ()


def test_scripts_are_read_as_data_never_run() -> None:
    """A variable given JSON, and a script that is JSON; code gives nothing."""
    import json

    rows = json.dumps(ROWS, ensure_ascii=False)
    assert jsonlists.in_scripts([f"window.boardList = {rows}; go();"])[0].recipe["rows"] == "json:boardList"
    assert jsonlists.in_scripts([f'{{"props": {{"list": {rows}}}}}'])[0].recipe["rows"] == "json:props.list"
    assert jsonlists.in_scripts(["var a = [for (x of y) x]; b = {c: 1}"]) == ()
