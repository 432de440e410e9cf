"""Articles' own pages against the corpus: text, posting date, file names.

Text is compared as word tokens; Markdown answers lose their marks first. A page is ``agency`` when its truth was looked at
by eye and it belongs to a board or campus, ``news`` and ``other`` else.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from evaluation.lab import ask

NEEDS = ("corpus/articles",)
_AGENCY = ("konkuk", "boryeong", "career-fair", "agency", "boards")
_KOREAN = ("moneynlaw", "chunchugwan")


def measure(shared: Path, scratch: Path) -> dict[str, float]:
    """Mean F1 by kind of page, share of right posting days, share of pages with exactly the right file names."""
    del scratch
    folder = shared / "corpus/articles"
    pages = [page for page in sorted(folder.rglob("*.html")) if _truth(page) is not None]
    texts: dict[str, list[float]] = {}
    days: dict[str, list[bool]] = {"": [], ", other languages": []}
    files: list[bool] = []
    for page, answer in zip(pages, ask("text", *pages), strict=True):
        truth = _truth(page) or {}
        kind = _kind(page.relative_to(folder))
        texts.setdefault(kind, []).append(f1(answer["text"] or "", truth["text"]))
        if truth["date"]:
            language = ", other languages" if kind == "other languages" else ""
            days[language].append(_day(answer["published"] or "") == _day(truth["date"]))
        if truth["files"] is not None:
            files.append(sorted(file["name"] for file in answer["attachments"]) == sorted(truth["files"]))
    found = {f"{kind} F1": sum(values) / len(values) for kind, values in texts.items()}
    right = {f"posting days{language}": sum(values) / max(len(values), 1) for language, values in days.items()}
    return {**found, **right, "file names": sum(files) / max(len(files), 1)}


def f1(said: str, true: str) -> float:
    """F1 over word tokens, counted."""
    here, there = _tokens(said), _tokens(true)
    common = sum((here & there).values())
    if not common:
        return float(not here and not there)
    precision, recall = common / sum(here.values()), common / sum(there.values())
    return 2 * precision * recall / (precision + recall)


def _tokens(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", unicodedata.normalize("NFC", text)))


def _kind(page: Path) -> str:
    first = page.parts[0]
    if first in _AGENCY:
        return "agency"
    if first == "naver-blog":
        return "Naver"
    return "Korean news" if first in _KOREAN or page.name.startswith("kr_") else "other languages"


def _day(date: str) -> str:
    """The day in Seoul; a stamp without an offset is that day wherever it was written."""
    try:
        at = datetime.fromisoformat(date)
    except ValueError:
        found = re.search(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})", date)
        return "-".join((found[1], found[2].zfill(2), found[3].zfill(2))) if found else ""
    return (at.astimezone(ZoneInfo("Asia/Seoul")) if at.tzinfo else at).date().isoformat()


def _truth(page: Path) -> dict[str, object] | None:
    plain, marked = page.with_name(page.name + ".truth.json"), page.with_name(page.name + ".expected.md")
    if plain.is_file():
        told = json.loads(plain.read_text("utf-8"))
        return {"text": told.get("body_text") or "", "date": told.get("date"), "files": told.get("attachments")}
    if marked.is_file():
        text = marked.read_text("utf-8")
        date = re.search(r"^publishedAt: (\S+)", text, re.MULTILINE)
        return {"text": unmarked(text), "date": date[1] if date else None, "files": None}
    return None


def unmarked(markdown: str) -> str:
    """Markdown without front matter, picture and link addresses, tags and escapes; listings and formulas stay as they are."""
    text = re.sub(r"\A---\n.*?\n---\n", "", markdown, flags=re.DOTALL)
    text = re.sub(r"## Export Diagnostics\n|^> ⚠️.*$", "", text, flags=re.MULTILINE)
    parts = re.split(r"(^```.*?^```|^\$\$.*?^\$\$)", text, flags=re.DOTALL | re.MULTILINE)
    return "".join(part if turn % 2 else _plain(part) for turn, part in enumerate(parts)).replace("```", " ")


def _plain(text: str) -> str:
    text = re.sub(r"!\[([^\]]*)\]\((?:[^()\s]|\([^)]*\))*\)", r"\1", text)
    text = re.sub(r"\[((?:[^\[\]]|\[[^\]]*\])*)\]\((?:[^()\s]|\([^)]*\))*\)", r"\1", text)
    return re.sub(r"\\([^a-zA-Z0-9\s])", r"\1", re.sub(r"<[^>]+>", " ", text)).replace("**", "")
