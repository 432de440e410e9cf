"""Healthy boards never raise an alarm, redesigned ones always do, and nothing old is told again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

import pipeline.model as p
from pipeline.store.store import Store
from tests.unit.collect.town import FIRST_DAY, Article, Board, Reader, row, table

NIGHTS = 130  # from October over the turn of the year to the holidays of February
SETTLED = 30
GOOD = (p.Health.OK, p.Health.EMPTY)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'moa.db'}") as opened:
        yield opened


def settled(seed: int, store: Store, nights: int = SETTLED) -> Reader:
    """A board that has been read for so many nights."""
    reader = Reader(Board(seed), store)
    for n in range(nights):
        today = FIRST_DAY + timedelta(days=n)
        reader.board.day(today)
        assert reader.night(today, reader.board.page()) in GOOD
    return reader


@pytest.mark.slow
def test_no_alarm_in_a_thousand_healthy_nights(store: Store) -> None:
    """Bursts, holidays, pins, edits, longer pages and the turn of the year: no verdict but ok, nothing held, no suspicion."""
    verdicts = dict[p.Health, int]()
    for seed in range(1, 13):
        reader = Reader(Board(seed), store)
        told, begun = 0, 0
        for n in range(NIGHTS):
            today = FIRST_DAY + timedelta(days=n)
            reader.board.day(today)
            health = reader.night(today, reader.board.page())
            verdicts[health] = verdicts.get(health, 0) + 1
            if n == 0:
                begun = reader.board.next
            told += len(reader.new())
        written, deleted = reader.board.next - begun, reader.board.deleted
        assert written - deleted <= told <= written + deleted, seed  # a page moves up where an article was deleted
        assert [w for line in reader.lines for w in line.warnings if w[0] == "unusual"] == []
        assert [line for line in reader.lines if line.quarantined] == []
        assert len(reader.lines) < NIGHTS  # some nights brought nothing and never reached the judge
    assert verdicts == {p.Health.OK: 12 * NIGHTS}


def cards(board: Board) -> str:
    rows = "".join(
        f'<li><a class="card" href="view.do?nttId={a.number}"><strong>{a.title}</strong><span>{a.on}</span></a></li>'
        for a in board.shown()
    )
    return f'<ul class="card-list">{rows}</ul>'


def calendar(board: Board) -> str:
    weeks = "".join(
        "<tr>"
        + "".join(f'<td class="subject"><a href="/day/{w * 7 + d}">{w * 7 + d}일</a></td>' for d in range(7))
        + "</tr>"
        for w in range(12)
    )
    return f'<table class="bbs_list"><tbody>{weeks}</tbody></table>'


def other_board(board: Board) -> str:
    """The address now shows another department's old notices."""
    rows = "".join(
        row(board, 99, Article(900_000 + n, f"계약 체결 현황 공개 {n}차분", FIRST_DAY - timedelta(days=300 + n)))
        for n in range(15)
    )
    return f'<table class="bbs_list"><tbody>{rows}</tbody></table>'


BROKEN: dict[str, Callable[[Board], str]] = {
    "table renamed": lambda b: table(b, name="board-type1"),
    "table to cards": cards,
    "title class renamed": lambda b: table(b, class_subject="tit"),
    "title is a button": lambda b: table(
        b, subject='<a href="view.do?nttId={a.number}">자세히 보기</a> <b>{a.title}</b>'
    ),
    "title is the department": lambda b: table(
        b, subject='<a href="list.do?dept={a.number}">교육과</a> <a href="view.do?nttId={a.number}">{a.title}</a>'
    ),
    "title is the number": lambda b: table(
        b, subject='<a href="view.do?nttId={a.number}">{a.number}</a> <i>{a.title}</i>'
    ),
    "script only": lambda b: '<div id="app"></div>',
    "empty shell": lambda b: '<table class="bbs_list"><tbody></tbody></table>',
    "a calendar": calendar,
    "another board": other_board,
}
DATED: dict[str, Callable[[Board], str]] = {
    "date class renamed": lambda b: table(b, class_date="reg-dt"),
    "date is the deadline": lambda b: table(b, date="2031-{a.on.month}-{a.on.day}"),
}


