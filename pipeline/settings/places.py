"""Files of ``config/sources/`` -> source specs: defaults of the file and common keys.

What does not live here: a kind's own keys (``kinds.py``), digests and channels (``channels.py``), cross-checks over files (``project.py``).
A mistake disables the source it is in; a mistake at the top of a file disables all its sources.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import Any, Final

import pipeline.model as p
from pipeline.i18n import _
from pipeline.settings.checking import Spot, check
from pipeline.settings.kinds import Ground, OwnKeys, Secrets, is_place, merged
from pipeline.settings.leaks import refuse_values
from pipeline.settings.schema import COMMON_KEYS, CommonPart, FilePart, SourcePart
from pipeline.settings.units import RobotsRule
from pipeline.settings.yamlfile import Row, Table, YamlFile

_STORED: Final = ("agency", "department", "licence", "topics", "language")  # a change must reach items already known


@dataclass(slots=True)
class Places:
    """What the source files gave so far; ``seen`` holds every id, of broken sources too, with its first place."""

    specs: list[p.SourceSpec] = field(default_factory=list)
    problems: list[p.Problem] = field(default_factory=list)
    seen: dict[str, tuple[str, int]] = field(default_factory=dict)
    secrets: Secrets = field(default_factory=Secrets)
    is_partial: bool = False  # a file could not be read, so ids may be unknown


def read_places(file: YamlFile, ground: Ground, places: Places) -> None:
    """Add what one file says to ``places``; never raises for what the file holds.

    Cost: about 60 µs a source.
    """
    refuse_values(file)
    rows, top = _rows(file)
    spans = _spans(rows)
    inside = [q for q in file.problems if any(a <= q.line <= b for a, b in spans)]
    places.problems += [q for q in file.problems if q not in inside]
    if rows is None or top is None or len(inside) < len(file.problems):
        places.is_partial = places.is_partial or rows is None
        places.problems += inside
        _remember_ids(file, rows or Row(), places)
        return
    for index, table in enumerate(rows):
        first, last = spans[index]
        broken = [q for q in inside if first <= q.line <= last]
        _one(Spot(file, table, (first, rows.values_at[index][1])), top, broken, ground, places)


def _rows(file: YamlFile) -> tuple[Row | None, FilePart | None]:
    """Return the list of sources and the file's defaults; notes problems in the file."""
    root = file.root
    if root is None:
        return None, None
    if not isinstance(root, Table):
        fix = _("맨 위에 `sources:`를 쓰고 그 아래에 `- id: …`를 들여 쓰세요.")
        file.add((1, 1), "file-form", _("소스 파일은 `이름: 값` 줄로 시작해야 합니다."), fix)
        return None, None
    top, problems = check(FilePart, {k: v for k, v in root.items() if k != "sources"}, Spot(file, root, (1, 1)))
    file.problems += problems
    rows = root.get("sources", Row())
    if not isinstance(rows, Row) or any(not isinstance(each, Table) for each in rows):
        text = _("'sources' 항목에는 소스의 목록을 써야 합니다.")
        file.add(root.values_at["sources"], "list-type", text, _("소스마다 `- id: …`로 시작하세요."))
        rows = Row()
    return rows, top


def _spans(rows: Row | None) -> list[tuple[int, int]]:
    """First and last line of every source."""
    return [(mark[0], table.lines[1]) for mark, table in zip(rows.values_at, rows, strict=True)] if rows else []


def _remember_ids(file: YamlFile, rows: Row, places: Places) -> None:
    for table, mark in zip(rows, rows.values_at, strict=True):
        if isinstance(table.get("id"), str):
            places.seen.setdefault(table["id"], (file.name, mark[0]))


def _one(spot: Spot, top: FilePart, broken: list[p.Problem], ground: Ground, places: Places) -> None:
    table = spot.table
    name = table["id"] if isinstance(table.get("id"), str) else ""
    problems = [replace(q, subject=name) for q in broken]
    problems += _twice(spot, name, places)
    own = {key: value for key, value in table.items() if key in COMMON_KEYS}
    common, more = check(SourcePart, own, spot, subject=name)
    problems += more
    is_off = (common.enabled is False) if common and common.enabled is not None else top.enabled is False
    if common is None:
        is_off = str(table.get("enabled", "")).lower() in ("false", "no", "off", "0", "n", "f") or is_off
    own_keys = OwnKeys(spot, common, top, name, is_off=is_off)
    preset, kind, wrong = own_keys.preset(ground.presets)
    problems += wrong
    options, more = own_keys.options(kind, preset, ground, places.secrets)
    if wrong:  # what the preset would have given is not missing
        more = [q for q in more if q.code != "missing-key"]
    problems += more
    if common and common.id in (common.formerly or ()):
        problems.append(_itself(spot, name))
    if common and is_off:
        problems.append(_off(spot, common.note or top.note or "", name))
    places.problems += problems
    if common is not None and options is not None and all(q.severity == "note" for q in problems):
        places.specs.append(_spec(spot, common, top, ground, kind=str(kind), options=options))


