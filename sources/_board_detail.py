"""One article's own page: body, facts in tables and lists, files, posting date.

What does not live here: which articles are looked at (``_board_talk``), sanitising (``normalize``).
CSS an editor writes is read by lexbor as in lists (ADR-0015); the label–value pairs of old, half-closed tables are read
by BeautifulSoup, which forgives most. Source: extraction §3, boards §2 "Detail pages".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bs4 import BeautifulSoup, Tag
from selectolax.lexbor import LexborHTMLParser, LexborNode

import pipeline.model as p
from pipeline.text import clean, select, urls
from pipeline.text.page import tree_of

if TYPE_CHECKING:
    from sources._board_options import Detail

# Where the boards of boards.md keep the text of an article; the first that holds something wins.
_BODIES: Final = (
    "#bo_v_con", ".view-con", ".view_con", ".view_cont", ".view-content", ".view_content", ".artclView", ".rd_body article",
    ".rd_body", ".board-view .body", ".board_view .content", ".board_content", ".bbs_content", ".bbs_view_content",
    ".bbs_cont", ".bbs_view .cont", ".view .txt_area", ".view .cont", ".substance", ".se-main-container",
    ".se_component_wrap.sect_dsc", "#viewTypeSelector", "#postViewArea", ".post-content__body", ".fr-view", ".txt_content",
    ".con_txt", "#articleBody", "[itemprop=articleBody]", "td.content", "td.cont", "textarea#model", "article",
)  # fmt: skip
_POSTED: Final = re.compile(r"^(?:등록|작성|게시|공고|입력)(?:일|일자|일시|날짜)$")
_DATE: Final = re.compile(
    r"\d{2,4}\s?[-./년]\s?\d{1,2}\s?[-./월]\s?\d{1,2}[일.]?(?:\s*\([^)]\))?(?:\s+(?:오[전후]\s*)?\d{1,2}:\d{2})?"
)
_POSTED_TEXT: Final = re.compile(rf"(?:등록|작성|게시|공고|입력)(?:일|일자|일시)\s*[:：]?\s*({_DATE.pattern})")
_FILE: Final = re.compile(
    r"download|filedown|file_down|atchmnfl|atchfileid|fileid=|file_id=|fileseq|\.(?:hwpx?|pdf|zip|xlsx?|docx?|pptx?|jpe?g|png)(?:$|[?&#])",
    re.IGNORECASE,
)
_SIZE: Final = re.compile(r"\s*[\[(]?\s*([\d.,]+)\s*(KB|MB|GB|B|바이트|bytes?)\s*[\])]?\s*$", re.IGNORECASE)
_UNITS: Final = {"b": 1, "byte": 1, "bytes": 1, "바이트": 1, "kb": 1024, "mb": 1024**2, "gb": 1024**3}
_DEPARTMENT: Final = re.compile(r"^(?:담당)?(?:부서|부서명|기관|기관명)$|^담당부서")
COURSE_LABELS: Final = (
    ("apply", re.compile(r"^(?:온라인|일반|우선|추가)?(?:접수|신청|모집)(?:기간|일자|일시|일정)")),
    ("teach", re.compile(r"^(?:교육|학습|운영|강의|수강|강좌|수업)(?:기간|일자|일시|일정)")),
    ("weekdays", re.compile(r"^(?:교육|학습|강의|수업|운영|수강)?요일")),
    ("hours", re.compile(r"^(?:교육|학습|강의|수업|운영|수강)시간")),
    ("capacity", re.compile(r"^(?:모집|교육|수강)?(?:정원|인원)")),
    ("applied", re.compile(r"^(?:신청|접수)(?:인원|자수|현황)")),
    ("fee", re.compile(r"^(?:수강료|교육비|참가비|학습비|수강비)")),
    ("material_fee", re.compile(r"^(?:재료비|교재비|실습비)")),
    ("selection", re.compile(r"^(?:선발|선정|모집|접수|신청)(?:방법|방식)")),
    ("target", re.compile(r"^(?:교육|수강|모집|신청|학습|참여)?(?:대상|자격)")),
    ("place", re.compile(r"^(?:교육|강의|학습|수업|강좌|행사)?장소|^강의실")),
    ("status", re.compile(r"^(?:접수|모집|신청|강좌)?상태")),
    ("level", re.compile(r"^(?:수준|난이도|단계)")),
    ("field", re.compile(r"^(?:강좌)?(?:분야|분류|주제)")),
    ("online", re.compile(r"^(?:교육|운영|수업|강의|학습)(?:방법|방식|형태)")),
)
_PHONE: Final = re.compile(r"\s*[,/(:]?\s*(?:☎|☏|전화|연락처|T(?:el)?[.:]|\(?0\d{1,2}[-)]).*$", re.IGNORECASE)
_FACTS: Final = 20
_FACT_CHARS: Final = 300


@dataclass(slots=True)
class Article:
    """What an article's own page adds to its row."""

    title: str = ""
    body: str = ""
    date: str = ""
    department: str = ""
    image: str = ""
    base: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    attachments: list[p.Attachment] = field(default_factory=list)


