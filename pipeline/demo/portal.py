"""The practice city's course portal, a platform of the GSEEK family: ranges of nine rows as JSON, courses' own pages.

What does not live here: the courses (``content/courses.yaml``). Shapes: korea §7. Applying is not built, as nobody may ask.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

from pipeline.demo.answers import Answer, not_found, page, paragraphs
from pipeline.demo.stories import Post

LIST: Final = "/user/course/offline/list"
_WORDS: Final = {"접수중": "모집중", "접수예정": "모집예정", "접수마감": "마감", "교육종료": "마감"}
_ORDER: Final = ("모집중", "마감임박", "대기접수", "추가접수", "모집예정", "마감", "폐강")  # what s_sort_by=1 does
_TEST: Final = {
    "d_sbjct_sn": "40001",
    "d_sbjct_cycl_sn": "1",
    "d_sbjct_nm": "[테스트] 강좌 등록",
    "d_recrut_stts_nm": "마감",
}


def answer(path: str, query: Mapping[str, str], posts: Sequence[Post], base_url: str) -> Answer:
    """Answer one path of the portal; a list call is known by its range."""
    if path == f"{LIST}/search":
        return _search(query, posts)
    if path == LIST:
        return page("배움포털", '<div id="courseList"></div>')  # filled by a script from the search
    number = query.get("s_sbjct_sn", "")
    post = next((post for post in posts if post.id == number), None)
    return _view(post, base_url) if post and path == "/user/course/offline/view" else not_found()


def _search(query: Mapping[str, str], posts: Sequence[Post]) -> Answer:
    rows = [_row(post) for post in posts]
    rows += [_TEST] if rows else []
    rows.sort(key=lambda row: _ORDER.index(row["d_recrut_stts_nm"]))
    start, end = int(query.get("s_row_start", "1")), int(query.get("s_row_end", "10"))
    told = [{**row, "d_total_cnt": str(len(rows))} for row in rows[start - 1 : end - 1]]
    body = json.dumps(told, ensure_ascii=False).encode()
    return Answer(body=body, media_type="application/json; charset=utf-8", has_etag=False)


def _row(post: Post) -> dict[str, Any]:
    facts = post.facts
    begins, _, ends = facts["teach"].replace("~ ", "~").partition(" ~")
    days, _, hours = facts["weekday"].partition(" ")
    start, _, end = hours.partition("~")
    return {
        "d_sbjct_sn": post.id,
        "d_sbjct_cycl_sn": "1",
        "d_sbjct_nm": escape(post.title),
        "d_edu_gvmnfc": post.department or "늘봄시 평생학습원",
        "d_rgn": facts["place"].partition(" ")[0],
        "d_recrut_stts_nm": _WORDS.get(facts["status"], facts["status"]),
        "d_sbjct_type_cd_id": "OF",
        "d_is_single_day_course": "N",
        "d_edu_bgng_dt": begins.rstrip("."),
        "d_edu_end_dt": ends.rstrip("."),
        "d_edu_start_time": start,
        "d_edu_end_time": end,
        "d_edu_wday_cd_nm": days,
        "d_edu_nope": facts["capacity"].removesuffix("명"),
        "d_aply_cnt": facts["applied"].removesuffix("명"),
        "d_sbjct_amt": "".join(filter(str.isdigit, facts["fee"])) or "0",
        "d_prepar_cmdty_amt": "0",
        "d_sbjct_trgt_nm_1": facts["target"],
        "d_sbjct_intrd_cn": post.body,
        "d_stdnt_chice_mthd_cd_nm": "선착",
        "d_clsf_depth1_nm": facts["field"],
        "d_clsf_depth2_nm": "",
    }


def _view(post: Post, base_url: str) -> Answer:
    words = (
        ("신청기간", "apply"),
        ("학습기간", "teach"),
        ("교육대상", "target"),
        ("모집인원", "capacity"),
        ("교육장소", "place"),
    )
    terms = "".join(f"<dt>{word}</dt><dd>{escape(post.facts[key])}</dd>" for word, key in words)
    inside = (
        f'<div class="course-detail-container"><h2 class="course-title">{escape(post.title)}</h2><dl>{terms}</dl>'
        f'<div class="intro">{paragraphs(post, base_url)}</div><a href="/user/course/aply?s_sbjct_sn={post.id}">신청하기</a></div>'
    )
    return page(post.title, inside, changed_at=post.at)
