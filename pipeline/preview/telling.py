"""The desk in words: what the page shows, for a terminal (over ssh) and for programs.

What does not live here: gathering it (``looking``), the page (``pages``), commands (``cli/preview``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pipeline.model as p
from pipeline.i18n import _
from pipeline.preview.looking import Channel, View
from pipeline.preview.mail import MEDIA_TYPE, part_of
from pipeline.preview.shelf import Shelf, file_of


def texts(shelf: Shelf, view: View) -> dict[str, str]:
    """Return what each channel says without pictures, by channel id: the text to paste, the text part of a mail.

    Raises:
        StoreError: Stored bytes changed since they were verified.
    """
    found = {}
    for channel in view.channels:
        try:
            stored = shelf.rendering(view.id, channel.id)
        except p.StoreError:  # the living site, or nothing: the page says which
            continue
        for path, (media_type, _sha) in stored.files.items():
            got = file_of(stored, path) if media_type in ("text/plain", MEDIA_TYPE) else None
            if got is not None:
                text = part_of(got[1], "text") if media_type == MEDIA_TYPE else got[1].decode()
                found[channel.id] = (text or "").replace("\r\n", "\n").strip()
    return found


def lines(view: View, said: Mapping[str, str]) -> Iterator[str]:
    """Yield the desk line by line: hashes and states first, then the words, the order, what is open to decide."""
    yield f"{view.title} ({view.id})"
    yield _("소식 {n}건, {at} 기준입니다.").format(n=view.stories, at=view.on)
    if view.drafted is not None:
        yield from _part(_("아직 저장하지 않은 초안입니다"), [view.drafted.problem, *view.drafted.changes])
    yield from _part(_("승인한 뒤에 달라진 것"), view.queue.voided)
    for channel in view.channels:
        yield from _channel(channel)
        if channel.id in said:
            yield from (f"    {line}".rstrip() for line in said[channel.id].splitlines())
    for _key, heading, stories in view.queue.sections:
        told = (f"{'* ' if story.is_pinned else ''}{story.title}  {story.id}" for story in stories)
        yield from _part(heading, told)
    yield from _part(
        _("하나로 묶을지 정해 주세요"), (f"{d.titles[0]} / {d.titles[1]}  {d.a} {d.b}" for d in view.queue.doubts)
    )
    decided = (f"{seq}. {what}: {title}" for seq, what, title, _detail, _who in view.queue.decided)
    yield from _part(_("남긴 결정"), decided)
    yield from _part(_("지난 소식과 달라진 것"), view.queue.earlier)
    yield from _part(_("싣지 않은 소식"), (f"{title} ({why})" for why, titles in view.left_out for title in titles))


def _channel(channel: Channel) -> Iterator[str]:
    yield ""
    yield f"■ {channel.title} ({channel.id}) {_('초안') if channel.is_draft else channel.sha256}".rstrip()
    if channel.problem:
        yield f"  {channel.problem}"
    for one in channel.sendings:
        yield "  " + " ".join(part for part in (f"{one.word}.", one.why, one.when, one.deadline) if part)
    if channel.subject:
        yield f"  {_('메일 제목')}: {channel.subject}"
    for why, titles in channel.left_out:
        yield f"  {_('{title}에서만').format(title=channel.title)}, {why}: {', '.join(titles)}"


def _part(heading: str, rows: Iterator[str] | list[str] | tuple[str, ...]) -> Iterator[str]:
    told = [row for row in rows if row]
    if told:
        yield ""
        yield f"■ {heading}"
        yield from (f"  {row}" for row in told)


def json(view: View, said: Mapping[str, str]) -> p.Json:
    """Return the same as data."""
    return {
        "edition": view.id,
        "title": view.title,
        "stories": view.stories,
        "draft": None if view.drafted is None else list(view.drafted.changes),
        "voided": list(view.queue.voided),
        "channels": [
            {
                "id": channel.id,
                "sha256": channel.sha256 or None,
                "text": said.get(channel.id),
                "left_out": _left(channel.left_out),
                "deliveries": [
                    {"id": d.id, "state": d.state, "why": d.why or None, "when": d.when or None}
                    for d in channel.sendings
                ],
            }
            for channel in view.channels
        ],
        "sections": [
            {
                "key": key,
                "title": heading,
                "stories": [{"id": s.id, "title": s.title, "label": s.label} for s in stories],
            }
            for key, heading, stories in view.queue.sections
        ],
        "left_out": _left(view.left_out),
    }


def _left(groups: tuple[tuple[str, tuple[str, ...]], ...]) -> list[p.Json]:
    return [{"title": title, "why": why} for why, titles in groups for title in titles]
