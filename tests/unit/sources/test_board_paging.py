"""Every way of asking for the next page, over every way a board ends: each article once, few requests, nothing shared."""

import base64
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest

import pipeline.model as p
from sources import board
from tests.boards import synthetic as made
from tests.unit.sources.talk import Web, document

LOOK = made.Look()
ALL = made.articles(23)
TOP = made.articles(0, pinned=2)


def _query(request: p.Request) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(request.url).query))


def _form(request: p.Request) -> dict[str, str]:
    return dict(parse_qsl((request.body or b"").decode()))


def _inside(packed: str) -> dict[str, str]:
    return dict(parse_qsl(base64.b64decode(packed.removesuffix("||")).decode()))


PACKED = base64.b64encode(b"startPage=0&code=sub01b").decode() + "%7C%7C"
# options of an editor, and how the site reads the page (from 0) of a request
PAGINGS = {
    **{
        name: ({"paging": {"param": name}}, lambda q, n=name: int(_query(q).get(n, 1)) - 1)
        for name in ("page", "pageIndex", "pageNo", "currentPage", "cpage", "nPage", "c_paged", "po")
    },
    "offset": (
        {"paging": {"param": "article.offset", "start": 0, "step": 10}},
        lambda q: int(_query(q).get("article.offset", 0)) // 10,
    ),
    "path": (
        {"url": f"{made.HOST}/notice", "paging": {"template": "/notice/page/{page}"}},
        lambda q: int(urlsplit(q.url).path.rpartition("/page/")[2] or 1) - 1 if "/page/" in q.url else 0,
    ),
    "post": (
        {"method": "POST", "form": {"bbsId": "B7", "pageIndex": "1"}, "paging": {"param": "pageIndex"}},
        lambda q: int(_form(q)["pageIndex"]) - 1,
    ),
    "base64": (
        {"url": f"{made.HOST}/list.php?bbs_data={PACKED}", "paging": {"packed": "bbs_data", "param": "startPage", "start": 0, "step": 10}},
        lambda q: int(_inside(_query(q)["bbs_data"])["startPage"]) // 10,
    ),
}  # fmt: skip
PAST = ("empty", "sentence", "no-tbody", "last-again", "first-again", "no-list")


def options(**more: object) -> board.Options:
    return board.Options.model_validate({**LOOK.options, "pages": 10, **more})


def titles(opts: board.Options, fetched: p.Fetched) -> list[str]:
    return [item.title for item in board.parse(opts, fetched)]


def shown(number: int, past: str, flow: list[made.Article], *, size: int = 10) -> bytes:
    """Page ``number`` of a board with pinned rows on every page."""
    last = (len(flow) - 1) // size
    if number > last:
        if past == "no-list":
            return "<html><body><h1>알림마당</h1><p>처음으로 돌아가기</p></body></html>".encode()
        if past in ("empty", "sentence", "no-tbody"):
            return LOOK.page([], past=past)
        number = last if past == "last-again" else 0
    return LOOK.page([*TOP, *flow[number * size : (number + 1) * size]])


@pytest.mark.parametrize("past", PAST)
@pytest.mark.parametrize("paging", PAGINGS)
def test_a_first_night_reads_every_page_once(paging: str, past: str) -> None:
    """All articles of three pages, each once, with one request beyond the last page at most; the next night asks once."""
    keys, number_of = PAGINGS[paging]
    opts = options(**keys)
    web = Web(lambda q: document(q.url, shown(number_of(q), past, ALL), requested_url=q.url))
    fetched = web.run(board.fetch(opts, {}))
    assert titles(opts, fetched) == [a.title for a in (*TOP, *ALL)]
    assert [number_of(q) for q in web.asked] == [0, 1, 2, 3]
    assert web.run(board.fetch(opts, fetched.memo)) is None
    assert len(web.asked) == 1


def test_a_post_that_arrives_while_paging_is_neither_lost_nor_told_twice() -> None:
    """Everything moves down by one between two pages; the newcomer is tomorrow's."""
    opts = options(paging={"param": "pageIndex"})
    flow = list(ALL)
    newcomer = replace(ALL[0], number=801, title="방금 올라온 글 801호")

    def answer(request: p.Request) -> p.Document:
        number = int(_query(request).get("pageIndex", 1)) - 1
        body = shown(number, "empty", flow)
        if number == 0 and newcomer not in flow:
            flow.insert(0, newcomer)
        return document(request.url, body, requested_url=request.url)

    web = Web(answer)
    first = web.run(board.fetch(opts, {}))
    assert titles(opts, first) == [a.title for a in (*TOP, *ALL)]
    second = web.run(board.fetch(opts, first.memo))
    assert titles(opts, second) == [newcomer.title]


