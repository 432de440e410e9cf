"""A small kind for settings tests: a list of notices."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

import pipeline.model as p

TITLE = "게시판"


class Options(p.Options):
    url: p.WebUrl = Field(description="목록 주소")
    rows: str = Field(description="줄 선택자", min_length=1)
    link: p.Pattern = Field("", description="주소 정규식")
    form: Literal["list", "cards"] = Field("list", description="모양")
    depth: int = Field(1, ge=1, le=9, description="깊이")
    tags: p.TextList = Field((), description="표시")
    zone: p.Zone = Field("Asia/Seoul", description="시간대")
    pages: int = Field(3, description="쪽수")
    max_items: int = Field(500, description="글 수")
    language: str = Field("ko", description="언어")


def fetch(options: Options, memo: p.Memo) -> p.Conversation:
    return p.Fetched(documents=((yield p.Request(url=options.url)),))


def parse(options: Options, fetched: p.Fetched) -> Iterator[p.Item]:
    yield from ()
