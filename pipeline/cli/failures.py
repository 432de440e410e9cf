"""What a command says and exits with when it fails.

What does not live here: the exit code of a run that ended (``report.exit_code``).
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from types import FrameType

import click

import pipeline.model as p
from pipeline.cli.streams import patient
from pipeline.i18n import _
from pipeline.report import EXIT_ACT, EXIT_DEFECT, EXIT_LOCKED, EXIT_NOTHING, EXIT_USAGE

_STOPPED = 128 + signal.SIGTERM


class Stopped(BaseException):
    """SIGTERM: the current unit is rolled back by the ways out of its blocks (P65)."""


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Stopped


def guarded(command: Callable[[], object], *, verbose: bool) -> int:
    """Run a command and return its exit status; every failure is one plain sentence on standard error.

    Streams that fail end nothing: the work is done all the same, and an answer nobody could print makes a 0 a 3 (P67).
    """
    signal.signal(signal.SIGTERM, _stop)
    with patient() as (out, _errors):
        code = _run(command, verbose=verbose)
        out.flush()
        if out.failure is not None:
            say(_("결과를 출력하지 못했습니다: {why}").format(why=out.failure.strerror or out.failure))
            return code or EXIT_ACT
    return code


def _run(command: Callable[[], object], *, verbose: bool) -> int:
    try:
        result = command()
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return EXIT_USAGE
    except click.Abort:
        say(_("그만두었습니다."))
        return 130
    except Stopped:
        say(_("멈추라는 신호를 받아 하던 일을 마무리하고 끝냈습니다."))
        return _STOPPED
    except p.ConfigError as error:
        for problem in error.problems:
            say(
                f"{problem.file}:{problem.line}:{problem.column}  {problem.message}"
                + (f" → {problem.fix}" if problem.fix else "")
            )
        if not error.problems:
            say(error.message)
        return EXIT_USAGE
    except p.LockedError as error:
        say(error.message)
        return EXIT_LOCKED
    except p.StoreError as error:
        return _told(error, EXIT_NOTHING)
    except p.PluginError as error:
        return _told(error, EXIT_DEFECT)
    except p.PipelineError as error:
        return _told(error, EXIT_ACT)
    except Exception as error:  # noqa: BLE001 - the last door: a defect is named, never a traceback for an editor
        return _defect(error, verbose=verbose)
    return result if isinstance(result, int) else 0


def say(text: str) -> None:
    """Print one safe line for people on standard error."""
    from pipeline.log import redact

    click.echo(redact(text), err=True)


def _told(error: p.PipelineError, code: int) -> int:
    subject = f"{error.subject}: " if error.subject else ""
    say(subject + error.message)
    if error.hint:
        say(f"→ {error.hint}")
    return code


def _defect(error: Exception, *, verbose: bool) -> int:
    say(_("moa 자체의 결함입니다: {kind}: {why}").format(kind=type(error).__name__, why=str(error)[:300]))
    if verbose:
        import traceback

        for line in traceback.format_exception(error):
            for part in line.rstrip().splitlines():
                say(part)
    else:
        say(_("-v 를 붙여 다시 실행하면 자세한 내용이 나옵니다. 그 내용을 개발 담당자에게 보내 주세요."))
    return EXIT_DEFECT