def test_a_first_page_of_pinned_rows_only_does_not_end_the_list() -> None:
    """Where pinned rows fill the first page, the news is on the second."""
    pages = [LOOK.page(TOP), LOOK.page([*TOP, *ALL[:5]]), LOOK.page(TOP)]
    opts = options(paging={"param": "page"}, pinned="tr.notice")
    web = Web(lambda q: document(q.url, pages[min(int(_query(q).get("page", 1)), 3) - 1], requested_url=q.url))
    assert titles(opts, web.run(board.fetch(opts, {}))) == [a.title for a in (*TOP, *ALL[:5])]
    assert len(web.asked) == 3


def test_paging_stops_where_articles_are_too_old() -> None:
    """``days`` ends the first night early; old pinned rows do not."""
    opts = options(paging={"param": "page", "days": 10})
    web = Web(
        lambda q: document(q.url, shown(int(_query(q).get("page", 1)) - 1, "empty", ALL, size=4), requested_url=q.url)
    )
    assert len(titles(opts, web.run(board.fetch(opts, {})))) == 2 + 4 * 2
    assert len(web.asked) == 2


def test_a_session_is_carried_within_a_night_and_never_beyond() -> None:
    """What any page of the list's origin sets is shown to its next pages and articles; a deleted cookie is not."""
    opts = options(paging={"param": "page"}, pages=3, detail={"most": 2})
    sets = {
        "list": (("set-cookie", "JSESSIONID=A1; Path=/; HttpOnly"), ("set-cookie", "wcs=x; Max-Age=0"), ("set-cookie", "a=1")),
        "page": (("set-cookie", "JSESSIONID=B2; Path=/"), ("set-cookie", "a=; expires=Thu, 01 Jan 1970 00:00:00 GMT")),
        "view": (),
    }  # fmt: skip

    def answer(request: p.Request) -> p.Document:
        step = "view" if "view.do" in request.url else "page" if "page=" in request.url else "list"
        body = (
            b"<div class='view-con'>x</div>"
            if step == "view"
            else shown(int(_query(request).get("page", 1)) - 1, "empty", ALL[:12])
        )
        return document(request.url, body, requested_url=request.url, headers=sets[step])

    web = Web(answer)
    fetched = web.run(board.fetch(opts, {}))
    told = [dict(q.headers).get("Cookie") for q in web.asked]
    assert told == [None, "JSESSIONID=A1; a=1", "JSESSIONID=B2", "JSESSIONID=B2", "JSESSIONID=B2"]
    assert "B2" not in str(fetched.memo)
    web.run(board.fetch(options(url=f"{made.HOST}/other"), {}))
    assert "Cookie" not in dict(web.asked[0].headers)


VIEW = '<div><h3 class="t">{title}</h3><div class="view-con"><p>본문 {number}</p></div></div>'


@pytest.mark.parametrize("form", [{}, {"nttId": "{nttId}", "bbsId": "{bbsId}", "mId": "{mId}"}])
def test_articles_are_asked_for_by_post(form: dict[str, str]) -> None:
    """Sites that answer a form only: the row's values are sent, each answer goes to its own row, nothing is asked again."""
    look = made.Look(link="void-and-onclick")
    opts = options(**look.options, detail={"method": "POST", "form": form, "title": "h3.t"})
    few = ALL[:3]

    def answer(request: p.Request) -> p.Document:
        if "view.do" not in request.url:
            return document(request.url, look.page(few), requested_url=request.url)
        said = {**_query(request), **_form(request)}
        wanted = {"nttId", "bbsId", *form}
        assert (request.method, request.retry, wanted - set(said)) == ("POST", False, set())
        article = next(a for a in few if str(a.number) == _form(request)["nttId"])
        body = VIEW.format(title=article.title, number=article.number)
        return document(request.url, body, requested_url=request.url)

    web = Web(answer)
    fetched = web.run(board.fetch(opts, {}))
    read = [(i.title, i.body, i.url) for i in board.parse(opts, fetched)]
    assert read == [(a.title, f"<p>본문 {a.number}</p>", made.LINK_FORMS[look.link].url(a)) for a in few]
    assert web.run(board.fetch(opts, fetched.memo)) is None


