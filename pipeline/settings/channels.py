"""Digests and channels of ``moa.yaml``: defaults, options of renderers and transports, and whether they fit together.

What does not live here: the keys (``schema.py``), sources (``places.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import pipeline.model as p
from pipeline.i18n import _
from pipeline.settings.checking import Spot, check
from pipeline.settings.kinds import Ground
from pipeline.settings.messages import nearest
from pipeline.settings.places import Places
from pipeline.settings.schema import ChannelPart, DigestPart, ReportPart
from pipeline.settings.yamlfile import Row, Table

Item = TypeVar("Item", ChannelPart, DigestPart)
_YOUNG: Final = ("중학생", "고등학생")  # whom "청소년" means besides the word
_REPORT, _REPORT_ID = "application/vnd.moa.report+json", "report"
_DEFAULTS: Final[tuple[Mapping[str, Any], ...]] = (
    {"id": "website", "renderer": "website", "transport": "files", "send": {"folder": "{output}/website"}},
    {"id": "kakao", "renderer": "kakao", "transport": "copykit", "send": {"folder": "{output}/copykit"}},
    {"id": "newsletter", "renderer": "newsletter"},
)


class Channels:
    """Builds the channels of one project, collecting problems in ``problems``.

    Attributes:
        fatal: Whether a mistake is an editor's in ``moa.yaml`` (a broken plugin only loses its channels).
    """

    def __init__(self, ground: Ground, places: Places, root: Spot, output: Path) -> None:
        self.ground = ground
        self.places = places
        self.root = root
        self.output = output
        self.problems: list[p.Problem] = []
        self.ids: list[str] = []  # every configured id, of broken channels too
        self.made: list[str] = []

    def configured(self) -> tuple[p.ChannelSpec, ...]:
        """Return the channels as written in ``moa.yaml``, or the default ones."""
        parts, problems = items(self.root, "channels", ChannelPart)
        self.problems += problems
        if parts is None:
            return self._defaults()
        specs = []
        for part, spot in parts:
            name = str(spot.table.get("id", ""))
            if name in self.ids:
                self._note(spot, "id", "duplicate-id", _("같은 채널 id가 또 있습니다: {id}").format(id=name))
                continue
            self.ids.append(name)
            spec = self._channel(part, spot) if part else None
            if spec is not None:
                specs.append(spec)
        return tuple(specs)

    def _defaults(self) -> tuple[p.ChannelSpec, ...]:
        """Return website, Kakao and newsletter as far as their plugins are installed."""
        specs = []
        for values in _DEFAULTS:
            if values["renderer"] not in self.ground.registry.names("renderers"):
                continue
            if values.get("transport") not in (None, *self.ground.registry.names("transports")):
                continue
            filled = {k: v.format(output=self.output) for k, v in values.get("send", {}).items()}
            part = ChannelPart.model_validate({**values, "send": filled})
            self.ids.append(part.id)
            spec = self._channel(part, self.root)
            if spec is not None:
                specs.append(spec)
        return tuple(specs)

    def _channel(self, part: ChannelPart, spot: Spot) -> p.ChannelSpec | None:
        registry = self.ground.registry
        renderer = self._plugin(spot, "renderer", "renderers", part.renderer, registry.renderer)
        transport = None
        if part.transport is not None:
            transport = self._plugin(spot, "transport", "transports", part.transport, registry.transport)
        if renderer is None or (transport is None and part.transport is not None):
            return None
        before = len(self.problems)
        render = self._options(spot, "render", part.render, renderer, is_on=part.enabled)
        send = self._options(spot, "send", part.send, transport, is_on=part.enabled) if transport else None
        if transport is None and part.send:
            text = _("transport가 없는 채널에는 send 설정을 쓸 수 없습니다.")
            self._note(spot, "send", "send-alone", text, _("transport를 적거나 send를 지우세요."))
        opens, closes = self._window(part, spot, renderer, transport)
        approval, after_s = part.approval
        if after_s >= part.fresh:
            text = _("기다리는 동안 소식이 낡아 보내지 못합니다.")
            self._note(spot, "approval", "approval-late", text, _("fresh보다 짧게 쓰세요."))
        self._fit(part, spot, renderer, transport)
        if len(self.problems) > before and any(q.severity == "error" for q in self.problems[before:]):
            return None
        self.made.append(part.id)
        return p.ChannelSpec(
            id=part.id,
            renderer=part.renderer,
            renderer_options=render,
            transport=part.transport,
            transport_options=send,
            audience=part.audience,
            opens=opens,
            closes=closes,
            fresh_h=part.fresh / 3600,
            approval=approval,
            approval_after_h=after_s / 3600,
            empty=part.empty,
            enabled=part.enabled,
        )

    def report(self, part: ReportPart | None) -> p.ChannelSpec | None:
        """Return the way of the night's report, if one is written."""
        inner = self.root.table.get("report")
        if part is None or not isinstance(inner, Table):
            return None
        spot = Spot(self.root.file, inner, self.root.mark("report"))
        transport = self._plugin(spot, "transport", "transports", part.transport, self.ground.registry.transport)
        if transport is None:
            return None
        if _REPORT not in transport.ACCEPTS:
            text = _("{transport}(으)로는 보고를 보낼 수 없습니다.").format(transport=part.transport)
            self._note(spot, "transport", "does-not-fit", text)
            return None
        if _REPORT_ID in self.ids:
            self._note(spot, "transport", "duplicate-id", _("같은 채널 id가 또 있습니다: {id}").format(id=_REPORT_ID))
            return None
        before = len(self.problems)
        send = self._options(spot, "send", part.send, transport, is_on=True)
        opens, closes = part.window or (p.limits.KAKAO_OPENS, p.limits.KAKAO_CLOSES)
        if any(problem.severity == "error" for problem in self.problems[before:]):
            return None
        return p.ChannelSpec(
            id=_REPORT_ID,
            renderer=_REPORT_ID,
            transport=part.transport,
            transport_options=send,
            opens=opens,
            closes=closes,
            fresh_h=part.fresh / 3600,
        )

    def _plugin(self, spot: Spot, key: str, room: str, name: str, load: Callable[[str], Any]) -> Any:
        known = self.ground.registry.names(room)
        if name not in known:
            text = _("없는 {key}입니다: {name}").format(key=key, name=name)
            self._note(spot, key, f"unknown-{key}", text, nearest(name, known))
            return None
        try:
            return load(name)
        except p.PluginError as error:
            self._note(spot, key, error.code, str(error))
            return None

    def _options(self, spot: Spot, key: str, written: Mapping[str, Any], plugin: Any, *, is_on: bool) -> Any:
        fields, values = plugin.Options.model_fields, dict(written)
        templates = self.ground.project / "config" / "templates"
        if key == "render" and "templates_dir" in fields and "templates_dir" not in values and templates.is_dir():
            values["templates_dir"] = str(templates)
        environment = self.ground.environment
        environment.asked.clear()
        context = {"environment": environment, "project": str(self.ground.project)}
        under = (key,) if key in spot.table else ()
        options, problems = check(plugin.Options, values, spot, context=context, under=under)
        self.problems += problems
        inner = spot.table.get(key)
        where = Spot(spot.file, inner, spot.mark(key)) if isinstance(inner, Table) else spot
        self.problems += self.places.secrets.met(where, environment, is_off=not is_on)
        return options

    def _window(self, part: ChannelPart, spot: Spot, renderer: Any, transport: Any) -> tuple[str, str]:
        """Return when it may send; what reaches people keeps the legal hours of its medium."""
        reaches = bool(transport and transport.REACHES_PEOPLE)
        is_kakao = any("kakao" in kind for kind in renderer.PRODUCES)
        if part.window is None:
            if not reaches:
                return ("00:00", "00:00")
            if is_kakao:
                return (p.limits.KAKAO_OPENS, p.limits.KAKAO_CLOSES)
            return (p.limits.MAIL_OPENS, p.limits.MAIL_CLOSES)
        opens, closes = part.window
        legal = p.limits.KAKAO_OPENS <= opens < closes <= p.limits.KAKAO_CLOSES
        if reaches and is_kakao and not legal:
            hours = f"{p.limits.KAKAO_OPENS}-{p.limits.KAKAO_CLOSES}"
            text = _("카카오톡 메시지는 {hours} 사이에만 보낼 수 있습니다.").format(hours=hours)
            fix = _('`window: "{hours}"`처럼 그 안의 시간으로 쓰세요.').format(hours=hours)
            self._note(spot, "window", "window-illegal", text, fix)
        return (opens, closes)

    def _fit(self, part: ChannelPart, spot: Spot, renderer: Any, transport: Any) -> None:
        if transport is None or "*/*" in transport.ACCEPTS or renderer.PRODUCES & transport.ACCEPTS:
            return
        text = _("{renderer}이(가) 만드는 것을 {transport}(으)로는 내보낼 수 없습니다.")
        fix = _("{renderer}: {made} / {transport}: {taken}").format(
            renderer=part.renderer,
            made=", ".join(sorted(renderer.PRODUCES)),
            transport=part.transport,
            taken=", ".join(sorted(transport.ACCEPTS)),
        )
        self._note(
            spot, "transport", "does-not-fit", text.format(renderer=part.renderer, transport=part.transport), fix
        )

    def _note(self, spot: Spot, key: str, code: str, text: str, fix: str = "") -> None:
        self.problems.append(spot.problem(spot.mark(key), code, text, fix))