@pytest.mark.parametrize("design", [*BROKEN, *DATED])
def test_a_redesign_is_seen_the_first_night(store: Store, design: str) -> None:
    """Whatever a new look does to the old selectors: no silence and no rubbish; the stored articles stay as they were."""
    for seed in range(21, 27):
        reader = settled(seed, store)
        if design in DATED and not reader.board.dates.startswith("%Y"):
            continue
        before = [
            (e.id, e.title, e.published) for e in store.entries.get([k.id for k in store.entries.recent(reader.name)])
        ]
        memo, today = reader.state.memo, FIRST_DAY + timedelta(days=SETTLED)
        reader.board.day(today)
        health = reader.night(today, reader.board.page((BROKEN | DATED)[design]))
        assert health not in GOOD, (design, seed, reader.board.options)
        assert reader.new() == [], (design, seed)
        assert reader.state.memo == memo, (design, seed)
        after = store.entries.get([k.id for k in store.entries.recent(reader.name)])
        assert [(e.id, e.title, e.published) for e in after] == before, (design, seed)
        again = today + timedelta(days=1)
        assert reader.night(again, reader.board.page()) in GOOD  # taken back the next day: everything goes on


HARMLESS: dict[str, Callable[[Board], str]] = {
    "wrapped": lambda b: table(b, around='<main><div class="wrap"><section>{}</section></div></main>'),
    "another class beside": lambda b: table(b, name="bbs_list type-a"),
    "a column more": lambda b: table(b, writer="교육과</td><td>첨부"),
    "a badge": lambda b: table(b, subject='<a href="view.do?nttId={a.number}">[공지] {a.title} <em>새글</em></a>'),
    "department before the title": lambda b: table(
        b, subject='<a href="view.do?nttId={a.number}">교육과 {a.title}</a>'
    ),
    "other addresses": lambda b: table(b, subject='<a href="/portal/notice/{a.number}/view">{a.title}</a>'),
}


@pytest.mark.parametrize("design", HARMLESS)
def test_a_redesign_the_selectors_survive_tells_nothing_again(store: Store, design: str) -> None:
    """Other addresses and keys, badges, columns: the articles are known by their key, their address or their title and date."""
    for seed in range(31, 37):
        reader = settled(seed, store)
        today = FIRST_DAY + timedelta(days=SETTLED)
        had = {k.id for k in store.entries.recent(reader.name)}
        reader.board._write(today, 1)
        health = reader.night(today, reader.board.page(HARMLESS[design]))
        assert health is p.Health.OK, (design, seed, reader.lines[-1])
        assert len(reader.new()) == 1, (design, seed, reader.board.options)
        assert len({k.id for k in store.entries.recent(reader.name)} - had) == 1
        reader.board._write(today + timedelta(days=1), 1)
        assert reader.night(today + timedelta(days=1), reader.board.page(HARMLESS[design])) is p.Health.OK
        assert len(reader.new()) == 1


@pytest.mark.parametrize("edit", ["key", "address", "title", "longer"])
def test_an_edit_of_the_configuration_tells_nothing_again(store: Store, edit: str) -> None:
    """Other keys, another address of the list, another title selector, more pages: only what was written since is new (P24)."""
    for seed in range(41, 47):
        reader = settled(seed, store)
        today = FIRST_DAY + timedelta(days=SETTLED)
        options = reader.board.options
        changed = {
            "key": {"key": "" if options["key"] else "{nttId}"},
            "address": {"url": "https://m.board.example.go.kr/portal/list.do"},
            "title": {"title": "td.subject"},
            "longer": {"max_items": 400},
        }[edit]
        reader.options = options | changed
        if edit == "longer":
            reader.board.size = len(reader.board.articles)
        reader.board._write(today, 1)
        assert reader.night(today, reader.board.page()) is p.Health.OK, (edit, seed)
        assert len(reader.new()) == 1, (edit, seed, reader.board.options, reader.new())
        if edit == "longer":
            assert reader.lines[-1].new > 10
            assert ("backlog", str(reader.lines[-1].new - 1)) in reader.lines[-1].warnings
