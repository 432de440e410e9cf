"""``moa source new``: an address in, a source out: candidates with YAML and rows; written on request with page and expected items.

What does not live here: finding and proving (``drafting``), the dialogue (``source_ask``).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

import pipeline.model as p
from pipeline import report as reports
from pipeline.cli.common import Common, common
from pipeline.i18n import _

if TYPE_CHECKING:
    from pipeline.drafting.desk import Desk
    from pipeline.drafting.proving import Proven, Wish
    from pipeline.drafting.ranking import Found

_SHOWN = 10


@click.command(help=_("주소를 주면 소스 설정을 만듭니다: 피드, 유튜브, 강좌 목록, 게시판을 알아봅니다."))
@click.argument("url", metavar="URL")
@click.option("--id", "source_id", metavar="ID", default="", help=_("소스 id (없으면 제안합니다)"))
@click.option("--name", metavar="NAME", default="", help=_("소스 이름 (없으면 제안합니다)"))
@click.option("--agency", metavar="NAME", default="", help=_("기관 이름 (없으면 제안합니다)"))
@click.option("--pick", metavar="N", type=click.IntRange(1), default=None, help=_("몇 번째 후보를 쓸지"))
@click.option("--write", is_flag=True, help=_("설정 파일에 적고, 쪽과 기대하는 글을 함께 남깁니다"))
@click.option("--yes", is_flag=True, help=_("묻지 않고 가장 좋은 후보를 씁니다"))
@click.option(
    "--owner-permission", metavar="WHO", default="", help=_('주인의 허락: "누가, 언제" (robots.txt가 막을 때)')
)
@common
def new(
    this: Common,
    url: str,
    source_id: str,
    name: str,
    agency: str,
    pick: int | None,
    write: bool,
    yes: bool,
    owner_permission: str,
) -> int:
    """Find, show, ask where somebody is there to answer, write where asked."""
    from pipeline.drafting.desk import Desk
    from pipeline.drafting.proving import Wish

    house = this.house()
    url = _checked(url)
    wish = Wish(id=_free(source_id, house.settings), name=name, agency=agency)
    with house.http() as http:
        desk = Desk(
            project=Path(house.settings.project),
            settings=house.settings,
            registry=house.registry,
            environment=house.environment,
            http=http,
            now=house.clock(),
            permission=owner_permission,
        )
        return _answer(
            this, url, desk, wish, pick=pick, write=write, is_asked=not yes and not this.as_json and _is_there()
        )


def _answer(this: Common, url: str, desk: Desk, wish: Wish, *, pick: int | None, write: bool, is_asked: bool) -> int:
    from pipeline.drafting import ranking

    this.note(_("읽는 중: {url}").format(url=url))
    try:
        found = ranking.find(url, desk, wish)
    except p.SourceError as error:
        told = (error.code, f"{error.message} {error.hint}".strip())
        found = ranking.Found(candidates=(), warnings=(told, *_advice(error)))
    if pick is not None and pick > len(found.candidates) > 0:
        raise click.BadParameter(_("후보는 {count}개입니다.").format(count=len(found.candidates)), param_hint="--pick")
    if is_asked and found.candidates:
        from pipeline.cli.source_ask import dialogue

        return dialogue(this, found, desk, pick=pick)
    return _unasked(this, found, desk, pick=pick, write=write)


def _unasked(this: Common, found: Found, desk: Desk, *, pick: int | None, write: bool) -> int:
    from dataclasses import replace

    from pipeline.drafting import confirming, placing, ranking

    chosen = found.candidates[(pick or 1) - 1] if found.candidates else None
    if chosen is not None:
        chosen = confirming.confirmed(chosen, desk)
        order = [chosen if n == (pick or 1) - 1 else one for n, one in enumerate(found.candidates)]
        found = replace(found, candidates=tuple(order))
    is_sure = chosen is not None and (pick is not None or chosen.confidence >= ranking.SURE)
    twin = placing.already(chosen, desk) if chosen is not None else None
    written: tuple[str, ...] = ()
    if chosen is not None and write and is_sure and twin is None:
        written = placing.write(chosen, placing.placed(chosen, desk), desk)
    warnings = [*found.warnings, *(_twin(twin) if twin else ())]
    if this.as_json:
        this.json(_json(found, warnings, written))
    else:
        _print(this, found, chosen, warnings, written)
    return reports.EXIT_DONE if is_sure else reports.EXIT_ACT


def _is_there() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def _checked(url: str) -> str:
    """Return an absolute web address; a scheme left out is https."""
    from pydantic import TypeAdapter, ValidationError

    said = url.strip().strip("<>\"'")
    said = said if "://" in said or said.startswith(("mailto:", "javascript:", "data:", "/")) else f"https://{said}"
    try:
        return TypeAdapter(p.WebUrl).validate_python(said)
    except ValidationError as error:
        if any(one["type"] == "url_cred" for one in error.errors()):
            raise click.BadParameter(_("주소에 사용자 이름이나 비밀번호를 넣지 마세요."), param_hint="URL") from None
        text = _(
            "웹 주소가 아닙니다: {url}. 브라우저의 주소창에 보이는 주소를 붙여 주세요. 예: https://www.example.go.kr/notice/list.do"
        )
        raise click.BadParameter(text.format(url=url), param_hint="URL") from None


def _free(source_id: str, settings: p.Settings) -> str:
    if not source_id:
        return ""
    from pydantic import TypeAdapter, ValidationError

    try:
        TypeAdapter(p.Slug).validate_python(source_id)
    except ValidationError:
        text = _("id는 영문 소문자, 숫자, -로 씁니다. 예: library-notice")
        raise click.BadParameter(text, param_hint="--id") from None
    twin = next((spec for spec in settings.sources if spec.id == source_id), None)
    if twin is not None:
        text = _("'{id}' 소스는 이미 있습니다({file} {line}번째 줄). 다른 id를 주세요.")
        raise click.BadParameter(text.format(id=source_id, file=twin.where[0], line=twin.where[1]), param_hint="--id")
    return source_id


def _advice(error: p.SourceError) -> tuple[tuple[str, str], ...]:
    if error.code == "robots":
        return ((
            "permission",
            _('누리집 주인의 허락을 받았다면 --owner-permission "누가, 언제"를 붙여 다시 하세요.'),
        ),)  # fmt: skip
    if error.code == "address":
        return (("private", _("기관 안에서만 열리는 주소라면 moa.yaml의 fetch 아래 allow_private에 적어야 합니다.")),)
    return ()


def _twin(twin: p.SourceSpec) -> tuple[tuple[str, str], ...]:
    from pipeline.drafting.telling import told

    return (told("already", f"{twin.id} ({twin.where[0]}:{twin.where[1]})"),)


def item_json(one: Proven) -> list[p.Json]:
    """Return the items of a candidate as the contract names them."""
    from pipeline import samples

    return list(samples.expected_of(one.entries))


def _json(found: Found, warnings: list[tuple[str, str]], written: tuple[str, ...]) -> p.Json:
    return {
        "candidates": [
            {
                "kind": one.kind,
                "confidence": one.confidence,
                "id": one.spec.id,
                "yaml": one.yaml,
                "items": item_json(one),
                "coverage": dict(one.coverage),
                "unverified": list(one.unverified),
                "warnings": [{"code": code, "message": message} for code, message in one.warnings],
            }
            for one in found.candidates
        ],
        "warnings": [{"code": code, "message": message} for code, message in warnings],
        "next": [{"title": step.title, "url": step.url} for step in found.steps],
        "written": list(written) or None,
    }


def _print(
    this: Common, found: Found, chosen: Proven | None, warnings: list[tuple[str, str]], written: tuple[str, ...]
) -> None:
    """The YAML on standard output, its rows behind it as comments: the whole may be saved as it is."""
    if chosen is not None:
        for line in chosen.yaml.splitlines():
            this.out(line)
        this.out("")
        this.out(_("# 이 설정이 지금 읽는 글 {count}건").format(count=len(chosen.entries)))
        for said in item_json(chosen)[:_SHOWN]:
            this.out(f"# {said['date'] or '-':<10} {'*' if said['pinned'] else ' '} {said['title']}")
        this.note(_("{kind}, 확신 {confidence:.0%}").format(kind=chosen.kind, confidence=chosen.confidence))
        for _code, message in chosen.warnings:
            this.note(f"! {message}")
    for number, other in enumerate(found.candidates, start=1):
        if other is not chosen:
            first = other.entries[0].title
            text = _("다른 후보 {number}: {kind}, 확신 {confidence:.0%}, {count}건 - {first}")
            this.note(
                text.format(
                    number=number, kind=other.kind, confidence=other.confidence, count=len(other.entries), first=first
                )
            )
    for _code, message in warnings:
        this.note(f"! {message}")
    for step in found.steps:
        this.note(f"  → {step.title}: {step.url}")
    say_written(this, written)


def say_written(this: Common, written: tuple[str, ...]) -> None:
    """Say where the source was written and what comes next."""
    if not written:
        return
    this.note(_("적었습니다: {places}").format(places=", ".join(written)))
    this.note(
        _("이제 moa check로 확인하고, 다음 밤부터 모읍니다. 지금 있는 글은 저장만 하고 알리지 않습니다(backfill).")
    )
