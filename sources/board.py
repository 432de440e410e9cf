"""``kind: board``: any HTML list by configuration: notice boards, course lists, cards; with its articles' own pages.

What does not live here: any site's or software's selectors (``config/``), reading rows and pages (``_board_*``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pipeline.model as p
from pipeline.text import urls
from sources._board_options import CourseFields, Detail, Options, Paging

if TYPE_CHECKING:
    from pipeline.text.article import Article
    from sources import _board_row

TITLE = "게시판·강좌 목록 (HTML)"

__all__ = ["TITLE", "CourseFields", "Detail", "Options", "Paging", "fetch", "parse"]

_MAIN_BYTES: Final = 512 * 1024  # a larger page is read in a worker only, where a stall can be killed
_CUT_CHARS: Final = 30  # a shorter title is not cut silently by any list we know
_SHRUNK: Final = 2  # a list of less than half its length goes to the judge although every row is known
_ARTICLE: Final = "moa-article"  # our own header on an article's page: the identity of its row
_FILE: Final = "moa-attached"  # our own header on a file of an article: the identity of its row
_KNOWN: Final = "moa-known"  # our own header on the first document: identities that parse leaves out


def fetch(options: Options, memo: p.Memo) -> p.Conversation:
    """Ask for the list, its next pages while they bring news, and the pages of new articles.

    A list whose rows are all known as they stand ends as unchanged, although counters on the page moved.

    Raises:
        ShapeError: As ``parse``.

    Cost: one request; for a changed page about 3 ms; pages and details are bounded by options and ``limits``.
    """
    from sources import _board_asking, _board_row, _board_talk  # noqa: PLC0415 - lexbor: an unchanged page does not need it

    memory = _board_talk.Memory.load(memo)
    session = _board_asking.Session(urls.origin(options.url))
    document = yield from _board_talk.first(options, memory, session)
    if document is None:
        return None
    if len(document.body) > _MAIN_BYTES:
        return p.Fetched(documents=(document,), warnings=(("large-page", str(len(document.body))),))
    pages = yield from _board_talk.following(options, document, memory, session)
    rows = _board_row.merged(pages.rows)
    fresh = [row for row in rows if memory.is_new(row)]
    if rows and not fresh and memory.listed < _SHRUNK * len(rows) and not memory.again:
        return None
    articles, left, unread = (
        (yield from _board_talk.details(options, fresh, memory, session)) if _wants(options) else ([], set(), [])
    )
    carried = {row.identity for row in rows} - {row.identity for row in fresh}
    carried |= left & memory.known.keys()  # known with its text: an edit waits for the text rather than losing it
    memory.body = "" if left or pages.failed else document.body_hash
    memory.again = bool(left or pages.failed)
    memory.listed = len(rows)
    if not pages.failed:  # else tomorrow's first page would look known and the rest would never be read
        read = {row.identity: row.digest for row in rows if row.identity not in left}
        memory.known = {**{k: v for k, v in memory.known.items() if k not in read}, **read}
    first = _board_talk.marked(pages.documents[0], _KNOWN, " ".join(sorted(carried)))
    documents = (first, *pages.documents[1:], *articles)
    warnings = (*((("page-failed", pages.failed),) if pages.failed else ()), *unread)
    return p.Fetched(documents=documents, memo=memory.dump(), carried=len(carried), warnings=warnings)


def parse(options: Options, fetched: p.Fetched) -> Iterator[p.Item]:
    """Yield the articles of the list in its order, each once; an empty list yields none.

    Raises:
        ShapeError: ``container-missing``, ``title-missing``, ``login-page``, ``maintenance``, ``bot-page`` or
            ``unreadable``: the list is not there or not what it was.
    """
    from sources import _board_row, _board_rows  # noqa: PLC0415 - as above

    lists: list[list[_board_row.Row]] = []
    articles: dict[str, p.Document] = {}
    files: dict[str, list[p.Document]] = {}
    links: set[str] = set()
    for document in fetched.documents:
        if of := dict(document.headers).get(_FILE):
            files.setdefault(of, []).append(document)
            continue
        whose = dict(document.headers).get(_ARTICLE) or (document.requested_url in links and document.requested_url)
        if whose:
            articles[whose] = document
        else:
            lists.append(_board_rows.rows_of(options, document))
            links |= {row.own_page for row in lists[-1] if row.own_page}
    known = _known(fetched.documents)
    for row in _board_row.merged(lists):
        if row.identity not in known:
            item = _item(options, row, articles.get(row.identity) or articles.get(row.own_page))
            yield _with_files(item, files[row.identity]) if row.identity in files else item


def _wants(options: Options) -> bool:
    return options.detail is not None and options.detail.enabled


def _known(documents: Sequence[p.Document]) -> frozenset[str]:
    named = next((value for name, value in reversed(documents[0].headers) if name == _KNOWN), "") if documents else ""
    return frozenset(named.split())


def _item(options: Options, row: _board_row.Row, document: p.Document | None) -> p.Item:
    from pipeline.text import list_marks  # noqa: PLC0415 - lexbor: as above

    article = None
    if document is not None and options.detail is not None:
        from sources import _board_detail  # noqa: PLC0415 - only for articles' own pages

        article = _board_detail.read(options.detail, document)
    item = p.Item(
        key=row.key,
        kind=options.kind,
        title=row.title,
        url=row.link,
        base_url=row.base,
        body=row.body,
        author=row.author,
        department=row.department,
        published=_raw_date(row.date),
        image=p.Image(url=row.image) if row.image else None,
        tags=(row.category,) if row.category else (),
        is_pinned=row.is_pinned,
        course=p.RawCourse(**dict(row.course)) if options.course else None,
        row=row.position,
        skip="test-row" if list_marks.is_trial(row.title) else "",
        is_partial=bool(row.own_page) and article is None and _wants(options),
        extras=(("status", row.status),) if row.status else (),
    )
    return _with_article(item, row, article) if article is not None else item


def _with_article(item: p.Item, row: _board_row.Row, article: Article) -> p.Item:
    """Return the item with what its own page adds; the list's words win where both speak."""
    from sources import _board_detail  # noqa: PLC0415 - as above

    course = item.course
    if course is not None:
        said = article.course_words
        course = replace(course, **{name: value for name, value in said.items() if not getattr(course, name)})
    return replace(
        item,
        title=_fuller(row, article.title),
        base_url=article.base or item.base_url,
        lead=item.lead or ((article.image.alt or "") if article.is_image_only and article.image else ""),
        body=article.body or item.body,
        author=item.author or article.author,
        department=item.department or article.department,
        published=item.published or _raw_date(article.published),
        updated=_raw_date(article.updated),
        image=item.image or article.image,
        attachments=article.attachments,
        licence=article.licence,
        course=course,
        extras=(*item.extras, *_board_detail.extras(article)),
    )


def _with_files(item: p.Item, documents: Sequence[p.Document]) -> p.Item:
    from sources import _board_files  # noqa: PLC0415 - only for boards that opt in

    return replace(item, attached=_board_files.read(item.attachments, documents))


def _fuller(row: _board_row.Row, title: str) -> str:
    """Return the page's title where the list cut it, also without a sign of it (eGovFrame: after 40 characters)."""
    is_longer = len(row.title) >= _CUT_CHARS and title.startswith(row.title) and len(title) > len(row.title)
    return title if title and (row.is_cut or is_longer) else row.title


def _raw_date(text: str) -> p.RawDate | None:
    return p.RawDate(text=text, form="korean") if text else None
