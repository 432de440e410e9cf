"""The ledger a transport is handed: frozen before the first message, refusals applied at the moment of each.

What does not live here: reading lists (``listing``), SQL (``store/recipients``), what a delivery comes to (``personal``).
Source: reliability P43-P46, P50, P52, P72 and Part 4.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import pipeline.model as p
from pipeline.deliver import listing
from pipeline.i18n import _
from pipeline.model import DeliveryState as S
from pipeline.store.recipients import CLAIMED
from pipeline.store.store import Store

_KEY: Final = "people_key"
_LEAVING: Final = p.Fate(state=S.SENDING)


def key_of(options: p.PeopleOptions, store: Store, *, may_make: bool = True) -> listing.Key:
    """Return the key of hashes: the operator's, or the one this store keeps for itself, made at its first use.

    Raises:
        CredentialError: Refusals were written down with another key: who refused could not be recognised.

    Cost: two small queries.
    """
    if options.token_key:
        key = listing.Key(options.token_key.value.encode())
    else:
        kept = store.digests.get_meta(_KEY)
        if not kept:
            kept = secrets.token_hex(32)
            if may_make:
                store.digests.set_meta(_KEY, kept)
        key = listing.Key(str(kept).encode())
    if others := store.deliveries.suppression_keys() - {key.id}:
        raise p.CredentialError(
            _("수신 거부 명단을 만든 열쇠와 지금 열쇠가 다릅니다. 거부한 분에게 보내지 않도록 멈췄습니다."),
            code="people-key",
            hint=_("token_key의 환경 변수를 예전 값으로 되돌려 주세요. (예전 열쇠: {ids})").format(
                ids=", ".join(sorted(others))
            ),
        )
    return key


def listed(options: p.PeopleOptions, address: listing.Address, key: listing.Key) -> Iterator[p.Person]:
    """Yield everybody on a channel's list today, each once, refusals not yet applied.

    Raises:
        DeliveryError: The list cannot be read.
    """
    rows: Any
    if options.recipients_url is not None:
        from pipeline.store.foreign import select_rows  # noqa: PLC0415 - lists in databases only

        try:
            rows = select_rows(options.recipients_url.value, options.recipients_query)
        except p.StoreError as error:
            message = _("받는 사람 데이터베이스를 읽지 못했습니다: {name}").format(name=options.recipients_url.name)
            raise p.DeliveryError(message, code="recipients") from error
    else:
        rows = listing.csv_rows(str(options.recipients), address)
    return listing.people(rows, address, key)


class Doubts:
    """``p.People`` of a delivery nobody is sent to now: only for asking the carrier about those in doubt."""

    def __init__(self, store: Store, delivery: p.Delivery, clock: Callable[[], datetime]) -> None:
        self._lines, self._id, self._clock = store.deliveries, delivery.id, clock

    def begin(self, most: int) -> Sequence[p.Person]:
        """Return nobody."""
        del most
        return ()

    def leaving(self, people: Sequence[p.Person], ended: Mapping[str, p.Fate] | None = None) -> None:
        """Refuse: nobody was taken."""
        del people, ended
        raise RuntimeError("nobody may leave while the carrier is asked")

    def doubtful(self) -> Collection[str]:
        """See ``p.People.doubtful``."""
        fates = self._lines.recipients_of(self._id)
        return frozenset(who for who, fate in fates.items() if fate.state is S.UNKNOWN)

    def ended(self, ended: Mapping[str, p.Fate]) -> None:
        """Note what the carrier told about those in doubt; about nobody else."""
        doubtful = self.doubtful()
        told = {who: fate for who, fate in ended.items() if who in doubtful}
        self._lines.note_recipients(self._id, told, now=self._clock())

    def counts(self) -> Mapping[p.DeliveryState, int]:
        """See ``p.People.counts``."""
        return Counter({S(state): n for state, n in self._lines.recipient_states(self._id).items()})


class Ledger:
    """``p.People`` over the store.

    Args:
        store: Of this run.
        delivery: Claimed.
        people: Today's list.
        key_id: Of the list's hashes.
        bounces: Definite refusals after which an address is suppressed.
        clock: Aware UTC now.
        check: Raises ``NotNowError`` when the channel's hours are over.

    Cost: opening freezes the list (one insert a person) the first time, and reads the delivery's lines once any later time.
    """

    def __init__(
        self,
        store: Store,
        delivery: p.Delivery,
        people: Iterator[p.Person],
        *,
        key_id: str,
        bounces: int,
        clock: Callable[[], datetime],
        check: Callable[[], None],
    ) -> None:
        self._lines = store.deliveries
        self._told: set[str] = set()  # a carrier may tell of people nobody took in this run: they wait no more
        self._id, self._key_id, self._bounces = delivery.id, key_id, bounces
        self._clock, self._check = clock, check
        self._today = {person.hash: person for person in people}
        if self._lines.freeze_recipients(self._id, self._today, now=clock()):
            self._waiting = [*reversed(self._today)]
            return
        fates = self._lines.recipients_of(self._id)
        order = [*self._today, *(who for who in fates if who not in self._today)]
        self._waiting = [who for who in reversed(order) if who in fates and fates[who].state is S.PENDING]

    def begin(self, most: int) -> Sequence[p.Person]:
        """See ``p.People.begin``."""
        self._check()
        now = self._clock()
        taken: list[p.Person] = []
        claimed = p.Fate(state=S.SENDING, reason=f"{CLAIMED} {boot()}")
        while self._waiting and not taken:
            taking = (self._waiting.pop() for _turn in range(min(most, len(self._waiting))))
            group = [who for who in taking if who not in self._told]
            refused = self._lines.suppressed(group)
            fates: dict[str, p.Fate] = {}
            for who in group:
                person = self._today.get(who)
                if person is None:
                    fates[who] = p.Fate(state=S.ABANDONED, reason="left")
                elif who in refused:
                    fates[who] = p.Fate(state=S.ABANDONED, reason=refused[who])
                else:
                    fates[who] = claimed
                    taken.append(person)
            self._lines.note_recipients(self._id, fates, now=now, durable=True)
        return taken

    def leaving(self, people: Sequence[p.Person], ended: Mapping[str, p.Fate] | None = None) -> None:
        """See ``p.People.leaving``."""
        self._note({**(ended or {}), **{person.hash: _LEAVING for person in people}})

    def ended(self, ended: Mapping[str, p.Fate]) -> None:
        """See ``p.People.ended``."""
        self._note(ended)

    def _note(self, fates: Mapping[str, p.Fate]) -> None:
        self._told.update(fates)
        self._lines.note_recipients(self._id, fates, now=self._clock())
        if hard := [who for who, fate in fates.items() if fate.reason.startswith("hard")]:
            counts = self._lines.hard_bounces(hard)
            gone = [who for who in hard if counts.get(who, 0) >= self._bounces]
            if gone:
                self._lines.suppress(gone, key_id=self._key_id, reason="bounced", now=self._clock())

    def doubtful(self) -> Collection[str]:
        """See ``p.People.doubtful``."""
        fates = self._lines.recipients_of(self._id)
        return frozenset(who for who, fate in fates.items() if fate.state is S.UNKNOWN)

    def counts(self) -> Mapping[p.DeliveryState, int]:
        """See ``p.People.counts``."""
        return Counter({S(state): n for state, n in self._lines.recipient_states(self._id).items()})

    def give_back(self) -> None:
        """After the last message: who was taken and never left waits again; a message in the air stays unknown."""
        self._lines.interrupted([self._id], self._clock(), boot=boot())


@cache
def boot() -> str:
    """Return what names the running boot of this machine, ``""`` where nothing does: then a dead run's claims are unknown."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return ""
