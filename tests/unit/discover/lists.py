"""Invented list pages with their truth: every skin, link form, mark and noise of boards §1–2, drawn by a seed.

What does not live here: what stands around the lists (``furniture``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tests.unit.discover import furniture, wording


@dataclass
class Row:
    """One article of the truth, and how its page marks it."""

    title: str
    ident: int
    date: str
    is_pinned: bool = False
    period: str = ""
    status: str = ""
    number: str = ""
    who: str = "관리자"
    hits: str = "12"
    badges: str = ""
    lead: str = ""


@dataclass
class Page:
    """A page with its truth; ``style`` names the choices, for a failing test's message."""

    html: str
    rows: list[Row]
    style: dict[str, object] = field(default_factory=dict)
    encoding: str = "utf-8"
    has_dates: bool = True
    paging: str = ""

    @property
    def body(self) -> bytes:
        return self.html.encode(self.encoding, "xmlcharrefreplace")


LINKS: dict[str, Callable[[Row], str]] = {
    "absolute": lambda r: f'href="https://www.example.go.kr/bbs/view.do?nttId={r.ident}&bbsId=BBSMSTR_1"',
    "root": lambda r: f'href="/www/selectBbsNttView.do?key=813&amp;bbsNo=8&amp;nttNo={r.ident}"',
    "relative": lambda r: f'href="./view.do?pblancId=PBLN_{r.ident:012d}"',
    "query": lambda r: f'href="?mode=view&amp;articleNo={r.ident}&amp;article.offset=0"',
    "path": lambda r: f'href="/main/board/19/1/read/{r.ident}"',
    "both": lambda r: f"href=\"/bbs/cse/775/{r.ident}/artclView.do\" onclick=\"jf_viewArtcl('cse','775','{r.ident}')\"",
    "call": lambda r: f'href="javascript:go_view({r.ident});"',
    "void": lambda r: f"href=\"javascript:void(0);\" onclick=\"fn_view('{r.ident}','BBSMSTR_1'); return false;\"",
    "hash": lambda r: f'href="#" onclick="fnViewArticle(\'{r.ident}\')"',
    "data": lambda r: f'href="#none" data-id="{r.ident}"',
    "packed": lambda r: f'href="sub.htm?mv_data=aWR4PTEmcGFnZT0{r.ident}"',
}
SKINS = ("head", "head", "bare", "th-row", "ul", "cells", "webzine", "wrapped", "card", "gallery", "dl", "faq", "div")
_TITLE_NAMES = ("subject", "tit", "title", "td-subject", "bo_tit", "b_subject", "")
_DATE_NAMES = ("date", "td-date", "b_date", "td_datetime", "reg", "")


class Draw:
    """The choices of one page."""

    def __init__(self, seed: int) -> None:
        self.dice = dice = Random(seed)
        self.skin = dice.choice(SKINS)
        self.link = dice.choice(list(LINKS))
        self.count = dice.choice([1, 2, 5, 10, 10, 15, 20])
        self.form = dice.choice(list(wording.FORMS))
        self.pin = dice.choice(["none", "class", "word", "both", "icon"])
        self.badge = dice.choice(["none", "new", "hidden", "count", "category", "file", "icons"])
        self.title_name = dice.choice(_TITLE_NAMES)
        self.date_name = dice.choice(_DATE_NAMES)
        self.period = dice.random() < 0.25
        self.status = dice.random() < 0.2
        self.label = dice.choice(["", "", "작성일", "등록일 : "])
        self.unclosed = dice.random() < 0.15
        self.encoding = dice.choice(["utf-8", "utf-8", "utf-8", "cp949"])
        if self.count < 3 and self.skin in ("faq", "bare", "gallery", "wrapped"):
            self.count = 5
        if self.skin == "dl" or (self.label and self.skin in ("head", "bare", "th-row", "cells")):
            self.label = self.label if self.skin == "dl" else ""

    def rows(self) -> list[Row]:
        dice = self.dice
        made = []
        for n, text in enumerate(wording.titles(dice, self.count)):
            row = Row(text, 175380 + 37 * (self.count - n), wording.printed(self.form, wording.day(dice)))
            row.number, row.who = str(1200 - n), dice.choice(wording.PEOPLE)
            row.hits = dice.choice(["7", "1,908", "562"])
            row.lead = f"{dice.choice(wording.PLACES)} 주민을 위한 자리를 마련하였습니다. 자세한 내용은 본문을 보시기 바랍니다. 많은 참여 바랍니다."
            row.period, row.status = wording.period(dice), dice.choice(["접수중", "마감", "접수예정", "D-3"])
            row.is_pinned = self.pin != "none" and n < min(3, self.count - 1) and self.skin != "faq"
            row.badges = self._badge(n)
            made.append(row)
        return made

    def _badge(self, n: int) -> str:
        if n % 2 and self.badge != "category":
            return ""
        return {
            "none": "",
            "new": ' <span class="new">새글</span>',
            "hidden": ' <span class="sound_only">첨부파일 있음</span>',
            "count": ' <span class="cnt_cmt">4</span>',
            "category": f'<span class="cate">{["일반", "장학"][n % 2]}</span> ',
            "file": ' <img src="/img/ico_file.gif" alt="첨부파일">',
            "icons": ' <i class="ico-lock" title="비밀글"></i><em class="ico_hot">HOT</em>',
        }[self.badge]

    def name(self, name: str) -> str:
        return f' class="{name}"' if name else ""

    def anchor(self, row: Row, inner: str, more: str = "") -> str:
        return f"<a {LINKS[self.link](row)}{more}>{inner}</a>"

    def titled(self, row: Row) -> str:
        before, after = (row.badges, "") if self.badge == "category" else ("", row.badges)
        return f"{before}{row.title.replace('&', '&amp;')}{after}"


