"""New selectors for a list that changed its shape: proposed from today's page and what is stored, written on request only.

What does not live here: finding lists (``discover``), reading them (``sources``), editing a file (``settings/yamledit``), asking a
person (``cli/source_repair``). Source: extraction §5, ADR-0025.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pipeline.model as p
from pipeline.collect import judge, trial
from pipeline.collect.identity import matches
from pipeline.collect.profile import usual
from pipeline.collect.run import Plugins
from pipeline.collect.settling import Remembering
from pipeline.discover.induce import Candidate, induce
from pipeline.discover.known import KnownRow
from pipeline.discover.placed import placed
from pipeline.discover.repair import repair as remember
from pipeline.settings import yamledit
from pipeline.settings.yamledit import Value

SURE: Final = 0.6  # share of the stored rows that must come back before a repair may be made unasked (extraction §5)
_PLAIN: Final = 0.9  # so many rows back, and no other list need be tried
_MEMORY: Final = 60  # newest stored titles that are looked for
_FIRM: Final = 0.5  # confidence of induction; below, selectors may only count places and wait for a person
_COVERED: Final = 0.25  # a field may be this much rarer than usual
_FACTS: Final = ("pinned", "number", "department", "author", "category", "status", "remove", "course")
_LINKS: Final = ("link", "link_pattern", "link_template")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One repair, tried on today's page with the very board that will read it.

    Attributes:
        changes: Keys of the source's YAML; ``None`` takes one out.
        entries: What the page gives then.
        overlap: Share of the last good list's rows that come back, 0-1; 0 where nothing is stored. Half a list is not sure.
        confidence: 0-1.
        is_sure: Enough to be made unasked: overlap both ways, every usual field, a healthy verdict, no guessed address.
        spec: The source as repaired.
    """

    changes: Mapping[str, Value]
    entries: tuple[p.Entry, ...]
    overlap: float
    confidence: float
    is_sure: bool
    spec: p.SourceSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What repairs need: plugins, what is stored, the state of the source, the hour."""

    plugins: Plugins
    store: Remembering
    state: p.SourceState
    now: datetime


def proposals(spec: p.SourceSpec, page: p.Document, shop: Workshop) -> tuple[Proposal, ...]:
    """Return repairs of one source for today's page, best first; empty where no list is found that knows the stored rows.

    Cost: one or two inductions (about 100 ms each) and a parse in a worker process for each that is tried, mostly one or two.
    """
    made: list[Proposal] = []
    for idea in _ideas(spec, page, shop):
        for changes in (idea.changes, {**idea.changes, "key": None}) if _has_key(spec) else (idea.changes,):
            proposal = _tried(spec, page, replace(idea, changes=changes), shop)
            if proposal is not None:
                made.append(proposal)
        if any(one.is_sure and one.overlap >= _PLAIN for one in made):
            break
    made.sort(key=lambda one: (-one.is_sure, -round(one.confidence, 2), len(one.changes)))
    known = [one for one in made if one.overlap > 0]
    return tuple(known or made)


@dataclass(frozen=True, slots=True)
class _Idea:
    """Changes that may read the page, before they are tried."""

    changes: Mapping[str, Value]
    confidence: float
    unverified: tuple[str, ...]


def _ideas(spec: p.SourceSpec, page: p.Document, shop: Workshop) -> Iterator[_Idea]:
    """First what row memory repairs; then lists that look like one; then those in which known titles stand, named or not."""
    stored = [one for one in shop.store.recent(spec.id) if one.title and one.gone_at is None][:_MEMORY]
    known = [KnownRow(title=one.title, date=one.published.raw if one.published else "") for one in stored]
    own: dict[str, Any] = spec.options.model_dump(exclude_unset=True, by_alias=True, exclude={"url"})
    recipe = {name: _plain(value) for name, value in own.items()}
    found = remember(page, known, recipe) if known else None
    if found is not None:
        changes: dict[str, Any] = {name: new for name, (_old, new) in found.changed.items()}
        yield _Idea(changes, found.confidence, found.unverified)
    finders: tuple[Callable[[], tuple[Candidate, ...]], ...] = (
        lambda: induce(page, known=known),
        lambda: placed(page, known),
    )
    seen: list[Mapping[str, object]] = []
    for find in finders:
        for candidate in find():
            if candidate.recipe not in seen:
                seen.append(candidate.recipe)
                yield _Idea(_changes(spec, candidate, shop.state), candidate.confidence, candidate.unverified)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _has_key(spec: p.SourceSpec) -> bool:
    return bool(getattr(spec.options, "key", ""))


def is_healthy(spec: p.SourceSpec, page: p.Document, shop: Workshop) -> bool:
    """Whether the source as configured reads this page well: then there is nothing to repair."""
    got = trial.read(spec, page, shop.plugins, now=shop.now)
    if got.error is not None or not got.entries:
        return False
    overlap, verdict = _compared(got.entries, spec, shop, of=len(got.entries))
    return verdict.health is p.Health.OK and (overlap >= SURE or shop.state.first_run_at is None)


def _changes(spec: p.SourceSpec, candidate: Candidate, state: p.SourceState) -> dict[str, Value]:
    """Only what the recipe says otherwise than the source."""
    held: dict[str, Any] = spec.options.model_dump(exclude_unset=True, by_alias=True)
    recipe: dict[str, Any] = dict(candidate.recipe)
    wanted: dict[str, Any] = {"rows": recipe["rows"], "title": recipe["title"], "container": None}
    if "date" in held or (usual(state.profile, "dated", least=1) or 0) >= 0.5:
        wanted |= {"date": recipe.get("date"), "date_pattern": recipe.get("date_pattern")}
    wanted |= {name: recipe.get(name) for name in _LINKS}
    wanted |= {name: recipe.get(name) for name in _FACTS if name in held or name == "remove"}
    return {
        name: value
        for name, value in wanted.items()
        if (name in held if value is None else not _is_same(held.get(name), value))
    }


def _is_same(held: Any, value: Any) -> bool:
    return bool((list(held) if isinstance(held, tuple) else held) == value)


def _tried(spec: p.SourceSpec, page: p.Document, idea: _Idea, shop: Workshop) -> Proposal | None:
    changes = idea.changes
    changed = _changed(spec, changes, shop)
    got = trial.read(changed, page, shop.plugins, now=shop.now) if changed is not None else None
    if changed is None or got is None or got.error is not None or not got.entries:
        return None
    overlap, verdict = _compared(got.entries, changed, shop)
    is_covered = verdict.health is p.Health.OK and _is_covered(dict(verdict.numbers), shop.state)
    known = dict(verdict.numbers).get("known", 0.0)  # of what is listed: rows nobody knows may be a menu's
    has_memory = shop.state.first_run_at is not None
    told = 2 * overlap * known / (overlap + known) if overlap and known else 0.0
    confidence = 0.7 * told + 0.3 * idea.confidence if has_memory else 0.7 * idea.confidence
    guessed = bool(set(idea.unverified) & changes.keys())
    return Proposal(
        changes=changes,
        entries=got.entries,
        overlap=overlap,
        confidence=round(confidence * (1.0 if is_covered else 0.5), 2),
        is_sure=min(overlap, known) >= SURE and is_covered and not guessed and idea.confidence >= _FIRM,
        spec=changed,
    )


def _changed(spec: p.SourceSpec, changes: Mapping[str, Value], shop: Workshop) -> p.SourceSpec | None:
    held = spec.options.model_dump(exclude_unset=True, by_alias=True) | changes
    try:
        options = shop.plugins.source(spec.kind).Options(**{k: v for k, v in held.items() if v is not None})
    except ValueError:
        return None  # pydantic's: a selector the board does not understand
    return replace(spec, options=options, options_hash=shop.state.options_hash)


def _compared(
    entries: Sequence[p.Entry], spec: p.SourceSpec, shop: Workshop, *, of: int = p.limits.ITEMS_PER_FETCH
) -> tuple[float, p.Verdict]:
    """The share of the last list's rows (of ``of`` at most) that come back, and the night's own verdict on the list."""
    keys, hashes = [e.key for e in entries], [e.url_hash for e in entries if e.url_hash]
    known, recent = shop.store.known(spec.id, keys, hashes), shop.store.recent(spec.id)
    found = matches(entries, known, recent)
    listed = int(shop.state.profile[-1].get("listed", 0)) if shop.state.profile else len(recent)
    verdict = judge.judge(entries, spec, shop.state, found=found, now=shop.now)
    return min(len(found) / max(min(of, listed, len(recent)), 1), 1.0), verdict


def _is_covered(numbers: Mapping[str, float], state: p.SourceState) -> bool:
    for name in ("dated", "linked"):
        usually = usual(state.profile, name, least=1)
        if usually is not None and usually - numbers.get(name, 0.0) > _COVERED:
            return False
    return True


def written(project: Path, spec: p.SourceSpec, changes: Mapping[str, Value]) -> tuple[bytes, bytes]:
    """Return the source's file before and after the change; nothing is written.

    Raises:
        ConfigError: The file cannot be edited line by line.
    """
    before = (project / spec.where[0]).read_bytes()
    own = yamledit.keys(before, spec.where[0], spec.id)
    said = {name: "" if value is None and name not in own else value for name, value in changes.items()}
    return before, yamledit.edited(before, spec.where[0], spec.id, said)  # "" covers what a preset says


def write(project: Path, spec: p.SourceSpec, body: bytes) -> None:
    """Put a file of the configuration in its place at once."""
    path = project / spec.where[0]
    aside = path.with_name(f".{path.name}.new")
    aside.write_bytes(body)
    aside.chmod(path.stat().st_mode & 0o777)
    aside.replace(path)


def mend(spec: p.SourceSpec, project: Path, http: p.Http, shop: Workshop) -> tuple[str, str]:
    """Repair a source an editor allowed it for (``repair: auto``), and say so; two fetches must agree.

    Returns:
        A warning for the report: ``("repaired", keys)``, or ``("unrepaired", why)``: then a person must look.

    Cost: two requests and two rounds of ``proposals``; only for a source that drifted tonight.
    """
    try:
        first, second = (proposals(spec, trial.first_page(spec, http, shop.plugins), shop)[:1] for _ in range(2))
        if not first or not second or not first[0].is_sure or not second[0].is_sure:
            return "unrepaired", "unsure"
        if dict(first[0].changes) != dict(second[0].changes):
            return "unrepaired", "two fetches differ"
        write(project, spec, written(project, spec, first[0].changes)[1])
    except (p.PipelineError, OSError) as error:
        return "unrepaired", str(error)
    return "repaired", ", ".join(sorted(first[0].changes))
