"""Asking the web: requests, documents and the rules they obey.

What does not live here: how it is done (``http``).
"""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from pipeline.model import limits
from pipeline.model.base import Memo, Value, value


class Robots(StrEnum):
    """Whether robots.txt is obeyed for one source (RFC 9309)."""

    OBEY = "obey"
    OWNER_PERMISSION = "owner-permission"


@value
class TlsRules(Value):
    """Per-source TLS exceptions, each spelled out; verification itself has no off switch.

    Attributes:
        ca_file: Extra CA bundle (PEM path) for servers that forget their intermediate.
        seclevel: OpenSSL security level, 1 for small DH keys; ``None`` keeps the default (2).
        legacy_renegotiation: Allow servers without RFC 5746.
    """

    ca_file: str | None = None
    seclevel: int | None = None
    legacy_renegotiation: bool = False

    @property
    def relaxed(self) -> str:
        """The exceptions as the editor spelled them, ``""`` when there is none."""
        told = (
            f"ca_file: {self.ca_file}" if self.ca_file else "",
            f"seclevel: {self.seclevel}" if self.seclevel is not None else "",
            "legacy_renegotiation: true" if self.legacy_renegotiation else "",
        )
        return ", ".join(part for part in told if part)


@value
class FetchPolicy(Value):
    """How one source may be fetched; merged from ``fetch:`` and the source's own keys.

    Attributes:
        robots: Obey robots.txt, or a recorded owner permission stands in ``permission``.
        permission: "who, when" of the owner's permission.
        tls: TLS exceptions.
        headers: Extra request headers, sent to the source's own origin only.
        max_bytes: Cap of an inflated body.
        timeout_s: Stall limit and connect limit are derived; this is one request's total.
        deadline_s: Total for the source's whole conversation.
        images: Whether the one picture of a new or changed entry is fetched for our own copies (ADR-0029).
    """

    robots: Robots = Robots.OBEY
    permission: str = ""
    tls: TlsRules = field(default_factory=TlsRules)
    headers: tuple[tuple[str, str], ...] = ()
    max_bytes: int = limits.BODY_BYTES
    timeout_s: float = limits.SOURCE_DEADLINE_S
    deadline_s: float = limits.LIST_DEADLINE_S
    images: bool = False


@value
class FetchRules(Value):
    """The ``fetch:`` section of ``moa.yaml``: what holds for every request of this installation.

    Attributes:
        user_agent: Honest name with a contact address.
        concurrency: Transfers at once.
        per_host: Connections at once to one host.
        gap_s: Least seconds between two request starts to one host; hosts in ``allow_private`` have none, they are ours.
        timeout_s: Total of one request.
        deadline_s: Total of one source's conversation.
        max_bytes: Cap of an inflated body.
        allow_private: Exact ``host`` or ``host:port`` that may be fetched although the address is not public.
        images: What sources that do not say otherwise do about pictures.
    """

    user_agent: str = ""
    concurrency: int = limits.CONCURRENCY
    per_host: int = limits.PER_HOST
    gap_s: float = limits.HOST_GAP_S
    timeout_s: float = limits.SOURCE_DEADLINE_S
    deadline_s: float = limits.LIST_DEADLINE_S
    max_bytes: int = limits.BODY_BYTES
    allow_private: tuple[str, ...] = ()
    images: bool = False


class Purpose(StrEnum):
    """What a request is for: robots.txt binds pages only (feeds and APIs are made for machines, P14)."""

    PAGE = "page"
    FEED = "feed"
    API = "api"


@value
class Request(Value):
    """One request a source's conversation asks for.

    Attributes:
        url: Absolute http or https URL.
        method: What is asked; only a ``GET`` is ever tried again.
        headers: Extra headers of this request.
        body: Form, JSON or multipart bytes of a POST or PUT.
        purpose: Whether robots.txt applies.
        conditional: Send stored validators and compare the body with the last good one. The answer may then be a
            ``Document`` with ``is_unchanged`` and no body.
        etag: Validator to send verbatim; filled in by the loop, never by a plugin.
        last_modified: The same for ``If-Modified-Since``.
        policy: Filled in by the loop from the source's settings.
        retry: Transient failures are tried again (GET only); what changes something never is.
        budget: Name of an allowance that sources share (``youtube:MOA_YOUTUBE_KEY``), ``""`` for none: once it is spent,
            nobody draws on it any more this run.
        spent: Budgets this conversation found spent and goes on without, each with the UTC instant until which.
        follow: Redirects are followed; without, one is a ``RefusedError`` (``redirect``): no answer may lead elsewhere.
    """

    url: str
    method: Literal["GET", "POST", "PUT", "DELETE"] = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    purpose: Purpose = Purpose.PAGE
    conditional: bool = True
    etag: str | None = None
    last_modified: str | None = None
    policy: FetchPolicy = field(default_factory=FetchPolicy)
    retry: bool = True
    budget: str = ""
    spent: tuple[tuple[str, datetime | None], ...] = ()
    follow: bool = True


@value
class Document(Value):
    """Bytes that came.

    Attributes:
        url: Final URL after redirects; the base of relative links.
        requested_url: What was asked for.
        permanent_url: Where a chain of 301/308 from ``requested_url`` ends; ``None`` when it was not moved for good.
        status: HTTP status.
        media_type: Lower-case type without parameters, ``""`` when the server said none.
        charset: ``charset`` parameter of Content-Type as sent, ``""`` when none.
        headers: Lower-case names, values as sent.
        body: Inflated bytes, at most the cap; empty when unchanged by 304.
        body_hash: blake2b-128 hex of ``body``; of the last good body when unchanged.
        etag, last_modified: Validators as sent.
        fetched_at: UTC.
        is_unchanged: 304, or a body equal to the last one that was stored.
    """

    url: str
    requested_url: str = ""
    permanent_url: str | None = None
    status: int = 200
    media_type: str = ""
    charset: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    body_hash: str = ""
    etag: str | None = None
    last_modified: str | None = None
    fetched_at: datetime
    is_unchanged: bool = False


@value
class Fetched(Value):
    """What a conversation ends with; ``parse`` needs nothing else.

    Attributes:
        documents: In the order ``parse`` expects; may be reduced to unknown items by the source.
        memo: The next memo, stored only if everything after it succeeds.
        carried: Items of the documents that were known byte for byte and left out of ``documents``.
        warnings: Codes with a sentence, e.g. ``("ill-formed", "https://…")``; shown in the report.
    """

    documents: tuple[Document, ...]
    memo: Memo = field(default_factory=dict)
    carried: int = 0
    warnings: tuple[tuple[str, str], ...] = ()
