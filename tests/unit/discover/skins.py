"""The shapes in which boards print their rows.

What does not live here: what is in them (``draws``), the page around them (``furniture``).
"""

from __future__ import annotations

from collections.abc import Callable

from tests.unit.discover.draws import Draw, Row


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
