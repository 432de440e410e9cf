"""One Kakao delivery on a real store, a real ledger and real HTTP to a fake carrier.

What does not live here: carriers (``solapi``, ``nhncloud``), assertions.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pipeline.model as p
from pipeline import output
from pipeline.deliver.people import key_of, listed
from pipeline.deliver.run import Round, deliver
from pipeline.http import open_http
from pipeline.registry import Registry
from pipeline.store.store import Store

MORNING = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)  # 09:30 in Seoul
EDITION = "daily/2026-11-23"
NAME = f"{EDITION}/kakao/all/0"


def link(n: int | str) -> str:
    """A page of our own."""
    return f"https://news.example.go.kr/s/{n}.html"


def bubble(kind: str = "TEXT") -> tuple[dict[str, Any], tuple[p.Artifact, ...]]:
    """A document of each kind, with its pictures."""
    document: dict[str, Any] = {
        "schema": "moa-kakao-bubble/1",
        "edition": EDITION,
        "type": kind,
        "is_ad": True,
        "header": "",
        "text": "",
        "items": [],
        "cards": [],
        "buttons": [],
        "tail": None,
        "images": [],
        "links": [],
    }
    pictures: list[p.Artifact] = []

    def picture(ratio: str) -> int:
        n = len(pictures)
        body = b"\xff\xd8\xff" + f"{kind} {n}".encode()
        path = f"media/ab/{n:032x}.jpg"
        pictures.append(p.Artifact(path=path, media_type="image/jpeg", body=body))
        document["images"].append({"file": path, "ratio": ratio, "alt": "그림", "licence": "kogl-1", "link": link(n)})
        return n

    go = {"name": "전체 보기", "type": "WL", "link": link("all")}
    if kind in ("TEXT", "IMAGE", "WIDE"):
        document |= {"text": "가온 배움소식\n· 새 강좌", "buttons": [go]}
    if kind in ("IMAGE", "WIDE"):
        picture("2:1")
    if kind == "WIDE_ITEM_LIST":
        document |= {"header": "가온 배움소식", "buttons": [go]}
        for n in range(4):
            document["items"].append({"title": f"소식 {n}", "link": link(n), "image": picture("1:1" if n else "2:1")})
    if kind == "CAROUSEL_FEED":
        for n in range(3):
            see = {"name": "자세히 보기", "type": "WL", "link": link(n)}
            document["cards"].append(
                {"header": "강좌", "text": f"소식 {n}", "image": picture("2:1"), "link": link(n), "buttons": [see]}
            )
        document["tail"] = {"name": "더보기", "link": link("all")}
    return document, tuple(pictures)


def number(n: int) -> str:
    """An invented mobile number."""
    return f"0100000{n:04d}"


@dataclass
class Desk:
    """Runs the deliver room over and over."""

    folder: Path
    transport: str
    options: Any
    hosts: tuple[str, ...]
    store: Store
    now: datetime = MORNING
    errors: list[p.PipelineError] = field(default_factory=list)

    @property
    def channel(self) -> p.ChannelSpec:
        return p.ChannelSpec(
            id="kakao",
            renderer="kakao",
            transport=self.transport,
            transport_options=self.options,
            opens="08:00",
            closes="20:50",
        )

    def plan(self, kind: str = "TEXT", *, expires_at: datetime | None = None) -> p.Delivery:
        """Store a rendering and plan its sending."""
        document, pictures = bubble(kind)
        body = json.dumps(document, ensure_ascii=False).encode()
        artifacts = (p.Artifact(path="bubble.json", media_type="application/vnd.moa.kakao+json", body=body), *pictures)
        digest = output.hash_of(artifacts)
        rendering = p.Rendering(digest_id=EDITION, channel="kakao", sha256=digest, artifacts=artifacts)
        output.write_rendering(self.folder, rendering)
        delivery = p.Delivery(
            id=NAME,
            edition_id=EDITION,
            channel="kakao",
            transport=self.transport,
            rendering_sha256=digest,
            idempotency_key=sha256(NAME.encode()).hexdigest()[:32],
            not_before_at=self.now,
            expires_at=expires_at,
            created_at=self.now,
        )
        self.store.deliveries.enqueue([delivery], now=self.now)
        return delivery

    def run(self, *, later: timedelta = timedelta()) -> p.Delivery:
        """Walk the deliver room once."""
        self.now += later
        allowed = p.FetchRules(allow_private=self.hosts, gap_s=0.0)
        with open_http(allowed, wall_clock=lambda: self.now) as http:
            _touched, errors = deliver(
                Round(
                    channels={"kakao": self.channel},
                    store=self.store,
                    http=http,
                    plugins=Registry(installed=False),
                    output_dir=self.folder,
                    clock=lambda: self.now,
                    is_armed=True,
                )
            )
        self.errors = list(errors)
        return self.store.deliveries.get([NAME])[0]

    def states(self) -> Mapping[str, str]:
        """The state of each receiver, by number as dealers write it."""
        key = key_of(self.options, self.store)
        whose = {one.hash: f"0{one.address.removeprefix('+82')}" for one in listed(self.options, "phone", key)}
        lines = self.store.deliveries.recipients_of(NAME)
        return {whose.get(who, who): fate.state.value for who, fate in lines.items()}


@contextmanager
def desk(folder: Path, transport: str, port: int, options: Callable[[str], Any], *, people: int = 3) -> Iterator[Desk]:
    """Open a desk with so many receivers; ``options`` is given the list's path."""
    folder.mkdir(parents=True, exist_ok=True)
    listed_at = folder / "people.csv"
    if not listed_at.exists():
        rows = "".join(f"{number(n)[:3]}-{number(n)[3:7]}-{number(n)[7:]}\n" for n in range(people))
        listed_at.write_text(f"phone\n{rows}", encoding="utf-8")
    with Store.open(f"sqlite:///{folder / 'moa.db'}", now=MORNING) as store:
        yield Desk(folder, transport, options(str(listed_at)), (f"127.0.0.1:{port}",), store)
