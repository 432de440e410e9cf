"""``kind: feed``: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, JSON Feed 1 and 1.1, in any encoding.

What does not live here: the readers (``_feed_*``), sanitising, dates and canonical addresses (``normalize``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pipeline.model as p

if TYPE_CHECKING:
    from sources._feed_options import Options as Options  # noqa: PLC0414 - a plugin offers it by name

TITLE = "피드 (RSS, Atom, JSON Feed)"

_ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"


def __getattr__(name: str) -> type[Options]:
    if name == "Options":
        from sources._feed_options import Options  # noqa: PLC0415 - see there

        return Options
    raise AttributeError(name)


def fetch(options: Options, memo: p.Memo) -> p.Conversation:
    """Ask for the feed; unchanged ends at once, a changed one goes on with its unknown entries only.

    Cost: one request; for a changed document one pass of a strict parser (about 1 ms for 35 entries).
    """
    purpose = p.Purpose.PAGE if options.structured_data else p.Purpose.FEED
    is_owed = bool(options.full_text and memo.get("again"))  # pages wait from an earlier night
    headers = (("Accept", _ACCEPT),)
    document = yield p.Request(url=options.url, purpose=purpose, headers=headers, conditional=not is_owed)
    if document.is_unchanged:
        return None
    if options.structured_data:
        return p.Fetched(documents=(document,))
    from sources import _feed_delta  # noqa: PLC0415 - most nights most feeds are unchanged

    warnings: list[tuple[str, str]] = []
    if options.full_text:
        from sources import _feed_pages  # noqa: PLC0415 - as above, and lxml

        return (yield from _feed_pages.fetch(document, memo, warnings))
    if not _feed_delta.is_well_formed(document):
        warnings.append(("ill-formed", options.url))
        return p.Fetched(documents=(document,), warnings=tuple(warnings))
    documents, following, carried = _feed_delta.reduce(document, memo)
    return p.Fetched(documents=documents, memo=following, carried=carried, warnings=tuple(warnings))


def parse(options: Options, fetched: p.Fetched) -> Iterator[p.Item]:
    """Yield the entries of a feed, in its order; a valid feed without entries yields none.

    Raises:
        ShapeError: ``unreadable`` (a page, an error, no feed came instead) or ``truncated``.
    """
    kind = p.Kind(options.as_) if options.as_ else None
    if options.structured_data:
        from sources import _feed_ld  # noqa: PLC0415 - few sources are read this way

        yield from _feed_ld.items(fetched.documents[0], kind)
        return
    if options.full_text:
        from sources import _feed_pages  # noqa: PLC0415 - as above

        yield from _feed_pages.items(fetched.documents[0], fetched, kind)
        return
    from sources import _feed_items, _feed_read  # noqa: PLC0415 - lxml: a night without news does not load it

    for document in fetched.documents:
        yield from _feed_items.items(_feed_read.read(document), document.url, kind)


def form(document: p.Document) -> str:
    """Return the format of one feed document: ``rss20``, ``atom10``, ``json1.1`` … (for ``moa lab feed``).

    Raises:
        ShapeError: As ``parse``.
    """
    from sources import _feed_read  # noqa: PLC0415 - as above

    return _feed_read.read(document).format
