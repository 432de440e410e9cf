"""An editor pastes an address and gets a source: found, proved by its own YAML, written once, and tested for ever after."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from pipeline.demo.server import City
from tests import misbehave as m
from tests.flow.project import Project, Said

HEAD = '<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>{title}</title>{more}</head><body>'
ROWS = [(n, f"제{n}회 마을 배움터 수강생 모집 안내", f"2026-11-{n:02}") for n in range(22, 7, -1)]


def table(rows: list[tuple[int, str, str]], *, more: str = "", after: str = "", link: str = "") -> bytes:
    """A notice board of no known software."""
    link = link or 'href="/news/{n}"'
    lines = "".join(
        f'<tr{" class=noti-line" if n == 22 else ""}><td>{n}</td><td class="sbj"><a {link.format(n=n)}>{title}</a></td><td>홍보담당관</td><td>{day}</td></tr>'
        for n, title, day in rows
    )
    top = "<table class=lst><thead><tr><th>번호</th><th>제목</th><th>담당부서</th><th>등록일</th></tr></thead>"
    head = HEAD.format(title="새소식 | 가온시청", more=more)
    return f"{head}<h2>새소식</h2>{top}<tbody>{lines}</tbody></table>{after}</body></html>".encode()


def feed(rows: list[tuple[int, str, str]]) -> bytes:
    items = "".join(
        f"<item><title>{t}</title><link>https://gaon.example.go.kr/news/{n}</link><pubDate>{d}</pubDate></item>"
        for n, t, d in rows
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>가온시청 새소식</title>{items}</channel></rss>'.encode()


def new(folder: Path, site: m.Site, path: str, *words: str) -> tuple[Project, Said]:
    town = Project(folder, site.allowed)
    return town, town.moa_says("source", "new", site.url(path), *words)


def by_query(first: bytes, **others: bytes) -> m.Behaviour:
    """Answer ``?name=value`` with ``others["name_value"]``, anything else with the first."""

    def behave(exchange: m.Exchange) -> None:
        query = exchange.request.path.partition("?")[2].replace("=", "_")
        m.answer(others.get(query, first))(exchange)

    return behave


def codes(said: Said) -> list[str]:
    return [one["code"] for one in said.json["warnings"]]


def own_codes(said: Said) -> list[str]:
    return [one["code"] for one in said.json["candidates"][0]["warnings"]]


@pytest.mark.parametrize(
    ("path", "kind", "least"),
    [
        ("/a/bbs/board.php?bo_table=notice", "board", 9),
        ("/b/cop/bbs/selectBoardList.do?bbsId=BBSMSTR_000000000101", "board", 9),
        ("/c/board/list.asp?code=gongji", "board", 4),
        ("/lecture/list.do", "board", 8),
        ("/user/course/offline/view?s_sbjct_sn=1", "gseek", 8),
        ("/blog/neulbom-learn", "feed", 5),
        ("/library", "feed", 4),
        ("/rss/neulbom-learn.xml", "feed", 5),
    ],
)
def test_every_place_of_the_practice_city_is_found_and_written(
    tmp_path: Path, path: str, kind: str, least: int
) -> None:
    """The best candidate is of the right kind, its YAML alone gives its items, and what is written checks and tests clean."""
    with City(datetime(2026, 11, 23, tzinfo=UTC), "127.0.0.1", 0) as city:
        town = Project(tmp_path, f"127.0.0.1:{city.port}")
        said = town.moa_says("source", "new", city.url + path, "--write", "--json")
        assert said.code == 0, said.err
        best = said.json["candidates"][0]
        assert (best["kind"], best["confidence"] >= 0.7, len(best["items"]) >= least) == (kind, True, True)
        assert all(item["title"] and item["url"].startswith("http") for item in best["items"])
        other = Project(tmp_path / "other", f"127.0.0.1:{city.port}")
        other.write("sources/pasted.yaml", best["yaml"])
        tried = other.moa_says("source", "test", best["id"], "--json")
        assert [item["title"] for item in tried.json["items"]][: len(best["items"])] == [
            i["title"] for i in best["items"]
        ]
    assert town.moa_says("check").code == 0
    again = town.moa_says("source", "test", best["id"], "--saved", "--json")
    assert (again.code, again.json["differences"], again.json["requests"]) == (0, [], 0)


def test_an_unknown_board_is_found_with_its_second_page_proved(tmp_path: Path) -> None:
    """ED1: title, date, link, pinned and department of a board nobody configured; the next page was opened and has other rows."""
    pages = '<div class=pg><a href="?page=1">1</a><a href="?page=2">2</a><a href="?page=3">3</a></div>'
    old = [(n + 100, f"지난 소식 {n}호 배움터 안내", f"2026-10-{n:02}") for n in range(22, 7, -1)]
    board = by_query(table(ROWS, after=pages), page_2=table(old, after=pages))
    with m.Site({"/news/list.do": board}) as site:
        town, said = new(tmp_path, site, "/news/list.do", "--write", "--json")
    assert said.code == 0, said.err
    best = said.json["candidates"][0]
    assert best["items"][0]["url"] == site.url("/news/22")
    assert [(i["title"], i["date"]) for i in best["items"]] == [(t, d) for _n, t, d in ROWS]
    assert "paging-verified" in own_codes(said)
    made = yaml.safe_load(best["yaml"])["sources"][0]
    assert made["paging"] == {"param": "page"}
    assert made["department"]
    assert (made["name"], yaml.safe_load(best["yaml"])["agency"]) == ("새소식", "가온시청")
    assert said.json["written"] == ["config/sources/site.yaml", f"samples/{best['id']}"]
    assert (town.folder / "config/sources/site.yaml").read_text("utf-8") == best["yaml"]


def test_paging_that_brings_the_same_rows_is_left_out(tmp_path: Path) -> None:
    """A page parameter the site ignores would make every night read one page three times."""
    pages = '<div class=pg><a href="?page=1">1</a><a href="?page=2">2</a><a href="?page=3">3</a></div>'
    with m.Site({"/list.do": m.answer(table(ROWS, after=pages))}) as site:
        _town, said = new(tmp_path, site, "/list.do", "--json")
    assert "paging-wrong" in own_codes(said)
    assert "paging" not in yaml.safe_load(said.json["candidates"][0]["yaml"])["sources"][0]


SCRIPT = "<script>function goRead(no){{ location.href='/{where}?no='+no; }}</script>"


@pytest.mark.parametrize(
    ("where", "code", "is_kept"), [("view.do", "link-verified", True), ("wrong.do", "link-wrong", False)]
)
def test_guessed_addresses_are_tried_on_two_articles(tmp_path: Path, where: str, code: str, is_kept: bool) -> None:
    """A template read out of the page's script stays when it leads to the articles, and goes when it does not."""
    board = table(ROWS, link='href="#" onclick="goRead({n}); return false;"', after=SCRIPT.format(where=where))
    articles = by_query(b"", **{f"no_{n}": f"<h1>{title}</h1><p>본문</p>".encode() for n, title, _d in ROWS})
    wrong = m.answer("<h1>잘못된 접근</h1>".encode())
    with m.Site({"/list.do": m.answer(board), "/view.do": articles, "/wrong.do": wrong}) as site:
        _town, said = new(tmp_path, site, "/list.do", "--json")
    best = said.json["candidates"][0]
    assert code in own_codes(said)
    assert ("link_template" in yaml.safe_load(best["yaml"])["sources"][0]) is is_kept
    assert best["unverified"] == []
    assert all((i["url"] or "").startswith(site.url("/view.do")) for i in best["items"]) is is_kept


