"""``moa recipients``: who is on a channel's list, who refused, whose consent must be confirmed again; addresses always masked.

What does not live here: reading lists and hashing (``deliver``), sending. Nothing here takes the run lock: a refusal is
written down while a mailing runs, and wins from the next group on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline import report as reports
from pipeline.cli.common import SEOUL, Common, common
from pipeline.i18n import _
from pipeline.text.addresses import mail_address, masked, mobile_number

if TYPE_CHECKING:
    from pipeline.deliver.listing import Address, Key
    from pipeline.store.store import Store

_TOKEN = re.compile(r"(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])")
_LOOKED = re.compile(r"\b(?:GET|HEAD|OPTIONS) /")  # link scanners look; only a POST refuses (RFC 8058)
_CONSENT = timedelta(days=730)  # 정보통신망법 시행령 §62의3: consent is confirmed every two years
_AHEAD = timedelta(days=30)
_CHANNEL = click.option("--channel", metavar="ID", help=_("채널 (하나뿐이면 적지 않아도 됩니다)"))


@dataclass(frozen=True, slots=True)
class _Desk:
    store: Store
    options: Any
    address: Address
    key: Key
    now: datetime


@click.group(help=_("받는 사람: 명단, 수신 거부, 다시 확인할 동의를 봅니다."))
def recipients() -> None:
    """Who receives, who refused, whose consent is due."""


@recipients.command("list", help=_("오늘 명단을 가려서 보여 줍니다."))
@_CHANNEL
@click.option("--count", is_flag=True, help=_("사람 수만 셉니다"))
@click.option("--suppressed", is_flag=True, help=_("보내지 않는 분만 보여 줍니다"))
@common
def list_(this: Common, channel: str | None, count: bool, suppressed: bool) -> None:
    """List everybody, masked, with the reason why somebody is not sent to."""
    from pipeline.deliver.people import listed

    with _desk(this, channel) as desk:
        refused = desk.store.deliveries.suppressed()
        people = [p for p in listed(desk.options, desk.address, desk.key) if not suppressed or p.hash in refused]
    if count:
        this.json({"count": len(people)}) if this.as_json else this.out(str(len(people)))
        return
    for one in people:
        row = {
            "address": masked(one.address),
            "agreed": one.agreed_at.astimezone(SEOUL).date().isoformat() if one.agreed_at else None,
            "suppressed": refused.get(one.hash),
        }
        this.json(row) if this.as_json else this.out("  ".join(str(v) for v in row.values() if v))


@recipients.command(help=_("이 주소로는 다시 보내지 않습니다."))
@click.argument("addresses", nargs=-1, required=True, metavar="ADDRESS…")
@_CHANNEL
@click.option("--undo", is_flag=True, help=_("본인이 다시 받겠다고 했습니다"))
@common
def suppress(this: Common, addresses: tuple[str, ...], channel: str | None, undo: bool) -> None:
    """Write refusals down as keyed hashes, or take them back."""
    from pipeline.deliver.listing import hash_of

    with _desk(this, channel) as desk:
        hashes = []
        for written in addresses:
            read = mail_address(written) or mobile_number(written)
            if not read:
                raise click.BadParameter(_("주소나 휴대전화 번호가 아닙니다."), param_hint="ADDRESS")
            hashes.append(hash_of(desk.key.token(read)))
        lines = desk.store.deliveries
        if undo:
            count = lines.unsuppress(hashes)
        else:
            count = lines.suppress(hashes, key_id=desk.key.id, reason="person", now=desk.now)
    _say(this, count)


@recipients.command("import", help=_("수신 거부 기록(접속 기록이나 CSV)을 들여옵니다."))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_CHANNEL
@click.option("--addresses", is_flag=True, help=_("값 대신 주소가 적힌 파일입니다"))
@common
def import_(this: Common, file: Path, channel: str | None, addresses: bool) -> None:
    """Read what the unsubscribe page or mailbox noted: tokens, or addresses; a line that only looked (GET) refuses nothing."""
    from pipeline.deliver.listing import hash_of
    from pipeline.text.decode import decode

    lines = [line for line in decode(file.read_bytes()).text.splitlines() if not _LOOKED.search(line)]
    with _desk(this, channel) as desk:
        if addresses:
            read = mail_address if desk.address == "email" else mobile_number
            cells = (cell.strip(" \"'<>") for line in lines for cell in re.split(r"[,;\t]", line))
            tokens = [desk.key.token(found) for cell in cells if (found := read(cell))]
        else:
            tokens = [token for line in lines for token in _TOKEN.findall(line)]
        hashes = [hash_of(token) for token in tokens]
        count = desk.store.deliveries.suppress(hashes, key_id=desk.key.id, reason="unsubscribed", now=desk.now)
    _say(this, count)


@recipients.command(help=_("동의한 지 2년이 되어 다시 확인할 분을 셉니다."))
@_CHANNEL
@common
def due(this: Common, channel: str | None) -> int:
    """Show whose consent is two years old within 30 days; exit 3 when there is anybody."""
    from pipeline.deliver.people import listed

    with _desk(this, channel) as desk:
        refused = desk.store.deliveries.suppressed()
        people = [one for one in listed(desk.options, desk.address, desk.key) if one.hash not in refused]
        old = [one for one in people if one.agreed_at and one.agreed_at + _CONSENT <= desk.now + _AHEAD]
        unsaid = sum(one.agreed_at is None for one in people)
    if this.as_json:
        this.json({"due": len(old), "unsaid": unsaid, "people": [masked(one.address) for one in old]})
    else:
        for one in old:
            this.out(masked(one.address))
        this.out(_("다시 확인할 분 {due}명, 동의한 날이 적히지 않은 분 {unsaid}명").format(due=len(old), unsaid=unsaid))
    return reports.EXIT_ACT if old else reports.EXIT_DONE


@contextmanager
def _desk(this: Common, channel: str | None) -> Iterator[_Desk]:
    """Open the store with the list and key of one channel."""
    from pipeline.deliver.people import key_of

    house = this.house()
    found = {c.id: c for c in house.settings.channels if hasattr(c.transport_options, "token_key")}
    if channel is None and len(found) == 1:
        channel = next(iter(found))
    if channel not in found or found[channel].transport is None:
        known = ", ".join(sorted(found)) or _("없음")
        raise click.UsageError(_("--channel 로 채널을 골라 주세요. 사람마다 보내는 채널: {known}").format(known=known))
    spec = found[channel]
    transport: Any = house.registry.transport(str(spec.transport))
    with house.store() as store:
        key = key_of(spec.transport_options, store)
        yield _Desk(store, spec.transport_options, transport.ADDRESS, key, house.clock())


def _say(this: Common, count: int) -> None:
    this.json({"changed": count}) if this.as_json else this.out(_("{count}명을 고쳤습니다.").format(count=count))
