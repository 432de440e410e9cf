"""Reads a list of people: a CSV of the office or a SELECT, whatever its columns are called; each person once.

What does not live here: refusals and the ledger (``people``). Lists stay where the operator keeps them; nothing of them is
stored but keyed hashes. Source: reliability P52, P72; korea §2 (law).
"""

from __future__ import annotations

import csv
import hmac
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

import pipeline.model as p
from pipeline.i18n import _
from pipeline.text.addresses import mail_address, mobile_number

Address = Literal["email", "phone"]
_SEOUL: Final = ZoneInfo("Asia/Seoul")
_COLUMNS: Final[Mapping[str, str]] = {
    word: column
    for column, words in {
        "email": "email mail emailaddress 이메일 이메일주소 전자우편 전자우편주소 메일 메일주소",
        "phone": "phone mobile cellphone tel 휴대전화 휴대전화번호 휴대폰 휴대폰번호 핸드폰 핸드폰번호 전화번호 연락처",
        "name": "name 이름 성명 성함 받는사람 수신자 구독자",
        "agreed_at": "agreedat consentat consentedat consent 동의일 동의일시 동의일자 동의날짜 수신동의일 신청일 구독일 가입일",
        "agreed_by": "agreedby consentsource source 동의경로 가입경로 신청경로 경로",
        "night": "night nightconsent 야간 야간동의 야간수신 야간수신동의 야간광고동의",
        "refused": "refused unsubscribed optout 수신거부 거부 해지 탈퇴 구독해지",
        "agreed": "agreed subscribed 동의 동의여부 수신동의 수신동의여부 구독 구독여부",
    }.items()
    for word in words.split()
}
_NO: Final = frozenset(["", "0", "n", "no", "false", "f", "x", "아니오", "아니요", "미동의", "거부", "없음", "부"])
_STAMP: Final = re.compile(r"(\d{4})\s*[-./년]\s*(\d{1,2})\s*[-./월]\s*(\d{1,2})(?:\D{1,12}(\d{1,2}):(\d{2}))?")


@dataclass(frozen=True, slots=True)
class Key:
    """The key of all hashes of people.

    Attributes:
        id: Names the key without telling it.
    """

    value: bytes

    @property
    def id(self) -> str:
        """Return 12 hex digits."""
        return hmac.digest(self.value, b"moa key id", "sha256").hex()[:12]

    def token(self, address: str) -> str:
        """Return the person's opaque word for unsubscribe addresses: 160 bits, unforgeable without the key.

        ``Hong@`` and ``hong@`` are one person: no server in use tells them apart, and a refusal must not depend on it.
        """
        return hmac.digest(self.value, b"person\0" + address.lower().encode(), "sha256").hex()[:40]


def hash_of(token: str) -> str:
    """Return the hash the store knows a person by; from it the token cannot be made."""
    return sha256(token.encode()).hexdigest()[:40]


def people(rows: Iterable[Mapping[str, Any]], address: Address, key: Key) -> Iterator[p.Person]:
    """Yield each person of a list once, in its order; who has no such address or says no is left out (P52).

    Args:
        rows: By column name, as the list has it (Korean or English).
        address: Whether the e-mail address or the phone number counts.
        key: Of hashes and tokens.
    """
    read: Callable[[str], str] = mail_address if address == "email" else mobile_number
    seen: set[str] = set()
    names: dict[Any, str] = {}
    for row in rows:
        told: dict[str, Any] = {}
        for heading, cell in row.items():
            if heading not in names:
                names[heading] = _column(heading)
            if cell not in (None, "") and names[heading]:
                told.setdefault(names[heading], cell)
        where = read(str(told.get(address, "")))
        if not where or where.lower() in seen or _says(told, "refused") or _says_no(told):
            continue
        seen.add(where.lower())
        token = key.token(where)
        yield p.Person(
            hash=hash_of(token),
            token=token,
            address=where,
            name=" ".join(str(told.get("name", "")).split())[:40],
            agreed_at=_instant(told.get("agreed_at")),
            agreed_by=str(told.get("agreed_by", "")).strip(),
            at_night=_says(told, "night"),
        )


def csv_rows(file: str, address: Address) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV by heading: UTF-8 or what Excel in Korea saves, comma, semicolon or tab.

    Raises:
        DeliveryError: The file cannot be read, or has no column of addresses.
    """
    try:
        raw = Path(file).read_bytes()
    except OSError as error:
        raise _unreadable(file) from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = raw.decode("cp949")
        except UnicodeDecodeError as error:
            raise _unreadable(file) from error
    heading = text.partition("\n")[0]
    mark = max(",;\t", key=heading.count)
    reader = csv.DictReader(text.splitlines(keepends=True), delimiter=mark)
    try:
        headings = reader.fieldnames or ()
        if address not in {_column(h) for h in headings}:
            column = {"email": _("이메일(email)"), "phone": _("휴대전화(phone)")}[address]
            message = _("받는 사람 파일에 {column} 열이 없습니다: {file}").format(column=column, file=file)
            raise p.DeliveryError(message, code="recipients")
        yield from reader
    except csv.Error as error:
        raise _unreadable(file) from error


def _column(heading: Any) -> str:
    return _COLUMNS.get(re.sub(r"[\s_\-·()]", "", str(heading or "")).casefold(), "")


def _says(told: Mapping[str, Any], column: str) -> bool:
    value = told.get(column)
    return value is not None and str(value).strip().casefold() not in _NO


def _says_no(told: Mapping[str, Any]) -> bool:
    """A list that says of each person whether they agreed, and says no here."""
    value = told.get("agreed", told.get("agreed_at"))
    return value is not None and str(value).strip().casefold() in _NO


def _instant(value: Any) -> datetime | None:
    """Return when somebody agreed: a database's own time, or a text; a date alone is that day's beginning in Seoul."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=_SEOUL)).astimezone(UTC)
    if isinstance(value, date):
        return datetime.combine(value, time(), _SEOUL).astimezone(UTC)
    found = _STAMP.search(str(value or ""))
    if found is None:
        return None
    year, month, day, hour, minute = (int(part) if part else 0 for part in found.groups())
    try:
        return datetime(year, month, day, hour, minute, tzinfo=_SEOUL).astimezone(UTC)
    except ValueError:
        return None


def _unreadable(file: str) -> p.DeliveryError:
    message = _("받는 사람 파일을 읽지 못했습니다: {file}").format(file=file)
    return p.DeliveryError(message, code="recipients")
