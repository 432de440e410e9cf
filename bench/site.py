"""The website beside Hugo: the same stories, made whole and made again after ten changes.

What does not live here: gathering (``__main__``). Hugo reads one Markdown file a story and writes a page each, lists of
fifty by source and topic, a sitemap and a feed; it has no incremental build, so its second figure is its first.

There are two Hugos. **Equal** prints what ours print (``bench/hugo``): the same head, header and footer (cut out of our own page and
cached, as its manual advises), the same facts, crumbs and JSON-LD of a story, the same rows on lists by source, topic and month, and the
words of all stories in one JSON file where ours has an index. The bar speaks of the same content, so it is held against
this one. **Plain** prints a title, a lead and a text: the least a site can be; it is told beside the other.
"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

import pipeline.model as p
from bench.corpus import sentence
from pipeline.collect.fingerprints import content_hash
from pipeline.store.store import Store
from pipeline.text import urls

STORIES: Final = 10_000
SOURCES: Final = 20
CHANGED: Final = 10
NOW: Final = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
BARS: Final = {"whole": 0.60, "ten changed": 0.08}
_CONFIG: Final = 'baseURL = "https://learn.example.com/"\nlanguageCode = "ko"\ntitle = "시험 학습원"\npaginate = 50\nuglyURLs = true\n'
_TOPICS: Final = ("인문", "자격증", "어르신", "가족", "온라인", "체험")


def _name(chance: random.Random) -> str:
    """A word of its own for each story, or the fold would find thousands that read alike."""
    return "".join(chr(chance.randrange(0xAC00, 0xD7A4)) for _ in range(5))


def entries(count: int) -> Iterable[p.Entry]:
    """Yield made-up entries of ``SOURCES`` blogs, one a story, three hours apart."""
    for number in range(count):
        chance = random.Random(number)
        source, at = f"s{number % SOURCES}", NOW - timedelta(hours=3 * number)
        url = f"https://blog{number % SOURCES}.example.com/{number}"
        body = sentence(chance, 160)
        made = p.Entry(
            id=f"{source}:{sha256(str(number).encode()).hexdigest()[:12]}",
            source_id=source,
            key=str(number),
            kind=p.Kind.POST,
            title=f"{_name(chance)} {sentence(chance, 5)} {_name(chance)}",
            url=url,
            url_hash=urls.url_hash(url),
            lead=body[:150],
            text=body,
            body_html=f"<p>{body}</p>",
            topics=(_TOPICS[number % len(_TOPICS)],),
            published=p.DateFact(at=at, raw=at.isoformat(), method="iso8601"),
            first_seen_at=at,
            last_seen_at=at,
            is_quiet=number > 200,
        )
        yield replace(made, content_hash=content_hash(made))


def project(folder: Path, count: int) -> None:
    """Make a project whose store holds these entries."""
    config = folder / "config/sources"
    config.mkdir(parents=True)
    (config.parent / "moa.yaml").write_text(
        "institute:\n  name: 시험 학습원\n  site_url: https://learn.example.com\n"
        "digests:\n  - id: daily\n    title: 소식 {date}\n    channels: [website]\n"
        "channels:\n  - id: website\n    renderer: website\n"
    )
    lines = ["agency: 시험", "robots: obey", "sources:"]
    for n in range(SOURCES):
        lines += [
            f"  - id: s{n}",
            f"    name: 블로그 {n}",
            "    kind: feed",
            f"    url: https://blog{n}.example.com/feed",
        ]
    (config / "bench.yaml").write_text("\n".join(lines) + "\n")
    (folder / "output").mkdir()
    with Store.open(f"sqlite:///{folder}/output/moa.db") as store:
        made = list(entries(count))
        for n in range(SOURCES):
            mine = [p.New(entry=e) for e in made if e.source_id == f"s{n}"]
            store.entries.apply(f"s{n}", mine, now=NOW)


def change(folder: Path, turn: int) -> None:
    """Write ten of the stories anew, spread over the archive, as a night would that found them edited."""
    with Store.open(f"sqlite:///{folder}/output/moa.db") as store:
        step = STORIES // CHANGED
        for number in range(CHANGED):
            source = f"s{number * step % SOURCES}"
            key = sha256(str(number * step).encode()).hexdigest()[:12]
            (old,) = store.entries.get([f"{source}:{key}"])
            new = replace(old, title=f"고친 제목 {turn} {number}", text=f"고친 글 {turn}. {old.text}")
            store.entries.apply(source, [p.Revised(entry=replace(new, content_hash=content_hash(new)))], now=NOW)


def hugo(folder: Path, count: int) -> None:
    """Write the same stories as Hugo's content, with plain templates that print a title, a lead and a text."""
    for name in ("content/s", "layouts/_default"):
        (folder / name).mkdir(parents=True)
    (folder / "config.toml").write_text(_CONFIG + '[taxonomies]\n  source = "source"\n  topic = "topic"\n')
    page = '<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>{{ .Title }}</title></head><body>'
    (folder / "layouts/_default/single.html").write_text(
        page + "<h1>{{ .Title }}</h1><p>{{ .Params.lead }}</p>{{ .Content }}"
        '<a href="{{ .Params.original }}">원문</a></body></html>\n'
    )
    (folder / "layouts/_default/list.html").write_text(
        page + '<ul>{{ range .Paginator.Pages }}<li><a href="{{ .Permalink }}">{{ .Title }}</a> {{ .Params.lead }}</li>'
        '{{ end }}</ul>{{ template "_internal/pagination.html" . }}</body></html>\n'
    )
    _content(folder, count)


