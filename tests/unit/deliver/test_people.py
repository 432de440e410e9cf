"""Lists of people and their ledger: whoever writes the list, each person once; a refusal wins at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

import pipeline.model as p
from pipeline.deliver import listing
from pipeline.deliver.people import key_of, listed
from pipeline.deliver.transports import smtp
from pipeline.model import DeliveryState as S
from pipeline.store.engine import Database
from tests.unit.deliver.roll import DELIVERY, KEY, NOW, Roll

SENT = p.Fate(state=S.SENT)


@pytest.fixture
def roll(tmp_path: Path) -> Iterator[Roll]:
    made = Roll(tmp_path, *(f"p{n}@example.com" for n in range(5)))
    yield made
    made.store.close()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_list_as_the_office_saves_it(tmp_path: Path, encoding: str, mark: str) -> None:
    """Korean headings, Excel's encodings and separators; who refused, never agreed, or has no address is left out."""
    rows = [
        "번호|성명|E-Mail|휴대폰 번호|수신동의일|동의 경로|야간동의|수신거부",
        "1|홍길동|Hong@Example.com|010-1234-5678|2025.3.7 14:05|누리집|Y|",
        "2|김영희|kim@example.com||2024-11-30||N|N",
        "3|이철수|lee@example.com||2025-01-01|||Y",
        "4|박민수|park@example.com||미동의|||",
        "5|홍길동|hong@example.com|||||",
        "6|최없음||010-9999-8888||||",
    ]
    file = tmp_path / "명단.csv"
    file.write_bytes("\r\n".join(row.replace("|", mark) for row in rows).encode(encoding))
    people = list(listing.people(listing.csv_rows(str(file), "email"), "email", KEY))
    assert [(one.address, one.name, one.agreed_by, one.at_night) for one in people] == [
        ("Hong@example.com", "홍길동", "누리집", True),
        ("kim@example.com", "김영희", "", False),
    ]
    assert people[0].agreed_at == datetime(2025, 3, 7, 5, 5, tzinfo=UTC)
    phones = listing.people(listing.csv_rows(str(file), "phone"), "phone", KEY)
    assert [one.address for one in phones] == ["+821012345678", "+821099998888"]


def test_a_list_without_addresses_says_so(tmp_path: Path) -> None:
    """The missing column is named."""
    file = tmp_path / "list.csv"
    file.write_text("이름,나이\n가,3\n", encoding="utf-8")
    with pytest.raises(p.DeliveryError, match="이메일"):
        list(listing.csv_rows(str(file), "email"))


def test_a_list_in_a_database(tmp_path: Path) -> None:
    """A SELECT of the operator's, whose address is a secret by name; its own times are read."""
    url = f"sqlite:///{tmp_path / 'people.db'}"
    database = Database(url)
    for sql in (
        "CREATE TABLE subscribers (mail TEXT, agreed TEXT, zeit TEXT)",
        "INSERT INTO subscribers VALUES ('a@example.com', '예', '10:30'), ('b@example.com', '아니오', '')",
    ):
        database.say(sql)
    database.close()
    options = smtp.Options.model_validate(
        {
            "host": "h",
            "sender": "n@example.go.kr",
            "recipients_url": "MOA_PEOPLE_URL",
            "recipients_query": "SELECT mail AS email, agreed AS 동의여부 FROM subscribers WHERE zeit <> ':x'",
        },
        context={"environment": {"MOA_PEOPLE_URL": url}},
    )
    assert [one.address for one in listed(options, "email", KEY)] == ["a@example.com"]


def test_everybody_is_frozen_before_the_first(roll: Roll) -> None:
    """Who joins the list afterwards is not of this mailing; who leaves it gets nothing."""
    ledger = roll.ledger()
    assert [one.address for one in ledger.begin(2)] == ["p0@example.com", "p1@example.com"]
    roll.people = ["p9@example.com", "p4@example.com", "p2@example.com"]
    later = roll.ledger()
    assert [one.address for one in later.begin(10)] == ["p4@example.com", "p2@example.com"]
    assert roll.store.deliveries.recipient_states(DELIVERY.id) == {"sending": 2, "abandoned": 3}


