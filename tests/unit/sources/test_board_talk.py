"""What a board asks for over several nights, and what it remembers."""

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

import pipeline.model as p
from pipeline.collect.normalize import normalize
from sources import board

AT = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
URL = "https://learn.example.kr/bbs/list.do?bbsId=7"


def options(**more):
    keys = {"url": URL, "rows": "table.b tbody tr", "title": "td.t a", "date": "td.d", "pinned": "tr.top", **more}
    return board.Options.model_validate(keys)


def row(number: int, title: str = "", *, pinned: bool = False, hits: int = 0) -> str:
    title = title or f"배움 소식 {number}호"
    mark = ' class="top"' if pinned else ""
    return (
        f'<tr{mark}><td class="t"><a href="view.do?n={number}">{title}</a></td>'
        f'<td class="d">2026-11-{number % 28 + 1:02d}</td><td>{hits}</td></tr>'
    )


def page(*rows: str) -> bytes:
    return f'<html><body><table class="b"><tbody>{"".join(rows)}</tbody></table></body></html>'.encode()


class Site:
    """Plays the web: a function from request to body bytes or an error."""

    def __init__(self, answer) -> None:
        self.answer, self.asked = answer, []

    def night(self, opts, memo):
        self.asked = []
        talk = board.fetch(opts, memo)
        try:
            request = next(talk)
            while True:
                self.asked.append(request)
                got = self.answer(request)
                request = talk.throw(got) if isinstance(got, Exception) else talk.send(_document(request, got))
        except StopIteration as end:
            return end.value


def _document(request: p.Request, body: bytes | None) -> p.Document:
    base = p.Document(url=request.url, requested_url=request.url, media_type="text/html", fetched_at=AT)
    return replace(base, is_unchanged=True) if body is None else replace(base, body=body, body_hash=str(hash(body)))


def items(opts, fetched) -> list[p.Item]:
    return list(board.parse(opts, fetched))


def number_of(request: p.Request) -> str:
    return parse_qs(urlsplit(request.url).query).get("pageIndex", ["1"])[0]


PAGED = {"paging": {"param": "pageIndex"}, "pages": 5}


def test_unchanged_page_ends_at_once() -> None:
    """304 or the same bytes end the conversation with one request and nothing to parse."""
    site = Site(lambda _request: None)
    assert site.night(options(**PAGED), {}) is None
    assert len(site.asked) == 1


def test_moved_counters_are_no_news() -> None:
    """A page whose rows say what they said is unchanged, whatever its counters show."""
    site = Site(lambda _request: page(row(2, hits=5), row(1, hits=9)))
    first = site.night(options(), {})
    site.answer = lambda _request: page(row(2, hits=6), row(1, hits=12))
    assert site.night(options(), first.memo) is None


def test_only_new_and_changed_rows_are_parsed() -> None:
    """Known rows are carried, not parsed; a changed title comes again under the same address."""
    site = Site(lambda _request: page(row(3), row(2), row(1)))
    first = site.night(options(), {})
    assert [i.title for i in items(options(), first)] == ["배움 소식 3호", "배움 소식 2호", "배움 소식 1호"]
    site.answer = lambda _request: page(row(4), row(3), row(2, "배움 소식 2호 (정정)"), row(1))
    second = site.night(options(), first.memo)
    assert ([i.title for i in items(options(), second)], second.carried) == (
        ["배움 소식 4호", "배움 소식 2호 (정정)"],
        2,
    )


def test_first_night_reads_pages_until_the_last_one_repeats() -> None:
    """A board that shows its last page again past the end is read once through."""
    pages = {"1": page(row(6), row(5)), "2": page(row(4), row(3)), "3": page(row(2), row(1))}
    site = Site(lambda request: pages.get(number_of(request), pages["3"]))
    fetched = site.night(options(**PAGED), {})
    assert [number_of(request) for request in site.asked] == ["1", "2", "3", "4"]
    assert len(items(options(**PAGED), fetched)) == 6


def test_paging_stops_at_known_articles_although_pinned_ones_return() -> None:
    """Pinned rows stand on every page; they neither stop paging nor keep it going."""
    top = row(1, pinned=True)
    pages = {"1": page(top, row(9), row(8)), "2": page(top, row(7), row(6)), "3": page(top, row(5))}
    site = Site(lambda request: pages.get(number_of(request), page(top)))
    first = site.night(options(**PAGED), {})
    assert [i.is_pinned for i in items(options(**PAGED), first)] == [True, False, False, False, False, False]
    pages["1"] = page(top, row(10), row(9))
    second = site.night(options(**PAGED), first.memo)
    assert [number_of(request) for request in site.asked] == ["1", "2"]
    assert [i.title for i in items(options(**PAGED), second)] == ["배움 소식 10호"]


def test_pages_are_capped() -> None:
    """A board without an end costs as many requests as the editor allows."""
    site = Site(lambda request: page(row(100 - int(number_of(request)))))
    site.night(options(**{**PAGED, "pages": 3}), {})
    assert len(site.asked) == 3


