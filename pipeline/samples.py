"""A source's own test: what it read on the day it was made (``samples/<id>/``) and what it must still make of it.

What does not live here: reading it again (``collect/trial``), commands (``cli/source_test``). Source: ADR-0028.

``where.json`` names the address, the day and the documents; ``page.html`` (and ``page-2.xml`` …) are their bytes as they
came; ``expected.json`` is what they gave.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import pipeline.model as p
from pipeline.i18n import _

FOLDER: Final = "samples"
_WHERE: Final = "where.json"
_EXPECTED: Final = "expected.json"
_FIELDS: Final = ("title", "url", "date", "pinned")
_OURS: Final = "moa-"  # headers a source puts on its documents for itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One recorded reading.

    Attributes:
        documents: As they came, in the order the source reads them.
        expected: One object an item: ``title``, ``url``, ``date`` (``YYYY-MM-DD``), ``pinned``.
        at: When; "yesterday" on the page means the day before.
    """

    source_id: str
    url: str
    at: datetime
    documents: tuple[p.Document, ...]
    expected: tuple[dict[str, Any], ...]


def expected_of(entries: Iterable[p.Entry]) -> tuple[dict[str, Any], ...]:
    """Return what is kept of entries, in their order."""
    return tuple(
        {"title": entry.title, "url": entry.url or None, "date": day_of(entry.published), "pinned": entry.is_pinned}
        for entry in entries
    )


def day_of(fact: p.DateFact | None) -> str | None:
    """Return a date as its page tells it: the day in Korea, ``None`` when there is none."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - a warm night imports no more than it needs

    return fact.at.astimezone(ZoneInfo("Asia/Seoul")).date().isoformat() if fact else None


def differences(sample: Sample, entries: Sequence[p.Entry]) -> tuple[str, ...]:
    """Return what is no longer as expected, in sentences for an editor; empty when all is."""
    got, wanted = expected_of(entries), sample.expected
    words = {"title": _("제목"), "url": _("주소"), "date": _("날짜"), "pinned": _("고정 공지")}
    found = []
    for number in range(max(len(got), len(wanted))):
        new = got[number] if number < len(got) else None
        old = wanted[number] if number < len(wanted) else None
        if old is None and new is not None:
            found.append(_("{number}번째: 없던 글이 있습니다: {title}").format(number=number + 1, title=new["title"]))
        elif new is None and old is not None:
            found.append(_("{number}번째: 글이 빠졌습니다: {title}").format(number=number + 1, title=old["title"]))
        elif old is not None and new is not None:
            text = _("{number}번째 글의 {field}: '{old}' → '{new}'")
            found += [
                text.format(number=number + 1, field=words[name], old=old.get(name), new=new[name])
                for name in _FIELDS
                if old.get(name) != new[name]
            ]
    return tuple(found)


def save(project: Path, sample: Sample) -> Path:
    """Write a sample over the one there was and return its folder. Cost: a few files."""
    folder = project / FOLDER / sample.source_id
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.iterdir():
        if file.is_file() and (file.name.startswith("page") or file.suffix == ".json"):
            file.unlink()
    told = []
    for number, document in enumerate(sample.documents, start=1):
        name = f"page{'' if number == 1 else f'-{number}'}.{_ending(document)}"
        (folder / name).write_bytes(document.body)
        told.append({"file": name, **_facts(document)})
    where = {"source": sample.source_id, "url": sample.url, "at": sample.at.isoformat(), "documents": told}
    _write(folder / _EXPECTED, list(sample.expected))
    _write(folder / _WHERE, where)
    return folder


def load(project: Path, source_id: str) -> Sample | None:
    """Return a source's sample, ``None`` when it has none.

    Raises:
        ConfigError: Its files cannot be read.
    """
    folder = project / FOLDER / source_id
    if not (folder / _WHERE).is_file():
        return None
    try:
        where = json.loads((folder / _WHERE).read_text("utf-8"))
        at = datetime.fromisoformat(where["at"])
        documents = tuple(_document(folder, told, at) for told in where["documents"])
        expected = tuple(json.loads((folder / _EXPECTED).read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        text = _("기록해 둔 본보기를 읽을 수 없습니다: {why}").format(why=error)
        name = f"{FOLDER}/{source_id}/{_WHERE}"
        raise p.ConfigError((p.Problem(file=name, line=0, column=0, code="sample", message=text),)) from error
    return Sample(source_id=source_id, url=where["url"], at=at, documents=documents, expected=expected)


def rename(project: Path, old: str, new: str) -> None:
    """Let a source's sample follow its id, unless the new one has a sample already."""
    before, after = project / FOLDER / old, project / FOLDER / new
    if before.is_dir() and not after.exists():
        before.rename(after)


def names(project: Path) -> tuple[str, ...]:
    """Return the ids of all samples, sorted."""
    return tuple(sorted(file.parent.name for file in (project / FOLDER).glob(f"*/{_WHERE}")))


def _facts(document: p.Document) -> dict[str, Any]:
    said = {
        "url": document.url,
        "requested_url": document.requested_url or document.url,
        "media_type": document.media_type,
        "charset": document.charset,
        "headers": {name: value for name, value in document.headers if name.startswith(_OURS)},
    }
    return {name: value for name, value in said.items() if value}


def _document(folder: Path, told: dict[str, Any], at: datetime) -> p.Document:
    name = str(told["file"])
    if Path(name).name != name:
        raise ValueError(name)
    body = (folder / name).read_bytes()
    return p.Document(
        url=told["url"],
        requested_url=told.get("requested_url") or told["url"],
        media_type=told.get("media_type", ""),
        charset=told.get("charset", ""),
        headers=tuple(told.get("headers", {}).items()),
        body=body,
        body_hash=blake2b(body, digest_size=16).hexdigest(),
        fetched_at=at,
    )


def _ending(document: p.Document) -> str:
    head = document.body.lstrip()[:1]
    if "json" in document.media_type or head in (b"{", b"["):
        return "json"
    return "xml" if "xml" in document.media_type and "xhtml" not in document.media_type else "html"


def _write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")
