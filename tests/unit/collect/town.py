"""An invented town's notice boards over many nights, their redesigns, and a reader that looks at them as the night does.

What does not live here: assertions. Everything is seeded: the same number is the same town.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pipeline.model as p
import sources.board as plugin
from pipeline.collect.fetch import Talk, drive, memory_of
from pipeline.collect.normalize import normalize
from pipeline.collect.settling import settle
from pipeline.store.store import Store
from tests.fakes import FakeHttp, document

FIRST_DAY = date(2026, 10, 12)
_HOLIDAYS = {date(2026, 12, 25), date(2027, 1, 1), *(date(2027, 2, 5) + timedelta(days=n) for n in range(5))}
_TOPICS = "겨울 인문학 강연|청소년 코딩 교실|도서관 휴관|주차장 공사|수강생 모집|평생학습 박람회|문해 교육|자원봉사자 모집|찾아가는 음악회|생활 도예"
_ENDS = "안내|공고|알림|계획 공고|신청 안내|결과 발표|일정 변경 안내|재공고"


@dataclass
class Article:
    number: int
    title: str
    on: date
    pinned: bool = False


@dataclass
class Board:
    """One board: how often it writes, how it looks, what it holds (newest first)."""

    seed: int
    articles: list[Article] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dice = Random(self.seed)
        self.size = self.dice.choice([10, 15, 20])
        self.pace = self.dice.choice([0.1, 0.4, 1.0, 2.5])
        self.dates = self.dice.choice(["%Y-%m-%d", "%Y.%m.%d", "%y.%m.%d", "%m-%d", ""])
        self.pinned_dated = self.dice.random() < 0.6
        self.keyed = self.dice.random() < 0.5
        self.next = self.seed * 1000
        self.deleted = 0
        for days in range(60, 0, -1):
            self._write(FIRST_DAY - timedelta(days=days), 1)
        for article in self.dice.sample(self.articles[5:40], self.dice.randrange(4)):
            article.pinned = True

    @property
    def options(self) -> dict[str, Any]:
        rules = {
            "rows": "table.bbs_list tbody tr",
            "title": "td.subject a",
            "url": "https://board.example.go.kr/list.do",
        }
        return rules | {"date": "td.date" if self.dates else "", "key": "{nttId}" if self.keyed else ""}

    def day(self, today: date) -> None:
        """What people do on one day: nothing on holidays and most weekends, sometimes a lot, now and then an edit."""
        if today in _HOLIDAYS:
            return
        pace = self.pace * (0.1 if today.weekday() >= 5 else 1.2)
        count = sum(self.dice.random() < pace / 4 for _ in range(4))
        if self.dice.random() < 0.02:
            count += self.dice.randrange(3, self.size // 2)
        self._write(today, count)
        if self.dice.random() < 0.05:
            article = self.dice.choice(self.articles[: self.size])
            article.title += " (수정)"
        if self.dice.random() < 0.04:
            article = self.dice.choice(self.articles[: self.size])
            article.pinned = not article.pinned
        if self.dice.random() < 0.01:
            self.size = self.dice.choice([10, 15, 20])
        if self.dice.random() < 0.01:
            del self.articles[self.dice.randrange(self.size)]
            self.deleted += 1

    def _write(self, on: date, count: int) -> None:
        for _ in range(count):
            self.next += 1
            topic, end = self.dice.choice(_TOPICS.split("|")), self.dice.choice(_ENDS.split("|"))
            self.articles.insert(0, Article(self.next, f"{on.year}년 제{self.next % 1000}회 {topic} {end}", on))

    def shown(self) -> list[Article]:
        """Pinned ones on top, then a page of all."""
        pinned = [a for a in self.articles if a.pinned][:5]
        return [*pinned, *self.articles[: self.size]]

    def page(self, design: Callable[[Board], str] | None = None) -> bytes:
        body = (design or table)(self)
        menu = "".join(f'<li><a href="/menu{n}.do">메뉴 {n}</a></li>' for n in range(12))
        counter = f"<p>오늘 방문 {self.dice.randrange(9999)}</p>"
        head = f'<!doctype html><meta charset="utf-8"><title>공지사항</title><ul class="gnb">{menu}</ul>'
        return f"{head}{counter}{body}<footer>가온시청</footer>".encode()


def row(board: Board, place: int, article: Article, **other: str) -> str:
    """One line of the table; other words for its classes, cells or address."""
    is_top = place < sum(a.pinned for a in board.articles[:10_000]) and article.pinned
    said = article.on.strftime(board.dates) if board.dates else ""
    cells = {
        "num": "공지" if is_top else str(article.number % 1000),
        "subject": f'<a href="view.do?nttId={article.number}">{article.title}</a>',
        "writer": "홍보담당관",
        "date": said if board.pinned_dated or not is_top else "",
        "hit": str(board.dice.randrange(2000)),
    }
    names = {name: other.get(f"class_{name}", name) for name in cells}
    cells |= {name: other[name].format(a=article) for name in cells if name in other}
    return (
        "<tr>"
        + "".join(f'<td class="{names[n]}">{text}</td>' for n, text in cells.items() if text is not None)
        + "</tr>"
    )


def table(board: Board, /, *, name: str = "bbs_list", around: str = "{}", **other: str) -> str:
    """The board's own look, with other names where a redesign gives some."""
    rows = "".join(row(board, n, a, **other) for n, a in enumerate(board.shown()))
    head = "<thead><tr><th>번호</th><th>제목</th><th>작성자</th><th>등록일</th><th>조회</th></tr></thead>"
    return around.format(f'<table class="{name}">{head}<tbody>{rows}</tbody></table>')


