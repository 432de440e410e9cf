"""Which stories a digest is for: its sources, topics, kinds and audiences; pure.

What does not live here: which of them an edition tells (``compose``), an audience's words (``settings/facets.yaml``).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

import pipeline.model as p


def _is_for(story: p.Story, audiences: Iterable[str]) -> bool:
    """Whether a title, a course's target group or a topic names one of these words; spaces do not count. Pure."""
    said = " ".join(
        text
        for e in story.members
        for text in (e.title, (e.course.target or "") if e.course else "", *e.topics, *e.tags)
    )
    plain = "".join(unicodedata.normalize("NFKC", said).casefold().split())
    return any("".join(word.casefold().split()) in plain for word in audiences)


def matches(story: p.Story, spec: p.DigestSpec) -> bool:
    """Whether a story is one of those the digest is for: every filter that is set must let it through."""
    return (
        (not spec.kinds or story.primary.kind in spec.kinds)
        and (not spec.sources or any(e.source_id in spec.sources for e in story.members))
        and (not spec.topics or any(t in spec.topics for e in story.members for t in e.topics))
        and (not spec.audiences or _is_for(story, spec.audiences))
    )
