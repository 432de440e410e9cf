"""Articles' own pages of every software boards.md names, made for this project, and what must be read from each.

``pages/<name>.html`` and ``pages/<name>.json`` (fields that are not empty). Rewrite with
``python -m tests.unit.text.article.test_article_pages`` and read the diff.
"""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

import pipeline.model as p
from pipeline.text import article

PAGES = Path(__file__).parent / "pages"
NAMES = sorted(page.stem for page in PAGES.glob("*.html"))
URL = "https://www.gaon.example/cop/bbs/view.do?id=7"


def read(body: bytes, **selectors: str) -> article.Article:
    """What a page says when it came from ``URL``."""
    page = p.Document(url=URL, media_type="text/html", body=body, fetched_at=datetime(2026, 11, 22, tzinfo=UTC))
    return article.read(page, **selectors)


def told(name: str) -> dict[str, object]:
    """The fields of one page that are not empty, as JSON."""
    found = read((PAGES / f"{name}.html").read_bytes())
    said = {"course": found.course_words, **asdict(found)}
    kept = {k: v for k, v in said.items() if k not in ("base", "how") and v not in ("", None, (), {}, False)}
    return json.loads(json.dumps(kept, ensure_ascii=False))


@pytest.mark.parametrize("name", NAMES)
def test_page_says_exactly_this(name: str) -> None:
    """Title, text without furniture, dates, names, facts, files and licence, whatever the software calls its blocks."""
    assert told(name) == json.loads((PAGES / f"{name}.json").read_text("utf-8"))


if __name__ == "__main__":
    for page in NAMES:
        (PAGES / f"{page}.json").write_text(json.dumps(told(page), ensure_ascii=False, indent=1) + "\n", "utf-8")
