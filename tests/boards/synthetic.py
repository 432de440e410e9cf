"""Boards as Korean offices write them, made up with their truth: families of markup × what varies between sites.

What does not live here: assertions. Everything is invented; hosts are ``example.go.kr``. Each list knows the options an
editor would write for it (``options``) and what a reader must find (``truth``).
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from html import escape
from random import Random
from typing import Any

HOST = "https://www.gaon.example.go.kr"
LIST = f"{HOST}/portal/bbs/list.do?bbsId=B7&mId=0401"
TODAY = date(2026, 11, 23)
_TITLES = (
    "겨울 도서관 이용 시간 변경 안내", "2026년 하반기 평생학습 실태조사", "「가온 배움터」 수강생 모집(추가)", "재활용품 분리배출 요령",
    "주민자치회 위원 공개 모집 공고", "작은 음악회 <겨울밤> 관람 신청", "어린이집 보육료 지원 안내 & 신청 방법", "체육관 휴관 안내(11.30.~12.2.)",
    "청년 정책 제안 공모 결과", "찾아가는 인문학 교실 강사 모집", "🎄 성탄 나들이 가족 모집", "읍면동 순회 건강 상담 일정",
    "제3회 가온 사진전 입상작 발표", "노인 일자리 참여자 모집 재공고", "[문화관] 12월 상영작 안내", "공유 주방 이용자 교육",
)  # fmt: skip


@dataclass(frozen=True)
class Article:
    """One article of a board, as its author knows it."""

    number: int
    title: str
    on: date
    is_pinned: bool = False
    is_new: bool = False
    comments: int = 0

    @property
    def token(self) -> str:
        """What some boards show instead of a number."""
        return f"BBSMSTR_{self.number:06d}"


def articles(count: int, *, pinned: int = 0, seed: int = 1) -> list[Article]:
    """Pinned ones first (old, as they are), then the flow, newest first."""
    random = Random(seed)
    titles = random.sample(_TITLES, len(_TITLES))
    found = [
        Article(900 + n, f"{titles[n % 16]} {900 + n}호", TODAY - timedelta(days=400 + 90 * n), is_pinned=True)
        for n in range(pinned)
    ]
    for n in range(count):
        number = 800 - n
        title = f"{titles[n % 16]} {number}호"
        found.append(
            Article(number, title, TODAY - timedelta(days=1 + 3 * n), is_new=n < 2, comments=random.choice([0, 0, 4]))
        )
    return found


# --- link forms: attributes of the anchor, options of an editor, the address a reader must get


@dataclass(frozen=True)
class LinkForm:
    """How a row names its article."""

    attributes: Callable[[Article], str]
    options: dict[str, Any] = field(default_factory=dict)
    url: Callable[[Article], str] = lambda a: f"{HOST}/portal/bbs/view.do?nttId={a.number}"
    hidden: Callable[[Article], str] = lambda _a: ""
    tag: str = "a"


def _packed(article: Article) -> str:
    inner = f"idx={article.number}&startPage=0&listNo={1000 - article.number}&table=cs_bbs"
    return base64.b64encode(inner.encode()).decode() + "||"


def _view(article: Article) -> str:
    return f"{HOST}/portal/bbs/view.do?bbsId=B7&nttId={article.number}"


LINK_FORMS: dict[str, LinkForm] = {
    "absolute": LinkForm(lambda a: f'href="{HOST}/portal/bbs/view.do?nttId={a.number}"'),
    "root-relative": LinkForm(lambda a: f'href="/portal/bbs/view.do?nttId={a.number}"'),
    "directory-relative": LinkForm(lambda a: f"href='./view.do?nttId={a.number}'"),
    "entities": LinkForm(lambda a: f'href="view.do?bbsId=B7&amp;nttId={a.number}"', url=_view),
    "query-only": LinkForm(
        lambda a: f'href="?mode=view&amp;articleNo={a.number}"',
        url=lambda a: f"{HOST}/portal/bbs/list.do?mode=view&articleNo={a.number}",
    ),
    "hash-and-data": LinkForm(
        lambda a: f'href="#" data-itsp-view-link="{a.number}"', {"link_template": "view.do?nttId={data-itsp-view-link}"}
    ),
    "javascript-href": LinkForm(
        lambda a: f'href="javascript:go_view({a.number});"',
        {"link_pattern": r"go_view\((\d+)", "link_template": "view.do?nttId={1}"},
    ),
    "void-and-onclick": LinkForm(
        lambda a: (
            f"href=\"javascript:void(0)\" onclick=\"fn_egov_inquire_articledetail('B7', '{a.number}'); return false;\""
        ),
        {
            "link_pattern": r"articledetail\('(?P<bbsId>\w+)',\s*'(?P<nttId>\d+)'",
            "link_template": "view.do?bbsId={bbsId}&nttId={nttId}",
        },
        url=_view,
    ),
    "one-argument": LinkForm(
        lambda a: f'href="javascript:;" onclick="fnView(&#39;{a.number}&#39;)"',
        {"link_pattern": r"fnView\('(?P<nttId>\d+)'", "link_template": "view.do?bbsId={bbsId}&nttId={nttId}"},
        url=_view,
    ),
    "data-id": LinkForm(
        lambda a: f'href="javascript:" class="nttInfoBtn" data-id="{a.number}"',
        {"link_template": "view.do?nttId={data-id}"},
    ),
    "href-beside-onclick": LinkForm(
        lambda a: (
            f"href=\"/portal/bbs/view.do?nttId={a.number}\" onclick=\"jf_view('gaon','7','{a.number}'); return false;\""
        ),
        {"link_pattern": r"jf_view\('(\w+)','(\d+)','(\d+)'\)", "link_template": "/wrong/{3}"},
    ),
    "address-in-call": LinkForm(
        lambda a: f"href=\"#view\" onclick=\"goView3('{a.number}','/board.es?act=view&amp;list_no={a.number}')\"",
        {"link_pattern": r"goView3\('\d+','([^']+)'", "link_template": "{1}"},
        url=lambda a: f"{HOST}/board.es?act=view&list_no={a.number}",
    ),
    "location-in-onclick": LinkForm(
        lambda a: f'onclick="location.href=\'view.do?nttId={a.number}\'" style="cursor:pointer"'
    ),
    "base64": LinkForm(
        lambda a: f'href="view.htm?bbs_data={_packed(a)}"',
        url=lambda a: f"{HOST}/portal/bbs/view.htm?bbs_data={_packed(a)}".replace("|", "%7C"),
    ),
    "session-id": LinkForm(lambda a: f'href="/portal/bbs/view.do;jsessionid=9A3F.w1?nttId={a.number}"'),
    "hidden-form": LinkForm(
        lambda _a: 'type="submit" class="link"',
        url=lambda a: f"{HOST}/portal/bbs/detail.do?nttId={a.number}&bbsId=B7",
        hidden=lambda a: (
            f'<form name="v{a.number}" method="post" action="detail.do"><input type="hidden" name="nttId" value="{a.number}">'
            '<input type="hidden" name="bbsId" value="B7"><input type="hidden" name="searchWrd" value=""></form>'
        ),
        tag="button",
    ),
}

# --- what stands around a title, and how a row says that it is pinned

NOISE: dict[str, Callable[[Article], tuple[str, str]]] = {
    "none": lambda _a: ("", ""),
    "badges": lambda a: ("", '<span class="ic-n">N</span><i class="f">첨부파일</i>' if a.is_new else ""),
    "new-word": lambda a: ("", " 새글" if a.is_new else ""),
    "hidden-words": lambda _a: (
        '<span class="sound_only">제목</span>',
        '<em class="blind">댓글</em><span class="cnt_cmt">4</span>',
    ),
    "inline-hidden": lambda _a: ('<span style="display:none">상세보기</span>', ""),
    "comments": lambda a: ("", f" [{a.comments}]" if a.comments else ""),
    "category": lambda _a: ('<span class="cate">[ 일반공지 ]</span> ', ""),
    "zero-width": lambda _a: ("\u200b", "\u200b\ufeff"),
    "icons": lambda a: (
        "",
        '<img src="/img/ico_file.gif" alt="첨부"><img src="/img/new.gif" alt="새글">' if a.is_new else "",
    ),
    "secret": lambda a: ("", '<span class="lock">비밀글</span>' if a.is_new else ""),
}
PINNED: dict[str, Callable[[Article], tuple[str, str]]] = {  # (attributes of the row, number cell)
    "class": lambda a: (' class="notice bg"' if a.is_pinned else "", "" if a.is_pinned else str(a.number)),
    "word": lambda a: ("", "<strong>공지</strong>" if a.is_pinned else str(a.number)),
    "brackets": lambda a: ("", "[ 필독 ]" if a.is_pinned else str(a.number)),
    "icon": lambda a: ("", '<img src="n.gif" alt="공지">' if a.is_pinned else str(a.number)),
    "english": lambda a: ("", '<span class="bo_ico">Notice</span>' if a.is_pinned else str(a.number)),
}
DATES: dict[str, Callable[[Article], tuple[str, str]]] = {  # (markup of the cell, text a reader must get)
    "dashes": lambda a: (f"{a.on:%Y-%m-%d}",) * 2,
    "dots": lambda a: (f"{a.on:%Y.%m.%d.}",) * 2,
    "short": lambda a: (f"{a.on:%y.%m.%d}",) * 2,
    "month-day": lambda a: (f"{a.on:%m-%d}",) * 2,
    "hidden-stamp": lambda a: (
        f'{a.on:%m-%d}<span class="hidden">{a.on:%Y-%m-%d} 10:22:07</span>',
        f"{a.on:%Y-%m-%d} 10:22:07",
    ),
    "stamp-glued": lambda a: (
        f'{a.on:%m-%d}<span class="timestamp">{a.on:%Y-%m-%d} 13:59:05</span>',
        f"{a.on:%Y-%m-%d} 13:59:05",
    ),
    "stamp-beside": lambda a: (f"{a.on:%m-%d}\n{a.on:%Y-%m-%d} 13:59:05", f"{a.on:%Y-%m-%d} 13:59:05"),
    "stamp-in-title": lambda a: (f'<span title="{a.on:%Y-%m-%d} 10:22">{a.on:%m-%d}</span>', f"{a.on:%Y-%m-%d} 10:22"),
    "labelled": lambda a: (f'<span class="blind">작성일</span>{a.on:%Y-%m-%d}', f"{a.on:%Y-%m-%d}"),
    "time-tag": lambda a: (f'<time datetime="{a.on:%Y-%m-%d}">3일 전</time>', f"{a.on:%Y-%m-%d}"),
}


# --- families


@dataclass(frozen=True)
class Look:
    """Everything that varies, by name."""

    family: str = "table"
    link: str = "root-relative"
    noise: str = "none"
    pinned: str = "class"
    date: str = "dashes"
    encoding: str = "utf-8"
    cut: bool = False

    @property
    def options(self) -> dict[str, Any]:
        """What an editor writes for it."""
        own = {"url": LIST, **FAMILIES[self.family][1], **LINK_FORMS[self.link].options}
        if self.noise == "category":
            own["category"] = "span.cate"
        return own

    def truth(self, shown: list[Article]) -> list[dict[str, Any]]:
        """What must be read: title, address, date text, pinned."""
        rows = []
        for article in shown:
            on = DATES[self.date](article)[1]
            url = LINK_FORMS[self.link].url(article)
            rows.append({"title": article.title, "url": url, "date": on, "pinned": article.is_pinned})
        return rows

    def page(self, shown: list[Article], *, past: str = "empty") -> bytes:
        """The list page; with no articles, one of the ways boards say so (``past``)."""
        rows = "".join(FAMILIES[self.family][0](self, article) for article in shown)
        body = FRAMES[self.family].replace("{rows}", rows or EMPTY_ROWS[self.family].get(past, ""))
        if not shown and past == "no-tbody":
            body = body.replace("<tbody>", "").replace("</tbody>", "")
        text = _FURNITURE.replace("{charset}", "euc-kr" if self.encoding == "cp949" else "utf-8").replace(
            "{list}", body
        )
        raw = text.encode(self.encoding, "xmlcharrefreplace")
        return b"\xef\xbb\xbf" + raw if self.encoding == "utf-8" else raw


def _title(look: Look, article: Article) -> str:
    form = LINK_FORMS[look.link]
    before, after = NOISE[look.noise](article)
    title, attribute = escape(article.title), ""
    if look.cut:
        attribute = f' title="{escape(article.title)} 자세히 보기"'
        title = f"{escape(article.title[:9])}..."
    return (
        f"{form.hidden(article)}<{form.tag}{attribute} {form.attributes(article)}>{before}{title}{after}</{form.tag}>"
    )


def _table(look: Look, article: Article) -> str:
    row, number = PINNED[look.pinned](article)
    files = '<a href="/cmm/fms/FileDown.do?atchFileId=F1"><img src="f.gif" alt="파일"></a>' if article.is_new else ""
    return (
        f'<tr{row}><td class="num">{number}</td><td class="subject">{_title(look, article)}</td><td>평생학습과</td>'
        f'<td class="period">2026-11-01 ~ 2026-12-24</td><td class="date">{DATES[look.date](article)[0]}</td><td>{files}</td><td>1,908</td></tr>\n'
    )


def _unclosed(look: Look, article: Article) -> str:
    """As 1990s boards wrote it: no closing tags, attributes without quotes."""
    row, number = PINNED[look.pinned](article)
    return (
        f"<TR{row} bgcolor=#ffffff height=28><TD align=center>{number}<TD class=subject>{_title(look, article)}<TD>담당자"
        f"<TD class=period>상시<TD class=date>{DATES[look.date](article)[0]}<TD><TD>12<% if cnt > 0 then %>\n"
    )


def _cards(look: Look, article: Article) -> str:
    row, number = PINNED[look.pinned](article)
    picture = f'<a class="img" href="#thumb"><img src="/thumb/{article.number}.jpg" alt="" onerror="this.src=\'/no.png\'"></a>'
    return (
        f'<li{row}><span class="no">{number}</span>{picture}<div class="subject">{_title(look, article)}</div>'
        f'<ul class="info"><li class="w">담당 평생학습과</li><li class="date">{DATES[look.date](article)[0]}</li></ul></li>\n'
    )


def _wrapped(look: Look, article: Article) -> str:
    """The anchor is the row."""
    form, (row, number) = LINK_FORMS[look.link], PINNED[look.pinned](article)
    before, after = NOISE[look.noise](article)
    title = (
        f' title="{escape(article.title)} 내용보기">{escape(article.title[:9])}…'
        if look.cut
        else f">{escape(article.title)}"
    )
    return (
        f'<{form.tag} {form.attributes(article)}><div{row or " class=list"}><span class="num">{number}</span>{form.hidden(article)}'
        f'<div class="subject"><strong>{before}<span class="t"{title}</span>{after}</strong></div>'
        f'<div class="date">{DATES[look.date](article)[0]}</div></div></{form.tag}>\n'
    )


FAMILIES: dict[str, tuple[Callable[[Look, Article], str], dict[str, Any]]] = {
    "table": (_table, {"rows": "table.bbs tbody tr", "title": "td.subject a, td.subject button", "date": "th:등록일"}),
    "unclosed": (_unclosed, {"rows": "table.bbs tr", "title": "td.subject", "date": "td.date"}),
    "cards": (_cards, {"rows": "ul.cards > li", "title": "div.subject > a, div.subject > button", "date": "li.date"}),
    "wrapped": (
        _wrapped,
        {"rows": "div.wraps > a > div, div.wraps > button > div", "title": "div.subject", "date": "div.date"},
    ),
}
FRAMES: dict[str, str] = {
    "table": '<table class="bbs"><caption>번호, 제목, 부서, 접수기간, 등록일, 파일, 조회로 이루어진 표</caption><thead><tr><th>번호</th><th>제목</th>'
    "<th>부서</th><th>접수기간</th><th>등록일</th><th>파일</th><th>조회</th></tr></thead><tbody>{rows}</tbody></table>",
    "unclosed": "<table class=bbs border=0><tr bgcolor=#eeeeee><th>번호<th>제목<th>담당<th>기간<th>작성일<th>파일<th>조회{rows}</table>",
    "cards": '<ul class="cards">{rows}</ul>',
    "wrapped": '<div class="wraps">{rows}</div>',
}
EMPTY_ROWS: dict[str, dict[str, str]] = {
    "table": {
        "sentence": '<tr><td colspan="7">등록된 게시물이 없습니다.</td></tr>',
        "short": "<tr><td colspan=7>작성된 글이 없습니다.</td></tr>",
    },
    "unclosed": {"sentence": "<tr><td colspan=7 align=center>등록된 자료가 없습니다."},
    "cards": {"sentence": '<li class="nodata">검색된 결과가 없습니다.</li>'},
    "wrapped": {"sentence": '<p class="none">게시물이 없습니다.</p>'},
}
_MENU = "".join(f'<li><a href="/menu/{n}.do">메뉴 {n}</a></li>' for n in range(60))
_FURNITURE = (
    '<!DOCTYPE html><html lang="ko"><head><title>알림마당</title><meta charset="{charset}"></head><body>'
    f'<ul id="gnb">{_MENU}</ul><form name="search" action="list.do" method="post"><table class="search"><tr><th>검색</th>'
    '<td><input name="searchWrd"><input type="hidden" name="pageIndex" value="1"></td></tr></table></form>'
    '<!-- <table class="bbs"><tbody><tr><td class="subject"><a href="/old/1">지워진 옛 글</a></td></tr></tbody></table> -->'
    "<%@ include file='top.asp' %>{list}"
    '<div class="paging"><a href="#" onclick="fn_egov_link_page(2);return false;">2</a></div>'
    '<script>var t = "<table class=bbs><tr><td>";</script><footer>가온시청 02-000-0000</footer></body></html>'
)
