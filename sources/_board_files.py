"""Files attached to new articles: which are asked for, and what they say. Only boards that opt in (``attachment_text``).

What does not live here: reading formats (``text/attached``, in a worker), the articles themselves (``_board_talk``).
Source: ADR-0035.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pipeline.model as p
from pipeline.text import attached
from sources import _board_asking as asking

if TYPE_CHECKING:
    from sources._board_asking import Session
    from sources._board_options import Detail

HEADER: Final = "moa-attached"  # our own header on a file: the identity of its row
_FAILURES: Final = 3
_PAGE_BYTES: Final = 512 * 1024  # a larger article page is read in a worker only, where a stall can be killed


@dataclass(slots=True)
class Files:
    """What one night may still ask for and what came.

    Attributes:
        documents: Files with the identity of their row.
        warnings: Files that did not come, with the reason.
        failures: In a row; after three the site's files are down tonight, and its articles matter more.
        known: Addresses asked for tonight: a file that many articles share comes once for the first.
    """

    documents: list[tuple[str, p.Document]] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    failures: int = 0
    bytes_left: int = p.limits.ATTACHED_NIGHT_BYTES

    def ask(
        self, wanted: Detail, page: p.Document, identity: str, session: Session
    ) -> Generator[p.Request, p.Document, Any]:
        """Ask for the readable files of one article on the list's own site; a file that fails is told and passed over."""
        for file in _linked(wanted, page, session)[: p.limits.ATTACHED_FILES]:
            if file.url in self.known:
                continue
            if why := self._too_much(file):
                self._tell(file, why)
                continue
            self.known.add(file.url)
            try:
                document = yield asking.attached(file, session)
            except p.SourceError as error:
                self.failures += not isinstance(error, p.GoneError)
                self._tell(file, error.code or "failed")
                continue
            self.failures = 0
            if not asking.is_here(document.url, session):
                self._tell(file, "elsewhere")
            elif len(document.body) > min(p.limits.ATTACHED_BYTES, self.bytes_left):
                self._tell(file, "too-large")
            else:
                self.bytes_left -= len(document.body)
                self.documents.append((identity, document))

    def _too_much(self, file: p.Attachment) -> str:
        if (file.bytes or 0) > p.limits.ATTACHED_BYTES:
            return "too-large"
        if self.failures >= _FAILURES:
            return "left"
        return "over-limit" if len(self.known) >= p.limits.ATTACHED_PER_NIGHT or self.bytes_left <= 0 else ""

    def _tell(self, file: p.Attachment, why: str) -> None:
        self.warnings.append(("attachment-unread", f"{file.name[:80]}: {why}"))


def _linked(wanted: Detail, page: p.Document, session: Session) -> list[p.Attachment]:
    from pipeline.text.article import files  # noqa: PLC0415 - only for boards that opt in
    from pipeline.text.page import tree_of  # noqa: PLC0415

    if len(page.body) > _PAGE_BYTES:
        return []
    try:
        tree, base, charset = tree_of(page)
    except p.ShapeError:
        return []
    found = files.linked(tree, base, charset, wanted=wanted.attachments)
    return [file for file in found if attached.may_read(file) and asking.is_here(file.url, session)]


def read(found: Sequence[p.Attachment], documents: Sequence[p.Document]) -> tuple[p.AttachedText, ...]:
    """Return what an article's files say, in the page's order."""
    came = {document.requested_url: document for document in documents}
    return tuple(attached.read(came[file.url].body, file.name) for file in found if file.url in came)
