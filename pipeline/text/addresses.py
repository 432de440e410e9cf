"""Addresses of people: e-mail and Korean mobile numbers in one form each, and a form that may be shown.

What does not live here: web addresses (``urls``), lists of people (``deliver``). Pure; ``""`` means: this is none.
"""

from __future__ import annotations

import re
from email.utils import parseaddr
from typing import Final

_ADDRESS: Final = re.compile(r"[^@\s<>,;:\"()\[\]\\]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+\Z")
_PLAIN: Final = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\Z")
_UNSAFE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_MOBILE: Final = re.compile(r"(?:\+?82|0082)?0?(1[016789]\d{7,8})\Z")
_FULL_WIDTH: Final = str.maketrans("０１２３４５６７８９＠．＋－", "0123456789@.+-")


def mail_address(text: str) -> str:
    """Return a plain address with a lower-case ASCII domain, ``""`` when it is none, or more than one.

    The part before ``@`` is the receiving server's business and stays as written; a Korean domain becomes its ``xn--``
    form (RFC 5891). A local part outside ASCII would need SMTPUTF8, which few servers offer: it is none.
    """
    text = text.strip()
    if text.isascii() and _PLAIN.match(text):
        found = text
    else:
        text = text.translate(_FULL_WIDTH).strip()
        found = parseaddr(text)[1]
    if _UNSAFE.search(text) or text.count("@") != found.count("@"):
        return ""
    local, _at, host = found.rpartition("@")
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
    found = f"{local}@{host.lower()}"
    return found if found.isascii() and _ADDRESS.match(found) and len(found) <= 254 and len(local) <= 64 else ""


def mobile_number(text: str) -> str:
    """Return a Korean mobile number in E.164, ``""`` when it is none.

    ``010-1234-5678``, ``+82 10 1234 5678``, ``(010)1234.5678`` and ``1012345678`` (a spreadsheet ate the zero) are one.
    """
    digits = re.sub(r"[\s().\-–·/]", "", text.translate(_FULL_WIDTH))
    found = _MOBILE.match(digits)
    return f"+82{found[1]}" if found else ""


def masked(address: str) -> str:
    """Return an address as people who may see the list are shown it: ``ho**@example.com``, ``010-****-5678`` (P72)."""
    if "@" in address:
        local, _at, host = address.rpartition("@")
        return f"{local[: min(2, len(local) - 1)]}{'*' * max(2, len(local) - 2)}@{host}"
    if address.startswith("+82"):
        return f"0{address[3:5]}-****-{address[-4:]}"
    return "*" * len(address)
