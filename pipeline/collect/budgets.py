"""Allowances that sources share for a day, such as the units of one API key: drawn on, counted, and left alone once spent.

What does not live here: how a service says so (``sources/``), conversations (``fetch``). For one run only: the next run may
ask once whether there is a new day.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pipeline.model as p
from pipeline import log
from pipeline.i18n import _
from pipeline.model import windows

if TYPE_CHECKING:
    from pipeline.collect.fetch import Talk

_log = log.get("collect")


class Budgets:
    """The shared allowances of one run."""

    def __init__(self) -> None:
        self._drawn: dict[str, int] = {}
        self._spent: dict[str, datetime | None] = {}

    def draw(self, request: p.Request) -> p.QuotaError | None:
        """Count a request that is about to be asked; return the error to give instead where its budget is spent."""
        for name, until in request.spent:
            self._spent.setdefault(name, until)
        if not request.budget:
            return None
        if request.budget in self._spent:
            return self._error(request.budget)
        self._drawn[request.budget] = self._drawn.get(request.budget, 0) + 1
        return None

    def learn(self, talk: Talk) -> None:
        """Note the budget whose end ended a conversation."""
        if isinstance(talk.error, p.QuotaError) and talk.error.budget:
            self._spent.setdefault(talk.error.budget, talk.error.until)

    @property
    def is_any_spent(self) -> bool:
        """Whether there is anything to refuse; on most nights there is not."""
        return bool(self._spent)

    def refuses(self, request: p.Request | None) -> p.QuotaError | None:
        """Return the error for a request that waits for an answer from a budget found spent meanwhile."""
        if not self._spent or request is None or request.budget not in self._spent:
            return None
        return self._error(request.budget)

    def tell(self) -> None:
        """Log what was drawn, for the operator who wonders where a day's units went."""
        for name, count in sorted(self._drawn.items()):
            _log.info("budget", name=name, requests=count, spent=name in self._spent)

    def _error(self, name: str) -> p.QuotaError:
        text, until = _("같은 키를 쓰는 다른 소스에서 오늘 사용량을 다 썼습니다."), self._spent[name]
        if until is not None:
            when = f"{until.astimezone(windows.SEOUL):%m-%d %H:%M}"
            text = _("같은 키를 쓰는 다른 소스에서 오늘 사용량을 다 썼습니다. {when}부터 다시 쓸 수 있습니다.").format(
                when=when
            )
        error = p.QuotaError(text, until=until)
        error.budget = name
        return error
