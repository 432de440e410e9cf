"""Takes a person's decision about one delivery: let the bytes that were shown go, or hold them (P56, P61).

What does not live here: http (``server``), sending (``deliver/``); nothing leaves from here (P63).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pipeline.model as p
from pipeline.i18n import _
from pipeline.preview import words
from pipeline.publish import approving, curating

if TYPE_CHECKING:
    from pipeline.publish.desk import Desk
    from pipeline.store.store import Store
    from pipeline.wiring import House


class RefusedDecision(Exception):  # noqa: N818 - a refusal, not an error of ours
    """The decision does not fit what is stored now; the message says why, for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the form said.

    Attributes:
        act: ``approve`` or ``hold``.
        delivery_id: Which delivery.
        sha256: The hash of what was shown, whole.
    """

    act: str
    delivery_id: str
    sha256: str


def decide(house: House, decision: Decision) -> p.Delivery:
    """Carry a decision out and return the delivery as it stands then.

    Approving reads the stored rendering again, every byte: what is released is what was seen.

    Raises:
        RefusedDecision: It is gone, moved on, too late, or not what was shown.
        LockedError: A run is going on.
        StoreError: The store cannot be written.

    Cost: opens the store for writing and holds its lock for two indexed statements.
    """
    with house.store(create=False) as store, store.lock():
        found = next(iter(store.deliveries.get([decision.delivery_id])), None)
        if found is None:
            raise RefusedDecision(_("그런 발송이 없습니다. 화면을 새로 고쳐 주세요."))
        if decision.act == "hold":
            moved = approving.hold(store, [found], actor=house.who, now=house.clock())
        else:
            moved = _approve(house, store, found, decision.sha256)
        if not moved:
            raise RefusedDecision(_("그 사이 발송 상태가 바뀌었습니다. 화면을 새로 고쳐 다시 확인해 주세요."))
        return store.deliveries.get([found.id])[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curation:
    """What a form of the queue said: an editor's decision about a story.

    Attributes:
        verb: One of ``curating.VERBS``, ``undo``, or ``remake`` to bring what waits in step with YAML and templates.
        subject, other: Entry or story ids.
        text: A title or a sentence.
        section, before: Where a story goes; ``first`` puts it on top.
        seq: Which decision is taken back.
    """

    verb: str
    edition: str = ""
    subject: str = ""
    other: str = ""
    text: str = ""
    section: str = ""
    before: str = ""
    first: str = ""
    seq: str = ""


def curate(house: House, form: Curation) -> curating.Outcome:
    """Carry an editor's decision out; what waits is made anew at once.

    Raises:
        RefusedDecision: It could have no effect, or the story is gone.
        LockedError: A run is going on.
        StoreError: The store cannot be written.

    Cost: as ``curating.decide``.
    """
    with house.store(create=False) as store, store.lock():
        desk = curating.desk_at(house.settings, store, house.registry, now=house.clock())
        try:
            return _curated(desk, store, form, house.who)
        except curating.CurationError as error:
            raise RefusedDecision(str(error)) from error
        except p.StoreError as error:
            if error.code not in ("no-decision", "undone-already"):
                raise
            raise RefusedDecision(str(error)) from error


def _curated(desk: Desk, store: Store, form: Curation, who: str) -> curating.Outcome:
    if form.verb == "remake":
        return curating.Outcome(seq=0, remade=curating.remade(desk))
    if form.verb == "undo":
        return curating.undo(desk, int(form.seq) if form.seq.isascii() and form.seq.isdigit() else 0, actor=who)
    found = curating.subjects(store, form.subject, entries=form.verb in ("split", "apart"))
    subject = next((s for s in found if s.id == form.subject), None)
    if subject is None:
        raise curating.CurationError(_("그런 이야기가 없습니다. 화면을 새로 고쳐 주세요."))
    args: dict[str, p.Json] = {}
    if form.verb in ("retitle", "note"):
        args = {"title" if form.verb == "retitle" else "text": curating.words_of(form.text)}
    elif form.verb in ("join", "apart"):
        args = {"other": form.other}
    elif form.verb == "move":
        args = curating.place(
            store,
            subject,
            section=form.section,
            before=form.before,
            first=bool(form.first),
            edition=form.edition,
        )
    return curating.decide(desk, form.verb, subject, args, actor=who)


def _approve(house: House, store: Store, found: p.Delivery, shown: str) -> int:
    changed = _("보신 것과 저장된 것이 다릅니다. 다시 보고 승인해 주세요.")
    if found.rendering_sha256 != shown:
        raise RefusedDecision(changed)
    if not approving.may_be_approved(store, house.output_dir, found):
        raise RefusedDecision(changed)
    channel = next((c for c in house.settings.channels if c.id == found.channel), None)
    if channel is None or channel.transport is None:
        raise RefusedDecision(_("이 채널은 설정에서 빠져 보내지 않습니다."))
    if words.opening(found, channel, house.clock()) is None:
        raise RefusedDecision(_("보낼 수 있는 시간이 되기 전에 기한이 지나므로 승인할 수 없습니다."))
    return approving.approve(store, [found], house.settings.channels, actor=house.who, now=house.clock())
