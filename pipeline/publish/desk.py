"""What one run of the publish room works with: settings, store, renderers, and the library read at most once.

What does not live here: what is made of it (``editions``, ``site``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Protocol

import pipeline.model as p
from pipeline import output
from pipeline.model import windows
from pipeline.publish import following, keeping, library
from pipeline.publish.clothed import Pictured
from pipeline.publish.shelf import Shelf
from pipeline.store.editions import EditionRow
from pipeline.store.meta import FOLD
from pipeline.store.store import Store


class Plugins(Protocol):
    """What publish needs of the registry."""

    def renderer(self, name: str) -> p.Renderer:
        """Return the renderer of a name, or raise ``PluginError``."""

    def transport(self, name: str) -> p.Transport:
        """Return the transport of a name, or raise ``PluginError``."""


@dataclass
class Desk:
    """What one run of this room works with; the library is read when somebody first needs it.

    Attributes:
        now: When deliveries are planned.
        as_of: The instant editions speak from.
        ground: Digest of what concerns every page: version, settings, templates.
        written: How often this run itself moved the store's content version.
        drafted: Rows of editions that are not stored as they stand here, by id: what a draft of the website shows.
    """

    settings: p.Settings
    store: Store
    plugins: Plugins
    now: datetime
    as_of: datetime
    ground: str = ""
    is_dry: bool = False
    written: int = 0
    errors: list[p.PipelineError] = field(default_factory=list)
    drafted: dict[str, EditionRow] = field(default_factory=dict)

    @property
    def today(self) -> str:
        """The Seoul date of ``as_of``."""
        return windows.seoul_date(self.as_of).isoformat()

    @cached_property
    def shelf(self) -> Shelf:
        """Every story; new assignments are stored at once, so that ids are given before anything is told."""
        pictures = Pictured(self.store, self.settings.output)
        words, memory = self.settings.facets, self.store.digests.get_meta(FOLD)
        night = following.follow(self.store, words, pictures, memory=memory)
        if night is not None:
            if not self.is_dry:
                with self.store.transaction():
                    self.written += keeping.keep_followed(self.store, night, now=self.now)
            return Shelf(self.store, pictures, night.folded, night.touched)
        version = self.store.entries.content_version()
        loaded = library.load(self.store, words, pictures=pictures)
        if not self.is_dry:
            with self.store.transaction():
                self.written += keeping.keep_all(self.store, loaded, version=version, now=self.now)
        return Shelf(self.store, pictures, loaded.folded, None)

    @cached_property
    def channels(self) -> Mapping[str, tuple[p.ChannelSpec, p.Renderer]]:
        """Every enabled channel that some digest names, with its renderer; a broken plugin costs its channels only."""
        named = {c for spec in self.settings.digests for c in spec.channels}
        found = {}
        for channel in self.settings.channels:
            if channel.enabled and channel.id in named:
                try:
                    found[channel.id] = (channel, self.plugins.renderer(channel.renderer))
                except p.PluginError as error:
                    self.errors.append(error)
        return found

    def bodied(self, digest: p.Digest) -> p.Digest:
        """Return a digest whose stories come with their bodies; its library too, for renderers without pages.

        Cost: reads the bodies of all of them.
        """
        told = (
            card.story
            for sections in (digest.sections, *digest.editions.values())
            for s in sections
            for card in s.cards
        )
        stories = {story.id: story for story in (*told, *digest.library)}
        bodies = self.store.entries.bodies({member.id for story in stories.values() for member in story.members})
        whole = {name: library.story_with_bodies(story, bodies) for name, story in stories.items()}
        return replace(
            digest,
            sections=_retold(digest.sections, whole),
            editions={name: _retold(sections, whole) for name, sections in digest.editions.items()},
            library=tuple(whole[story.id] for story in digest.library),
        )

    def write(self, rendering: p.Rendering) -> int:
        """Write the files of a rendering; nothing in a dry run."""
        return 0 if self.is_dry else output.write_rendering(Path(self.settings.output), rendering)


def _retold(sections: tuple[p.Section, ...], whole: Mapping[str, p.Story]) -> tuple[p.Section, ...]:
    return tuple(replace(s, cards=tuple(replace(c, story=whole[c.story.id]) for c in s.cards)) for s in sections)


def is_perpetual(renderer: p.Renderer) -> bool:
    """Whether the renderer makes one living thing instead of one for each edition."""
    return bool(getattr(renderer, "PERPETUAL", False))
