"""The keys of ``config/moa.yaml`` and the keys every source has, with their descriptions for the editor's program.

What does not live here: the keys of one kind (that plugin's ``Options``), what follows from the keys (``site.py``,
``channels.py``, ``places.py``). Pydantic stays at this border (ADR-0005).
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

import pipeline.model as p
from pipeline.model.fields import Slug, Slugs, TextList, WebUrl, Zone
from pipeline.settings.units import (
    Approval,
    Ascii,
    BackfillText,
    Duration,
    FieldNames,
    Headers,
    Hosts,
    OneLine,
    RobotsText,
    Schedule,
    Size,
    Span,
    StoreUrl,
    Window,
)

Licence = Literal[
    "kogl-0",
    "kogl-1",
    "kogl-2",
    "kogl-3",
    "kogl-4",
    "cc0",
    "cc-by",
    "cc-by-sa",
    "cc-by-nd",
    "cc-by-nc",
    "cc-by-nc-sa",
    "cc-by-nc-nd",
    "all-rights-reserved",
    "unknown",
]
ENV_NAME = r"^[A-Z][A-Z0-9_]{2,63}$"


class Part(BaseModel):
    """Base of every section: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, arbitrary_types_allowed=True)


def _authority(value: str) -> str:
    if value and not re.fullmatch(r"[a-z0-9.-]+\.[a-z]{2,},\d{4}(-\d{2}){0,2}", value):
        raise PydanticCustomError("tag_authority", "not domain,year")
    return value


def _title(value: str) -> str:
    for name in re.findall(r"\{[^}]*\}?", value):
        if name not in ("{institute}", "{date}"):
            raise PydanticCustomError("title_field", "unknown placeholder", {"name": name})
    return value


class InstitutePart(Part):
    """Who publishes."""

    name: OneLine = Field("모아", min_length=1, description="기관 이름. 소식지 제목과 발행처에 나옵니다.")
    site_url: WebUrl | Literal[""] = Field("", description="완성된 웹사이트가 놓일 주소.")
    tag_authority: Annotated[str, AfterValidator(_authority)] = Field(
        "", description="글 고유 번호에 쓰는 도메인과 연도. 한 번 정하면 바꾸지 않습니다. 예: learn.example.go.kr,2026"
    )
    address: OneLine = Field("", description="기관 주소. 소식지 끝에 나옵니다.")
    phone: OneLine = Field("", description="문의 전화.")
    email: OneLine = Field("", description="문의 전자우편.")
    kakao_url: WebUrl | Literal[""] = Field("", description="카카오톡 채널 주소.")
    unsubscribe_url: WebUrl | Literal[""] = Field("", description="소식지 수신 거부 주소.")
    language: Literal["ko", "en"] = Field("ko", description="웹사이트와 소식지의 언어.")


class FetchPart(Part):
    """How the web is asked."""

    user_agent: Ascii = Field("", description="접속할 때 밝히는 이름. 비우면 moa가 연락처를 넣어 만듭니다.")
    contact: Ascii = Field("", description="수집 대상 기관이 연락할 전자우편이나 주소. 접속 이름에 들어갑니다.")
    concurrency: int = Field(p.limits.CONCURRENCY, ge=1, le=1000, description="동시에 여는 접속 수.")
    per_host: int = Field(p.limits.PER_HOST, ge=1, le=16, description="한 서버에 동시에 여는 접속 수.")
    gap: Duration = Field(p.limits.HOST_GAP_S, description="한 서버에 다시 묻기까지 쉬는 시간.")
    timeout: Span = Field(p.limits.SOURCE_DEADLINE_S, description="요청 하나의 제한 시간.")
    deadline: Span = Field(p.limits.LIST_DEADLINE_S, description="소스 하나의 제한 시간.")
    max_bytes: Size = Field(p.limits.BODY_BYTES, description="문서 하나의 최대 크기.")
    allow_private: Hosts = Field((), description="사설 주소라도 읽어도 되는 호스트 또는 호스트:포트.")
    images: bool = Field(
        default=False,
        description="true면 새 글의 대표 그림을 한 장씩 받아 줄여서 둡니다. 켜지 않으면 그림 없이 내보냅니다.",
    )


class StorePart(Part):
    """Where everything collected is kept."""

    url: StoreUrl = Field("", description="저장소 주소. 비우면 output/moa.db(SQLite). 비밀번호는 넣지 않습니다.")
    url_env: str = Field(
        "", pattern=rf"{ENV_NAME}|^$", description="저장소 주소가 든 환경 변수 이름. 예: MOA_STORE_URL"
    )

    @model_validator(mode="after")
    def _one(self) -> StorePart:
        if self.url and self.url_env:
            raise PydanticCustomError("store_both", "url and url_env")
        return self


