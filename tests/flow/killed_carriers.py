"""What a killed message was sent through, and what must be true of it afterwards: dealers, Kakao, mailing services.

What does not live here: places where files are put (``killed_places.py``), newsletters by SMTP (``killed_mailing.py``).
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pipeline.model as p
from pipeline.deliver.people import key_of, listed
from pipeline.deliver.transports import nhncloud, solapi
from pipeline.model import DeliveryState as S
from pipeline.store.store import Store
from tests.flow.killed_trials import Case, Trials, job_of, plan
from tests.vendors import kakaoapi
from tests.vendors import nhncloud as nhn_fake
from tests.vendors import solapi as solapi_fake
from tests.vendors.desk import bubble, number
from tests.vendors.listmonk import Listmonk
from tests.vendors.mailing import rendering as mail
from tests.vendors.server import Carrier
from tests.vendors.stibee import KEY, Stibee

PEOPLE = 5
HOURS = {"opens": "08:00", "closes": "20:50"}


def tricky(chance: random.Random, share: float) -> Callable[[int], str]:
    """At so many of a step's calls it is taken and the line dropped, answered by an error, or cut before it is read."""
    return lambda _n: chance.choice(("drop", "drop", "500", "cut")) if chance.random() < share else ""


# --- dealers and Kakao -------------------------------------------------------------------------------------------


@dataclass
class ToPeople:
    """Messages to some people through a dealer: each has a line of their own."""

    job: dict[str, Any]
    carrier: Carrier
    name: str

    def watched(self, hook: Callable[[str], None]) -> bool:
        self.carrier.watch = hook
        return True

    def calm(self) -> None:
        self.carrier.mischief = {}

    def seen(self) -> None:
        assert max(self.carrier.accepted.values(), default=0) <= 1, self.carrier.accepted

    def judge(self, store: Store) -> Counter[str]:
        self.seen()
        states = self._states(store)
        assert set(states) == {number(n) for n in range(PEOPLE)}
        delivery = store.deliveries.get([self.name])[0]
        taken = {"sent": (1,), "unknown": (0, 1), "failed": (0,)}  # failed: three living tries were surely not taken
        for who, state in states.items():
            assert self.carrier.accepted[who] in taken[state], (who, state, delivery.reason)
        expected = S.UNKNOWN if "unknown" in states.values() else S.SENT
        assert delivery.state is (S.FAILED if {*states.values()} == {"failed"} else expected)
        return Counter(states.values())

    def _states(self, store: Store) -> dict[str, str]:
        model = {"solapi": solapi.Options, "nhncloud": nhncloud.Options}[self.job["transport"]]
        options: Any = model.model_validate(self.job["options"], context={"environment": self.job["environment"]})
        key = key_of(options, store)
        whose = {one.hash: f"0{one.address.removeprefix('+82')}" for one in listed(options, "phone", key)}
        return {whose[who]: fate.state.value for who, fate in store.deliveries.recipients_of(self.name).items()}


def dealer(
    transport: str, make: Callable[[], Carrier], options: dict[str, str], keys: dict[str, str], ask: str
) -> Case:
    """Return the case of a dealer; ``ask``: the step by which it is asked what became of something."""

    @contextmanager
    def trial(folder: Path, chance: random.Random, _run: Any) -> Iterator[ToPeople]:
        rows = "".join(f"{number(n)[:3]}-{number(n)[3:7]}-{number(n)[7:]}\n" for n in range(PEOPLE))
        (folder / "people.csv").write_text(f"phone\n{rows}", encoding="utf-8")
        with make() as carrier:
            carrier.mischief = {step: tricky(chance, 0.3) for step in ("send", ask)}
            carrier.mischief |= {step: tricky(chance, 0.1) for step in ("create", "fill")}
            given = {**options, "base_url": carrier.url, "recipients": str(folder / "people.csv")}
            groups = {"SOLAPI_CALL": 2, "NHN_CALL": 2}  # several groups for a handful of people
            job = job_of(
                folder,
                transport,
                given,
                environment=keys,
                hosts=[f"127.0.0.1:{carrier.port}"],
                hours=HOURS,
                limits=groups,
            )
            yield ToPeople(job, carrier, plan(folder, job, _bubble()))

    return Case(transport, Trials(trial))


def _bubble() -> tuple[p.Artifact, ...]:
    document, pictures = bubble("TEXT")
    body = json.dumps(document, ensure_ascii=False).encode()
    return (p.Artifact(path="bubble.json", media_type="application/vnd.moa.kakao+json", body=body), *pictures)


