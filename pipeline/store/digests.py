"""What editions are made of: stories and their shelf, decisions of editors, editions, the ledger, small facts.

What does not live here: the statements (``stories``, ``shelf``, ``decisions``, ``editions``, ``meta``).
"""

from __future__ import annotations

from pipeline.store.decisions import Decisions
from pipeline.store.editions import Editions
from pipeline.store.meta import Meta
from pipeline.store.shelf import Shelf
from pipeline.store.stories import Stories


class Digests(Editions, Stories, Shelf, Decisions, Meta):
    """The publishing room's side of the store."""
