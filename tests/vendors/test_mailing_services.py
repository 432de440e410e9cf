"""Stibee and listmonk, over the real door to the web: one edition is sent once, whatever the wire does."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

import pipeline.model as p
from pipeline.deliver.transports import listmonk, stibee
from tests.vendors.listmonk import Listmonk
from tests.vendors.loopback import Vendor, door
from tests.vendors.mailing import HTML, delivery, rendering
from tests.vendors.stibee import KEY, Stibee

KILLS = int(os.environ.get("MOA_KILLS", "60"))


class Killed(BaseException):
    """The process died here."""


class Case:
    """A service, its transport, and how often it sent."""

    def __init__(self, name: str) -> None:
        self.vendor: Any = Stibee() if name == "stibee" else Listmonk()
        self.transport: Any = stibee if name == "stibee" else listmonk
        self.memo: p.Memo = {}
        self.more: dict[str, Any] = {}

    @property
    def sent(self) -> list[int]:
        return self.vendor.sent if isinstance(self.vendor, Stibee) else self.vendor.started

    def options(self, base: str, secret: str = "") -> Any:
        if isinstance(self.vendor, Stibee):
            told = {"access_token": "MOA_KEY", "list_id": 7, "sender_email": "n@example.go.kr", "sender_name": "소식"}
            value = secret or KEY
        else:
            told = {"user": "moa", "token": "MOA_KEY", "lists": [1]}
            value = secret or "listmonk-token"
        return self.transport.Options.model_validate(
            {"base_url": base, **told, **self.more}, context={"environment": {"MOA_KEY": value}}
        )

    def keep(self, memo: p.Memo) -> None:
        self.memo = dict(memo)

    def send(self, base: str, http: p.Http, html: str = HTML, secret: str = "") -> p.Receipt | p.PipelineError:
        try:
            return self.transport.send(
                self.options(base, secret), delivery(self.memo), rendering(html), http, self.keep
            )
        except p.PipelineError as error:
            return error


@pytest.fixture(params=["stibee", "listmonk"])
def case(request: pytest.FixtureRequest) -> Case:
    return Case(request.param)


@contextmanager
def wired(vendor: Vendor) -> Iterator[tuple[str, p.Http]]:
    with vendor.serving() as base, door(vendor) as http:
        yield base, http


def test_an_edition_is_sent_with_the_services_own_fields(case: Case) -> None:
    """Name and refusal become the service's merge fields; what a source wrote never does (P34)."""
    with wired(case.vendor) as (base, http):
        receipt = case.send(base, http)
    assert isinstance(receipt, p.Receipt)
    assert len(case.sent) == 1
    if isinstance(case.vendor, Stibee):
        (mail,) = case.vendor.emails.values()
        assert mail["told"]["listId"] == 7
        assert '<a href="$%unsubscribe%$">' in mail["content"]
        assert "$%name%$ 님" in mail["content"]
        assert "$%email%$" not in mail["content"]
        assert "<style" not in mail["content"]
        assert "<body" not in mail["content"]
    else:
        (campaign,) = case.vendor.campaigns.values()
        assert '<a href="{{ UnsubscribeURL }}">' in campaign["body"]
        assert "{{ .Secret }}" not in campaign["body"].replace('{{ "{{" }}', "(")
        assert "{{ .Secret }}" not in campaign["altbody"].replace('{{ "{{" }}', "(")
        assert campaign["name"] == delivery().id


@pytest.mark.parametrize("way", ["lost", "500", "early", "dead"])
def test_no_step_that_goes_wrong_sends_twice(case: Case, way: str) -> None:
    """Each request in turn is carried out without an answer, or not carried out: tried again, the edition leaves once."""
    steps = {
        "stibee": ["POST /emails", "GET /emails/1000", "POST /emails/1000/content", "POST /emails/1000/send"],
        "listmonk": ["POST /api/campaigns", "GET /api/campaigns/1", "PUT /api/campaigns/1/status"],
    }["stibee" if isinstance(case.vendor, Stibee) else "listmonk"]
    with wired(case.vendor) as (base, http):
        for step in steps:
            case.memo = {}
            before = len(case.sent)
            case.vendor.emails = {}
            case.vendor.campaigns = {}
            case.vendor.trouble = {step: [way]}
            for _try in range(3):
                outcome = case.send(base, http)
                if isinstance(outcome, p.Receipt):
                    break
                assert not isinstance(outcome, p.RejectedError | p.CredentialError | p.UnknownOutcomeError), step
            assert isinstance(outcome, p.Receipt), step
            assert len(case.sent) == before + 1, step


def test_an_outcome_nobody_can_tell_is_left_to_a_person(case: Case) -> None:
    """Carried out, no answer, and the state cannot be asked either: unknown (P44); asked later, it was sent."""
    send, ask = (
        ("POST /emails/1000/send", "GET /emails/1000")
        if isinstance(case.vendor, Stibee)
        else ("PUT /api/campaigns/1/status", "GET /api/campaigns/1")
    )
    with wired(case.vendor) as (base, http):
        case.vendor.trouble = {send: ["lost"], ask: ["", "dead"]}
        assert isinstance(case.send(base, http), p.UnknownOutcomeError)
        assert case.transport.lookup(case.options(base), delivery(case.memo), http) is not None
        assert isinstance(case.send(base, http), p.Receipt)
    assert len(case.sent) == 1


