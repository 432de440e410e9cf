"""The only door to Jinja: environments with autoescape and strict names, compiled once per state of the templates' files.

What does not live here: words and decisions; templates are handed finished ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pipeline.model as p
from pipeline.i18n import _, language

if TYPE_CHECKING:
    from jinja2 import Environment

_BUILT_IN = Path(__file__).parent / "templates"


def _folders(renderer: str, templates_dir: str) -> list[Path]:
    """Where files are looked for, the institute's first."""
    theirs = [Path(templates_dir) / renderer, Path(templates_dir)] if templates_dir else []
    return [*theirs, _BUILT_IN / renderer]


def environment(renderer: str, templates_dir: str = "") -> Environment:
    """Return the environment of one renderer in the language spoken now; templates in ``templates_dir`` win over the built-in ones.

    Args:
        renderer: ``website``, ``newsletter`` or ``kakao``: the folder below ``templates/``.
        templates_dir: Absolute folder with ``<renderer>/*.j2`` (or ``*.j2`` directly); ``""`` for none.

    Cost: each template is compiled once in its life (``_bytecode``); loaded ones are kept until ``renewed`` finds another
    state of the files.
    """
    return _environment(renderer, templates_dir, language())


@cache
def _environment(renderer: str, templates_dir: str, language_code: str) -> Environment:
    from jinja2 import FileSystemLoader, StrictUndefined  # noqa: PLC0415 - only nights with news render

    from renderers._bytecode import Kept  # noqa: PLC0415 - as above
    from renderers._compiling import Spoken, Templates  # noqa: PLC0415 - as above

    made = Templates(
        extensions=[Spoken],
        bytecode_cache=Kept(language_code),
        loader=FileSystemLoader(_folders(renderer, templates_dir)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        cache_size=-1,  # all of them: there are few, and each page asks for three
    )
    made.globals["_"] = _
    return made


_states: dict[tuple[str, str, str], tuple[tuple[str, int, int], ...]] = {}


def renewed(renderer: str, templates_dir: str = "") -> None:
    """Forget compiled templates if a file changed, came or went: a preview runs for hours while somebody writes them.

    A rendering asks once, at its start.

    Cost: one ``stat`` a template.
    """
    files = (path for folder in _folders(renderer, templates_dir) for path in sorted(folder.glob("*.j2")))
    state = tuple((str(path), about.st_mtime_ns, about.st_size) for path in files for about in (path.stat(),))
    here = (renderer, templates_dir, language())
    if _states.get(here, state) != state:
        cache_of = environment(renderer, templates_dir).cache
        if cache_of is not None:
            cache_of.clear()
    _states[here] = state


def fill(renderer: str, templates_dir: str, name: str, words: Mapping[str, Any]) -> str:
    """Return one template filled in.

    Raises:
        RenderError: The template is missing, broken or asks for a name it was not given.
    """
    from jinja2 import TemplateError  # noqa: PLC0415 - see above

    try:
        return environment(renderer, templates_dir).get_template(name).render(words)
    except TemplateError as error:
        raise p.RenderError(f"{renderer}/{name}: {error}", hint=_("templates_dir의 템플릿을 확인하세요.")) from error


def finished(html: str) -> Any:
    """Mark HTML one of our templates made, so that another prints it as it is."""
    from markupsafe import Markup  # noqa: PLC0415 - see above

    return Markup(html)  # noqa: S704 - made by our own templates with autoescape


def static(renderer: str, templates_dir: str, name: str) -> str:
    """Return a text file beside the templates as it is (a style sheet); see ``static_bytes``."""
    return static_bytes(renderer, templates_dir, name).decode()


def static_bytes(renderer: str, templates_dir: str, name: str) -> bytes:
    """Return a file beside the templates as it is (style sheet, script, font); an override wins.

    Raises:
        RenderError: There is no such file.
    """
    for folder in _folders(renderer, templates_dir):
        try:
            return (folder / name).read_bytes()
        except OSError:
            continue
    raise p.RenderError(f"{renderer}/{name}: no such file")
