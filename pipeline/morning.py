"""The night's report as a sending of its own: one a day to the operator, in the outbox like everything that reaches people.

What does not live here: what the report says (``report.py``), how it leaves (``transports``), when (``deliver``).
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from typing import Final

import pipeline.model as p
from pipeline import output
from pipeline import report as reports
from pipeline.i18n import _
from pipeline.model import windows
from pipeline.store.store import Store

MEDIA_TYPE: Final = "application/vnd.moa.report+json"


def plan(settings: p.Settings, store: Store, report: p.RunReport, *, now: datetime) -> p.Delivery | None:
    """Plan the sending of a night's report where ``report:`` asks for it; the first of a Seoul date is the one that goes.

    Returns:
        The planned sending; ``None`` where none is configured, nobody must act (``when: act``), or today's is planned already.

    Raises:
        StoreError: It could not be written.

    Cost: one indexed query; a file and a row once a day.
    """
    channel = settings.report
    code = reports.exit_code(report)
    if channel is None or channel.transport is None or (code == reports.EXIT_DONE and not settings.report_always):
        return None
    edition = f"report/{windows.seoul_date(now).isoformat()}"
    name = f"{edition}/{channel.id}/{channel.audience}/0"
    if store.deliveries.get([name]):
        return None
    head = _("[{name}] 밤 작업 보고").format(name=settings.institute.name)
    told = {"schema": "moa-report/1", "exit": code, "text": "\n".join((head, *reports.lines(report)))}
    body = json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")
    artifacts = (p.Artifact(path="report.json", media_type=MEDIA_TYPE, body=body),)
    sha256 = output.hash_of(artifacts)
    output.write_rendering(
        settings.output, p.Rendering(digest_id=edition, channel=channel.id, sha256=sha256, artifacts=artifacts)
    )
    delivery = p.Delivery(
        id=name,
        edition_id=edition,
        channel=channel.id,
        transport=channel.transport,
        audience=channel.audience,
        rendering_sha256=sha256,
        idempotency_key=hashlib.sha256(f"{name}\0{sha256}".encode()).hexdigest()[:32],
        not_before_at=windows.next_opening(now, channel.opens, channel.closes)[0],
        expires_at=now + timedelta(hours=channel.fresh_h),
        created_at=now,
    )
    store.deliveries.enqueue([delivery], now=now)
    return delivery
