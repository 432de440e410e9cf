"""data.go.kr's ways: how its key is written, what its answers look like, and what its odd errors mean.

What does not live here: any one API (``opendata``, ``kmooc``). Its gateway answers errors as XML with status 200 even
where JSON was asked for. The key must travel in the address, so no validator, redirect or document ever keeps that one.
Source: korea §4 "National APIs".
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias
from urllib.parse import unquote, urlencode
from zoneinfo import ZoneInfo

import pipeline.model as p
from pipeline.i18n import _

Row: TypeAlias = dict[str, Any]

KEY_NAME: Final = "MOA_DATA_GO_KR_KEY"
_SEOUL: Final = ZoneInfo("Asia/Seoul")
_CODE: Final = re.compile(r"<(?:returnReasonCode|resultCode)>\s*(?:<!\[CDATA\[)?\s*(\w{1,20})", re.IGNORECASE)
_WORD: Final = re.compile(r"<(?:returnAuthMsg|errMsg|resultMsg)>\s*(?:<!\[CDATA\[)?\s*([\w .:-]{1,100})", re.IGNORECASE)
_ESCAPED: Final = re.compile(r"%[0-9A-Fa-f]{2}")
_GOOD: Final = frozenset(["00", "0", "0000", "000", "INFO-000"])
_NO_DATA: Final = frozenset(["03", "INFO-200"])
_LATER: Final = frozenset(["01", "02", "04", "05", "99"])
_QUOTA: Final = frozenset(["22"])
_KEY: Final = frozenset(["30", "31", "33"])
_QUOTA_WORDS: Final = re.compile(r"LIMITED_NUMBER_OF_SERVICE_REQUESTS|quota exceeded", re.IGNORECASE)
_KEY_WORDS: Final = re.compile(r"SERVICE_?KEY|UNREGISTERED_KEY|DEADLINE_HAS_EXPIRED|^\s*unauthorized", re.IGNORECASE)
_LOOK: Final = 2000
_ENOUGH: Final = 10_000  # members looked at for the list of rows


def key_of(secret: p.Secret) -> str:
    """Return the key as it is before it is written into an address.

    The portal shows an "Encoding" and a "Decoding" form; writing the encoded one again ends in error 30.

    Raises:
        RefusedError: There is no key.
    """
    if not secret:
        text = _("공공데이터포털의 인증키가 없습니다.")
        hint = _("환경 변수 {name}에 인증키를 넣어 주세요.").format(name=secret.name)
        raise p.RefusedError(text, hint=hint, code="no-key")
    return unquote(secret.value) if _ESCAPED.search(secret.value) else secret.value


def ask(
    base: str, secret: p.Secret, parameters: Mapping[str, str | int]
) -> Generator[p.Request, p.Document, p.Document]:
    """Ask one question; nothing is remembered of its address, and it is not led elsewhere.

    Raises:
        SourceError: As ``answer``, or what an error status of the gateway means.
    """
    written = urlencode({"serviceKey": key_of(secret), **parameters})
    request = p.Request(
        url=f"{base}{'&' if '?' in base else '?'}{written}",
        headers=(("Accept", "application/json"),),
        purpose=p.Purpose.API,
        conditional=False,
        follow=False,
        budget=f"data.go.kr:{base}:{secret.name}",  # a day's calls are counted for each API and key
    )
    try:
        document = yield request
        answer(document)
    except p.QuotaError as error:
        error.budget = error.budget or request.budget
        raise
    except p.SourceError as error:
        meaning = translated(error)
        if meaning is error:
            raise
        if isinstance(meaning, p.QuotaError):
            meaning.budget = request.budget
        raise meaning from error
    return document


def answer(document: p.Document) -> dict[str, object] | list[object] | None:
    """Return an answer's JSON; ``None`` where it says that there is no data.

    Raises:
        SourceError: The answer is an error, in JSON or in XML although JSON was asked for.
        ShapeError: ``unreadable``: it is neither.
    """
    try:
        found = json.loads(document.body)
    except (ValueError, RecursionError) as error:
        code, words = _from_markup(document.body)
        if not code and not words:
            raise p.ShapeError(_("공공데이터포털이 알 수 없는 답을 보냈습니다."), code="unreadable") from error
    else:
        members = dict(_members(found))
        code, words = str(members.get("resultCode", "")), str(members.get("resultMsg", ""))
        if not code or code in _GOOD:
            return found if isinstance(found, dict | list) else []
    if code.zfill(2) in _NO_DATA:
        return None
    raise _meaning(code, words, document.fetched_at)


def results_of(document: p.Document) -> Row:
    """Return the one object an answer is about.

    Raises:
        SourceError: As ``answer``.
    """
    found = answer(document)
    results = found.get("results", found) if isinstance(found, dict) else {}
    return results if isinstance(results, dict) else {}


def rows_of(document: p.Document, name: str) -> tuple[list[Row], int | None]:
    """Return an answer's rows and how many there are in all; no data is an empty list.

    Args:
        document: The answer.
        name: A member every row has, by which the list is told from others.

    Raises:
        SourceError: The answer says so, in JSON or XML.
        ShapeError: ``unreadable`` or ``container-missing``: it is no such answer.
    """
    found = answer(document)
    if found is None:
        return [], 0
    members = dict(_members(found))
    rows: object = found if isinstance(found, list) else members.get("items", members.get("item"))
    if isinstance(rows, dict):
        rows = rows.get("item", [])
    if isinstance(rows, dict):
        rows = [rows]
    if rows in ("", None) and "items" in members:
        rows = []  # an empty list is written as an empty text
    if not isinstance(rows, list) or (rows and not any(isinstance(row, dict) and name in row for row in rows)):
        raise p.ShapeError(_("공공데이터포털의 답이 예상한 모양이 아닙니다."), code="container-missing")
    total = str(members.get("totalCount", ""))
    return [row for row in rows if isinstance(row, dict)], int(total) if total.isascii() and total.isdigit() else None


def _members(found: object) -> Iterator[tuple[str, object]]:
    """Yield the members of the answer's own objects (header, body, results), not of its rows; outer ones last, they count."""
    level: list[object] = [found]
    told: list[tuple[str, object]] = []
    for _depth in range(4):
        pairs = [pair for each in level if isinstance(each, dict) for pair in each.items()]
        told = [(str(name), value) for name, value in pairs] + told
        level = [value for name, value in pairs if name in ("response", "header", "body", "results", "cmmMsgHeader")]
        if not level or len(told) > _ENOUGH:
            break
    yield from told


