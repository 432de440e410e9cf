"""Whether a recipe alone reads what was seen: the condition on which a list is offered to an editor.

What does not live here: the board, which the caller holds (through the registry): ``board.parse(options, fetched)``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pipeline.model as p
from pipeline.discover.reader import SeenRow


def same_rows(rows: Sequence[SeenRow], items: Iterable[p.Item]) -> bool:
    """Whether a board's items are the rows that were seen: titles, dates and pins, in order.

    A board tells an article once that stands twice on its page, pinned and in the flow, and a mark on every row marks none.
    """
    parsed = list(items)
    seen = list(dict.fromkeys((row.title, row.date) for row in rows))
    told = list(dict.fromkeys((item.title, item.published.text if item.published else "") for item in parsed))
    pinned = {row.title for row in rows if row.is_pinned}
    marked = {item.title for item in parsed if item.is_pinned}
    return seen == told and (pinned == marked or (not marked and len(pinned) == len({row.title for row in rows})))
