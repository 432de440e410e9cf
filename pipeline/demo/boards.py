"""The practice city's boards: one like GNUBoard, one like eGovFrame, one old one in CP949, and a course list.

What does not live here: the posts (``content/``). Markup follows the shapes real boards have (boards.md), no real site.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Final

from pipeline.demo.answers import Answer, newest, not_found, page, paragraphs
from pipeline.demo.stories import Post, address

PAGE_ROWS: Final = 8
_NOTHING: Final = "등록된 게시물이 없습니다."


def board_a(query: Mapping[str, str], posts: Sequence[Post], base_url: str) -> Answer:
    """GNUBoard-like: real links, badges and hidden words inside titles, pinned rows on every page."""
    if "wr_id" in query:
        return _view(posts, query["wr_id"], lambda post: _view_a(post, base_url))
    rows = "".join(_row_a(post, base_url) for post in _page_of(posts, query.get("page", "1")))
    table = (
        '<div id="bo_list"><div class="tbl_head01 tbl_wrap"><table><caption>공지사항 목록</caption><thead><tr>'
        '<th scope="col">번호</th><th scope="col">제목</th><th scope="col">글쓴이</th><th scope="col">조회</th>'
        f'<th scope="col">날짜</th></tr></thead><tbody>{rows or _none(5)}</tbody></table></div></div>'
    )
    return page("공지사항", table + _pages("page", posts), changed_at=newest(posts))


def _row_a(post: Post, base_url: str) -> str:
    number = '<strong class="notice_icon">공지</strong>' if post.is_pinned else escape(post.id)
    badge = "" if post.is_pinned else ' <span class="new_icon">N<span class="sound_only">새글</span></span>'
    link = escape(address(base_url, "board-a", post.id))
    return (
        f'<tr class="{"bo_notice" if post.is_pinned else ""}"><td class="td_num2">{number}</td><td class="td_subject">'
        f'<a href="{link}" class="bo_cate_link">{escape(post.category or "안내")}</a><div class="bo_tit">'
        f'<a href="{link}">{escape(post.title)}{badge}</a><span class="sound_only">댓글</span>'
        f'<span class="cnt_cmt">{len(post.title) % 4}</span></div></td><td class="td_name sv_use">평생학습원</td>'
        f'<td class="td_num">{_hits(post)}</td><td class="td_datetime">{post.at:%Y-%m-%d}</td></tr>\n'
    )


def _view_a(post: Post, base_url: str) -> Answer:
    inside = (
        f'<article id="bo_v"><header><h2 id="bo_v_title"><span class="bo_v_cate">{escape(post.category)}</span>'
        f'<span class="bo_v_tit">{escape(post.title)}</span></h2></header><section id="bo_v_info">'
        f'<span class="sound_only">작성일</span> <strong class="if_date">{post.at:%y-%m-%d %H:%M}</strong></section>'
        f'{_file(post)}<div id="bo_v_con">{paragraphs(post, base_url)}</div></article>'
    )
    return page(post.title, inside, changed_at=post.at)


def board_b(query: Mapping[str, str], posts: Sequence[Post], base_url: str) -> Answer:
    """eGovFrame-like: links only in script calls, pinned rows with an icon."""
    if "nttId" in query:
        return _view(posts, query["nttId"], lambda post: _view_b(post, base_url))
    rows = "".join(map(_row_b, _page_of(posts, query.get("pageIndex", "1"))))
    table = (
        '<form name="frm" method="post"><input type="hidden" name="bbsId" value="BBSMSTR_000000000101">'
        '<table class="wTable"><tbody><tr><th>검색</th><td><input name="searchWrd"></td></tr></tbody></table></form>'
        '<table class="board_list" summary="새소식 목록"><thead><tr><th>번호</th><th>제목</th><th>담당부서</th><th>첨부</th>'
        f"<th>등록일</th><th>조회</th></tr></thead><tbody>{rows or _none(6)}</tbody></table>"
    )
    return page("새소식", table + _pages("pageIndex", posts), changed_at=newest(posts))


def _row_b(post: Post) -> str:
    number = '<img src="/media/ico_notice.png" alt="notice">' if post.is_pinned else escape(post.id)
    call = f"fn_egov_inqire_notice('{post.id}','BBSMSTR_000000000101'); return false;"
    file = '<img src="/media/ico_file.png" alt="첨부파일">' if post.file else ""
    return (
        f'<tr><td>{number}</td><td class="left"><a href="#LINK" onclick="{call}">{escape(post.title)}</a></td>'
        f"<td>{escape(post.department)}</td><td>{file}</td><td>{post.at:%Y-%m-%d}</td><td>{_hits(post):,}</td></tr>\n"
    )


def _view_b(post: Post, base_url: str) -> Answer:
    inside = (
        f'<div class="board_view"><h3 class="view-title">{escape(post.title)}</h3><table class="info"><tbody>'
        f"<tr><th>담당부서</th><td>{escape(post.department)}</td><th>등록일</th><td>{post.at:%Y.%m.%d %H:%M}</td></tr>"
        f'</tbody></table><div class="view-con">{paragraphs(post, base_url)}</div>{_file(post)}</div>'
    )
    return page(post.title, inside, changed_at=post.at)


def board_c(query: Mapping[str, str], posts: Sequence[Post], base_url: str) -> Answer:
    """An old ASP board: CP949 known from a meta element only, unclosed cells, no validators."""
    if "no" in query:
        return _view(posts, query["no"], lambda post: _view_c(post, base_url))
    rows = "".join(
        f"<tr><td>{escape(post.id)}<td><a href='view.asp?code=gongji&no={post.id}'>{escape(post.title)}</a>"
        f"&nbsp;<img src=/media/new.gif><td>사서<td>{post.at:%y.%m.%d}<td>{_hits(post)}\n"
        for post in _page_of(posts, query.get("page", "1"))
    )
    table = f"<table class=list width=100%>\n<tr bgcolor=#eeeeee><th>번호<th>제목<th>글쓴이<th>올린날<th>조회\n{rows or _none(5)}</table>"
    return _old("도서관 알림", table)


def _view_c(post: Post, base_url: str) -> Answer:
    inside = (
        f"<table class=view><tr><th>제목<td>{escape(post.title)}<tr><th>작성일<td>{post.at:%Y-%m-%d %H:%M}"
        f"<tr><td colspan=2 class=content>{paragraphs(post, base_url)}</table>"
    )
    return _old(post.title, inside)


def _old(title: str, inside: str) -> Answer:
    text = (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=euc-kr">'
        f"<title>{escape(title)}</title></head>\n<body bgcolor=white>\n{inside}\n</body></html>\n"
    )
    return Answer(body=text.encode("cp949", "xmlcharrefreplace"), media_type="text/html", has_etag=False)


def courses(query: Mapping[str, str], posts: Sequence[Post], base_url: str) -> Answer:
    """A course list as cards, each with its state; the course's own page has the table of facts."""
    if "lectSeq" in query:
        return _view(posts, query["lectSeq"], lambda post: _view_course(post, base_url))
    cards = "".join(_card(post, base_url) for post in posts)
    inside = f'<div class="lecture_wrap"><ul class="lecture_list">{cards}</ul></div>'
    return page(
        "강좌 목록",
        inside if cards else inside + '<p class="nodata">검색된 강좌가 없습니다.</p>',
        changed_at=newest(posts),
    )


