"""Shapes of titles and dates inside one cell: cut, marked, in parts, with the time of today.

What does not live here: other shapes (``board_shapes``, ``more_shapes``).
"""

from __future__ import annotations

from tests.unit.discover.board_shapes import D, T, W, case, wrap

MIX = ["10:22", "09:10", *(f"11-{n:02d}" for n in range(1, 11))]
case(
    "cut",
    wrap(
        '<table class="b"><thead><tr><th>번호</th><th>제목</th><th>작성일</th></tr></thead><tbody>'
        + "".join(
            f'<tr><td>{n}</td><td class="tit"><a href="v?n={n}" title="{t} 자세히 보기">{t[:14]}...</a></td><td>{d}</td></tr>'
            for n, (t, d) in enumerate(W)
        )
        + "</tbody></table>"
    ),
    W,
)
case(
    "cattext",
    wrap(
        '<table class="b"><thead><tr><th>번호</th><th>구분</th><th>제목</th><th>부서</th><th>작성일</th></tr></thead><tbody>'
        + "".join(
            f'<tr><td>{n}</td><td>일반</td><td class="tit"><a href="v?n={n}"><span class="notice_icon">[공지]</span>{t}<em class="ico_new">N</em></a></td><td>총무과</td><td>{d}</td></tr>'
            for n, (t, d) in enumerate(W)
        )
        + "</tbody></table>"
    ),
    W,
)
case(
    "threespan",
    wrap(
        '<ul class="bbs_list">'
        + "".join(
            f'<li><a href="v?n={n}"><span>평생학습과</span><span>{t}</span><span>{d}</span></a></li>'
            for n, (t, d) in enumerate(W)
        )
        + "</ul>"
    ),
    W,
)
case(
    "weekly",
    wrap(
        '<table class="b"><thead><tr><th>번호</th><th>제목</th><th>작성일</th></tr></thead><tbody>'
        + "".join(
            f'<tr><td>{n}</td><td class="tit"><a href="v?n={n}">주간 식단표</a></td><td>{d}</td></tr>'
            for n, (t, d) in enumerate(W)
        )
        + "</tbody></table>"
    ),
    [("주간 식단표", d) for d in D],
)
case(
    "mix",
    wrap(
        '<div id="bo_list"><table><thead><tr><th>번호</th><th>제목</th><th>글쓴이</th><th>조회</th><th>날짜</th></tr></thead><tbody>'
        + "".join(
            f'<tr class="{"bo_notice" if n == 0 else ""}"><td class="td_num2">{"<strong class=notice_icon>공지<span class=sound_only>공지</span></strong>" if n == 0 else n}</td><td class="td_subject" style="padding-left:0px"><div class="bo_tit"><a href="https://x.kr/bbs/board.php?bo_table=notice&wr_id={n}">{t}</a><span class="sound_only">댓글</span><span class="cnt_cmt">3</span><span class="sound_only">개</span></div></td><td class="td_name sv_use"><span class="sv_member">최고관리자</span></td><td class="td_num">4</td><td class="td_datetime">{m}</td></tr>'
            for n, (t, m) in enumerate(zip(T, MIX, strict=True))
        )
        + "</tbody></table></div>"
    ),
    list(zip(T, MIX, strict=True)),
)
case(
    "arialabel",
    wrap(
        '<div class="board_list"><ul>'
        + "".join(
            f'<li><div class="num">{n}</div><div class="title"><a href="/board.es?mid=a1&act=view&list_no={n}">{t}</a></div><div class="info"><span><b>등록일</b> {d}</span><span><b>조회수</b> 12</span><span><b>담당부서</b> 총무과</span></div></li>'
            for n, (t, d) in enumerate(W)
        )
        + "</ul></div>"
    ),
    W,
)
case(
    "nobr p list",
    wrap(
        '<div class="cont">'
        + "".join(f'<p><a href="/files/{n}.pdf">{t}</a> ({d})</p>' for n, (t, d) in enumerate(W))
        + "</div>"
    ),
    W,
)
case(
    "form rows",
    wrap(
        '<div class="list_wrap"><table class="board_list"><thead><tr><th>번호</th><th>제목</th><th>등록일</th></tr></thead><tbody>'
        + "".join(
            f'<tr><td>{n}</td><td class="left"><form name="f{n}" method="post" action="/cop/bbs/view.do"><input type="hidden" name="nttId" value="{n}"><span class="link"><button type="submit">{t}</button></span></form></td><td>{d}</td></tr>'
            for n, (t, d) in enumerate(W)
        )
        + "</tbody></table></div>"
    ),
    W,
)
