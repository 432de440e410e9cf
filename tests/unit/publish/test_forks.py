"""Work shared out among forked processes: every answer, the earliest failure, no process left behind."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator

import pytest

import pipeline.model as p
from pipeline.publish import forks

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")


@pytest.fixture
def forked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Every process forked in this test."""
    pids: list[int] = []
    fork = os.fork

    def noted() -> int:
        pid = fork()
        pids.append(pid)
        return pid

    monkeypatch.setattr(os, "fork", noted)
    return pids


def are_gone(pids: list[int]) -> bool:
    """Whether none of them runs, or waits to be asked how it ended."""
    for pid in pids:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            continue
        return False
    return bool(pids)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_every_job_is_answered_once_by_another_process(count: int, forked: list[int]) -> None:
    """Whatever the number of processes; what this one held is seen there, and none of them stays."""
    held = {n: n * n for n in range(100)}
    told = list(forks.answers(iter(range(100)), lambda n: (n, held[n], os.getpid()), count))
    assert sorted((n, square) for n, square, _pid in told) == sorted(held.items())
    assert os.getpid() not in {pid for _n, _square, pid in told}
    assert are_gone(forked)


def test_the_earliest_failure_is_raised_whoever_met_it(forked: list[int]) -> None:
    """Always the same one, with all it says; no later job is begun for nothing."""
    asked: list[int] = []

    def jobs() -> Iterator[int]:
        for number in range(1000):
            asked.append(number)
            yield number

    def work(number: int) -> int:
        if number >= 7:
            raise p.RenderError(f"쪽 {number}", subject="site/website", hint="틀을 보세요.", code="render-path")
        return number

    with pytest.raises(p.RenderError, match="쪽 7") as caught:
        list(forks.answers(jobs(), work, 3))
    assert (caught.value.subject, caught.value.hint, caught.value.code) == (
        "site/website",
        "틀을 보세요.",
        "render-path",
    )
    assert len(asked) <= 7 + 3
    assert are_gone(forked)


def test_a_process_that_dies_is_an_error_and_no_hang(forked: list[int]) -> None:
    """The kernel may end one of them where memory is short."""

    def work(number: int) -> int:
        if number == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    with pytest.raises(p.RenderError) as caught:
        list(forks.answers(iter(range(10)), work, 2))
    assert caught.value.code == "worker-died"
    assert are_gone(forked)


def test_forks_end_with_whoever_asked() -> None:
    """A parent that is killed leaves no process that writes on: the forks hear their pipe close."""
    read, write = os.pipe()
    parent = os.fork()
    if parent == 0:
        os.close(read)
        try:
            for number, _pid in enumerate(forks.answers(iter(range(1000)), lambda _n: os.getpid(), 2)):
                if number == 10:
                    os.kill(os.getpid(), signal.SIGKILL)
        finally:
            os._exit(1)
    os.close(write)
    os.waitpid(parent, 0)
    assert os.read(read, 1) == b""  # the end comes only when the last process that holds the other side is gone
    os.close(read)


def test_no_fork_beside_another_thread() -> None:
    """A thread may hold a lock that a fork would wait for for ever."""
    end = threading.Event()
    thread = threading.Thread(target=end.wait)
    thread.start()
    try:
        assert forks.processes() == 1
    finally:
        end.set()
        thread.join()
    assert 1 <= forks.processes() <= p.limits.PAGE_PROCESSES
