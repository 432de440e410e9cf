"""The dialogue of ``moa source new``: an editor sees rows, chooses and corrects by number; plain text, fit for any terminal.

What does not live here: candidates and their proof (``drafting``), what else stands in a row (``discover/choices``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from pipeline import report as reports
from pipeline import samples
from pipeline.cli.common import Common
from pipeline.cli.source_new import say_written
from pipeline.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.discover.choices import Choice
    from pipeline.drafting.desk import Desk
    from pipeline.drafting.proving import Proven
    from pipeline.drafting.ranking import Found

_ROWS = 3
_WIDE = 60


def dialogue(this: Common, found: Found, desk: Desk, *, pick: int | None) -> int:
    """Lead an editor from candidates to a written source; Ctrl-C at any time changes nothing."""
    from pipeline.drafting import confirming, placing

    for _code, message in found.warnings:
        _say(f"! {message}")
    for step in found.steps:
        _say(f"  → {step.title}: {step.url}")
    one = _chosen(found.candidates, pick)
    if one is None:
        _say(_("아무것도 적지 않았습니다."))
        return reports.EXIT_ACT
    _say(_("골라 주신 목록의 다음 쪽과 글을 확인합니다…"))
    one = confirming.confirmed(one, desk)
    twin = placing.already(one, desk)
    if twin is not None:
        _say(_("이미 있는 소스입니다: {id} ({file}:{line})").format(id=twin.id, file=twin.where[0], line=twin.where[1]))
        return reports.EXIT_DONE
    one = _corrected(one, desk)
    one = _named(one, desk)
    there = placing.placed(one, desk)
    _say("")
    for line in one.yaml.splitlines():
        _say(f"    {line}")
    if not click.confirm(_("{file}에 적을까요?").format(file=there.file), default=True, err=True):
        _say(_("아무것도 적지 않았습니다."))
        return reports.EXIT_DONE
    say_written(this, placing.write(one, there, desk))
    return reports.EXIT_DONE


def _chosen(candidates: Sequence[Proven], pick: int | None) -> Proven | None:
    if pick is not None:
        return candidates[pick - 1]
    for number, one in enumerate(candidates, start=1):
        _say("")
        _say(
            _("[{number}] {kind}, 확신 {confidence:.0%}, 글 {count}건").format(
                number=number, kind=_kind(one), confidence=one.confidence, count=len(one.entries)
            )
        )
        _rows(one)
        for _code, message in one.warnings:
            _say(f"    ! {message}")
    _say("")
    text = _("어느 것을 모을까요? [Enter=1, 번호, 0=그만두기]")
    answer = _number(text, len(candidates), default=1)
    return candidates[answer - 1] if answer else None


def _corrected(one: Proven, desk: Desk) -> Proven:
    """Ask until the rows are right; every correction is proved before it is kept."""
    while True:
        _say("")
        _rows(one)
        fields = _fields(one)
        if not fields:
            return one
        for number, (key, word) in enumerate(fields, start=1):
            place = _selector(one, key)
            _say(f"  {number}. {word}: {_value(one, key)}{f'   ({place})' if place else ''}")
        answer = _number(_("제목·날짜·링크가 맞습니까? [Enter=예, 번호=고치기]"), len(fields), default=0)
        if not answer:
            return one
        one = _changed(one, *fields[answer - 1], desk)


def _changed(one: Proven, key: str, word: str, desk: Desk) -> Proven:
    from pipeline.discover import choices
    from pipeline.drafting.proving import Proven, corrected

    page, recipe = one.documents[0], _recipe(one)
    offered: Sequence[Choice] = {"pinned": choices.marks, "link": choices.links}.get(key, choices.texts)(page, recipe)
    if not offered:
        _say(_("고를 수 있는 다른 칸이 없습니다."))
        return one
    _say(_("{word}: 어느 것입니까?").format(word=word))
    for number, choice in enumerate(offered, start=1):
        head = f"({choice.head}) " if choice.head else ""
        _say(f"  {number}. {head}{' / '.join(choice.samples)}")
    none = "" if key == "title" else _(", 0=없음")
    answer = _number(_("번호 [Enter=그대로{none}]").format(none=none), len(offered), default=-1)
    if answer < 0 or (answer == 0 and key == "title"):
        return one
    value = offered[answer - 1].selector if answer else None
    got = corrected(one, {key: value}, desk)
    if isinstance(got, Proven):
        return got
    _say(f"! {got[1]}")
    return one


def _named(one: Proven, desk: Desk) -> Proven:
    from pipeline.drafting.proving import Proven, renamed

    taken = desk.taken
    while True:
        source_id = _text(_("소스 id"), one.spec.id)
        name = _text(_("소스 이름"), one.spec.name)
        agency = _text(_("기관"), one.draft.agency or one.spec.agency)
        if source_id in taken:
            _say(_("'{id}' 소스는 이미 있습니다. 다른 id를 주세요.").format(id=source_id))
            continue
        got = renamed(one, source_id, name, agency, desk)
        if isinstance(got, Proven):
            return got
        _say(f"! {got[1]}")


def _fields(one: Proven) -> list[tuple[str, str]]:
    """What can be corrected: places in the rows of a list in markup."""
    if one.spec.kind != "board" or str(getattr(one.spec.options, "rows", "")).startswith("json:"):
        return []
    return [
        ("title", _("제목")),
        ("date", _("날짜")),
        ("link", _("링크")),
        ("pinned", _("고정 공지")),
        ("department", _("담당 부서")),
        ("category", _("분류")),
    ]


def _selector(one: Proven, key: str) -> str:
    return str(getattr(one.spec.options, key, "") or "")


def _value(one: Proven, key: str) -> str:
    """What is read now: of the first row, or of how many."""
    first = one.entries[0]
    if key == "pinned":
        return _("{count}건").format(count=sum(entry.is_pinned for entry in one.entries))
    said = {
        "title": first.title,
        "link": first.url,
        "date": samples.day_of(first.published),
        "department": first.department,
    }
    return (said[key] if key in said else ", ".join(first.tags)) or "-"


def _recipe(one: Proven) -> dict[str, Any]:
    held: dict[str, Any] = one.spec.options.model_dump(exclude_unset=True, by_alias=True)
    return held


def _kind(one: Proven) -> str:
    if "preset" in one.draft.keys:
        return _("알려진 게시판({name})").format(name=one.draft.keys["preset"])
    if one.is_course and one.kind == "board":
        return _("강좌 목록")
    return {
        "feed": _("피드(RSS)"),
        "youtube": _("유튜브"),
        "gseek": _("강좌 플랫폼(GSEEK)"),
        "board": _("게시판"),
    }.get(one.kind, one.kind)


def _rows(one: Proven) -> None:
    for entry in one.entries[:_ROWS]:
        mark = _("[고정] ") if entry.is_pinned else ""
        _say(f"    {samples.day_of(entry.published) or _('날짜 없음'):<10} {mark}{entry.title[:_WIDE]}")
        _say(f"               {entry.url or _('(주소 없음)')}")


def _number(text: str, most: int, *, default: int) -> int:
    """Ask for a number from 0 to ``most``; Enter is ``default``; anything else is asked again."""
    while True:
        said = click.prompt(text, default="", show_default=False, err=True).strip()
        if not said:
            return default
        if said.isascii() and said.isdigit() and int(said) <= most:
            return int(said)
        _say(_("0부터 {most}까지의 번호를 넣어 주세요.").format(most=most))


def _text(text: str, proposed: str) -> str:
    said: str = click.prompt(text, default=proposed, err=True)
    return said.strip() or proposed


def _say(text: str) -> None:
    from pipeline.cli.common import safe

    click.echo(safe(text), err=True)
