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
    return blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def story_key(story: p.Story, names: Mapping[str, str]) -> str:
    """Return a digest of all a page may say of a story; its bodies stand in for by the entries' content hashes.

    Cost: about 5 µs.
    """
    return key(story.id, story.first_seen_at.timestamp(), *(_entry(member, names) for member in story.members))


def _entry(entry: p.Entry, names: Mapping[str, str]) -> tuple[object, ...]:
    """What of an entry the content hash does not cover: an editor's title, how sure dates are, our own pictures."""
    asked = entry.course.status_as_of_at if entry.course else None
    return (
        entry.id,
        entry.content_hash,
        entry.title,
        names.get(entry.source_id, ""),
        _date(entry.published),
        _date(entry.updated),
        asked and asked.timestamp(),
        entry.picture,
        entry.language,
    )


def facts_key(story: p.Story, names: Mapping[str, str]) -> str:
    """Return a digest of what a story says, without its pictures and without when its course was last asked for.

    For files that show neither, so that a course which is only asked for again makes none of them. Cost: about 4 µs.
    """
    told = [
        (member.id, member.content_hash, member.title, names.get(member.source_id, ""), _date(member.published))
        for member in story.members
    ]
    return key(story.id, story.first_seen_at.timestamp(), _date(story.primary.updated), told)


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
