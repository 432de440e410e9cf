"""A GSEEK platform as the notes on it tell: ranges of nine, a total in every row, open courses first, courses' own pages.

What does not live here: assertions. Source: korea §7.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pipeline.model as p
from tests.unit.sources.talk import document

HOST = "https://learn.gaon.example"
ORDER = ("모집중", "마감임박", "대기접수", "추가접수", "모집예정", "마감", "폐강")


def row(number: int, status: str = "모집중", **more: Any) -> dict[str, Any]:
    """A row as the platform sends it."""
    return {
        "d_sbjct_sn": str(number),
        "d_sbjct_cycl_sn": "1",
        "d_sbjct_nm": f"마을 배움 {number}",
        "d_edu_gvmnfc": "가온시 물빛평생학습관",
        "d_rgn": "물빛동",
        "d_recrut_stts_nm": status,
        "d_sbjct_type_cd_id": "OF",
        "d_is_single_day_course": "N",
        "d_edu_bgng_dt": "2026.12.01",
        "d_edu_end_dt": "2026.12.22",
        "d_edu_start_time": "10:00",
        "d_edu_end_time": "12:00",
        "d_edu_wday_cd_nm": "화",
        "d_edu_nope": "20",
        "d_aply_cnt": "3",
        "d_sbjct_amt": "10000",
        "d_prepar_cmdty_amt": "0",
        "d_sbjct_trgt_nm_1": "가온시민",
        "d_sbjct_intrd_cn": "함께 배웁니다.",
        "d_instr_nm": "홍길동",
        "d_stdnt_chice_mthd_cd_nm": "선착",
        "d_clsf_depth1_nm": "인문교양",
        "d_clsf_depth2_nm": "시민교육",
        "d_clsf_depth3_nm": "",
        **more,
    }


@dataclass
class Platform:
    """Answers requests; ``rows`` are shown in the order of their status, as sort 1 does.

    Attributes:
        lies: Added to the total it tells.
        before: Called before each list answer with its number, to change things in the meantime.
        faults: Path → answer instead.
    """

    rows: list[dict[str, Any]] = field(default_factory=list)
    online: list[dict[str, Any]] = field(default_factory=list)
    lies: int = 0
    before: Callable[[int], None] = lambda _n: None
    faults: dict[str, Callable[[], p.Document | p.SourceError]] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    lists: int = 0
    ranges: list[tuple[int, int]] = field(default_factory=list)

    def __call__(self, request: p.Request) -> p.Document | p.SourceError:
        """Answer one request."""
        path = urlsplit(request.url).path
        if path in self.faults:
            return self.faults[path]()
        if path.endswith("/list/search"):
            return self._list(request, self.online if "/online/" in path else self.rows)
        if path == "/user/course/offline/view":
            return self._page(request)
        return p.GoneError("404")

    def _list(self, request: p.Request, held: list[dict[str, Any]]) -> p.Document:
        headers = dict(request.headers)
        assert request.method == "POST"
        assert headers["X-Requested-With"] == "XMLHttpRequest"
        assert headers["Referer"] + "/search" == request.url
        form = dict(parse_qsl((request.body or b"").decode()))
        start, end = int(form["s_row_start"]), int(form["s_row_end"])
        self.lists += 1
        self.ranges.append((start, end))
        self.before(self.lists)
        shown = sorted(held, key=lambda r: ORDER.index(r["d_recrut_stts_nm"]))
        told = [{**r, "d_total_cnt": str(len(held) + self.lies)} for r in shown[start - 1 : end - 1]]
        return document(request.url, json.dumps(told, ensure_ascii=False), media_type="application/json")

    def _page(self, request: p.Request) -> p.Document:
        number = parse_qs(urlsplit(request.url).query)["s_sbjct_sn"][0]
        terms = self.pages.get(number) or (
            "<dt>신청기간</dt><dd>2026.11.20 09:00 ~ 2026.11.30 18:00</dd><dt>학습기간</dt><dd>2026.12.01 ~ 2026.12.22</dd>"
            "<dt>교육장소</dt><dd>물빛평생학습관 201호</dd><dt>재료비</dt><dd>5,000원</dd>"
        )
        inside = f'<div class="course-detail-container"><h2 class="course-title">이름</h2><dl>{terms}</dl></div>'
        return document(request.url, f"<!doctype html><html><body>{inside}</body></html>", media_type="text/html")
