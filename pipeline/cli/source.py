"""``moa source``: the group, and what its commands share: finding a source, words for its health.

What does not live here: the commands, one file each (``source_look``, ``source_test``, ``source_repair`` …).
"""

from __future__ import annotations

import click

import pipeline.model as p
from pipeline.cli.root import LazyGroup
from pipeline.i18n import _

_COMMANDS: dict[str, tuple[str, str]] = {
    "new": ("source_new", "new"),
    "list": ("source_look", "list_sources"),
    "show": ("source_look", "show"),
    "test": ("source_test", "test"),
    "repair": ("source_repair", "repair"),
    "rename": ("source_rename", "rename"),
}


@click.group(cls=LazyGroup, places=_COMMANDS, help=_("소스를 보고, 시험하고, 고칩니다."))
def source() -> None:
    """Group of source commands."""


def health_word(health: p.Health) -> str:
    """Return a verdict in words for people."""
    return {
        p.Health.OK: _("정상"),
        p.Health.EMPTY: _("비어 있음"),
        p.Health.SUDDENLY_EMPTY: _("갑자기 빔"),
        p.Health.CONTAINER_MISSING: _("목록을 찾지 못함"),
        p.Health.FETCH_FAILED: _("읽지 못함"),
        p.Health.REFUSED: _("거절됨"),
        p.Health.GONE: _("주소가 없어짐"),
        p.Health.UNREADABLE: _("알 수 없는 문서"),
        p.Health.QUOTA: _("사용량 다 씀"),
        p.Health.STALE: _("오래 새 글 없음"),
        p.Health.DRIFTING: _("모양이 바뀜"),
        p.Health.FLOOD: _("한꺼번에 많음(보류)"),
        p.Health.PLUGIN: _("프로그램 결함"),
        p.Health.DISABLED: _("꺼 둠"),
    }[health]


def spec_of(settings: p.Settings, source_id: str, *, hint: str = "ID") -> p.SourceSpec:
    """Return a configured source; an unknown name is refused with the nearest one, a broken one with its mistakes."""
    for spec in settings.sources:
        if spec.id == source_id:
            return spec
    broken = tuple(x for x in settings.problems if x.subject == source_id and x.severity == "error")
    if broken:
        raise p.ConfigError(broken)
    from difflib import get_close_matches

    lost = tuple(x for x in settings.problems if x.severity == "error" and not x.subject)
    near = get_close_matches(source_id, [s.id for s in settings.sources], n=1)
    if lost and not near:  # the name may stand in a file that could not be read
        raise p.ConfigError(lost)
    meant = _(" '{near}'를 뜻했나요?").format(near=near[0]) if near else ""
    raise click.BadParameter(_("'{name}' 소스는 없습니다.").format(name=source_id) + meant, param_hint=hint)
