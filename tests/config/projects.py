"""Small projects for settings tests, and the plugins they use."""

from collections.abc import Mapping
from pathlib import Path

import pipeline.model as p
from pipeline.registry import Registry

HERE = Path(__file__).parent
MISTAKES = HERE / "mistakes"
PLUGINS = HERE / "plugins"
GOOD = """\
sources:
  - id: good
    name: 좋은 소스
    kind: notices
    url: https://www.example.go.kr/list
    rows: tr
"""


def registry() -> Registry:
    """Return only the small plugins beside this file."""
    return Registry({room.name: [room] for room in PLUGINS.iterdir()}, installed=False, builtin=False)


def project(folder: Path, moa: str | bytes = "", files: Mapping[str, str | bytes] | None = None) -> Path:
    """Write a project folder."""
    (folder / "config" / "sources").mkdir(parents=True)
    everything = {"moa.yaml": moa, **{f"sources/{k}": v for k, v in (files or {}).items()}}
    for name, text in everything.items():
        (folder / "config" / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def lines(problems: tuple[p.Problem, ...]) -> str:
    """Return problems as people see them, one a line."""
    out = []
    for q in problems:
        subject = f" ({q.subject})" if q.subject else ""
        out.append(f"{q.file}:{q.line}:{q.column} {q.severity} {q.code}{subject}: {q.message} {q.fix}".rstrip() + "\n")
    return "".join(out)
