"""A progress bar on a terminal, with the sources that fail named as they do.

What does not live here: plain lines under cron (``cli/nightly``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

import pipeline.model as p
from pipeline.i18n import _
from pipeline.log import redact


class Bar:
    """The callbacks that move the bar: called for each source, ``pictured`` for each picture."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task(_("모으는 중"), total=None)

    def __call__(self, done: int, total: int, run: p.SourceRun) -> None:
        """Move on by one source."""
        self._progress.update(self._task, completed=done, total=total)
        if run.error is not None:
            self._progress.console.print(
                f"[yellow]![/] {escape(run.name or run.source_id)}: {escape(redact(run.error.message))}"
            )

    def pictured(self, done: int, total: int) -> None:
        """Move on by one picture."""
        self._progress.update(self._task, description=_("그림 받는 중"), completed=done, total=total)


@contextmanager
def bar() -> Iterator[Bar]:
    """Show the bar on standard error and yield what moves it."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield Bar(progress)
