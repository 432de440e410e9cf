"""Shapes of course lists, and of boards beside other lists.

What does not live here: the first half (``board_shapes``).
"""

from __future__ import annotations

from tests.unit.discover.board_shapes import C, T, W, case, wrap

# course table w/o links, code column
case(
    "uos",
    wrap(
        '<table class="tbl_type"><thead><tr><th>순번</th><th>교과번호</th><th>교과목명</th><th>담당교수</th><th>학점</th><th>강의시간</th><th>강의실</th><th>정원</th></tr></thead><tbody>'
        + "".join(
            f'<tr><td>{n}</td><td><a href="#" onclick="f_go(\'LIET{n}-00\')">LIET{n}35-00</a></td><td>{c}</td><td>김하늘</td><td>3</td><td>목(5-7)</td><td>생명과학관 109호</td><td>40</td></tr>'
            for n, c in enumerate(C)
        )
        + "</tbody></table>"
    ),
    [(c, "") for c in C],
)
# course cards with image, badge, no label, period with ~
case(
    "imgcards",
    wrap(
        '<div class="edu_list"><ul>'
        + "".join(
            f'<li><a href="#none"><div class="thumb"><img src="a.jpg" alt="{c}"></div><div class="con"><span class="badge ing">접수중</span><strong>{c} 기초반</strong><dl><dt>접수기간</dt><dd>2026.11.01 ~ 2026.11.10</dd></dl><dl><dt>교육기간</dt><dd>2026.12.01 ~ 2026.12.20</dd></dl><dl><dt>교육장소</dt><dd>새솔관 3층</dd></dl></div></a></li>'
            for n, c in enumerate(C)
        )
        + "</ul></div>"
    ),
    [(c + " 기초반", "") for c in C],
)
# single card with buttons
case(
    "singlecard",
    wrap(
        '<div class="program-list"><div class="program-item"><div class="status">모집중</div><h4>스마트폰 활용 교육</h4><ul><li>신청기간 : 2026.11.01 ~ 11.20</li><li>교육일시 : 2026.12.03 10:00</li><li>대상 : 시민 누구나</li></ul><div class="btns"><a href="#">상세보기</a><a href="#">신청하기</a></div></div></div>'
    ),
    [("스마트폰 활용 교육", "")],
)
case(
    "twocards_p",
    wrap(
        '<div class="lec_wrap">'
        + "".join(
            f'<div class="lec"><p class="lec_tit">{c} 특강</p><p>일시 : 2026-11-2{n} 14:00 ~ 16:00</p><p>장소 : 온라인(줌)</p><a href="javascript:;" class="btn">특강 종료</a></div>'
            for n, c in enumerate(C[:2])
        )
        + "</div>"
    ),
    [(c + " 특강", "") for c in C[:2]],
)
# table course one row, link only on button
case(
    "table1",
    wrap(
        '<table class="board"><caption>강좌 목록</caption><thead><tr><th>강좌명</th><th>강사</th><th>교육기간</th><th>접수기간</th><th>정원</th><th>수강료</th><th>신청</th></tr></thead><tbody><tr><td>요가와 명상</td><td>이바다</td><td>2026.12.01~2026.12.31</td><td>2026.11.01~2026.11.20</td><td>20/15</td><td>무료</td><td><a href="#" class="btn">신청하기</a></td></tr></tbody></table>'
    ),
    [("요가와 명상", "")],
)
# course table where each course title + target in the same cell
case(
    "cell2",
    wrap(
        '<table class="board"><thead><tr><th>번호</th><th>강좌정보</th><th>접수/교육기간</th><th>상태</th></tr></thead><tbody>'
        + "".join(
            f'<tr><td>{n}</td><td class="tl"><a href="view.do?n={n}"><strong>{c} 입문</strong></a><br><span>대상 : 성인</span></td><td>접수 : 2026.11.01 ~ 11.05<br>교육 : 2026.12.01 ~ 12.20</td><td><span class="ing">접수중</span></td></tr>'
            for n, c in enumerate(C)
        )
        + "</tbody></table>"
    ),
    [(c + " 입문", "") for c in C],
)
# education list with tr per course & second tr for description
case(
    "pairtr",
    wrap(
        '<table class="edu"><thead><tr><th>과정명</th><th>기간</th><th>인원</th></tr></thead><tbody>'
        + "".join(
            f'<tr class="main"><td><a href="#">{c} 과정</a></td><td>2026.12.01 ~ 12.0{n + 1}</td><td>20명</td></tr><tr class="sub"><td colspan="3">이 과정은 초보자를 위한 과정으로 실습 위주로 진행됩니다.</td></tr>'
            for n, c in enumerate(C)
        )
        + "</tbody></table>"
    ),
    [(c + " 과정", "") for c in C],
)
# anonymous Q&A list with 답변완료 status
case(
    "qna",
    wrap(
        '<table class="bbs"><thead><tr><th>번호</th><th>제목</th><th>작성자</th><th>등록일</th><th>처리상태</th></tr></thead><tbody>'
        + "".join(
            f'<tr><td>{n}</td><td class="subject"><a href="v?n={n}">{t} <img src="lock.gif" alt="비밀글"></a></td><td>김**</td><td>{d}</td><td>답변완료</td></tr>'
            for n, (t, d) in enumerate(W)
        )
        + "</tbody></table>"
    ),
    W,
)
# press list: title + summary both links of same row; date inside summary
case(
    "news",
    wrap(
        '<div class="article-list"><section>'
        + "".join(
            f'<div class="item"><a href="/news/articleView.html?idxno={n}"><img src="x.jpg"></a><h4><a href="/news/articleView.html?idxno={n}">{t}</a></h4><p class="lead"><a href="/news/articleView.html?idxno={n}">새솔시가 2026-01-01부터 겨울 강좌를 시작한다고 밝혔다. 참가를 원하는 시민은 누리집에서 신청하면 된다.</a></p><span class="byline"><em>교육</em><em>김하늘 기자</em><em>{d} 10:2{n % 10}</em></span></div>'
            for n, (t, d) in enumerate(W)
        )
        + "</section></div>"
    ),
    [(t, f"{d} 10:2{n % 10}") for n, (t, d) in enumerate(W)],
)
# header li
case(
    "lihead",
    wrap(
        '<div class="brd_list"><ul><li class="head"><p class="no">번호</p><p class="brd_title">제목</p><p class="dt">작성일</p></li>'
        + "".join(
            f'<li><p class="no">{n}</p><p class="brd_title"><a class="link" href="javascript:void(0)" onclick="fnView({n})">{t}</a></p><p class="dt">{d}</p></li>'
            for n, (t, d) in enumerate(W)
        )
        + "</ul></div>"
    ),
    W,
)
# page with a bigger related list without dates in the content area
case(
    "related",
    wrap(
        '<ul class="link_list">'
        + "".join(f'<li><a href="/site/{n}">유관기관 누리집 바로가기 {n}번 기관</a></li>' for n in range(30))
        + "</ul><table><tbody>"
        + "".join(
            f'<tr><td>{n}</td><td><a href="v?n={n}">{t}</a></td><td>{d}</td></tr>' for n, (t, d) in enumerate(W[:4])
        )
        + "</tbody></table>"
    ),
    W[:4],
)
case(
    "div tables",
    wrap(
        '<div class="tbody">'
        + "".join(
            f'<div class="tr"><div class="td num">{n}</div><div class="td subject"><a href="v?n={n}">{t}</a></div><div class="td writer">총무과</div><div class="td date">{d}</div></div>'
            for n, (t, d) in enumerate(W)
        )
        + "</div>"
    ),
    W,
)
case(
    "english",
    wrap(
        "<table><tr><th>Title</th><th>Date</th></tr>"
        + "".join(
            f'<tr><td><a href="/op/{n}.pdf">State of Minnesota, Respondent, vs. Person {n}</a></td><td>March {n + 1}, 2026</td></tr>'
            for n in range(8)
        )
        + "</table>"
    ),
    [(f"State of Minnesota, Respondent, vs. Person {n}", f"March {n + 1}, 2026") for n in range(8)],
)
case(
    "xe",
    wrap(
        '<div class="bd_lst_wrp"><table class="bd_lst"><thead><tr><th>번호</th><th>제목</th><th>글쓴이</th><th>날짜</th><th>조회 수</th></tr></thead><tbody>'
        + "".join(
            f'<tr class="{"notice" if n < 2 else ""}"><td class="no">{"<strong>공지</strong>" if n < 2 else n}</td><td class="title"><a href="/index.php?mid=civil&document_srl={n}">{t}</a> <a href="#c" class="replyNum">3</a> <span class="extraimages"><img alt="file"></span></td><td class="author"><a href="#popup" class="member_1" onclick="return false">관리자</a></td><td class="time">{d}</td><td class="m_no">12</td></tr>'
            for n, (t, d) in enumerate(W)
        )
        + "</tbody></table></div>"
    ),
    W,
)
# ul with ASP remains
case(
    "asp",
    wrap(
        '<ul class="lst"><% do until rs.eof %>'
        + "".join(
            f'<li class="tp"><div class="inner"><div class="cont"><a href="view.asp?seq={n}"><div class="tit">{t}</div></a><div class="stit">새솔시</div></div></div></li>'
            for n, t in enumerate(T)
        )
        + "<% loop %></ul>"
    ),
    [(t, "") for t in T],
)
# th scope row as title
case(
    "thtitle",
    wrap(
        '<table class="list"><thead><tr><th>번호</th><th>제목</th><th>작성일</th></tr></thead><tbody>'
        + "".join(
            f'<tr><td>{n}</td><th scope="row"><a href="v?n={n}">{t}</a></th><td>{d}</td></tr>'
            for n, (t, d) in enumerate(W)
        )
        + "</tbody></table>"
    ),
    W,
)
