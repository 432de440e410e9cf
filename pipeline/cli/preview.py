"""``moa preview``: a local page with every channel as it will be sent.

What does not live here: the page and its server (``pipeline/preview/``).
"""

from __future__ import annotations

import errno
import os
import sys
from typing import TYPE_CHECKING

import click

import pipeline.model as p
from pipeline import report as reports
from pipeline.cli.common import Common, common, is_terminal
from pipeline.i18n import _

if TYPE_CHECKING:
    from pipeline.preview.server import Preview
    from pipeline.wiring import House


@click.command(help=_("나갈 모습 그대로 이 컴퓨터의 브라우저에서 미리 봅니다. 보내지는 않습니다."))
@click.argument("edition", required=False, default="", metavar="[EDITION]")
@click.option("--port", type=click.IntRange(0, 65535), metavar="N", help=_("쓸 포트 (0 이면 빈 것을 고릅니다)"))
@click.option("--date", "on", default="", metavar="DATE", help=_("그날의 소식 (예: 2026-11-23)"))
@click.option("--text", "as_text", is_flag=True, help=_("브라우저 없이 글자로 보고 끝냅니다 (ssh 에서)"))
@click.option("--no-open", is_flag=True, help=_("브라우저를 열지 않습니다"))
@common
def preview(this: Common, edition: str, port: int | None, on: str, as_text: bool, no_open: bool) -> int:
    """Serve one edition until Ctrl-C, or print it; exit 2 when there is no such edition, or none at all."""
    house = this.house()
    found = _edition(this, house, edition, on)
    if found is None:
        return reports.EXIT_USAGE
    if as_text:
        return _print(this, house, found)
    try:
        server = _bound(house, port, found)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        this.note(_("{port} 포트를 쓸 수 없습니다. 다른 번호를 --port 로 알려 주세요.").format(port=port))
        return reports.EXIT_USAGE
    with server:
        if this.as_json:
            this.json({"url": server.url})
        else:
            this.out(server.url)
            for name, sha256 in _hashes(house, found):
                this.note(f"  {name}: {sha256}")
            this.note(_("브라우저에서 위 주소를 여세요. 끝내려면 Ctrl-C 를 누르세요."))
        sys.stdout.flush()
        if not (no_open or this.as_json):
            _open(server.url)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            this.note(_("미리보기를 끝냈습니다."))
    return reports.EXIT_DONE


def _print(this: Common, house: House, edition: str) -> int:
    from pipeline.preview import telling
    from pipeline.preview.drafts import Drafts
    from pipeline.preview.looking import look
    from pipeline.preview.shelf import Shelf

    shelf = Shelf(house.output_dir)
    view = look(house, shelf, edition, drafts=Drafts())
    if view is None:
        return reports.EXIT_USAGE
    said = telling.texts(shelf, view)
    if this.as_json:
        this.json(telling.json(view, said))
    else:
        for line in telling.lines(view, said):
            this.out(line)
    return reports.EXIT_DONE


def _edition(this: Common, house: House, wanted: str, on: str) -> str | None:
    """Return the edition to show, ``""`` for the newest; ``None`` after saying why there is none.

    A digest's or a channel's id, or a date, stands for its newest edition.
    """
    try:
        with house.store(read_only=True) as store:
            rows = store.digests.editions(limit=p.limits.PREVIEW_EDITIONS)
            known = not wanted or store.digests.edition(wanted) is not None
    except p.StoreError as error:
        if error.code != "store-missing":
            raise
        rows, known = (), False
    if not rows:
        this.note(_("아직 펴낸 소식이 없습니다. 먼저 `moa run` 을 실행해 주세요."))
        return None
    if known and not on:
        return wanted
    fits = (r for r in rows if on in ("", r.on.isoformat()) and (wanted in ("", r.id, *r.renderings, *r.id.split("/"))))
    from pipeline.preview.looking import newest

    part = newest(house, list(fits))
    if part is None:
        asked = " ".join(filter(None, (wanted, on)))
        this.note(_("'{edition}' 소식은 없습니다.").format(edition=asked) + _nearest(asked, [r.id for r in rows]))
        return None
    return part.id


def _hashes(house: House, edition: str) -> list[tuple[str, str]]:
    """Return what an approval would name, by channel. Cost: one row."""
    from pipeline.preview.looking import newest

    with house.store(read_only=True) as store:
        row = store.digests.edition(edition) if edition else newest(house, store.digests.editions(limit=20))
    return sorted(row.renderings.items()) if row is not None else []


def _nearest(wanted: str, ids: list[str]) -> str:
    from difflib import get_close_matches

    near = next(iter(get_close_matches(wanted, ids, n=1, cutoff=0.0)), "")
    return _(" 가장 비슷한 것은 '{near}' 입니다.").format(near=near)


def _bound(house: House, port: int | None, edition: str) -> Preview:
    from pipeline.preview.server import Preview

    if port is not None:
        return Preview(house, port=port, edition_id=edition)
    try:
        return Preview(house, port=p.limits.PREVIEW_PORT, edition_id=edition)
    except OSError:  # another preview has it
        return Preview(house, port=0, edition_id=edition)


def _open(url: str) -> None:
    """Open the browser where there is a screen: a text browser must not take over a terminal."""
    has_screen = sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if is_terminal() and has_screen:
        import webbrowser

        webbrowser.open(url)