def equal_hugo(folder: Path, count: int, ours: Path) -> None:
    """Write the same stories as Hugo's content, with templates that print what ours print.

    Args:
        folder: Where.
        count: How many stories.
        ours: Our website, made: the frame of a page is cut out of one of its stories.
    """
    (folder / "content/s").mkdir(parents=True)
    shutil.copytree(Path(__file__).parent / "hugo", folder / "layouts")
    page = next((ours / "s").rglob("*.html")).read_text()
    frame = {
        "top": (page.index('<meta charset="utf-8">'), page.index("<title>")),
        "head": (page.index('<meta property="og:image"'), page.index('<script type="application/ld+json">')),
        "header": (page.index('<a class="skip"'), page.index("<main ")),
        "footer": (page.index('<footer class="foot">'), page.index("</body>")),
    }
    for name, (start, end) in frame.items():
        (folder / f"layouts/partials/{name}.html").write_text(page[start:end])
    kinds = "".join(f'  {name} = "{name}"\n' for name in ("source", "topic", "month"))
    outputs = '[outputs]\nhome = ["HTML", "RSS", "JSON"]\ntaxonomy = ["HTML"]\nterm = ["HTML"]\n'
    (folder / "config.toml").write_text(
        _CONFIG + f'rssLimit = 50\ndisableKinds = ["section"]\n{outputs}[taxonomies]\n{kinds}'
    )
    _content(folder, count)


def _content(folder: Path, count: int) -> None:
    for entry in entries(count):
        head = {
            "title": entry.title,
            "date": entry.first_seen_at.isoformat() if entry.first_seen_at else "",
            "source": [entry.source_id],
            "blog": f"블로그 {entry.source_id[1:]}",
            "topic": list(entry.topics),
            "month": [f"{entry.first_seen_at:%Y-%m}"],
            "lead": entry.lead,
            "original": entry.url,
        }
        (folder / f"content/s/{entry.key}.md").write_text(f"{json.dumps(head, ensure_ascii=False)}\n\n{entry.text}\n")


def has_hugo() -> bool:
    """Whether the peer is installed (Debian: ``apt-get install hugo``)."""
    return shutil.which("hugo") is not None
