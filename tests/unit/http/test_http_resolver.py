"""Names are looked up beside the loop: many at once, none waited for for ever."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest

import pipeline.model as p
from pipeline.http import open_http
from pipeline.http.loop import Loop
from pipeline.http.resolver import Resolver, system_resolve
from tests import misbehave as m

AT = datetime(2026, 11, 22, 18, tzinfo=UTC)


def test_slow_names_are_looked_up_together() -> None:
    """As many look-ups run at once as there are names, up to the threads allowed: each waits for all the others."""
    names = [f"n{number}.test" for number in range(40)]
    barrier = threading.Barrier(len(names))

    def resolve(_host: str) -> list[str]:
        barrier.wait(10)
        return ["127.0.0.1"]

    with m.Site(default=m.answer(b"ok")) as site:
        rules = p.FetchRules(allow_private=tuple(f"{name}:{site.port}" for name in names))
        with open_http(rules, wall_clock=lambda: AT, resolve=resolve) as http:
            for name in names:
                http.submit(p.Request(url=f"http://{name}:{site.port}/", purpose=p.Purpose.FEED), name)
            got: list[object] = []
            while len(got) < len(names):
                got += [answer for _tag, answer in http.poll(1.0)]
    assert all(isinstance(answer, p.Document) for answer in got)


def test_a_hanging_name_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A resolver that never answers ends as a transient failure; the door still closes, late answers harm nobody."""
    monkeypatch.setattr(p.limits, "RESOLVE_S", 0.05)
    free = threading.Event()

    def resolve(_host: str) -> list[str]:
        free.wait(10)
        return ["127.0.0.1"]

    with open_http(p.FetchRules(), wall_clock=lambda: AT, resolve=resolve, backoff=(0.01,)) as http:
        with pytest.raises(p.FetchError) as caught:  # three tries, each in a thread of its own
            http.fetch(p.Request(url="http://slow.test/", purpose=p.Purpose.FEED))
        assert caught.value.code == "dns-timeout"
    free.set()


def test_a_broken_resolver_is_an_unanswered_name() -> None:
    """Any exception of the resolver, or an empty answer, ends that request only."""

    def resolve(host: str) -> list[str]:
        if host.startswith("empty"):
            return []
        raise KeyError(host)

    with open_http(p.FetchRules(), wall_clock=lambda: AT, resolve=resolve, backoff=(0.01,)) as http:
        for host in ("empty.test", "broken.test"):
            with pytest.raises(p.FetchError) as caught:
                http.fetch(p.Request(url=f"http://{host}/", purpose=p.Purpose.FEED))
            assert caught.value.code == "dns-timeout"


def test_a_closed_loop_is_not_woken() -> None:
    """A look-up that comes home after the door closed writes to no descriptor."""
    loop = Loop()
    loop.wake()
    loop.close()
    loop.wake()


def test_the_system_resolver_gives_plain_addresses() -> None:
    """Addresses come as text, each once."""
    found = system_resolve("127.0.0.1")
    assert found == ("127.0.0.1",)


def test_one_look_up_a_host() -> None:
    """A name under way is not asked twice."""
    asked: list[str] = []
    done = threading.Event()

    def resolve(host: str) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    resolver = Resolver(resolve, done.set)
    resolver.ask("a.test")
    resolver.ask("a.test")
    assert done.wait(5)
    assert resolver.told() == [("a.test", ("127.0.0.1",))]
    assert resolver.known("a.test") == ("127.0.0.1",)
    resolver.close()
    assert asked == ["a.test"]


def test_idle_threads_end_with_the_door() -> None:
    """A closed door leaves no thread, so that pages may be made in forks; one that hangs is not waited for."""
    free = threading.Event()

    def resolve(host: str) -> list[str]:
        if host == "hangs.test":
            free.wait(30)
        return ["127.0.0.1"]

    before = set(threading.enumerate())
    done = threading.Event()
    resolver = Resolver(resolve, done.set)
    for number in range(5):
        resolver.ask(f"a{number}.test")
    while resolver.is_busy():
        done.wait(5)
        done.clear()
        resolver.told()
    resolver.close()
    assert set(threading.enumerate()) <= before

    resolver = Resolver(resolve, done.set)
    resolver.ask("hangs.test")
    resolver.close()
    assert len(set(threading.enumerate()) - before) == 1
    free.set()
