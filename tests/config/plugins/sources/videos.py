"""A small kind with a secret and without an address."""

from collections.abc import Iterator

from pydantic import Field

import pipeline.model as p

TITLE = "영상"


class Options(p.Options):
    channel: str = Field(description="채널", pattern=r"^(@|UC)")
    key: p.SecretName | None = Field(None, description="열쇠")


def fetch(options: Options, memo: p.Memo) -> p.Conversation:
    return p.Fetched(documents=((yield p.Request(url="https://video.example.com/")),))


def parse(options: Options, fetched: p.Fetched) -> Iterator[p.Item]:
    yield from ()
