"""Our sender against smtplib, on one sink in the same run: ``python -m bench.mail``.

smtplib keeps one connection and sends one message that was built once; moa makes each mail personal, records each receiver in
a store on the disk and applies refusals. The ratio says how much faster moa is all the same.
"""

from __future__ import annotations

import argparse
import smtplib
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pipeline.model as p
from pipeline.deliver.personal import Errand, send
from pipeline.deliver.transports import smtp
from pipeline.store.store import Store
from renderers import _mail

NOW = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
BAR = 2.0


def body(kilobytes: int) -> bytes:
    """Return a stored newsletter of about this size, with its placeholder in both parts."""
    line = "<p>시민과 함께 배우는 소식, 신청은 누리집에서 합니다.</p>\r\n"
    html = line * (kilobytes * 640 // len(line.encode())) + f'<p><a href="{p.UNSUBSCRIBE_MARK}">수신 거부</a></p>\r\n'
    text = f"소식입니다.\r\n{p.UNSUBSCRIBE_MARK}\r\n"
    rich = _mail.aligned(html, p.UNSUBSCRIBE_MARK, before='href="', after='"')
    plain = _mail.aligned(text, p.UNSUBSCRIBE_MARK, before="\r\n", after="")
    return _mail.message([("Subject", _mail.phrase("배움소식"))], plain, rich, "bench")


def by_smtplib(port: int, count: int, message: bytes) -> tuple[float, float]:
    """Seconds, and seconds of our own CPU, of one kept connection."""
    began, cpu = time.perf_counter(), time.process_time()
    with smtplib.SMTP("127.0.0.1", port) as client:
        for number in range(count):
            client.sendmail("n@example.go.kr", [f"r{number}@example.com"], message)
    return time.perf_counter() - began, time.process_time() - cpu


def by_moa(port: int, count: int, message: bytes, folder: Path, connections: int) -> tuple[float, float]:
    """The same of a whole delivery: list read, frozen, sent, every receiver recorded."""
    name = f"bench/{time.monotonic_ns()}"
    people = folder / "people.csv"
    people.write_text("email,name\n" + "".join(f"r{n}@example.com,홍길동\n" for n in range(count)), "utf-8")
    sha = "0" * 64
    artifact = p.Artifact(path="newsletter.eml", media_type="message/rfc822", body=message)
    rendering = p.Rendering(digest_id=name, channel="mail", sha256=sha, artifacts=(artifact,))
    options = smtp.Options(
        host="127.0.0.1",
        port=port,
        security="none",
        sender="n@example.go.kr",
        recipients=str(people),
        unsubscribe="https://example.go.kr/u/{token}",
        connections=connections,
    )
    channel = p.ChannelSpec(id="mail", renderer="newsletter", transport="smtp", transport_options=options)
    planned = p.Delivery(
        id=name, edition_id=name, channel="mail", transport="smtp", rendering_sha256=sha, not_before_at=NOW
    )
    with Store.open(f"sqlite:///{folder / 'moa.db'}") as store:
        store.deliveries.enqueue([planned], now=NOW)
        claimed = store.deliveries.claim(name, NOW)
        assert claimed is not None
        began, cpu = time.perf_counter(), time.process_time()
        _settled, receipt, error = send(
            Errand(claimed, channel, rendering, smtp), store, SimpleNamespace(now=lambda: NOW), lambda: NOW
        )  # type: ignore[arg-type]
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    assert error is None and receipt is not None and receipt.accepted == count, (error, receipt)  # noqa: PT018
    return seconds, cpu


def main() -> None:
    """Run the rounds and print the ratio beside its bar."""
    parser = argparse.ArgumentParser(prog="bench.mail")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kilobytes", type=int, default=54)
    parser.add_argument("--connections", type=int, default=4)
    options = parser.parse_args()
    message = body(options.kilobytes)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = [sys.executable, "-m", "tests.mailsink", str(folder / "log")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            port = int(server.stdout.readline())
            try:
                ratios = []
                for _round in range(options.rounds):
                    plain, plain_cpu = by_smtplib(port, options.count, message)
                    moa, moa_cpu = by_moa(port, options.count, message, folder, options.connections)
                    ratios.append(plain / moa)
                    print(
                        f"  mail  smtplib {options.count / plain:6.0f}/s cpu {plain_cpu:5.2f} s"
                        f"   moa {options.count / moa:6.0f}/s cpu {moa_cpu:5.2f} s",
                        flush=True,
                    )
            finally:
                server.terminate()
    middle = statistics.median(ratios)
    verdict = "ok" if middle >= BAR else "MISSED"
    print(
        f"mail ({options.count} of {len(message) // 1024} kB): moa {min(ratios):.2f} / {middle:.2f} / {max(ratios):.2f} x "
        f"smtplib kept, one message built once (bar {BAR}: {verdict})"
    )


if __name__ == "__main__":
    main()
