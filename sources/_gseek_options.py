"""YAML keys of ``kind: gseek``: every part of the platform's addresses is one, with the routes it is known to use.

What does not live here: asking (``_gseek_talk``). No city is known here: host and region are the editor's.
Source: korea §7 (one third-party program, audited 2026-07: hence everything can be set).
"""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import urlsplit, urlunsplit

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

import pipeline.model as p
from pipeline.i18n import _
from sources._gseek_rows import FORBIDDEN

LIST_PATH: Final = "/user/course/offline/list"
TEST_ROWS: Final = (
    r"^\W*(?:테스트|test|시험용|연습용|샘플|sample)(?:\W|\d|_|용|중|입니다|강좌|강의|과정|수업|등록|신청)*$"
    r"|[\[(<【「]\s*(?:테스트|test|연습|연습용|시험용|샘플|sample)\s*\d*\s*[\])>】」]"
)


def _path(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme or parts.netloc or not text.startswith("/") or any(c.isspace() for c in text):
        raise PydanticCustomError("gseek_path", _("주소의 뒷부분을 /로 시작해서 쓰세요. 예: /user/course/offline/list"))
    if FORBIDDEN.search(text):
        raise PydanticCustomError("gseek_forbidden", _("수강 신청, 본인 확인, 회원 주소는 수집할 수 없습니다."))
    return text


def _list(text: str) -> str:
    """An editor may write the site only: its list stands where the platform keeps it."""
    parts = urlsplit(text)
    if FORBIDDEN.search(parts.path):
        raise PydanticCustomError("gseek_forbidden", _("수강 신청, 본인 확인, 회원 주소는 수집할 수 없습니다."))
    return urlunsplit(parts._replace(path=LIST_PATH)) if parts.path in ("", "/") else text


Path = Annotated[str, AfterValidator(_path)]


class Online(p.Options):
    """The list of online courses; the platform's parent site keeps it."""

    url: p.WebUrl = Field(
        default="https://www.gseek.kr/user/course/online/list",
        description="온라인 강좌 목록의 주소",
        examples=["https://www.gseek.kr/user/course/online/list"],
    )
    search: Path = Field(
        default="/user/course/online/list/search",
        description="온라인 강좌를 찾는 주소의 뒷부분",
        examples=["/user/course/online/list/search"],
    )
    view: Path = Field(
        default="/user/course/online/view",
        description="온라인 강좌 안내 쪽 주소의 뒷부분",
        examples=["/user/course/online/view"],
    )
    form: dict[str, str] = Field(
        default_factory=lambda: {"s_sort_by": "3"},
        description="함께 보내는 값. 분류 번호는 s_sbjct_clsf_sn에 적습니다.",
        examples=[{"s_sbjct_clsf_sn": "82", "s_sort_by": "3"}],
    )
    pages: int = Field(default=2, ge=1, le=p.limits.PAGES_PER_SOURCE, description="읽을 목록 쪽수", examples=[2])


class Options(p.Options):
    """YAML keys of ``kind: gseek``."""

    url: Annotated[p.WebUrl, AfterValidator(_list)] = Field(
        description="강좌 목록의 주소. 사이트 주소만 적으면 그 아래 /user/course/offline/list를 읽습니다.",
        examples=["https://learn.example.go.kr/user/course/offline/list"],
    )
    region: str = Field(
        default="",
        pattern=r"^\d*$",
        description="지역 코드(숫자). 비우면 지역을 가리지 않습니다.",
        examples=["4100000000"],
    )
    region_param: str = Field(
        default="resion", description="지역 코드를 보내는 이름. 이 플랫폼은 resion이라고 씁니다.", examples=["resion"]
    )
    search: Path = Field(
        default=LIST_PATH + "/search",
        description="목록을 찾는 주소의 뒷부분",
        examples=["/user/course/offline/list/search"],
    )
    view: Path = Field(
        default="/user/course/offline/view",
        description="강좌 안내 쪽 주소의 뒷부분",
        examples=["/user/course/offline/view"],
    )
    form: dict[str, str] = Field(
        default_factory=lambda: {"s_sort_by": "1"},
        description="함께 보내는 값. s_sort_by 1은 모집 중인 강좌부터입니다.",
        examples=[{"s_sort_by": "1"}],
    )
    rows: int = Field(default=9, ge=1, le=100, description="한 번에 받는 강좌 수", examples=[9])
    pages: int = Field(
        default=30,
        ge=1,
        le=p.limits.SCAN_PAGES,
        description="하룻밤에 읽는 목록 쪽수. 모집 중인 강좌가 없는 쪽에서 멈추므로 보통은 몇 쪽이면 됩니다.",
        examples=[30],
    )
    census: int = Field(
        default=0,
        ge=0,
        le=p.limits.SCAN_PAGES,
        description="밤마다 더 읽는, 끝난 강좌까지 차례로 훑는 쪽수. 0이면 훑지 않습니다.",
        examples=[5],
    )
    detail: bool = Field(
        default=True, description="새로 생기거나 바뀐 강좌의 안내 쪽(신청 기간, 장소)을 읽을지", examples=["true"]
    )
    most: int = Field(default=30, ge=1, le=60, description="하룻밤에 읽는 안내 쪽 수", examples=[30])
    recheck: int = Field(
        default=5,
        ge=0,
        le=30,
        description="밤마다 안내 쪽을 다시 읽는 강좌 수. 목록에는 신청 기간이 없어, 미뤄진 마감은 안내 쪽에서만 보입니다.",
        examples=[5],
    )
    test_rows: p.Pattern = Field(
        default=TEST_ROWS, description="시험 삼아 올린 강좌의 제목을 알아보는 정규식", examples=[r"^\[테스트\]"]
    )
    online: Online | None = Field(default=None, description="온라인 강좌 목록. 비우면 읽지 않습니다.")
