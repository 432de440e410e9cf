"""What a plugin file must offer, and what it is handed.

What does not live here: finding plugins (``registry.py``). A module itself is the plugin (ADR-0004); ``mypy --strict``
proves each against these protocols in ``tests/typing``.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

from pipeline.model.web import Document, Fetched, Request

if TYPE_CHECKING:
    from pipeline.model.base import Memo
    from pipeline.model.deliveries import Delivery, Receipt
    from pipeline.model.editions import Artifact, Digest, LeftOut, Page, Rendering
    from pipeline.model.errors import SourceError
    from pipeline.model.items import Item
    from pipeline.model.people import People

Conversation: TypeAlias = Generator[Request, Document, Fetched | None]
"""Yields requests, is sent documents (or has a ``SourceError`` thrown in), returns ``Fetched`` or ``None`` (unchanged)."""


class Source(Protocol):
    """``sources/<kind>.py``.

    ``fetch(options, memo)`` is a conversation without I/O of its own. ``parse(options, fetched)`` is pure: same input,
    same items, no network; it raises ``ShapeError`` if the list is not there. A row that is none for people is
    yielded with ``skip``, so that an editor sees why it is missing.
    """

    TITLE: str
    Options: type[Any]

    @property
    def fetch(self) -> Callable[[Any, Memo], Conversation]:
        """The conversation: ``fetch(options, memo)``."""

    @property
    def parse(self) -> Callable[[Any, Fetched], Iterator[Item]]:
        """``parse(options, fetched)``."""


class Renderer(Protocol):
    """``renderers/<shape>.py``: pure; ``LeftOut`` tells what the channel's budget dropped.

    Two members may stand beside these: ``PERPETUAL`` (one living thing instead of one an edition) and ``PICTURES``, the
    ``Use``s of ``Entry.picture`` it shows; files of other uses are not made. It hands a picture on as an ``Artifact``
    whose ``on_disk.path`` is ``media/`` and the file's path, without its bytes.
    """

    TITLE: str
    PRODUCES: frozenset[str]
    Options: type[Any]

    @property
    def render(self) -> Callable[[Any, Digest], Iterator[Artifact | LeftOut]]:
        """``render(options, digest)``."""


class PagedRenderer(Renderer, Protocol):
    """A perpetual renderer that names its files before it makes them, so that only changed ones are made (ADR-0034).

    ``render`` gives the files of ``pages`` when nothing is known, all of them made.
    """

    @property
    def pages(self) -> Callable[[Any, Digest, Mapping[str, str]], Iterator[Page]]:
        """``pages(options, digest, known)``.

        The library of the digest may come without bodies. ``known`` has, by path, the keys of the last time's files that
        may stay: a renderer may leave such a file as it is and say in another what changed since (ADR-0036). Nothing is
        known the first time, on another ground, or after a run that died while it wrote.
        """


class Http(Protocol):
    """The one door to the web."""

    def now(self) -> datetime:
        """Return the wall clock (aware UTC): what a signature carries, and what a sending window is checked against."""

    def submit(self, request: Request, tag: object) -> None:
        """Queue a request; ``tag`` comes back with its answer."""

    def poll(self, timeout_s: float) -> Sequence[tuple[object, Document | SourceError]]:
        """Drive transfers for at most ``timeout_s`` and return what ended, in order of ending; may be empty."""

    def cancel(self, tag: object) -> None:
        """Forget every request with this tag; nothing of it will be returned."""

    def fetch(self, request: Request) -> Document:
        """One request, waiting for its answer.

        Raises:
            SourceError: as ``poll`` would return it.
        """


class Transport(Protocol):
    """``pipeline/deliver/transports/<end>.py``.

    ``send`` calls ``keep(memo)`` after every step that must not be repeated. It raises ``NotNowError``,
    ``RejectedError``, ``CredentialError`` for definite refusals, ``DeliveryError`` where nothing was accepted and
    another try is safe, and ``UnknownOutcomeError`` where the carrier may have accepted. ``lookup`` answers "did it
    arrive?": a receipt, or ``None`` when the carrier cannot tell. ``REPEATABLE`` says that sending the same bytes again
    changes nothing (a folder), so an interrupted send may simply be done again.
    """

    TITLE: str
    ACCEPTS: frozenset[str]
    REACHES_PEOPLE: bool
    REPEATABLE: bool
    Options: type[Any]

    @property
    def send(self) -> Callable[[Any, Delivery, Rendering, Http, Callable[[Memo], None]], Receipt]:
        """``send(options, delivery, rendering, http, keep)``."""

    @property
    def lookup(self) -> Callable[[Any, Delivery, Http], Receipt | None]:
        """``lookup(options, delivery, http)``."""


class PersonalTransport(Protocol):
    """A transport that sends one message a person: as ``Transport``, and ``send`` is handed the receivers' ledger.

    Its ``Options`` are ``PeopleOptions``. Deliver keeps the ledger, not the memo: a run that dies is gone on with by the
    next, and only receivers whose message was leaving are unknown. Where the carrier can be asked about them, a function
    ``clarify(options, delivery, http, keep, people)`` may stand beside: it is called before each round, and notes by
    ``people.ended`` what it learns about ``people.doubtful()``. ``send`` raises ``CredentialError`` and
    ``RejectedError`` when nobody can be sent to, ``DeliveryError`` when the rest may be tried later.
    """

    TITLE: str
    ACCEPTS: frozenset[str]
    ADDRESS: Literal["email", "phone"]
    REACHES_PEOPLE: bool
    REPEATABLE: bool
    Options: type[Any]

    @property
    def send(self) -> Callable[[Any, Delivery, Rendering, Http, Callable[[Memo], None], People], Receipt]:
        """``send(options, delivery, rendering, http, keep, people)``."""

    @property
    def lookup(self) -> Callable[[Any, Delivery, Http], Receipt | None]:
        """``lookup(options, delivery, http)``: for receipts of the whole; the ledger answers for each person."""
