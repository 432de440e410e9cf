"""What every command shares: its options, the house it opens, and how it prints.

What does not live here: any command.
"""

from __future__ import annotations

import functools
import json
import os
import re
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

import click

from pipeline.i18n import _
from pipeline.log import hide
from pipeline.model.base import Value, value

if TYPE_CHECKING:
    from pipeline.wiring import House

SEOUL = ZoneInfo("Asia/Seoul")
_STEERING = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
_NIGHT = time(3, 0)  # a bare --as-of date means that day's night run
F = TypeVar("F", bound=Callable[..., Any])


@value
class Common(Value):
    """The options every command takes."""

    project: str | None
    as_json: bool
    verbose: int
    quiet: bool

    def house(self, *, as_of: datetime | None = None) -> House:
        """Find the project and resolve its configuration; the clock is read here and nowhere below."""
        from pipeline.wiring import open_house

        fixed = as_of
        return open_house(
            _here(),
            self.project,
            environment=dict(os.environ),
            clock=(lambda: fixed) if fixed is not None else now,
            is_replay=fixed is not None,
            verbose=self.verbose,
        )

    def out(self, text: str) -> None:
        """Print one line of the answer on standard output."""
        click.echo(safe(text))

    def note(self, text: str) -> None:
        """Print one line for people on standard error, unless quiet."""
        if not self.quiet:
            click.echo(safe(text), err=True)

    def json(self, value: object) -> None:
        """Print one JSON object as one line on standard output."""
        text = json.dumps(value, ensure_ascii=False, separators=(", ", ": "))
        click.echo(hide(re.sub(_STEERING, lambda found: f"\\u{ord(found[0]):04x}", text)))

    def rows(self, values: Iterable[object]) -> None:
        """Print JSON objects, one a line."""
        for one in values:
            self.json(one)


def now() -> datetime:
    """Return the wall clock: this is the way in where it is read (ADR-0013)."""
    return datetime.now(UTC)  # noqa: TID251 - the one place


def _here() -> Path:
    try:
        return Path.cwd()
    except OSError:  # cron may start in a folder that is gone
        return Path("/")


def safe(text: str) -> str:
    """Return text without secrets and without characters that steer a terminal (P38, P39, P42)."""
    return re.sub(_STEERING, "�", hide(text))


def common(command: F) -> F:
    """Add ``--project --json -v --quiet --lang`` to a command and hand them over as one ``Common``."""

    @click.option("--project", metavar="DIR", help=_("프로젝트 폴더 (없으면 MOA_PROJECT, 또는 위쪽으로 찾습니다)"))
    @click.option("--json", "as_json", is_flag=True, help=_("프로그램이 읽을 JSON 으로만 답합니다"))
    @click.option("-v", "--verbose", count=True, help=_("자세히 (-vv 는 더 자세히)"))
    @click.option("--quiet", is_flag=True, help=_("꼭 필요한 말만 합니다"))
    @click.option(
        "--lang", type=click.Choice(["ko", "en"]), metavar="ko|en", expose_value=False, help=_("언어 (기본 ko)")
    )
    @functools.wraps(command)
    def wrapped(*args: Any, project: str | None, as_json: bool, verbose: int, quiet: bool, **kwargs: Any) -> Any:
        return command(Common(project=project, as_json=as_json, verbose=verbose, quiet=quiet), *args, **kwargs)

    return wrapped  # type: ignore[return-value]


class When(click.ParamType[datetime]):
    """``2026-11-23``, ``2026-11-23T03:00`` (Seoul) or with an offset."""

    name = "WHEN"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return an aware UTC instant."""
        if isinstance(value, datetime):
            return value
        try:
            if len(value) == 10:
                return datetime.combine(date.fromisoformat(value), _NIGHT, SEOUL).astimezone(UTC)
            at = datetime.fromisoformat(value)
        except ValueError:
            self.fail(
                _("'{value}'는 날짜가 아닙니다. 예: 2026-11-23 또는 2026-11-23T03:00").format(value=value), param, ctx
            )
        return (at if at.tzinfo else at.replace(tzinfo=SEOUL)).astimezone(UTC)


def is_terminal() -> bool:
    """Whether a person watches standard error."""
    return sys.stderr.isatty()
