"""Invented list pages with their truth, one for each seed.

What does not live here: the choices (``draws``), the shapes (``skins``), what stands around (``furniture``).
"""

from __future__ import annotations

from tests.unit.discover import furniture
from tests.unit.discover.draws import Draw, Page
from tests.unit.discover.skins import SKIN

__all__ = ["Page", "page"]


def page(seed: int) -> Page:
    """Return the page a seed draws."""
    draw = Draw(seed)
    dice, rows = draw.dice, draw.rows()
    body = SKIN[draw.skin](draw, rows)
    pager, param = furniture.pager(dice)
    if draw.unclosed:
        body = (
            body.replace("</td>", "").replace("</tr>", "").replace("</li>", "")
            if draw.skin in ("head", "bare", "ul")
            else body
        )
    parts = [
        furniture.menu(dice),
        furniture.slider(dice, [r.title for r in rows[:4]]),
        "<div id='contents' class='sub'><h2>공지사항</h2>",
    ]
    parts += [
        furniture.search(dice),
        body,
        pager,
        "</div>",
        dice.choice([furniture.side, furniture.calendar, furniture.old_rows])(dice),
    ]
    html = f"<!doctype html><html><head><meta charset='{draw.encoding}'><title>새솔시</title></head><body>{''.join(parts)}{furniture.footer(dice)}</body></html>"
    style = {k: v for k, v in vars(draw).items() if k != "dice"} | {"seed": seed}
    return Page(html, rows, style, draw.encoding, draw.skin != "faq", param)