def test_a_feed_of_the_same_list_goes_first_and_tells_what_it_lacks(tmp_path: Path) -> None:
    """Feed, then board; the board's departments and the feed's shortness are said."""
    link = '<link rel="alternate" type="application/rss+xml" href="/rss.xml" title="새소식">'
    with m.Site({"/list.do": m.answer(table(ROWS, more=link)), "/rss.xml": m.answer(feed(ROWS[:10]))}) as site:
        _town, said = new(tmp_path, site, "/list.do", "--json")
    assert [one["kind"] for one in said.json["candidates"]] == ["feed", "board"]
    assert {"feed-short", "feed-no-department"} <= set(own_codes(said))


def test_a_feed_of_something_else_does_not_stand_in_for_the_list(tmp_path: Path) -> None:
    """A site-wide feed on every page is not the board the editor pasted."""
    link = '<link rel="alternate" type="application/rss+xml" href="/rss.xml">'
    strange = feed([(n, f"시장님 동정 {n}", d) for n, _t, d in ROWS])
    with m.Site({"/list.do": m.answer(table(ROWS, more=link)), "/rss.xml": m.answer(strange)}) as site:
        _town, said = new(tmp_path, site, "/list.do", "--json")
    assert [one["kind"] for one in said.json["candidates"]] == ["board", "feed"]


