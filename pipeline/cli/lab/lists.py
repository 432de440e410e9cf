"""``moa lab lists``: which list a saved page holds, found as ``moa source new`` finds it, nothing configured.

What does not live here: finding it (``discover``).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

import pipeline.model as p
from pipeline.cli.common import Common, common, now
from pipeline.cli.lab._inputs import InputError, Record, body_of, files_argument
from pipeline.i18n import _

if TYPE_CHECKING:
    from pipeline.discover.induce import Candidate


@click.command(help=_("저장한 목록 페이지에서 목록을 찾습니다. 페이지 하나에 JSON 한 줄"))
@files_argument
@common
def command(this: Common, files: tuple[Path, ...]) -> None:
    """Print ``{"page","kind","confidence","items"}`` for every page: the best list, no items where there is none."""
    from pipeline.discover.induce import induce

    for file in files:
        try:
            body = body_of(file)
        except InputError as error:
            this.json({"page": str(file), **_answer(None), "error": str(error)})
            continue
        found = induce(p.Document(url="", body=body, fetched_at=now()))
        this.json({"page": str(file), **_answer(found[0] if found else None)})


def _answer(found: Candidate | None) -> Record:
    """Titles and links are as the page writes them: a saved page has no address. A script call stands beside a link."""
    from pipeline.discover.induce import printed_date

    if found is None:
        return {"kind": None, "confidence": 0.0, "items": []}
    items = [
        {
            "title": row.printed or row.title,
            "href": row.href or None,
            "date": printed_date(row.date) or None,
            "pinned": row.is_pinned,
            "period": row.period or None,
            "status": row.status or None,
            "onclick": row.call or None,
        }
        for row in found.rows
    ]
    return {"kind": found.kind, "confidence": found.confidence, "items": items}
