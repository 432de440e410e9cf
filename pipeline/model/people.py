"""The people a delivery reaches one by one: who they are, what they agreed to, and the ledger a transport is handed.

What does not live here: reading lists (``deliver/listing``), hashing and suppression (``deliver/people``), SQL.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final, Protocol

from pipeline.model.base import Value, value
from pipeline.model.deliveries import DeliveryState

UNSUBSCRIBE_MARK: Final = "%%MOA_UNSUBSCRIBE_URL%%"
"""Declared placeholder of a stored message: the address by which one receiver refuses."""
NAME_MARK: Final = "%%MOA_NAME%%"
"""Declared placeholder of a stored message: what the receiver is called."""


@value
class Person(Value):
    """One receiver, as a list tells it; lives in memory only.

    Attributes:
        hash: Keyed hash of the address: all that the store ever knows of a person.
        token: Opaque, unforgeable word for this person in unsubscribe addresses; its own hash is ``hash``.
        address: E-mail address with a lower-case domain, or a phone number in E.164 (``+821012345678``).
        name: As the list writes it; ``""`` when it does not.
        agreed_at: When the person agreed (UTC); ``None`` when the list does not say.
        agreed_by: Where the person agreed, e.g. a form's name.
        at_night: Agreed separately to advertising between 21:00 and 08:00 (정보통신망법 §50③).
    """

    hash: str
    token: str
    address: str
    name: str = ""
    agreed_at: datetime | None = None
    agreed_by: str = ""
    at_night: bool = False


@value
class Fate(Value):
    """What became of one receiver.

    Attributes:
        state: ``sent``, ``failed``, ``unknown``, or ``pending``: may be tried again.
        reason: Short words without addresses, e.g. ``hard 550 5.1.1``. A reason that begins with ``hard`` counts towards
            suppression (``PeopleOptions.bounces``).
    """

    state: DeliveryState
    reason: str = ""


class People(Protocol):
    """The receivers of one delivery, one line each in the store: frozen before the first is sent to.

    A transport that reaches people one by one declares ``ADDRESS: "email" | "phone"``, bases its ``Options`` on
    ``PeopleOptions`` and takes this as sixth argument of ``send``. Its loop is::

        while group := people.begin(200):       # durable: they are this run's, nothing has left
            for person in group:
                people.leaving([person])        # kept: from here on this person is unknown until the carrier answers
                ...                             # the bytes leave
                people.ended({person.hash: Fate(state=SENT)})

    A run that dies leaves those in ``leaving`` unknown (never sent to again by itself) and the rest pending. ``send``
    returns when ``begin`` is empty, whatever single receivers came to; deliver counts the lines and settles.
    """

    def begin(self, most: int) -> Sequence[Person]:
        """Take up to ``most`` receivers not tried in this run; may be empty: then nobody is left.

        Only who was frozen, is still on the list and has not refused, as of this moment.

        Raises:
            NotNowError: The channel's hours ended; nobody was taken.
            StoreError: Nothing was recorded; nothing may leave.

        Cost: one durable transaction.
        """

    def leaving(self, people: Sequence[Person], ended: Mapping[str, Fate] | None = None) -> None:
        """Note that these messages leave now, and in the same step what became of others (by ``Person.hash``).

        Survives the death of this process. After a power cut everybody of the unfinished ``begin`` counts as leaving.

        Cost: one small transaction.
        """

    def ended(self, ended: Mapping[str, Fate]) -> None:
        """Note what became of receivers. Cost: one small transaction."""

    def doubtful(self) -> Collection[str]:
        """Return the hashes of receivers of whom nobody knows whether they were reached: for asking the carrier.

        Cost: one query over this delivery's lines.
        """

    def counts(self) -> Mapping[DeliveryState, int]:
        """Return how many receivers are in each state. Cost: one query over this delivery's lines."""
