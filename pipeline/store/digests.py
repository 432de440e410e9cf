"""What editions are made of: stories, decisions of editors, editions, the ledger, small facts.

What does not live here: the statements (``stories``, ``decisions``, ``editions``, ``meta``).
"""

from __future__ import annotations

from pipeline.store.decisions import Decisions
from pipeline.store.editions import Editions
from pipeline.store.meta import Meta
from pipeline.store.stories import Stories


class Digests(Editions, Stories, Decisions, Meta):
    """The publishing room's side of the store."""
