"""The YAML keys of ``kind: feed``.

What does not live here: what they do (``feed``). Apart, because pydantic is not needed to fetch a feed that has not changed.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

import pipeline.model as p


class Options(p.Options):
    """YAML keys of ``kind: feed``."""

    url: p.WebUrl = Field(description="피드 주소", examples=["https://rss.blog.naver.com/example.xml"])
    as_: Literal["notice", "news", "post", "video", "event"] | None = Field(
        default=None,
        alias="as",
        description="항목의 종류. 적지 않으면 글(post)이고, 유튜브 피드는 영상(video)입니다.",
        examples=["notice"],
    )
    full_text: bool = Field(
        default=False,
        description="피드에 앞부분만 있을 때 새 글의 페이지에서 본문 전체를 읽을지. 페이지를 읽으므로 robots.txt를 지킵니다.",
        examples=[True],
    )
    structured_data: bool = Field(
        default=False,
        description="피드가 없는 페이지에서 기계가 읽는 글 목록(schema.org JSON-LD)을 읽을지",
        examples=[True],
    )
