"""The order of the night: collect → publish → deliver what is due, under one lock, with one report.

What does not live here: what the rooms do; reading the clock (the ways in hand it over, ADR-0013).
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from pathlib import Path

import pipeline.model as p
from pipeline import i18n
from pipeline import report as reports
from pipeline.model.base import Value, record, value
from pipeline.store.store import Store
from pipeline.wiring import House

_CHANGED = (p.Health.CONTAINER_MISSING, p.Health.DRIFTING)
ROOMS = ("collect", "publish", "deliver")
_ROBOTS_MEMORY = "robots"
_DELIVER_ONLY = ("deliver",)


@value
class Plan(Value):
    """What one run shall do.

    Attributes:
        rooms: Which of collect, publish, deliver, in that order.
        only: Source ids; empty means all enabled ones.
        is_dry: Fetch, parse and render, but keep and send nothing.
        may_send: False when a person at a terminal did not ask for sending: folders are written, people are not reached.
        progress: Called after each source.
        pictures: Called after each picture with (done, total).
    """

    rooms: Collection[str] = ROOMS
    only: tuple[str, ...] = ()
    is_dry: bool = False
    may_send: bool = True
    progress: Callable[[int, int, p.SourceRun], None] | None = None
    pictures: Callable[[int, int], None] | None = None


@record
class _Night:
    """The run under way."""

    house: House
    store: Store
    plan: Plan
    now: datetime
    report: p.RunReport
    errors: list[p.PipelineError] = field(default_factory=list)


def run(house: House, plan: Plan) -> p.RunReport:
    """Run the planned rooms and return the report; the same command again repairs a run that died anywhere.

    Raises:
        LockedError: Another run holds the lock; nothing was changed.
        StoreError: The store cannot be used at all.
    """
    began = time.monotonic()
    now = house.clock()
    run_id = f"{now:%Y%m%dT%H%M%SZ}-{os.urandom(3).hex()}"
    with house.store() as store, store.lock():
        report = p.RunReport(
            run=run_id, as_of=now, started_at=now, is_dry=plan.is_dry, problems=house.settings.problems
        )
        night = _Night(house, store, plan, now, report)
        if tuple(plan.rooms) == _DELIVER_ONLY and not store.deliveries.has_work():
            return report  # every ten minutes, and nearly always nothing: no row, no file
        if not plan.is_dry:
            store.runs.start(run_id, as_of=now, now=now)
        _walk(night)
        report = replace(night.report, errors=(*night.report.errors, *night.errors), seconds=time.monotonic() - began)
        if not plan.is_dry:
            _close(night, report)
    return report


def _walk(night: _Night) -> None:
    """Go through the planned rooms; the door to the web is open only in those that use it.

    Making pages forks, which a process with threads, such as those that look names up, must not.
    """
    memory: dict[str, Mapping[str, p.Json]] = dict(night.store.digests.get_meta(_ROBOTS_MEMORY) or {})
    before = dict(memory)
    if "collect" in night.plan.rooms:
        with night.house.http(memory) as http:
            _collect(night, http)
    if "publish" in night.plan.rooms:
        _publish(night)
    if "deliver" in night.plan.rooms and night.store.deliveries.has_work():
        with night.house.http(memory) as http:
            _deliver(night, http)
    if memory != before and not night.plan.is_dry:
        with night.store.transaction():
            night.store.digests.set_meta(_ROBOTS_MEMORY, memory)


def _collect(night: _Night, http: p.Http) -> None:
    from pipeline.collect.run import Night, collect  # noqa: PLC0415 - a room is opened when it is walked into

    settings = night.house.settings
    wanted = night.plan.only
    specs = [s for s in settings.sources if (s.id in wanted if wanted else s.enabled)]
    room = Night(
        specs=specs,
        store=night.store,
        http=http,
        plugins=night.house.registry,
        now=night.now,
        concurrency=settings.fetch.concurrency,
        deadline_s=settings.run_deadline_s,
        is_dry=night.plan.is_dry,
        progress=night.plan.progress,
    )
    lines = _mended(night, http, specs, collect(room))
    if not night.plan.is_dry and any(spec.policy.images for spec in specs):
        lines = _pictured(night, http, lines, room.pictures)
    night.report = replace(night.report, sources=lines)


def _pictured(
    night: _Night, http: p.Http, lines: tuple[p.SourceRun, ...], wanted: Sequence[p.KnownPicture]
) -> tuple[p.SourceRun, ...]:
    """Fetch the pictures of tonight's entries, and add to each source's line what became of them."""
    from pipeline.collect import media  # noqa: PLC0415 - as above

    settings = night.house.settings
    hanging = media.Hanging(
        specs={spec.id: spec for spec in settings.sources if spec.policy.images},
        store=night.store,
        http=http,
        output_dir=settings.output,
        uses=lambda: _uses(night.house),
        now=night.now,
        progress=night.plan.pictures,
    )
    media.hang(hanging, wanted)
    return tuple(media.told(line, hanging.told.get(line.source_id, ())) for line in lines)


def _uses(house: House) -> frozenset[p.Use]:
    """What files of a picture the configured channels show; a broken renderer shows none."""
    found: set[p.Use] = set()
    for name in {channel.renderer for channel in house.settings.channels if channel.enabled}:
        with contextlib.suppress(p.PluginError):
            found |= getattr(house.registry.renderer(name), "PICTURES", frozenset())
    return frozenset(found)


def _mended(
    night: _Night, http: p.Http, specs: Sequence[p.SourceSpec], lines: tuple[p.SourceRun, ...]
) -> tuple[p.SourceRun, ...]:
    """Repair the sources whose page changed its shape tonight, where an editor allowed it (``repair: auto``)."""
    changed = {line.source_id for line in lines if line.verdict.health in _CHANGED}
    allowed = {spec.id: spec for spec in specs if spec.id in changed and spec.repair == "auto"}
    if not allowed or night.plan.is_dry:
        return lines
    from pipeline import mending  # noqa: PLC0415 - a rare thing

    house, states = night.house, night.store.source_states.all()
    told = {}
    for name, spec in allowed.items():
        shop = mending.Workshop(plugins=house.registry, store=night.store.entries, state=states[name], now=night.now)
        told[name] = mending.mend(spec, Path(house.settings.project), http, shop)
    return tuple(
        replace(line, warnings=(*line.warnings, told[line.source_id])) if line.source_id in told else line
        for line in lines
    )


def _publish(night: _Night) -> None:
    from pipeline.publish.run import publish  # noqa: PLC0415

    settings = night.house.settings
    with i18n.speaking(settings.institute.language):  # what citizens read follows the institute, not the terminal
        result = publish(
            settings,
            night.store,
            night.house.registry,
            now=night.now,
            as_of=night.now,
            dry_run=night.plan.is_dry,
        )
    night.report = replace(night.report, publish=result)


def _deliver(night: _Night, http: p.Http) -> None:
    from pipeline.deliver.run import Round, deliver  # noqa: PLC0415

    house = night.house
    if not night.plan.is_dry and "publish" not in night.plan.rooms:
        night.errors.extend(_bring_approved(night))
    deliveries, errors = deliver(
        Round(
            channels={c.id: c for c in (*house.settings.channels, house.settings.report) if c is not None},
            store=night.store,
            http=http,
            plugins=house.registry,
            output_dir=house.output_dir,
            clock=house.clock,
            is_armed=house.is_armed(night.store) and night.plan.may_send,
            is_dry=night.plan.is_dry,
            is_replay=house.is_replay,
        )
    )
    night.report = replace(night.report, deliveries=deliveries)
    night.errors.extend(errors)


def _bring_approved(night: _Night) -> tuple[p.PipelineError, ...]:
    """What a person approved must be what stands now: else it waits for that person again (CS7)."""
    from pipeline.publish.instep import bring_approved  # noqa: PLC0415 - where something was approved

    house = night.house
    return bring_approved(house.settings, night.store, house.registry, now=night.now)


def _close(night: _Night, report: p.RunReport) -> None:
    """Keep the run's report in the store; ``output/reports`` holds the newest for people and watchdogs.

    The morning report stays until the next night: deliveries between have one of their own.
    """
    from pipeline import output  # noqa: PLC0415

    if "collect" in night.plan.rooms and night.house.settings.report is not None:
        from pipeline import morning  # noqa: PLC0415 - where somebody wants it sent

        morning.plan(night.house.settings, night.store, report, now=night.house.clock())
    told, code = reports.to_json(report), reports.exit_code(report)
    kept = night.store.runs.finish(report.run, exit_code=code, report=told, now=night.house.clock())
    text = "\n".join(reports.lines(report)) + "\n"
    name = "deliver" if tuple(night.plan.rooms) == _DELIVER_ONLY else "latest"
    output.write_report(night.house.output_dir, f"{name}.txt", text.encode())
    output.write_report(night.house.output_dir, f"{name}.json", f"{kept}\n".encode())
