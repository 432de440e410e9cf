"""Makes what of a perpetual rendering says something new, a batch of pages at a time, many of them in several processes.

What does not live here: what pages there are (``renderers/``), keeping and switching files (``renewal``), forking (``forks``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from typing import cast

import pipeline.model as p
from pipeline.publish import forks
from pipeline.publish.desk import Desk
from pipeline.publish.render import Checked, guarded
from pipeline.renewal import Made, Renewal, Renewed


def renew(desk: Desk, channel: p.ChannelSpec, renderer: p.Renderer, digest: p.Digest, *, edition_id: str) -> Renewed:
    """Renew the channel's rendering: make only pages whose key is new or whose file is gone.

    Raises:
        RenderError: The renderer failed, made nothing, or made a file that may not be written; the last one stands.
        StoreError: The disk refuses.

    Cost: about 10 µs for a page that stays. Many pages are made in as many processes as there are cores (ADR-0037); the
    bytes are the same.
    """
    subject = f"{edition_id}/{channel.id}"
    checked = Checked(renderer.PRODUCES, subject)
    left_out: list[p.LeftOut] = []
    renewal = Renewal(desk.settings.output, edition_id, channel.id, ground=desk.ground, is_dry=desk.is_dry)
    press = _Press(desk, renewal, checked, subject)
    with renewal, guarded(subject):
        due = press.due(_pages(desk, channel, renderer, digest, left_out, known=renewal.known))
        first = list(islice(due, p.limits.PAGES_FORK))
        if len(first) == p.limits.PAGES_FORK and hasattr(renderer, "pages") and (count := forks.processes()) > 1:
            press.make_many([*first, *due], count)
        else:
            press.make(chain(first, due))
        checked.close()
        return renewal.close(left_out)


@dataclass(frozen=True, slots=True)
class _Press:
    """One renewal at work."""

    desk: Desk
    renewal: Renewal
    checked: Checked
    subject: str

    def due(self, pages: Iterable[p.Page]) -> Iterator[p.Page]:
        """Yield the pages that must be made."""
        keep, known = self.renewal.keep, self.checked.known
        for page in pages:
            known(page.path)
            if not keep(page.path, page.key):
                yield page

    def make(self, due: Iterator[p.Page]) -> None:
        """Make pages here, holding the bodies of one batch at a time."""
        while batch := list(islice(due, p.limits.PAGES_BATCH)):
            bodies = self._bodies(batch)
            for page in batch:
                self.renewal.enter(self._made(page, bodies))

    def make_many(self, due: Sequence[p.Page], count: int) -> None:
        """Make pages in ``count`` processes; this one reads their bodies and writes down what became of them."""
        self.checked.close()  # nothing may be written where two files stand in each other's way

        def work(job: tuple[slice, p.Bodies]) -> list[Made]:
            span, bodies = job
            with guarded(self.subject):
                return [self._made(page, bodies) for page in due[span]]

        jobs = ((span, self._bodies(due[span])) for span in batches(due))
        for made in forks.answers(jobs, work, count):
            for one in made:
                self.renewal.enter(one)

    def _bodies(self, batch: Iterable[p.Page]) -> p.Bodies:
        lists = {id(page.entries): page.entries for page in batch}  # files made of one thing share a list of thousands
        return self.desk.store.entries.bodies(set(chain.from_iterable(lists.values())))

    def _made(self, page: p.Page, bodies: p.Bodies) -> Made:
        artifact = page.make(bodies)
        self.checked.may_be(artifact.path, artifact.media_type)
        if artifact.path != page.path:
            raise p.RenderError(f"{page.path}: made as {artifact.path}", subject=self.subject, code="render-path")
        return self.renewal.write(artifact, page.key)


def batches(due: Sequence[p.Page]) -> Iterator[slice]:
    """Cut pages into spans of about a batch; files of one folder that follow each other are often made of one thing, and stay together."""
    size, start, folder = p.limits.PAGES_BATCH, 0, ""
    for at, page in enumerate(due):
        last, folder = folder, page.path.rpartition("/")[0]
        if at - start >= 2 * size or (at - start >= size and folder != last):
            yield slice(start, at)
            start = at
    if start < len(due):
        yield slice(start, len(due))


def drafted(desk: Desk, channel: p.ChannelSpec, renderer: p.Renderer, digest: p.Digest) -> dict[str, p.Page]:
    """Return the pages there would be, by path; what cannot be planned is an error of the desk and gives none.

    Cost: about 20 µs a page of a paged renderer; any other makes all its files.
    """
    try:
        with guarded(f"site/{channel.id}"):
            return {page.path: page for page in _pages(desk, channel, renderer, digest, [], known={})}
    except p.RenderError as error:
        desk.errors.append(error)
        return {}


def _pages(
    desk: Desk,
    channel: p.ChannelSpec,
    renderer: p.Renderer,
    digest: p.Digest,
    left_out: list[p.LeftOut],
    *,
    known: Mapping[str, str],
) -> Iterator[p.Page]:
    """Yield the pages of a paged renderer; of any other, what it made, to be compared byte by byte."""
    if hasattr(renderer, "pages"):
        yield from cast("p.PagedRenderer", renderer).pages(channel.renderer_options, digest, known)
        return
    for made in renderer.render(channel.renderer_options, desk.bodied(digest)):
        if isinstance(made, p.LeftOut):
            left_out.append(made)
        else:
            yield p.Page(path=made.path, key="", make=partial(_as_it_is, made))


def _as_it_is(artifact: p.Artifact, bodies: p.Bodies) -> p.Artifact:
    del bodies
    return artifact