@dataclass
class Whole:
    """One message, mail or campaign: it left once, or nobody knows, or it surely did not.

    Attributes:
        left: How often it left, for everybody at once.
    """

    job: dict[str, Any]
    name: str
    left: Callable[[], int]
    hooked: Callable[[Callable[[str], None]], None]
    calmed: Callable[[], None]

    def watched(self, hook: Callable[[str], None]) -> bool:
        self.hooked(hook)
        return True

    def calm(self) -> None:
        self.calmed()

    def seen(self) -> None:
        assert self.left() <= 1

    def judge(self, store: Store) -> Counter[str]:
        self.seen()
        delivery = store.deliveries.get([self.name])[0]
        allowed = {S.SENT: (1,), S.UNKNOWN: (0, 1), S.FAILED: (0,)}  # failed: every try was surely not taken
        assert self.left() in allowed[delivery.state], (delivery.state, delivery.reason, self.left())
        return Counter([delivery.state.value])


@contextmanager
def memo(folder: Path, chance: random.Random, _run: Any) -> Iterator[Whole]:
    """The operator's own KakaoTalk."""
    with kakaoapi.Kakao() as carrier:
        carrier.mischief = {"memo": tricky(chance, 0.3), "token": tricky(chance, 0.2)}
        options = {
            "base_url": carrier.url,
            "auth_url": carrier.url,
            "client_id": "MOA_KAKAO_REST_KEY",
            "refresh_token": "MOA_KAKAO_REFRESH_TOKEN",
            "link": "https://news.example.go.kr",
        }
        keys = {"MOA_KAKAO_REST_KEY": kakaoapi.CLIENT, "MOA_KAKAO_REFRESH_TOKEN": kakaoapi.FIRST}
        hosts = [f"127.0.0.1:{carrier.port}"]
        job = job_of(folder, "kakao-memo", options, environment=keys, hosts=hosts, hours=HOURS)
        yield Whole(
            job,
            plan(folder, job, _bubble()),
            lambda: carrier.accepted["me"],
            lambda hook: setattr(carrier, "watch", hook),
            carrier.mischief.clear,
        )


# --- mailing services --------------------------------------------------------------------------------------------


@dataclass
class Chance:
    """Trouble for a service at so many of its requests; see ``Vendor.trouble``."""

    chance: random.Random
    share: float = 0.25
    ways: tuple[str, ...] = field(default=("lost", "lost", "500", "early", "dead"))

    def __call__(self, _line: str) -> str:
        return self.chance.choice(self.ways) if self.chance.random() < self.share else ""


def service(transport: str) -> Case:
    """Return the case of a mailing service."""

    @contextmanager
    def trial(folder: Path, chance: random.Random, _run: Any) -> Iterator[Whole]:
        vendor: Any = Stibee() if transport == "stibee" else Listmonk()
        vendor.next_trouble = Chance(chance)
        with vendor.serving() as base:
            if transport == "stibee":
                sender = {"sender_email": "n@example.go.kr", "sender_name": "소식"}
                options: dict[str, Any] = {"access_token": "MOA_KEY", "list_id": 7, **sender}
            else:
                options = {"user": "moa", "token": "MOA_KEY", "lists": [1]}
            keys = {"MOA_KEY": KEY if transport == "stibee" else "listmonk-token"}
            hosts = [f"127.0.0.1:{vendor.port}"]
            job = job_of(folder, transport, {**options, "base_url": base}, environment=keys, hosts=hosts)
            yield Whole(
                job,
                plan(folder, job, mail().artifacts),
                lambda: len(vendor.sent if transport == "stibee" else vendor.started),
                lambda hook: setattr(vendor, "watch", hook),
                lambda: setattr(vendor, "next_trouble", lambda _line: ""),
            )

    return Case(transport, Trials(trial))


CARRIERS = [
    dealer(
        "solapi",
        solapi_fake.Solapi,
        {"api_key": "MOA_KEY", "api_secret": "MOA_SECRET", "pf_id": "KA01PF0000000000", "sender": "0310001200"},
        {"MOA_KEY": solapi_fake.KEY, "MOA_SECRET": solapi_fake.SECRET},
        "get",
    ),
    dealer(
        "nhncloud",
        nhn_fake.NhnCloud,
        {"app_key": "MOA_APP", "secret_key": "MOA_SECRET", "sender_key": "MOA_SENDER"},
        {"MOA_APP": nhn_fake.APP_KEY, "MOA_SECRET": nhn_fake.SECRET_KEY, "MOA_SENDER": nhn_fake.SENDER_KEY},
        "list",
    ),
    Case("kakao-memo", Trials(memo)),
    service("listmonk"),
    service("stibee"),
]
