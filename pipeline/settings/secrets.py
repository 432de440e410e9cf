"""Where the values of secrets come from: the environment, or a ``.env`` file beside ``config/`` below it (P59).

What does not live here: the field type (``model.SecretName``), the refusal of values in YAML (``leaks.py``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pipeline.model as p
from pipeline.i18n import _

_LINE: Final = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)\Z")


class Environment(dict[str, str]):
    """Names to values that remembers which names were asked for since ``asked`` was last cleared."""

    def __init__(self, values: Mapping[str, str]) -> None:
        super().__init__(values)
        self.asked: list[str] = []

    def get(self, key: str, default: Any = None) -> Any:
        """Look a name up, as ``model.SecretName`` does."""
        self.asked.append(key)
        return super().get(key, default)


def environment_of(project: Path, environment: Mapping[str, str]) -> tuple[Environment, tuple[p.Problem, ...]]:
    """Return the environment with ``.env`` of the project below it, and notes about that file.

    The caller gives ``{name: value}`` of ``Settings.secret_names`` to ``log.configure``.
    """
    file = project / ".env"
    values: dict[str, str] = {}
    problems: list[p.Problem] = []
    try:
        mode = file.stat().st_mode
        text = file.read_text("utf-8-sig")
    except FileNotFoundError:
        return Environment(environment), ()
    except (OSError, UnicodeDecodeError):
        return Environment(environment), (_note(0, "env-unreadable", _(".env 파일을 읽을 수 없습니다.")),)
    if mode & 0o077:
        fix = _("`chmod 600 .env`로 본인만 읽게 하세요.")
        problems.append(_note(0, "env-mode", _(".env 파일을 다른 사용자도 읽을 수 있습니다."), fix))
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        found = _LINE.match(line.strip())
        if found:
            values[found[1]] = _unquoted(found[2])
        else:
            problems.append(_note(number, "env-line", _("이 줄은 읽지 못했습니다."), _("`이름=값` 꼴로 쓰세요.")))
    return Environment({**values, **environment}), tuple(problems)


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] in "\"'" and (end := value.find(value[0], 1)) > 0:
        return value[1:end]
    return re.sub(r"\s+#.*\Z", "", value)


def _note(line: int, code: str, message: str, fix: str = "") -> p.Problem:
    return p.Problem(file=".env", line=line, column=0, code=code, message=message, fix=fix, severity="note")
