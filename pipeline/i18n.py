"""One door to people's languages: Korean is written in the code, English comes from a gettext catalogue.

What does not live here: formats of dates and numbers (templates), log lines (always English).
Korean text is the message id, so the first language can never be missing; ``locale/en`` holds the second.
"""

from __future__ import annotations

import gettext
from pathlib import Path

LOCALE_DIR = Path(__file__).parent / "locale"
_active: gettext.NullTranslations = gettext.NullTranslations()


def use(language: str) -> None:
    """Speak ``ko`` (default) or ``en`` from now on; an unknown language stays Korean."""
    global _active  # noqa: PLW0603 - the process speaks one language, chosen once at its way in
    if language.lower().startswith("en"):
        _active = gettext.translation("moa", localedir=LOCALE_DIR, languages=["en"], fallback=True)
    else:
        _active = gettext.NullTranslations()


def _(korean: str) -> str:
    """Return the sentence in the active language; interpolate with ``.format`` afterwards."""
    return _active.gettext(korean)
