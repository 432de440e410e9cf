"""Item → Entry: what a place said becomes what we hold to be true (pure).

What does not live here: reading documents (``sources/``), comparing with what is known (``reconcile``).
Runs inside the parse workers, because sanitising is the second thing a hostile page can stall (reliability Part 2).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

import pipeline.model as p
from pipeline.collect.fingerprints import content_hash, fingerprint
from pipeline.collect.jobs import Normalized
from pipeline.i18n import _
from pipeline.text import clean, dates, html, privacy, trim, urls

_KEY_CHARS = 200
_FUTURE_GRACE = timedelta(days=1)
_LINKS = 40
_FOREIGN_DATE = re.compile(r"[A-Za-z]{3}|\d{4}")  # `Seg, 24 Set 2018 19:42:40 -0300`


def normalize(items: Iterable[p.Item], spec: p.SourceSpec, *, now: datetime) -> Normalized:
    """Return entries of one source's items, one for each key.

    Args:
        items: What ``parse`` yields; consumed lazily, at most ``spec.max_items``.
        spec: The configured place; gives agency, licence, zone.
        now: Aware UTC; the reference of relative dates and the cap of future ones.

    Cost: pure; about 0.2 ms an item, most of it sanitising. Source: korea rules 2, 8, 9; reliability P20, P25, P39.
    """
    result = Normalized()
    by_key: dict[str, int] = {}
    for row, item in enumerate(_capped(items, spec.max_items, result), start=1):
        if item.skip:
            result.dropped.append(p.Dropped(row=item.row or row, reason=item.skip, text=item.title[:80]))
            if item.is_withdrawn and item.key:
                result.withdrawn.append(item.key)
            continue
        entry = _entry(item, spec, now=now, result=result, row=item.row or row)
        if entry is None:
            continue
        if item.is_partial:
            result.partial.append(entry.key)
            result.warnings.append(("page-unread", entry.title[:60]))
        if (at := by_key.get(entry.key)) is not None:
            _merge(result, at, entry, item.row or row)
            continue
        by_key[entry.key] = len(result.entries)
        result.entries.append(entry)
    return result


def _capped(items: Iterable[p.Item], most: int, result: Normalized) -> Iterator[p.Item]:
    for number, item in enumerate(items):
        if number >= most:
            result.warnings.append(("over-limit", str(most)))
            result.dropped.append(p.Dropped(row=number + 1, reason="over-limit", text=item.title[:80]))
            return
        yield item


def _merge(result: Normalized, at: int, entry: p.Entry, row: int) -> None:
    """The same article pinned and in the flow is one entry; a reused key on another title is told."""
    kept = result.entries[at]
    if entry.is_pinned or kept.is_pinned:
        keeper = entry if kept.is_pinned and not entry.is_pinned and entry.published else kept
        result.entries[at] = replace(keeper, is_pinned=True)
        result.dropped.append(p.Dropped(row=row, reason="pinned-twice", text=entry.title[:80]))
        return
    result.dropped.append(p.Dropped(row=row, reason="duplicate", text=entry.title[:80]))


def entry_id(source_id: str, key: str) -> str:
    """Return the public id of an entry: stable as long as the source keeps its key."""
    return f"{source_id}:{_hash(key)}"


def _hash(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def _entry(item: p.Item, spec: p.SourceSpec, *, now: datetime, result: Normalized, row: int) -> p.Entry | None:
    body_html, text = privacy.screen_body(*_body(item, result, row))
    title = privacy.screen(_title(item, text))
    if not title and not (item.key or item.image or item.attachments or item.published or item.tags):
        result.dropped.append(p.Dropped(row=row, reason="empty", text=item.url[:80]))
        return None
    base = item.base_url or spec.url
    link = _link(item, base, result)
    url = urls.canonical(link)[: p.limits.URL_CHARS] if link else spec.url
    published = _date(item.published, spec, now=now)
    key = _key(item, link, title, published)
    entry = p.Entry(
        id=entry_id(spec.id, key),
        source_id=spec.id,
        key=key,
        kind=item.kind,
        title=title or _("(제목 없음)"),
        quarantined="" if title else "untitled",  # kept, but never shown to a citizen before somebody looked
        url=url,
        url_hash=urls.url_hash(url) if link else "",
        agency=spec.agency or spec.name,
        department=clean.one_line(item.department) or spec.department,
        lead=_short(privacy.screen(clean.one_line(html.text_of(item.lead)))) if item.lead else html.lead_of(text),
        text=_searchable(text, item, result),
        body_html=body_html,
        author=clean.one_line(clean.unescape(item.author))[:100],
        image=_image(item, body_html, base),
        tags=_tags(item.tags),
        topics=spec.topics,
        links=_links(item, body_html, base),
        attachments=_attachments(item, base),
        licence=item.licence or spec.licence,
        language=spec.language,
        published=published,
        updated=published if item.updated == item.published else _date(item.updated, spec, now=now),
        course=_course(item.course, title, spec, result, now=now) if item.course else None,
        video=item.video,
        is_pinned=item.is_pinned,
    )
    return _sealed(entry)


def _searchable(text: str, item: p.Item, result: Normalized) -> str:
    if not item.attached:
        return text
    from pipeline.text import attached  # noqa: PLC0415 - few boards

    result.warnings += [("attachment-unread", f"{file.name[:80]}: {file.why}") for file in item.attached if file.why]
    return privacy.screen(attached.behind(text, item.attached))


def _course(raw: p.RawCourse, title: str, spec: p.SourceSpec, result: Normalized, *, now: datetime) -> p.Course:
    from pipeline.collect import course_facts  # noqa: PLC0415 - most sources tell of no course

    course = course_facts.course(raw, title=title, zone=spec.zone, now=now)
    doubts = course_facts.doubts(raw, course, zone=spec.zone, now=now)
    result.warnings += [("doubtful-date", f"{title[:60]}: {words}") for words in doubts]
    return course


def _sealed(entry: p.Entry) -> p.Entry:
    """Fill in both hashes; nobody else has seen it yet, and making forty fields again costs ten times as much."""
    object.__setattr__(entry, "fingerprint", fingerprint(entry))
    object.__setattr__(entry, "content_hash", content_hash(entry))
    return entry


def _link(item: p.Item, base: str, result: Normalized) -> str | None:
    link = urls.absolute(base, item.url) if item.url else None
    if item.url and link is None:
        result.warnings.append(("bad-link", item.title[:60]))
    return link


def _links(item: p.Item, body_html: str, base: str) -> tuple[str, ...]:
    found = (*item.links, *html.links_of(body_html, base))
    return tuple(dict.fromkeys(urls.canonical(url) for url in found if url))[:_LINKS]


def _title(item: p.Item, text: str) -> str:
    raw = html.text_of(item.title) if item.title_is_html else clean.unescape(item.title)
    title = clean.one_line(raw)
    if not title:  # a feed entry may be a note without a title: its first words stand for it
        title = trim.trim(clean.one_line(text or html.text_of(item.lead)), 60) or clean.one_line(item.url)
    return trim.trim(title, p.limits.TITLE_CHARS)


def _body(item: p.Item, result: Normalized, row: int) -> tuple[str, str]:
    if not item.body:
        return "", ""
    if item.body_is_text:
        return "", clean.many_lines(item.body)[: p.limits.BODY_TEXT_CHARS]
    if not html.within_limits(item.body):
        result.dropped.append(p.Dropped(row=row, reason="body-over-limit", text=item.title[:80]))
        return "", ""
    body_html = html.sanitise(item.body, item.base_url)
    return body_html, html.text_of(body_html)[: p.limits.BODY_TEXT_CHARS]


def _key(item: p.Item, link: str | None, title: str, published: p.DateFact | None) -> str:
    """Native key, else the canonical link, else title and date (korea rule 2, P20)."""
    key = clean.one_line(item.key)
    if not key and link:
        key = f"url:{urls.url_hash(urls.canonical(link))}"
    if not key:
        key = f"title:{_hash(title + (published.raw if published else ''))}"
    return key if len(key) <= _KEY_CHARS else f"hash:{blake2b(key.encode(), digest_size=16).hexdigest()}"


def _date(raw: p.RawDate | None, spec: p.SourceSpec, *, now: datetime) -> p.DateFact | None:
    """Return the date we hold true; ``None`` when nothing usable was said. Never an invented one."""
    if raw is None or not raw.text.strip():
        return None
    fact = dates.machine(raw.text, zone=spec.zone)
    if fact is None:
        reading = dates.read(raw.text, field="posted", ref=now, zone=spec.zone)
        start = reading.start
        if start is None or start.precision == "month":
            return None
        if start.inferred and raw.form == "machine" and _FOREIGN_DATE.search(raw.text):
            return None  # a whole stamp of which only the time was understood says nothing about the day
        fact = p.DateFact(
            at=start.at.astimezone(UTC),
            has_time=start.precision == "minute",
            raw=clean.one_line(raw.text)[:100],
            method="korean",
            inferred=start.inferred,
            zone=spec.zone,
        )
    if fact.at > now + _FUTURE_GRACE:  # a publication date cannot lie ahead: first-seen stands for it (P25)
        return replace(fact, at=now, method="clamped", inferred=True)
    return fact


def _image(item: p.Item, body_html: str, base: str) -> p.Image | None:
    if item.image is not None:
        url = urls.absolute(base, item.image.url)
        if url:
            alt = clean.one_line(item.image.alt) if item.image.alt else None
            return p.Image(url=url[: p.limits.URL_CHARS], alt=alt)
    return html.first_image(body_html, base) if body_html else None


def _tags(tags: Iterable[str]) -> tuple[str, ...]:
    cleaned = (clean.one_line(clean.unescape(tag))[:60] for tag in tags)
    return tuple(dict.fromkeys(tag for tag in cleaned if tag))[: p.limits.TAGS]


def _attachments(item: p.Item, base: str) -> tuple[p.Attachment, ...]:
    kept = []
    for attachment in item.attachments[: p.limits.ATTACHMENTS]:
        url = urls.absolute(base, attachment.url)
        if url:
            kept.append(replace(attachment, url=url, name=privacy.screen(clean.one_line(attachment.name)[:200])))
    return tuple(kept)


def _short(text: str) -> str:
    return trim.trim(text, p.limits.LEAD_CHARS)
