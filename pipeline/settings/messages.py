"""Turns pydantic's error kinds into sentences for editors: what is wrong, and what to write instead.

What does not live here: finding the line (``checking.py``), mistakes of YAML form (``yamlfile.py``).
Korean first; English comes from the catalogue through ``_``. No sentence repeats a value that may be a secret.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from pipeline.i18n import _

_LIST: Final = ("'{key}' 항목에는 목록을 써야 합니다.", "한 줄에 하나씩 `- 값`으로 쓰세요.")
_MAP: Final = ("'{key}' 항목 아래에는 `이름: 값`을 써야 합니다.", "다음 줄에 들여 써서 `이름: 값`으로 쓰세요.")
_INT: Final = ("'{key}' 항목에는 정수를 써야 합니다.", "예: 10")
_NUMBER: Final = ("'{key}' 항목에는 숫자를 써야 합니다.", "예: 1.5")
_TEXT: Final = ("'{key}' 항목에는 글자 한 줄을 써야 합니다.", "`{key}: 값`처럼 같은 줄에 쓰세요.")
_BOOL: Final = ("'{key}' 항목에는 true 또는 false를 써야 합니다.", "`{key}: true` 또는 `{key}: false`로 쓰세요.")
_DATE: Final = ("'{key}' 항목에는 날짜를 써야 합니다.", "예: 2026-11-23")
_TIME: Final = ("'{key}' 항목에는 시각을 써야 합니다.", "예: 08:00")
_URL: Final = ("'{key}' 항목에는 웹 주소를 써야 합니다.", "http:// 또는 https://로 시작하는 주소를 쓰세요.")

_EXACT: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("'{key}' 항목이 빠졌습니다.", "`{key}: …` 줄을 더하세요."),
    "extra_forbidden": ("'{key}' 항목은 없습니다.", ""),
    "web_url": _URL,
    "url_cred": (
        "'{key}' 주소에 사용자 이름이나 비밀번호가 들어 있습니다.",
        "비밀값은 환경 변수나 .env 파일에 두고 주소에서 지우세요.",
    ),
    "slug": (
        "'{key}' 항목에는 짧은 영문 이름을 써야 합니다.",
        "영문 소문자·숫자·-·_ 64자까지, 소문자나 숫자로 시작합니다. 예: lifelong-notice",
    ),
    "zone": ("'{key}' 항목의 시간대를 알 수 없습니다.", "예: Asia/Seoul"),
    "pattern": ("'{key}' 항목의 정규식이 올바르지 않습니다.", "괄호와 역슬래시(\\)를 확인하세요."),
    "selector": ("'{key}' 항목의 CSS 선택자가 올바르지 않습니다.", "예: table.board tbody tr, td.subject a"),
    "secret_name": (
        "'{key}' 항목에는 비밀값이 아니라 환경 변수의 이름을 써야 합니다.",
        "값은 .env에 `MY_SECRET=값`으로 두고, 여기에는 `{key}: MY_SECRET`처럼 이름만 쓰세요.",
    ),
    "duration": ("'{key}' 항목의 시간을 읽을 수 없습니다.", "예: 30, 30s, 5m, 2h, 7d"),
    "size": ("'{key}' 항목의 크기를 읽을 수 없습니다.", "예: 500KB, 10MB"),
    "window": ("'{key}' 항목의 보내는 시간을 읽을 수 없습니다.", '예: "08:00-20:40", 제한이 없으면 always'),
    "approval": ("'{key}' 항목을 읽을 수 없습니다.", "auto, manual, auto-after 2h 가운데 하나로 쓰세요."),
    "backfill": ("'{key}' 항목을 읽을 수 없습니다.", "none, last 10, since 2026-01-01 가운데 하나로 쓰세요."),
    "schedule": ("'{key}' 항목의 요일을 읽을 수 없습니다.", "daily 또는 mon, tue, wed, thu, fri, sat, sun을 쓰세요."),
    "robots": (
        "'{key}' 항목을 읽을 수 없습니다.",
        '`robots: obey` 또는 다음 줄에 들여 써서 `owner-permission: "누가, 언제"`로 쓰세요.',
    ),
    "permission": (
        "owner-permission에는 누가 언제 허락했는지를 적어야 합니다.",
        '예: owner-permission: "홍보담당관 홍길동, 2026-11-01 전화"',
    ),
    "required_field": ("'{key}' 항목에 모르는 이름이 있습니다: {name}", "쓸 수 있는 이름: {known}"),
    "host": ("'{key}' 항목에는 호스트나 호스트:포트를 써야 합니다.", "예: 127.0.0.1:8000"),
    "header": (
        "'{key}' 항목의 머리글 이름이나 값이 올바르지 않습니다.",
        "이름은 영문·숫자·-, 값은 한 줄의 영문으로 쓰세요.",
    ),
    "secret_header": (
        "'{key}' 머리글에는 비밀값이 들어가므로 YAML에 쓸 수 없습니다.",
        "비밀값이 필요한 곳은 그 소스 종류의 환경 변수 항목을 쓰세요.",
    ),
    "one_line": ("'{key}' 항목에는 줄바꿈이나 제어 문자 없이 한 줄로 써야 합니다.", ""),
    "ascii": ("'{key}' 항목에는 영문·숫자·기호만 쓸 수 있습니다.", "한글은 빼고 쓰세요."),
    "tag_authority": (
        "'{key}' 항목은 `도메인,연도` 꼴이어야 합니다.",
        "예: learn.example.go.kr,2026 (한 번 정하면 바꾸지 않습니다)",
    ),
    "title_field": ("'{key}' 제목에 모르는 칸이 있습니다: {name}", "{{institute}}와 {{date}}만 쓸 수 있습니다."),
    "one_list": ("받는 사람을 적지 않았거나 두 곳에 적었습니다.", "recipients와 recipients_url 가운데 하나만 쓰세요."),
    "list_query": (
        "recipients_url과 recipients_query는 함께 써야 합니다.",
        "예: recipients_query: SELECT email, name FROM subscribers",
    ),
    "store_both": ("url과 url_env를 함께 쓸 수 없습니다.", "하나만 남기세요."),
    "store_url": (
        "'{key}' 항목은 sqlite:/// 또는 postgresql:// 로 시작해야 합니다.",
        "예: sqlite:///output/moa.db",
    ),
    "literal_error": ("'{key}' 항목에 쓸 수 없는 값입니다.", "{expected} 가운데 하나로 쓰세요."),
    "enum": ("'{key}' 항목에 쓸 수 없는 값입니다.", "{expected} 가운데 하나로 쓰세요."),
    "greater_than": ("'{key}' 항목은 {gt}보다 커야 합니다.", ""),
    "greater_than_equal": ("'{key}' 항목은 {ge} 이상이어야 합니다.", ""),
    "less_than": ("'{key}' 항목은 {lt}보다 작아야 합니다.", ""),
    "less_than_equal": ("'{key}' 항목은 {le} 이하여야 합니다.", ""),
    "multiple_of": ("'{key}' 항목은 {multiple_of}의 배수여야 합니다.", ""),
    "string_too_short": ("'{key}' 항목은 {min_length}자 이상이어야 합니다.", ""),
    "string_too_long": ("'{key}' 항목은 {max_length}자까지 쓸 수 있습니다.", ""),
    "string_pattern_mismatch": ("'{key}' 항목의 꼴이 다릅니다.", "정규식 {pattern}에 맞게 쓰세요."),
    "string_not_ascii": ("'{key}' 항목에는 영문·숫자·기호만 쓸 수 있습니다.", ""),
    "too_short": ("'{key}' 항목에는 {min_length}개 이상 있어야 합니다.", ""),
    "too_long": ("'{key}' 항목에는 {max_length}개까지 쓸 수 있습니다.", ""),
    "finite_number": ("'{key}' 항목에는 끝이 있는 숫자를 써야 합니다.", ""),
    "union_tag_invalid": ("'{key}' 항목에 쓸 수 없는 값입니다.", "{expected_tags} 가운데 하나로 쓰세요."),
}
_BY_START: Final = (
    (("int_", "bytes_invalid"), _INT),
    (("float_", "decimal_", "complex_"), _NUMBER),
    (("bool_",), _BOOL),
    (("date_", "datetime_", "timezone_"), _DATE),
    (("time_", "time_delta_"), _TIME),
    (("list_", "tuple_", "set_", "frozen_set_", "iter", "set_item"), _LIST),
    (("dict_", "mapping_", "model_", "dataclass_", "typed_dict", "named_tuple", "arguments"), _MAP),
    (("string_", "bytes_", "is_instance"), _TEXT),
    (("url_",), _URL),
)


def sentence(error: Mapping[str, Any], key: str, known: Iterable[str] = ()) -> tuple[str, str, str]:
    """Return ``(code, message, fix)`` for one entry of ``ValidationError.errors()``.

    Args:
        error: With ``type``, ``msg`` and ``ctx``.
        key: The key as the editor knows it.
        known: Keys that would be valid at this place, for the suggestion.
    """
    kind = str(error["type"])
    template = _EXACT.get(kind) or next((pair for starts, pair in _BY_START if kind.startswith(starts)), None)
    code = {"missing": "missing-key", "extra_forbidden": "unknown-key"}.get(kind, kind.replace("_", "-"))
    if template is None:
        return code, *_foreign(error, key)
    words = {**{k: str(v) for k, v in (error.get("ctx") or {}).items()}, "key": key}
    words = {k: re.sub(r"' or '|', '", ", ", v).strip("'") if k == "expected" else v for k, v in words.items()}
    message, fix = (_fill(_(text), words) if text else "" for text in template)
    if kind == "extra_forbidden":
        fix = nearest(key, known)
    return code, message, fix


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a suggestion sentence: the nearest known word, or the list of them."""
    words = sorted(known)
    near = difflib.get_close_matches(word.lower().replace("_", "-"), [w.replace("_", "-") for w in words], 1, 0.6)
    if near:
        match = next(w for w in words if w.replace("_", "-") == near[0])
        return _("혹시 '{word}'인가요?").format(word=match)
    return _("쓸 수 있는 이름: {words}").format(words=", ".join(words)) if words else ""


def _fill(text: str, words: Mapping[str, str]) -> str:
    """``str.format`` that leaves what it does not know: a plugin's own error may carry other words."""
    filled = re.sub(r"(?<!\{)\{(\w+)\}(?!\})", lambda m: words.get(m[1], m[0]), text)
    return filled.replace("{{", "{").replace("}}", "}")


def _foreign(error: Mapping[str, Any], key: str) -> tuple[str, str]:
    """A plugin's own check: its words, if they are sentences for people."""
    said = str(error.get("msg", "")).removeprefix("Value error, ").removeprefix("Assertion failed, ")
    if re.search(r"[가-힣]", said):
        return said, ""
    if not key:
        return _("항목들이 서로 맞지 않습니다."), said
    return _("'{key}' 항목의 값이 올바르지 않습니다.").format(key=key), said