def read(wanted: Detail, document: p.Document) -> Article | None:
    """Read one article's page; ``None`` when it is none we may or can read (the row alone must do)."""
    try:
        tree, base, charset = tree_of(document)
    except p.ShapeError:
        return None
    body = _body(wanted, tree)
    facts = dict(_pairs(tree))
    headers = select.Headers()
    root = tree.root

    def said(selector: str) -> str:
        return select.text(root, selector, headers) if root is not None and selector else ""

    picture = tree.css_first(wanted.image) if wanted.image else None
    return Article(
        title=said(wanted.title),
        body=_markup(body),
        date=said(wanted.date) or _posted(facts, tree),
        department=_PHONE.sub("", said(wanted.department) or _first(facts, _DEPARTMENT)),
        image=(picture.attributes.get("src") or "") if picture is not None else "",
        base=base,
        facts=facts,
        attachments=list(_files(wanted, tree, base, charset)),
    )


def course_words(facts: dict[str, str]) -> dict[str, str]:
    """Return the course fields that labels of a page tell, by ``RawCourse`` field name."""
    return {name: value for name, label in COURSE_LABELS if (value := _first(facts, label))}


def _body(wanted: Detail, tree: LexborHTMLParser) -> LexborNode | None:
    for css in (wanted.body,) if wanted.body else _BODIES:
        found = tree.css_first(css)
        if found is not None and (found.text(strip=True) or found.css_first("img") is not None):
            return found
    return None


def _markup(body: LexborNode | None) -> str:
    if body is None:
        return ""
    inner = body.text() if body.tag == "textarea" else body.inner_html or ""
    return inner if len(inner) <= p.limits.BODY_HTML_BYTES else ""


def _pairs(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    """Yield ``(label, value)`` of th/td and dt/dd pairs, the page's own first; the first of a label counts."""
    seen: dict[str, str] = {}
    containers = [n.html or "" for n in tree.css("table, dl, ul.info, div.info")[:40]]
    for markup in containers:
        soup = BeautifulSoup(markup, "lxml")
        for name in soup.find_all(["th", "dt", "strong"]):
            after = name.find_next_sibling(["td", "dd", "span", "em", "p"]) if isinstance(name, Tag) else None
            label = re.sub(r"[\s:：]+", "", name.get_text())[:20]
            value = clean.one_line(after.get_text(" ")) if after is not None else ""
            if label and value and label not in seen:
                seen[label] = value[:_FACT_CHARS]
    yield from seen.items()


def _posted(facts: dict[str, str], tree: LexborHTMLParser) -> str:
    for label, value in facts.items():
        found = _DATE.search(value) if _POSTED.match(label) else None
        if found:
            return found.group()
    stamp = tree.css_first('meta[property="article:published_time"]')
    if stamp is not None:
        return clean.one_line(stamp.attributes.get("content") or "")[: p.limits.STAMP_CHARS]
    text = clean.one_line(tree.body.text(separator=" ")) if tree.body else ""
    found = _POSTED_TEXT.search(text)
    return found.group(1) if found else ""


def _first(facts: dict[str, str], label: re.Pattern[str]) -> str:
    return next((value for name, value in facts.items() if label.search(name)), "")


def _files(wanted: Detail, tree: LexborHTMLParser, base: str, charset: str) -> Iterator[p.Attachment]:
    seen: set[str] = set()
    links: Iterable[LexborNode] = tree.css(wanted.attachments or "a[href]")
    for link in links:
        url = urls.absolute(base, link.attributes.get("href") or "", charset=charset)
        name = clean.one_line(select.quiet_text(link)) or clean.one_line(link.attributes.get("title") or "")
        if not url or not name or url in seen or (not wanted.attachments and not _FILE.search(url)):
            continue
        seen.add(url)
        size = _SIZE.search(name)
        yield p.Attachment(url=url, name=_SIZE.sub("", name) or name, bytes=_bytes(size) if size else None)
        if len(seen) >= p.limits.ATTACHMENTS:
            return


def _bytes(size: re.Match[str]) -> int | None:
    try:
        return int(float(size.group(1).replace(",", "")) * _UNITS[size.group(2).lower()])
    except (ValueError, KeyError):
        return None


def extras(facts: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the page's facts as an item's extras."""
    return tuple(list(facts.items())[:_FACTS])