def page(seed: int) -> Page:
    """Return the page a seed draws."""
    draw = Draw(seed)
    dice, rows = draw.dice, draw.rows()
    body = SKIN[draw.skin](draw, rows)
    pager, param = furniture.pager(dice)
    if draw.unclosed:
        body = (
            body.replace("</td>", "").replace("</tr>", "").replace("</li>", "")
            if draw.skin in ("head", "bare", "ul")
            else body
        )
    parts = [
        furniture.menu(dice),
        furniture.slider(dice, [r.title for r in rows[:4]]),
        "<div id='contents' class='sub'><h2>공지사항</h2>",
    ]
    parts += [
        furniture.search(dice),
        body,
        pager,
        "</div>",
        dice.choice([furniture.side, furniture.calendar, furniture.old_rows])(dice),
    ]
    html = f"<!doctype html><html><head><meta charset='{draw.encoding}'><title>새솔시</title></head><body>{''.join(parts)}{furniture.footer(dice)}</body></html>"
    style = {k: v for k, v in vars(draw).items() if k != "dice"} | {"seed": seed}
    return Page(html, rows, style, draw.encoding, draw.skin != "faq", param)


def _tr(draw: Draw, row: Row, cells: list[str]) -> str:
    mark = ' class="notice"' if row.is_pinned and draw.pin in ("class", "both") else ""
    return f"<tr{mark}>{''.join(cells)}</tr>"


def _number(draw: Draw, row: Row) -> str:
    if row.is_pinned and draw.pin in ("word", "both"):
        return "<strong>공지</strong>"
    if row.is_pinned and draw.pin == "icon":
        return '<span class="icon_notice">공지</span>'
    return row.number


def _table(draw: Draw, rows: list[Row], head: str, where: str) -> str:
    heads = [
        "번호",
        "제목",
        *(["접수기간"] if draw.period else []),
        *(["상태"] if draw.status else []),
        "작성자",
        "등록일",
        "조회수",
    ]
    cells = "".join(f'<th scope="col">{word}</th>' for word in heads)
    lines = []
    for row in rows:
        title = f"<td{draw.name(draw.title_name)}>{draw.anchor(row, draw.titled(row))}</td>"
        extra = [f"<td>{row.period}</td>"] if draw.period else []
        extra += [f"<td><span class='state'>{row.status}</span></td>"] if draw.status else []
        lines.append(
            _tr(
                draw,
                row,
                [
                    f"<td>{_number(draw, row)}</td>",
                    title,
                    *extra,
                    f"<td>{row.who}</td>",
                    f"<td{draw.name(draw.date_name)}>{row.date}</td>",
                    f"<td>{row.hits}</td>",
                ],
            )
        )
    top = {"thead": f"<thead><tr>{cells}</tr></thead>", "row": f"<tr>{cells}</tr>", "none": ""}[head]
    return f'<div class="{where}"><table><caption>목록</caption>{top}<tbody>{"".join(lines)}</tbody></table></div>'


def _mark(draw: Draw, row: Row) -> str:
    return " notice" if row.is_pinned else ""


def _dated(draw: Draw, row: Row, tag: str = "span") -> str:
    return f"<{tag}{draw.name(draw.date_name or 'date')}>{draw.label}{' ' if draw.label and not draw.label.endswith(' ') else ''}{row.date}</{tag}>"


def _ul(draw: Draw, rows: list[Row]) -> str:
    lines = [
        f'<li class="row{_mark(draw, r)}"><div{draw.name(draw.title_name or "tit")}>{draw.anchor(r, draw.titled(r))}</div>{_dated(draw, r)}<span class="writer">{r.who}</span></li>'
        for r in rows
    ]
    return f'<ul class="{draw.dice.choice(["board_list", "bbs-list", "lst"])}">{"".join(lines)}</ul>'


