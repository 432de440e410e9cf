"""What a new source may be called: name and agency from the page's own words, an id from its address. Pure.

What does not live here: whether an id is free in the project (the caller gives the taken ones).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipeline.text import clean, urls

_LONGEST: Final = 40  # characters of an id, a name or an agency that people still read
_SPLIT: Final = re.compile(r"\s*[|<>«»›∙·:：]\s*|\s+[-–—]\s+|\s*::\s*")
_BOARD: Final = re.compile(
    r"공지|소식|알림|보도|고시|공고|입찰|채용|강좌|강의|교육|프로그램|행사|이벤트|자료|게시|뉴스|모집|문화|사진|영상|갤러리|블로그|안내|정보|특강|일정"
)
_GREETING: Final = re.compile(
    r"(?:에\s*오신\s*것을\s*환영.*|\s*(?:공식\s*|대표\s*)?(?:홈페이지|누리집|사이트|블로그|채널)(?:입니다\.?)?|\s*메인(?:\s?페이지)?|\s*(?:대표|공식))$"
)
_PAGE_OF: Final = re.compile(
    r"\s*\(?\d+\s?(?:페이지|쪽|/\s?\d+)\)?$|\s*(?:목록|리스트|게시판)$|\s*(?:목록|리스트)\s?보기$"
)
_FURNITURE: Final = re.compile(
    r"^\S{1,2}[.)]|<%|\{\{|\$\{|개인정보|저작권|이용약관|이메일|사이트맵|바로\s?가기|메뉴|검색|로그인|만족도|담당자|카테고리|관련\s?사이트|하단|상단|퀵|최근\s?본|팝업|배너|copyright",
    re.IGNORECASE,
)
_WAY: Final = "[class*=location], [id*=location], [class*=breadcrumb], [class*=navi], [class*=path], [class*=lnb-route]"
_NAME_CHARS: Final = 24
_PLAIN_HEAD: Final = re.compile(
    r"^(?:목록|리스트|메뉴|본문|home|홈|메인|main|list|검색|로그인|전체|전체보기|게시글|게시글\s?(?:리스트|목록)|게시물|게시판|(?:게시판|게시물)\s?목록|\d+쪽?|page \d+)$",
    re.IGNORECASE,
)
# One Latin word for what a list is about; the first that fits names it.
_WORDS: Final = (
    (re.compile(r"보도|언론"), "press"),
    (re.compile(r"고시|공고|입찰"), "gosi"),
    (re.compile(r"채용|구인|일자리"), "jobs"),
    (re.compile(r"강좌|강의|수강|교육|프로그램|특강|학습"), "course"),
    (re.compile(r"행사|축제|이벤트|공연|전시"), "event"),
    (re.compile(r"공지|알림"), "notice"),
    (re.compile(r"소식|뉴스"), "news"),
    (re.compile(r"영상|유튜브|동영상"), "video"),
    (re.compile(r"사진|갤러리"), "photo"),
    (re.compile(r"자료"), "files"),
    (re.compile(r"블로그"), "blog"),
)
_FEED_TITLE: Final = re.compile(
    r"<title[^>]{0,80}>\s*(?:<!\[CDATA\[(.{1,200}?)\]\]>|([^<]{1,200}))|\"title\"\s*:\s*\"([^\"]{1,200})\"", re.DOTALL
)
_COMMON_HOST: Final = frozenset(["www", "m", "mobile", "web", "home", "rss", "api", "v2"])
_SUFFIXES: Final = frozenset("kr com net org io go or ac co re ne pe hs ms es me tv info biz github".split())  # noqa: SIM905 - a list of words
_SHARED: Final = re.compile(  # sites where each account is somebody else's
    r"(?:rss\.|m\.)?(?:blog|post|cafe)\.naver\.com|(?:v2\.)?velog\.io|medium\.com|(?:www\.|m\.)?youtube\.com|(?:www\.)?facebook\.com"
)
_BOARD_PARAM: Final = ("bo_table", "boardId", "board_id", "bbsId", "bid", "mid", "board", "code", "tb")


def title_segments(tree: LexborHTMLParser) -> tuple[str, ...]:
    """Return the parts of a page's ``<title>``, most particular first as sites mostly write them; may be empty."""
    node = tree.css_first("title")
    said = clean.one_line(node.text()) if node is not None else ""
    parts = [_PAGE_OF.sub("", part) for part in _SPLIT.split(said[:300])]
    return tuple(part for part in parts if part and not _PLAIN_HEAD.match(part))


