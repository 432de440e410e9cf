"""Drive every source's conversation over http's one loop: validators in, documents out, errors as values.

What does not live here: sockets (``http``), what a source asks for (``sources/``), parsing (``workers``).
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import field

import pipeline.model as p
from pipeline.collect.budgets import Budgets
from pipeline.i18n import _
from pipeline.model.base import changed, record

_POLL_S = 0.2
_GLANCE_S = 0.01  # while parsers work: their answers must not wait for a slow host
_BACKLOG = 64  # documents waiting for parsers before no more conversations are opened
_ACTIVE_FACTOR = 2  # conversations open at once ÷ transfers at once


@record
class Talk:
    """One source's conversation while it runs, and its result when it has ended.

    Attributes:
        fetched: ``None`` with no error means: nothing changed.
        validators: Of this run, by requested URL; to be stored only with the data they validate.
        is_touched: The server sent new validators for an unchanged body.
        moved_to: Where the source's own address has moved for good, ``""`` when it has not.
        is_moved_again: The last run saw the same move.
    """

    spec: p.SourceSpec
    state: p.SourceState
    conversation: p.Conversation
    fetched: p.Fetched | None = None
    error: p.PipelineError | None = None
    validators: dict[str, p.Validator] = field(default_factory=dict)
    is_touched: bool = False
    moved_to: str = ""
    is_moved_again: bool = False
    requests: int = 0
    bytes: int = 0
    began: float = 0.0
    first_answer: float = 0.0
    seconds: float = 0.0
    asked: p.Request | None = None


def memory_of(spec: p.SourceSpec, state: p.SourceState) -> p.SourceState:
    """Return the state a conversation may use: a changed configuration voids memo and validators."""
    if state.options_hash == spec.options_hash:
        return state
    return changed(state, memo={}, validators={})


def drive(
    talks: Sequence[Talk],
    http: p.Http,
    *,
    concurrency: int,
    until: float,
    backlog: Callable[[], int] = lambda: 0,
) -> Iterator[Talk | None]:
    """Run conversations to their end and yield each as it ends; ``None`` between rounds lets the caller do other work.

    Args:
        talks: In the order of the configuration.
        http: The door; this function is its only user while it runs.
        concurrency: Transfers at once; twice as many conversations are open.
        until: ``time.monotonic()`` at which the run's deadline strikes: what is still open then ends as an error.
        backlog: Documents the caller's parsers still owe. While it is large no new conversation starts and the network
            is only looked at, so that the caller waits for its parsers instead; memory stays flat.

    Cost: one request for each unchanged source; no thread, no process.
    """
    waiting = deque(talks)
    active: dict[str, Talk] = {}
    budgets = Budgets()
    while waiting or active:
        owed = backlog()
        while waiting and len(active) < concurrency * _ACTIVE_FACTOR and owed <= _BACKLOG:
            talk = waiting.popleft()
            talk.began = time.monotonic()
            if _advance(talk, http, None, budgets):
                yield talk
                owed = backlog()
            else:
                active[talk.spec.id] = talk
        for tag, answer in http.poll(0.0 if owed > _BACKLOG else _GLANCE_S if owed else _POLL_S):
            talk = active[str(tag)]
            if _advance(talk, http, answer, budgets):
                del active[talk.spec.id]
                yield talk
        yield from _spared(active, http, budgets)
        if time.monotonic() > until:
            yield from _strike(waiting, active, http)
            return
        yield None
    budgets.tell()


def _spared(active: dict[str, Talk], http: p.Http, budgets: Budgets) -> Iterator[Talk]:
    """Questions still waiting to be asked of a budget found spent: taken back, each conversation told, not asked."""
    if not budgets.is_any_spent:
        return
    for talk in [talk for talk in active.values() if budgets.refuses(talk.asked)]:
        http.cancel(talk.spec.id)
        if _advance(talk, http, budgets.refuses(talk.asked), budgets):
            del active[talk.spec.id]
            yield talk


def _advance(talk: Talk, http: p.Http, answer: p.Document | p.SourceError | None, budgets: Budgets) -> bool:
    """Take one step of a conversation; True when it has ended."""
    try:
        request = next(talk.conversation) if answer is None else _reply(talk, answer)
        while (spent := budgets.draw(request)) is not None:
            request = talk.conversation.throw(spent)
        talk.asked = request
        talk.requests += 1
        http.submit(_prepared(talk, request), talk.spec.id)
    except StopIteration as end:
        talk.fetched = end.value
    except p.PipelineError as error:
        error.subject = talk.spec.id
        talk.error = error
    except Exception as error:  # noqa: BLE001 - a plugin's defect is that source's outcome, named as what it is
        text = f"sources.{talk.spec.kind}: {type(error).__name__}: {error}"[:300]
        talk.error = p.PluginError(text, subject=talk.spec.id)
        talk.error.__cause__ = error
    else:
        return False
    talk.seconds = time.monotonic() - talk.began
    budgets.learn(talk)
    return True


def _reply(talk: Talk, answer: p.Document | p.SourceError) -> p.Request:
    now = time.monotonic()
    talk.first_answer = talk.first_answer or now
    if isinstance(answer, p.PipelineError):
        return talk.conversation.throw(answer)
    talk.bytes += len(answer.body)
    if now - talk.first_answer > talk.spec.policy.deadline_s:
        message = _("정해진 시간 {seconds:.0f}초 안에 다 읽지 못했습니다.").format(seconds=talk.spec.policy.deadline_s)
        return talk.conversation.throw(p.FetchError(message, code="deadline"))
    return talk.conversation.send(_compared(talk, answer))


def _prepared(talk: Talk, request: p.Request) -> p.Request:
    known = talk.state.validators.get(request.url) if request.conditional else None
    return changed(
        request,
        etag=known.etag if known else None,
        last_modified=known.last_modified if known else None,
        policy=talk.spec.policy,
    )


def _compared(talk: Talk, document: p.Document) -> p.Document:
    """Mark a body equal to the last stored one, and note the validators that go with it (P15)."""
    asked = talk.asked
    if asked is None:
        return document
    known = talk.state.validators.get(asked.url)
    moved = document.permanent_url if asked.url == talk.spec.url and document.permanent_url != asked.url else None
    if moved:
        talk.moved_to, talk.is_moved_again = moved, known is not None and known.moved_to == moved
    if not asked.conditional or asked.method != "GET":
        return document
    if document.is_unchanged and known is not None:
        talk.validators[asked.url] = changed(known, moved_to=moved) if known.moved_to != moved else known
        talk.is_touched = known.moved_to != moved
        return changed(document, body_hash=known.body_hash)
    fresh = p.Validator(
        etag=document.etag, last_modified=document.last_modified, body_hash=document.body_hash, moved_to=moved
    )
    talk.validators[asked.url] = fresh
    if known is not None and known.body_hash and known.body_hash == document.body_hash:
        talk.is_touched = fresh != known
        return changed(document, is_unchanged=True)
    return document


def _strike(waiting: deque[Talk], active: dict[str, Talk], http: p.Http) -> Iterator[Talk]:
    """The run's deadline: everything still open ends as a failed fetch, named."""
    for talk in (*active.values(), *waiting):
        http.cancel(talk.spec.id)
        talk.conversation.close()
        talk.error = p.FetchError(
            _("이번 실행에 주어진 시간이 다 되어 읽지 못했습니다."), code="run-deadline", subject=talk.spec.id
        )
        talk.seconds = time.monotonic() - talk.began if talk.began else 0.0
        yield talk
