"""robots.txt by RFC 9309: what an origin allows us, remembered for a day.

What does not live here: fetching it (``client`` does, through the same door) and who must ask (``Purpose.PAGE``).
Source: reliability P14. Protego reads the rules; it is imported only when there is a file to read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, MutableMapping
from datetime import datetime
from typing import Any

import pipeline.model as p
from pipeline.http.answer import content_of
from pipeline.i18n import _
from pipeline.model.base import record

_AGENT_LINE = re.compile(r"\s*user[- ]?agent\s*[:\s]\s*([^#]*)", re.IGNORECASE)
_TOKEN = re.compile(r"[A-Za-z_-]+")
_UNAVAILABLE = frozenset(["too-many-redirects", "bad-redirect"])  # RFC 9309 2.3.1.2: may be taken as no file
_SAME_FATE = frozenset(["dns", "dns-timeout", "connect", "address", "tls"])  # the page would fail alike, say that


@record
class Rules:
    """What one origin allows; ``reader`` is Protego's, ``None`` when everything or nothing is allowed."""

    agent: str
    is_open: bool = True
    delay_s: float = 0.0
    reader: Any = None

    def allows(self, url: str) -> bool:
        """Whether the URL may be fetched."""
        if self.reader is None:
            return self.is_open
        return bool(self.reader.can_fetch(url, self.agent))


class RobotsBook:
    """Rules by origin; ``memory`` holds JSON-able entries the caller keeps between nights."""

    def __init__(
        self, memory: MutableMapping[str, Mapping[str, Any]], user_agent: str, wall_clock: Callable[[], datetime]
    ) -> None:
        """Take the memory (``{origin: {"at": ISO time, "text": rules or ""}}``) and our name."""
        self._memory = memory
        self._agent = _own_name(user_agent)
        self._wall_clock = wall_clock
        self._rules: dict[str, Rules] = {}

    def rules(self, origin: str) -> Rules | None:
        """Return what is known of an origin; ``None`` when its robots.txt must be fetched first."""
        rules = self._rules.get(origin)
        if rules is None:
            text = self._remembered(origin)
            if text is not None:
                rules = self._rules[origin] = self._read(text)
        return rules

    def delay_s(self, origin: str) -> float:
        """Return the Crawl-delay of an origin whose rules are known, else 0."""
        rules = self._rules.get(origin) if self._rules else None
        return rules.delay_s if rules is not None else 0.0

    def learn(self, origin: str, outcome: p.Document | p.SourceError) -> p.SourceError | None:
        """Take the outcome of fetching an origin's robots.txt; returns the error pages of it share, if any."""
        if isinstance(outcome, p.Document):
            self._keep(origin, _text_of(outcome.body))
        elif 400 <= outcome.status < 500 or outcome.code in _UNAVAILABLE:
            self._keep(origin, "")
        elif outcome.code in _SAME_FATE:
            return outcome
        else:
            self._rules[origin] = Rules(self._agent, is_open=False)
        return None

    def _keep(self, origin: str, text: str) -> None:
        self._memory[origin] = {"at": self._wall_clock().isoformat(), "text": text}
        self._rules[origin] = self._read(text)

    def _remembered(self, origin: str) -> str | None:
        entry = self._memory.get(origin)
        try:
            if entry is None:
                return None
            at, text = datetime.fromisoformat(entry["at"]), entry["text"]
            age = (self._wall_clock() - at).total_seconds()
        except (KeyError, TypeError, ValueError):  # an older moa's entry, or a damaged one: fetched anew
            return None
        return text if isinstance(text, str) and 0 <= age < p.limits.ROBOTS_FRESH_S else None

    def _read(self, text: str) -> Rules:
        if not text.strip() or text.lstrip().startswith("<"):  # an HTML page at 200 has no rules
            return Rules(self._agent)
        from protego import Protego  # noqa: PLC0415 - only where there are rules

        reader = Protego.parse(_only_ours(text, self._agent))
        delay = reader.crawl_delay(self._agent) or 0.0
        return Rules(self._agent, delay_s=min(float(delay), p.limits.CRAWL_DELAY_CAP_S), reader=reader)


def robots_refused(host: str) -> p.RefusedError:
    """Return the error for a URL that robots.txt keeps us from."""
    message = _("{host} 서버의 robots.txt가 이 주소의 수집을 허락하지 않습니다.").format(host=host)
    hint = _('운영 기관의 허락을 받았다면 소스의 robots 아래에 owner-permission: "누가, 언제"를 적어 주세요.')
    return p.RefusedError(message, code="robots", hint=hint)


def _own_name(user_agent: str) -> str:
    """Return the product token, or the whole name when it hides behind ``Mozilla``."""
    found = _TOKEN.match(user_agent)
    if found is None or found[0].lower() == "mozilla":
        return user_agent.lower()
    return found[0].lower()


def _only_ours(text: str, agent: str) -> str:
    """Give all other robots one name, so that agents × rules cannot fill the memory."""
    lines = []
    for line in text.splitlines():
        found = _AGENT_LINE.match(line)
        if found and found[1].strip().lower().replace("*", "") not in agent:
            lines.append("User-agent: another-robot-altogether")
        else:
            lines.append(line)
    return "\n".join(lines)


def _text_of(body: bytes) -> str:
    return content_of([body], "", p.limits.ROBOTS_BYTES, is_prefix_enough=True).decode("utf-8-sig", errors="replace")
