"""What only more pages can tell about the chosen source: does its second page bring other rows, do its addresses lead to its articles.

What does not live here: the first page (``proving``). What is refuted is taken out of the YAML; what cannot be asked is marked.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pipeline.model as p
from pipeline.collect import trial
from pipeline.discover.draft import Draft
from pipeline.discover.known import plain
from pipeline.drafting.desk import Desk
from pipeline.drafting.proving import Proven, again
from pipeline.drafting.telling import told
from pipeline.i18n import _
from pipeline.text.decode import decode
from pipeline.text.html import text_of

_ARTICLES: Final = 2
_TITLE_CHARS: Final = 24  # of a title; a list may cut the rest


def confirmed(one: Proven, desk: Desk) -> Proven:
    """Return a candidate after a look at its next page and at two of its articles.

    Cost: two requests for the pages, one for each article; none where nothing was guessed.
    """
    if "link_template" in one.unverified:
        one = _links(one, desk)
    if one.spec.kind == "board" and getattr(one.spec.options, "paging", None) is not None:
        one = _paging(one, desk)
    return one


def _paging(one: Proven, desk: Desk) -> Proven:
    """The live conversation over two pages: the same requests as at night, articles left out."""
    options = one.spec.options.model_copy(update={"pages": 2, "detail": None})
    got = trial.live(replace(one.spec, options=options), desk.http, desk.registry, now=desk.now)
    failed = next((what for code, what in got.warnings if code == "page-failed"), "")
    if got.error is not None or failed:
        return _noted(one, "paging-unverified", got.error.message if got.error else failed)
    first = {entry.key for entry in one.entries}
    if any(entry.key not in first for entry in got.entries):
        return _noted(one, "paging-verified")
    if "paging" not in one.draft.keys:  # a preset's: it stays, one page of a short list proves nothing
        return _noted(one, "paging-single")
    return _without(one, ("paging",), "paging-wrong", desk)


def _links(one: Proven, desk: Desk) -> Proven:
    right = wrong = 0
    asked = [entry for entry in one.entries if entry.url and len(plain(entry.title)) > 1][:_ARTICLES]
    for entry in asked:
        try:
            page = desk.http.fetch(p.Request(url=entry.url, conditional=False, policy=one.spec.policy))
        except p.GoneError:
            wrong += 1
        except p.SourceError:
            continue
        else:
            is_there = _says(page, entry.title)
            right, wrong = right + is_there, wrong + (not is_there)
    if wrong:
        return _without(one, ("link_pattern", "link_template"), "link-wrong", desk)
    code = "link-verified" if right and right == len(asked) else "link-unverified"
    notes = {} if code == "link-verified" else {"link_template": _("짐작한 글 주소. 확인하지 못했습니다")}
    noted = _noted(one, code)
    if not notes:
        return replace(noted, unverified=())
    made = replace(one.draft, notes={**one.draft.notes, **notes})
    return _again(noted, made, desk)


def _says(page: p.Document, title: str) -> bool:
    text = decode(page.body, charset=page.charset, media_type=page.media_type).text
    return plain(title)[:_TITLE_CHARS] in plain(text_of(text))


def _without(one: Proven, keys: tuple[str, ...], code: str, desk: Desk) -> Proven:
    left = {key: value for key, value in one.draft.keys.items() if key not in keys}
    return replace(_noted(_again(one, replace(one.draft, keys=left), desk), code), unverified=())


def _again(one: Proven, made: Draft, desk: Desk) -> Proven:
    got = again(one, made, desk)
    return got if isinstance(got, Proven) else one


def _noted(one: Proven, code: str, what: str = "") -> Proven:
    return replace(one, warnings=(*one.warnings, told(code, what)))
