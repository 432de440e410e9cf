"""Refuses secrets that stand in YAML, and addresses with a login in them (P59).

What does not live here: where values come from (``secrets.py``). No message here ever repeats a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pipeline.i18n import _
from pipeline.settings.yamlfile import Mark, Row, Table, YamlFile

_NAME: Final = re.compile(r"[A-Z][A-Z0-9_]{2,63}\Z")
_SECRET_KEY: Final = re.compile(
    r"(?:^|[_-])(?:password|passwd|pwd|token|secret|api_?key|access_?key|private_?key|service_?key)\Z", re.IGNORECASE
)
_URL_LOGIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/\s?#@]*:[^/\s?#@]+@")
_URL_KEY: Final = re.compile(
    r"[?&](?:service_?key|api_?key|access_?token|auth_?key|crtfc_key|client_secret)=[^&#{]{8,}", re.IGNORECASE
)
_LOOKS: Final = re.compile(r"AIza[0-9A-Za-z_-]{35}|-----BEGIN [A-Z ]*PRIVATE KEY-----|gh[pousr]_[A-Za-z0-9]{30,}")


def refuse_values(file: YamlFile) -> None:
    """Note every value of a file that looks like a secret itself, or an address with a login in it."""
    if not isinstance(file.root, Table | Row):
        return
    for key, value, mark in _leaves(file.root, ""):
        if _URL_LOGIN.search(value) or _URL_KEY.search(value):
            text = _("'{key}' 주소에 사용자 이름·비밀번호나 인증키가 들어 있습니다.").format(key=key)
            file.add(mark, "url-cred", text, _("비밀값은 환경 변수나 .env 파일에 두고 주소에서 지우세요."))
        elif _LOOKS.search(value) or (_SECRET_KEY.search(key) and not _NAME.match(value)):
            text = _("'{key}' 항목에 비밀값으로 보이는 글자가 있습니다.").format(key=key)
            fix = _("값은 .env에 `MY_SECRET=값`으로 두고, 여기에는 `{key}: MY_SECRET`처럼 이름만 쓰세요.")
            file.add(mark, "secret-in-yaml", text, fix.format(key=key))


def _leaves(node: Table | Row, key: str) -> Iterator[tuple[str, str, Mark]]:
    pairs = node.items() if isinstance(node, Table) else ((key, value) for value in node)
    marks = node.values_at.values() if isinstance(node, Table) else node.values_at
    for (name, value), mark in zip(pairs, marks, strict=True):
        if isinstance(value, str):
            yield name, value, mark
        else:
            yield from _leaves(value, name)
