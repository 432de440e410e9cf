"""Page parameters, packed or plain: what is set can be read back, everything else stays."""

from urllib.parse import parse_qsl, urlsplit

from hypothesis import given, settings
from hypothesis import strategies as st

from sources import _board_asking, _board_links
from sources._board_options import Options, Paging

NAMES = st.text("abcdefghijklmnopqrstuvwxyzABC_.09", min_size=1, max_size=12).filter(lambda n: n[0].isalpha())
VALUES = st.text(min_size=0, max_size=20).filter(lambda v: not any("\ud800" <= c <= "\udfff" for c in v))
QUERIES = st.dictionaries(NAMES, VALUES, max_size=6)


def address(query: dict[str, str]) -> str:
    from urllib.parse import urlencode

    return "https://a.example.go.kr/list.do" + ("?" + urlencode(query) if query else "")


@settings(deadline=None)
@given(QUERIES, NAMES, st.integers(0, 10_000))
def test_a_plain_page_parameter(query: dict[str, str], name: str, page: int) -> None:
    """It is set once, where it stood or at the end; the other parameters keep value and order."""
    made = _board_asking.with_param(address(query), Paging(param=name), str(page))
    pairs = parse_qsl(urlsplit(made).query, keep_blank_values=True)
    assert [pair for pair in pairs if pair[0] != name] == [(k, v) for k, v in query.items() if k != name]
    assert [value for key, value in pairs if key == name] == [str(page)]
    assert _board_asking.with_param(made, Paging(param=name), str(page)) == made


@settings(deadline=None)
@given(QUERIES, st.dictionaries(NAMES, st.text("abc019", min_size=1), max_size=4), st.integers(0, 10_000))
def test_a_packed_page_parameter(query: dict[str, str], inner: dict[str, str], page: int) -> None:
    """The number stands inside the Base64, what stood there stays, and a second turn changes only the number."""
    paging = Paging(packed="bbs_data", param="startPage", start=0, step=10)
    query.pop("bbs_data", None)
    inner.pop("startPage", None)
    once = _board_asking.with_param(address(query), paging, "0")
    for name, value in inner.items():
        once = _board_asking.with_param(once, Paging(packed="bbs_data", param=name), value)
    twice = _board_asking.with_param(once, paging, str(page))
    told = dict(parse_qsl(urlsplit(twice).query, keep_blank_values=True))
    assert dict(_board_links.unpacked(told.pop("bbs_data"))) == {**inner, "startPage": str(page)}
    assert told == query


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_value_may_be_looked_into(value: str) -> None:
    """Whatever a parameter holds, looking for a packed query neither fails nor invents names without values."""
    assert all(isinstance(name, str) and value for name, value in _board_links.unpacked(value))


@settings(deadline=None)
@given(VALUES, VALUES)
def test_a_value_stays_one_value(one: str, two: str) -> None:
    """``&``, ``#`` and blanks in what a row says cannot add parameters to an address."""
    from pipeline.text import urls

    written = _board_links.fill("view.do?a={1}&b={2}", {"1": one, "2": two}, is_address=True)
    made = urls.absolute("https://a.example.go.kr/list.do", written)
    if made is not None:
        assert [name for name, _value in parse_qsl(urlsplit(made).query, keep_blank_values=True)] == ["a", "b"]


def test_addresses_beside_the_boards_own() -> None:
    """A relative one is the board's neighbour, a whole one is itself, none is the board."""
    options = Options.model_validate({"url": "https://a.example.go.kr/b/page.do?boardId=7", "rows": "tr", "title": "a"})
    assert _board_asking.address(options, "list.do?id={boardId}") == "https://a.example.go.kr/b/list.do?id=7"
    assert _board_asking.address(options, "https://c.example.go.kr/x") == "https://c.example.go.kr/x"
    assert _board_asking.address(options, "") == options.url
    assert _board_asking.address(options, "list.do?id={unknown}") == options.url
