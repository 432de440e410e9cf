"""``moa lab``: what moa's reading makes of given texts and documents, for maintainers and acceptance runs (contract §5).

What does not live here: the measures themselves, one file each; the file name is the command's name, a leading underscore
marks a tool of this room. Every measure offers ``command``, uses the very code the night uses, and touches no store and
no network. Scoring against known answers lives outside of the product (``evaluation/``).
"""

from __future__ import annotations

import importlib
from pkgutil import iter_modules

import click

from pipeline.i18n import _


class _Measures(click.Group):
    """Measures by file name, imported when called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = importlib.import_module(f"{__name__}.{cmd_name}").command
        return command


@click.group(cls=_Measures, help=_("읽기 품질을 재는 명령입니다(개발자용)."))
def lab() -> None:
    """Group of measures; absent from the main help."""