def test_a_failed_page_loses_nothing() -> None:
    """The first page counts; because the rest was not read, the next night asks for all of it again."""
    broken = {"2"}
    pages = {"1": page(row(6), row(5)), "2": page(row(4), row(3)), "3": page()}
    site = Site(lambda q: p.FetchError("time-out") if number_of(q) in broken else pages.get(number_of(q), page()))
    opts = options(**PAGED)
    first = site.night(opts, {})
    assert (len(items(opts, first)), [code for code, _text in first.warnings]) == (2, ["page-failed"])
    broken.clear()
    second = site.night(opts, first.memo)
    assert site.asked[0].conditional is False
    assert len(items(opts, second)) == 4


def test_a_missing_list_is_an_error_of_the_night() -> None:
    """A page without the list is a shape error, never an empty night."""
    site = Site(
        lambda _request: b"<html><body><h1>\xec\x83\x88 \xeb\x88\x84\xeb\xa6\xac\xec\xa7\x91</h1></body></html>"
    )
    with pytest.raises(p.ShapeError) as caught:
        site.night(options(), {})
    assert caught.value.code == "container-missing"


def test_a_list_that_lost_most_rows_is_judged() -> None:
    """Known rows only, but far fewer: the judge must see the numbers."""
    site = Site(lambda _request: page(*(row(n) for n in range(10))))
    first = site.night(options(), {})
    site.answer = lambda _request: page(row(1), row(2))
    second = site.night(options(), first.memo)
    assert (second.carried, items(options(), second)) == (2, [])


def test_details_are_read_for_new_rows_only_and_bounded() -> None:
    """Article pages are asked once each, at most so many a night; what is left comes the next night."""
    opts = options(detail={"body": "div.c", "most": "2"})

    def answer(request):
        if "view.do" in request.url:
            return f'<html><body><div class="c"><p>본문 {request.url[-1]}</p></div></body></html>'.encode()
        return page(row(3), row(2), row(1))

    site = Site(answer)
    first = site.night(opts, {})
    assert [(i.title, i.body) for i in items(opts, first)] == [
        ("배움 소식 3호", "<p>본문 3</p>"),
        ("배움 소식 2호", "<p>본문 2</p>"),
        ("배움 소식 1호", ""),
    ]
    second = site.night(opts, first.memo)
    assert [request.url[-1] for request in site.asked[1:]] == ["1"]
    assert [(i.title, i.body) for i in items(opts, second)] == [("배움 소식 1호", "<p>본문 1</p>")]
    assert site.night(opts, second.memo) is None


def test_a_detail_that_never_answers_is_given_up() -> None:
    """An article page that fails three nights no longer keeps its list from being known."""
    opts = options(detail={})
    site = Site(lambda q: p.RefusedError("403") if "view.do" in q.url else page(row(1)))
    memo = {}
    for _night in range(3):
        fetched = site.night(opts, memo)
        assert [i.title for i in items(opts, fetched)] == ["배움 소식 1호"]
        memo = fetched.memo
    assert site.night(opts, memo) is None
    assert len(site.asked) == 1


def test_an_edited_row_keeps_its_text_while_its_page_is_down() -> None:
    """An article known with its text is not told again without it; the edit comes when its page answers."""
    opts = options(detail={"body": "div.c"})
    state = {"title": "처음 제목", "down": False}

    def answer(request):
        if "view.do" not in request.url:
            return page(row(1, state["title"]), row(2))
        return (
            p.FetchError("time-out") if state["down"] else b'<html><body><div class="c"><p>body</p></div></body></html>'
        )

    site = Site(answer)
    first = site.night(opts, {})
    state.update(title="고친 제목", down=True)
    second = site.night(opts, first.memo)
    assert (items(opts, second), second.carried) == ([], 2)
    again = site.night(opts, second.memo)
    assert items(opts, again) == []
    state["down"] = False
    third = site.night(opts, again.memo)
    assert [(i.title, i.body) for i in items(opts, third)] == [("고친 제목", "<p>body</p>")]
    state.update(title="또 고친 제목", down=True)
    memo = third.memo
    for _night in range(3):
        last = site.night(opts, memo)
        memo = last.memo
    assert [(i.title, i.body) for i in items(opts, last)] == [("또 고친 제목", "")]
    assert site.night(opts, memo) is None


def test_post_list_sends_its_form_and_knows_itself() -> None:
    """A POST list has no validators: the same body again is unchanged; the page number goes into the form."""
    opts = options(method="POST", form={"bbsId": "B_1", "pageIndex": "1"}, warm_up="https://learn.example.kr/", **PAGED)
    pages = {b"bbsId=B_1&pageIndex=1": page(row(2)), b"bbsId=B_1&pageIndex=2": page(row(1))}
    site = Site(lambda q: b"<html>hello</html>" if q.method == "GET" else pages.get(q.body, page()))
    first = site.night(opts, {})
    assert [(q.method, q.body) for q in site.asked] == [
        ("GET", None),
        ("POST", b"bbsId=B_1&pageIndex=1"),
        ("POST", b"bbsId=B_1&pageIndex=2"),
        ("POST", b"bbsId=B_1&pageIndex=3"),
    ]
    assert len(items(opts, first)) == 2
    assert site.night(opts, first.memo) is None
    assert len(site.asked) == 2


