"""``moa lab``: one answer a line, in order, whatever comes in; no project, no store, no network.

What does not live here: what is right about an answer (``tests/unit/text``, ``tests/unit/publish``, ``tests/unit/sources``).
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>새솔 소식</title><id>urn:f</id>
<updated>2026-11-20T09:00:00+09:00</updated><entry><title>겨울 강좌 {n}</title><id>urn:{n}</id><link href="{link}"/>
<updated>2026-11-20T09:00:00+09:00</updated><content type="html">&lt;p&gt;신청하세요&lt;/p&gt;</content></entry></feed>"""


def lab(
    at: Path, *words: str, given: str | bytes = ""
) -> tuple[list[dict[str, Any]], subprocess.CompletedProcess[bytes]]:
    """Run ``moa lab`` as a program in an empty folder and return its answers."""
    body = given.encode() if isinstance(given, str) else given
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "lab", *words], input=body, capture_output=True, cwd=at, check=False
    )
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith(b"{")], done


def lines(*records: object) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def test_dates_answers_in_the_form_of_the_labels(tmp_path: Path) -> None:
    """Kind, points at the precision of the text, flags; a ``multi`` has lists; an absent point is null."""
    ref = "2025-11-03T09:00:00+09:00"
    given = lines(
        {"id": "a", "text": "2025. 11. 20. 10:00 ~ 12. 5.", "field": "period", "ref": ref},
        {"id": "b", "text": "선착순 마감", "field": "period", "ref": ref},
        {"id": "c", "text": "11.20.(목), 11.27.(목)", "field": "event", "ref": ref},
    )

    answers, done = lab(tmp_path, "dates", given=given)

    assert [{k: v for k, v in a.items() if k != "confidence"} for a in answers] == [
        {"id": "a", "kind": "range", "start": "2025-11-20T10:00", "end": "2025-12-05", "flags": []},
        {"id": "b", "kind": "none", "start": None, "end": None, "flags": ["until_filled"]},
        {"id": "c", "kind": "multi", "start": ["2025-11-20", "2025-11-27"], "end": [None, None], "flags": []},
    ]
    assert (done.returncode, done.stderr) == (0, b"")


def test_broken_lines_are_answered_in_their_place(tmp_path: Path) -> None:
    """What cannot be understood says why, on standard output, and the next line is answered all the same."""
    good = {"id": "good", "text": "2025.11.20", "field": "posted", "ref": "2025-11-21T00:00:00"}
    given = (
        b"\xef\xbb\xbf"
        + "\n".join(
            ["{", "", "[1]", "7", '{"id": 5}', lines({**good, "ref": "?"}), lines({**good, "field": "x"}), lines(good)]
        ).encode()
        + b"\xff\xfe\n"
        + b"[" * 100_000
    )

    answers, done = lab(tmp_path, "dates", given=given)

    assert [a["id"] for a in answers] == [None, None, None, 5, "good", "good", "good", None, None]
    assert [a.get("start") for a in answers if "error" not in a] == ["2025-11-20"]
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr


def test_files_are_read_in_the_order_named(tmp_path: Path) -> None:
    """Several files are one input; a missing one is answered in its place."""
    record = {"text": "2025.11.20", "field": "posted", "ref": "2025-11-21T00:00:00"}
    for name in ("b", "a"):
        (tmp_path / name).write_text(lines({"id": name, **record}), "utf-8")

    answers, done = lab(tmp_path, "dates", "b", "missing", "a")

    assert [a["id"] for a in answers] == ["b", None, "a"]
    assert "missing" in answers[1]["error"]
    assert done.returncode == 0


def test_stories_folds_all_lines_together(tmp_path: Path) -> None:
    """Two channels' same announcement share a cluster, another does not; equal ids do not collide."""
    title = "2026년 새솔시 생활안전 자원봉사자 모집"
    given = lines(
        {"id": 1, "channel": "homepage", "source": "새솔시", "posted": "2026-01-05", "title": title, "lead": ""},
        {"id": 2, "channel": "blog", "source": "새솔시", "posted": "2026-01-06", "title": title, "lead": ""},
        {
            "id": 2,
            "channel": "homepage",
            "source": "새솔시",
            "posted": "2026-01-07",
            "title": "휴관",
            "lead": "문의 02",
        },
        {"id": 3},
    )

    answers, _done = lab(tmp_path, "stories", given=given)

    assert [a["id"] for a in answers] == [1, 2, 2, 3]
    assert answers[0]["cluster"] == answers[1]["cluster"] != answers[2]["cluster"]
    assert "error" in answers[3]