class OutputPart(Part):
    """Where everything made is put."""

    dir: str = Field("output", min_length=1, description="만든 것을 두는 폴더. 프로젝트 폴더 기준입니다.")


class RunPart(Part):
    """The night."""

    deadline: Span = Field(p.limits.RUN_DEADLINE_S, description="하룻밤 작업 전체의 제한 시간.")


class DigestPart(Part):
    """One digest."""

    id: Slug = Field(description="소식지의 짧은 영문 이름.")
    title: Annotated[OneLine, AfterValidator(_title)] = Field(
        "{institute} 배움소식 {date}", min_length=1, description="제목. {institute}와 {date}가 바뀝니다."
    )
    schedule: Schedule = Field(("daily",), description="펴내는 날: daily 또는 mon … sun.")
    sources: TextList = Field((), description="넣을 소스 id. 비우면 모두.")
    topics: TextList = Field((), description="넣을 주제. 비우면 모두.")
    audiences: TextList = Field((), description="넣을 대상. 예: 어르신, 외국인, 청소년. 비우면 모두.")
    kinds: tuple[p.Kind, ...] = Field((), description="넣을 글 종류: notice, course, video, post, event, news.")
    cap: int = Field(p.limits.DIGEST_ITEMS, ge=1, le=500, description="가장 많이 실을 이야기 수.")
    channels: TextList | None = Field(None, description="내보낼 채널 id. 비우면 모두.")


class ChannelPart(Part):
    """One way out."""

    id: Slug = Field(description="채널의 짧은 영문 이름.")
    renderer: str = Field(description="만드는 모양: website, kakao, newsletter …")
    transport: str | None = Field(None, description="내보내는 길: files, copykit, smtp … 비우면 만들기만 합니다.")
    audience: Slug = Field("all", description="받는 사람 묶음.")
    window: Window | None = Field(None, description="보내도 되는 시간. 예: 08:00-20:40, 제한이 없으면 always.")
    fresh: Span = Field(p.limits.FRESHNESS_H * 3600.0, description="이보다 늦으면 보내지 않습니다.")
    approval: Approval = Field(
        "auto",
        validate_default=True,
        description="manual이면 담당자가 승인해야 보냅니다. auto-after 2h는 그동안 붙잡지 않으면 저절로 보냅니다.",
    )
    empty: Literal["skip", "note"] = Field("skip", description="새 소식이 없을 때: skip 보내지 않음, note 알림만.")
    enabled: bool = Field(default=True, description="false면 쓰지 않습니다.")
    render: dict[str, object] = Field(default_factory=dict, description="모양(renderer)의 설정.")
    send: dict[str, object] = Field(default_factory=dict, description="내보내는 길(transport)의 설정.")


class ReportPart(Part):
    """The night's report to the operator."""

    transport: str = Field(description="보고를 보내는 길: kakao-memo(나에게 보내기) …")
    when: Literal["act", "always"] = Field(
        "act", description="act면 사람이 할 일이 있을 때만, always면 날마다 보냅니다."
    )
    window: Window | None = Field(None, description="보내도 되는 시간. 예: 08:00-20:40")
    fresh: Span = Field(p.limits.FRESHNESS_H * 3600.0, description="이보다 늦으면 보내지 않습니다.")
    send: dict[str, object] = Field(default_factory=dict, description="내보내는 길(transport)의 설정.")


class MoaPart(Part):
    """``config/moa.yaml``."""

    institute: InstitutePart = Field(InstitutePart(), description="펴내는 기관.")
    timezone: Zone = Field("Asia/Seoul", description="따로 적지 않은 소스의 시간대.")
    fetch: FetchPart = Field(FetchPart(), description="수집 규칙.")
    store: StorePart = Field(StorePart(), description="저장소.")
    output: OutputPart = Field(OutputPart(), description="만든 것을 두는 곳.")
    run: RunPart = Field(RunPart(), description="하룻밤 작업.")
    environment: Slug = Field("production", description="설치 이름. 시험용 설치가 실제로 보내지 않게 합니다.")
    report: ReportPart | None = Field(None, description="밤 작업 보고를 운영 담당자에게 보내는 길.")
    digests: tuple[DigestPart, ...] | None = Field(None, description="소식지. 비우면 날마다 하나.")
    channels: tuple[ChannelPart, ...] | None = Field(
        None, description="채널. 비우면 website, kakao, newsletter 세 가지."
    )


