"""Reads one article's own page: the one way in.

What does not live here: finding the body (``body``), the other parts (a file each), what the night makes of them (``sources``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

import pipeline.model as p
from pipeline.text import clean, html, urls
from pipeline.text.article import body as bodies
from pipeline.text.article import facts as pairing
from pipeline.text.article import files, headline, lean, licence, names, naver, stamps, structured, words
from pipeline.text.page import tree_of
from pipeline.text.sanity import is_sane

_SCRIPTS: Final = "script, style, noscript, template, svg"
_LONG_UNSEEN: Final = 300
_SHORT_UNSEEN: Final = 100
_FACTS: Final = 40
_TOLD_ELSEWHERE: Final = (words.TITLE, words.FILES, words.BODY, words.NEIGHBOUR, words.COUNTED)
_PHONE: Final = re.compile(r"\s*[,/(:]?\s*(?:☎|☏|전화|연락처|T(?:el)?[.:]|\(?0\d{1,2}[-)]).*$", re.IGNORECASE)
_EMBLEM: Final = re.compile(
    r"logo|emblem|symbol|favicon|default|no_?ima?ge?|/common/|sns_?(?:img|share|thumb)|og_?(?:image|img|thumb)",
    re.IGNORECASE,
)
_PAGE_IMAGE: Final = ("og:image", "twitter:image")


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What an article's own page says: untrusted, as it stands there.

    Attributes:
        title: One clean line; ``""`` when the page names none.
        body: Lean markup without furniture, to be sanitised; at most ``limits.BODY_HTML_BYTES``.
        text: The text a reader sees, a line for each block.
        published, updated: Raw date words; ``""`` when none is said.
        author, department: Names as written.
        image: The first picture that shows something, else the page's own for sharing.
        facts: Label and value pairs in page order, each label once.
        attachments: Files; ``url`` is ``""`` where only a script knows it.
        licence: A code of ``licence:``, or ``""``.
        is_image_only: The article is a picture without text.
        how: The rule that found the body; ``""`` when none did.
        base: What links are relative to.
    """

    title: str = ""
    body: str = ""
    text: str = ""
    published: str = ""
    updated: str = ""
    author: str = ""
    department: str = ""
    image: p.Image | None = None
    facts: tuple[tuple[str, str], ...] = ()
    attachments: tuple[p.Attachment, ...] = ()
    licence: str = ""
    is_image_only: bool = False
    how: str = ""
    base: str = ""

    @property
    def course_words(self) -> dict[str, str]:
        """The raw course fields its facts tell, by ``RawCourse`` field name."""
        return words.course(self.facts)


def read(document: p.Document, *, body: str = "", attachments: str = "") -> Article:
    """Read an article's page. Pure; the same page gives the same article.

    Args:
        document: The page as fetched.
        body: CSS of the text an editor wrote for this source; ``""`` lets the page speak.
        attachments: CSS of the links to files, likewise.

    Raises:
        ShapeError: ``unreadable``: no HTML, or nested and attributed beyond every real page.

    Cost: 5 to 20 ms for a page of 100 KB. Source: extraction §3, ADR-0022.
    """
    tree, base, charset = tree_of(document)
    said = structured.read(tree)
    naver.spell_out(tree)
    for node in tree.css(_SCRIPTS):
        node.decompose()
    _drop_long_unseen(tree)
    pairs = pairing.pairs(tree)
    candidates, updated = stamps.said_on(tree, pairs, said)
    found = bodies.find(tree, wanted=body, said=said.body)
    beside = _beside(tree, found)
    markup, text = _written(found, said)
    markup = beside + markup
    told = _facts(pairs, text, said)
    element = found.node if found else None
    author = _author(pairs, said)
    department = next((v for k, v in told if words.DEPARTMENT.search(k)), author if words.OFFICE.search(author) else "")
    image = html.first_image(markup, base) or _page_image(said, base)
    return Article(
        title=headline.of(tree, found, pairs, said),
        body=markup,
        text=text,
        published=stamps.posted(candidates, _places(element), text),
        updated=updated[: p.limits.STAMP_CHARS],
        author=author,
        department=_PHONE.sub("", department),
        image=image,
        facts=told,
        attachments=tuple(files.linked(tree, base, charset, wanted=attachments)),
        licence=licence.of(tree),
        is_image_only=not text and html.first_image(markup, base) is not None,
        how=found.how if found else "",
        base=base,
    )


