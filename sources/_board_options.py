"""YAML keys of ``kind: board``, each with the sentence an editor's program shows.

What does not live here: what is done with them (``board``, ``_board_*``).
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

import pipeline.model as p
from pipeline.i18n import _

DETAILS: int = 30
"""Detail pages of one night by default: with one request a second they fit into a list's deadline."""


_INDEX = re.compile(r"\[\d+\]")  # of a JSON list; no CSS


def _selector(value: str) -> str:
    from pipeline.text import select  # noqa: PLC0415 - lexbor, only when a board is configured

    if (
        value
        and "{" not in value
        and not value.startswith("json:")
        and not _INDEX.search(value)
        and not select.is_valid(value)
    ):  # {…} is a template of a key
        raise PydanticCustomError("selector", "not a CSS selector")
    return value


def _selectors(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(_selector, values))


Selector = Annotated[str, AfterValidator(_selector)]
Selectors = Annotated[p.TextList, AfterValidator(_selectors)]


class Paging(p.Options):
    """How the next pages of a list are asked for."""

    param: str = Field("page", description="쪽 번호를 담는 매개변수 이름", examples=["pageIndex"])
    start: int = Field(1, ge=0, description="첫 쪽의 값", examples=[1, 0])
    step: int = Field(1, ge=1, description="다음 쪽으로 갈 때 더하는 값. 글 번호로 세는 게시판은 10", examples=[1, 10])
    template: str = Field(
        "", description="쪽마다 주소가 다를 때의 주소. {page} 자리에 쪽 번호", examples=["/notice/page/{page}"]
    )
    packed: str = Field(
        "",
        description="쪽 번호가 Base64로 묶인 값 안에 있을 때 그 값을 담는 매개변수. param은 그 안의 이름",
        examples=["bbs_data"],
    )
    newest_first: bool | None = Field(
        None,
        description="새 글이 앞에 오는지. false면 아는 글만 있는 쪽에서도 멈추지 않고 모두 읽습니다. 비우면 강좌 목록만 모두 읽습니다.",
        examples=["false"],
    )
    days: int | None = Field(
        None, ge=1, description="고정 공지가 아닌 글이 모두 이 날수보다 오래된 쪽에서 멈춥니다.", examples=[90]
    )


class Detail(p.Options):
    """Which parts of an article's own page are read; only for rows not seen before."""

    enabled: bool = Field(default=True, description="새 글의 본문 페이지를 읽을지", examples=["true"])
    method: Literal["GET", "POST"] = Field("GET", description="본문 페이지를 요청하는 방법", examples=["POST"])
    url: str = Field(
        "",
        description="본문을 글 주소와 다른 주소에서 읽을 때 그 주소. 중괄호에는 줄에서 뽑은 값의 이름",
        examples=["view.do"],
    )
    form: dict[str, str] = Field(
        default_factory=dict,
        description="POST로 보내는 값. 중괄호에는 줄에서 뽑은 값의 이름. 비우면 글 주소의 매개변수를 보냅니다.",
        examples=[{"nttId": "{nttId}"}],
    )
    body: Selector = Field("", description="본문. 비우면 널리 쓰이는 이름에서 찾습니다.", examples=["div.view-con"])
    title: Selector = Field("", description="제목. 목록의 제목이 잘려 있을 때 씁니다.", examples=["h3.view-title"])
    date: Selector = Field(
        "", description="등록일. 비우면 '등록일·작성일' 글자 옆에서 찾습니다.", examples=["dl.write dd"]
    )
    department: Selector = Field("", description="담당 부서", examples=["label:담당부서"])
    attachments: Selector = Field(
        "", description="첨부 파일의 링크들. 비우면 파일 주소로 찾습니다.", examples=["ul.file a"]
    )
    attachment_text: bool = Field(
        default=False,
        description="첨부한 PDF·HWPX·HWP의 글자도 검색되게 읽을지. 새 글마다 파일을 세 개까지 내려받습니다.",
        examples=["true"],
    )
    image: Selector = Field("", description="대표 이미지", examples=["div.poster img"])
    most: int = Field(DETAILS, ge=1, le=50, description="하룻밤에 읽는 본문 페이지 수", examples=[30])


class CourseFields(p.Options):
    """Where a course's facts stand in its row; ``label:`` and ``th:`` fit most lists."""

    apply: Selector = Field(
        "", description="접수 기간. 일반·우선·추가처럼 여럿이어도 됩니다.", examples=["th:접수기간"]
    )
    teach: Selector = Field("", description="교육 기간", examples=["th:교육기간"])
    weekdays: Selector = Field("", description="교육 요일. 시간이 함께 있어도 됩니다.", examples=["th:요일"])
    hours: Selector = Field("", description="교육 시간", examples=["label:교육시간"])
    status: Selector = Field("", description="접수 상태", examples=["span.state"])
    capacity: Selector = Field(
        "", description="정원. '3/20명'처럼 신청 인원이 함께 있어도 됩니다.", examples=["th:정원"]
    )
    applied: Selector = Field("", description="신청 인원", examples=["th:신청"])
    waiting: Selector = Field("", description="대기 인원", examples=["th:대기"])
    fee: Selector = Field("", description="수강료", examples=["th:수강료"])
    material_fee: Selector = Field("", description="재료비", examples=["label:재료비"])
    selection: Selector = Field("", description="선발 방법(선착순, 추첨)", examples=["label:선발방법"])
    level: Selector = Field("", description="수준", examples=["th:수준"])
    field: Selector = Field("", description="분야", examples=["span.cate"])
    place: Selector = Field("", description="장소", examples=["label:장소"])
    online: Selector = Field("", description="온라인·오프라인", examples=["span.onoff"])
    target: Selector = Field("", description="대상", examples=["label:대상"])


