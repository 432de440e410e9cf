"""A redesigned list is understood again by the articles that are still on it; a page that is well is left alone.

What does not live here: telling that a page has drifted (``tests/unit/collect``), invented pages and redesigns (the files beside).
"""

from __future__ import annotations

import re

import pytest

import pipeline.model as p
from pipeline.discover.induce import induce
from pipeline.discover.known import KnownRow, same_day
from pipeline.discover.reader import SeenRow, reread
from pipeline.discover.repair import Repair, repair
from pipeline.discover.tree import tree_of
from sources import board
from tests.unit.discover import courses, lists
from tests.unit.discover.mutations import MUTATIONS, redesigned
from tests.unit.discover.test_induce import URL, best, document

PAGES = [page for page in map(lists.page, range(26)) if len(page.rows) >= 5]


def memory(page: lists.Page) -> list[KnownRow]:
    """What the last night told: three of today's articles were not there yet, three others were."""
    gone = [KnownRow(title=f"지난달에 내려간 안내 {n}호", date="2025-01-02") for n in range(3)]
    return [KnownRow(title=row.title, date=row.date) for row in page.rows[min(3, len(page.rows) // 2) :]] + gone


def after(page: lists.Page, mutation: str) -> tuple[Repair | None, list[SeenRow]]:
    html = page.body.decode(page.encoding).replace("charset='cp949'", "charset='utf-8'")
    recipe = best(html).recipe
    changed = document(redesigned(html, mutation))
    proposal = repair(changed, memory(page), recipe)
    tree = tree_of(changed)
    assert tree is not None
    return proposal, list(proposal.after) if proposal else reread(tree, recipe)


def f1(found: list[SeenRow], page: lists.Page) -> float:
    told, truth = {row.title for row in found}, {row.title for row in page.rows}
    return 2 * len(told & truth) / (len(found) + len(page.rows)) if found else 0.0


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_titles_are_read_again_after_a_redesign(mutation: str) -> None:
    """Whatever the relaunch did: 99 of 100 rows on average, 9 of 10 on the worst page, with the dates they had."""
    scores, dated = [], []
    for page in PAGES:
        _proposal, rows = after(page, mutation)
        scores.append(f1(rows, page))
        dates = {row.title: row.date for row in rows}
        if page.has_dates:
            dated.append(sum(same_day(dates.get(row.title, ""), row.date) for row in page.rows) / len(page.rows))

    assert sum(scores) / len(scores) >= 0.99
    assert min(scores) >= 0.9
    assert sum(dated) / len(dated) >= 0.95


def test_a_page_that_is_well_is_not_repaired() -> None:
    """New articles are no redesign."""
    assert [page.style for page in PAGES if after(page, "none")[0] is not None] == []


def test_a_repair_is_proved_by_the_board() -> None:
    """The new keys alone, through ``kind: board``, read what the editor is shown after the repair."""
    for page in PAGES:
        proposal, rows = after(page, "classes renamed")
        if proposal is None:
            continue
        html = page.body.decode(page.encoding).replace("charset='cp949'", "charset='utf-8'")
        changed = document(redesigned(html, "classes renamed"))
        options = board.Options.model_validate({"url": URL, **proposal.recipe})

        told = [item.title for item in board.parse(options, p.Fetched(documents=(changed,)))]

        assert told == list(dict.fromkeys(row.title for row in rows)), proposal.recipe


def test_what_the_editor_wrote_stays_where_it_still_reads() -> None:
    """Only what fails is changed: paging, details, script templates and good selectors are the editor's."""
    rows = "".join(
        f"<tr><td class='num'>{n}</td><td class='subject'><a href='#' onclick=\"goView('{n}')\">새솔시 겨울 강좌 {n}기 모집</a></td><td class='date'>2026-11-{n}</td></tr>"
        for n in range(11, 21)
    )
    page = document(f"<div class='renewal'><table class='list'>{rows}</table></div>".replace("subject", "headline"))
    old = {
        "rows": "table.list tr",
        "title": "td.subject a",
        "date": "td.date",
        "link_pattern": r"goView\('(\d+)'\)",
        "link_template": "/bbs/view.do?id={1}",
        "paging": {"param": "pageIndex"},
        "detail": {"body": "div.view"},
    }

    proposal = repair(
        page, [KnownRow(title=f"새솔시 겨울 강좌 {n}기 모집", date=f"2026-11-{n}") for n in range(12, 21)], old
    )

    assert proposal is not None
    assert {key for key in proposal.changed if key != "rows"} == {"title"}
    assert (proposal.before, proposal.overlap, proposal.is_sure) == ((), 1.0, True)
    assert len(proposal.after) == 10


def test_courses_are_read_again_with_their_facts() -> None:
    """A course list whose classes changed keeps its course keys: labels and headers still say the same."""
    for page in filter(lambda page: len(page.rows) >= 4, map(courses.page, range(30))):
        recipe = best(page.html).recipe
        changed = document(re.sub(r"class='[^']*'", "class='renewal'", page.html))

        proposal = repair(changed, [KnownRow(title=row.title) for row in page.rows], recipe)
        tree = tree_of(changed)
        assert tree is not None
        rows = proposal.after if proposal else reread(tree, recipe)

        assert [row.title for row in rows] == [row.title for row in page.rows], page.style


@pytest.mark.parametrize(
    "body",
    [
        b"",
        "<form><input type=password></form><p>로그인이 필요합니다.</p>",
        lists.page(3).body,
        "<p>시스템 점검 중입니다.</p>",
    ],
)
def test_without_known_articles_nothing_is_proposed(body: bytes | str) -> None:
    """Another page, a login, a notice of maintenance: no repair, whatever list stands there."""
    known = [KnownRow(title=f"한빛시 도서관 소식 {n}호") for n in range(10)]

    assert repair(document(body), known, {"rows": "table.board tr", "title": "a"}) is None


def test_known_articles_choose_the_list() -> None:
    """Of two lists the one with what was told last night is the source's, although the other looks better."""
    first, second = lists.page(1), lists.page(7)
    both = f"{first.html}{second.html}"
    known = [KnownRow(title=row.title) for row in second.rows]

    assert [row.title for row in induce(document(both), known=known)[0].rows] == [row.title for row in second.rows]
