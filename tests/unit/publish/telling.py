"""Items to compare, as the fold hands them over; the words are those that moa ships."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pipeline.publish.told import Teller, Told
from pipeline.settings.facets import own_words

WORDS = own_words()
TELLER = Teller(WORDS)
_START = datetime(2026, 3, 2, tzinfo=UTC)


def told(title: str, lead: str = "", *, body: str = "가온시 평생학습원", board: str = "", day: int = 0) -> Told:
    """One item; a board of its own unless one is named."""
    name = f"{board or body}|{title}"
    return TELLER.told(id=name, board=board or name, body=body, at=_START + timedelta(days=day), title=title, lead=lead)
