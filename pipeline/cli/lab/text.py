"""``moa lab text``: what articles' own pages say.

What does not live here: reading them (``text/article``).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

import pipeline.model as p
from pipeline.cli.common import Common, common, now
from pipeline.cli.lab._inputs import InputError, Record, body_of, files_argument
from pipeline.i18n import _
from pipeline.report import SEOUL

if TYPE_CHECKING:
    from pipeline.text.article import Article

_PLACE = "https://page.invalid/"  # what relative links of a saved page are relative to; taken back in the answer


@click.command(help=_("글 하나의 페이지를 읽습니다. 문서 하나에 JSON 한 줄"))
@files_argument
@common
def command(this: Common, files: tuple[Path, ...]) -> None:
    """Print ``{"page","title","published","text","attachments"}`` for every saved detail page; ``error`` says why not."""
    for file in files:
        try:
            this.json({"page": str(file), **_answer(body_of(file))})
        except (InputError, p.ShapeError) as error:
            this.json({"page": str(file), **_nothing(), "error": str(error)})


def _answer(body: bytes) -> Record:
    from pipeline.text import article

    found = article.read(p.Document(url=_PLACE, media_type="text/html", body=body, fetched_at=now()))
    return {
        "title": found.title or None,
        "published": _day(found),
        "text": found.text or None,
        "attachments": [
            {
                "url": file.url.removeprefix(_PLACE) or None,
                "name": file.name,
                "media_type": file.media_type,
                "bytes": file.bytes,
            }
            for file in found.attachments
        ],
    }


def _nothing() -> Record:
    return {"title": None, "published": None, "text": None, "attachments": []}


def _day(found: Article) -> str | None:
    """The posting date as in ``moa items``: with a time and an offset, or a day; ``None`` when nothing usable is said."""
    from pipeline.text import dates

    fact = dates.machine(found.published)
    if fact is not None:
        local = fact.at.astimezone(SEOUL)
        return local.isoformat() if fact.has_time else local.date().isoformat()
    start = dates.read(found.published, field="posted", ref=now()).start
    if start is None or start.precision == "month" or start.inferred:
        return None  # when a page was saved is not known: "3시간 전" says nothing here
    return start.at.isoformat() if start.precision == "minute" else start.at.date().isoformat()