def _written(found: bodies.Body | None, said: structured.Structured) -> tuple[str, str]:
    """Return the article's lean markup and its text; the page's words for machines when no element holds it."""
    if found is None:
        return "".join(f"<p>{escape(line)}</p>" for line in said.body.splitlines()), said.body
    node, cut = found.node, found.cut
    node = _kept_in_a_field(node) or node
    if node.tag == "textarea":
        inner = node.text()
        if "<" not in inner or not is_sane(inner):
            return "".join(f"<p>{escape(line)}</p>" for line in inner.splitlines() if line.strip()), clean.many_lines(
                inner
            )
        tree = LexborHTMLParser(inner)
        if tree.body is None:
            return "", ""
        for script in tree.css(_SCRIPTS):
            script.decompose()
        node, cut = tree.body, frozenset()
    unseen = {hidden.mem_id for hidden in _unseen(node, longest=len(node.text()) // 2)}
    markup = lean.Writer(cut | unseen).inner(node)
    return markup, html.text_of(markup)


def _kept_in_a_field(node: LexborNode) -> LexborNode | None:
    """Return the text field in which a page keeps the article for its script to draw; ``None`` where text is drawn."""
    fields = node.css("textarea")
    kept = max(fields, key=lambda field: len(field.text()), default=None)
    drawn = len(node.text().strip()) - sum(len(field.text()) for field in fields)
    return kept if kept is not None and len(kept.text().strip()) > max(drawn, 0) else None


def _beside(tree: LexborHTMLParser, found: bodies.Body | None) -> str:
    """Return the pictures that stand beside the article's element and belong to it."""
    if found is None:
        return ""
    pictures = [n for box in tree.css(names.BESIDE) for n in box.css("img") if not bodies.holds(found.node, n)]
    return "".join(map(lean.picture, pictures[:20]))


def _unseen(node: LexborNode, *, longest: int) -> list[LexborNode]:
    """Return what nobody sees inside an element: words for screen readers, and what a style hides up to a length.

    A class called ``hidden`` on a long text is more often a folded part of it than nothing.
    """
    named = [n for n in node.css(names.HIDDEN) if n.mem_id != node.mem_id and len(n.text()) <= _SHORT_UNSEEN]
    styled = [
        n for n in node.css("[style]") if n.mem_id != node.mem_id and names.is_unseen(n.attributes.get("style") or "")
    ]
    return named + [n for n in styled if len(n.text()) <= longest]


def _drop_long_unseen(tree: LexborHTMLParser) -> None:
    """Take out long texts nobody sees (terms of use in closed windows); a page that is hidden until it is drawn stays."""
    if tree.body is None:
        return
    unseen = _unseen(tree.body, longest=len(tree.body.text()) // 2)
    for node in bodies.tops([n for n in unseen if len(n.text()) > _LONG_UNSEEN]):
        node.decompose()


def _places(node: LexborNode | None) -> frozenset[int]:
    return frozenset(n.mem_id for n in node.css("*")[:20_000]) if node is not None else frozenset()


def _facts(pairs: list[pairing.Pair], text: str, said: structured.Structured) -> tuple[tuple[str, str], ...]:
    told: dict[str, str] = {}
    for pair in (*pairs, *pairing.lines(text)):
        if any(pattern.match(pair.label) for pattern in _TOLD_ELSEWHERE):
            continue
        told.setdefault(pair.label, pair.value)
    for label, value in said.facts.items():
        told.setdefault(label, value)
    return tuple(list(told.items())[:_FACTS])


def _author(pairs: list[pairing.Pair], said: structured.Structured) -> str:
    labelled = next((pair.value for pair in pairs if words.AUTHOR.match(pair.label)), "")
    return (labelled or said.author or said.meta.get("author", ""))[:100]


def _page_image(said: structured.Structured, base: str) -> p.Image | None:
    """Return the picture a page gives for sharing: its own on news and blogs; on boards it is the site's emblem."""
    if not (said.headline or said.meta.get("og:type") == "article"):
        return None
    for source in (said.image, *(said.meta.get(name, "") for name in _PAGE_IMAGE)):
        url = urls.absolute(base, source) if source else None
        if url and not _EMBLEM.search(url):
            return p.Image(url=url)
    return None
