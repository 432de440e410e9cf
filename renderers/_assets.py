"""Style sheets, scripts, fonts and marks of the website: files that are the same for every story.

What does not live here: pages. A file of the same name in the institute's templates wins; ``theme.css`` is read after
``moa.css``, so that a theme changes colours without copying the whole style sheet.
Source: Pretendard GOV, SIL Open Font License 1.1; the font's own subset files, unchanged (its name is reserved), ADR-0030.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

import pipeline.model as p
from pipeline.i18n import _
from renderers._site import Site

MEDIA_TYPES: Final = {
    "PretendardGOV-Regular.subset.woff2": "font/woff2",
    "PretendardGOV-Bold.subset.woff2": "font/woff2",
    "PretendardGOV-LICENSE.txt": "text/plain",
    "icon.svg": "image/svg+xml",
    "card.png": "image/png",
}
_DARK: Final = re.compile(rb"@media\s*\(prefers-color-scheme:\s*dark\)\s*\{\s*:root\s*\{([^{}]*)\}\s*\}")
_BOTH: Final = rb"""@media (prefers-color-scheme: dark) {
  :root:where(:not([data-look="light"])) {\1}
}
:root:where([data-look="dark"]) {\1}"""


def assets(site: Site) -> Iterator[p.Page]:
    """Everything below ``assets/``; none of it depends on the news."""
    yield _asset("moa.css", "text/css", lambda: _for_both(site.static("moa.css") + site.static("theme.css")))
    yield _asset("fonts.css", "text/css", partial(site.static, "fonts.css"))
    yield _asset("first.js", "application/javascript", partial(site.static, "first.js"))
    yield _asset("moa.js", "application/javascript", lambda: _script_head() + site.static("moa.js"))
    yield _asset("find.js", "application/javascript", partial(site.static, "find.js"))
    for name, media_type in MEDIA_TYPES.items():
        yield _asset(name, media_type, partial(site.static, f"assets/{name}"))


def _for_both(styles: bytes) -> bytes:
    """Let colours for dark surroundings answer the reader's own choice, too, ours and those of a theme alike.

    ``@media (prefers-color-scheme: dark) { :root { … } }`` is written out twice: for readers who chose nothing, and for
    those who chose the dark look. ``:where`` keeps the weight of ``:root``, so that the order of the rules still decides.
    """
    return _DARK.sub(_BOTH, styles)


def _asset(name: str, media_type: str, read: Callable[[], bytes]) -> p.Page:
    path = f"assets/{name}"
    return p.Page(
        path=path, key="asset", make=lambda _bodies: p.Artifact(path=path, media_type=media_type, body=read())
    )


def _script_head() -> bytes:
    spoken = json.dumps(_script_words(), ensure_ascii=False)
    return f'"use strict";\nwindow.moa = {{ words: {spoken} }};\n'.encode()


def _script_words() -> dict[str, str]:
    """What the scripts say, in the institute's language; ``%`` stands for a number or a word."""
    return {
        "opensToday": _("오늘 접수 시작"),
        "opensIn": _("접수 D-%"),
        "opensInFull": _("접수 시작까지 %일 남음"),
        "closed": _("마감"),
        "closedFull": _("신청 마감"),
        "today": _("오늘 마감"),
        "left": _("D-%"),
        "leftFull": _("마감까지 %일 남음"),
        "now": _("(방금)"),
        "minutes": _("(%분 전)"),
        "hours": _("(%시간 전)"),
        "days": _("(%일 전)"),
        "copied": _("주소를 복사했습니다."),
        "found": _("소식 %건을 찾았습니다."),
        "none": _("찾는 소식이 없습니다. 낱말을 줄이거나 조건을 바꿔 보세요."),
        "finding": _("찾고 있습니다."),
        "more": _("%건 더 보기"),
        "broken": _("찾기에 쓰는 파일을 읽지 못했습니다. 잠시 뒤 다시 시도해 주세요."),
        "apply": _("신청"),
        "until": _("%까지"),
        "player": _("% 재생 화면"),
    }
