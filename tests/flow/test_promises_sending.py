"""Nothing leaves twice, unasked, from the wrong place, at the wrong time, or with a secret (promises P42-P56, P72)."""

from __future__ import annotations

import email
import email.policy
import json
import os
import shutil
import socket
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

import pipeline.model as p
from pipeline import nightly
from pipeline.wiring import ARM_NAME, open_house
from tests.flow.project import CHANNELS, MONDAY, Project, feed, item, rss
from tests.misbehave import Site, answer

NIGHT = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # 08:30 on Monday in Seoul
KEY, PASSWORD, TOKEN = "AIzaPracticeKey-0123/45+6", 'p&ss"word<42>\\x', "token-key-9876"


class Sink:
    """A mail server that keeps what it took and answers as told."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, bytes]] = []
        self.sessions = 0
        self.answers: dict[str, str] = {}
        self.logins: list[bytes] = []
        self.silent: set[str] = set()  # takes their mail and breaks the line instead of an answer

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.sessions += 1
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert len(envelope.rcpt_tos) == 1
        self.mails.append((envelope.rcpt_tos[0], bytes(envelope.original_content or b"")))
        if envelope.rcpt_tos[0] in self.silent:
            assert server.transport is not None
            server.transport.abort()
        return "250 taken"

    def login(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append(data.password)
        return AuthResult(success=True)

    @property
    def who(self) -> list[str]:
        return [address for address, _mail in self.mails]


@pytest.fixture
def sink() -> Iterator[tuple[Sink, int]]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    handler = Sink()
    controller = Controller(
        handler,
        hostname="127.0.0.1",
        port=port,
        authenticator=handler.login,
        auth_require_tls=False,
        auth_required=False,
    )
    controller.start()
    try:
        yield handler, port
    finally:
        controller.stop()


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as made:
        made.routes["/f"] = answer(rss(item("하나", body="첫 글"), item("둘", body="둘째 글")))
        yield made


def newsletter(port: int, **more: Any) -> dict[str, Any]:
    send = {
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "sender": "소식 <news@example.go.kr>",
        "recipients": "people.csv",
        "unsubscribe": "https://learn.example.go.kr/u/{token}",
        "token_key": "MOA_TOKEN_KEY",
    }
    return {
        "id": "newsletter",
        "renderer": "newsletter",
        "transport": "smtp",
        **more,
        "send": {**send, **more.pop("send", {})},
    }


@pytest.fixture
def town(tmp_path: Path, site: Site, sink: tuple[Sink, int], monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("MOA_TOKEN_KEY", TOKEN)
    made = Project(tmp_path / "town", site.allowed, channels=[*CHANNELS, newsletter(sink[1])])
    made.sources(feed("news", site.url("/f")))
    (made.folder / "people.csv").write_text("name,email\n가,one@example.com\n나,two@example.com\n")
    return made


def at(town: Project, when: datetime, *, arm: bool = True, rooms: tuple[str, ...] = nightly.ROOMS) -> p.RunReport:
    """Walk the night with the clock at ``when``, as the real clock would."""
    house = open_house(Path("/"), str(town.folder), environment=dict(os.environ), clock=lambda: when)
    if arm:
        with house.store() as store:
            house.environment = {**house.environment, ARM_NAME: store.stamp.id}
    return nightly.run(house, nightly.Plan(rooms=rooms))


def states(report: p.RunReport) -> dict[str, str]:
    return {d.channel: d.state.value for d in report.deliveries}


def stored(town: Project) -> dict[str, tuple[str, str]]:
    """State and reason of every delivery, by channel."""
    with sqlite3.connect(town.output / "moa.db") as database:
        return {c: (s, r) for c, s, r in database.execute("SELECT channel, state, reason FROM deliveries")}


# --- P42, P72: secrets and people -----------------------------------------------------------------------------------


def test_no_secret_is_left_anywhere(
    site: Site, sink: tuple[Sink, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key a server echoes in errors, titles, bodies and addresses, and a password a mail server echoes: nowhere (P42)."""
    monkeypatch.setenv("MOA_YOUTUBE_KEY", KEY)
    monkeypatch.setenv("MOA_SMTP_PASSWORD", PASSWORD)
    monkeypatch.setenv("MOA_SMTP_USER", "mailer-account")
    monkeypatch.setenv("MOA_TOKEN_KEY", TOKEN)
    handler, port = sink
    handler.answers["one@example.com"] = f"550 no {PASSWORD.encode('ascii', 'ignore').decode()} {KEY}"
    error = {"error": {"code": 403, "message": f"bad {KEY}", "errors": [{"reason": f"odd {quote(KEY, safe='')}"}]}}
    site.default = answer(json.dumps(error).encode(), status="403 Forbidden", headers=[("X-Echo", KEY)])
    echo = item(f"열쇠 {KEY}", body=f"글 {PASSWORD} {TOKEN}", link=f"https://a.example/?k={quote(KEY, safe='')}")
    site.routes["/f"] = answer(rss(item("하나", body="글"), echo.replace(PASSWORD, 'p&amp;ss"word&lt;42&gt;\\x')))
    town = Project(
        tmp_path / "town",
        site.allowed,
        channels=[
            *CHANNELS,
            newsletter(port, window="00:00-24:00", send={"username": "MOA_SMTP_USER", "password": "MOA_SMTP_PASSWORD"}),
        ],
    )
    tube = {"id": "tube", "name": "영상", "kind": "youtube", "channel": "UC" + "a" * 22}
    town.sources(feed("news", site.url("/f")), {**tube, "api_base": site.url("/api/"), "feed_base": site.url("/feed")})
    (town.folder / "people.csv").write_text("email\none@example.com\ntwo@example.com\n")
    at(town, NIGHT)
    said = [town.moa_says(*words) for words in (("run", "-vv"), ("run", "--json"), ("status",), ("items", "--json"))]
    assert any(s.headers.get("x-goog-api-key") == KEY for s in site.seen)
    assert handler.logins == [PASSWORD.encode()]
    assert handler.who == ["two@example.com"]
    written = b"".join(f.read_bytes() for f in sorted(town.output.rglob("*")) if f.is_file())
    mails = b"".join(mail for _who, mail in handler.mails) + "".join(_texts(handler.mails[0][1])).encode()
    printed = "".join(s.out + s.err for s in said).encode()
    for secret in (KEY, PASSWORD, TOKEN, quote(KEY, safe=""), "p&amp;ss", "p&ss"):
        for where, body in (("files", written), ("mails", mails), ("printed", printed)):
            assert secret.encode() not in body, (secret, where)
    assert b"one@example.com" not in printed
    assert b"one@example.com" not in b"".join(
        f.read_bytes() for f in town.output.rglob("*") if f.suffix in (".html", ".json", ".txt", ".xml")
    )


