"""Several places become one, and no citizen hears anything twice or misses anything: through the command line (ADR-0026)."""

from __future__ import annotations

from pathlib import Path

from tests import misbehave as m
from tests.flow.project import Project, board, feed, item, page, rss

MONDAY, TUESDAY, WEDNESDAY = "2026-11-23", "2026-11-24", "2026-11-25"


def post(name: str, host: str, date: str = "Fri, 20 Nov 2026 09:00:00 +0900") -> str:
    return item(name, f"https://{host}.example/{name[:1]}", link=f"https://{host}.example/{name[:1]}", date=date)


def test_three_blogs_become_one(tmp_path: Path) -> None:
    """The merged blog has the old posts under new addresses and one new post: only that one is told, and all are kept."""
    old = {
        "academy": "가온 아카데미 가을 이야기",
        "books": "나눔 사람책 만남 후기입니다",
        "school": "다온 학교 졸업식 풍경입니다",
    }
    with m.Site() as site:
        for name, title in old.items():
            site.routes[f"/{name}"] = m.answer(rss(post(title, name)))
        fresh = post("라온 새 소식이 나왔습니다", "one", "Tue, 24 Nov 2026 01:00:00 +0900")
        moved = "".join(post(title, "one") for title in old.values())
        site.routes["/one"] = m.answer(rss(fresh, moved))
        town = Project(tmp_path, site.allowed)
        town.sources(*(feed(name, site.url(f"/{name}")) for name in old))
        town.run(MONDAY)
        town.sources({**feed("one", site.url("/one")), "formerly": list(old), "backfill": "last 500"})
        second = town.run(TUESDAY)
        report = (town.output / "reports" / "latest.txt").read_text("utf-8")
        told = {title: town.editions(title) for title in (*old.values(), "라온 새 소식이 나왔습니다")}
        third = town.run(WEDNESDAY)
    line = second.source("one")
    assert (1, 3) == (line["new"], line["unchanged"])
    assert ["merged"] == [w["code"] for w in line["warnings"]]
    assert [1, 1, 1, 1] == [len(editions) for editions in told.values()], told
    assert 4 == len(town.titles("one"))
    assert 0 == third.source("one")["new"]
    assert "예전 소스에서 이미 알린 글 3건" in report


def test_the_night_of_the_move_is_not_lost(tmp_path: Path) -> None:
    """Without ``backfill:`` a source that follows others tells what appeared since they were read, and no old post."""
    with m.Site() as site:
        site.routes["/old"] = m.answer(rss(post("가온 아카데미 가을 이야기", "old")))
        town = Project(tmp_path, site.allowed)
        town.sources(feed("old", site.url("/old")))
        town.run(MONDAY)
        fresh = post("라온 새 소식이 나왔습니다", "one", "Mon, 23 Nov 2026 10:00:00 +0900")
        never = post("마루 오래전에 쓴 글입니다", "one", "Sun, 01 Mar 2026 10:00:00 +0900")
        site.routes["/one"] = m.answer(rss(fresh, never, post("가온 아카데미 가을 이야기", "one")))
        plain = {k: v for k, v in feed("one", site.url("/one")).items() if k != "backfill"}
        town.sources({**plain, "formerly": "old"})
        town.run(TUESDAY)
        told = [town.editions(title) for title in ("라온 새 소식이 나왔습니다", "마루 오래전에 쓴 글입니다")]
    assert [1, 0] == [len(editions) for editions in told]


def test_a_homepage_moves_into_the_platform_while_both_run(tmp_path: Path) -> None:
    """A board whose rows move to another board, numbered anew there, while the old one is still read."""
    rows = [(n, f"평생학습 강좌 {n}호 수강 안내", "2026-11-20") for n in range(1, 9)]
    with m.Site() as site:
        site.routes["/home/list.do"] = m.answer(page(rows))
        site.routes["/ssoc/list.do"] = m.answer(page([(1, "통합 학습관 문을 엽니다", "2026-11-01")]))
        town = Project(tmp_path, site.allowed)
        home, ssoc = board("home", site.url("/home/list.do")), board("ssoc", site.url("/ssoc/list.do"))
        town.sources(home, {**ssoc, "formerly": ["home"]})
        town.run(MONDAY)
        moved = [(n + 1, title, date) for n, title, date in rows]
        site.routes["/ssoc/list.do"] = m.answer(
            page(
                [
                    (99, "겨울 학기 수강생을 모십니다", "2026-11-23"),
                    *moved,
                    (1, "통합 학습관 문을 엽니다", "2026-11-01"),
                ]
            )
        )
        line = town.run(TUESDAY).source("ssoc")
        told = {title: len(town.editions(title)) for title in town.titles("ssoc")}
    assert (1, 0) == (line["new"], line["quarantined"])
    assert {1} == set(told.values()), told