@dataclass
class Reader:
    """Reads one board night by night with the real conversation, parser, judge, guards and store; nothing is faked but the web."""

    board: Board
    store: Store
    options: dict[str, Any] | None = None
    lines: list[p.SourceRun] = field(default_factory=list)
    changes: tuple[p.Change, ...] = ()

    def __post_init__(self) -> None:
        self.name = f"board-{self.board.seed}"
        self.state = p.SourceState(source_id=self.name)

    @property
    def spec(self) -> p.SourceSpec:
        options = plugin.Options(**(self.options or self.board.options))
        return p.SourceSpec(
            id=self.name,
            name="공지",
            kind="board",
            options=options,
            url=options.url,
            options_hash=str(options.model_dump()),
        )

    def night(self, today: date, body: bytes) -> p.Health:
        """Look once, at 03:00 of the next morning in Seoul; return the verdict."""
        now = datetime(today.year, today.month, today.day, 18, tzinfo=UTC)
        spec = self.spec
        state = memory_of(spec, self.state)
        talk = Talk(spec, state, plugin.fetch(spec.options, state.memo))
        web = FakeHttp({spec.options.url: lambda _request: document(spec.options.url, body, fetched_at=now)})
        self.changes = ()
        list(drive([talk], web, concurrency=1, until=time.monotonic() + 60))
        if talk.error is not None:
            assert isinstance(talk.error, p.ShapeError), talk.error
            from pipeline.collect import judge

            return judge.of_error(talk.error).health
        if talk.fetched is None:
            return p.Health.OK
        got = normalize(plugin.parse(spec.options, talk.fetched), spec, now=now)
        settled = settle(talk, got, self.store.entries, {}, now=now)
        self.store.entries.apply(self.name, settled.result.changes, now=now, present=settled.result.present)
        self.state, self.changes = settled.state, settled.result.changes
        self.lines.append(settled.line)
        return settled.line.verdict.health

    def new(self) -> list[str]:
        """Titles the last night would announce."""
        return [c.entry.title for c in self.changes if isinstance(c, p.New) and not c.entry.is_quiet]