class Options(p.Options):
    """YAML keys of ``kind: board``.

    A selector is CSS inside the row (``td.subject a``), ``CSS@attribute``, ``th:column word`` or ``label:word``; in a list of
    JSON rows it is the name of a value (``subject``, ``files[0].path``).
    """

    url: p.WebUrl = Field(description="목록의 주소", examples=["https://www.example.go.kr/bbs/list.do?bbsId=1"])
    rows: Selector = Field(
        min_length=1,
        description="글 한 줄의 CSS 선택자. JSON 목록이면 `json:`과 목록에 이르는 이름",
        examples=["table.board tbody tr", "json:data.list"],
    )
    title: Selector = Field(min_length=1, description="줄 안에서 제목", examples=["td.subject a", "th:제목"])
    link: Selector = Field(
        "",
        description="링크가 든 요소. 비우면 제목의 링크. `선택자@속성`으로 다른 속성을 씁니다.",
        examples=["a@onclick"],
    )
    link_pattern: p.Pattern = Field(
        "", description="링크나 onclick에서 번호를 뽑는 정규식", examples=[r"goView\('(\d+)','(\w+)'\)"]
    )
    link_template: str = Field(
        "", description="뽑은 번호로 만드는 글 주소. {1}, {2} 또는 {이름}", examples=["view.do?nttId={1}&bbsId={2}"]
    )
    key: Selector = Field(
        "", description="글 고유 번호. 선택자, 또는 {nttId}처럼 주소의 매개변수", examples=["{nttId}", "@data-id"]
    )
    date: Selector = Field("", description="등록일", examples=["td.date", "th:작성일"])
    date_pattern: p.Pattern = Field(
        "", description="날짜만 뽑는 정규식. 괄호가 있으면 첫 괄호", examples=[r"등록일\s*([\d.]+)"]
    )
    pinned: Selector = Field(
        "",
        description="고정 공지의 표시(줄 자체나 그 안의 요소). 비우면 널리 쓰이는 표시를 봅니다.",
        examples=["tr.notice"],
    )
    department: Selector = Field("", description="담당 부서", examples=["th:담당부서"])
    author: Selector = Field("", description="작성자", examples=["td.writer"])
    status: Selector = Field("", description="상태", examples=["span.state"])
    number: Selector = Field(
        "", description="글 번호 칸. 공지라고 적혀 있으면 고정 공지로 봅니다.", examples=["td.num"]
    )
    body: Selector = Field(
        "",
        description="목록에 함께 있는 본문(펼침 목록). `+`로 시작하면 줄 바로 뒤의 요소",
        examples=["div.answer", "+ dd"],
    )
    image: Selector = Field("", description="작은 그림", examples=["img"])
    category: Selector = Field("", description="분류. 제목에서 빠지고 꼬리표가 됩니다.", examples=["span.cate"])
    container: Selector = Field(
        "", description="목록 전체의 CSS 선택자. 비우면 rows에서 짐작합니다.", examples=["table.board"]
    )
    empty: str = Field(
        "", description="글이 없을 때의 문구나 CSS 선택자. 비우면 널리 쓰이는 문구를 봅니다.", examples=["td.no-data"]
    )
    remove: Selectors = Field(
        (), description="제목에서 뺄 것들의 CSS 선택자. 널리 쓰이는 것은 적지 않아도 빠집니다.", examples=[["em.hit"]]
    )
    method: Literal["GET", "POST"] = Field("GET", description="목록을 요청하는 방법", examples=["POST"])
    form: dict[str, str] = Field(
        default_factory=dict, description="POST로 보내는 값", examples=[{"bbsId": "BBSMSTR_1"}]
    )
    list_url: str = Field(
        "",
        description="목록을 화면의 스크립트가 따로 불러올 때 그 주소. 중괄호에는 url의 매개변수 이름",
        examples=["boardContentsList.do"],
    )
    warm_up: str = Field("", description="먼저 한 번 열어야 하는 주소", examples=["https://www.example.go.kr/"])
    paging: Paging | None = Field(None, description="다음 쪽을 여는 방법. 비우면 첫 쪽만 읽습니다.")
    pages: int = Field(3, ge=1, le=p.limits.PAGES_PER_SOURCE, description="읽을 목록 쪽수", examples=[3])
    detail: Detail | None = Field(None, description="새 글의 본문 페이지를 읽는 방법. 비우면 목록만 읽습니다.")
    course: CourseFields | None = Field(
        None, description="강좌 목록일 때 강좌 정보가 있는 곳. {}만 적어도 표 머리글과 이름표에서 찾습니다."
    )
    as_: Literal["notice", "course", "event", "news", "post"] | None = Field(
        None, alias="as", description="글의 종류. 비우면 notice, course 항목이 있으면 course", examples=["event"]
    )
    max_items: int = Field(
        p.limits.ITEMS_PER_FETCH, ge=1, le=p.limits.ITEMS_PER_FETCH, description="한 쪽에서 읽을 줄 수", examples=[50]
    )

    @model_validator(mode="after")
    def _fits(self) -> Options:
        if self.link_pattern and not self.link_template and not (self.detail and self.detail.url):
            text = _("link_pattern을 쓰면 link_template도 써야 합니다. 예: view.do?nttId={1}")
            raise PydanticCustomError("board_link", text)
        return self

    @property
    def kind(self) -> p.Kind:
        """Return what the rows are."""
        if self.as_:
            return p.Kind(self.as_)
        return p.Kind.COURSE if self.course else p.Kind.NOTICE
