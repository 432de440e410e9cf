"""A progress bar on a terminal, with the sources that fail named as they do.

What does not live here: plain lines under cron (``cli/nightly``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

import pipeline.model as p
from pipeline.i18n import _
from pipeline.log import redact


@contextmanager
def bar() -> Iterator[Callable[[int, int, p.SourceRun], None]]:
    """Show the bar on standard error and yield the callback that moves it."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(_("모으는 중"), total=None)

        def moved(done: int, total: int, run: p.SourceRun) -> None:
            progress.update(task, completed=done, total=total)
            if run.error is not None:
                progress.console.print(
                    f"[yellow]![/] {escape(run.name or run.source_id)}: {escape(redact(run.error.message))}"
                )

        yield moved
