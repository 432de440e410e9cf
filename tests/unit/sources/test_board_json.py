"""Lists that are JSON, in an answer or in a page's script, become the same items as lists in markup."""

import json

import pytest

import pipeline.model as p
from sources import board
from tests.boards import synthetic as made
from tests.unit.sources.talk import document

ALL = made.articles(4, pinned=1)
ROWS = [
    {
        "nttId": a.number,
        "nttSj": a.title.replace("<", "&lt;").replace(">", "&gt;"),
        "regDt": f"{a.on:%Y%m%d}102207",
        "noticeYn": "Y" if a.is_pinned else "N",
        "dept": {"nm": "평생학습과"},
        "files": [{"path": f"/thumb/{a.number}.jpg"}],
        "cn": "<p>본문</p>",
    }
    for a in ALL
]
KEYS = {
    "url": made.LIST,
    "title": "nttSj",
    "date": "regDt",
    "pinned": "noticeYn",
    "department": "dept.nm",
    "image": "files[0].path",
    "key": "{nttId}",
    "link_template": "view.do?bbsId={bbsId}&nttId={nttId}",
}
WHOLE = json.dumps({"data": {"list": ROWS, "total": 5}}, ensure_ascii=False)
QUOTED = json.dumps(json.dumps(ROWS))
NEXT = {"props": {"pageProps": {"groups": [{"rows": ROWS[:2]}, {"rows": ROWS[2:]}]}}}


def page(script: str) -> str:
    return f"<html><head><script>var a = {{b: 1}};</script></head><body><div id='list'></div><script>{script}</script></body></html>"


SHAPES = {
    "answer": ("json:data.list", WHOLE),
    "answer-with-star": ("json:data.list[*]", WHOLE),
    "answer-is-the-list": ("json:", json.dumps(ROWS)),
    "jsonp": ("json:data.list", f"callback_1({WHOLE});"),
    "guarded": ("json:data.list", ")]}',\n" + WHOLE),
    "variable": ("json:boardList", page(f"let boardList = {json.dumps(ROWS)};\nrender(boardList);")),
    "window": ("json:window.__DATA__.data.list", page(f"window.__DATA__={WHOLE};")),
    "bracketed": ("json:window.__DATA__.data.list", page(f'window["__DATA__"] = {WHOLE}')),
    "parsed": ("json:boardList", page(f"const boardList = JSON.parse({QUOTED});")),
    "parsed-single": ("json:boardList", page("var boardList=JSON.parse('" + QUOTED[1:-1].replace('\\"', '"').replace("'", "\\'") + "')")),
    "next": (
        "json:props.pageProps.groups.rows",
        f'<html><body><script id="__NEXT_DATA__" type="application/json">{json.dumps(NEXT)}</script></body></html>',
    ),
    "property": ("json:items", page(f"new Board({{ el: '#list', items: {json.dumps(ROWS)} }});")),
}  # fmt: skip


def read(rows: str, said: str, /, **more: object) -> list[p.Item]:
    options = board.Options.model_validate({**KEYS, "rows": rows, **more})
    return list(board.parse(options, p.Fetched(documents=(document(made.LIST, said),))))


@pytest.mark.parametrize("shape", SHAPES)
def test_a_json_list_gives_its_items(shape: str) -> None:
    """Every field is found by its name, entities are read, numbers build the address."""
    items = read(*SHAPES[shape])
    assert [(i.key, i.title, i.is_pinned, i.department, i.image.url) for i in items] == [
        (str(a.number), a.title, a.is_pinned, "평생학습과", f"/thumb/{a.number}.jpg") for a in ALL
    ]
    assert [i.url for i in items] == [f"{made.HOST}/portal/bbs/view.do?bbsId=B7&nttId={a.number}" for a in ALL]
    assert [i.published.text for i in items] == [f"{a.on:%Y%m%d}102207" for a in ALL]


def test_a_link_and_a_body_may_be_values_too() -> None:
    """``link`` names a value that is an address; ``body`` one that is markup."""
    rows = json.dumps([{"t": "가", "u": "/v/1", "b": "<p>나</p>"}, {"t": "다", "u": "go('7')", "b": None}])
    (first, second) = read("json:", rows, title="t", link="u", link_template="", key="", body="b")
    assert (first.url, first.body) == (f"{made.HOST}/v/1", "<p>나</p>")
    assert (second.title, second.body) == ("다", "")


def test_courses_may_be_json() -> None:
    """A course list in JSON keeps its facts."""
    rows = json.dumps({"list": [{"nm": "도자기", "edu": {"term": "2026-12-01 ~ 2026-12-22"}, "cnt": 20, "fee": None}]})
    (item,) = read(
        "json:list",
        rows,
        title="nm",
        course={"teach": "edu.term", "capacity": "cnt", "fee": "fee"},
        key="",
        link_template="",
    )
    assert (item.course.teach, item.course.capacity, item.course.fee) == ("2026-12-01 ~ 2026-12-22", "20", "")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('{"data": {"list": []}}', ""),
        ('{"data": {"list": null}}', "container-missing"),
        ('{"error": "no"}', "container-missing"),
        ('{"data": {"list": [', "container-missing"),
        ("[" * 100_000, "container-missing"),
        ("<html><body><h1>알림</h1></body></html>", "container-missing"),
        ("<html><title>로그인</title><form>로그인 후 이용<input type='password'></form></html>", "login-page"),
        ("<html><title>시스템 점검 중입니다</title><body>점검 안내</body></html>", "maintenance"),
        ('{"data": {"list": [{"x": 1}]}}', "title-missing"),
        ("", "unreadable"),
    ],
)  # fmt: skip
def test_no_list_is_never_an_empty_list(body: str, code: str) -> None:
    """An empty list is empty; anything else is named as what it is."""
    if not code:
        assert read("json:data.list", body) == []
        return
    with pytest.raises(p.ShapeError) as caught:
        read("json:data.list", body)
    assert caught.value.code == code


def test_a_json_list_is_asked_for_as_such() -> None:
    """An endpoint that can answer both ways is told what we read."""
    talk = board.fetch(board.Options.model_validate({**KEYS, "rows": "json:data.list"}), {})
    assert dict(next(talk).headers)["Accept"].startswith("application/json")
