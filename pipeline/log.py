"""Structured log lines: one event, one line, English, with run, source, digest and delivery bound once.

What does not live here: the morning report and anything a person is meant to read (``report.py``, ``cli/``).
structlog is imported when the first line is written, so that a quiet night does not pay for it. Secrets are replaced
by value and addresses are masked on every line (P42, P72); control characters are escaped (P38).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, MutableMapping
from typing import Any

_secrets: tuple[str, ...] = ()
_level = 30  # WARNING, as in the standard library
# Patterns as text: ``re`` compiles each when the first line is written, and keeps it.
_MAIL = r"([\w.+-])[\w.+-]*@([\w-])[\w.-]*"
_PHONE = r"(?<!\d)(\+?82[- ]?1\d|01\d)[- ]?\d{3,4}[- ]?(\d{4})(?!\d)"
# Controls, and what nobody sees but terminals obey: zero-width, bidi marks, line and paragraph separators (P38, P39).
_CONTROL = r"[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]"


def configure(*, level: int = 30, secrets: Iterable[str] = ()) -> None:
    """Set the least level (10 debug … 40 error) and the secret values that must never appear."""
    global _secrets, _level  # noqa: PLW0603 - one process, one log
    _level = level
    forms = {form for s in secrets if len(s) >= 4 for form in _forms(s)}
    _secrets = tuple(sorted(forms, key=lambda form: (-len(form), form)))


def _forms(secret: str) -> Iterator[str]:
    """How others may echo a value: as it is, in an address, in markup, in JSON."""
    yield secret
    if "://" in secret:  # an address with a login: its password alone says enough
        from urllib.parse import urlsplit  # noqa: PLC0415

        yield from (word for word in (urlsplit(secret).password,) if word)
    if not (secret.isascii() and secret.isalnum()):
        import html  # noqa: PLC0415 - most keys are plain
        import json  # noqa: PLC0415
        from urllib.parse import quote, quote_plus, unquote  # noqa: PLC0415

        yield from (quote(secret), quote(secret, safe=""), quote_plus(secret), unquote(secret))
        yield from (html.escape(secret), html.escape(secret, quote=False))
        yield from (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1])


def secrets() -> tuple[str, ...]:
    """Return every form of every secret value, longest first: what no output may hold (P42)."""
    return _secrets


def hide(text: str) -> str:
    """Return the text without secret values; nothing else changes."""
    for secret in _secrets:
        if secret in text:
            text = text.replace(secret, "[secret]")
    return text


def redact(text: str) -> str:
    """Return the text with secret values, mail addresses and mobile numbers masked and control characters escaped."""
    text = hide(text)
    if "@" in text:
        text = re.sub(_MAIL, r"\1***@\2***", text)
    text = re.sub(_PHONE, r"\1-****-\2", text)
    return re.sub(_CONTROL, _escaped, text)


def _escaped(found: re.Match[str]) -> str:
    number = ord(found[0])
    return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}"


def _redact_event(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = redact(value)
    return event


class Logger:
    """A named logger; ``bind`` gives one that carries more context."""

    __slots__ = ("_context",)

    def __init__(self, **context: Any) -> None:
        self._context = context

    def bind(self, **context: Any) -> Logger:
        """Return a logger with this context on every line."""
        return Logger(**{**self._context, **context})

    def debug(self, event: str, **context: Any) -> None:
        """For whoever repairs moa."""
        self._write(10, "debug", event, context)

    def info(self, event: str, **context: Any) -> None:
        """What happened, in numbers."""
        self._write(20, "info", event, context)

    def warning(self, event: str, **context: Any) -> None:
        """Something a person may want to look at."""
        self._write(30, "warning", event, context)

    def error(self, event: str, **context: Any) -> None:
        """Something failed; the traceback of ``error=`` is added at debug level."""
        self._write(40, "error", event, context)

    def _write(self, number: int, level: str, event: str, context: dict[str, Any]) -> None:
        if number < _level:
            return
        import structlog  # noqa: PLC0415 - only where there is something to say

        logger = structlog.wrap_logger(
            structlog.PrintLogger(file=sys.stderr),
            processors=[
                structlog.processors.format_exc_info,
                _redact_event,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], bool_as_flag=False),
            ],
        )
        words = {k: str(v) if not isinstance(v, int | float | str | bool) else v for k, v in context.items()}
        getattr(logger, level)(event, level=level, **self._context, **words)


def get(name: str) -> Logger:
    """Return the logger of one room."""
    return Logger(room=name)
