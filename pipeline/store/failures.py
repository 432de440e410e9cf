"""What a database complains about, as one of our errors with a code and a hint.

What does not live here: catching it (``engine``).
"""

from __future__ import annotations

import errno
import sqlite3

import pipeline.model as p
from pipeline.i18n import _

_SQLITE = {  # primary result codes, https://www.sqlite.org/rescode.html
    sqlite3.SQLITE_BUSY: "store-locked",
    sqlite3.SQLITE_LOCKED: "store-locked",
    sqlite3.SQLITE_READONLY: "store-readonly",
    sqlite3.SQLITE_PERM: "store-readonly",
    sqlite3.SQLITE_FULL: "store-full",
    sqlite3.SQLITE_IOERR: "store-io",
    sqlite3.SQLITE_CANTOPEN: "store-unreachable",
    sqlite3.SQLITE_CORRUPT: "store-damaged",
    sqlite3.SQLITE_NOTADB: "store-damaged",
}
_FILES = {
    errno.EACCES: "store-readonly",
    errno.EPERM: "store-readonly",
    errno.EROFS: "store-readonly",
    errno.ENOSPC: "store-full",
    errno.EDQUOT: "store-full",
    errno.EIO: "store-io",
}
_LOST = (
    "OperationalError",
    "PendingRollbackError",
)  # psycopg's before a SQLSTATE, SQLAlchemy's after a lost connection
_POSTGRES = {  # SQLSTATE, https://www.postgresql.org/docs/current/errcodes-appendix.html
    "55P03": "store-locked",
    "40P01": "store-locked",
    "25006": "store-readonly",
    "42501": "store-readonly",
    "53100": "store-full",
    "58030": "store-io",
    "XX001": "store-damaged",
    "XX002": "store-damaged",
}


def store_error(error: BaseException, *, place: str) -> p.StoreError:
    """Return the ``StoreError`` that tells a person what is wrong with the database at ``place``."""
    cause = getattr(error, "orig", None) or error
    code = _code(cause)
    message, hint = _words(code)
    text = str(cause).strip()
    why = text.splitlines()[0][:200] if text else type(cause).__name__
    return p.StoreError(message.format(place=place, why=why), hint=hint, code=code)


def damaged(why: str, *, place: str) -> p.StoreError:
    """Return the error of a file that is no intact database."""
    message, hint = _words("store-damaged")
    return p.StoreError(message.format(place=place, why=why), hint=hint, code="store-damaged")


def _code(cause: BaseException) -> str:
    if isinstance(cause, ImportError):
        return "store-driver"
    if isinstance(cause, OSError):
        return _FILES.get(cause.errno or 0, "store-unreachable")
    number = getattr(cause, "sqlite_errorcode", None)
    if number is not None:
        return _SQLITE.get(number & 0xFF, "store")
    if "file is not a database" in str(cause):
        return "store-damaged"
    state = getattr(cause, "sqlstate", None)
    if state is None:
        return "store-unreachable" if type(cause).__name__ in _LOST else "store"
    return _POSTGRES.get(state, "store-unreachable" if state[:2] in ("08", "57", "28", "3D", "53") else "store")


def _words(code: str) -> tuple[str, str]:
    return {
        "store-locked": (
            _("저장소를 다른 프로그램이 쓰고 있습니다: {place}"),
            _("잠시 뒤 다시 실행해 주세요."),
        ),
        "store-readonly": (
            _("저장소에 쓸 권한이 없습니다: {place}"),
            _("파일과 폴더의 쓰기 권한을 확인해 주세요."),
        ),
        "store-full": (
            _("디스크가 가득 차서 저장하지 못했습니다: {place}"),
            _("디스크 공간을 비운 뒤 다시 실행해 주세요."),
        ),
        "store-io": (
            _("저장소를 읽거나 쓰는 중에 디스크 오류가 났습니다: {place} ({why})"),
            _("디스크 상태를 확인해 주세요."),
        ),
        "store-unreachable": (
            _("저장소를 열 수 없습니다: {place} ({why})"),
            _("저장소 주소와 데이터베이스가 켜져 있는지 확인해 주세요."),
        ),
        "store-damaged": (
            _("저장소 파일이 손상되었습니다: {place} ({why})"),
            _("백업이 있으면 `moa db restore` 로 되돌려 주세요. 손상된 파일은 그대로 두었습니다."),
        ),
        "store-driver": (
            _("PostgreSQL 을 쓰는 데 필요한 psycopg 가 없습니다."),
            _("`pip install 'psycopg[binary]'` 로 설치해 주세요."),
        ),
    }.get(code, (_("저장소에서 오류가 났습니다: {place} ({why})"), ""))
