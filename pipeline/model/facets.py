"""The words by which two pieces of news are told apart: data that editors may extend.

What does not live here: reading them (``settings/facets``), using them (``publish/facets``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TypeAlias

from pipeline.model.base import Value, value

Named: TypeAlias = Mapping[str, tuple[str, ...]]
"""Words by the value they stand for: ``{"초급": ("초급", "입문")}``."""


@value
class FacetWords(Value):
    """Words, most of them Korean, in their plain form; a written space may be absent in the text.

    Attributes:
        apart: By dimension; two items that state different values of one dimension are different news.
        stages: An item that states one is never the same news as one that does not (a result, a review).
        headlines: More words of the stages, which count in titles only.
        rounds: Which call of several; what one title states, the other item must state somewhere.
        roles: Whom a call calls, where that is not the public; as rounds.
        forms: What sort of event an item is about; what one title states, the other item must state somewhere.
        units: Words behind a number that make it an ordinal (``기``, ``회``).
        places: Last syllables of the names of branches.
        lookalikes: Longer words that contain one of ours, or end like a place, and mean nothing of the kind.
        institutions: Last syllables of organisations that speak for themselves, unlike a department that passes on.
        reposts: Marks of an item a board posts again.
        calls: Words of an open call.
        fillers: Beginnings of words that say nothing of the matter.
        sorts: Words for a sort of event, by which no two titles are told apart.
        endings: Particles and verb endings.
        channels: Words cut from an organisation's name.
        generic: Words of titles that every organisation uses alike.
    """

    apart: Mapping[str, Named] = field(default_factory=dict)
    stages: Named = field(default_factory=dict)
    headlines: Named = field(default_factory=dict)
    rounds: Named = field(default_factory=dict)
    roles: Named = field(default_factory=dict)
    forms: Named = field(default_factory=dict)
    units: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    lookalikes: tuple[str, ...] = ()
    institutions: tuple[str, ...] = ()
    reposts: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    fillers: tuple[str, ...] = ()
    sorts: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    generic: tuple[str, ...] = ()
