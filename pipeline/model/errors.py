"""The error tree, sorted by who must act; errors travel as values from the first step on.

What does not live here: sentences for people (``settings/messages.py``, ``report.py``).

    PipelineError
    ├─ ConfigError            EDITOR     carries every problem of all files
    ├─ SourceError            one source; the night goes on
    │  ├─ FetchError          NOBODY     transient; .retry_after_s
    │  ├─ QuotaError          OPERATOR   stop until the stated time; never retried tonight
    │  ├─ RefusedError        OPERATOR   401/403, robots, TLS, a forbidden address
    │  ├─ GoneError           EDITOR     404/410
    │  ├─ ShapeError          EDITOR     the page changed (by its code: also OPERATOR, DEVELOPER or NOBODY)
    │  └─ SuddenlyEmptyError  EDITOR     list present and empty, but history says otherwise
    ├─ RenderError            DEVELOPER  template bug or budget exceeded; that channel only
    ├─ DeliveryError          one delivery
    │  ├─ NotNowError         NOBODY     outside the window: held, not failed
    │  ├─ RejectedError       EDITOR     content or template refused
    │  ├─ CredentialError     OPERATOR   token, balance, IP list
    │  └─ UnknownOutcomeError OPERATOR   accepted or not? looked up first; never re-sent automatically
    ├─ StoreError             OPERATOR   locked, full, wrong environment stamp
    │  └─ LockedError         NOBODY     another run holds the lock (exit 75)
    └─ PluginError            DEVELOPER  names the file

Source: architecture 5.6, ADR-0012.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from pipeline.model.base import Value, value


class Remedy(StrEnum):
    """Who must act on an error; the report groups by it."""

    NOBODY = "nobody"
    EDITOR = "editor"
    OPERATOR = "operator"
    DEVELOPER = "developer"


class PipelineError(Exception):
    """Something in the pipeline went wrong.

    Attributes:
        subject: The source, digest or delivery id concerned; ``""`` when none.
        hint: What to do about it, one sentence for a person; ``""`` when none.
        code: Stable machine-readable word, e.g. ``fetch-failed``; shown in JSON.
        remedy: Who must act; of the class, and where one class has several causes, of the code.
    """

    remedy: Remedy = Remedy.DEVELOPER
    code: str = "error"

    def __init__(self, message: str = "", *, subject: str = "", hint: str = "", code: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip().splitlines()[0])
        self.subject = subject
        self.hint = hint
        if code is not None:
            self.code = code

    @property
    def message(self) -> str:
        """The one-line sentence given at construction."""
        return str(self)


@value
class Problem(Value):
    """One mistake in one configuration file.

    Attributes:
        file: Path as shown to the editor, relative to the project.
        line: 1-based; 0 when the file as a whole is meant.
        column: 1-based; 0 when the line as a whole is meant.
        code: Stable word such as ``unknown-key``.
        message: A sentence for an editor.
        fix: What to write instead; ``""`` when there is nothing to suggest.
        severity: ``error`` disables the source or stops the night; ``note`` only informs.
        subject: Source id concerned, ``""`` when none.
    """

    file: str
    line: int
    column: int
    code: str
    message: str
    fix: str = ""
    severity: str = "error"
    subject: str = ""


class ConfigError(PipelineError):
    """The configuration has mistakes; every one of them is in ``problems``."""

    remedy = Remedy.EDITOR
    code = "config"

    def __init__(self, problems: tuple[Problem, ...], message: str = "") -> None:
        super().__init__(message or "; ".join(f"{p.file}:{p.line}:{p.column} {p.message}" for p in problems))
        self.problems = problems


class SourceError(PipelineError):
    """One source could not be collected.

    Attributes:
        status: HTTP status of the answer behind it, 0 when there was none.
        body: First bytes of that answer (``limits.ERROR_BODY_BYTES``), for plugins that read an API's reason; never logged.
        at: When it came, UTC; ``None`` when there was no answer.
    """

    code = "source-failed"
    status: int = 0
    body: bytes = b""
    at: datetime | None = None


class FetchError(SourceError):
    """The fetch failed in a way that may pass by itself.

    Attributes:
        retry_after_s: Seconds the server asked us to wait; ``None`` when it said nothing.
        status: HTTP status, 0 when there was no answer.
    """

    remedy = Remedy.NOBODY
    code = "fetch-failed"

    def __init__(
        self,
        message: str = "",
        *,
        subject: str = "",
        hint: str = "",
        code: str | None = None,
        retry_after_s: float | None = None,
        status: int = 0,
    ) -> None:
        super().__init__(message, subject=subject, hint=hint, code=code)
        self.retry_after_s = retry_after_s
        self.status = status


class QuotaError(SourceError):
    """The service's quota is spent; not tried again before ``until``.

    Attributes:
        until: UTC; ``None`` when nobody said.
        budget: Name of the shared allowance that is spent (``Request.budget``), ``""`` when it is this source's own.
    """

    remedy = Remedy.OPERATOR
    code = "quota"
    budget: str = ""

    def __init__(self, message: str = "", *, subject: str = "", hint: str = "", until: datetime | None = None) -> None:
        super().__init__(message, subject=subject, hint=hint)
        self.until = until


class RefusedError(SourceError):
    """The server, robots.txt, TLS or our own address rules refuse this fetch."""

    remedy = Remedy.OPERATOR
    code = "refused"


class GoneError(SourceError):
    """The address answers 404 or 410."""

    remedy = Remedy.EDITOR
    code = "gone"


class ShapeError(SourceError):
    """The document is not of the shape this source expects: the page changed.

    ``code`` is ``container-missing`` for a list that is not there, ``unreadable`` for a document no parser accepts. Who must
    act follows from it: a changed list is repaired in YAML (``drifting``, ``title-missing``, ``missing-page``), ``maintenance`` passes by
    itself, ``login-page`` and ``bot-page`` are between the operator and the site; the rest is the developer's.
    """

    remedy = Remedy.EDITOR
    code = "container-missing"
    _WHO: ClassVar[dict[str, Remedy]] = {
        "container-missing": Remedy.EDITOR,
        "title-missing": Remedy.EDITOR,
        "drifting": Remedy.EDITOR,
        "maintenance": Remedy.NOBODY,
        "login-page": Remedy.OPERATOR,
        "bot-page": Remedy.OPERATOR,
        "missing-page": Remedy.EDITOR,
    }

    def __init__(self, message: str = "", *, subject: str = "", hint: str = "", code: str | None = None) -> None:
        super().__init__(message, subject=subject, hint=hint, code=code)
        self.remedy = self._WHO.get(self.code, Remedy.DEVELOPER)


class SuddenlyEmptyError(SourceError):
    """The list is there but empty, although history says it should not be."""

    remedy = Remedy.EDITOR
    code = "suddenly-empty"


class RenderError(PipelineError):
    """A channel could not be rendered."""

    code = "render-failed"


class DeliveryError(PipelineError):
    """One delivery did not succeed."""

    remedy = Remedy.OPERATOR
    code = "delivery-failed"


class NotNowError(DeliveryError):
    """Outside the permitted window: held, not failed."""

    remedy = Remedy.NOBODY
    code = "not-now"


class RejectedError(DeliveryError):
    """The carrier refused the content."""

    remedy = Remedy.EDITOR
    code = "rejected"


class CredentialError(DeliveryError):
    """The carrier refused our token, balance or address."""

    remedy = Remedy.OPERATOR
    code = "credential"


class UnknownOutcomeError(DeliveryError):
    """The carrier may or may not have accepted; never re-sent automatically."""

    remedy = Remedy.OPERATOR
    code = "unknown-outcome"


class StoreError(PipelineError):
    """The database cannot be used."""

    remedy = Remedy.OPERATOR
    code = "store"


class LockedError(StoreError):
    """Another run holds the lock."""

    remedy = Remedy.NOBODY
    code = "locked"


class PluginError(PipelineError):
    """A plugin file is broken; its kind is disabled."""

    remedy = Remedy.DEVELOPER
    code = "plugin"