def test_a_refusal_wins_at_once(roll: Roll) -> None:
    """Noted while a mailing runs, it holds from the next group on, although the list still names the person."""
    ledger = roll.ledger()
    assert len(ledger.begin(2)) == 2
    token = KEY.token("p3@example.com")
    roll.store.deliveries.suppress([listing.hash_of(token)], key_id=KEY.id, reason="unsubscribed", now=NOW)
    assert [one.address for one in ledger.begin(9)] == ["p2@example.com", "p4@example.com"]
    assert roll.states()["p3@example.com"] == ("abandoned", "unsubscribed")


def test_addresses_that_do_not_exist_are_not_tried_for_ever(roll: Roll) -> None:
    """After so many definite refusals over different mailings an address is suppressed; a full mailbox is not."""
    ledger = roll.ledger()
    one, two, *_rest = ledger.begin(5)
    gone = p.Fate(state=S.FAILED, reason="hard 550 5.1.1")
    ledger.ended({one.hash: gone, two.hash: p.Fate(state=S.FAILED, reason="soft 552")})
    assert roll.store.deliveries.suppressed() == {}
    next_week = replace(DELIVERY, id="daily/2026-11-30/newsletter/all/0", edition_id="daily/2026-11-30")
    roll.store.deliveries.enqueue([next_week])
    roll.store.deliveries.note_recipients(next_week.id, {two.hash: gone}, now=NOW)
    roll.store.deliveries.note_recipients(next_week.id, {one.hash: gone}, now=NOW)
    ledger.ended({one.hash: gone})
    assert roll.store.deliveries.suppressed() == {one.hash: "bounced"}


def test_a_power_cut_leaves_the_claimed_in_doubt(roll: Roll) -> None:
    """Under another boot nobody can tell whether a claimed message left: unknown, not sent again (P44)."""
    ledger = roll.ledger()
    first, second, *_rest = ledger.begin(3)
    ledger.leaving([first])
    ledger.ended({first.hash: SENT})
    roll.store.deliveries.interrupted([DELIVERY.id], NOW, boot="another boot")
    assert roll.states()[second.address] == ("unknown", "interrupted")
    assert roll.states()[first.address] == ("sent", "")


def test_the_hours_end_between_two_groups(roll: Roll) -> None:
    """Nobody is taken once the channel's hours are over (P50)."""
    ledger = roll.ledger()
    ledger.begin(1)

    def closed() -> None:
        raise p.NotNowError

    ledger._check = closed
    with pytest.raises(p.NotNowError):
        ledger.begin(1)
    assert roll.store.deliveries.recipient_states(DELIVERY.id) == {"sending": 1, "pending": 4}


def test_the_store_never_learns_an_address(roll: Roll, tmp_path: Path) -> None:
    """Hashes only: neither address nor name nor token stands in the file (P72)."""
    ledger = roll.ledger()
    group = ledger.begin(5)
    ledger.ended({one.hash: SENT for one in group})
    roll.store.close()
    written = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    for secret in (b"p1@example.com", "홍길동".encode(), group[0].token.encode()):
        assert secret not in written


def test_a_changed_key_stops_everything(roll: Roll) -> None:
    """With another key nobody who refused would be recognised: nothing is sent."""
    environment = {"MOA_KEY": "one", "MOA_OTHER": "two"}

    def options(name: str) -> smtp.Options:
        written = {"host": "h", "sender": "n@example.go.kr", "recipients": "x.csv", "token_key": name}
        return smtp.Options.model_validate(written, context={"environment": environment})

    key = key_of(options("MOA_KEY"), roll.store)
    roll.store.deliveries.suppress(["a"], key_id=key.id, reason="person", now=NOW)
    assert key_of(options("MOA_KEY"), roll.store) == key
    with pytest.raises(p.CredentialError) as refused:
        key_of(options("MOA_OTHER"), roll.store)
    assert refused.value.code == "people-key"
