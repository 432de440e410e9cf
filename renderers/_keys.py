"""Digests of what a page says, so that only pages that say something new are made.

What does not live here: the pages. Equal keys must mean equal bytes; a key that changes too often only costs time.
Whatever concerns every page (templates, options, settings) is added by whoever keeps the pages (ADR-0034).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import blake2b

import pipeline.model as p


def key(*parts: object) -> str:
    """Return a digest of words, numbers and plain values made of them."""
    return _digest(repr(parts))


def story_keys(story: p.Story, names: Mapping[str, str]) -> tuple[str, str]:
    """Return two digests: of all a page may say of a story, and of its facts alone.

    Bodies stand in for by the entries' content hashes; what those do not cover is told here: an editor's title, how sure dates
    are, our own pictures. Facts are without pictures and without when a course was last asked for: for files that show
    neither, so that a course which is only asked for again makes none of them.

    Cost: about 4 µs.
    """
    told = [
        (
            member.id,
            member.content_hash,
            member.title,
            names.get(member.source_id, ""),
            _date(member.published),
            member.language,
        )
        for member in story.members
    ]
    facts = repr((story.id, story.first_seen_at.timestamp(), _date(story.primary.updated), told))
    more = [_more(member) for member in story.members if member.picture or member.course or member.updated]
    digest = _digest(facts)
    return (_digest(f"{facts}{more!r}") if more else digest), digest


def _more(entry: p.Entry) -> tuple[object, ...]:
    asked = entry.course.status_as_of_at if entry.course else None
    return entry.id, asked and asked.timestamp(), entry.picture, _date(entry.updated)


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _date(fact: p.DateFact | None) -> tuple[object, ...]:
    return (fact.method, fact.inferred, fact.at.timestamp()) if fact else ()


def made(artifact: p.Artifact) -> p.Page:
    """Return a file that is made every time: few, and cheap."""
    return p.Page(path=artifact.path, key="", make=lambda _bodies: artifact)


def cards_key(keys: Mapping[str, str], sections: Iterable[p.Section]) -> str:
    """Return a digest of an edition: its words, and its stories as they are now."""
    return key(
        *(
            (section.key, section.title, [(keys[c.story.id], c.label, c.note, c.corrects) for c in section.cards])
            for section in sections
        )
    )
