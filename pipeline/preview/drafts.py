"""Drafts: what the settings, templates and items of this moment would make of what waits; in memory only, made once a change.

What does not live here: making (``publish/``), storing one (a person's POST: ``deciding``), what is stored (``shelf``).
A draft has no name under which it could leave: approvals name stored bytes (ADR-0033, ADR-0050).
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pipeline.model as p
from pipeline import i18n
from pipeline.publish import curating, instep, remaking, site
from pipeline.publish.render import guarded

if TYPE_CHECKING:
    from pipeline.publish.desk import Desk
    from pipeline.store.store import Store
    from pipeline.wiring import House


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What would stand if somebody stored it now.

    Attributes:
        editions: What becomes of each edition that would differ, by its id.
        renderings: By edition and channel, ``site`` among them.
        problem: Why some channel cannot be made, for people; ``""`` when all can.
    """

    editions: Mapping[str, remaking.Remade] = field(default_factory=dict)
    renderings: Mapping[tuple[str, str], Made | Paged] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A rendering of an edition, whole."""

    house: House
    rendering: p.Rendering

    @property
    def sha256(self) -> str:
        """Its hash: the same as when it is stored."""
        return self.rendering.sha256

    @property
    def left_out(self) -> tuple[p.LeftOut, ...]:
        """What this channel's budget drops."""
        return self.rendering.left_out

    def names(self) -> Mapping[str, str]:
        """Return media type by path."""
        return {a.path: a.media_type for a in self.rendering.artifacts}

    def file(self, path: str) -> tuple[str, bytes] | None:
        """Return media type and bytes. Cost: reads a picture from its file."""
        return next((_read(self.house, a) for a in self.rendering.artifacts if a.path == path), None)


@dataclass(frozen=True, slots=True)
class Paged:
    """The website: each page is made when somebody looks at it."""

    house: House
    sha256: str
    pages: Mapping[str, p.Page]
    left_out: tuple[p.LeftOut, ...] = ()

    def names(self) -> Mapping[str, str]:
        """Return the paths; media types are known when a page is made."""
        return dict.fromkeys(self.pages, "")

    def file(self, path: str) -> tuple[str, bytes] | None:
        """Make one page. Raises: RenderError, StoreError. Cost: the bodies of its stories, one template."""
        page = self.pages.get(path)
        if page is None:
            return None
        with self.house.store(read_only=True) as store:
            bodies = store.entries.bodies(set(page.entries)) if page.entries else {}
        with i18n.speaking(self.house.settings.institute.language), guarded(f"{site.SITE}/{path}"):
            return _read(self.house, page.make(bodies))


def _read(house: House, artifact: p.Artifact) -> tuple[str, bytes]:
    lies = artifact.on_disk
    body = artifact.body if lies is None else (house.output_dir / lies.path).read_bytes()
    return artifact.media_type, body


@dataclass(slots=True)
class Drafts:
    """The draft of this moment; safe to use from several threads."""

    _known: tuple[str, Draft | None] = ("", None)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def now(self, house: House, store: Store, stamp: str) -> Draft | None:
        """Return the draft; ``None`` when what waits is in step with everything it is made of.

        Args:
            house: Gives settings, renderers, clock.
            store: May be open for reading only.
            stamp: Changes when the draft might.

        Raises:
            StoreError: The store cannot be read.

        Cost: three rows when nothing moved; else once for each stamp as a dry run of the publish room for what waits.
        """
        if instep.is_in_step(house.settings, store):
            return None
        with self._lock:
            if self._known[0] != stamp:
                self._known = (stamp, _drafted(house, store, stamp))
            return self._known[1]


def _drafted(house: House, store: Store, stamp: str) -> Draft | None:
    desk = curating.desk_at(house.settings, store, house.registry, now=house.clock(), is_dry=True)
    made = {one.row.id: one for one in curating.remade(desk)}
    renderings: dict[tuple[str, str], Made | Paged] = {
        (edition, rendering.channel): Made(house, rendering)
        for edition, one in made.items()
        for rendering in one.renderings
        if one.before.get(rendering.channel) != rendering.sha256
    }
    renderings |= _site(house, desk, made, stamp)
    problem = "; ".join(str(error) for error in desk.errors)
    if not made and not problem and not renderings:
        return None
    return Draft(editions=made, renderings=renderings, problem=problem)


def _site(
    house: House, desk: Desk, made: Mapping[str, remaking.Remade], stamp: str
) -> dict[tuple[str, str], Made | Paged]:
    """The website's draft; its pages are not compared with what is stored, so there is one whenever anything moved."""
    desk.drafted.update({edition: one.row for edition, one in made.items()})
    if not desk.store.digests.editions(limit=1):
        return {}
    with i18n.speaking(house.settings.institute.language):
        planned = site.drafted(desk)
    return {(site.SITE, channel): Paged(house, f"draft{stamp}", pages) for channel, pages in planned.items() if pages}
