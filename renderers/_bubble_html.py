"""Draws a bubble document as KakaoTalk would show it: one page that needs nothing else.

What does not live here: what the bubble says; the drawing is for people's eyes and is never sent.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from pipeline.i18n import _
from renderers import _jinja


def page(document: Mapping[str, Any], *, name: str = "", templates_dir: str = "") -> str:
    """Return a whole HTML page that shows the bubble.

    Args:
        document: As in ``docs/reference/kakao-bubble.schema.json``.
        name: Of the channel, shown above the bubble.
        templates_dir: Templates that win over the built-in ones.

    Raises:
        RenderError: The template does not fit.
    """
    _jinja.renewed("kakao", templates_dir)
    css = _jinja.static("kakao", templates_dir, "bubble.css")
    digest = b64encode(sha256(css.encode()).digest()).decode()
    return _jinja.fill(
        "kakao",
        templates_dir,
        "bubble.html.j2",
        {
            "b": document,
            "name": name or _("카카오톡 채널"),
            "css": css,
            "csp": f"default-src 'none'; img-src 'self'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
            "pictures": document["images"],
        },
    )
