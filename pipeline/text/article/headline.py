"""An article's title: the heading that the page's own title repeats, without the name of site and board.

What does not live here: titles of list rows, which win in the night. Source: extraction §3 (trafilatura 6 of 14, og:title 1).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipeline.text import clean, select
from pipeline.text.article import names, words
from pipeline.text.article.body import Body
from pipeline.text.article.facts import Pair
from pipeline.text.article.structured import Structured

_HEADS: Final = (
    "h1, h2, h3, h4, h5, h6, [class*=tit], [class*=Tit], [class*=TIT], [class*=subj], [class*=Subj], [class*=headline], [id*=title], "
    "[id*=subject], [itemprop=headline], [itemprop=name], caption, th[colspan], dt, td > b, td > strong, .artclViewHead strong"
)
_CUTS: Final = re.compile(r"\s+(?:[|｜<>«»‹›–—:·]|-|::|>>|<<)\s+|\s*[|｜]\s*|\s+::\s+")
_GENERIC: Final = re.compile(
    r"^(?:\S{1,10}\s)?(?:공지\s?사항|알림\s?마당|새\s?소식|보도\s?자료|고시\s?공고|고시[/·]공고|게시판|자료실|갤러리|게시글)(?:\s?(?:상세|보기|목록|view|읽기))*$"
    r"|^(?:공지|알림|소식|소식지|뉴스|고시|공고|채용|행사|강좌|교육|일정|(?:.{0,8}\s)?(?:글\s?)?상세\s?(?:보기|내용|정보|페이지|조회)?|보기|내용\s?보기|글\s?보기|읽기"
    r"|view|목록|홈|home|첨부\s?파일|본문|메뉴|로그인|검색|댓글|댓글\s?목록|페이지\s?정보|이전\s?글|다음\s?글|관련\s?기사|인기\s?기사|사이트맵|전체\s?메뉴|바로\s?가기|포토"
    r"|블로그|제목|내용|담당\s?부서|만족도\s?조사|공유하기|전체\s?서비스|주\s?메뉴|본문\s?내용)$",
    re.IGNORECASE,
)
_SITE: Final = re.compile(
    r"(?:청|시|군|구|도|부|원|관|처|학교|대학|대학교|재단|센터|공사|공단|협회|신문|뉴스|일보|블로그|카페|홈페이지|포털|티스토리)$|네이버|다음|\.(?:com|kr|net|org)$"
)
_LABEL: Final = re.compile(r"^\s*(?:\[?제\s?목\]?|글\s?제목|Subject|Title)\s*[:：]?\s+", re.IGNORECASE)
_OWN: Final = re.compile(
    r"(?:view|bo_?v|artcl\w*|article|board|bbs|bod|post|entry|news|detail|cont|content|top|course|lecture|program|edu|ntt|read|rd)"
    r"[-_]*(?:tit|sj|subj)|tit(?:le)?[-_]?(?:view|area|wrap)|se-title-text|se_title|subject|headline|rd_hd|np_18px",
    re.IGNORECASE,
)
_FURNITURE: Final = frozenset(("header", "nav", "footer", "aside"))
_CHARS: Final = (2, 200)
_MOST: Final = 200
_CLIMB: Final = 5
_LINKS: Final = 500
_SHORT: Final = 5  # a shorter part of a page's title is the name of its board


def of(tree: LexborHTMLParser, body: Body | None, pairs: Sequence[Pair], said: Structured) -> str:
    """Return the title of the page's article, one clean line; ``""`` when the page names none."""
    told = [said.meta.get("og:title", ""), said.meta.get("twitter:title", ""), said.headline, _page_title(tree)]
    told = [text for text in told if text]
    site = said.meta.get("og:site_name", "")
    best, score = "", 0
    for text, worth in _heads(tree, body):
        if site and text == site:
            continue
        total = worth + _agreement(text, told) - (6 if _GENERIC.match(text) else 0)
        if total > score:
            best, score = text, total
    labelled = next((pair.value for pair in pairs if words.TITLE.match(pair.label)), "")
    if labelled and score < 7 + _agreement(labelled, told):
        return labelled
    if score >= 4:
        return best
    menu = {clean.one_line(link.text()) for link in tree.css("a")[:_LINKS]}
    part = _longest(told, site, menu)
    return said.headline or (best if best and len(part) < _SHORT else part) or best or next(iter(told), "")


def _heads(tree: LexborHTMLParser, body: Body | None) -> Iterator[tuple[str, int]]:
    """Yield headings with what their place and their name are worth."""
    inside = {node.mem_id for node in body.node.css(_HEADS)} - body.cut if body is not None else set()
    near = _near(body, inside)
    only = len(tree.css("h1")) == 1
    for node in tree.css(_HEADS)[:_MOST]:
        text = _LABEL.sub("", select.quiet_text(node))
        if not _CHARS[0] <= len(text) <= _CHARS[1]:
            continue
        attributes = node.attributes
        called = f"{attributes.get('class') or ''} {attributes.get('id') or ''} {attributes.get('itemprop') or ''}"
        worth = 2 * bool(_OWN.search(called)) + (node.tag in ("h1", "h2", "h3", "h4"))
        worth += (2 if node.mem_id in near else 0) + (4 if only and node.tag == "h1" else 0)
        worth -= 1 if node.mem_id in inside else 0
        worth -= 3 if any(names.is_furniture(w) for w in called.split()) else 0
        worth -= 9 if _is_outside(node) else 0
        yield text, worth


def _near(body: Body | None, inside: set[int]) -> set[int]:
    """Return the headings in the closest block around the article's text that has any outside of it."""
    around = body.node if body is not None else None
    for _step in range(_CLIMB):
        if around is None or around.tag in ("body", "html"):
            break
        found = {node.mem_id for node in around.css(_HEADS)[:40]} - inside
        if found:
            return found
        around = around.parent
    return set()


def _is_outside(node: LexborNode) -> bool:
    around = node.parent
    while around is not None:
        attributes = around.attributes
        if around.tag in _FURNITURE and not (around.parent is not None and around.parent.tag in ("article", "main")):
            return True
        if any(names.is_menu(w) for w in (*(attributes.get("class") or "").split()[:8], attributes.get("id") or "")):
            return True
        around = around.parent
    return False


def _agreement(text: str, told: Iterable[str]) -> int:
    """Return how far the page's own titles say the same: 5 as a whole part, 4 within, 0 not at all."""
    best, bare = 0, _bare(text)
    for title in told:
        if bare in (_bare(title), *map(_bare, _CUTS.split(title))):
            return 5
        if len(bare) >= 8 and bare in _bare(title):
            best = 4
    return best


def _bare(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()


def _page_title(tree: LexborHTMLParser) -> str:
    title = tree.css_first("head title") or tree.css_first("title")
    return clean.one_line(title.text()) if title is not None else ""


def _longest(told: Sequence[str], site: str, menu: set[str]) -> str:
    """Return the part of the page's titles that is neither its site nor its board nor a line of its menu."""
    for title in told:
        parts = [part.strip() for part in _CUTS.split(title) if part.strip()]
        own = [part for part in parts if part != site and part not in menu and not _GENERIC.match(part)]
        kept = [part for part in own if not _SITE.search(part) or len(part) > 15]
        if kept:
            return max(kept, key=len)
    return ""