def test_feed_gives_items_as_moa_items(tmp_path: Path) -> None:
    """Format, items in the contract's form; a link without a known base stays as it is; a non-feed says why."""
    (tmp_path / "a.xml").write_text(ATOM.replace("{n}", "하나").replace("{link}", "/view?id=1"), "utf-8")
    (tmp_path / "c.xml").write_text(ATOM.replace("{n}", "둘").replace("{link}", "view?id=2"), "utf-8")
    (tmp_path / "b.xml").write_bytes(b"<html><title>\xec\xa0\x90\xea\xb2\x80</title></html>")

    answers, done = lab(tmp_path, "feed", "a.xml", "missing.xml", "b.xml", "c.xml")

    assert [(a["file"], a["format"], a["error"] is None) for a in answers] == [
        ("a.xml", "atom10", True),
        ("missing.xml", None, False),
        ("b.xml", None, False),
        ("c.xml", "atom10", True),
    ]
    item = answers[0]["items"][0]
    assert (item["title"], item["url"], item["text"]) == ("겨울 강좌 하나", "/view?id=1", "신청하세요")
    assert answers[3]["items"][0]["url"] == "view?id=2"
    assert item["updated"] is None or item["updated"]["value"] == "2026-11-20T09:00:00+09:00"
    assert "점검" in answers[2]["error"]
    assert done.returncode == 0


def test_lab_is_absent_from_the_main_help(tmp_path: Path) -> None:
    """Editors do not meet it; it is answered when asked, and misspelt measures are refused."""
    help_text = subprocess.run([sys.executable, "-m", "pipeline", "--help"], capture_output=True, check=True).stdout

    assert b" lab " not in help_text
    assert lab(tmp_path, "--help")[1].returncode == 0
    assert lab(tmp_path, "dats")[1].returncode == 2


@pytest.mark.parametrize("measure", ["dates", "stories"])
def test_nothing_in_nothing_out(tmp_path: Path, measure: str) -> None:
    """An empty input is an empty answer, and nothing is made in the folder."""
    answers, done = lab(tmp_path, measure)

    assert (answers, done.returncode, list(tmp_path.iterdir())) == ([], 0, [])


def test_lists_finds_the_list_of_a_saved_page(tmp_path: Path) -> None:
    """Links as written, absent values null; a page without a list and a missing file are answered in their place."""
    row = '<tr class="{c}"><td>{n}</td><td><a href="view.do?no={n}">새솔시 겨울 강좌 {n}기 수강생 모집</a></td><td>접수중</td><td>2026-11-0{n}</td></tr>'
    rows = row.format(c="notice", n=3) + row.format(c="", n=2)
    head = "<thead><tr><th>번호</th><th>제목</th><th>상태</th><th>등록일</th></tr></thead>"
    (tmp_path / "list.html").write_text(f"<table>{head}<tbody>{rows}</tbody></table>", "utf-8")
    (tmp_path / "none.html").write_text("<p>오시는 길을 알려 드립니다.</p>", "utf-8")

    answers, done = lab(tmp_path, "lists", "list.html", "none.html", "missing.html")

    first = {"title": "새솔시 겨울 강좌 3기 수강생 모집", "href": "view.do?no=3", "date": "2026-11-03", "pinned": True}
    assert answers[0]["items"][0] == {**first, "period": None, "status": "접수중", "onclick": None}
    assert [item["pinned"] for item in answers[0]["items"]] == [True, False]
    assert answers[1] == {"page": "none.html", "kind": None, "confidence": 0.0, "items": []}
    assert (answers[2]["page"], answers[2]["items"]) == ("missing.html", [])
    assert (done.returncode, done.stderr) == (0, b"")


def test_text_answers_each_page_in_its_place(tmp_path: Path) -> None:
    """Title, day or instant with offset, text and files; what is no page says why, what is absent is null."""
    page = '<h3 class="view_title">겨울 강좌</h3><dl><dt>등록일</dt><dd>2026.11.20 09:05</dd></dl><div class="view_con"><p>신청하세요.</p></div><div class="file"><a href="down.do?id=1">안내.hwp (2KB)</a></div>'
    (tmp_path / "a.html").write_text(f"<body>{page}</body>", "utf-8")
    (tmp_path / "b.html").write_text("<div>" * 5000, "utf-8")
    (tmp_path / "c.html").write_text("<p>날짜 없는 글입니다.</p>", "utf-8")

    (first, broken, plain, gone), done = lab(tmp_path, "text", "a.html", "b.html", "c.html", "d.html")

    assert first == {
        "page": "a.html",
        "title": "겨울 강좌",
        "published": "2026-11-20T09:05:00+09:00",
        "text": "신청하세요.",
        "attachments": [{"url": "down.do?id=1", "name": "안내.hwp", "media_type": "application/x-hwp", "bytes": 2048}],
    }
    assert (broken["page"], broken["text"]) == ("b.html", None)
    assert broken["error"]
    assert (plain["title"], plain["published"], plain["text"]) == (None, None, "날짜 없는 글입니다.")
    assert gone["error"]
    assert done.returncode == 0
