"""A small transport for settings tests."""

from collections.abc import Callable

from pydantic import Field

import pipeline.model as p

TITLE = "phone"
ACCEPTS = frozenset(["application/vnd.moa.kakao+json"])
REACHES_PEOPLE = True


class Options(p.Options):
    folder: p.ProjectPath = Field("", description="폴더")
    token: p.SecretName | None = Field(None, description="열쇠")


def send(
    options: Options, delivery: p.Delivery, rendering: p.Rendering, http: p.Http, keep: Callable[[p.Memo], None]
) -> p.Receipt:
    return p.Receipt()


def lookup(options: Options, delivery: p.Delivery, http: p.Http) -> p.Receipt | None:
    return None
