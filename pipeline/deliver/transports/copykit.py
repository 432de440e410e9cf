"""For channels without an API: a folder with text, image and link for a person to paste.

What does not live here: any pretence of sending. Kakao offers no public API for channel posts (korea §1d).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pydantic import Field

import pipeline.model as p
from pipeline.deliver.transports._folders import write_whole
from pipeline.i18n import _

TITLE = "복사해 붙일 꾸러미"
ACCEPTS = frozenset({"*/*"})
REACHES_PEOPLE = False
REPEATABLE = True
_GUIDE = "읽어-주세요.txt"


class Options(p.Options):
    """Where the kits go."""

    folder: p.ProjectPath = Field(description="꾸러미를 모아 둘 폴더", examples=["output/copykit"])


def send(
    options: Options,
    delivery: p.Delivery,
    rendering: p.Rendering,
    http: p.Http,
    keep: Callable[[p.Memo], None],
) -> p.Receipt:
    """Write every artifact and a short guide into ``<folder>/<edition>/<channel>``.

    Raises:
        DeliveryError: The folder cannot be written.
    """
    del http, keep
    folder = _folder(options, delivery)
    try:
        for artifact in rendering.artifacts:
            write_whole(folder / artifact.path, artifact.body)
        write_whole(folder / _GUIDE, _guide(delivery, rendering).encode())
    except OSError as error:
        raise p.DeliveryError(
            _("꾸러미를 쓰지 못했습니다: {why}").format(why=error.strerror or error), code="folder"
        ) from error
    return p.Receipt(provider_id=rendering.sha256[:16], accepted=1, status="kit")


def lookup(options: Options, delivery: p.Delivery, http: p.Http) -> p.Receipt | None:
    """Return a receipt if the kit is complete: its guide is written last and names the rendering."""
    del http
    guide = _folder(options, delivery) / _GUIDE
    try:
        is_whole = delivery.rendering_sha256 in guide.read_text(encoding="utf-8")
    except OSError:
        return None
    return p.Receipt(provider_id=delivery.rendering_sha256[:16], accepted=1, status="kit") if is_whole else None


def _folder(options: Options, delivery: p.Delivery) -> Path:
    return Path(options.folder) / delivery.edition_id / delivery.channel


def _guide(delivery: p.Delivery, rendering: p.Rendering) -> str:
    names = "\n".join(f"  - {artifact.path}" for artifact in rendering.artifacts)
    return _(
        "이 폴더는 {edition} 소식을 '{channel}' 채널에 직접 올리기 위한 꾸러미입니다.\n\n"
        "1. 채널 관리자 화면에서 새 글을 엽니다.\n2. 아래 글 파일의 내용을 그대로 붙입니다.\n3. 그림과 단추 주소를 넣고 올립니다.\n\n"
        "파일:\n{names}\n\n확인값: {sha256}\n"
    ).format(edition=delivery.edition_id, channel=delivery.channel, names=names, sha256=rendering.sha256)
