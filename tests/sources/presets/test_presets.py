"""Pages as each board program writes them (texts invented): the preset is recognised there and nowhere else, and reads it.

A case is a folder ``<preset>`` or ``<preset>-<look>`` with ``list.html``, ``url.txt`` and ``expected.json`` (fields that are not
empty). Rewrite with ``python -m tests.sources.presets.test_presets`` and read the diff.
"""

import json
import re
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

import pipeline.model as p
from pipeline.discover.fingerprints import recognise
from pipeline.registry import Registry
from pipeline.settings.presets import Presets, laid_under
from sources import _board_detail, board
from tests.boards import synthetic
from tests.unit.sources.talk import Web, document

HERE = Path(__file__).parent
CASES = sorted(folder.name for folder in HERE.iterdir() if (folder / "list.html").is_file())
PRESETS = Presets(None, Registry(installed=False))
AT = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)


def preset_of(case: str) -> str:
    return max((name for name in PRESETS.names() if case == name or case.startswith(f"{name}-")), key=len)


def page_of(case: str) -> tuple[str, str]:
    return (HERE / case / "url.txt").read_text().strip(), (HERE / case / "list.html").read_text("utf-8")


def options_of(case: str) -> board.Options:
    found = PRESETS.get(preset_of(case))
    return board.Options.model_validate(laid_under({"url": page_of(case)[0]}, found.use))


def items_of(case: str) -> list[dict[str, object]]:
    url, body = page_of(case)
    fetched = p.Fetched(documents=(p.Document(url=url, requested_url=url, body=body.encode(), fetched_at=AT),))
    told = []
    for item in board.parse(options_of(case), fetched):
        said = {k: v for k, v in asdict(item).items() if v and k not in ("base_url", "kind", "is_partial")}
        if "published" in said:
            said["published"] = said["published"]["text"]
        told.append(json.loads(json.dumps(said, default=str)))
    return told


@pytest.mark.parametrize("case", CASES)
def test_a_preset_reads_its_board(case: str) -> None:
    """The address alone is enough: titles, links, dates, pins and names come out right."""
    assert items_of(case) == json.loads((HERE / case / "expected.json").read_text("utf-8"))


@pytest.mark.parametrize("case", [name for name in CASES if (HERE / name / "detail.html").is_file()])
def test_a_preset_reads_an_articles_own_page(case: str) -> None:
    """The text alone, with its picture, without title, dates, files and footer; a title without the category before it."""
    url, body = page_of(case)
    options, own = options_of(case), (HERE / case / "detail.html").read_text("utf-8")
    web = Web(lambda q: document(q.url, body if q.url == url else own, requested_url=q.url))
    fetched = web.run(board.fetch(options, {}))
    item = next(board.parse(options, fetched))
    text = " ".join(re.sub(r"<[^>]*>", " ", item.body).split())
    assert (text, item.body.count("<img")) == ("참여를 바랍니다.", 1)
    article = next(each for each in fetched.documents if "moa-article" in dict(each.headers))
    assert _board_detail.read(options.detail, article).title == items_of(case)[0]["title"]
    files = {"gnuboard5": ["안내문.hwp"], "select-bbs-ntt": ["운영 시간.pdf"], "k2web": ["신청서.hwp"]}
    assert [a.name for a in item.attachments] == files.get(case, [])


def test_every_preset_has_a_page() -> None:
    """No preset is trusted without a page of its program."""
    assert {preset_of(case) for case in CASES} == set(PRESETS.names())


@pytest.mark.parametrize("case", CASES)
def test_a_preset_is_recognised_by_its_page(case: str) -> None:
    """On another host too the program's own preset comes first."""
    url, body = page_of(case)
    for host in (url, re.sub(r"//[^/]+/", "//board.other.example.net/", url)):
        assert recognise(host, body, [PRESETS.get(name) for name in PRESETS.names()])[0] == preset_of(case)


def test_a_page_of_no_program_is_not_recognised() -> None:
    """Plain boards, menus and hostile pages belong to nobody."""
    known = [PRESETS.get(name) for name in PRESETS.names()]
    for look in (synthetic.Look(), synthetic.Look(family="cards"), synthetic.Look(family="wrapped", link="data-id")):
        assert recognise(synthetic.LIST, look.page(synthetic.articles(5)).decode(), known) == ()
    assert recognise("https://a.example/", "<div>" * 5000, known) == ()
    assert recognise("https://a.example/", "no page", known) == ()


@pytest.mark.parametrize("case", CASES)
def test_an_empty_board_of_the_program_is_empty(case: str) -> None:
    """The program's list without rows is an empty list, not a broken one; a page without it is."""
    url, body = page_of(case)
    options = options_of(case)
    told = "<p>등록된 게시물이 없습니다.</p>"
    for whole, part in (("<tbody", "</tbody>"), ("<ul", "</ul>"), ("<table", "</table>"), ("<main>", "</main>")):
        first = body.find(whole, body.find("</ul>") + 5)
        if first >= 0:
            inner = body.find(">", first) + 1
            body = body[:inner] + told + body[body.rfind(part) :]
            break
    assert list(board.parse(options, p.Fetched(documents=(document(url, body),)))) == []
    with pytest.raises(p.ShapeError):
        list(
            board.parse(
                options,
                p.Fetched(documents=(document(url, "<html><body><h1>알림</h1><p>새 누리집</p></body></html>"),)),
            )
        )


def test_a_chamber_of_commerce_is_asked_as_its_page_does() -> None:
    """The page first (a session), then the list and each article by POST; readers are led to the list."""
    url, body = page_of("korcham")
    options = options_of("korcham")

    def answer(request: p.Request) -> p.Document:
        text = (
            body
            if "List.do" in request.url
            else '<div class="boardveiw"><table><tr><td class="td_p">본문</td></tr></table></div>'
        )
        if "ListPage" in request.url:
            return document(request.url, "<html>", headers=(("set-cookie", "JSESSIONID=1"),))
        assert (request.method, dict(request.headers)["Cookie"]) == ("POST", "JSESSIONID=1")
        return document(request.url, text, requested_url=request.url)

    web = Web(answer)
    items = list(board.parse(options, web.run(board.fetch(options.model_copy(update={"pages": 1}), {}))))
    assert [(i.key, i.url, i.body) for i in items] == [("117426", "", "본문"), ("118001", "", "본문")]
    host = url.partition("/front")[0]
    assert [q.url for q in web.asked] == [
        url,
        f"{host}/front/board/boardContentsList.do",
        *[f"{host}/front/board/boardContentsView.do"] * 2,
    ]
    assert b"boardId=10585&menuId=871&miv_pageNo=1" in web.asked[1].body
    assert web.asked[2].body == b"contId=117426&boardId=10585"


if __name__ == "__main__":
    for name in CASES:
        text = json.dumps(items_of(name), ensure_ascii=False, indent=1)
        (HERE / name / "expected.json").write_text(text + "\n", "utf-8")
