"""What a plugin's options are made of: a strict pydantic base and the YAML field types.

What does not live here: reading YAML or sentences for editors (``settings/``).
Every scalar arrives as text (ADR-0009); these types say what it means. This is the only file of the model that
knows pydantic (ADR-0005), and it is loaded only when a plugin's options are.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError


class Options(BaseModel):
    """Base of every plugin's options: unknown keys are errors, values are frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, arbitrary_types_allowed=True)


class RendererOptions(Options):
    """Base of every renderer's options.

    Attributes:
        templates_dir: Folder whose templates win over the built-in ones; filled in by settings, absolute.
    """

    templates_dir: str = ""


class Secret:
    """A secret by name: the value comes from the environment and never prints.

    Attributes:
        name: Environment variable.
        value: Its value, ``""`` when the environment has none.
    """

    __slots__ = ("name", "value")

    def __init__(self, name: str, value: str = "") -> None:
        self.name = name
        self.value = value

    def __repr__(self) -> str:
        return f"Secret({self.name})"

    __str__ = __repr__

    def __bool__(self) -> bool:
        return bool(self.value)

    def __reduce__(self) -> tuple[type[Secret], tuple[str]]:
        """Pickled without its value: parse workers and caches never hold a secret."""
        return (Secret, (self.name,))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and (other.name, other.value) == (self.name, self.value)

    def __hash__(self) -> int:
        return hash((self.name, self.value))


_ENV_NAME = re.compile(r"[A-Z][A-Z0-9_]{2,63}\Z")


def _secret(value: Any, info: ValidationInfo) -> Secret:
    if isinstance(value, Secret):
        return value
    if not isinstance(value, str) or not _ENV_NAME.match(value):
        raise PydanticCustomError("secret_name", "not the NAME of an environment variable")
    environment = (info.context or {}).get("environment", {})
    return Secret(value, str(environment.get(value, "")))


def _web_url(value: str) -> str:
    try:
        parts = urlsplit(value)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise PydanticCustomError("web_url", "not an http(s) address") from error
    if parts.scheme not in ("http", "https") or not host or any(c.isspace() for c in value):
        raise PydanticCustomError("web_url", "not an http(s) address")
    if parts.username or parts.password:
        raise PydanticCustomError("url_cred", "an address with a user name or password")
    return value


def _slug(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", value):
        raise PydanticCustomError("slug", "not a short name of a-z, 0-9, - and _")
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        raise PydanticCustomError("zone", "not an IANA time zone") from error
    return value


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise PydanticCustomError("pattern", "not a regular expression: {why}", {"why": str(error)}) from error
    return value


def _project_path(value: str, info: ValidationInfo) -> str:
    """A relative path is relative to the project folder, whatever the current directory of cron is (P67)."""
    project = str((info.context or {}).get("project", ""))
    path = PurePath(value)
    return str(path if path.is_absolute() or not project else PurePath(project) / path)


def _listed(value: Any) -> Any:
    """A single text stands for a list of one; editors forget the dash."""
    return [value] if isinstance(value, str) else value


WebUrl = Annotated[str, AfterValidator(_web_url)]
ProjectPath = Annotated[str, AfterValidator(_project_path)]
Slug = Annotated[str, AfterValidator(_slug)]
Zone = Annotated[str, AfterValidator(_zone)]
Pattern = Annotated[str, AfterValidator(_pattern)]
SecretName = Annotated[Secret, BeforeValidator(_secret)]
TextList = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Slugs = Annotated[tuple[Slug, ...], BeforeValidator(_listed)]


class PeopleOptions(Options):
    """Base of the options of transports that send to people one by one: who receives, and the key of their hashes.

    Attributes:
        recipients: CSV file (UTF-8 or CP949) with a heading line.
        recipients_url: Database the list is in; with ``recipients_query`` instead of a file.
        recipients_query: A SELECT whose columns are named as the CSV's.
        token_key: Key of hashes and unsubscribe tokens; without it the store keeps one of its own.
        bounces: Definite refusals of an address after which it is suppressed.
    """

    recipients: ProjectPath | None = Field(
        default=None,
        description="받는 사람 CSV 파일(UTF-8, CP949). 첫 줄에 열 이름이 있어야 합니다: email(전자우편)·phone(휴대전화), name(이름), agreed_at(동의일), agreed_by(동의 경로), night(야간 동의)",
        examples=["private/subscribers.csv"],
    )
    recipients_url: SecretName | None = Field(
        default=None, description="받는 사람이 든 데이터베이스 주소의 환경 변수", examples=["MOA_PEOPLE_URL"]
    )
    recipients_query: str = Field(
        default="",
        description="받는 사람을 고르는 SELECT 문. 열 이름은 CSV와 같습니다",
        examples=["SELECT email, name, agreed_at FROM subscribers WHERE active"],
    )
    token_key: SecretName | None = Field(
        default=None,
        description="받는 사람의 해시와 수신 거부 값을 만드는 열쇠의 환경 변수. 한번 정하면 바꾸지 마세요",
        examples=["MOA_TOKEN_KEY"],
    )
    bounces: int = Field(
        default=2, ge=1, le=20, description="없는 주소라는 답이 이만큼 오면 다시 보내지 않습니다", examples=["2"]
    )

    @model_validator(mode="after")
    def _one_list(self) -> PeopleOptions:
        if bool(self.recipients) == bool(self.recipients_url):
            raise PydanticCustomError("one_list", "either a file or a database")
        if bool(self.recipients_url) != bool(self.recipients_query.strip()):
            raise PydanticCustomError("list_query", "a database needs a query")
        return self


__all__ = [
    "Options",
    "Pattern",
    "PeopleOptions",
    "ProjectPath",
    "RendererOptions",
    "Secret",
    "SecretName",
    "Slug",
    "Slugs",
    "TextList",
    "WebUrl",
    "Zone",
    "model_validator",
]