def test_a_session_begun_at_the_door_is_shown_inside() -> None:
    """What the warm-up page sets goes to the same origin that night, to no other, and into no memo."""
    opts = options(warm_up="https://learn.example.kr/", detail={})
    asked: list[p.Request] = []
    cookies = (
        ("set-cookie", "JSESSIONID=A1.b; Path=/; HttpOnly"),
        ("set-cookie", "bad value"),
        ("set-cookie", "lang=ko"),
    )
    body = page(row(1)).replace(
        b"</tbody>",
        b'<tr><td class="t"><a href="https://other.example.kr/2">\xeb\x8b\xa4\xeb\xa5\xb8 \xea\xb3\xb3</a></td></tr></tbody>',
    )
    talk = board.fetch(opts, {})
    request = next(talk)
    with pytest.raises(StopIteration) as end:
        while True:
            asked.append(request)
            request = talk.send(replace(_document(request, body), headers=cookies))
    shown = [dict(request.headers).get("Cookie") for request in asked]
    assert shown == [None, "JSESSIONID=A1.b; lang=ko", "JSESSIONID=A1.b; lang=ko", None]
    assert "A1.b" not in str(end.value.value.memo)


def test_page_address_keeps_everything_else() -> None:
    """Only the page parameter changes; a template gives whole addresses; offsets count in steps."""
    asked = []
    for paging in (
        {"param": "bbsId"},
        {"param": "article.offset", "start": "0", "step": "10"},
        {"template": "/notice/page/{page}"},
    ):
        site = Site(lambda q: page(row(len(q.url) + len(site.asked))))
        site.night(options(paging=paging, pages=2), {})
        asked.append(site.asked[1].url)
    assert asked == [
        "https://learn.example.kr/bbs/list.do?bbsId=2",
        URL + "&article.offset=10",
        "https://learn.example.kr/notice/page/2",
    ]


def test_memo_stays_small() -> None:
    """A busy board does not grow its memory without end."""
    memo = {}
    for night in range(30):
        site = Site(lambda _request, n=night: page(*(row(n * 20 + k) for k in range(20))))
        memo = site.night(options(), memo).memo
    assert len(memo["known"]) <= 110


def test_one_article_pinned_and_in_the_flow_is_one_entry() -> None:
    """The same article twice is one item, pinned, once in the store."""
    fetched = Site(lambda _request: page(row(5, pinned=True), row(6), row(5))).night(options(), {})
    spec = p.SourceSpec(id="b", name="b", kind="board", options=options(), url=URL)
    kept = normalize(board.parse(options(), fetched), spec, now=AT)
    assert [(e.title, e.is_pinned) for e in kept.entries] == [("배움 소식 5호", True), ("배움 소식 6호", False)]
    assert kept.dropped == []


def test_rows_under_one_address_are_articles_of_their_own() -> None:
    """Where every row leads to the same address, pinned ones too, titles tell the articles apart; none is lost."""
    line = '<tr{}><td class="t"><a href="view.do">{}</a></td><td class="d">2026-11-20</td></tr>'
    rows = [(' class="top"', "휴관 안내"), (' class="top"', "이용 안내"), ("", "입점 신청")]
    fetched = Site(lambda _request: page(*(line.format(*row) for row in rows))).night(options(), {})
    assert [(i.title, i.is_pinned) for i in items(options(), fetched)] == [
        ("휴관 안내", True),
        ("이용 안내", True),
        ("입점 신청", False),
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"<div>" * 5000,
        b"<p " + b" ".join(b"a%d=1" % n for n in range(5000)) + b">x",
        b"<div><table></div></table>" * 400,
    ],
)
def test_a_monstrous_page_never_reaches_the_row_reader(body: bytes) -> None:
    """Nesting and attributes beyond every real page are refused as unreadable."""
    with pytest.raises(p.ShapeError) as caught:
        Site(lambda _request: body).night(options(), {})
    assert caught.value.code == "unreadable"


@pytest.mark.parametrize("key", ["rows", "title", "date", "pinned"])
def test_a_broken_selector_is_a_configuration_error(key: str) -> None:
    """CSS the engine cannot read is named when the file is checked, not in the night."""
    with pytest.raises(ValueError, match="not a CSS selector"):
        options(**{key: "td["})


def test_every_key_is_described_for_editors() -> None:
    """Each key of the kind has a sentence and an example in the schema."""
    for model in (board.Options, board.Detail, board.CourseFields, board.Paging):
        for name, field in model.model_fields.items():
            assert field.description, f"{model.__name__}.{name}"
