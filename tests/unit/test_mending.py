"""Repairs find the same articles in a page that changed its shape, and never touch a healthy one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline import mending
from pipeline.collect import trial
from pipeline.registry import Registry
from pipeline.store.store import Store
from tests.unit.collect.town import FIRST_DAY, Board, Reader, table

TODAY = FIRST_DAY + timedelta(days=30)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'moa.db'}") as opened:
        yield opened


def cards(board: Board) -> str:
    rows = "".join(
        f'<li><a href="view.do?nttId={a.number}"><p class="tx">{a.title}</p></a><span class="dd">{a.on}</span></li>'
        for a in board.shown()
    )
    return f'<div class="listWrap"><ul class="newsList">{rows}</ul></div>'


def definition(board: Board) -> str:
    rows = "".join(
        f'<dl><dt><a href="view.do?nttId={a.number}">{a.title}</a></dt><dd>등록일 {a.on}</dd><dd>조회 12</dd></dl>'
        for a in board.shown()
    )
    return f'<div class="bd">{rows}</div>'


def nameless(board: Board) -> str:
    """Neither class nor id anywhere: only the known titles tell which of the lists it is."""
    rows = "".join(
        f'<li><a href="view.do?nttId={a.number}"><div><div>{a.title}</div><div>{a.on}</div></div></a></li>'
        for a in board.shown()
    )
    side = "".join(f'<li><a href="/other/{n}"><div><div>다른 누리집 소식 {n}번</div></div></a></li>' for n in range(9))
    return f"<div><div><ul>{side}</ul></div><div><ul>{rows}</ul></div></div>"


REDESIGNS: dict[str, Callable[[Board], str]] = {
    "table renamed and wrapped": lambda b: table(b, name="board-type1", around="<main><div>{}</div></main>"),
    "a column before": lambda b: table(b, name="tbl", writer="교육과</td><td>파일"),
    "all classes renamed": lambda b: table(b, name="t1", class_num="c1", class_subject="c2", class_date="c3", class_hit="c4"),
    "classes stripped": lambda b: table(b, name="", class_num="", class_subject="", class_date="", class_hit="", class_writer=""),
    "table to cards": cards,
    "table to definitions": definition,
    "title class and badge": lambda b: table(
        b, name="list", class_subject="tit", subject='<span class="cate">[일반]</span> <a href="view.do?nttId={a.number}">{a.title}</a>'
    ),
}  # fmt: skip


def settled(seed: int, store: Store) -> tuple[Reader, mending.Workshop]:
    reader = Reader(Board(seed), store)
    for n in range(30):
        reader.board.day(FIRST_DAY + timedelta(days=n))
        reader.night(FIRST_DAY + timedelta(days=n), reader.board.page())
    reader.board._write(TODAY, 2)
    now = reader.lines[-1].last_success_at or store.entries.recent(reader.name)[0].first_seen_at
    now = now.replace(year=TODAY.year, month=TODAY.month, day=TODAY.day)
    registry = Registry(installed=False)
    return reader, mending.Workshop(plugins=registry, store=store.entries, state=reader.state, now=now)


def f1(got: list[str], true: list[str]) -> float:
    hit = len(set(got) & set(true))
    return 2 * hit / (len(set(got)) + len(set(true)))


@pytest.mark.slow
def test_titles_come_back_after_seven_redesigns(store: Store) -> None:
    """Title F1 of at least 0.95 on average, each repair sure of itself, the stored articles recognised."""
    scores, sure = [], 0
    for seed in (51, 52, 53):
        reader, shop = settled(seed, store)
        for name, design in REDESIGNS.items():
            page = trial.page_of(reader.spec, reader.board.page(design), now=shop.now)
            assert not mending.is_healthy(reader.spec, page, shop), (name, seed)
            found = mending.proposals(reader.spec, page, shop)
            assert found, (name, seed)
            score = f1([e.title for e in found[0].entries], [a.title for a in reader.board.shown()])
            scores.append(score)
            sure += found[0].is_sure
    assert sum(scores) / len(scores) >= 0.95, scores
    assert sure >= 0.8 * len(scores)


@pytest.mark.slow
def test_nothing_is_repaired_that_is_not_broken(store: Store) -> None:
    """Healthy pages, an empty page, a maintenance page and another board: no sure repair."""
    for seed in (61, 62, 63):
        reader, shop = settled(seed, store)
        healthy = trial.page_of(reader.spec, reader.board.page(), now=shop.now)
        assert mending.is_healthy(reader.spec, healthy, shop)
        other = Board(seed + 500)
        pages = [
            "<!doctype html><h1>시스템 점검 안내</h1><p>홈페이지 점검 중입니다.</p>".encode(),
            reader.board.page(
                lambda _b: (
                    '<table class="bbs_list"><tbody><tr><td colspan="5">게시물이 없습니다.</td></tr></tbody></table>'
                )
            ),
            other.page(lambda b: table(b, name="elsewhere")),
        ]
        for body in pages:
            page = trial.page_of(reader.spec, body, now=shop.now)
            assert not any(one.is_sure for one in mending.proposals(reader.spec, page, shop)), (seed, body[:80])


def test_row_memory_finds_a_list_that_has_no_name(store: Store) -> None:
    """Without any class or id the known titles tell the list; such selectors wait for a person."""
    reader, shop = settled(71, store)
    page = trial.page_of(reader.spec, reader.board.page(nameless), now=shop.now)
    found = mending.proposals(reader.spec, page, shop)
    assert found
    assert f1([e.title for e in found[0].entries], [a.title for a in reader.board.shown()]) == 1.0
    assert found[0].overlap >= mending.SURE