def test_known_software_with_a_column_of_its_own_gets_it_written(tmp_path: Path) -> None:
    """A preset goes first, with the department that the found list tells and it does not."""
    with City(datetime(2026, 11, 23, tzinfo=UTC), "127.0.0.1", 0) as city:
        town = Project(tmp_path, f"127.0.0.1:{city.port}")
        said = town.moa_says(
            "source", "new", f"{city.url}/b/cop/bbs/selectBoardList.do?bbsId=BBSMSTR_000000000101", "--json"
        )
    made = yaml.safe_load(said.json["candidates"][0]["yaml"])["sources"][0]
    assert (made["preset"], "department" in made) == ("egovframe-board", True)


def test_a_dead_feed_is_not_offered(tmp_path: Path) -> None:
    """What does not answer is no candidate, and the editor hears why."""
    link = '<link rel="alternate" type="application/rss+xml" href="/gone.xml">'
    with m.Site({"/list.do": m.answer(table(ROWS, more=link))}) as site:
        _town, said = new(tmp_path, site, "/list.do", "--json")
    assert [one["kind"] for one in said.json["candidates"]] == ["board"]
    assert "not-read" in codes(said)


def test_a_list_in_a_script_is_found(tmp_path: Path) -> None:
    """Data written into the page's script is read as ``json:`` rows."""
    rows = json.dumps([{"nttSj": t, "regDt": d, "url": f"/news/{n}"} for n, t, d in ROWS], ensure_ascii=False)
    page = f"{HEAD.format(title='소식', more='')}<div id=app></div><script>var boardList = {rows};</script>"
    with m.Site({"/list.do": m.answer(page.encode())}) as site:
        _town, said = new(tmp_path, site, "/list.do", "--json")
    best = said.json["candidates"][0]
    assert [(i["title"], i["date"]) for i in best["items"]] == [(t, d) for _n, t, d in ROWS]
    assert "rows: json:boardList" in best["yaml"]


def test_a_list_in_a_frame_is_found(tmp_path: Path) -> None:
    """An old site's board stands in an iframe: the source reads the frame."""
    outer = f"{HEAD.format(title='가온시청', more='')}<iframe src='/inner.do'></iframe>".encode()
    with m.Site({"/": m.answer(outer), "/inner.do": m.answer(table(ROWS))}) as site:
        _town, said = new(tmp_path, site, "/", "--json")
        assert said.json["candidates"][0]["items"][0]["title"] == ROWS[0][1]
        assert site.url("/inner.do") in said.json["candidates"][0]["yaml"]


MENU = "".join(
    f"<li><a href='/{path}'>{word}</a></li>"
    for path, word in [("a/list.do", "공지사항"), ("b/list.do", "보도자료"), ("c/list.do", "채용공고"), ("m", "시장실")]
)


def test_a_home_page_names_the_boards_on_it(tmp_path: Path) -> None:
    """From the home page an editor is led on, with addresses to paste; nothing is written."""
    home = f"{HEAD.format(title='가온시청', more='')}<ul>{MENU}</ul><p>어서 오세요</p>".encode()
    with m.Site({"/": m.answer(home)}) as site:
        town, said = new(tmp_path, site, "/", "--write", "--json")
        assert [(one["title"], one["url"]) for one in said.json["next"]] == [
            ("공지사항", site.url("/a/list.do")), ("보도자료", site.url("/b/list.do")), ("채용공고", site.url("/c/list.do")),
        ]  # fmt: skip
    assert (said.code, said.json["written"]) == (3, None)
    assert not list((town.folder / "config").glob("sources/*"))


