"""``full_text: true`` through the command line: robots.txt binds the pages, the owner's word opens them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import misbehave as m
from tests.flow.project import Project, feed, item, rss

WHOLE = "가온시 배움터에서 겨울 학기를 준비했습니다. 모두 스무 개의 강좌가 열리며 신청은 다음 주부터 받습니다."


@pytest.mark.parametrize(
    "permission", [None, {"owner-permission": "홍보담당관, 2026-11-01"}], ids=["obey", "permitted"]
)
def test_pages_are_read_where_they_may_be(tmp_path: Path, permission: dict[str, str] | None) -> None:
    """A blog whose robots.txt closes its pages is read in full with the owner's recorded permission only."""
    with m.Site() as site:
        site.routes["/robots.txt"] = m.answer(b"User-agent: *\nDisallow: /\n", headers=[("Content-Type", "text/plain")])
        post = item("겨울 학기를 준비했습니다", link=site.url("/1"), body="가온시 배움터에서 겨울 학기를...")
        site.routes["/rss"] = m.answer(rss(post))
        page = f'<!doctype html><meta charset="utf-8"><body><article><h1>겨울</h1><p>{WHOLE}</p></article></body>'
        site.routes["/1"] = m.answer(page.encode(), headers=[("Content-Type", "text/html; charset=utf-8")])
        town = Project(tmp_path, site.allowed)
        town.sources(feed("blog", site.url("/rss"), full_text=True, **({"robots": permission} if permission else {})))
        night = town.run().source("blog")
        (told,) = town.items("blog")
    assert 1 == night["new"]
    assert bool(permission) is (WHOLE in told["text"])
    assert ([] if permission else ["page-failed"]) == [w["code"] for w in night["warnings"]]
