"""Entries with what is kept apart from them: bodies, and our own copies of their pictures.

What does not live here: which entries need a body (``rules.weighed``), fetching pictures (``collect/media``).
"""

from __future__ import annotations

from collections.abc import Iterable

import pipeline.model as p
from pipeline import media
from pipeline.model.base import changed
from pipeline.store.store import Store


class Pictured:
    """Gives entries our own copies of their pictures, as far as their files are there."""

    def __init__(self, store: Store, output_dir: str) -> None:
        self._store = store
        self._output_dir = output_dir

    def on(self, entries: Iterable[p.Entry]) -> tuple[p.Entry, ...]:
        """Return the entries in the same order, those with a picture of ours together with it.

        Cost: one indexed query for each 500 pictures, one ``stat`` a file.
        """
        whole = tuple(entries)
        urls = {entry.image.url for entry in whole if entry.image}
        if not urls:
            return whole
        made = {
            url: row.picture
            for url, row in self._store.pictures.get(urls).items()
            if not row.picture.problem and row.again_at is None and media.is_there(self._output_dir, row.picture)
        }
        return tuple(
            changed(entry, picture=made[entry.image.url]) if entry.image and entry.image.url in made else entry
            for entry in whole
        )


def with_bodies(entries: Iterable[p.Entry], bodies: p.Bodies) -> tuple[p.Entry, ...]:
    """Return the entries, those of these bodies with them."""
    return tuple(with_body(entry, bodies) for entry in entries)


def with_body(entry: p.Entry, bodies: p.Bodies) -> p.Entry:
    """Return an entry with its body, if it is among these."""
    if entry.id not in bodies:
        return entry
    text, body_html = bodies[entry.id]
    return changed(entry, text=text, body_html=body_html)