def test_articles_behind_one_address_are_told_apart_by_their_form() -> None:
    """The address never changes, only the form does: a key keeps the rows apart, and so are their texts."""
    look = made.Look(link="one-argument")
    opts = options(
        **{**look.options, "link_template": "detail.do?mode=view"},
        key="{nttId}",
        detail={"method": "POST", "form": {"nttId": "{nttId}"}},
    )
    few = ALL[:3]

    def answer(request: p.Request) -> p.Document:
        if request.method == "GET":
            return document(request.url, look.page(few), requested_url=request.url)
        body = VIEW.format(title="", number=_form(request)["nttId"])
        return document(request.url, body, requested_url=request.url)

    fetched = Web(answer).run(board.fetch(opts, {}))
    assert [(i.key, i.body) for i in board.parse(opts, fetched)] == [
        (str(a.number), f"<p>본문 {a.number}</p>") for a in few
    ]


def test_a_server_cannot_speak_under_our_names() -> None:
    """A header that looks like ours neither hides a row nor turns the list into an article."""
    opts = options()
    headers = (("moa-article", "x"), ("moa-known", "y"))
    body = LOOK.page(ALL[:3])
    fetched = Web(lambda q: document(q.url, body, requested_url=q.url, headers=headers)).run(board.fetch(opts, {}))
    assert titles(opts, fetched) == [a.title for a in ALL[:3]]


def test_a_base64_address_is_one_article_on_every_page() -> None:
    """The packed query holds the row's place, which moves; the article is known all the same."""
    look = made.Look(link="base64")
    opts = options(**look.options)
    before = look.page(ALL[:3])
    moved = before
    for article in ALL[:3]:
        inner = f"idx={article.number}&startPage=10&listNo=7{article.number}&table=cs_bbs"
        moved = moved.replace(made._packed(article).encode(), base64.b64encode(inner.encode()) + b"||")
    bodies = iter([before, moved])
    web = Web(lambda q: document(q.url, next(bodies), requested_url=q.url))
    fetched = web.run(board.fetch(opts, {}))
    assert before != moved
    assert web.run(board.fetch(opts, fetched.memo)) is None


@pytest.mark.parametrize("detail_title", ["", "{title}", "{title} 한 글자도 빠짐없이 적은 온 제목"])
def test_a_title_cut_without_a_sign_is_completed(detail_title: str) -> None:
    """eGovFrame cuts after 40 characters and shows no dots; the article's own page knows the whole title."""
    title = "가온시 평생학습관 하반기 정규 강좌 수강생을 다음과 같이 모집하니 많"
    listed = replace(ALL[0], title=title)
    opts = options(detail={"title": "h3.t"})
    whole = detail_title.format(title=title)
    body = VIEW.format(title=whole, number=1)
    web = Web(lambda q: document(q.url, body if "view.do" in q.url else LOOK.page([listed]), requested_url=q.url))
    assert titles(opts, web.run(board.fetch(opts, {}))) == [whole or title]


@pytest.mark.parametrize(
    ("more", "is_found"),
    [
        ({}, False),
        ({"paging": {"param": "page", "newest_first": False}}, True),
        ({"course": {"fee": "th:조회"}}, True),
        ({"course": {"fee": "th:조회"}, "paging": {"param": "page", "newest_first": True}}, False),
    ],
)
def test_a_list_in_another_order_is_read_whole(more: dict[str, object], is_found: bool) -> None:
    """Courses stand by state or by name: a new one on the third page is found although the first page is known."""
    opts = options(**{"paging": {"param": "page"}, **more})
    flow = list(ALL)
    web = Web(lambda q: document(q.url, shown(int(_query(q).get("page", 1)) - 1, "empty", flow), requested_url=q.url))
    first = web.run(board.fetch(opts, {}))
    flow.append(replace(ALL[0], number=700, title="가나다순으로 끝에 온 강좌"))
    second = web.run(board.fetch(opts, first.memo))
    assert (second is not None and titles(opts, second) == ["가나다순으로 끝에 온 강좌"]) is is_found
    third = web.run(board.fetch(opts, second.memo if second else first.memo))
    assert third is None
