"""Leads → candidates: each written as YAML, loaded from that very text, and read by its source; what fails is told, not offered.

What does not live here: second pages and articles (``confirming``), files (``placing``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pipeline.model as p
from pipeline.collect import trial
from pipeline.discover import draft, naming
from pipeline.discover.draft import Draft, Value
from pipeline.discover.probe import Lead, Probe, probe
from pipeline.discover.proof import same_rows
from pipeline.drafting.desk import Desk, agency_of, loaded
from pipeline.drafting.telling import sentence, told
from pipeline.i18n import _

_OF_THE_PLACE: Final = frozenset(["moved", "no-key", "large-page", "page-failed", "quota"])  # not of single items
_STAND_IN: Final = "moa-draft.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """A source that reads what it promises.

    Attributes:
        draft: Its keys; ``yaml`` is the whole file they make.
        spec: As the settings load that text.
        entries: What it gives now.
        documents: What they were read from.
        unverified: Keys a guess stands in.
    """

    kind: str
    confidence: float
    draft: Draft
    yaml: str
    spec: p.SourceSpec
    entries: tuple[p.Entry, ...]
    documents: tuple[p.Document, ...]
    coverage: Mapping[str, float]
    warnings: tuple[tuple[str, str], ...] = ()
    unverified: tuple[str, ...] = ()
    is_course: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What an address gave: candidates with their leads, in no order that means anything yet; and what could not be offered."""

    candidates: tuple[Proven, ...]
    leads: tuple[Lead, ...]
    warnings: tuple[tuple[str, str], ...]
    probe: Probe


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the editor wants it to be called; ``""``: as proposed."""

    id: str = ""
    name: str = ""
    agency: str = ""
    fields: Mapping[str, Value] = field(default_factory=dict)


def read(url: str, desk: Desk, wish: Wish) -> Read:
    """Return the sources an address may be.

    Raises:
        SourceError: The page did not come.

    Cost: one to four requests, and half a second for each lead (a load, a worker).
    """
    has_key = bool(desk.environment.get("MOA_YOUTUBE_KEY"))
    seen = probe(url, desk.http, desk.presets(), desk.policy, has_key=has_key)
    made: list[tuple[Lead, Proven]] = []
    warnings: list[tuple[str, str]] = []
    for lead in seen.leads:
        got = prove(lead, seen, desk, wish)
        if isinstance(got, Proven):
            made.append((lead, got))
        else:
            warnings.append(got)
    return Read(
        candidates=tuple(one for _lead, one in made),
        leads=tuple(lead for lead, _one in made),
        warnings=tuple(warnings),
        probe=seen,
    )


def prove(lead: Lead, seen: Probe, desk: Desk, wish: Wish) -> Proven | tuple[str, str]:
    """Return a lead as a proved source, or ``(code, sentence)`` of why it is not offered."""
    made = drafted(lead, seen, desk, wish)
    return proved(made, lead, desk)


def drafted(lead: Lead, seen: Probe, desk: Desk, wish: Wish) -> Draft:
    """Return a lead with a name, an id and what people are told about it."""
    url = str(lead.keys.get("url") or seen.page.url)
    name = wish.name or _name(lead, seen)
    source_id = wish.id or naming.propose_id(url, name, lead.kind, desk.taken)
    keys: dict[str, Value] = {"id": source_id, "name": name, **lead.keys}
    if lead.kind == "board" and not lead.is_course:
        keys["expect"] = {"min_items": 1}
    if desk.permission:
        keys["robots"] = {"owner-permission": desk.permission}
    day = desk.now.astimezone(ZoneInfo("Asia/Seoul")).date().isoformat()
    head = (_("{day}에 moa source new로 만들었습니다").format(day=day),)
    return Draft(keys=keys, agency=wish.agency or agency_of(desk, url) or seen.site, head=head)


def proved(made: Draft, lead: Lead, desk: Desk) -> Proven | tuple[str, str]:
    """Return a draft as a proved source: its text loads, and what it reads is what was seen."""
    text = draft.text(made)
    spec, wrong = loaded(desk, text.encode(), _STAND_IN, str(made.keys["id"]))
    if spec is None:
        return told("not-loaded", "; ".join(one.message for one in wrong))
    page = lead.page
    if page is not None and lead.rows is not None and not _as_seen(spec, page, lead, desk):
        return told("rows-differ", str(made.keys.get("rows", "")))
    got = (
        trial.read(spec, page, desk.registry, now=desk.now)
        if page
        else trial.live(spec, desk.http, desk.registry, now=desk.now)
    )
    if got.error is not None or not got.entries:
        why = got.error.message if got.error else sentence("empty-list")
        return told("not-read", f"{_where(made)} - {why}")
    coverage = _coverage(got.entries) | dict(lead.coverage)
    warnings = [told(code, what) for code, what in lead.warnings]
    warnings += [one for one in got.warnings if one[0] in _OF_THE_PLACE]
    if not any(entry.published for entry in got.entries) and not lead.is_course:
        warnings.append(told("feed-no-date" if lead.kind == "feed" else "no-date"))
    return Proven(
        kind=lead.kind,
        confidence=lead.confidence,
        draft=made,
        yaml=text,
        spec=spec,
        entries=got.entries,
        documents=(page,) if page else got.documents,
        coverage=coverage,
        warnings=tuple(warnings),
        unverified=lead.unverified,
        is_course=lead.is_course,
    )


def _as_seen(spec: p.SourceSpec, page: p.Document, lead: Lead, desk: Desk) -> bool:
    plugin = desk.registry.source(spec.kind)
    try:
        items = list(plugin.parse(spec.options, p.Fetched(documents=(page,))))
    except p.SourceError:
        return False
    return same_rows(lead.rows or (), items)


def _name(lead: Lead, seen: Probe) -> str:
    if lead.kind == "youtube":
        return f"{seen.name or seen.site} {_('유튜브')}".strip()
    if lead.kind == "gseek":
        return f"{seen.name or seen.site} {_('강좌')}".strip()
    title = lead.title if lead.kind == "feed" and not seen.name else ""
    return title or seen.name or seen.site or urlsplit(seen.page.url).hostname or _("새 소스")


def _where(made: Draft) -> str:
    return str(made.keys.get("preset") or made.keys.get("url") or made.keys.get("channel") or made.keys["id"])


def _coverage(entries: Sequence[p.Entry]) -> dict[str, float]:
    def share(said: list[object]) -> float:
        return round(sum(map(bool, said)) / len(said), 3)

    return {
        "title": share([entry.title for entry in entries]),
        "link": share([entry.url for entry in entries]),
        "date": share([entry.published for entry in entries]),
    }


def corrected(one: Proven, changes: Mapping[str, Value], desk: Desk) -> Proven | tuple[str, str]:
    """Return a candidate with places an editor pointed at; ``None`` takes one out. Or why that cannot be read."""
    keys = {**one.draft.keys, **changes}
    if "preset" in one.draft.keys:  # what a preset says is covered by an empty text
        keys |= {key: "" for key, value in changes.items() if value is None}
    if "date" in changes:
        keys["date_pattern"] = None
    kept = {key: value for key, value in keys.items() if value is not None}
    return again(one, replace(one.draft, keys=kept), desk)


def renamed(one: Proven, source_id: str, name: str, agency: str, desk: Desk) -> Proven | tuple[str, str]:
    """Return a candidate under the names an editor gave, or why they cannot be used."""
    made = replace(one.draft, keys={**one.draft.keys, "id": source_id, "name": name}, agency=agency)
    return again(one, made, desk)


def again(one: Proven, made: Draft, desk: Desk) -> Proven | tuple[str, str]:
    """Prove a changed draft on the documents at hand; nothing is fetched, what was found out of the candidate stays."""
    text = draft.text(made)
    spec, wrong = loaded(desk, text.encode(), _STAND_IN, str(made.keys["id"]))
    if spec is None:
        return told("not-loaded", "; ".join(problem.message for problem in wrong))
    got = trial.again(spec, one.documents, desk.registry, now=desk.now)
    if got.error is not None or not got.entries:
        return told("not-read", got.error.message if got.error else sentence("empty-list"))
    return replace(
        one, draft=made, yaml=text, spec=spec, entries=got.entries, coverage={**one.coverage, **_coverage(got.entries)}
    )
