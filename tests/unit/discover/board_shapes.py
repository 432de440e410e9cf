"""Shapes seen once on real boards, each drawn again with invented words: one case a shape.

What does not live here: shapes drawn by chance (``lists``, ``courses``). Source: boards §1.
"""

from __future__ import annotations

T = [f"새솔시 평생학습관 겨울 강좌 {n}기 수강생 모집" for n in range(1, 13)]
D = [f"2026-11-{n + 10}" for n in range(12)]
W = list(zip(T, D, strict=True))
C = ["교양영어", "환경GIS및실습", "대학수학", "글쓰기의 기초", "운영체제", "데이터베이스 설계", "한국사", "체육실기"]
S = [
    "휴관 안내",
    "합격자 발표",
    "모집 공고",
    "시설 점검",
    "강사 채용",
    "행사 안내",
    "당첨자 발표",
    "임시 휴무",
    "접수 마감",
    "설문 참여",
]
P = [f"2026.11.{n + 10:02d} ~ 2026.12.{n + 10:02d}" for n in range(12)]
MENU = "".join(f'<li><a href="/m{i}">메뉴 항목 {i}</a></li>' for i in range(80))
CASES: dict[str, tuple[str, list[tuple[str, str]]]] = {}


def wrap(inner: str) -> str:
    """Put a list into a page."""
    return f'<div class="gnb"><ul>{MENU}</ul></div><div class="contents"><h3>공지사항</h3>{inner}</div><div class="footer"><a href="/x">개인정보처리방침</a></div>'


def case(name: str, html: str, rows: list[tuple[str, str]]) -> None:
    CASES[name] = (html, rows)