def test_the_news_box_of_a_home_page_is_not_taken_for_the_board(tmp_path: Path) -> None:
    """A list on the first page of a site is doubted: the board behind it is what people mean."""
    home = table(ROWS).replace(b"<h2>", f"<ul>{MENU}</ul><h2>".encode())
    with m.Site({"/": m.answer(home)}) as site:
        _town, said = new(tmp_path, site, "/", "--write", "--json")
    assert (said.code, said.json["candidates"][0]["confidence"] < 0.7, said.json["written"]) == (3, True, None)
    assert "home-page" in codes(said)


def test_an_articles_page_leads_back_to_its_list(tmp_path: Path) -> None:
    """The commonest slip: the address of one article. Its list is named; related articles are not taken for it."""
    around = "<ul><li>이전글 <a href='/v/1'>앞의 글입니다</a></li><li>다음글 <a href='/v/3'>뒤의 글입니다</a></li></ul><a href='/list.do'>목록</a>"
    around = around.replace("<li>이전글", "<li><strong>이전글</strong>").replace(
        "<li>다음글", "<li><strong>다음글</strong>"
    )
    article = f"{HEAD.format(title='새소식', more='')}<h1>배움터 모집</h1><p>{'본문입니다. ' * 80}</p>{around}".encode()
    beside = table(ROWS).replace(b"</table>", f"</table>{around}".encode())
    with m.Site({"/v/2": m.answer(article), "/v/9": m.answer(beside), "/list.do": m.answer(table(ROWS))}) as site:
        for path in ("/v/2", "/v/9"):
            town, said = new(tmp_path, site, path, "--write", "--json")
            assert (said.code, said.json["written"], "article" in codes(said)) == (3, None, True)
            assert said.json["next"] == [{"title": "목록", "url": site.url("/list.do")}]
    assert not list(town.folder.glob("config/sources/*"))


EMPTY = "<table><thead><tr><th>번호</th><th>제목</th><th>등록일</th></tr></thead><tbody><tr><td colspan=3>등록된 게시물이 없습니다.</td></tr></tbody></table>"
LOGIN = "<h1>로그인</h1><form><input name=id><input type=password></form><p>로그인이 필요한 서비스입니다.</p>"


@pytest.mark.parametrize(
    ("body", "code", "word"),
    [
        (HEAD.format(title="소식", more="") + EMPTY, "empty-list", "글이 하나도 없습니다"),
        (HEAD.format(title="로그인", more="") + LOGIN, "login", "로그인하지 않아도 보이는"),
        (
            HEAD.format(title="앱", more="") + "<div id=root></div><script src=/app.js></script>",
            "script-only",
            "스크립트",
        ),
        ("%PDF-1.7 \x00\x01", "file", "파일입니다"),
        (
            HEAD.format(title="안내", more="") + "<p>" + "찾아오시는 길은 다음과 같습니다. " * 40 + "</p>",
            "no-list",
            "목록",
        ),
    ],
)
def test_a_page_without_rows_is_answered_in_a_sentence(tmp_path: Path, body: str, code: str, word: str) -> None:
    """What the page is, and what to do next; exit 3 and nothing written."""
    with m.Site({"/list.do": m.answer(body.encode())}) as site:
        town, said = new(tmp_path, site, "/list.do", "--write", "--json")
        plain = new(tmp_path, site, "/list.do", "--write")[1]
    assert (said.code, said.json["candidates"], said.json["written"]) == (3, [], None)
    assert code in codes(said)
    assert (plain.out, word in plain.err) == ("", True)
    assert not list(town.folder.glob("config/sources/*"))
    assert not (town.folder / "samples").exists()


