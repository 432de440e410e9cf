"""A small project in a folder and the real command line over it, for tests that speak through the public doors.

What does not live here: servers (``misbehave.py``), what must be true (``test_promises_*.py``)::

    town = Project(tmp_path, site.allowed)
    town.sources(feed("news", site.url("/rss")))
    night = town.run()
    night.code, night.json, town.titles("news")
"""

from __future__ import annotations

import contextlib
import io
import json
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from pipeline.cli.main import main

MONDAY = "2026-11-23"
"""Nights run at 03:00 in Seoul of a date."""
CHANNELS = [
    {"id": "website", "renderer": "website", "transport": "files", "send": {"folder": "output/website"}},
    {"id": "kakao", "renderer": "kakao", "transport": "copykit", "send": {"folder": "output/copykit"}},
]


@dataclass
class Said:
    """How one command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one JSON object on standard output."""
        return json.loads(self.out)

    def source(self, name: str) -> dict[str, Any]:
        """One source's line of the report."""
        return next(s for s in self.json["sources"] if s["id"] == name)


class Project:
    """A folder with ``config/`` and the commands run in it."""

    def __init__(self, folder: Path, *allowed: str, **moa: Any) -> None:
        self.folder = folder
        self.output = folder / "output"
        self.allowed = allowed
        self.moa(**moa)

    def moa(self, **more: Any) -> None:
        """Write ``moa.yaml``; patience is short and politeness off, unless a test says otherwise."""
        fetch = {"contact": "ops@example.go.kr", "gap": "0s", "per_host": 16, "timeout": "2s", "deadline": "3s"}
        fetch |= {"allow_private": list(self.allowed)} | more.pop("fetch", {})
        whole = {"institute": {"name": "시험 학습관", "site_url": "https://learn.example.go.kr/"}, "fetch": fetch}
        self.write("moa.yaml", {**whole, "channels": CHANNELS, **more})

    def sources(self, *sources: Mapping[str, Any], **top: Any) -> None:
        """Write the one file of sources."""
        self.write("sources/all.yaml", {"agency": "시험 기관", **top, "sources": list(sources)})

    def write(self, name: str, value: Any) -> Path:
        """Write one file of ``config/``; JSON is YAML too."""
        file = self.folder / "config" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1), "utf-8")
        return file

    def run(self, as_of: str = MONDAY, *words: str, command: str = "run") -> Said:
        """Run one night in this process, with ``--json``."""
        return self.moa_says(command, "--as-of", as_of, "--json", *words)

    def moa_says(self, *words: str) -> Said:
        """Run any command in this process."""
        out, err = io.StringIO(), io.StringIO()
        before = signal.getsignal(signal.SIGTERM)
        code: object = None
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                main([*words, "--project", str(self.folder)])
            except SystemExit as end:
                code = end.code
            finally:
                signal.signal(signal.SIGTERM, before)
        assert isinstance(code, int), code
        assert "Traceback" not in err.getvalue(), err.getvalue()
        return Said(code, out.getvalue(), err.getvalue())

    def command(self, *words: str) -> list[str]:
        """The same as words for a process of its own."""
        return [sys.executable, "-m", "pipeline", *words, "--project", str(self.folder)]

    def shell(self, *words: str, **more: Any) -> Said:
        """Run any command in a process of its own."""
        done = subprocess.run(self.command(*words), capture_output=True, text=True, check=False, timeout=60, **more)
        assert "Traceback" not in done.stderr, done.stderr
        return Said(done.returncode, done.stdout, done.stderr)

    def items(self, source: str = "") -> list[dict[str, Any]]:
        """Return what ``moa items`` lists, newest first."""
        said = self.moa_says("items", "--json", *(("--source", source) if source else ()))
        assert said.code == 0, said.err
        return [json.loads(line) for line in said.out.splitlines()]

    def titles(self, source: str = "") -> list[str]:
        """Return the stored titles, sorted."""
        return sorted(item["title"] for item in self.items(source))

    def editions(self, title: str) -> list[str]:
        """Return the editions that told of an item as news, as ``moa why`` says."""
        said = self.moa_says("why", title, "--json")
        return [e["id"] for e in json.loads(said.out)["editions"] if e["label"] == "new"]

    def state(self) -> dict[str, dict[str, Any]]:
        """Return the sources' states as ``moa status`` says."""
        said = self.moa_says("status", "--json")
        return {s["id"]: s for s in said.json["sources"]}

    def files(self, *folders: str) -> dict[str, str]:
        """Return the hash of every file below folders of ``output/``; reports and the store apart."""
        return {
            str(file.relative_to(self.output)): sha256(file.read_bytes()).hexdigest()
            for folder in folders or ("website", "copykit", "editions")
            for file in sorted((self.output / folder).rglob("*"))
            if file.is_file()
        }


def feed(name: str, url: str, **more: Any) -> dict[str, Any]:
    """One feed of ``config/sources``; everything it holds is news on the first night."""
    return {"id": name, "name": f"{name} 소식", "kind": "feed", "url": url, "backfill": "last 500", **more}


def board(name: str, url: str, **more: Any) -> dict[str, Any]:
    """One board whose page ``page()`` makes."""
    rules = {"rows": "table.board tbody tr", "title": "td.title a", "date": "td.date", "key": "{no}"}
    return {"id": name, "name": f"{name} 게시판", "kind": "board", "url": url, "backfill": "last 500", **rules, **more}


def rss(*items: str, head: str = "") -> bytes:
    """An RSS 2.0 document."""
    start = '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>소식</title>'
    return f"{start}<link>https://a.example/</link>{head}{''.join(items)}</channel></rss>".encode()


def item(title: str, guid: str | None = "", *, link: str = "", date: str = "", body: str = "", more: str = "") -> str:
    """One RSS item; ``guid`` ``""`` makes one of the title, ``None`` none."""
    parts = [f"<title>{title}</title>"]
    if guid is not None:
        parts.append(f'<guid isPermaLink="false">{guid or title}</guid>')
    if link:
        parts.append(f"<link>{link}</link>")
    if date:
        parts.append(f"<pubDate>{date}</pubDate>")
    if body:
        parts.append(f"<description><![CDATA[{body}]]></description>")
    return f"<item>{''.join(parts)}{more}</item>"


def page(rows: Sequence[tuple[int, str, str]], *, around: str = "<h1>새소식</h1>", more: str = "") -> bytes:
    """A notice board: (number, title, date) each."""
    lines = "".join(
        f'<tr><td class="num">{n}</td><td class="title"><a href="view.do?no={n}">{title}</a></td>'
        f'<td class="date">{date}</td></tr>'
        for n, title, date in rows
    )
    table = f'<table class="board"><thead><tr><th>번호</th></tr></thead><tbody>{lines}</tbody></table>'
    return f'<!doctype html><meta charset="utf-8"><title>새소식</title><body>{around}{table}{more}</body>'.encode()
