"""Editors' decisions: an append-only log with undo; they survive every re-collection.

What does not live here: obeying them (``publish/fold``, ``publish/compose``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import pipeline.model as p
from pipeline.i18n import _
from pipeline.store.engine import Database
from pipeline.store.meta import bump

_UNDO = "undo"
_RECORDED = frozenset({"approve", "hold"})  # about a delivery: no page says anything else because of it


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRow:
    """One line of the log.

    Attributes:
        seq: Its number, for ``undo``.
        action: ``hide``, ``pin``, ``retitle``, ``move``, ``join``, ``split``, ``apart``, ``note`` or ``undo``; and, for
            the record only, ``approve`` and ``hold`` of a delivery.
        subject: Entry or story id.
        args: What the action needs besides (``{"title": …}``).
        undoes: The number an ``undo`` takes back.
        is_undone: Whether it was taken back.
    """

    seq: int
    at: datetime
    actor: str = ""
    action: str
    subject: str = ""
    args: Mapping[str, p.Json] = field(default_factory=dict)
    undoes: int | None = None
    is_undone: bool = False


class Decisions:
    """The log of editors' decisions."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def decide(
        self,
        action: str,
        subject: str,
        args: Mapping[str, p.Json] | None = None,
        *,
        actor: str = "",
        now: datetime,
    ) -> int:
        """Append a decision and return its number; what may be shown counts as changed, unless it is about a delivery.

        Cost: one row.
        """
        return self._append(action, subject, args or {}, actor, now)

    def undo(self, seq: int, *, actor: str = "", now: datetime) -> None:
        """Take a decision back; the log keeps both lines.

        Raises:
            StoreError: No such decision, or it was taken back already.

        Cost: one query over the log, one row.
        """
        with self._db.writing():
            found = next((d for d in self.decisions(undone=True) if d.seq == seq), None)
            if found is None or found.action == _UNDO or found.action in _RECORDED:
                raise p.StoreError(_("{seq}번 결정이 없습니다.").format(seq=seq), code="no-decision")
            if found.is_undone:
                raise p.StoreError(_("{seq}번 결정은 이미 취소했습니다.").format(seq=seq), code="undone-already")
            self._append(_UNDO, found.subject, {}, actor, now, undoes=seq)

    def decisions(self, *, undone: bool = False) -> tuple[DecisionRow, ...]:
        """Return the decisions in force, oldest first; with ``undone`` the whole log.

        Cost: one query over the log, which people write by hand.
        """
        log = self._db.run("decisions_all")
        taken_back = {row["undoes"] for row in log if row["undoes"] is not None}
        lines = (DecisionRow(**row, is_undone=row["seq"] in taken_back) for row in log)
        return tuple(d for d in lines if undone or not (d.is_undone or d.action == _UNDO))

    def _append(
        self,
        action: str,
        subject: str,
        args: Mapping[str, p.Json],
        actor: str,
        now: datetime,
        *,
        undoes: int | None = None,
    ) -> int:
        row = {"at": now, "actor": actor, "action": action, "subject": subject, "args": dict(args), "undoes": undoes}
        with self._db.writing():
            seq = self._db.run("decisions_add", row)[0]["seq"]
            if action not in _RECORDED:
                bump(self._db)
        return int(seq)
