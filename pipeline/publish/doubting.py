"""Pairs of stories that may be one and wait for an editor: tonight's and those nobody has decided yet.

What does not live here: finding them (``grouping``), deciding (``curating``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import pipeline.model as p
from pipeline.publish.grouping import Alike
from pipeline.store.store import Store

DOUBTS: Final = "stories_doubts"


def open_pairs(store: Store, doubts: Iterable[Alike], home: Mapping[str, str]) -> list[Alike]:
    """Return these doubts and those of earlier nights that nobody has decided yet, the likeliest first.

    Args:
        store: Read only.
        doubts: Tonight's.
        home: Story id of every live entry they may be about.

    Cost: one row, and the log of decisions.
    """
    earlier = [Alike(a=a, b=b, share=share, is_sure=False) for a, b, share in store.digests.get_meta(DOUBTS, [])]
    pairs = {(pair.a, pair.b): pair for pair in (*earlier, *doubts)}
    log = store.digests.decisions()
    split = {row.subject for row in log if row.action == "split"}
    apart = {frozenset(home.get(word, word) for word in (row.subject, str(row.args.get("other", ""))))
             for row in log if row.action == "apart"}  # fmt: skip
    open_ = (
        pair
        for pair in pairs.values()
        if pair.a in home
        and pair.b in home
        and home[pair.a] != home[pair.b]
        and split.isdisjoint((pair.a, pair.b))
        and frozenset((home[pair.a], home[pair.b])) not in apart
    )
    return sorted(open_, key=lambda pair: (-pair.share, pair.a, pair.b))[: p.limits.STORY_DOUBTS]