def test_what_may_have_left_is_never_called_unsent(case: Case) -> None:
    """It left, the answer was lost, and the service is silent at every later try: unknown each time, never "not sent"."""
    send, ask = (
        ("POST /emails/1000/send", "GET /emails/1000")
        if isinstance(case.vendor, Stibee)
        else ("PUT /api/campaigns/1/status", "GET /api/campaigns/1")
    )
    with wired(case.vendor) as (base, http):
        case.vendor.trouble = {send: ["lost"], ask: ["", "dead", "dead", "500", "early"]}
        for _try in range(4):
            assert isinstance(case.send(base, http), p.UnknownOutcomeError)
        assert isinstance(case.send(base, http), p.Receipt)
    assert len(case.sent) == 1


def test_a_wrong_key_is_the_operators(case: Case) -> None:
    """401 and 403 say so; nothing is made."""
    with wired(case.vendor) as (base, http):
        assert isinstance(case.send(base, http, secret="wrong"), p.CredentialError)
    assert case.sent == []


@pytest.mark.parametrize("under_200", [False, True])
@pytest.mark.parametrize(
    ("ending", "code", "kind"),
    [
        ("/emails", "Auth.NeedProPlan", p.CredentialError),
        ("/send", "Email.EmptySubscriber", p.RejectedError),
        ("/send", "Account.Spamer", p.RejectedError),
        ("/content", "Data.InvalidRequest", p.RejectedError),
    ],
)
def test_stibees_errors_are_read_under_any_status(ending: str, code: str, kind: type, under_200: bool) -> None:
    """A plan, a list or a content that is refused is final and nobody's doubt, also when it comes with 200."""
    case = Case("stibee")
    case.vendor.refuses, case.vendor.under_200 = {ending: code}, under_200
    with wired(case.vendor) as (base, http):
        assert type(case.send(base, http)) is kind
    assert case.sent == []


def test_stibee_takes_inline_html_only() -> None:
    """What Stibee would strip is refused before anything is made."""
    case = Case("stibee")
    with wired(case.vendor) as (base, http):
        for bad in ("<style>p{}</style>", "<form></form>", '<p onclick="x">a</p>', "<iframe></iframe>"):
            outcome = case.send(base, http, html=HTML.replace("<p>", f"{bad}<p>", 1))
            assert isinstance(outcome, p.RejectedError), bad
        assert isinstance(case.send(base, http, html="<p>no way out</p>"), p.RejectedError)
    assert case.vendor.calls == []


def test_stibee_reserves_in_korean_time() -> None:
    """``at`` is today's hour in Seoul, and past it the mail leaves at once."""
    from datetime import UTC, datetime

    assert stibee._reserved("08:40", datetime(2026, 11, 22, 23, 30, tzinfo=UTC)) == "20261123084000"
    assert stibee._reserved("08:30", datetime(2026, 11, 22, 23, 30, tzinfo=UTC)) == ""
    assert stibee._reserved("", datetime(2026, 11, 22, 23, 30, tzinfo=UTC)) == ""
    case = Case("stibee")
    case.more = {"at": "23:59"}
    with wired(case.vendor) as (base, http):
        receipt = case.send(base, http)
    assert isinstance(receipt, p.Receipt)
    (mail,) = case.vendor.emails.values()
    assert (mail["reserve"], mail["status"]) == ("20261123235900", 1)


def test_killed_at_any_moment_an_edition_leaves_once(case: Case) -> None:
    """Deaths before and after every request and every kept step, at chance: the next run goes on, nothing twice (P43)."""
    chance = random.Random(20261128)
    deaths = 0
    with wired(case.vendor) as (base, http):

        class Dying:
            def fetch(self, request: p.Request) -> p.Document:
                if chance.random() < 0.2:
                    raise Killed
                document = http.fetch(request)
                if chance.random() < 0.2:
                    raise Killed
                return document

        def keep(memo: p.Memo) -> None:
            if chance.random() < 0.2:
                raise Killed
            case.keep(memo)
            if chance.random() < 0.2:
                raise Killed

        editions = 0
        while deaths < KILLS:
            editions += 1
            case.memo = {}
            one = delivery()
            while True:
                try:
                    case.transport.send(
                        case.options(base),
                        p_replace(one, id=f"daily/{editions}/mail/all/0", memo=case.memo),
                        rendering(),
                        Dying(),
                        keep,
                    )
                    break
                except Killed:
                    deaths += 1
    assert len(case.sent) == editions
    assert len(set(case.sent)) == editions


def p_replace(one: p.Delivery, **changes: Any) -> p.Delivery:
    from dataclasses import replace

    return replace(one, **changes)
