"""``moa lab dates``: what date expressions mean.

What does not live here: the grammar (``text/dates``).
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import cast, get_args

import click

from pipeline.cli.common import SEOUL, Common, common
from pipeline.cli.lab._inputs import InputError, Record, answer_lines, lines_argument, text
from pipeline.i18n import _
from pipeline.text import dates

_FIELDS = frozenset(get_args(dates.Field))


@click.command(help=_("날짜 표현을 읽습니다. JSON 한 줄에 하나: id, text, field, ref"))
@lines_argument
@common
def command(this: Common, files: tuple[Path, ...]) -> None:
    """Print ``{"id","kind","start","end","flags","confidence"}`` for every ``{"id","text","field","ref"}``."""
    answer_lines(this, files, _measure)


def _measure(record: Record) -> Record:
    field = text(record, "field", default="text")
    if field not in _FIELDS:
        raise InputError(
            _("'{name}' 항목은 {known} 가운데 하나입니다.").format(name="field", known=", ".join(sorted(_FIELDS)))
        )
    reading = dates.read(text(record, "text"), field=cast("dates.Field", field), ref=_ref(record))
    start: object = reading.start.iso if reading.start else None
    end: object = reading.end.iso if reading.end else None
    if reading.kind == "multi":
        start = [first.iso if first else None for first, _last in reading.parts]
        end = [last.iso if last else None for _first, last in reading.parts]
    return {
        "kind": reading.kind,
        "start": start,
        "end": end,
        "flags": sorted(reading.flags),
        "confidence": reading.confidence,
    }


def _ref(record: Record) -> datetime:
    raw = text(record, "ref")
    try:
        ref = datetime.fromisoformat(raw)
        ref = ref if ref.tzinfo else ref.replace(tzinfo=SEOUL)
        return ref.astimezone(SEOUL)
    except (ValueError, OverflowError) as error:
        raise InputError(_("'{name}' 항목은 ISO 8601 시각이어야 합니다.").format(name="ref")) from error
