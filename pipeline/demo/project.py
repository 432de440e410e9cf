"""A complete project that reads the practice city: ``config/moa.yaml`` and ``config/sources/*.yaml``.

What does not live here: the city (``server``).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from pipeline.demo.stories import SEOUL
from pipeline.demo.tube import HANDLE

KEY_NAME: Final = "MOA_YOUTUBE_KEY"
"""Environment name of the YouTube key; any value will do in the practice city."""
_BACKFILL_DAYS: Final = 4  # the first practice night has news to tell

_MOA: Final = """\
# 연습용 프로젝트: 지어낸 도시 '늘봄시'를 읽습니다.
institute:
  name: 늘봄시 평생학습원 (연습)
  site_url: https://learn.neulbom.example/
  tag_authority: learn.neulbom.example,2026
  address: 늘봄시 물빛로 12 (연습)
  phone: 02-0000-0000
  email: learn@neulbom.example
  kakao_url: {base}/kakao
fetch:
  user_agent: moa-practice (learn@neulbom.example)
  images: true
  allow_private:
    - {host}
"""
_DIGESTS: Final = """\
# 소식지는 여럿이어도 됩니다. 주제, 종류, 대상을 비우면 모두 싣습니다.
digests:
  - id: daily
    title: "{{institute}} 배움소식 {{date}}"
  - id: elders
    title: 늘봄 어르신 배움소식 {{date}}
    audiences: [어르신]
    channels: [website, newsletter]
  - id: videos
    title: 늘봄 영상소식 {{date}}
    kinds: [video]
    channels: [website, kakao]
"""
_INSTITUTE: Final = """\
# 늘봄시 평생학습원의 공지, 강좌, 블로그, 유튜브
agency: 늘봄시 평생학습원
licence: kogl-1
backfill: {backfill}
sources:
  - id: institute-notice
    name: 평생학습원 공지사항
    kind: board
    url: {base}/a/bbs/board.php?bo_table=notice
    rows: "#bo_list tbody tr"
    title: .bo_tit a
    date: td.td_datetime
    pinned: tr.bo_notice
    category: a.bo_cate_link
    key: "{{wr_id}}"
    paging:
      param: page
    detail:
      body: "#bo_v_con"
  - id: institute-course
    name: 평생학습원 강좌
    kind: board
    url: {base}/lecture/list.do
    rows: li.lecture
    title: strong.name
    key: "{{lectSeq}}"
    image: img
    category: span.cate
    course:
      apply: "label:접수기간"
      teach: "label:교육기간"
      status: span.state
      place: "label:장소"
      capacity: "label:정원"
      applied: "label:신청인원"
      fee: "label:수강료"
      field: span.cate
    detail:
      body: div.view-con
  - id: institute-portal
    name: 배움포털 강좌
    kind: gseek
    url: {base}/user/course/offline/list
    backfill: last 8
  - id: institute-blog
    name: 평생학습원 블로그
    kind: feed
    url: {base}/rss/neulbom-learn.xml
  - id: institute-youtube
    name: 늘봄배움 유튜브
    kind: youtube
    channel: "{handle}"
    api_base: {base}/
    feed_base: {base}/feeds/videos.xml
"""
_HALL: Final = """\
# 늘봄시청 새소식
agency: 늘봄시
licence: kogl-1
backfill: {backfill}
sources:
  - id: hall-news
    name: 시청 새소식
    kind: board
    url: {base}/b/cop/bbs/selectBoardList.do?bbsId=BBSMSTR_000000000101
    rows: table.board_list tbody tr
    title: td.left a
    link_pattern: fn_egov_inqire_notice\\('(\\d+)','(\\w+)'\\)
    link_template: selectBoardArticle.do?bbsId={{2}}&nttId={{1}}
    key: "{{nttId}}"
    date: "th:등록일"
    department: "th:담당부서"
    pinned: img[alt=notice]
    paging:
      param: pageIndex
    detail:
      body: div.view-con
"""
_LIBRARY: Final = """\
# 늘봄시립도서관 알림(오래된 CP949 게시판)과 블로그
agency: 늘봄시립도서관
licence: kogl-1
backfill: {backfill}
sources:
  - id: library-notice
    name: 도서관 알림
    kind: board
    url: {base}/c/board/list.asp?code=gongji
    rows: table.list tr
    title: "th:제목"
    key: "{{no}}"
    date: "th:올린날"
    detail:
      body: td.content
  - id: library-blog
    name: 도서관 블로그
    kind: feed
    url: {base}/library/rss
"""


def project(folder: Path, base_url: str, now: datetime, *, digests: bool = False) -> None:
    """Write a practice project into ``folder``: three agencies, eight sources, every output of the defaults.

    Args:
        folder: Created if need be; existing files of the same names are written anew.
        base_url: ``City.url``.
        now: Aware; posts of the last days before it count as news on the first night.
        digests: Write digests of their own for an audience and for videos, too.

    The YouTube key is read from the environment (``KEY_NAME``); the caller sets it, any value will do.
    """
    base = base_url.rstrip("/")
    since = (now.astimezone(SEOUL) - timedelta(days=_BACKFILL_DAYS)).date()
    words = {"base": base, "host": urlsplit(base).netloc, "handle": HANDLE, "backfill": f"since {since}"}
    texts = {
        "moa.yaml": _MOA + (_DIGESTS if digests else ""),
        "sources/institute.yaml": _INSTITUTE,
        "sources/hall.yaml": _HALL,
        "sources/library.yaml": _LIBRARY,
    }
    for name, text in texts.items():
        file = folder / "config" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.format(**words), "utf-8")
