"""Everything people configured, resolved before the walk.

What does not live here: reading and checking it (``settings/``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pipeline.model import limits
from pipeline.model.base import Value, value

if TYPE_CHECKING:
    from pipeline.model.errors import Problem
    from pipeline.model.facets import FacetWords
    from pipeline.model.items import Kind
    from pipeline.model.places import SourceSpec
    from pipeline.model.web import FetchRules


@value
class Institute(Value):
    """Who publishes; from ``moa.yaml``.

    Attributes:
        site_url: Where the website will stand, without a trailing slash; links in mail and Kakao lead there.
        tag_authority: Domain and date of ``tag:`` URIs (RFC 4151), fixed for ever, e.g. ``learn.example.go.kr,2026``.
    """

    name: str
    site_url: str = ""
    tag_authority: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    kakao_url: str = ""
    unsubscribe_url: str = ""
    language: str = "ko"


@value
class ChannelSpec(Value):
    """One configured way out: renderer + transport + audience.

    Attributes:
        opens, closes: Seoul wall-clock ``HH:MM`` between which it may send; equal means always.
        approval: ``auto``, ``manual``, or ``auto-after``: it leaves by itself unless a person holds it in time.
        approval_after_h: How long ``auto-after`` waits for that person.
        empty: ``skip`` (nothing is sent when nothing is new) or ``note``.
        arm: Whether sending needs the arm key (it reaches people).
    """

    id: str
    renderer: str
    renderer_options: Any = None
    transport: str | None = None
    transport_options: Any = None
    audience: str = "all"
    opens: str = "00:00"
    closes: str = "00:00"
    fresh_h: float = limits.FRESHNESS_H
    approval: Literal["auto", "manual", "auto-after"] = "auto"
    approval_after_h: float = 0.0
    empty: Literal["skip", "note"] = "skip"
    enabled: bool = True


@value
class DigestSpec(Value):
    """One configured digest.

    Attributes:
        title: With ``{date}``, e.g. ``시흥 배움소식 {date}``.
        schedule: ``daily`` or weekdays (``mon`` … ``sun``) on which an edition is due.
        sources, topics, kinds: Filters; empty means all.
        audiences: Words for whom it is; a story must name one in its title or target group. Empty means all.
        cap: Most cards.
        channels: Channel ids, in order.
    """

    id: str
    title: str
    schedule: tuple[str, ...] = ("daily",)
    sources: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    cap: int = limits.DIGEST_ITEMS
    channels: tuple[str, ...] = ()


@value
class Settings(Value):
    """All configuration, resolved before the walk; nothing reads it midway.

    Attributes:
        project: Absolute path of the project folder.
        output: Absolute path of ``output/``.
        store_url: SQLAlchemy URL.
        facets: Words that tell stories apart; ``None`` joins by exact rules only.
        report: The way the night's report goes to the operator; ``None`` when it is only printed and kept.
        report_always: Also on a night nobody must act upon.
        config_hash: Hash of every configuration file's bytes.
        problems: Mistakes that disabled something (the sources concerned are left out of ``sources``).
        secret_names: Environment names whose values must never be printed.
    """

    project: str
    output: str
    store_url: str
    institute: Institute
    fetch: FetchRules
    sources: tuple[SourceSpec, ...]
    digests: tuple[DigestSpec, ...]
    channels: tuple[ChannelSpec, ...]
    report: ChannelSpec | None = None
    report_always: bool = False
    facets: FacetWords | None = None
    problems: tuple[Problem, ...] = ()
    config_hash: str = ""
    secret_names: tuple[str, ...] = ()
    environment: str = "production"
    run_deadline_s: float = limits.RUN_DEADLINE_S