def digests(
    channels: Channels, institute: str, targets: Mapping[str, tuple[str, ...]]
) -> tuple[tuple[p.DigestSpec, ...], list[p.Problem]]:
    """Return the configured digests, or the one default, and mistakes in what they name."""
    parts, problems = items(channels.root, "digests", DigestPart)
    specs: dict[str, p.DigestSpec] = {}
    for part, spot in [(DigestPart(id="daily"), channels.root)] if parts is None else parts:
        if part is None:
            continue
        if part.id in specs:
            text = _("같은 소식지 id가 또 있습니다: {id}").format(id=part.id)
            problems.append(spot.problem(spot.mark("id"), "duplicate-id", text))
            continue
        severity = "note" if channels.places.is_partial else "error"  # ids of unreadable files are unknown
        problems += _unknown(spot, "sources", part.sources, channels.places.seen, severity)
        problems += _unknown(spot, "channels", part.channels or (), channels.ids, "error")
        specs[part.id] = p.DigestSpec(
            id=part.id,
            title=part.title.replace("{institute}", institute),
            schedule=part.schedule,
            sources=part.sources,
            topics=part.topics,
            audiences=tuple(dict.fromkeys(w for name in part.audiences for w in _for_whom(name, targets))),
            kinds=part.kinds,
            cap=part.cap,
            channels=tuple(
                c for c in (channels.made if part.channels is None else part.channels) if c in channels.made
            ),
        )
    return tuple(specs.values()), problems


