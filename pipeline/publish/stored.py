"""An edition as the store keeps it: story ids with label and note; and back to a digest a renderer can print.

What does not live here: SQL, composing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime

import pipeline.model as p
from pipeline.model import windows
from pipeline.store.editions import EditionRow


def row_of(digest: p.Digest, renderings: Iterable[p.Rendering], *, state: str, now: datetime) -> EditionRow:
    """Return the row of an edition."""
    return EditionRow(
        id=digest.id,
        digest_id=digest.digest_id,
        title=digest.title,
        on=windows.seoul_date(digest.as_of),
        start_at=digest.start_at,
        end_at=digest.end_at,
        as_of=digest.as_of,
        state=state,
        sections=[
            {
                "key": section.key,
                "title": section.title,
                "cards": [_card(card) for card in section.cards],
            }
            for section in digest.sections
        ],
        left_out=[{"story": o.story_id, "title": o.title, "reason": o.reason} for o in digest.left_out],
        renderings={r.channel: r.sha256 for r in renderings},
        created_at=now,
    )


def _card(card: p.Card) -> p.Json:
    """What an edition says of a story, and the content it said it of: so that a later change can be told."""
    shown = hashlib.blake2b(digest_size=8)
    for entry in card.story.members:
        shown.update(f"{entry.id}\0{entry.content_hash}\n".encode())
    return {
        "story": card.story.id,
        "title": card.story.primary.title,
        "label": card.label,
        "note": card.note,
        "corrects": card.corrects,
        "content": shown.hexdigest(),
        "facts": card.story.primary.fingerprint,
    }


def told_in(row: EditionRow) -> tuple[str, ...]:
    """Return the ids of the stories an edition tells."""
    return tuple(card["story"] for section in row.sections for card in section["cards"])


def sections_of(row: EditionRow, live: Mapping[str, p.Story]) -> tuple[p.Section, ...]:
    """Return an edition's sections with its stories as they are now; what is not live any more is left out."""
    sections = (
        p.Section(
            key=section["key"],
            title=section["title"],
            cards=tuple(
                p.Card(
                    story=live[card["story"]],
                    label=card["label"],
                    note=card["note"],
                    corrects=card.get("corrects", ""),  # editions of earlier versions know of none
                )
                for card in section["cards"]
                if card["story"] in live
            ),
        )
        for section in row.sections
    )
    return tuple(section for section in sections if section.cards)


def digest_of(row: EditionRow, live: Mapping[str, p.Story], institute: p.Institute) -> p.Digest:
    """Return a stored edition as a digest, with its stories as they are now; ``live`` may hold others, too."""
    return p.Digest(
        id=row.id,
        digest_id=row.digest_id,
        title=row.title,
        institute=institute,
        start_at=row.start_at,
        end_at=row.end_at,
        as_of=row.as_of,
        sections=sections_of(row, live),
        left_out=tuple(p.LeftOut(story_id=o["story"], title=o["title"], reason=o["reason"]) for o in row.left_out),
    )


def ref_of(row: EditionRow) -> p.EditionRef:
    """Return what the archive says of an edition."""
    stories = sum(len(section["cards"]) for section in row.sections)
    return p.EditionRef(id=row.id, digest_id=row.digest_id, title=row.title, on=row.on, stories=stories)
