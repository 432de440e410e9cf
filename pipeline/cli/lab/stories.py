"""``moa lab stories``: which items tell the same announcement.

What does not live here: the rules (``publish/fold``), which the night applies to the same entries.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from pathlib import Path

import click

import pipeline.model as p
from pipeline.cli.common import Common, common, now
from pipeline.cli.lab._inputs import InputError, Record, lines_argument, records, text
from pipeline.i18n import _

_KINDS = {  # what a channel's items are when the night reads them
    "homepage": p.Kind.NOTICE,
    "dept_board": p.Kind.NOTICE,
    "portal": p.Kind.COURSE,
    "press": p.Kind.NEWS,
    "youtube": p.Kind.VIDEO,
}


@click.command(help=_("같은 소식끼리 묶습니다. JSON 한 줄에 하나: id, channel, source, posted, title, lead"))
@lines_argument
@common
def command(this: Common, files: tuple[Path, ...]) -> None:
    """Print ``{"id","cluster"}`` for every ``{"id","channel","source","posted","title","lead"}``, all folded together."""
    from pipeline.publish.fold import fold
    from pipeline.settings.facets import own_words

    rows: list[tuple[object, str, str]] = []  # id as given, our entry's id, error
    entries: list[p.Entry] = []
    for number, record in enumerate(records(files)):
        if isinstance(record, InputError):
            rows.append((None, "", str(record)))
            continue
        try:
            entry = _entry(record, number)
        except InputError as error:
            rows.append((record.get("id"), "", str(error)))
            continue
        entries.append(entry)
        rows.append((record.get("id"), entry.id, ""))
    home = {member.id: story.id for story in fold(entries, words=own_words()).whole for member in story.members}
    for given, entry_id, why in rows:
        this.json({"id": given, "error": why} if why else {"id": given, "cluster": home[entry_id]})


def _entry(record: Record, number: int) -> p.Entry:
    from pipeline.collect.normalize import normalize
    from pipeline.text import dates

    source, channel = text(record, "source", default=""), text(record, "channel", default="")
    posted = text(record, "posted", default="")
    fact = dates.machine(posted)
    seen_at = fact.at.astimezone(UTC) if fact else None
    item = p.Item(
        key=str(number),
        kind=_KINDS.get(channel, p.Kind.POST),
        title=text(record, "title"),
        body=text(record, "lead", default=""),
        body_is_text=True,
        published=p.RawDate(text=posted),
    )
    spec = p.SourceSpec(id=f"{channel}/{source}", name=source, kind=channel, options=None, agency=source)
    made = normalize([item], spec, now=seen_at or now())
    return replace(made.entries[0], first_seen_at=seen_at)