class ExpectPart(Part):
    """What an editor expects of a source."""

    min_items: int = Field(0, ge=0, le=p.limits.ITEMS_PER_FETCH, description="목록에 적어도 있어야 할 글 수.")
    cadence: Span | None = Field(None, description="이 기간 동안 새 글이 없으면 알립니다. 예: 7d")
    required: FieldNames = Field((), description="모든 글에 있어야 할 항목. 예: title, url, published")
    max_new: int = Field(
        0,
        ge=0,
        le=p.limits.ITEMS_PER_FETCH,
        description="하룻밤에 이만큼까지는 새 글이어도 보류하지 않습니다. 강좌가 한꺼번에 열리는 곳에 씁니다.",
    )


class LimitsPart(Part):
    """Limits of one source."""

    items: int | None = Field(None, ge=1, le=p.limits.ITEMS_PER_FETCH, description="한 번에 읽을 글 수.")
    pages: int | None = Field(None, ge=1, le=p.limits.PAGES_PER_SOURCE, description="한 번에 읽을 목록 쪽수.")
    bytes: Size | None = Field(None, description="문서 하나의 최대 크기. 예: 10MB")
    timeout: Span | None = Field(None, description="요청 하나의 제한 시간. 예: 30s")
    deadline: Span | None = Field(None, description="이 소스 전체의 제한 시간. 예: 90s")


class TlsPart(Part):
    """TLS exceptions, each spelled out."""

    ca_file: str | None = Field(None, min_length=1, description="중간 인증서 파일(PEM).")
    seclevel: int | None = Field(None, ge=1, le=5, description="OpenSSL 보안 단계. 기본 2.")
    legacy_renegotiation: bool = Field(default=False, description="오래된 서버(RFC 5746 없음)를 허용합니다.")


class CommonPart(Part):
    """Keys a whole file may give its sources, and each source for itself. Absent is ``None``."""

    kind: str | None = Field(None, min_length=1, description="소스 종류.")
    preset: str | None = Field(
        None,
        min_length=1,
        description="게시판 프로그램의 이름. 선택자를 한꺼번에 정하며, 소스에 적은 항목이 우선합니다.",
    )
    agency: OneLine | None = Field(None, min_length=1, description="기관이나 부서 이름.")
    department: OneLine | None = Field(None, description="담당 부서.")
    licence: Licence | None = Field(None, description="이용 조건. 공공누리 제1유형은 kogl-1.")
    topics: TextList | None = Field(None, description="주제.")
    language: str | None = Field(None, pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", description="글의 언어. 예: ko")
    timezone: Zone | None = Field(None, description="시간대. 예: Asia/Seoul")
    enabled: bool | None = Field(None, description="false면 수집하지 않습니다.")
    note: str | None = Field(None, description="사람을 위한 메모. 꺼 둔 까닭과 물어볼 곳을 적습니다.")
    learned_from: str | None = Field(None, description="이 주소를 어디서 알았는지.")
    backfill: BackfillText | None = Field(None, description="처음 수집할 때 알릴 글: none, last N, since 날짜.")
    expect: ExpectPart | None = Field(None, description="이 소스에 바라는 것. 어긋나면 알립니다.")
    limits: LimitsPart | None = Field(None, description="이 소스의 한도.")
    repair: Literal["ask", "auto"] | None = Field(
        None, description="목록의 모양이 바뀌었을 때: ask 사람에게 묻기(기본), auto 확실하면 선택자를 스스로 고치기."
    )
    robots: RobotsText | None = Field(None, description="robots.txt를 지킬지(obey), 주인이 허락했는지.")
    tls: TlsPart | None = Field(None, description="TLS 예외.")
    headers: Headers | None = Field(None, description="덧붙일 요청 머리글. 비밀값은 쓸 수 없습니다.")
    images: bool | None = Field(
        None, description="새 글의 대표 그림을 받을지. 적지 않으면 moa.yaml의 fetch.images를 따릅니다."
    )


class SourcePart(CommonPart):
    """Common keys of one source."""

    id: Slug = Field(description="소스의 짧은 영문 이름. 모든 파일에서 하나뿐이며, 주소가 바뀌어도 그대로 둡니다.")
    name: OneLine = Field(min_length=1, description="사람이 읽는 이름.")
    url: WebUrl | None = Field(None, description="웹 주소.")
    formerly: Slugs | None = Field(
        None, description="이 소스로 합쳐진 예전 소스의 id. 거기서 이미 알린 글은 다시 알리지 않습니다."
    )


class FilePart(CommonPart):
    """Top of one file in ``config/sources/``."""

    sources: object = Field((), description="이 파일의 소스 목록.")


COMMON_KEYS = frozenset(SourcePart.model_fields)