def _card(post: Post, base_url: str) -> str:
    facts = {key: escape(value) for key, value in post.facts.items()}
    picture = f'<img src="/media/cover/{post.image}.png" alt="">' if post.image else ""
    link = escape(address(base_url, "courses", post.id))
    return (
        f'<li class="lecture"><a href="{link}">{picture}<span class="state">{facts["status"]}</span>'
        f'<span class="cate">{facts["field"]}</span><strong class="name">{escape(post.title)}</strong></a><dl>'
        f"<dt>접수기간</dt><dd>{facts['apply']}</dd><dt>교육기간</dt><dd>{facts['teach']}</dd>"
        f"<dt>장소</dt><dd>{facts['place']}</dd><dt>정원</dt><dd>{facts['capacity']}</dd>"
        f"<dt>신청인원</dt><dd>{facts['applied']}</dd><dt>수강료</dt><dd>{facts['fee']}</dd></dl></li>\n"
    )


def _view_course(post: Post, base_url: str) -> Answer:
    words = (
        ("접수기간", "apply"), ("교육기간", "teach"), ("교육요일", "weekday"), ("교육장소", "place"), ("모집인원", "capacity"),
        ("수강료", "fee"), ("교육대상", "target"), ("난이도", "level"), ("접수상태", "status"),
    )  # fmt: skip
    rows = "".join(f"<tr><th>{word}</th><td>{escape(post.facts[key])}</td></tr>" for word, key in words)
    rows += f"<tr><th>등록일</th><td>{post.at:%Y-%m-%d}</td></tr>"
    inside = (
        f'<div class="lecture_view"><h3 class="view-title">{escape(post.title)}</h3><table class="info">{rows}</table>'
        f'<div class="view-con">{paragraphs(post, base_url)}</div></div>'
    )
    return page(post.title, inside, changed_at=post.at)


def _view(posts: Sequence[Post], number: str, show: Callable[[Post], Answer]) -> Answer:
    post = next((post for post in posts if post.id == number), None)
    return show(post) if post else not_found()


def _page_of(posts: Sequence[Post], number: str) -> list[Post]:
    """Pinned rows, then one page of the others; a page past the end shows the last one again, as many boards do."""
    flow = [post for post in posts if not post.is_pinned]
    last = max(1, -(-len(flow) // PAGE_ROWS))
    at = min(int(number) if number.isdigit() else 1, last)
    return [post for post in posts if post.is_pinned] + flow[(at - 1) * PAGE_ROWS : at * PAGE_ROWS]


def _pages(param: str, posts: Sequence[Post]) -> str:
    last = max(1, -(-sum(not post.is_pinned for post in posts) // PAGE_ROWS))
    links = "".join(f'<a href="?{param}={number}" class="pg_page">{number}</a>' for number in range(1, last + 1))
    return f'<nav class="pg_wrap">{links}</nav>'


def _none(columns: int) -> str:
    return f'<tr><td colspan="{columns}" class="empty_table">{_NOTHING}</td></tr>'


def _file(post: Post) -> str:
    if not post.file:
        return ""
    return f'<div class="file"><a href="/files/download.do?name={escape(post.file)}">{escape(post.file)} (24.5KB)</a></div>'


def _hits(post: Post) -> int:
    return 37 + sum(map(ord, post.title)) % 1900
