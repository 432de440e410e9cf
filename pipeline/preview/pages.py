"""Fills the templates of the preview: autoescape, strict names, nothing of a source unescaped.

What does not live here: what is shown (``looking``), http (``server``).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pipeline.i18n import _
from pipeline.preview.looking import View

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES: Final = Path(__file__).parent / "templates"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - not for a look at `--help`

    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals["_"] = _
    return made


def page(view: View, *, token: str, said: str = "", problem: str = "") -> bytes:
    """Return the page of one edition.

    Args:
        view: What it shows.
        token: Goes into every form.
        problem: What is wrong with the configuration as it is now, ``""`` when nothing is.
        said: Word of what was just done: ``approved``, ``held``, ``curated``, ``voided`` or ``""``.
    """
    told = {
        "approved": _("승인했습니다. 보낼 시각이 되면 나갑니다."),
        "curated": _("결정을 남기고, 기다리는 소식을 고쳐 만들었습니다."),
        "voided": _("결정을 남기고, 소식을 고쳐 만들었습니다. 승인이 풀렸으니 보고 다시 승인해 주세요."),
        "held": _("붙잡아 두었습니다. 승인하기 전에는 나가지 않습니다."),
    }
    return _fill("page.html.j2", view=view, token=token, said=told.get(said, ""), problem=problem)


def message(title: str, text: str, *, back: str = "/") -> bytes:
    """Return a page that says one thing and leads back."""
    return _fill("message.html.j2", title=title, text=text, back=back)


@cache
def script() -> bytes:
    """Return the script that looks for changes."""
    return (_TEMPLATES / "live.js").read_bytes()


@cache
def style() -> bytes:
    """Return the style sheet."""
    return (_TEMPLATES / "preview.css").read_bytes()


def _fill(name: str, **words: Any) -> bytes:
    return _environment().get_template(name).render(words).encode("utf-8", "replace")