# 1990s nested tables with separators
rows = "".join(
    f'<tr height=25 bgcolor="#ffffff"><td align=center>{n}</td><td><a href="javascript:viewContent(\'{n}\')">{t}</a></td><td>관리자</td><td>{d}</td><td>1{n}</td></tr><tr><td colspan=5 height=1 bgcolor="#cccccc"></td></tr>'
    for n, (t, d) in enumerate(W)
)
case(
    "1990",
    wrap(
        f'<table width=600><tr><td><table border=0><tr bgcolor="#eee"><td>번호</td><td>제목</td><td>이름</td><td>날짜</td><td>조회</td></tr>{rows}</table></td></tr></table>'
    ),
    W,
)
# 1 td holds title p + info line (mafra)
case(
    "mafra",
    wrap(
        '<table class="board"><thead class="text_hidden"><tr><th>번호</th><th>제목</th></tr></thead><tbody>'
        + "".join(
            f'<tr><td>{n}</td><td class="subject"><a href="/bbs/home/792/{n}/artclView.do"><p class="tit">{t}</p></a><ul class="info"><li>작성일 {d}</li><li>담당부서 농촌정책과</li><li>첨부파일 2</li></ul></td></tr>'
            for n, (t, d) in enumerate(W)
        )
        + "</tbody></table>"
    ),
    W,
)
# gallery table td cards
cells = [
    f'<td><a href="view.do?no={n}"><img src="/a{n}.jpg" alt=""></a><br><a href="view.do?no={n}">{t}</a><br>{d}</td>'
    for n, (t, d) in enumerate(W)
]
case(
    "galltable",
    wrap(
        '<table class="gallery_tbl">'
        + "".join("<tr>" + "".join(cells[i : i + 3]) + "</tr>" for i in range(0, 12, 3))
        + "</table>"
    ),
    W,
)
# tailwind cards
case(
    "tailwind",
    wrap(
        '<div class="grid grid-cols-3 gap-4">'
        + "".join(
            f'<div class="rounded-lg border p-4"><a class="block" href="/news/{n}"><div class="flex items-center"><span class="text-xs bg-blue-100 px-2">공지</span></div><h3 class="text-lg font-bold mt-2">{t}</h3><p class="text-sm text-gray-500">새솔시에서 겨울 강좌를 엽니다. 많은 참여 바랍니다. 자세한 내용은 공고문을 보시기 바랍니다.</p><time class="text-xs" datetime="{d}">{d}</time></a></div>'
            for n, (t, d) in enumerate(W)
        )
        + "</div>"
    ),
    W,
)
# css modules hashed
case(
    "hashed",
    wrap(
        '<ul class="List_list__a1B2c">'
        + "".join(
            f'<li class="css-1x2y3z9"><a href="/board/{n}" class="sc-bdVaJa hTgfRe"><strong class="css-9qwe12">{t}</strong><span class="css-77abc1">{d}</span></a></li>'
            for n, (t, d) in enumerate(W)
        )
        + "</ul>"
    ),
    W,
)
# date only like D-day + period only
case(
    "periods",
    wrap(
        '<table class="tbl"><thead><tr><th>번호</th><th>사업명</th><th>접수기간</th><th>상태</th></tr></thead><tbody>'
        + "".join(
            f'<tr><td>{n}</td><td><a href="view.do?id={n}">{t}</a></td><td>{q}</td><td>접수중</td></tr>'
            for n, (t, q) in enumerate(zip(T, P, strict=True))
        )
        + "</tbody></table>"
    ),
    [(t, "") for t in T],
)
# dl list with dt date
case(
    "dtdate",
    wrap(
        '<div class="news_list">'
        + "".join(f'<dl><dt>{d}</dt><dd><a href="view.asp?seq={n}">{t}</a></dd></dl>' for n, (t, d) in enumerate(W))
        + "</div>"
    ),
    W,
)
# simple ul: date in span then link
case(
    "spanfirst",
    wrap(
        '<ul class="notice_text">'
        + "".join(
            f'<li><span class="text"><a href="https://school.example.kr/updateCnt.do?boardSeq={n}" target="_parent">{t}</a></span><span class="date">{d}</span></li>'
            for n, (t, d) in enumerate(W)
        )
        + "</ul>"
    ),
    W,
)
# li with table-like divs and hidden labels (mobile copy)
case(
    "mobilecopy",
    wrap(
        '<table class="board_basic"><thead><tr><th>번호</th><th>제목</th><th>작성자</th><th>작성일</th></tr></thead><tbody>'
        + "".join(
            f'<tr><td>{n}</td><td class="tal"><a href="view.do?seq={n}">{t}</a><div class="m_info"><span>관리자</span><span>{d}</span></div></td><td>관리자</td><td>{d}</td></tr>'
            for n, (t, d) in enumerate(W)
        )
        + "</tbody></table>"
    ),
    W,
)
# two lists: notice pinned table and normal list table
a = "".join(
    f'<tr class="notice"><td>공지</td><td class="l"><a href="v?n={n}">{t}</a></td><td>{d}</td></tr>'
    for n, (t, d) in enumerate(W[:3])
)
b = "".join(
    f'<tr><td>{n}</td><td class="l"><a href="v?n={n}">{t}</a></td><td>{d}</td></tr>'
    for n, (t, d) in list(enumerate(W))[3:]
)
case(
    "twotbody",
    wrap(
        f'<table class="bl"><thead><tr><th>번호</th><th>제목</th><th>작성일</th></tr></thead><tbody>{a}</tbody><tbody>{b}</tbody></table>'
    ),
    W,
)
case("twotables", wrap(f'<table class="bl">{a}</table><table class="bl">{b}</table>'), W)
# sidebar tabs: latest of many boards on a main page, list 10 below
tabs = (
    '<div class="tab_cont"><ul>'
    + "".join(
        f'<li><a href="/x/{n}">다른 게시판 소식 {n}번 글입니다 안내</a><span>2026-10-{n + 10}</span></li>'
        for n in range(5)
    )
    + "</ul></div>"
)
case(
    "tabs",
    wrap(
        tabs
        + '<table class="list"><thead><tr><th>번호</th><th>제목</th><th>작성일</th></tr></thead><tbody>'
        + b
        + "</tbody></table>"
    ),
    W[3:],
)
# one row table
case(
    "onerow",
    wrap(
        '<table class="list"><thead><tr><th>번호</th><th>제목</th><th>작성자</th><th>작성일</th></tr></thead><tbody><tr><td>1</td><td><a href="v?n=1">'
        + T[0]
        + "</a></td><td>관리자</td><td>"
        + D[0]
        + "</td></tr></tbody></table>"
    ),
    W[:1],
)
case(
    "onecard",
    wrap(
        '<ul class="board_list"><li><a href="v?n=1"><strong>'
        + T[0]
        + '</strong><span class="date">'
        + D[0]
        + "</span></a></li></ul>"
    ),
    W[:1],
)
# two cards without class
case(
    "twocards",
    wrap(
        '<ul><li><a href="v?n=1"><strong>'
        + T[0]
        + "</strong><span>"
        + D[0]
        + '</span></a></li><li><a href="v?n=2"><strong>'
        + T[1]
        + "</strong><span>"
        + D[1]
        + "</span></a></li></ul>"
    ),
    W[:2],
)
# links-only list without dates, long menu same shape
case(
    "nodates",
    wrap(
        '<div class="bbs_list"><ul>'
        + "".join(f'<li><a href="view.asp?idx={n}">{t}</a></li>' for n, t in enumerate(T))
        + "</ul></div>"
    ),
    [(t, "") for t in T],
)
# short titles
case(
    "short",
    wrap(
        '<table class="list"><thead><tr><th>번호</th><th>제목</th><th>작성일</th></tr></thead><tbody>'
        + "".join(
            f'<tr><td>{n}</td><td><a href="v?n={n}">{t}</a></td><td>{d}</td></tr>'
            for n, (t, d) in enumerate(zip(S, D, strict=False))
        )
        + "</tbody></table>"
    ),
    list(zip(S, D, strict=False)),
)
# eGov onclick-only row
case(
    "rowclick",
    wrap(
        '<table class="wTable"><thead><tr><th>번호</th><th>제목</th><th>등록일</th></tr></thead><tbody>'
        + "".join(
            f"<tr onclick=\"fn_egov_inquire_articledetail('BBSMSTR_1','{n}')\"><td>{n}</td><td class=\"left\">{t}</td><td>{d}</td></tr>"
            for n, (t, d) in enumerate(W)
        )
        + "</tbody></table>"
    ),
    W,
)
# rows with multi anchors file/title
case(
    "files",
    wrap(
        '<table class="list"><thead><tr><th>번호</th><th>제목</th><th>첨부</th><th>작성일</th></tr></thead><tbody>'
        + "".join(
            f'<tr><td>{n}</td><td><a href="v?n={n}">{t}</a></td><td><a href="/FileDown.do?f={n}" title="{t} 첨부파일 내려받기">첨부파일 {n}.hwp</a></td><td>{d}</td></tr>'
            for n, (t, d) in enumerate(W)
        )
        + "</tbody></table>"
    ),
    W,
)
# rowspan category
case(
    "rowspan",
    wrap(
        '<table class="list"><thead><tr><th>분야</th><th>강좌명</th><th>교육기간</th><th>정원</th></tr></thead><tbody>'
        + "".join(
            (
                "<tr>"
                + (f'<td rowspan="3">분야{n}</td>' if n % 3 == 0 else "")
                + f'<td><a href="#">{t}</a></td><td>2026.01.0{n % 9 + 1} ~ 2026.02.01</td><td>20명</td></tr>'
            )
            for n, t in enumerate(T)
        )
        + "</tbody></table>"
    ),
    [(t, "") for t in T],
)