def _for_whom(name: str, targets: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the words that name an audience: itself, and those of every group it names (``외국인 주민`` names ``외국인``)."""
    named = (name, *_YOUNG) if "청소년" in name else (name,)
    groups = (words for group, words in targets.items() if any(group in one for one in named))
    return (name, *(word for words in groups for word in words))


def _unknown(spot: Spot, key: str, named: tuple[str, ...], known: Collection[str], severity: str) -> list[p.Problem]:
    word = {"sources": _("소스"), "channels": _("채널")}[key]
    problems = []
    for index, name in enumerate(named):
        if name not in known:
            text = _("없는 {word}를 가리킵니다: {name}") if key == "sources" else _("없는 {word}을 가리킵니다: {name}")
            mark = spot.mark(key, index)
            fix = nearest(name, known)
            text = text.format(word=word, name=name)
            problems.append(spot.problem(mark, f"unknown-{key[:-1]}", text, fix, severity=severity))
    return problems


def items(root: Spot, key: str, model: type[Item]) -> tuple[list[tuple[Item | None, Spot]] | None, list[p.Problem]]:
    """Return each member of a list of ``moa.yaml`` with its place, ``None`` for a broken one; ``None`` without a list."""
    rows = root.table.get(key)
    if rows is None:
        return None, []
    if not isinstance(rows, Row) or not all(isinstance(each, Table) for each in rows):
        text = _("'{key}' 항목에는 목록을 써야 합니다.").format(key=key)
        return [], [root.problem(root.mark(key), "list-type", text, _("하나마다 `- id: …`로 시작하세요."))]
    parts, problems = [], []
    for table, mark in zip(rows, rows.values_at, strict=True):
        spot = Spot(root.file, table, mark)
        part, more = check(model, table, spot)
        parts.append((part, spot))
        problems += more
    return parts, problems
