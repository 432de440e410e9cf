"""The YAML keys of ``kind: youtube`` and what an editor may write for a channel or a playlist.

What does not live here: asking (``youtube``).
"""

from __future__ import annotations

import re
from typing import Annotated, Final
from urllib.parse import unquote

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

import pipeline.model as p
from pipeline.i18n import _

_CHANNEL: Final = re.compile(r"UC[\w-]{22}")
_HANDLE: Final = re.compile(r"@[^\s/@?#&]{1,60}")
_ADDRESS: Final = re.compile(
    r"(?:https?://)?(?:www\.|m\.)?youtube\.com/(?:(channel/UC[\w-]{22})|(@[^\s/?#]+)|user/([\w.-]+))(?:[/?#].*)?"
)
_PLAYLIST: Final = re.compile(r"[\w-]{12,64}")


def _channel(text: str) -> str:
    if not target(text):
        raise PydanticCustomError("youtube_channel", _("UC로 시작하는 채널 ID, @핸들, 채널 주소 가운데 하나로 쓰세요."))
    return text


def _playlist(text: str) -> str:
    name = text.partition("list=")[2].partition("&")[0] or text
    if not _PLAYLIST.fullmatch(name):
        raise PydanticCustomError("youtube_playlist", _("재생목록 ID나 주소(list=…)를 쓰세요."))
    return name


def _base(text: str) -> str:
    return text if text.endswith("/") else text + "/"


Channel = Annotated[str, AfterValidator(_channel)]
Playlist = Annotated[str, AfterValidator(_playlist)]


class Options(p.Options):
    """YAML keys of ``kind: youtube``; at least one of ``channel``, ``channels``, ``playlists`` is needed."""

    channel: Channel | None = Field(
        default=None, description="채널: UC로 시작하는 ID, @핸들 또는 주소", examples=["@example"]
    )
    channels: tuple[Channel, ...] = Field(default=(), description="채널이 여럿일 때", examples=[["@one", "@two"]])
    playlists: tuple[Playlist, ...] = Field(
        default=(), description="재생목록 ID나 주소", examples=[["PL0123456789abcdef"]]
    )
    key: p.SecretName = Field(
        default="MOA_YOUTUBE_KEY",
        validate_default=True,
        description="API 키가 든 환경 변수의 이름. 키가 없으면 피드(최근 15개)만 읽습니다.",
        examples=["MOA_YOUTUBE_KEY"],
    )
    api_base: Annotated[p.WebUrl, AfterValidator(_base)] = Field(
        default="https://youtube.googleapis.com/",
        description="YouTube Data API의 주소",
        examples=["http://127.0.0.1:9000/"],
    )
    feed_base: p.WebUrl = Field(
        default="https://www.youtube.com/feeds/videos.xml",
        description="키가 없거나 사용량을 다 썼을 때 읽는 피드의 주소",
        examples=["https://www.youtube.com/feeds/videos.xml"],
    )
    pages: int = Field(
        default=3, ge=1, le=p.limits.PAGES_PER_SOURCE, description="밤마다 읽는 목록의 쪽수(한 쪽에 50개)", examples=[3]
    )
    include_shorts: bool = Field(default=True, description="쇼츠도 모을지", examples=[False])

    @model_validator(mode="after")
    def _has_place(self) -> Options:
        if not (self.channel or self.channels or self.playlists):
            raise PydanticCustomError("youtube_place", _("channel, channels, playlists 가운데 하나는 있어야 합니다."))
        return self

    def names(self) -> tuple[str, ...]:
        """Channels as configured, each once."""
        return tuple(dict.fromkeys(n for n in (self.channel, *self.channels) if n))


def target(text: str) -> dict[str, str]:
    """Return the parameter of ``channels.list`` that finds a channel; empty when the text names none."""
    text = unquote(text.strip())
    match = _ADDRESS.fullmatch(text)
    if match:
        if match[3]:
            return {"forUsername": match[3]}
        text = (match[1] or match[2]).removeprefix("channel/")
    if _CHANNEL.fullmatch(text):
        return {"id": text}
    return {"forHandle": text} if _HANDLE.fullmatch(text) else {}
