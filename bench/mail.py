"""Ten thousand personal mails through one server: ``moa deliver`` beside ``smtplib`` (``make bench``, or ``python -m bench.mail``).

Both are programs of their own, measured from their start to their end, and send the same stored newsletter to the same list
through the same sink. moa freezes the list, applies refusals and records each receiver in a store on the disk all the same.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pipeline.model as p
from bench.measure import MOA, PYTHON, Taken, spread, take
from pipeline import output
from pipeline.store.store import Store
from renderers import _mail

COUNT = 10_000
BAR = 2.0
SINKS = {
    "ours": ["-m", "tests.mailsink"],
    "aiosmtpd": ["-W", "ignore", "-m", "bench.mailslow"],
}


def body(kilobytes: int) -> bytes:
    """Return a stored newsletter of about this size, with its placeholder in both parts."""
    line = "<p>시민과 함께 배우는 소식, 신청은 누리집에서 합니다.</p>\r\n"
    html = line * (kilobytes * 640 // len(line.encode())) + f'<p><a href="{p.UNSUBSCRIBE_MARK}">수신 거부</a></p>\r\n'
    text = f"소식입니다.\r\n{p.UNSUBSCRIBE_MARK}\r\n"
    rich = _mail.aligned(html, p.UNSUBSCRIBE_MARK, before='href="', after='"')
    plain = _mail.aligned(text, p.UNSUBSCRIBE_MARK, before="\r\n", after="")
    return _mail.message([("Subject", _mail.phrase("배움소식"))], plain, rich, "bench")


def project(folder: Path, port: int, count: int, connections: int) -> None:
    """Write a project with one channel, and the list."""
    rows = "".join(f"r{number}@example.com,홍길동\n" for number in range(count))
    (folder / "people.csv").write_text(f"email,name\n{rows}", "utf-8")
    send = {
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "sender": "n@example.go.kr",
        "recipients": "people.csv",
        "unsubscribe": "https://example.go.kr/u/{token}",
        "connections": connections,
    }
    channel = {"id": "mail", "renderer": "newsletter", "transport": "smtp", "window": "always", "send": send}
    institute = {"name": "시험 학습관", "site_url": "https://learn.example.go.kr/"}
    (folder / "config/sources").mkdir(parents=True)
    (folder / "config/sources/all.yaml").write_text("agency: 시험\nsources: []\n", "utf-8")
    moa = json.dumps({"institute": institute, "channels": [channel]}, ensure_ascii=False)
    (folder / "config/moa.yaml").write_text(moa, "utf-8")


def plan(folder: Path, message: bytes, number: int) -> str:
    """Store an edition's mail and plan its sending; return the key that arms this store."""
    artifact = p.Artifact(path="newsletter.eml", media_type="message/rfc822", body=message)
    sha256, edition = output.hash_of([artifact]), f"daily/{number}"
    output.write_rendering(
        folder / "output", p.Rendering(digest_id=edition, channel="mail", sha256=sha256, artifacts=(artifact,))
    )
    now = datetime.now(UTC) - timedelta(minutes=1)
    planned = p.Delivery(
        id=f"{edition}/mail/all/0",
        edition_id=edition,
        channel="mail",
        transport="smtp",
        rendering_sha256=sha256,
        not_before_at=now,
        created_at=now,
    )
    with Store.open(f"sqlite:///{folder / 'output/moa.db'}") as store:
        store.deliveries.enqueue([planned])
        return store.stamp.id


@contextmanager
def sink(name: str, log: Path) -> Iterator[int]:
    """Serve; yields the port. The log holds a line for each accepted receiver."""
    with subprocess.Popen([sys.executable, *SINKS[name], str(log)], stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield int(server.stdout.readline())
        finally:
            server.terminate()


def checked(log: Path, seen: int, count: int) -> int:
    """Everybody got one; return how much of the log has been read."""
    told = log.read_bytes()
    taken = Counter(told[seen:].split())
    assert (len(taken), taken.total()) == (count, count), (len(taken), taken.total())
    return len(told)


def compare(
    folder: Path, rounds: int, *, count: int = COUNT, kilobytes: int = 54, connections: int = 4, server: str = "ours"
) -> None:
    """Run the rounds in turn and print the ratios beside their bar."""
    here = folder / f"mail-{time.monotonic_ns()}"
    here.mkdir()
    message, log = body(kilobytes), here / "log"
    (here / "newsletter.eml").write_bytes(message)
    pairs: list[tuple[Taken, Taken]] = []
    seen = 0
    with sink(server, log) as port:
        project(here, port, count, connections)
        peer = [PYTHON, "-m", "bench.mailpeer", str(port), str(here / "people.csv"), str(here / "newsletter.eml")]
        ours = [MOA, "deliver", "--send", "--quiet", "--project", str(here)]
        for number in range(rounds):
            its = take(peer)
            seen = checked(log, seen, count)
            arm = plan(here, message, number)
            mine = take(ours, MOA_ARM=arm)
            seen = checked(log, seen, count)
            pairs.append((its, mine))
            print(
                f"  mail  smtplib {count / its.seconds:6.0f}/s cpu {its.cpu:5.2f} s"
                f"   moa {count / mine.seconds:6.0f}/s cpu {mine.cpu:5.2f} s",
                flush=True,
            )
        # looking at a process's memory stops it for moments: a run of its own, not timed
        peak = take(ours, watch=True, MOA_ARM=plan(here, message, rounds)).peak_mb
    ratios = [its.seconds / mine.seconds for its, mine in pairs]
    cpu = [its.cpu / mine.cpu for its, mine in pairs]
    verdict = "ok" if statistics.median(ratios) >= BAR else "MISSED"
    print(
        f"mail, {count} of {len(message) // 1024} kB, sink {server}: moa {spread(ratios, '.2f')} x smtplib kept "
        f"(bar {BAR}: {verdict})  cpu {spread(cpu, '.2f')} x less  peak {peak:.0f} MB"
    )


def main() -> None:
    """Parse options and compare."""
    parser = argparse.ArgumentParser(prog="bench.mail")
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kilobytes", type=int, default=54)
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--sink", choices=tuple(SINKS), default="ours")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="moa-bench-"))
    try:
        compare(
            folder,
            options.rounds,
            count=options.count,
            kilobytes=options.kilobytes,
            connections=options.connections,
            server=options.sink,
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
