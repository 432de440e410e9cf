"""Atoms folded into spans: what is a start, what an end, what only looks like a date.

What does not live here: the atoms (``date_atoms``), years (``date_years``), the verdict by field (``dates``).
Source: extraction §2 (design 4 and 6).
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from pipeline.text import date_relative
from pipeline.text.date_atoms import Atom
from pipeline.text.date_stamps import stamp
from pipeline.text.date_years import Point, Span

_NEAR: Final = re.compile(r"[^\w(\[]*[가-힣A-Za-z]{0,8}[^\w(\[]*")  # a word at most between a date and its mark
_BREAKS: Final = re.compile(r"[\n;/|\[(]")
_TIME_GAP: Final = 40  # characters between a date and its time of day
_MARK_GAP: Final = 14
_UNTIL_WORDS: Final = re.compile(
    r"[^\w\n/|]*(?:\(?(?:일요일|토요일|자정|정각|당일|도착분?|소인분?|접수분?|제출분?|신청분?|우편|이메일|원서|서류|접수|신청|모집|등록|제출|예약|결제|납부|발송|입금|업무시간|근무시간|오후|일과시간|내)\)?[^\w\n/|]*){0,3}"
)
_CHANGE: Final = re.compile("변경|연기|연장|정정|조정")
_LEADING: Final = re.compile(
    r"[^\w]{0,6}(?:(?:오는|다가오는|마감|연장|변경)[^\w]{0,3})?"
)  # 소식입니다~ 일정은 11/28: no mark
_BEGINS: Final = re.compile(r"\s?['\d]")
_LEADS: Final = re.compile(r"[(\[]\s?$")  # (-8/12): a hyphen for a tilde
_FIRST: Final = re.compile(r"\s?\d{1,2}[./월]\s?\d")
_OPEN_END: Final = re.compile(r"\s?(?:[)\]]|$)")
_LABEL_GAP: Final = re.compile(r"[\s:=|()\[\]\-~'.,→>]*(?:은|는)?\s*")


class Fold:
    """Walks the atoms of one text once; ``spans`` and ``flags`` are the result."""

    def __init__(self, text: str, atoms: list[Atom], field: str, ref: datetime, zone: str) -> None:
        self.text, self.atoms, self.field, self.ref, self.zone = text, atoms, field, ref, zone
        self.spans: list[Span] = []
        self.flags: set[str] = set()
        self.is_always = False
        self._mark = ""  # sep, from, lead, mute: what the next point is to the one before
        self._mark_end = 0
        self._label_end = -1  # where a word 마감일 ended
        self._is_monthly = False  # 매월 1일~10일: days of no month
        self._quiet = False  # class hours: times belong to no date any more
        self._hint = 0
        self._label = ""
        self._is_broken = False  # a date that cannot be stood before: its time of day is not today's
        for index, atom in enumerate(atoms):
            getattr(self, f"_on_{atom.kind}", self._on_other)(index, atom)

    # --- points ------------------------------------------------------------------------------------------------

    def _on_date(self, index: int, atom: Atom) -> None:
        if atom.form == "day" and self._is_monthly:
            return
        point = Point(
            y=atom.y, m=atom.m, d=atom.d, h=atom.h, mi=atom.mi if atom.h is not None else 0, wd=atom.wd,
            approx=atom.approx, strong=atom.strong, form=atom.form,
        )  # fmt: skip
        if atom.form == "anno":
            point.y, point.inferred = self.ref.year + atom.mi, True
        self._add(index, atom, point)
        self._quiet = atom.has_days and self.spans[-1].is_closed

    def _on_stamp(self, index: int, atom: Atom) -> None:
        fact = stamp(atom.text, zone=self.zone)
        if fact is not None:
            exact = fact.at.astimezone(self.ref.tzinfo)
            point = Point(exact=exact, strong=True, form="stamp")
            if not fact.has_time:
                point = Point(y=exact.year, m=exact.month, d=exact.day, strong=True, form="stamp")
            self._add(index, atom, point)

    def _on_ago(self, index: int, atom: Atom) -> None:
        if self.field == "posted" and (point := date_relative.ago(atom.text, self.ref)):
            self._add(index, atom, point)
        else:
            self._on_trap(index, atom)

    def _on_word(self, index: int, atom: Atom) -> None:
        follower = self.atoms[index + 1] if index + 1 < len(self.atoms) else None
        bound = (
            follower is not None
            and follower.kind in ("time", "until", "close", "from")
            and follower.start - atom.end < 3
        )
        if bound or self.field in ("posted", "event", "period"):
            self._add(index, atom, date_relative.word(atom.text, self.ref))

    def _on_week(self, index: int, atom: Atom) -> None:
        first, last = date_relative.week(atom.text, self.ref)
        self._add(index, atom, first)
        if last is not None and self.spans[-1].first is first:
            last.start, last.end = atom.start, atom.end
            self.spans[-1].last = last

    def _on_moon(self, index: int, atom: Atom) -> None:
        point = date_relative.moon(atom.text, self.ref)
        if point is not None:
            self._add(index, atom, point)

    def _on_left(self, _index: int, atom: Atom) -> None:
        if self.field in ("period", "title", "event"):
            point = date_relative.left(atom.text, self.ref)
            point.start, point.end = atom.start, atom.end
            self.spans.append(Span(last=point, is_marked=True))
            self._mark = ""

    def _add(self, index: int, atom: Atom, point: Point) -> None:
        point.start, point.end, point.hint, point.label = atom.start, atom.end, self._hint, self._label
        if self.spans and self._is_beside_word(self.spans[-1], atom):
            self.spans.pop()
        span = self.spans[-1] if self.spans else None
        gap = atom.start - self._mark_end
        joins = span is not None and span.first is not None and span.last is None and not span.first.is_time_only
        follows = (self._mark == "sep" and gap <= _MARK_GAP) or (
            self._mark == "from" and (gap <= 1 or self._is_until_next(index))
        )
        leads = self._mark in ("lead", "sep") and bool(_LEADING.fullmatch(self.text, self._mark_end, atom.start))
        if span is not None and joins and follows:
            span.last, span.is_marked = point, True
        elif (leads and not (joins and self._mark == "sep")) or self._is_labelled(atom):
            self.spans.append(Span(last=point, is_marked=True))
        else:
            self.spans.append(Span(first=point, is_marked=self._mark == "changed"))
        self._mark, self._hint, self._quiet, self._label_end = "", 0, False, -1

    def _is_beside_word(self, span: Span, atom: Atom) -> bool:
        """``내일(11일)``, ``이번 주 토요일(9.20.)``: the date says which day the word means."""
        word = span.first
        is_word = word is not None and span.last is None and word.form == "word" and word.h is None
        return word is not None and is_word and self.text[word.end : atom.start].strip() == "("

    def _is_until_next(self, index: int) -> bool:
        for atom in self.atoms[index + 1 : index + 4]:
            if atom.kind in ("until", "close"):
                return True
            if atom.kind not in ("time", "decoy"):
                return False
        return False

    def _is_labelled(self, atom: Atom) -> bool:
        return self._label_end >= 0 and bool(_LABEL_GAP.fullmatch(self.text, self._label_end, atom.start))

    def _on_time(self, index: int, atom: Atom) -> None:
        span = self.spans[-1] if self.spans else None
        mark, self._mark = self._mark, ""
        if span is None or span.tail is None:
            if self.field == "posted" and not self._is_broken:
                self.spans.append(
                    Span(first=Point(h=atom.h, mi=atom.mi, half=atom.half, start=atom.start, end=atom.end))
                )
            return
        ends = mark == "sep" or (mark == "from" and self._is_until_next(index))
        if ends and span.first and span.last is None and not self._quiet:
            span.last = Point(h=atom.h, mi=atom.mi, half=atom.half, start=atom.start, end=atom.end)
            span.is_marked = True
            return
        tail = span.tail
        gap = self.text[tail.end : atom.start]
        fits = tail.h is None and tail.exact is None and tail.d is not None and not mark and not self._quiet
        hours = span.is_closed and self._is_range_next(index)
        if fits and not hours and len(gap) <= _TIME_GAP and not re.search(r"[/;\n|]", gap):
            tail.h, tail.mi, tail.half, tail.end = atom.h, atom.mi, atom.half, atom.end
        else:
            self._quiet = True

    def _is_range_next(self, index: int) -> bool:
        kinds = [atom.kind for atom in self.atoms[index + 1 : index + 3]]
        return kinds in (["sep", "time"], ["dash", "time"], ["from", "time"])

    # --- marks -------------------------------------------------------------------------------------------------

    def _on_sep(self, _index: int, atom: Atom) -> None:
        self._mark_end = atom.end
        span = self.spans[-1] if self.spans else None
        begins = span is not None and span.first is None and not self._quiet and _FIRST.match(self.text, atom.end)
        if span and begins and span.last and self._touches(span.last, atom):
            span.first, span.last = span.last, None  # 기한: 9/22 ~ 9/25
        if self._quiet and span:
            self._mark = "mute"
        elif span and span.first and span.last is None and self._touches(span.first, atom):
            self._mark, span.is_open = "sep", True
            span.is_marked = span.is_marked or bool(_OPEN_END.match(self.text, atom.end))
        elif not (span and span.is_closed and span.tail and atom.start - span.tail.end <= 1):
            self._mark = "lead"

    def _on_arrow(self, index: int, atom: Atom) -> None:
        """A range, or the new date after the old one where the text speaks of a change."""
        if self.spans and _CHANGE.search(self.text):
            self.spans.pop()
            self._mark = "lead" if "연장" in self.text else "changed"
            self._mark_end, self._quiet = atom.end, False
        elif atom.text != "▶" or (self.spans and _BEGINS.match(self.text, atom.end)):
            self._on_sep(index, atom)  # ▶ also begins a line

    def _touches(self, point: Point, atom: Atom) -> bool:
        gap = self.text[point.end : atom.start]
        return len(gap) <= _MARK_GAP and bool(_NEAR.fullmatch(gap.replace(")", " ")))

    def _on_dash(self, index: int, atom: Atom) -> None:
        before, after = self.atoms[index - 1] if index else None, self.atoms[index + 1 : index + 2]
        near = before is not None and before.kind in ("date", "time", "stamp") and atom.start - before.end <= 1
        if near and after and after[0].kind in ("date", "time", "stamp") and after[0].start - atom.end <= 1:
            self._on_sep(index, atom)
        elif not near and _LEADS.search(self.text, 0, atom.start) and _FIRST.match(self.text, atom.end):
            self._mark, self._mark_end = "lead", atom.end

    def _on_from(self, _index: int, atom: Atom) -> None:
        span = self.spans[-1] if self.spans else None
        if span and span.first and span.last is None and self._touches(span.first, atom) and not self._quiet:
            self._mark, self._mark_end, span.is_open = "from", atom.end, True
            is_dotted = self.text[span.first.end - 1] == "."  # 11.4.부터, not 4.1부터
            span.is_marked = span.is_marked or span.first.strong or span.first.h is not None or is_dotted

    def _on_after(self, _index: int, atom: Atom) -> None:
        span = self.spans[-1] if self.spans else None
        if (
            self.field not in ("period", "event")
            and atom.text != "이후"
            and not (span and span.first and span.first.h is not None)
        ):
            return
        if span and span.first and span.last is None and self._touches(span.first, atom):
            span.is_open = True

    def _on_until(self, index: int, atom: Atom) -> None:
        before = self.atoms[index - 1] if index else None
        span = self.spans[-1] if self.spans else None
        if span is None or span.tail is None or before is None or before.start > span.tail.end:
            return
        if self.field in ("title", "text") and atom.text == "이전" and span.tail.d is None:
            return  # 2024년 8월 이전 입학자
        if not _UNTIL_WORDS.fullmatch(self.text, span.tail.end, atom.start):
            return
        span.is_marked = True
        if span.last is None and not (span.is_open and self._mark):
            span.first, span.last, span.is_open = None, span.first, False

    def _on_close(self, index: int, atom: Atom) -> None:
        span = self.spans[-1] if self.spans else None
        bare = atom.text in ("마감", "종료")
        rest = self.text[atom.end : atom.end + 4].lstrip()
        if bare and span and span.tail and not rest.startswith(":"):
            self._on_until(index, atom)
            if span.is_marked and span.first is None:
                return
        self._label_end = atom.end

    def _on_filled(self, _index: int, _atom: Atom) -> None:
        self.flags.add("until_filled")
        if self._mark == "sep":
            self.spans[-1].is_marked = True
        self._mark = ""

    def _on_always(self, _index: int, _atom: Atom) -> None:
        self.is_always = True
        self._mark = ""

    def _on_recur(self, _index: int, atom: Atom) -> None:
        self.flags.add("recurring")
        self._is_monthly = atom.text[:2] in ("매월", "매달", "격월")
        self._quiet = bool(self.spans)

    def _on_days(self, _index: int, atom: Atom) -> None:
        self._quiet = bool(self.spans)
        if "매주" in atom.text:
            self.flags.add("recurring")

    def _on_hint(self, _index: int, atom: Atom) -> None:
        self._hint = -1 if atom.text == "지난" else 1

    def _on_decoy(self, _index: int, atom: Atom) -> None:
        span = self.spans[-1] if self.spans else None
        is_sure = span is not None and not span.is_marked
        if span and span.tail and (is_sure or "출생" in atom.text) and 0 <= atom.start - span.tail.end <= 2:
            span.is_decoy = True

    def _on_posted(self, _index: int, atom: Atom) -> None:
        self._label = atom.kind

    _on_edited = _on_posted

    def _on_bar(self, _index: int, _atom: Atom) -> None:
        self._mark, self._label_end, self._label = "", -1, ""

    def _on_trap(self, _index: int, _atom: Atom) -> None:
        self._mark = ""

    def _on_bad(self, _index: int, _atom: Atom) -> None:
        self._mark, self._is_broken = "", True

    def _on_other(self, _index: int, _atom: Atom) -> None:
        """A year alone and the like bind nothing."""
