"""The newsletter: one e-mail that says an edition in HTML and in plain text.

What does not live here: From, To, Date, Message-ID and List-Unsubscribe (the transport's), the bytes' form (``_mail``).

The stored bytes hold declared placeholders, once in each part: ``UNSUBSCRIBE``, and ``NAME`` where a greeting is asked for.
Each fills a base64 line of its own (``_mail.aligned``), so a transport makes a mail personal by exchanging these lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import Field

import pipeline.model as p
from pipeline.i18n import _
from pipeline.text.trim import trim
from renderers import _jinja, _links, _mail, _mail_lint, _pictures, _views, _words

if TYPE_CHECKING:
    from css_inline import CSSInliner

TITLE: Final = _("전자우편 소식지")
PRODUCES: Final = frozenset(["message/rfc822"])
PICTURES: Final = frozenset([p.Use.MAIL])
UNSUBSCRIBE: Final = p.UNSUBSCRIBE_MARK
NAME: Final = p.NAME_MARK
LEAD_CHARS: Final = 120
PREHEADER_CHARS: Final = 90
PICTURES_SHOWN: Final = 5  # a mail is read for its words; more would push the rest away


class Options(p.RendererOptions):
    """Options of the newsletter."""

    ad: Literal["never", "always", "if_paid"] = Field(
        default="never",
        description="제목 맨 앞에 (광고)를 붙일지: never(안 붙임), always(늘), if_paid(유료 강좌가 있을 때)",
        examples=["never"],
    )
    greeting: bool = Field(
        default=False,
        description="맨 위에 이름을 불러 인사할지. 이름은 받는 사람 명단의 name 열에서 옵니다",
        examples=["true"],
    )


def render(options: Options, digest: p.Digest) -> Iterator[p.Artifact | p.LeftOut]:
    """Yield ``newsletter.eml`` and a ``LeftOut`` for every story its size did not allow.

    Raises:
        RenderError: A template does not fit, even a mail without stories is too large, or mail programs would not show it
            as it is (``mail-lint``: usually a template of one's own).
    """
    _jinja.renewed("newsletter", options.templates_dir)
    names = {source.id: source.name for source in digest.sources}
    sections = _deadlines_first(digest.sections)
    total = sum(len(section.cards) for section in sections)
    keep, html, rich = total, "", ""
    while True:
        words = _mail_words(digest, _first(sections, keep), names, more=total - keep)
        words["greeting"] = "".join(_greeting()) if options.greeting else ""
        html = _html(options, words)
        rich = _placed(html, ">", before='href="', after='"')
        size = len(rich.encode("utf-8", "replace"))  # as it travels
        if size <= p.limits.MAIL_HTML_BYTES:
            break
        if keep == 0:
            raise p.RenderError(_("소식지가 너무 큽니다."), subject=digest.id)
        keep = min(keep - 1, keep * p.limits.MAIL_HTML_BYTES // size)
    wrong = next(_mail_lint.findings(_words.plain(digest.title), str(words["preheader"]), html), "")
    if wrong:
        raise p.RenderError(wrong, subject=digest.id, code="mail-lint")
    text = _jinja.fill("newsletter", options.templates_dir, "mail.txt.j2", words)
    yield p.Artifact(path="newsletter.eml", media_type="message/rfc822", body=_message(options, digest, text, rich))
    for card in [card for section in sections for card in section.cards][keep:]:
        yield p.LeftOut(story_id=card.story.id, title=card.story.primary.title, reason="mail-size")


def _deadlines_first(sections: tuple[p.Section, ...]) -> list[p.Section]:
    return sorted(sections, key=lambda section: not _is_closing(section))


def _is_closing(section: p.Section) -> bool:
    return all(card.label == "closing" for card in section.cards)


def _first(sections: list[p.Section], keep: int) -> list[p.Section]:
    """The first ``keep`` cards, in their sections."""
    kept = []
    for section in sections:
        if keep > 0:
            kept.append(p.Section(key=section.key, title=section.title, cards=section.cards[:keep]))
            keep -= len(section.cards)
    return kept


def _mail_words(digest: p.Digest, sections: list[p.Section], names: dict[str, str], *, more: int) -> dict[str, Any]:
    """Everything the two templates print."""
    institute = digest.institute
    cards = [card for section in sections for card in section.cards]
    titles = [_words.plain(card.story.primary.title) for card in cards]
    told = len(cards) + more
    shown = iter(range(PICTURES_SHOWN))
    places = {member.source_id for card in cards for member in card.story.members}
    return {
        "title": _safe(digest.title),
        "name": _safe(institute.name),
        "language": institute.language or "ko",
        "preheader": _safe(trim(" · ".join(titles[:4]), PREHEADER_CHARS)),
        "about": _("{places}곳에서 새 소식 {told}건을 모았습니다.").format(places=len(places), told=told),
        "as_of": _("{at} 기준").format(at=_words.moment(digest.as_of, year=True)),
        "sections": [
            (_safe(s.title), _is_closing(s), [_card(digest, s, card, names, shown) for card in s.cards])
            for s in sections
        ],
        "more": _("이 메일에 다 싣지 못한 소식 {n}건 더 보기").format(n=more) if more else "",
        "edition_url": _links.absolute(institute, _links.edition_path(digest.id)),
        "address": _safe(institute.address),
        "phone": _safe(institute.phone),
        "email": _safe(institute.email),
        "unsubscribe": UNSUBSCRIBE,
    }


def _card(
    digest: p.Digest, section: p.Section, card: p.Card, names: dict[str, str], shown_pictures: Iterator[int]
) -> dict[str, str]:
    tile = _views.tile(card.story, names)
    shown = _views.shown(card, tile, section.key)
    link = _links.story_link(digest.institute, card.story)
    words = {
        "title": tile.title,
        "kind": tile.kind,
        "label": tile.state or shown.label,
        "note": "" if shown.says_date else shown.note,
        "corrects": shown.corrects_words,
        "due": _("신청 {words}").format(words=shown.due) if shown.due else "",
        "tone": "red" if tile.is_cancelled or card.label in ("changed", "closing") else "blue",
        "until": tile.deadline.words if tile.deadline else "",
        "facts": tile.facts,
        "lead": trim(tile.lead, LEAD_CHARS),
        "meta": " · ".join(part for part in (tile.source, tile.when, tile.length, tile.places) if part),
    }
    picture = "" if _is_closing(section) else _picture(digest, tile)
    if not picture or next(shown_pictures, None) is None:
        picture = ""
    words |= {"alt": tile.figure.said if tile.figure else "", "credit": tile.figure.credit if tile.figure else ""}
    safe = {key: _safe(value) for key, value in words.items()}
    told = _links.absolute(digest.institute, shown.corrects) if shown.corrects else ""
    return safe | {"link": link.replace(UNSUBSCRIBE, ""), "picture": picture, "corrects_url": told}


def _picture(digest: p.Digest, tile: _views.Tile) -> str:
    """Address of our own copy on our own site: a mail names nothing of strangers (P54); ``""`` without site or picture."""
    file = tile.figure.file(p.Use.MAIL) if tile.figure else None
    return _links.absolute(digest.institute, _pictures.path_of(file)) if file else ""


def _safe(text: str) -> str:
    """Text of others never holds our placeholders."""
    return _words.plain(text).replace(UNSUBSCRIBE, UNSUBSCRIBE.strip("%")).replace(NAME, NAME.strip("%"))


def _greeting() -> tuple[str, str, str]:
    """What stands before the name, the name's placeholder, and what stands behind."""
    before, _mark, after = _("{name} 님, 안녕하세요.").partition("{name}")
    return before, NAME, after


def _html(options: Options, words: dict[str, Any]) -> str:
    page = _jinja.fill("newsletter", options.templates_dir, "mail.html.j2", words)
    inlined = _inliner(_jinja.static("newsletter", options.templates_dir, "mail.css")).inline(page)
    return "\n".join(line for line in (raw.strip() for raw in inlined.splitlines()) if line)


@cache
def _inliner(style: str) -> CSSInliner:
    """The style sheet of the mail, understood once. Cost: one inlining is well below a millisecond."""
    import css_inline  # noqa: PLC0415 - only nights with a newsletter

    return css_inline.CSSInliner(load_remote_stylesheets=False, extra_css=style)


def _message(options: Options, digest: p.Digest, text: str, rich: str) -> bytes:
    institute = digest.institute
    headers = [
        ("Subject", _mail.phrase(_ad_mark(options, digest) + digest.title)),
        ("Content-Language", institute.language or "ko"),
        ("X-Moa-Edition", digest.id),
    ]
    plain = _placed(text, "\r\n", before="\r\n", after="")
    return _mail.message(headers, plain, rich, digest.id)


def _placed(text: str, start: str, *, before: str, after: str) -> str:
    """Return one part as it travels: CRLF, each placeholder on lines of its own.

    Args:
        text: The part, as its template filled it.
        start: What stands right before a greeting. A template of one's own may greet in one part, or in none.
        before: What stands right before the address to refuse.
        after: What must follow it at once.
    """
    crlf = text.replace("\n", "\r\n")
    told, mark, rest = _greeting()
    if f"{start}{told}{mark}{rest}" in crlf:
        crlf = _mail.aligned(crlf, mark, before=start + told, after=rest)
    return _mail.aligned(crlf, UNSUBSCRIBE, before=before, after=after)


def _costs(course: p.Course) -> bool:
    """Whether taking part costs something; a fee nobody could read as a number does."""
    return course.fee_won != 0 and (course.fee or "").strip() not in ("무료", "0원")


def _ad_mark(options: Options, digest: p.Digest) -> str:
    """``(광고) `` at the very start, exactly so spelled, where the channel's policy asks for it (정보통신망법 §50)."""
    courses = (_views.course_of(card.story) for section in digest.sections for card in section.cards)
    is_paid = any(course and course.fee and _costs(course) for course in courses)
    return "(광고) " if options.ad == "always" or (options.ad == "if_paid" and is_paid) else ""
