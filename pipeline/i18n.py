"""One door to people's languages: Korean is written in the code, English comes from a gettext catalogue.

What does not live here: formats of dates and numbers (templates), log lines (always English).
Korean text is the message id, so the first language can never be missing; ``locale/en`` holds the second. For click's own
sentences ("Usage:", "No such option …") it is the other way round: English is in click, ``locale/ko`` holds Korean.
"""

from __future__ import annotations

import contextlib
import gettext
import os
from collections.abc import Iterator
from pathlib import Path

LOCALE_DIR = Path(__file__).parent / "locale"
_CLICK = "messages"  # click asks gettext's default domain
_active: gettext.NullTranslations = gettext.NullTranslations()
_spoken = "ko"


def use(language: str) -> None:
    """Speak ``ko`` (default) or ``en`` from now on, click's own sentences too; an unknown language stays Korean.

    Gettext finds its default domain by ``LANGUAGE`` alone under cron's ``LANG=C``, so that variable is set for this
    process; the terminal's locale decides nothing (contract §3: ``MOA_LANG`` or ``--lang``).
    """
    global _active, _spoken
    _active, _spoken = _translations(language), _code(language)
    gettext.bindtextdomain(_CLICK, str(LOCALE_DIR))
    gettext.textdomain(_CLICK)
    os.environ["LANGUAGE"] = _spoken


@contextlib.contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak another language for a while: what citizens read follows the institute, not the operator's terminal."""
    global _active, _spoken
    before = _active, _spoken
    _active, _spoken = _translations(language), _code(language)
    try:
        yield
    finally:
        _active, _spoken = before


def language() -> str:
    """Return the language spoken now, ``ko`` or ``en``: for whoever remembers finished words."""
    return _spoken


def _code(language: str) -> str:
    return "en" if language.lower().startswith("en") else "ko"


def _translations(language: str) -> gettext.NullTranslations:
    if _code(language) == "en":
        return gettext.translation("moa", localedir=LOCALE_DIR, languages=["en"], fallback=True)
    return gettext.NullTranslations()


def _(korean: str) -> str:
    """Return the sentence in the active language; interpolate with ``.format`` afterwards."""
    return _active.gettext(korean)
