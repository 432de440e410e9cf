"""What stands around a list on invented pages: menus, search forms, sliders, calendars, side boxes, footers.

What does not live here: the lists (``lists``), their words (``wording``).
"""

from __future__ import annotations

from random import Random

from tests.unit.discover.wording import title

MENU = "인사말,연혁,조직도,오시는 길,공지사항,자료실,강좌 안내,수강 신청,자주 묻는 질문,사진첩,언론 보도,누리집 지도,민원 안내,정보 공개".split(
    ","
)


def menu(dice: Random) -> str:
    count = dice.choice([6, 40, 250])
    links = "".join(f'<li><a href="/menu/{n}.do">{dice.choice(MENU)}</a></li>' for n in range(count))
    name = dice.choice(["gnb", "nav", "lnb", "menu", "main-menu"])
    return f'<div id="{name}"><ul>{links}</ul></div>'


def search(dice: Random) -> str:
    if dice.random() < 0.5:
        return (
            '<form name="searchForm" action="/bbs/list.do"><table class="search"><tr><th>제목</th><td><input name="kw"></td>'
            '<th>작성자</th><td><input name="who"></td><td><a href="#">검색</a></td></tr></table></form>'
        )
    return '<div class="search_box"><form action="/search"><select name="s"><option>제목</option><option>내용</option></select><input name="q"></form><p>총 <b>128</b>건, 1/13쪽</p></div>'


def slider(dice: Random, titles: list[str]) -> str:
    slides = "".join(f'<li class="swiper-slide"><a href="/pop/{n}">{text}</a></li>' for n, text in enumerate(titles))
    return (
        f'<div class="swiper-container"><ul class="swiper-wrapper">{slides}</ul></div>' if dice.random() < 0.7 else ""
    )


def side(dice: Random) -> str:
    rows = "".join(f'<li><a href="/news/{n}">{title(dice)}</a></li>' for n in range(5))
    return f'<aside class="side"><h3>많이 본 글</h3><ul class="rank">{rows}</ul></aside>'


def calendar(_dice: Random) -> str:
    days = "".join(
        "<tr>" + "".join(f'<td><a href="#">{w * 7 + d + 1}</a></td>' for d in range(7)) + "</tr>" for w in range(4)
    )
    return f'<table class="calendar"><caption>2026.11</caption><tr><th>일</th><th>월</th><th>화</th><th>수</th><th>목</th><th>금</th><th>토</th></tr>{days}</table>'


def old_rows(dice: Random) -> str:
    return f'<!-- <tr><td>1</td><td><a href="view.do?no=1">{title(dice)}</a></td><td>2019-01-02</td></tr> -->'


def footer(dice: Random) -> str:
    sites = "".join(
        f'<li><a href="https://www{n}.example.go.kr">{dice.choice(MENU)} 누리집</a></li>'
        for n in range(dice.choice([4, 30]))
    )
    return f'<div id="footer"><ul class="family">{sites}</ul><p>(12345) 새솔시 새솔로 1 전화 031-000-0000</p></div>'


def pager(dice: Random) -> tuple[str, str]:
    """Return markup and the parameter it uses, ``""`` when it is a script."""
    kind = dice.choice(["query", "script", "none"])
    if kind == "none":
        return "", ""
    name = dice.choice(["page", "pageIndex", "pageNo", "cpage"])
    if kind == "query":
        links = "".join(f'<a href="?bbsId=1&{name}={n}">{n}</a>' for n in range(2, 8))
        return f'<div class="paging"><strong>1</strong>{links}<a href="?bbsId=1&{name}=99">마지막</a></div>', name
    links = "".join(f'<a href="#" onclick="fn_egov_link_page({n}); return false;">{n}</a>' for n in range(2, 8))
    return (
        f'<form name="frm"><input type="hidden" name="{name}" value="1"></form><div class="pagination">{links}</div>',
        name,
    )