def test_robots_are_obeyed_and_a_permission_is_written_down(tmp_path: Path) -> None:
    """A refusal says how to go on; with the owner's permission the YAML carries who gave it."""
    robots = m.answer(b"User-agent: *\nDisallow: /")
    with m.Site({"/robots.txt": robots, "/list.do": m.answer(table(ROWS))}) as site:
        _town, refused = new(tmp_path, site, "/list.do", "--json")
        assert (refused.code, refused.json["candidates"]) == (3, [])
        assert {"robots", "permission"} <= set(codes(refused))
        assert not any(seen.path == "/list.do" for seen in site.seen)
        town, said = new(
            tmp_path, site, "/list.do", "--write", "--json", "--owner-permission", "홍보담당관, 2026-11-01"
        )
    assert said.code == 0
    assert "owner-permission: 홍보담당관, 2026-11-01" in said.json["candidates"][0]["yaml"]
    assert town.moa_says("check").code == 0


@pytest.mark.parametrize(
    "url",
    [
        "abc def",
        "ftp://a.example/x",
        "javascript:alert(1)",
        "https://me:pw@a.example.go.kr/",
        "/etc/passwd",
        "https://",
    ],
)
def test_what_is_no_web_address_is_a_wrong_command(tmp_path: Path, url: str) -> None:
    """Exit 2 with a sentence; nothing is fetched."""
    said = Project(tmp_path).moa_says("source", "new", url)
    assert (said.code, said.out) == (2, "")
    assert "주소" in said.err


def test_private_addresses_are_not_fetched(tmp_path: Path) -> None:
    """An address inside the house is refused, with the setting that would allow it."""
    said = Project(tmp_path).moa_says("source", "new", "http://127.0.0.1:1/list.do", "--json")
    assert (said.code, codes(said)) == (3, ["address", "private"])


KEPT = """\
# yaml-language-server: $schema=../schema/source.schema.json
# 우리 부서가 손으로 고치는 파일입니다
agency: 가온시청     # 기관
sources:
  - id: old          # 오래된 것
    name: '옛 게시판'
    kind: feed
    url: {url}
    # 이 줄은 남겨 둘 것

# 끝
"""


def test_a_file_of_the_same_site_is_continued_and_stays_as_it_was(tmp_path: Path) -> None:
    """Every byte an editor wrote stays; the new source stands behind the last one, under the same agency."""
    with m.Site({"/list.do": m.answer(table(ROWS))}) as site:
        town = Project(tmp_path, site.allowed)
        kept = KEPT.format(url=site.url("/rss.xml"))
        file = town.write("sources/mine.yaml", kept)
        said = town.moa_says("source", "new", site.url("/list.do"), "--write", "--json", "--id", "gaon-news")
        assert said.json["written"] == ["config/sources/mine.yaml", "samples/gaon-news"]
    lines = file.read_text("utf-8").splitlines(keepends=True)
    before = kept.splitlines(keepends=True)
    at = before.index("    # 이 줄은 남겨 둘 것\n")
    assert lines[:at] == before[:at]
    assert lines[-len(before) + at :] == before[at:]
    assert town.moa_says("check").code == 0
    assert yaml.safe_load(file.read_text("utf-8"))["sources"][1]["id"] == "gaon-news"


def test_a_project_that_names_files_of_its_own_is_no_hindrance(tmp_path: Path) -> None:
    """Recipients and certificates are named relative to the project; a draft is proved as if it stood there."""
    mail = {
        "id": "mail", "renderer": "newsletter", "transport": "smtp", "window": "08:00-20:00",
        "send": {"host": "127.0.0.1", "sender": "news@example.go.kr", "recipients": "private/people.csv"},
    }  # fmt: skip
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "people.csv").write_text("email\na@example.go.kr\n", "utf-8")
    with m.Site({"/list.do": m.answer(table(ROWS))}) as site:
        town = Project(tmp_path, site.allowed, channels=[mail])
        said = town.moa_says("source", "new", site.url("/list.do"), "--write", "--json")
    assert (said.code, bool(said.json["written"])) == (0, True)
    assert town.moa_says("check").code == 0


def test_the_same_address_twice_is_one_source(tmp_path: Path) -> None:
    """A second --write changes no byte and names the source that is there."""
    with m.Site({"/list.do": m.answer(table(ROWS))}) as site:
        town, first = new(tmp_path, site, "/list.do", "--write", "--json")
        before = {
            file: file.read_bytes() for file in town.folder.rglob("*") if file.is_file() and "output" not in file.parts
        }
        second = town.moa_says("source", "new", site.url("/list.do"), "--write", "--json")
        taken = town.moa_says("source", "new", site.url("/list.do"), "--id", first.json["candidates"][0]["id"])
    assert (second.code, second.json["written"], "already" in codes(second)) == (0, None, True)
    assert {
        file: file.read_bytes() for file in town.folder.rglob("*") if file.is_file() and "output" not in file.parts
    } == before
    assert (taken.code, "이미 있습니다" in taken.err) == (2, True)


