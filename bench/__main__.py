"""Run every case in turn, round by round, and print the ratios beside their bars."""

from __future__ import annotations

import argparse
import compileall
import re
import shutil
import statistics
import subprocess
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from bench import mail, site
from bench.measure import MOA, PYTHON, Taken, take

BARS = {"cold": 0.33, "unchanged": 0.12, "1 % changed": 0.20}


@dataclass
class Bench:
    """One corpus, one server, and the folders of every contender."""

    sources: int
    folder: Path
    port: int
    results: dict[tuple[str, str], list[Taken]] = field(default_factory=dict)

    def url(self, number: int) -> str:
        return f"http://127.{1 + number // 60000}.{number // 250 % 240}.{1 + number % 250}:{self.port}/{number}.xml"

    def change(self, first: int, count: int) -> None:
        urllib.request.urlopen(f"http://127.0.0.1:{self.port}/_change/{first}/{count}").read()

    def fresh(self) -> None:
        """Empty folders for a cold round; the old ones are moved away, not deleted (deleting slows what follows)."""
        aside = self.folder / f"old-{time.monotonic_ns()}"
        aside.mkdir()
        for name in ("moa", "peer", "floor"):
            if (self.folder / name).exists():
                (self.folder / name).rename(aside / name)
            (self.folder / name).mkdir()
        urls = "\n".join(self.url(n) for n in range(self.sources))
        (self.folder / "urls.txt").write_text(urls + "\n")
        config = self.folder / "moa/config/sources"
        config.mkdir(parents=True)
        allowed = "".join(
            f"    - 127.{1 + n // 60000}.{n // 250 % 240}.{1 + n % 250}:{self.port}\n" for n in range(self.sources)
        )
        (config.parent / "moa.yaml").write_text(f"fetch:\n  allow_private:\n{allowed}")
        lines = ["agency: 시험", "robots: obey", "sources:"]
        for n in range(self.sources):
            lines += [f"  - id: s{n}", f"    name: 블로그 {n}", "    kind: feed", f"    url: {self.url(n)}"]
        (config / "bench.yaml").write_text("\n".join(lines) + "\n")

    def commands(self) -> dict[str, tuple[list[str], tuple[int, ...]]]:
        """Return what each contender runs; the names are the rows of the table."""
        f = self.folder
        return {
            "floor": ([PYTHON, "-m", "bench.floor", str(f / "urls.txt"), str(f / "floor/etags")], (0,)),
            "moa": ([MOA, "collect", "--quiet", "--project", str(f / "moa")], (0, 3)),
            "reader": ([PYTHON, "-m", "bench.peer", str(f / "peer/db.sqlite"), str(f / "urls.txt")], (0,)),
        }

    def round(self, case: str) -> None:
        for name, (command, ok) in self.commands().items():
            taken = take(command, ok=ok, watch=name == "moa")
            self.results.setdefault((case, name), []).append(taken)
            print(f"  {case:<12} {name:<8} {taken.seconds:7.2f} s  cpu {taken.cpu:6.2f} s", flush=True)

    def ratio(self, case: str, of: str, to: str, what: str = "seconds") -> tuple[float, float, float]:
        pairs = zip(self.results[case, of], self.results[case, to], strict=True)
        ratios = sorted(getattr(a, what) / getattr(b, what) for a, b in pairs)
        return ratios[0], statistics.median(ratios), ratios[-1]


def start_up() -> None:
    """How dear is a start? The interpreter with all imports of a warm run, and ``moa --version``, against it bare."""
    imports = "import pipeline.cli.root, pipeline.cli.nightly, pipeline.collect.run, pipeline.http, sources.feed"
    contenders = {"imports of a warm run": [PYTHON, "-c", imports], "moa --version": [MOA, "--version"]}
    rounds = [[take(command).seconds for command in ([PYTHON, "-c", "pass"], *contenders.values())] for _ in range(9)]
    for place, name in enumerate(contenders, start=1):
        print(f"start-up: {name} {statistics.median(r[place] / r[0] for r in rounds):.1f} x the bare interpreter")