def _twice(spot: Spot, name: str, places: Places) -> list[p.Problem]:
    if not name:
        return []
    first = places.seen.setdefault(name, (spot.file.name, spot.at[0]))
    if first == (spot.file.name, spot.at[0]):
        return []
    text = _("같은 소스 id가 {file} {line}번째 줄에도 있습니다: {id}").format(id=name, file=first[0], line=first[1])
    fix = _("둘 가운데 하나의 id를 바꾸세요.")
    return [spot.problem(spot.mark("id"), "duplicate-id", text, fix, subject=name)]


def _off(spot: Spot, note: str, name: str) -> p.Problem:
    text = _("꺼 둔 소스입니다: {note}").format(note=" ".join(note.split())) if note else _("꺼 둔 소스입니다.")
    return spot.problem(spot.mark("enabled"), "disabled", text, severity="note", subject=name)


def _itself(spot: Spot, name: str) -> p.Problem:
    text = _("'formerly' 항목에 이 소스 자신의 id가 있습니다: {id}").format(id=name)
    fix = _("이 소스로 합쳐진 예전 소스의 id만 남기세요.")
    return spot.problem(spot.mark("formerly"), "formerly-itself", text, fix, subject=name)


def _spec(spot: Spot, own: SourcePart, top: FilePart, ground: Ground, *, kind: str, options: Any) -> p.SourceSpec:
    def pick(name: str, default: Any) -> Any:
        value = getattr(own, name)
        value = getattr(top, name) if value is None else value
        return default if value is None else value

    expect = merged(top.expect, own.expect)
    cadence = expect.get("cadence")
    zone = pick("timezone", ground.zone)
    return p.SourceSpec(
        id=own.id,
        name=own.name,
        kind=kind,
        options=options,
        url=own.url or "",
        agency=pick("agency", ground.agency),
        department=_department(own, top, options),
        licence=pick("licence", ""),
        topics=pick("topics", ()),
        language=pick("language", "ko"),
        zone=zone,
        enabled=pick("enabled", True),
        backfill=ground.same(pick("backfill", p.Backfill(mode="follow" if own.formerly else "none"))),
        expect=ground.same(
            p.Expect(
                min_items=expect.get("min_items", 0),
                cadence_days=None if cadence is None else cadence / 86400,
                required=expect.get("required", ()),
                max_new=expect.get("max_new", 0),
            )
        ),
        policy=ground.same(_policy(own, top, ground)),
        repair=pick("repair", "ask"),
        max_items=merged(top.limits, own.limits).get("items") or p.limits.ITEMS_PER_FETCH,
        options_hash=_hash(kind, options, own.url or "", zone, *(pick(name, None) for name in _STORED)),
        formerly=own.formerly or (),
        where=(spot.file.name, spot.at[0]),
    )


def _department(own: CommonPart, top: CommonPart, options: Any) -> str:
    """The name, unless the source says where its kind finds one in each row: then the file's name stands behind it."""
    is_named = own.department is not None and not (hasattr(options, "department") and is_place(own.department))
    return (own.department if is_named else top.department) or ""


def _policy(own: CommonPart, top: CommonPart, ground: Ground) -> p.FetchPolicy:
    rule = own.robots or top.robots or RobotsRule(p.Robots.OBEY)
    tls = merged(top.tls, own.tls)
    if tls.get("ca_file"):
        tls["ca_file"] = str(ground.project / tls["ca_file"])
    limits = merged(top.limits, own.limits)
    return p.FetchPolicy(
        robots=rule.robots,
        permission=rule.permission,
        tls=p.TlsRules(**tls),
        headers=tuple({**(top.headers or {}), **(own.headers or {})}.items()),
        max_bytes=limits.get("bytes") or ground.fetch.max_bytes,
        timeout_s=limits.get("timeout") or ground.fetch.timeout_s,
        deadline_s=limits.get("deadline") or ground.fetch.deadline_s,
        images=next((said for said in (own.images, top.images) if said is not None), ground.fetch.images),
    )


def _hash(kind: str, options: Any, *words_: Any) -> str:
    """Name of what decides the meaning of the documents and what is stored with them; secrets count by name only."""
    words = json.dumps([kind, options.model_dump(), *words_], ensure_ascii=False, sort_keys=True, default=_plain)
    return hashlib.blake2b(words.encode(), digest_size=16).hexdigest()


def _plain(value: Any) -> Any:
    return sorted(map(str, value)) if isinstance(value, set | frozenset) else repr(value)