def test_the_saved_page_is_the_sources_own_test(tmp_path: Path) -> None:
    """ED3: offline, with each row's fate; an edit that changes what is read fails it and says where."""
    rows = [*ROWS, (7, "테스트", "2026-11-01")]
    with m.Site({"/list.do": m.answer(table(rows))}) as site:
        town, said = new(tmp_path, site, "/list.do", "--write", "--json", "--id", "b")
        asked = len(site.seen)
        clean = town.moa_says("source", "test", "b", "--saved", "--json")
        assert len(site.seen) == asked
    assert (clean.code, clean.json["differences"], len(clean.json["items"])) == (0, [], len(ROWS))
    assert [(d["reason"], d["text"]) for d in clean.json["dropped"]] == [("test-row", "테스트")]
    sample = town.folder / "samples" / "b"
    where = json.loads((sample / "where.json").read_text("utf-8"))
    assert (where["url"], (sample / "page.html").read_bytes()) == (site.url("/list.do"), table(rows))
    assert json.loads((sample / "expected.json").read_text("utf-8")) == said.json["candidates"][0]["items"]
    file = town.folder / "config/sources/site.yaml"
    file.write_text(
        "\n".join(line for line in file.read_text("utf-8").splitlines() if " date:" not in line) + "\n", "utf-8"
    )
    broken = town.moa_says("source", "test", "--saved")
    assert broken.code == 3
    assert "1번째" in broken.err


def test_what_was_there_before_is_not_announced(tmp_path: Path) -> None:
    """ED4: the first night of a written source keeps its old items and tells none of them."""
    with m.Site(
        {"/list.do": m.answer(table(ROWS)), "/rss.xml": m.answer(feed([(1, "아무 소식", "2026-11-20")]))}
    ) as site:
        town = Project(tmp_path, site.allowed)
        town.write("sources/mine.yaml", KEPT.format(url=site.url("/rss.xml")))
        town.run("2026-11-22")
        town.moa_says("source", "new", site.url("/list.do"), "--write", "--id", "board")
        night = town.run("2026-11-23")
        site.routes["/list.do"] = m.answer(table([(23, "새로 올라온 강좌 안내", "2026-11-23"), *ROWS]))
        next_night = town.run("2026-11-24")
    assert (night.source("board")["verdict"], night.source("board")["new"]) == ("ok", len(ROWS))
    told = [{e["digest"]: e["stories"] for e in each.json["editions"]}["daily"] for each in (night, next_night)]
    assert told == [0, 1]


def test_the_words_on_standard_output_are_the_file(tmp_path: Path) -> None:
    """Without --json the YAML and its rows (as comments) are what a pipe gets: saved as it is, it is a source."""
    with m.Site({"/list.do": m.answer(table(ROWS))}) as site:
        town, said = new(tmp_path, site, "/list.do")
    assert said.code == 0
    assert f"# 2026-11-21   {ROWS[1][1]}" in said.out.splitlines()
    town.write("sources/saved.yaml", said.out)
    assert town.moa_says("check").code == 0


def test_an_unsure_candidate_is_written_only_when_chosen(tmp_path: Path) -> None:
    """Below 0.7 a person must look; choosing it by number is looking."""
    home = table(ROWS).replace(b"<h2>", f"<ul>{MENU}</ul><h2>".encode())
    with m.Site({"/": m.answer(home)}) as site:
        town, said = new(tmp_path, site, "/", "--write", "--json")
        assert (said.code, said.json["written"]) == (3, None)
        chosen = town.moa_says("source", "new", site.url("/"), "--write", "--json", "--pick", "1")
        assert (chosen.code, bool(chosen.json["written"])) == (0, True)
        assert town.moa_says("source", "new", site.url("/"), "--pick", "9").code == 2
