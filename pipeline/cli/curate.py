"""``moa curate``: an editor's decisions from the command line; each survives every re-collection and can be undone.

What does not live here: obeying them (``publish/``); the log's and undo's words (``curate_log``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import click

import pipeline.model as p
from pipeline import report as reports
from pipeline.cli.common import Common, common
from pipeline.cli.root import LazyGroup
from pipeline.i18n import _

if TYPE_CHECKING:
    from pipeline.publish.curating import Outcome, Subject
    from pipeline.publish.desk import Desk
    from pipeline.publish.remaking import Remade
    from pipeline.store.store import Store
    from pipeline.wiring import House

_HERE = "curate"
_COMMANDS: dict[str, tuple[str, str]] = {
    **{name: (_HERE, name) for name in ("hide", "pin", "retitle", "note", "move", "join", "split", "apart")},
    "log": ("curate_log", "log"),
    "undo": ("curate_log", "undo"),
}


@click.group(cls=LazyGroup, places=_COMMANDS, help=_("소식을 다듬습니다: 숨기고, 앞세우고, 고치고, 묶고, 나눕니다."))
def curate() -> None:
    """Group of an editor's commands."""


def deciding(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--by`` and ``--dry-run``."""
    command = click.option("--by", metavar="NAME", help=_("기록에 남길 이름 (없으면 로그인한 이름)"))(command)
    dry = click.option("--dry-run", is_flag=True, help=_("연습: 무엇이 달라지는지만 보고 아무것도 남기지 않습니다"))
    return dry(command)


@click.command(help=_("어느 채널에도 싣지 않습니다. 다시 수집해도 돌아오지 않습니다."))
@click.argument("item", metavar="ITEM")
@deciding
@common
def hide(this: Common, item: str, by: str | None, dry_run: bool) -> int:
    """Hide an item or a story everywhere."""
    return _decide(this, "hide", item, by=by, dry_run=dry_run)


@click.command(help=_("맨 앞에 둡니다. 실을 수 있는 건수를 넘어도 빠지지 않습니다."))
@click.argument("item", metavar="ITEM")
@deciding
@common
def pin(this: Common, item: str, by: str | None, dry_run: bool) -> int:
    """Put a story first."""
    return _decide(this, "pin", item, by=by, dry_run=dry_run)


@click.command(help=_("제목을 고쳐 싣습니다. 원문은 그대로입니다."))
@click.argument("item", metavar="ITEM")
@click.argument("title", metavar="TITLE")
@deciding
@common
def retitle(this: Common, item: str, title: str, by: str | None, dry_run: bool) -> int:
    """Tell a story under another title."""
    return _decide(this, "retitle", item, lambda *_found: {"title": _line(title)}, by=by, dry_run=dry_run)


@click.command(help=_("독자에게 한마디를 붙입니다."))
@click.argument("item", metavar="ITEM")
@click.argument("text", metavar="TEXT")
@deciding
@common
def note(this: Common, item: str, text: str, by: str | None, dry_run: bool) -> int:
    """Add one sentence for readers."""
    return _decide(this, "note", item, lambda *_found: {"text": _line(text)}, by=by, dry_run=dry_run)


@click.command(help=_("한 소식 안에서 자리를 옮깁니다."))
@click.argument("item", metavar="ITEM")
@click.option("--to", "section", metavar="SECTION", default="", help=_("이 묶음으로 (예: news 또는 소식)"))
@click.option("--before", metavar="ITEM", default="", help=_("이 이야기 바로 앞으로"))
@click.option("--first", is_flag=True, help=_("묶음의 맨 앞으로"))
@click.option("--edition", metavar="EDITION", default="", help=_("어느 소식에서 (없으면 실려 있는 가장 새 소식)"))
@deciding
@common
def move(
    this: Common, item: str, section: str, before: str, first: bool, edition: str, by: str | None, dry_run: bool
) -> int:
    """Give a story another place in one edition."""

    def place(store: Store, subject: Subject) -> dict[str, p.Json]:
        from pipeline.publish.curating import place as found

        other = one(store, before).story if before else ""
        return found(store, subject, section=section, before=other, first=first, edition=edition)

    return _decide(this, "move", item, place, by=by, dry_run=dry_run)


@click.command(help=_("둘을 한 이야기로 묶습니다. 앞에 적은 것이 남습니다."))
@click.argument("item", metavar="ITEM")
@click.argument("other", metavar="OTHER")
@deciding
@common
def join(this: Common, item: str, other: str, by: str | None, dry_run: bool) -> int:
    """Make two stories one."""
    return _decide(this, "join", item, lambda store, _found: {"other": one(store, other).id}, by=by, dry_run=dry_run)


@click.command(help=_("묶인 이야기에서 이 글만 따로 뗍니다."))
@click.argument("item", metavar="ITEM")
@deciding
@common
def split(this: Common, item: str, by: str | None, dry_run: bool) -> int:
    """Take one item out of its story."""
    return _decide(this, "split", item, by=by, dry_run=dry_run, entries=True)


@click.command(help=_("둘이 서로 다른 이야기라고 정합니다. 다시 묻지 않습니다."))
@click.argument("item", metavar="ITEM")
@click.argument("other", metavar="OTHER")
@deciding
@common
def apart(this: Common, item: str, other: str, by: str | None, dry_run: bool) -> int:
    """Settle a doubt: two items are not one story, now and later."""

    def second(store: Store, _found: Subject) -> dict[str, p.Json]:
        return {"other": one(store, other, entries=True).id}

    return _decide(this, "apart", item, second, by=by, dry_run=dry_run, entries=True)


def _line(text: str) -> str:
    from pipeline.publish.curating import words_of

    return words_of(text)


def one(store: Store, word: str, *, entries: bool = False) -> Subject:
    """Return the one subject a word means; refuse none or several, and name them."""
    from pipeline.publish.curating import CurationError, subjects

    found = subjects(store, word, entries=entries)
    if len(found) == 1:
        return found[0]
    if not found:
        why = _("'{item}'에 맞는 글이 없습니다. 글의 id, 주소, 제목의 한 부분으로 찾을 수 있습니다.")
        raise CurationError(why.format(item=word))
    rows = "\n".join(f"  {subject.id}  {subject.title}" for subject in found)
    raise CurationError(
        _("'{item}'에 맞는 것이 여럿입니다. 하나를 골라 id로 적어 주세요.").format(item=word) + f"\n{rows}"
    )


def desk_for(house: House, store: Store, *, is_dry: bool = False) -> Desk:
    """Return what the publish room works with, now."""
    from pipeline.publish.curating import desk_at

    return desk_at(house.settings, store, house.registry, now=house.clock(), is_dry=is_dry)


def _decide(
    this: Common,
    verb: str,
    item: str,
    arguments: Callable[[Store, Subject], Mapping[str, p.Json]] | None = None,
    *,
    by: str | None,
    dry_run: bool,
    entries: bool = False,
) -> int:
    from pipeline.publish.curating import CurationError, decide

    house = this.house()
    with house.store(create=False) as store, store.lock():
        try:
            subject = one(store, item, entries=entries)
            args = arguments(store, subject) if arguments else {}
            desk = desk_for(house, store, is_dry=dry_run)
            outcome = decide(desk, verb, subject, args, actor=by or house.who)
        except CurationError as error:
            this.note(str(error))
            return reports.EXIT_USAGE
    head = {"action": verb, "subject": subject.id, "title": subject.title, "args": dict(args)}
    return tell(this, head, outcome, desk)


def tell(this: Common, head: Mapping[str, p.Json], outcome: Outcome, desk: Desk) -> int:
    """Print what was decided and what became of the editions that wait; 3 when somebody must approve again."""
    from pipeline.publish.curating import word_for
    from pipeline.publish.difference import sentence

    if this.as_json:
        this.json({"seq": outcome.seq or None, **head, "editions": [_remade_json(one) for one in outcome.remade]})
    else:
        mark = _("{seq}번 결정").format(seq=outcome.seq) if outcome.seq else _("연습")
        this.out(f"{mark}: {word_for(str(head['action']))} — {head['title']}")
        for remade in outcome.remade:
            this.out(_("고쳐 만듦: {id} — 소식 {stories}건").format(id=remade.row.id, stories=remade.stories))
            for change in remade.changes:
                this.out(f"  {sentence(change)}")
    for error in desk.errors:
        this.note(str(error))
    voided = [i for remade in outcome.remade for i in remade.voided]
    for delivery in voided:
        this.note(_("승인이 풀렸습니다. 보고 다시 승인해 주세요: {id}").format(id=delivery))
    return reports.EXIT_ACT if voided or desk.errors else reports.EXIT_DONE


def _remade_json(remade: Remade) -> p.Json:
    return {
        "id": remade.row.id,
        "stories": remade.stories,
        "changes": [change.json() for change in remade.changes],
        "renderings": dict(remade.row.renderings),
        "voided": list(remade.voided),
    }
