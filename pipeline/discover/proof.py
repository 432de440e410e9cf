"""Whether a recipe alone reads what was seen: the condition on which a list is offered to an editor.

What does not live here: the board, which the caller holds (through the registry): ``board.parse(options, fetched)``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pipeline.model as p
from pipeline.discover.known import same_day
from pipeline.discover.reader import SeenRow


def same_rows(rows: Sequence[SeenRow], items: Iterable[p.Item]) -> bool:
    """Whether a board's items are the rows that were seen: titles, dates and pins, in order.

    A board tells an article once that stands twice on its page, pinned and in the flow, a mark on every row marks none,
    and of a short date beside a full one it reads the full one.
    """
    parsed = list(items)
    seen = list(dict.fromkeys((row.title, row.date) for row in rows))
    told = list(dict.fromkeys((item.title, item.published.text if item.published else "") for item in parsed))
    if [title for title, _date in seen] != [title for title, _date in told]:
        return False
    dates = zip((date for _title, date in seen), (date for _title, date in told), strict=True)
    if not all(mine == theirs or same_day(mine, theirs) for mine, theirs in dates):
        return False
    pinned = {row.title for row in rows if row.is_pinned}
    marked = {item.title for item in parsed if item.is_pinned}
    return pinned == marked or (not marked and len(pinned) == len({row.title for row in rows}))