def _cells(draw: Draw, rows: list[Row]) -> str:
    head = "<ul class='thead'><li>번호</li><li>제목</li><li>작성자</li><li>등록일</li></ul>"
    lines = "".join(
        f"<ul class='tbody{_mark(draw, r)}'><li>{r.number}</li><li class='subject'>{draw.anchor(r, draw.titled(r))}</li><li>{r.who}</li><li>{r.date}</li></ul>"
        for r in rows
    )
    return f"<div class='brd_table'>{head}{lines}</div>"


def _webzine(draw: Draw, rows: list[Row]) -> str:
    lines = "".join(
        f'<li class="webzine-item{_mark(draw, r)}">{draw.anchor(r, "<img src=/t.jpg alt=>", " class=thumb")}<div class="cont"><h4 class="tit">{draw.anchor(r, draw.titled(r))}</h4>'
        f'<p class="summary">{draw.anchor(r, r.lead)}</p><div class="info"><em>{r.who}</em> {_dated(draw, r)}</div></div></li>'
        for r in rows
    )
    return f'<ul class="webzine">{lines}</ul>'


def _wrapped(draw: Draw, rows: list[Row]) -> str:
    lines = "".join(
        draw.anchor(
            r,
            f'<li class="list{_mark(draw, r)}"><div class="subject">{draw.titled(r)}</div><div class="date">{r.date}</div></li>',
        )
        for r in rows
    )
    return f'<ul class="list_table_cont">{lines}</ul>'


def _card(draw: Draw, rows: list[Row]) -> str:
    lines = "".join(
        f'<li class="item{_mark(draw, r)}">'
        + draw.anchor(
            r,
            f'<div class="tit_wrap"><p class="tit">{draw.titled(r)}</p></div><div class="bottom"><span class="list">{r.who}</span>'
            f'<span class="list">등록일자 {r.date}</span><span class="list">시작일자 2026-01-02</span><span class="list">마감일자 2026-02-03</span></div>',
        )
        + "</li>"
        for r in rows
    )
    return f'<div class="card_list"><ul>{lines}</ul></div>'


def _gallery(draw: Draw, rows: list[Row]) -> str:
    lines = "".join(
        f'<li class="gall_li col-gn-4{_mark(draw, r)}"><div class="gall_img">{draw.anchor(r, "<img src=/a.jpg alt=>")}</div><div class="gall_text_href">{draw.anchor(r, draw.titled(r), " class=bo_tit")}'
        f'</div><div class="gall_info"><span class="sound_only">작성일 </span><span class="gall_date">{r.date}</span></div></li>'
        for r in rows
    )
    return f'<ul id="gall_ul" class="gall_row">{lines}</ul>'


def _dl(draw: Draw, rows: list[Row]) -> str:
    lines = "".join(
        f"<dl class='item{_mark(draw, r)}'><dt>{draw.anchor(r, draw.titled(r))}</dt><dd class='txt'>{r.lead}</dd><dd class='date'>{draw.label or '등록일 : '}{r.date}</dd></dl>"
        for r in rows
    )
    return f"<div class='bbs_list'>{lines}</div>"


def _faq(draw: Draw, rows: list[Row]) -> str:
    lines = "".join(
        f"<dl><dt><a href='#none'>{r.title.replace('&', '&amp;')}</a></dt><dd>{r.lead}</dd></dl>" for r in rows
    )
    return f"<div class='faq_list'>{lines}</div>"


def _div(draw: Draw, rows: list[Row]) -> str:
    top = [r for r in rows if r.is_pinned]
    flow = [r for r in rows if not r.is_pinned]

    def line(r: Row) -> str:
        return f'<div class="list_item{_mark(draw, r)}"><div class="list_title">{draw.anchor(r, draw.titled(r), " class=list_subject")}</div><div class="list_time"><span class="time">11-06<span class="timestamp">{r.date}</span></span></div></div>'

    return f'<div class="content_list">{"".join(map(line, top))}<div class="list_content">{"".join(map(line, flow))}</div></div>'


SKIN: dict[str, Callable[[Draw, list[Row]], str]] = {
    "head": lambda d, r: _table(d, r, "thead", "board_list"),
    "bare": lambda d, r: _table(d, r, "none", "tbl_area"),
    "th-row": lambda d, r: _table(d, r, "row", "bbs"),
    "ul": _ul,
    "cells": _cells,
    "webzine": _webzine,
    "wrapped": _wrapped,
    "card": _card,
    "gallery": _gallery,
    "dl": _dl,
    "faq": _faq,
    "div": _div,
}