def translated(error: p.SourceError, at: datetime | None = None) -> p.SourceError:
    """Return what an error status of the gateway means; the same error where its body gives no reason."""
    code, words = _from_markup(error.body)
    if not code and not words:
        try:
            members = dict(_members(json.loads(error.body)))
            code, words = str(members.get("resultCode", "")), str(members.get("resultMsg", ""))
        except (ValueError, RecursionError):
            plain = error.body[:_LOOK].decode("utf-8", "replace")
            words = plain if _QUOTA_WORDS.search(plain) or _KEY_WORDS.search(plain) else ""
    return _meaning(code, words, at) if code or words else error


def _from_markup(body: bytes) -> tuple[str, str]:
    text = body[:_LOOK].decode("utf-8", "replace")
    code, word = _CODE.search(text), _WORD.findall(text)
    return code[1] if code else "", " ".join(word)


def _meaning(code: str, words: str, at: datetime | None) -> p.SourceError:
    code = code.zfill(2) if code.isdigit() else code
    why = f"{code} {words}".strip()[:120]
    if code in _QUOTA or _QUOTA_WORDS.search(words):
        text = _("공공데이터포털의 오늘 호출 수를 다 썼습니다.")
        return p.QuotaError(text, until=next_midnight(at) if at else None)
    if code in _KEY or (code not in _LATER and _KEY_WORDS.search(words)):
        text = _("공공데이터포털의 인증키를 쓸 수 없습니다: {why}").format(why=why)
        hint = _("마이페이지에서 인증키와 활용 기간을 확인해 주세요. 새 키는 한두 시간 뒤부터 쓸 수 있습니다.")
        return p.RefusedError(text, hint=hint, code="key-invalid")
    if code in _LATER:
        return p.FetchError(_("공공데이터포털이 답하지 못했습니다: {why}").format(why=why), code="service-fault")
    if code == "12":
        return p.GoneError(_("이 오픈API는 없어졌습니다."), code="no-service")
    hint = _("공공데이터포털에서 활용 신청과 허용된 IP를 확인해 주세요.")
    return p.RefusedError(_("공공데이터포털이 거절했습니다: {why}").format(why=why), hint=hint, code="api-refused")


def next_midnight(at: datetime) -> datetime:
    """Return when the calls of an instant's day are given anew: midnight in Seoul."""
    day = (at.astimezone(_SEOUL) + timedelta(days=1)).date()
    return datetime(day.year, day.month, day.day, tzinfo=_SEOUL)


def told(document: p.Document, base: str, rows: list[Row]) -> p.Document:
    """Return an answer with these rows only, under an address without the key."""
    body = json.dumps({"resultCode": "00", "items": rows}, ensure_ascii=False).encode("utf-8", "replace")
    return replace(document, url=base, requested_url=base, permanent_url=None, body=body)


def said(row: Row, name: str) -> str:
    """Return a field as text, ``""`` when absent."""
    value = row.get(name)
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
