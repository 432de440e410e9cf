"""Invented course lists with their truth: tables, cards, facts as labels, pairs or tables, links that lead nowhere.

What does not live here: notice boards (``lists``). Source: korea §4 "Course lists", boards §1 (lecture lists).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tests.unit.discover import furniture, wording

STATUS = "접수중,접수예정,마감,대기접수,모집중,교육중,종료,정원마감,D-3,추가접수".split(",")
FACTS = ("apply", "teach", "capacity", "fee", "target", "place")
HEADS = {
    "apply": ["접수기간", "신청기간", "모집기간", "수강신청기간"],
    "teach": ["교육기간", "강의기간", "운영기간", "학습기간"],
    "capacity": ["정원", "모집인원"],
    "fee": ["수강료", "교육비", "참가비"],
    "target": ["대상", "교육대상"],
    "place": ["장소", "교육장소"],
    "title": ["강좌명", "프로그램명", "과정명", "교육명"],
    "status": ["상태", "접수상태", "신청"],
}


@dataclass
class Course:
    """One course of the truth."""

    title: str
    ident: int
    status: str
    facts: dict[str, str]


@dataclass
class Page:
    """A page with its truth."""

    html: str
    rows: list[Course]
    style: dict[str, object] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        return self.html.encode()


LINKS: dict[str, Callable[[Course], str]] = {
    "plain": lambda c: f'href="/edu/view.do?lctreSn={c.ident}"',
    "hash": lambda _c: 'href="#"',
    "hash-end": lambda _c: 'href="#;"',
    "void": lambda _c: 'href="javascript:;"',
    "call": lambda c: f"href=\"#none\" onclick=\"goDetail('{c.ident}', '1'); return false;\"",
    "asp": lambda _c: 'href="<%=btn_url%>"',
}


class Draw:
    """The choices of one page."""

    def __init__(self, seed: int) -> None:
        self.dice = dice = Random(seed)
        self.skin = dice.choice(list(SKIN))
        self.link = dice.choice(list(LINKS))
        self.on = dice.choice(["title", "button", "both"])
        self.count = dice.choice([1, 1, 2, 2, 4, 8, 12])
        self.words = {name: dice.choice(heads) for name, heads in HEADS.items()}
        self.facts = ["apply", "teach", *dice.sample(FACTS[2:], dice.randint(1, 4))]
        self.first = dice.choice(["번호", "강좌코드", "분야", "기관"])
        self.colon = dice.choice([" : ", ": ", ":"])

    def rows(self) -> list[Course]:
        dice = self.dice
        return [
            Course(text, 61834 + n, dice.choice(STATUS), {name: self._fact(name) for name in self.facts})
            for n, text in enumerate(wording.courses(dice, self.count))
        ]

    def _fact(self, name: str) -> str:
        dice = self.dice
        return {
            "apply": wording.period(dice),
            "teach": f"{wording.day(dice):%Y-%m-%d} ~ {wording.day(dice):%Y-%m-%d}",
            "capacity": f"{dice.randint(8, 40)}명",
            "fee": dice.choice(["무료", "30,000원", "10,000원(재료비 별도)"]),
            "target": dice.choice(["새솔시민", "초등 3~6학년", "65세 이상", "성인"]),
            "place": dice.choice(["새솔평생학습관 201호", "한빛도서관 강당", "비대면(줌)"]),
        }[name]

    def titled(self, course: Course) -> str:
        return f"<a {LINKS[self.link](course)}>{course.title}</a>" if self.on != "button" else course.title

    def button(self, course: Course) -> str:
        return (
            f"<a {LINKS[self.link](course)} class='btn'>{course.status}</a>"
            if self.on != "title"
            else f"<span class='state'>{course.status}</span>"
        )

    def code(self, n: int) -> str:
        return {"번호": str(90 - n), "강좌코드": f"LIET{235 + n}-00", "분야": "인문교양", "기관": "새솔평생학습관"}[
            self.first
        ]


def page(seed: int) -> Page:
    """Return the page a seed draws."""
    draw = Draw(seed)
    rows = draw.rows()
    body = SKIN[draw.skin](draw, rows)
    dice = draw.dice
    parts = [
        furniture.menu(dice),
        "<div id='contents' class='sub_page'><h3>수강 신청</h3><p>원하시는 강좌를 골라 신청해 주시기 바랍니다.</p>",
        furniture.search(dice),
        body,
    ]
    parts += [
        furniture.pager(dice)[0],
        "</div>",
        dice.choice([furniture.side, furniture.calendar, furniture.old_rows])(dice),
        furniture.footer(dice),
    ]
    return Page(
        f"<!doctype html><html><head><meta charset=utf-8></head><body>{''.join(parts)}</body></html>",
        rows,
        {k: v for k, v in vars(draw).items() if k != "dice"} | {"seed": seed},
    )


def _table(draw: Draw, rows: list[Course]) -> str:
    heads = [draw.first, draw.words["title"], *(draw.words[name] for name in draw.facts), draw.words["status"]]
    top = "".join(f"<th>{word}</th>" for word in heads)
    lines = []
    for n, c in enumerate(rows):
        cells = [draw.code(n), draw.titled(c), *c.facts.values(), draw.button(c)]
        lines.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    return f"<table class='tbl'><thead><tr>{top}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def _labels(draw: Draw, course: Course) -> str:
    return "".join(f"<li>{draw.words[name]}{draw.colon}{said}</li>" for name, said in course.facts.items())


def _cards(draw: Draw, rows: list[Course]) -> str:
    lines = "".join(
        f"<li><div class='state_box'>{draw.button(c)}</div><strong class='tit'>{draw.titled(c)}</strong><ul class='info'>{_labels(draw, c)}</ul></li>"
        for c in rows
    )
    return f"<ul class='course_list'>{lines}</ul>"


def _spans(draw: Draw, rows: list[Course]) -> str:
    def facts(c: Course) -> str:
        return "".join(f"<li><span>{draw.words[name]}{draw.colon}</span>{said}</li>" for name, said in c.facts.items())

    lines = "".join(
        f"<li><dl class='box'><dt>{draw.titled(c)}</dt><dd><ul>{facts(c)}</ul></dd></dl><div class='btn_area'>{draw.button(c)}</div></li>"
        for c in rows
    )
    return f"<div class='edu_area'><ul>{lines}</ul></div>"


def _inline(draw: Draw, rows: list[Course]) -> str:
    def facts(c: Course) -> str:
        return " ".join(
            f"{draw.words[name]}{draw.colon}<span class='blue'>{said}</span>" for name, said in c.facts.items()
        )

    lines = "".join(f"<li><dl><dt>{draw.titled(c)}</dt><dd>{facts(c)} {draw.button(c)}</dd></dl></li>" for c in rows)
    return f"<div class='lecture_area'><div class='tit'><h4>온라인 특강</h4></div><ul class='banner_list'>{lines}</ul></div>"


def _pairs(draw: Draw, rows: list[Course]) -> str:
    def facts(c: Course) -> str:
        return "".join(f"<dl><dt>{draw.words[name]}</dt><dd>{said}</dd></dl>" for name, said in c.facts.items())

    lines = "".join(
        f"<div class='item'><p class='subject'>{draw.titled(c)}</p><div class='facts'>{facts(c)}</div>{draw.button(c)}</div>"
        for c in rows
    )
    return f"<div class='program_list'>{lines}</div>"


def _boxes(draw: Draw, rows: list[Course]) -> str:
    def facts(c: Course) -> str:
        return "".join(f"<tr><th>{draw.words[name]}</th><td>{said}</td></tr>" for name, said in c.facts.items())

    lines = "".join(
        f"<div class='card'><h4>{draw.titled(c)}</h4><table>{facts(c)}</table><p>{draw.button(c)}</p></div>"
        for c in rows
    )
    return f"<div class='cards'>{lines}</div>"


SKIN: dict[str, Callable[[Draw, list[Course]], str]] = {
    "table": _table,
    "cards": _cards,
    "spans": _spans,
    "inline": _inline,
    "pairs": _pairs,
    "boxes": _boxes,
}
