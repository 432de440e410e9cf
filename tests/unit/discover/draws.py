"""The choices of one invented list page: rows, link forms, marks and noise of boards §1–2, drawn by a seed.

What does not live here: the markup around the choices (``skins``), words (``wording``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tests.unit.discover import wording


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
