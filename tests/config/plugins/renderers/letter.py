"""A small renderer for settings tests."""

from collections.abc import Iterator

from pydantic import Field

import pipeline.model as p

TITLE = "letter"
PRODUCES = frozenset(["message/rfc822"])


class Options(p.RendererOptions):
    columns: int = Field(1, ge=1, le=4, description="단")


def render(options: Options, digest: p.Digest) -> Iterator[p.Artifact | p.LeftOut]:
    yield from ()
