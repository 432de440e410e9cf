"""The command line's root, and what every group of commands is made of: commands imported when they are called.

What does not live here: any command; how the program begins and ends (``main``).
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any, TypeAlias

import click

from pipeline import __version__
from pipeline.i18n import _

Places: TypeAlias = Mapping[str, tuple[str, str]]
"""From a command's name to its module below ``pipeline.cli`` and the name it has there."""

_COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("nightly", "run"),
    "collect": ("nightly", "collect"),
    "publish": ("nightly", "publish"),
    "deliver": ("nightly", "deliver"),
    "check": ("check", "check"),
    "source": ("source", "source"),
    "items": ("items", "items"),
    "stories": ("items", "stories"),
    "why": ("why", "why"),
    "curate": ("curate", "curate"),
    "preview": ("preview", "preview"),
    "send-test": ("send_test", "send_test"),
    "approve": ("approve", "approve"),
    "hold": ("approve", "hold"),
    "status": ("status", "status"),
    "recipients": ("recipients", "recipients"),
    "db": ("db", "db"),
    "schema": ("schema", "schema"),
    "demo": ("demo", "demo"),
}
_FOR_MAINTAINERS: dict[str, tuple[str, str]] = {"lab": ("lab", "lab")}  # answered, but absent from the help


class LazyGroup(click.Group):
    """Commands by name, imported when called: a warm night must not pay for the others.

    Args:
        places: Where each command is; listed in this order.
        unlisted: Commands that are answered, but absent from the help.
    """

    def __init__(self, *args: Any, places: Places, unlisted: Places | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.places = places
        self.all_places = {**places, **(unlisted or {})}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """As click's, in the order they were given."""
        del ctx
        return list(self.places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """As click's: import it now."""
        del ctx
        if cmd_name not in self.all_places:
            return None
        module, name = self.all_places[cmd_name]
        command: click.Command = getattr(importlib.import_module(f"pipeline.cli.{module}"), name)
        return command


class _Root(LazyGroup):
    """Names the nearest command for one that is not there, and speaks the language that was chosen."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in self.all_places:
            from difflib import get_close_matches

            near = get_close_matches(args[0], self.places, n=1)
            hint = _(" '{near}'를 뜻했나요?").format(near=near[0]) if near else ""
            ctx.fail(_("'{name}' 명령은 없습니다.").format(name=args[0]) + hint)
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Speak the language that was chosen after this module had been imported."""
        self.help = _("모아(moa): 흩어진 매체를 모아 누리집·카카오톡·소식지로 펴냅니다.")
        helps = {"version": _("버전을 보여 주고 끝냅니다."), "lang": _("언어 (기본 ko)")}
        for option in self.params:
            if isinstance(option, click.Option):
                option.help = helps.get(option.name or "")
        super().format_help(ctx, formatter)


@click.command(
    cls=_Root,
    places=_COMMANDS,
    unlisted=_FOR_MAINTAINERS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(
    __version__, prog_name="moa", message="%(prog)s %(version)s", help=_("버전을 보여 주고 끝냅니다.")
)
@click.option("--lang", type=click.Choice(["ko", "en"]), metavar="ko|en", expose_value=False)
def root() -> None:
    """Everything moa does stands in its commands."""
