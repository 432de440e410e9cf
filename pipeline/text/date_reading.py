"""What a Korean date expression means: atoms folded to spans, spans resolved to moments, one reading of them all.

What does not live here: machine stamps and the door (``dates``), cutting (``date_atoms``), joining (``date_fold``), years
(``date_years``). Imported when the first Korean date is met: a feed's stamps need none of it. Source: extraction §2.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from pipeline.text.date_atoms import atoms
from pipeline.text.date_fold import Fold
from pipeline.text.date_normal import normal
from pipeline.text.date_stamps import stamp, zone_of
from pipeline.text.date_sure import counting
from pipeline.text.date_values import Field, Kind, Moment, Reading
from pipeline.text.date_years import Point, Resolved, Span, resolve


def reading(text: str, *, field: Field, ref: datetime, zone: str) -> Reading:
    """As ``dates.read``."""
    here = ref.astimezone(zone_of(zone))
    plain = normal(text)
    if field == "posted" and (said := _exact(plain, here, zone)):
        return said
    fold = Fold(plain, atoms(plain, field, here), field, here, zone)
    spans = counting(fold.spans, field, plain)
    found = [(span, done) for span in spans if (done := _resolved(span, field, here))]
    if field == "posted":
        found = _posted(found)
    found = _telling(found)
    flags = set(fold.flags)
    for span, done in found:
        if done.mismatch:
            flags.add("weekday_mismatch")
        if any(point.approx for point in (span.first, span.last) if point):
            flags.add("approx")
    if not found:
        always = fold.is_always and field in ("period", "event")
        return Reading(kind="always" if always else "none", flags=frozenset(flags), confidence=0.9 if always else 0.0)
    return _reading(found, frozenset(flags), field)


def _exact(text: str, here: datetime, zone: str) -> Reading | None:
    """A cell that holds nothing but a machine's stamp with its zone."""
    fact = stamp(text, zone=zone) if text.isascii() else None
    if fact is None or fact.zone or not fact.has_time or fact.method == "unix":
        return None
    moment = Moment(at=fact.at.astimezone(here.tzinfo).replace(second=0, microsecond=0), precision="minute")
    return Reading(kind="instant", start=moment, spans=((0, len(text)),), confidence=0.95)


def _resolved(span: Span, field: Field, here: datetime) -> Resolved | None:
    first = span.first
    if first is not None and first.is_time_only:
        at = here.replace(hour=(first.h or 0) % 24, minute=first.mi, second=0, microsecond=0)
        at -= timedelta(days=1) if at > here else timedelta()
        return Resolved(Moment(at=at, precision="minute", inferred=True), None)
    try:
        return resolve(first, span.last, field, here)
    except (ValueError, OverflowError):  # the first and last days of the calendar
        return None


def _posted(found: list[tuple[Span, Resolved]]) -> list[tuple[Span, Resolved]]:
    """The one posting date: a labelled one, never an edit if there is another, the fuller form of two."""

    def rank(pair: tuple[Span, Resolved]) -> tuple[int, int]:
        point = pair[0].first or pair[0].last or Point()
        label = {"posted": 0, "": 1, "edited": 2}[point.label]
        return label, int(point.inferred and point.exact is None)

    best = sorted(found, key=rank)[:1]
    return [(span, Resolved(done.start or done.end, None, done.mismatch)) for span, done in best]


def _telling(found: list[tuple[Span, Resolved]]) -> list[tuple[Span, Resolved]]:
    """Without repeats, and without months where a day is known."""
    unique: dict[tuple[str, str], tuple[Span, Resolved]] = {}
    for span, done in found:
        unique.setdefault((done.start.iso if done.start else "", done.end.iso if done.end else ""), (span, done))
    told = {m.at for _, done in unique.values() for m in (done.start, done.end) if m and not m.inferred}
    told |= {done.end.at for _, done in unique.values() if done.end}
    if len(unique) > 1:  # 내일(4.11.)까지: the word is the date beside it
        unique = {key: pair for key, pair in unique.items() if not _is_word_for(pair, told)}
    fine = [pair for pair in unique.values() if any(m and m.precision != "month" for m in (pair[1].start, pair[1].end))]
    return fine or list(unique.values())


def _is_word_for(pair: tuple[Span, Resolved], told: set[datetime]) -> bool:
    span, done = pair
    is_word = span.first is not None and span.first.form == "word" and done.end is None
    return is_word and done.start is not None and done.start.at in told


def _reading(found: list[tuple[Span, Resolved]], flags: frozenset[str], field: Field) -> Reading:
    span, done = found[0]
    spans = tuple((point.start, point.end) for s, _ in found for point in (s.first, s.last) if point)
    confidence = _confidence(found, flags, field)
    if len(found) > 1:
        parts = tuple((d.start, d.end) for _, d in found)
        return Reading(
            kind="multi", start=done.start, end=done.end, flags=flags, parts=parts, spans=spans, confidence=confidence
        )
    kind: Kind = "instant"
    if done.start and done.end:
        kind = "range"
    elif done.end:
        kind = "deadline"
    elif field != "posted" and (span.is_open or span.last is not None):
        kind = "from"
    return Reading(kind=kind, start=done.start, end=done.end, flags=flags, spans=spans, confidence=confidence)


def _confidence(found: list[tuple[Span, Resolved]], flags: frozenset[str], field: Field) -> float:
    value = 0.95
    for span, done in found:
        point = span.first or span.last
        if point is not None and not point.strong:
            value = min(value, 0.8)
        if any(m and m.inferred for m in (done.start, done.end)):
            value = min(value, 0.85)
    if field in ("title", "text"):
        value -= 0.1
    if len(found) > 1:
        value -= 0.1
    if "weekday_mismatch" in flags:
        value -= 0.4
    return round(value - (0.2 if "approx" in flags else 0.0), 2)
