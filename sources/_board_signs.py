"""What a page is that came instead of a list: a log-in, maintenance, a guard's refusal, a missing page.

What does not live here: finding lists (``_board_page``). Words and their places only; no site is named.
Source: peers pain 2 (the field's commonest bug is an error page read as "no news"), korea §4 "Encoding, TLS, access".
"""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser

import pipeline.model as p
from pipeline.i18n import _
from pipeline.text import clean, urls

_MISSING: Final = re.compile(
    r"(?:페이지|화면|게시판|게시물|자료|주소)\S{0,2}\s?(?:\S{1,6}\s)?(?:찾을\s?수\s?(?:가\s?)?없|존재하지\s?않)|존재하지\s?않는\s?(?:페이지|게시판|주소|메뉴)"
    r"|\b404\b.{0,20}not found|page not found|잘못된\s?(?:주소|경로|url)",
    re.IGNORECASE,
)
_MAINTENANCE: Final = re.compile(
    r"(?:시스템|서비스|서버|정기|긴급|홈페이지|누리집|사이트)\s?(?:점검|개편|이전)|점검\s?(?:중|안내)|(?:일시|잠시)\s?(?:중[단지]|정지)"
    r"|서비스\s?중[단지]|작업\s?중(?:입니다|$)|접속자(?:가|수가)\s?(?:너무\s?)?(?:많아|폭주)|under maintenance"
    r"|\b50[234]\b.{0,20}(?:unavailable|gateway)|service unavailable|temporarily unavailable",
    re.IGNORECASE | re.MULTILINE,
)
_GUARD: Final = re.compile(
    r"captcha|자동\s?등록\s?방지|비정상적인?\s?(?:접근|접속|요청)|정상적인\s?(?:접근|접속|요청|경로)(?:이|가)?\s?아[닙닌]|잘못된\s?접근"
    r"|access denied|request (?:blocked|rejected)|requested url was rejected|been blocked|403 forbidden|웹\s?방화벽|보안\s?정책"
    r"|자동화된\s|just a moment|checking your browser|로봇이\s?아닙니다|요청이\s?(?:차단|거부)|(?:접근|접속)이\s?(?:차단|거부|제한)"
    r"|해외\s?(?:IP|아이피|접속)\S{0,5}\s?(?:접속|차단|제한|허용)",
    re.IGNORECASE,
)
_LOGIN: Final = re.compile(
    r"로그인\s?(?:이|을|후|해|하)|로그인$|회원\s?로그인|^로그인|please (?:log|sign) ?in",
    re.IGNORECASE | re.MULTILINE,
)
_SENT_AWAY: Final = re.compile(
    r"세션이?\s?(?:만료|종료)|로그인\s?(?:이\s?필요|후\s?(?:이용|사용|확인)|하(?:셔야|시기|신\s?후|여야)|을\s?해\s?주|해\s?주)"
)
_LOGIN_PATH: Final = re.compile(r"/(?:[\w-]*login|signin|sso)\b", re.IGNORECASE)
_ALERT: Final = re.compile(r"""\balert\s*\(\s*(?:"([^"]{1,200})"|'([^']{1,200})')""")
_CHALLENGE: Final = re.compile(
    r"document\.cookie\s*=.{0,2000}?(?:location\.(?:reload|replace)\b|location(?:\.href)?\s*=)", re.DOTALL
)
_LOOK_CHARS: Final = 20_000
_SHORT_CHARS: Final = 1500
_PLEA_CHARS: Final = 80  # "please switch JavaScript on"
_FRAMES: Final = 3
_FEW_LINKS: Final = 15


def kind_of_page(document: p.Document, tree: LexborHTMLParser) -> str:
    """Return ``login-page``, ``maintenance``, ``bot-page`` or ``missing-page``; ``""`` for an ordinary page of another shape.

    Only headings count on a full page: a board may well speak of maintenance. A page with a few words is taken at them,
    and so are the words its script shows before it sends the visitor away.
    """
    if _LOGIN_PATH.search(document.url) and not _LOGIN_PATH.search(document.requested_url or ""):
        return "login-page"
    title = tree.css_first("title")
    heads = [title.text() if title else "", *(n.text() for n in tree.css("h1, h2, h3")[:5])]
    scripts = "\n".join(n.text() for n in tree.css("script")[:20])[:_LOOK_CHARS]
    body = clean.many_lines(_spoken(tree))[:_LOOK_CHARS]
    is_short = len(body) < _SHORT_CHARS and len(tree.css("a")) < _FEW_LINKS
    alerts = [a or b for a, b in _ALERT.findall(scripts)] if is_short else []
    said = "\n".join([*heads, body if is_short else "", *alerts])
    for code, sign in (("maintenance", _MAINTENANCE), ("bot-page", _GUARD), ("missing-page", _MISSING)):
        if sign.search(said):
            return code
    has_field = tree.css_first("input[type=password]") is not None
    if _SENT_AWAY.search("\n".join([*alerts, body if is_short else ""])) or (has_field and _LOGIN.search(said)):
        return "login-page"
    return "bot-page" if len(body.strip()) < _PLEA_CHARS and _CHALLENGE.search(scripts) else ""


def _spoken(tree: LexborHTMLParser) -> str:
    """Return what a visitor reads: a noscript's plea is part of a challenge, not of a page."""
    if tree.body is None:
        return ""
    silent = {n.mem_id for n in tree.body.css("script, style, noscript, template")}
    texts = [node for node in tree.body.traverse(include_text=True) if node.is_text_node]
    return "\n".join(n.text_content or "" for n in texts if n.parent is not None and n.parent.mem_id not in silent)


def frames_of(document: p.Document, tree: LexborHTMLParser) -> list[str]:
    """Return the addresses of the page's frames on its own host: an old site's list may stand in one of them."""
    sources = [frame.attributes.get("src") or "" for frame in tree.css("iframe[src], frame[src]")[:_FRAMES]]
    found = [link for src in sources if (link := urls.absolute(document.url, src))]
    here = urls.origin(document.url).replace("://www.", "://")
    return [link for link in found if urls.origin(link).replace("://www.", "://") == here]


def sentence(what: str) -> str:
    """Return what to tell an editor; ``{where}`` stands for the list that is not there."""
    return {
        "login-page": _("목록 대신 로그인 화면이 왔습니다."),
        "maintenance": _("목록 대신 점검 안내가 왔습니다."),
        "bot-page": _("목록 대신 접근을 막는 화면이 왔습니다."),
        "missing-page": _("목록 대신 없는 페이지라는 안내가 왔습니다. 주소가 바뀐 것 같습니다."),
    }.get(what) or _("목록('{where}')을 찾지 못했습니다. 게시판의 모양이 바뀐 것 같습니다.")