def _texts(raw: bytes) -> list[str]:
    return [part.get_content() for part in email.message_from_bytes(raw, policy=email.policy.default).iter_parts()]


# --- P51: who may send ----------------------------------------------------------------------------------------------


def test_an_environment_that_is_not_armed_sends_nothing_and_says_how(town: Project, sink: tuple[Sink, int]) -> None:
    """Folders are published, people get nothing, exit 3 with the name of the variable and its value (P51)."""
    handler, _port = sink
    at(town, NIGHT, arm=False)
    report = at(town, MORNING, arm=False)
    assert states(report)["newsletter"] == "pending"
    assert handler.sessions == 0
    error = next(e for e in report.errors if e.code == "not-armed")
    stamp = town.moa_says("status", "--json").json["stamp"]
    assert f"MOA_ARM={stamp}" in error.hint
    assert (town.output / "website/index.html").is_file()
    assert states(at(town, MORNING))["newsletter"] == "sent"
    assert sorted(handler.who) == ["one@example.com", "two@example.com"]


@pytest.mark.parametrize("arm", ["", "wrong", "0" * 16])
def test_a_wrong_arm_key_is_none(
    arm: str, town: Project, sink: tuple[Sink, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty or foreign key arms nothing (P51)."""
    monkeypatch.setenv(ARM_NAME, arm)
    at(town, NIGHT, arm=False)
    assert states(at(town, MORNING, arm=False))["newsletter"] == "pending"
    assert sink[0].sessions == 0


def test_a_replay_never_reaches_people(town: Project, sink: tuple[Sink, int], monkeypatch: pytest.MonkeyPatch) -> None:
    """``--as-of`` sends to nobody, not even with the arm key, and lets nothing that waits expire (P51, P66)."""
    at(town, NIGHT)
    monkeypatch.setenv(ARM_NAME, town.moa_says("status", "--json").json["stamp"])
    assert town.run("2026-11-23T08:30").code == 0
    assert town.run("2038-02-01").code in (0, 3)
    assert sink[0].sessions == 0
    assert stored(town)["newsletter"][0] == "pending"


def test_a_copied_folder_sends_nothing_until_it_is_adopted(
    town: Project, sink: tuple[Sink, int], tmp_path: Path
) -> None:
    """``cp -r`` with store, ``.env`` and arm key: nothing leaves, not even to folders; the report names ``moa db adopt`` (P51)."""
    at(town, NIGHT)
    stamp = town.moa_says("status", "--json").json["stamp"]
    env = town.folder / ".env"
    env.write_text(f"{ARM_NAME}={stamp}\nMOA_TOKEN_KEY={TOKEN}\n")
    env.chmod(0o600)
    shutil.copytree(town.folder, tmp_path / "copy", symlinks=True)
    copy = Project.__new__(Project)
    copy.folder, copy.output, copy.allowed = tmp_path / "copy", tmp_path / "copy/output", town.allowed
    report = at(copy, MORNING, arm=False)
    error = next(e for e in report.errors if e.code == "copied-store")
    assert "moa db adopt" in error.hint
    assert sink[0].sessions == 0
    assert stored(copy)["newsletter"][0] == "pending"
    assert "moa db adopt" in copy.moa_says("status").out
    assert states(at(town, MORNING))["newsletter"] == "sent"
    assert copy.moa_says("db", "adopt").code == 0
    assert states(at(copy, MORNING, arm=False))["newsletter"] == "pending"  # adopted, but its arm key is another now
    assert len(sink[0].mails) == 2


def test_a_restored_backup_holds_what_was_waiting(town: Project, sink: tuple[Sink, int], tmp_path: Path) -> None:
    """The backup was made before the mail went: restored, it is held for a person, not sent a second time (P69, P43)."""
    at(town, NIGHT)
    copy = tmp_path / "backup.db"
    assert town.moa_says("db", "backup", str(copy)).code == 0
    assert states(at(town, MORNING))["newsletter"] == "sent"
    assert town.moa_says("db", "restore", str(copy)).code == 0
    report = at(town, MORNING)
    assert stored(town)["newsletter"] == ("held", "restored")
    assert states(report)["newsletter"] == "held"
    assert len(sink[0].mails) == 2
    assert town.moa_says("db", "backup", str(copy)).code == 4  # never over an older one


# --- P50: when ------------------------------------------------------------------------------------------------------


def test_mail_waits_for_its_hours(town: Project, sink: tuple[Sink, int]) -> None:
    """Made at 03:00, not sent at 03:00 nor 07:59, sent at 08:00 Seoul time, whatever the machine's zone (P50)."""
    handler, _port = sink
    assert states(at(town, NIGHT)).get("newsletter", "pending") == "pending"
    at(town, datetime(2026, 11, 22, 22, 59, 59, tzinfo=UTC), rooms=("deliver",))
    assert handler.sessions == 0
    assert states(at(town, datetime(2026, 11, 22, 23, 0, tzinfo=UTC), rooms=("deliver",)))["newsletter"] == "sent"
    assert len(handler.mails) == 2


def test_what_missed_its_hours_waits_and_what_is_too_old_is_reported(town: Project, sink: tuple[Sink, int]) -> None:
    """At 20:00 the hours are over; at the next 08:00 the edition is older than it may be: expired, told, never sent (P50)."""
    at(town, NIGHT)
    report = at(town, datetime(2026, 11, 23, 11, 0, tzinfo=UTC), rooms=("deliver",))
    assert stored(town)["newsletter"][0] in ("pending", "expired")
    report = at(town, datetime(2026, 11, 23, 23, 0, tzinfo=UTC), rooms=("deliver",))
    assert stored(town)["newsletter"][0] == "expired"
    assert sink[0].sessions == 0
    later = at(town, datetime(2026, 11, 24, 0, 0, tzinfo=UTC), rooms=("deliver",))
    assert sink[0].sessions == 0
    assert not any(
        d.channel == "newsletter" and d.state.value == "sent" for d in (*report.deliveries, *later.deliveries)
    )


def test_kakao_hours_are_the_law_not_a_setting(town: Project, sink: tuple[Sink, int]) -> None:
    """A window that leaves 08:00-20:50 for a message to people is a mistake with a line, and nothing runs (P50)."""
    town.moa(channels=[{**newsletter(sink[1]), "id": "kakao", "renderer": "kakao", "window": "07:00-23:00"}])
    said = town.moa_says("run")
    assert said.code == 2
    assert "카카오톡 메시지는" in said.err
    assert sink[0].sessions == 0


# --- P43-P48, P52: once to each -------------------------------------------------------------------------------------


def test_one_person_gets_one_mail(town: Project, sink: tuple[Sink, int]) -> None:
    """Double lines, other spellings of the domain, names around the address, junk: each person once, the rest nobody (P52)."""
    rows = [
        "one@example.com",
        "ONE <one@EXAMPLE.com>",
        " one@example.com ",
        "two@example.com",
        "not an address",
        "",
        "x@y@z",
        "evil@example.com>\r\nRCPT TO:<victim@example.com",
        '"three@example.com,four@example.com"',
    ]
    (town.folder / "people.csv").write_text(
        "email\n" + "\n".join(f'"{r.replace(chr(34), chr(34) * 2)}"' for r in rows), newline=""
    )
    at(town, NIGHT)
    at(town, MORNING)
    at(town, MORNING + timedelta(minutes=5))
    assert sorted(sink[0].who) == ["one@example.com", "two@example.com"]


def test_a_full_mailbox_stops_nobody_else(town: Project, sink: tuple[Sink, int]) -> None:
    """4xx for the first on the list: the others get their mail now; the first is tried again later, then once (P48)."""
    handler, _port = sink
    handler.answers["one@example.com"] = "452 mailbox full"
    at(town, NIGHT)
    report = at(town, MORNING)
    assert handler.who == ["two@example.com"]
    assert states(report)["newsletter"] == "pending"
    handler.answers.clear()
    assert states(at(town, MORNING + timedelta(minutes=11)))["newsletter"] == "sent"
    assert handler.who == ["two@example.com", "one@example.com"]


def test_an_outcome_nobody_knows_waits_for_a_person(town: Project, sink: tuple[Sink, int]) -> None:
    """The line breaks after the text: that person is unknown, listed, never sent to again by itself; a person decides (P44, P45)."""
    handler, _port = sink
    handler.silent = {"one@example.com"}
    at(town, NIGHT)
    at(town, MORNING)
    report = at(town, MORNING + timedelta(minutes=11))
    assert sorted(handler.who) == ["one@example.com", "two@example.com"]
    assert states(report)["newsletter"] == "unknown"
    name = next(d.id for d in report.deliveries if d.channel == "newsletter")
    assert f"moa db resolve '{name}'" in town.moa_says("status").out
    handler.silent.clear()
    for hours in (1, 2):
        assert states(at(town, MORNING + timedelta(hours=hours)))["newsletter"] == "unknown"
    assert len(handler.mails) == 2
    assert town.moa_says("db", "resolve", name, "--resend").code == 0
    assert states(at(town, MORNING + timedelta(hours=3)))["newsletter"] == "sent"
    assert handler.who.count("one@example.com") == 2  # a person said so
    assert handler.who.count("two@example.com") == 1
    assert len({email.message_from_bytes(m)["Message-ID"] for w, m in handler.mails if w == "one@example.com"}) == 1


def test_the_key_of_a_sending_is_made_once(town: Project, sink: tuple[Sink, int]) -> None:
    """One row for an edition, channel and audience, with one key, over tries and re-runs (P43, P47)."""
    handler, _port = sink
    handler.answers["one@example.com"] = "451 later"
    rows = []
    for when in (NIGHT, NIGHT, MORNING, MORNING, MORNING + timedelta(minutes=11)):
        at(town, when)
        with sqlite3.connect(town.output / "moa.db") as database:
            query = "SELECT id, idempotency_key, rendering_sha256 FROM deliveries WHERE channel = 'newsletter'"
            rows.append(database.execute(query).fetchall())
    assert len(rows[0]) == 1
    assert all(row == rows[0] for row in rows)
    assert rows[0][0][1]


def test_a_password_that_cannot_be_said_is_named_and_nothing_is_in_doubt(
    town: Project, sink: tuple[Sink, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Korean password, which SMTP AUTH here cannot carry: failed for the operator, not unknown, not a defect (P45)."""
    monkeypatch.setenv("MOA_SMTP_PASSWORD", "비밀번호")
    monkeypatch.setenv("MOA_SMTP_USER", "mailer")
    account = {"username": "MOA_SMTP_USER", "password": "MOA_SMTP_PASSWORD"}
    town.moa(channels=[CHANNELS[0], newsletter(sink[1], send=account)])
    at(town, NIGHT)
    report = at(town, MORNING)
    assert states(report)["newsletter"] == "failed"
    assert "비밀번호에 쓸 수 없는 글자" in next(e.message for e in report.errors)
    assert sink[0].sessions == 0


def test_who_left_between_two_tries_gets_nothing(town: Project, sink: tuple[Sink, int]) -> None:
    """The list is asked again before each try: whoever is no longer on it is not written to (P52, P72)."""
    handler, _port = sink
    handler.answers["one@example.com"] = "451 later"
    at(town, NIGHT)
    at(town, MORNING)
    handler.answers.clear()
    (town.folder / "people.csv").write_text("email\ntwo@example.com\n")
    assert states(at(town, MORNING + timedelta(minutes=11)))["newsletter"] == "sent"
    assert handler.who == ["two@example.com"]


def test_every_mail_is_one_hygienic_mail(town: Project, site: Site, sink: tuple[Sink, int]) -> None:
    """Titles add no header and no receiver; one of each header, one-click unsubscribe by https, the same id on each try (P54, P55)."""
    site.routes["/f"] = answer(
        rss(
            item(
                "제목&#13;&#10;Bcc: victim@example.com&#13;&#10;.&#13;&#10;MAIL FROM:&lt;a@b.c&gt;",
                "k",
                body="글\r\n.\r\nQUIT",
            )
        )
    )
    at(town, NIGHT)
    at(town, MORNING)
    assert sorted(sink[0].who) == ["one@example.com", "two@example.com"]
    ids = set()
    for who, raw in sink[0].mails:
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        names = [n.lower() for n in mail]
        assert len(names) == len(set(names))
        assert "bcc" not in names
        assert mail["To"] == who
        assert mail["List-Unsubscribe"].startswith("<https://learn.example.go.kr/u/")
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert mail["Message-ID"].endswith("@example.go.kr>")
        assert max(map(len, raw.split(b"\r\n"))) <= 998
        assert b"\n" not in raw.replace(b"\r\n", b"")
        assert not mail.defects
        ids.add(mail["Message-ID"])
    assert len(ids) == 2


def test_what_is_sent_is_what_was_made(town: Project, sink: tuple[Sink, int]) -> None:
    """The mail is rendered once: a template changed in between changes nothing; bytes changed on the disk are refused (P56)."""
    at(town, NIGHT)
    eml = town.output / "editions/daily" / MONDAY / "newsletter/newsletter.eml"
    body = eml.read_bytes()
    eml.write_bytes(body.replace(b"Subject: ", b"Subject: X", 1))
    at(town, MORNING)
    assert sink[0].sessions == 0
    assert stored(town)["newsletter"] == ("held", "bytes-changed")


def test_a_person_approves_what_was_shown(town: Project, sink: tuple[Sink, int]) -> None:
    """``approval: manual``: nothing leaves before ``moa approve``; another hash approves nothing (P56)."""
    town.moa(channels=[CHANNELS[0], newsletter(sink[1], approval="manual")])
    at(town, NIGHT)
    at(town, MORNING)
    assert sink[0].sessions == 0
    assert stored(town)["newsletter"] == ("held", "approval")
    assert town.moa_says("approve", f"daily/{MONDAY}", "--sha256", "0" * 64).code == 3
    assert stored(town)["newsletter"][0] == "held"
    assert town.moa_says("approve", f"daily/{MONDAY}").code == 0
    at(town, MORNING)
    assert len(sink[0].mails) == 2


# --- P46, P51: dry run ----------------------------------------------------------------------------------------------


def test_a_dry_run_changes_nothing(town: Project, site: Site, sink: tuple[Sink, int]) -> None:
    """Store, output and mail server after ``--dry-run`` are what they were before, though there was news and work (P51)."""
    at(town, NIGHT)
    before = _everything(town)
    site.routes["/f"] = answer(rss(item("새것", body="글")))
    said = town.moa_says("run", "--dry-run", "--json")
    assert said.json["dry_run"] is True
    assert said.source("news")["new"] == 1
    assert _everything(town) == before
    assert sink[0].sessions == 0


def test_a_dry_run_of_a_new_project_leaves_no_store_behind(town: Project) -> None:
    """The first practice run makes no database that a later night would take for its own (P51)."""
    said = town.moa_says("run", "--dry-run", "--json")
    assert said.code == 0
    assert said.source("news")["new"] == 2
    assert not list(town.output.rglob("*.html"))
    assert not (town.output / "reports").exists()
    assert town.items() == []


def _everything(town: Project) -> dict[str, str]:
    """Hashes of all files, and the store's rows (its file may be tidied up)."""
    files = {
        str(f.relative_to(town.folder)): sha256(f.read_bytes()).hexdigest()
        for f in sorted(town.folder.rglob("*"))
        if f.is_file() and not f.name.startswith("moa.db")
    }
    with sqlite3.connect(town.output / "moa.db") as database:
        return {**files, "rows": sha256("\n".join(database.iterdump()).encode()).hexdigest()}
