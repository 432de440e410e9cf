"""Makes what of a perpetual rendering says something new, a batch of pages at a time.

What does not live here: what pages there are (``renderers/``), keeping and switching files (``renewal``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from typing import Final, cast

import pipeline.model as p
from pipeline.publish.desk import Desk
from pipeline.publish.render import Checked, guarded
from pipeline.renewal import Renewal, Renewed

_BATCH: Final = 200  # pages whose bodies are in memory at once


def renew(desk: Desk, channel: p.ChannelSpec, renderer: p.Renderer, digest: p.Digest, *, edition_id: str) -> Renewed:
    """Renew the channel's rendering: make only pages whose key is new or whose file is gone.

    Raises:
        RenderError: The renderer failed, made nothing, or made a file that may not be written; the last one stands.
        StoreError: The disk refuses.

    Cost: about 20 µs for a page that stays.
    """
    subject = f"{edition_id}/{channel.id}"
    checked = Checked(renderer.PRODUCES, subject)
    left_out: list[p.LeftOut] = []
    renewal = Renewal(desk.settings.output, edition_id, channel.id, ground=desk.ground, is_dry=desk.is_dry)
    with renewal, guarded(subject):
        due = _due(_pages(desk, channel, renderer, digest, left_out), renewal, checked)
        while batch := list(islice(due, _BATCH)):
            bodies = desk.store.entries.bodies({entry for page in batch for entry in page.entries})
            for page in batch:
                artifact = page.make(bodies)
                checked.look(artifact.path, artifact.media_type)
                renewal.put(artifact, page.key)
        checked.close()
        return renewal.close(left_out)


def _due(pages: Iterable[p.Page], renewal: Renewal, checked: Checked) -> Iterator[p.Page]:
    for page in pages:
        if renewal.keep(page.path, page.key):
            checked.known(page.path)
        else:
            yield page


def _pages(
    desk: Desk, channel: p.ChannelSpec, renderer: p.Renderer, digest: p.Digest, left_out: list[p.LeftOut]
) -> Iterator[p.Page]:
    """Yield the pages of a paged renderer; of any other, what it made, to be compared byte by byte."""
    if hasattr(renderer, "pages"):
        yield from cast("p.PagedRenderer", renderer).pages(channel.renderer_options, digest)
        return
    for made in renderer.render(channel.renderer_options, desk.bodied(digest)):
        if isinstance(made, p.LeftOut):
            left_out.append(made)
        else:
            yield p.Page(path=made.path, key="", make=partial(_as_it_is, made))


def _as_it_is(artifact: p.Artifact, bodies: p.Bodies) -> p.Artifact:
    del bodies
    return artifact