def name_of(tree: LexborHTMLParser, site: str = "", *, rows: Collection[str] = ()) -> str:
    """Return what people call the list, ``""`` when nothing names it: a part of the title, the way to it, or a heading that does.

    Args:
        tree: The page.
        site: Whose page it is: no name of a list.
        rows: Titles of its rows: they may stand in headings, and name nothing.
    """
    parts = [part for part in title_segments(tree) if part != site]
    heads = [_said(node) for node in tree.css("h1, h2, h3, h4")[:60]]
    ways = [
        words[-1]
        for way in tree.css(_WAY)[:3]
        if (words := [_said(node) for node in way.css("a, span, li, strong, em") if _said(node)])
    ]
    fit = [[word for word in said if _is_name(word, site) and word not in rows] for said in (parts, ways, heads)]
    parts, ways, heads = fit
    both = [word for word in parts if word in heads or word in ways]
    named = [word for word in (*both, *parts, *ways, *heads) if _BOARD.search(word)]
    return [*named, *ways[:1], *parts[:1], *heads[:1], ""][0][:_LONGEST]


def _said(node: LexborNode) -> str:
    return _PAGE_OF.sub("", clean.one_line(node.text())).strip()


def _is_name(word: str, site: str) -> bool:
    return (
        2 <= len(word) <= _NAME_CHARS and word != site and not _PLAIN_HEAD.match(word) and not _FURNITURE.search(word)
    )


def feed_title(text: str) -> str:
    """Return what a feed calls itself, ``""`` when it does not say. The first title of a feed is its own."""
    match = _FEED_TITLE.search(text[:20_000])
    said = next((part for part in match.groups() if part), "") if match else ""
    return clean.one_line(clean.unescape(said))[:_LONGEST]


def site_of(tree: LexborHTMLParser) -> str:
    """Return whose page it is, as the page says: ``og:site_name``, else the last part of its title; ``""`` when it does not."""
    node = tree.css_first("meta[property='og:site_name']")
    said = clean.one_line((node.attributes.get("content") or "") if node is not None else "")
    parts = title_segments(tree)
    if not said and len(parts) > 1:
        said = next((part for part in reversed(parts) if not _BOARD.search(part)), parts[-1])
    said = _GREETING.sub("", said).strip()[:_LONGEST]
    return "" if _FURNITURE.search(said) or "://" in said else said


def host_slug(url: str) -> str:
    """Return the Latin name of a site: ``lib.gaon.go.kr`` → ``gaon-lib``; ``site`` for an address of numbers."""
    host = urlsplit(urls.canonical(url)).hostname or ""
    if is_shared(host):
        account = next(
            (part for part in urlsplit(url).path.split("/") if part and part not in ("channel", "rss", "feed")), ""
        )
        return _slug(account.removesuffix(".xml")) or "site"
    if not host or re.fullmatch(r"[\d.:a-f]+", host) or host == "localhost":
        return "site"
    labels = host.split(".")
    while len(labels) > 1 and labels[-1] in _SUFFIXES:
        labels.pop()
    labels = [label for label in labels if label not in _COMMON_HOST] or labels
    return _slug("-".join(reversed(labels))) or "site"


def is_shared(host: str) -> bool:
    """Whether a host serves the accounts of many."""
    return _SHARED.fullmatch(host) is not None


def propose_id(url: str, name: str, kind: str, taken: Collection[str]) -> str:
    """Return an id nobody has: site and subject, numbered when it is taken."""
    subject = next((word for pattern, word in _WORDS if pattern.search(name)), "")
    subject = {"youtube": "youtube", "gseek": "course"}.get(kind) or subject
    subject = subject or _slug(_of_address(url)) or {"feed": "feed"}.get(kind, "board")
    if subject == host_slug(url):
        subject = kind
    base = f"{host_slug(url)}-{subject}"[:_LONGEST].strip("-")
    number, made = 2, base
    while made in taken:
        made, number = f"{base}-{number}", number + 1
    return made


def _of_address(url: str) -> str:
    parts = urlsplit(url)
    told = dict(parse_qsl(parts.query))
    said = next((told[name] for name in _BOARD_PARAM if told.get(name)), "")
    if not said:
        words = [word.partition(".")[0] for word in parts.path.split("/") if word]
        said = next(
            (word for word in reversed(words) if not re.fullmatch(r"(?i)\d+|.*list|index|main|view|rss.*|feed", word)),
            "",
        )
    return said if 2 <= len(said) <= 16 else ""


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
