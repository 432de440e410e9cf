"""One night of a youtube source: what it remembers, what it gathers, and how one question is asked.

What does not live here: which questions are asked (``youtube``, ``_youtube_lists``), Google's client and errors (``_google``).
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import pipeline.model as p
from pipeline.i18n import _
from sources import _google
from sources._youtube_options import Options

_VERSION: Final = 1  # of the memo

Step = Generator[p.Request, p.Document, p.Document]
Asking = Generator[p.Request, p.Document, None]


@dataclass(slots=True)
class Night:
    """What one conversation gathers; ``memo`` is the next memo in the making.

    Attributes:
        pages: Answers of lists, ``documents`` those of videos.
        used: Questions asked, by their name in ``urls``.
        listed: Video id -> hash of what its list row says.
        at: When the last answer came, ``None`` before the first.
    """

    options: Options
    memo: dict[str, Any]
    documents: list[p.Document] = field(default_factory=list)
    pages: list[p.Document] = field(default_factory=list)
    used: list[str] = field(default_factory=list)
    listed: dict[str, str] = field(default_factory=dict)
    warnings: list[tuple[str, str]] = field(default_factory=list)
    carried: int = 0
    is_changed: bool = False
    at: datetime | None = None


def copied(memo: p.Memo) -> dict[str, Any]:
    """A memo of our own to change.

    ``channels``: name -> ids; ``known``: video id -> hash of its list row; ``open``: ids upcoming or live; ``urls``:
    question -> address; ``pages``: list -> [next token, videos] a page; ``scan``: list -> [day of the last full scan,
    token to go on from]; ``lost``: announced ids that were not there -> nights; ``again``: ask without validators once.
    """
    if memo.get("v") != _VERSION:
        memo = {"v": _VERSION, "channels": {}, "known": {}, "open": [], "urls": {}, "pages": {}, "again": False}
    mine = {k: dict(v) if isinstance(v, dict) else list(v) if isinstance(v, list) else v for k, v in memo.items()}
    mine.setdefault("scan", {})
    mine.setdefault("lost", {})
    return mine


def budget(options: Options) -> str:
    """The name of the daily units that every source with this key shares."""
    return f"youtube:{options.key.name}"


def ask(night: Night, url: str, *, conditional: bool = True) -> Step:
    """One question to the API, asked once more when Google asks for patience; units are counted (korea §5).

    Raises:
        SourceError: As ``_google.translated`` reads the answer.
    """
    conditional = conditional and not night.memo["again"]
    name = budget(night.options)
    request = _google.request(url, night.options.key, budget=name, conditional=conditional)
    for is_last in (False, True):
        try:
            document = yield request
        except p.SourceError as error:
            meaning = _google.translated(error, at=error.at or night.at)
            if not is_last and isinstance(meaning, p.FetchError) and meaning.code == "rate-limit":
                continue
            if isinstance(meaning, p.QuotaError):
                meaning.budget = name
            if meaning is error:
                raise
            raise meaning from error
        night.at = document.fetched_at
        day = _google.pacific_day(document.fetched_at)
        night.memo["units"] = 1 + (night.memo.get("units", 0) if night.memo.get("day") == day else 0)
        night.memo["day"] = day
        return document
    raise p.FetchError(_("유튜브가 답하지 않았습니다."))


def address(night: Night, resource: str, **parameters: str | int) -> str:
    """The address of a question, remembered so that a quiet night need not load Google's client."""
    name = "&".join([night.options.api_base, resource, *(f"{k}={v}" for k, v in parameters.items())])
    urls = night.memo["urls"]
    if name not in urls:
        urls[name] = _google.address(night.options.api_base, resource, **parameters)
    night.used.append(name)
    return str(urls[name])