def website(folder: Path, rounds: int) -> None:
    """The website of the same stories beside Hugo: made whole, and made again after ten changes."""
    if not site.has_hugo():
        print("website: skipped, hugo is not installed (Debian: apt-get install hugo)")
        return
    town, peers = folder / "town", {"equal": folder / "equal", "plain": folder / "plain"}
    ours = town / "output/editions/site"
    site.project(town, site.STORIES)
    publish = [MOA, "publish", "--quiet", "--project", str(town)]
    take(publish)  # stories get their ids once in their life; that is no part of making pages
    site.equal_hugo(peers["equal"], site.STORIES, ours / "website")
    site.hugo(peers["plain"], site.STORIES)
    found: dict[tuple[str, str], list[tuple[Taken, Taken]]] = {}
    for number in range(rounds):
        ours.rename(folder / f"old-site-{number}")  # moved, not deleted: see ``fresh``
        taken = {"whole": take(publish, watch=True)}
        site.change(town, number)
        taken["ten changed"] = take(publish, watch=True)
        for name, peer in peers.items():
            if (peer / "public").exists():
                (peer / "public").rename(folder / f"old-{name}-{number}")
            its = take(["hugo", "--quiet", "--source", str(peer)], watch=True)
            for case, mine in taken.items():
                found.setdefault((case, name), []).append((mine, its))
    for (case, name), pairs in found.items():
        _tell(case, name, pairs)


def _tell(case: str, name: str, pairs: list[tuple[Taken, Taken]]) -> None:
    ratios = sorted(a.seconds / b.seconds for a, b in pairs)
    middle, bar = statistics.median(ratios), site.BARS[case]
    cpu = statistics.median(a.cpu / b.cpu for a, b in pairs)
    peak, theirs = max(a.peak_mb for a, _b in pairs), max(b.peak_mb for _a, b in pairs)
    held = f" (bar {bar}: {'ok' if middle <= bar else 'MISSED'})" if name == "equal" else ""
    print(
        f"website, {site.STORIES} stories, {case}: moa ÷ {name} hugo {ratios[0]:.3f} / {middle:.3f} / {ratios[-1]:.3f}"
        f"{held}  cpu {cpu:.3f}  peak {peak:.0f} MB, hugo {theirs:.0f} MB"
    )


def main() -> None:
    """Parse options, run the rounds, print the table."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--sources", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=("website", "mail"))
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="moa-bench-"))
    if options.only:
        {"website": website, "mail": mail.compare}[options.only](folder, options.rounds)
        shutil.rmtree(folder, ignore_errors=True)
        return
    server = subprocess.Popen([PYTHON, "-m", "bench.server", str(options.sources)], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        bench = Bench(options.sources, folder, int(server.stdout.readline()))
        compileall.compile_dir(".", maxlevels=4, quiet=2, rx=re.compile(r"/\.venv/"))
        one_percent = max(1, options.sources // 100)
        for number in range(options.rounds):
            bench.fresh()
            bench.round("cold")
            bench.round("unchanged")
            bench.change(number * one_percent, one_percent)
            bench.round("1 % changed")
        print(f"\n{options.sources} sources, {options.rounds} rounds; ratios min / median / max")
        for case, bar in BARS.items():
            low, middle, high = bench.ratio(case, "moa", "reader")
            _l, cpu, _h = bench.ratio(case, "moa", "reader", "cpu")
            _l, floor, _h = bench.ratio(case, "moa", "floor")
            verdict = "ok" if middle <= bar else "MISSED"
            peak = max(t.peak_mb for t in bench.results[case, "moa"])
            print(
                f"{case:<12} moa ÷ reader {low:.3f} / {middle:.3f} / {high:.3f} (bar {bar}: {verdict})  cpu {cpu:.3f}"
                f"  moa ÷ floor {floor:.1f}  peak {peak:.0f} MB"
            )
        start_up()
        website(folder, options.rounds)
        mail.compare(folder, options.rounds)
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
