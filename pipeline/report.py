"""Outcomes → the morning report (text, JSON) and the exit code.

What does not live here: how things came out (rooms), where it is printed (``cli/``). Grouped by who must act, so that each
person reads only their part. Source: contract §3 and §4; peers pains 3, 4, 31.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pipeline.model as p
from pipeline.i18n import _
from pipeline.log import redact

SEOUL = ZoneInfo("Asia/Seoul")
EXIT_DONE, EXIT_DEFECT, EXIT_USAGE, EXIT_ACT, EXIT_NOTHING, EXIT_LOCKED = 0, 1, 2, 3, 4, 75
_WAITING = frozenset(["unknown", "held", "failed", "expired"])  # values of ``p.DeliveryState``
_GOOD = frozenset({p.Health.OK, p.Health.EMPTY, p.Health.STALE, p.Health.DISABLED})


def exit_code(report: p.RunReport) -> int:
    """Return 0 when nobody must act, 3 when somebody must, 4 when nothing could be published."""
    failed = [run for run in report.sources if run.error is not None or run.verdict.health not in _GOOD]
    editions = report.publish.editions
    if editions and all(e.state == "failed" for e in editions):
        return EXIT_NOTHING
    if report.sources and len(failed) == len(report.sources) and not any(e.state == "made" for e in editions):
        return EXIT_NOTHING
    if any(isinstance(error, p.PluginError) for error in _errors(report)) and not failed:
        return EXIT_DEFECT
    waiting = any(d.state in _WAITING for d in report.deliveries)
    problems = any(problem.severity == "error" for problem in report.problems)
    stale = any(run.verdict.health is p.Health.STALE for run in report.sources)
    if failed or waiting or problems or stale or report.publish.errors or report.errors:
        return EXIT_ACT
    return EXIT_DONE


def to_json(report: p.RunReport) -> p.Json:
    """Return the object of ``moa run --json`` (contract §4)."""
    return {
        "run": report.run,
        "as_of": seoul(report.as_of),
        "exit": exit_code(report),
        "seconds": round(report.seconds, 3),
        "dry_run": report.is_dry,
        "sources": [source_json(run) for run in report.sources],
        "editions": [_edition_json(edition) for edition in report.publish.editions],
        "deliveries": [delivery_json(d) for d in report.deliveries],
        "problems": [problem_json(problem) for problem in report.problems],
        "errors": [error_json(e) for e in (*report.publish.errors, *report.errors)],
    }


def source_json(run: p.SourceRun) -> p.Json:
    """Return one source's line."""
    return {
        "id": run.source_id,
        "name": run.name or None,
        "verdict": run.verdict.health.value,
        "requests": run.requests,
        "listed": run.verdict.listed,
        "unchanged": run.unchanged,
        "new": run.new,
        "revised": run.revised,
        "gone": run.gone,
        "quarantined": run.quarantined,
        "pictures": run.pictures,
        "dropped": [{"row": d.row, "reason": d.reason, "text": redact(d.text)} for d in run.dropped],
        "warnings": [{"code": code, "message": redact(message)} for code, message in run.warnings],
        "error": error_json(run.error) if run.error else None,
        "failing_since": seoul(run.failing_since_at) if run.failing_since_at else None,
        "last_success": seoul(run.last_success_at) if run.last_success_at else None,
        "bytes": run.bytes,
        "seconds": run.seconds,
    }


def error_json(error: p.PipelineError) -> p.Json:
    """Return an error as data: code, sentence, who must act."""
    return {
        "code": error.code,
        "message": redact(error.message),
        "remedy": error.remedy.value,
        "subject": error.subject or None,
        "hint": redact(error.hint) or None,
    }


def problem_json(problem: p.Problem) -> p.Json:
    """Return one mistake of the configuration (``moa check --json``)."""
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "code": problem.code,
        "message": problem.message,
        "fix": problem.fix or None,
        "severity": problem.severity,
        "source": problem.subject or None,
    }


def delivery_json(delivery: p.Delivery) -> p.Json:
    """Return one delivery without any address."""
    return {
        "id": delivery.id,
        "channel": delivery.channel,
        "state": delivery.state.value,
        "due": seoul(delivery.not_before_at),
        "expires": seoul(delivery.expires_at) if delivery.expires_at else None,
        "provider_id": (delivery.receipt.provider_id or None) if delivery.receipt else None,
        "attempts": delivery.attempts,
        "reason": redact(delivery.reason) or None,
    }


def _edition_json(edition: p.EditionRun) -> p.Json:
    return {
        "id": edition.id,
        "digest": edition.digest_id,
        "stories": edition.stories,
        "rendered": [{"channel": r.channel, "sha256": r.sha256, "files": r.files} for r in edition.rendered],
        "state": edition.state,
        "reason": edition.reason or None,
    }


def seoul(at: datetime) -> str:
    """Return an instant as ISO 8601 with Seoul's offset."""
    return at.astimezone(SEOUL).isoformat(timespec="seconds")


def lines(report: p.RunReport) -> Iterator[str]:
    """Yield the morning report in Korean, safe to print: first what matters, then who must act, then the numbers."""
    yield from map(redact, _lines(report))


def _lines(report: p.RunReport) -> Iterator[str]:
    yield _headline(report)
    yield from _acts(report)
    totals = {
        name: sum(getattr(run, name) for run in report.sources) for name in ("new", "revised", "gone", "quarantined")
    }
    good = sum(1 for run in report.sources if run.error is None)
    if report.sources:
        yield _("소스 {total}곳 중 {good}곳을 읽었습니다. 새 글 {new}건, 바뀐 글 {revised}건, 보류 {held}건.").format(
            total=len(report.sources),
            good=good,
            new=totals["new"],
            revised=totals["revised"],
            held=totals["quarantined"],
        )
    if pictures := sum(run.pictures for run in report.sources):
        yield _("그림 {n}장을 새로 받았습니다.").format(n=pictures)
    for run in report.sources:
        yield from _notes(run)
    for edition in report.publish.editions:
        yield _edition_line(edition)
    for delivery in report.deliveries:
        yield f"  {delivery.channel}: {delivery_word(delivery.state)} — {delivery.id}"


def _notes(run: p.SourceRun) -> Iterator[str]:
    """What is good to know of a source that was read; nothing is held for it."""
    if not run.warnings:
        return
    sentences = {
        "tls-exception": _("보안 연결(TLS) 예외: {id} ({what})"),
        "moved": _("주소가 옮겨졌습니다: {id}. 설정의 url을 {what}(으)로 바꿔 주세요."),
        "unusual": _("평소와 다릅니다: {id} ({what}). 'moa source test {id}'로 살펴봐 주세요."),
        "repaired": _("선택자를 스스로 고쳤습니다: {id} ({what}). 다음 실행부터 씁니다. 설정 파일을 확인해 주세요."),
        "unrepaired": _("스스로 고칠 만큼 확실하지 않습니다: {id} ({what})."),
        "backlog": _("예전 글 {what}건이 새로 보여 알리지 않고 저장했습니다: {id}"),
        "doubtful-date": _("날짜를 확인해 주세요: {id} ({what}). 요일이 맞지 않거나 읽을 수 없습니다."),
        "pictures": _("쓰지 못한 그림: {id} ({what})"),
        "page-failed": _("일부 페이지를 읽지 못했습니다: {id} ({what})"),
        **dict.fromkeys(("merged", "formerly-unknown", "quota"), "{id}: {what}"),
    }
    for code, message in run.warnings:
        if code in sentences:
            yield sentences[code].format(id=run.source_id, what=message)


def _headline(report: p.RunReport) -> str:
    code = exit_code(report)
    if code == EXIT_DONE:
        return _("모두 끝났습니다. 지금 하실 일은 없습니다.")
    if code == EXIT_NOTHING:
        return _("아무것도 펴내지 못했습니다. 아래 내용을 확인해 주세요.")
    first = next((run for run in report.sources if run.error is not None), None)
    if first is not None and first.error is not None:
        return _("확인이 필요합니다: {name} — {why}").format(
            name=first.name or first.source_id, why=first.error.message
        )
    return _("펴냈지만, 확인이 필요한 일이 있습니다.")


def remedy_title(remedy: p.Remedy) -> str:
    """Return the heading under which errors of this remedy are listed."""
    return {
        p.Remedy.NOBODY: _("저절로 나을 수 있는 일 (다음 실행에 다시 합니다)"),
        p.Remedy.EDITOR: _("편집 담당자가 볼 일"),
        p.Remedy.OPERATOR: _("운영 담당자가 볼 일"),
        p.Remedy.DEVELOPER: _("개발 담당자가 볼 일"),
    }[remedy]


def _acts(report: p.RunReport) -> Iterator[str]:
    errors = list(_errors(report))
    for remedy in (p.Remedy.EDITOR, p.Remedy.OPERATOR, p.Remedy.DEVELOPER, p.Remedy.NOBODY):
        mine = [error for error in errors if error.remedy is remedy]
        is_editor = remedy is p.Remedy.EDITOR
        problems = [x for x in report.problems if x.severity == "error"] if is_editor else []
        odd = list(_odd(report)) if is_editor else []
        if not mine and not problems and not odd:
            continue
        yield f"[{remedy_title(remedy)}]"
        for problem in problems:
            yield f"  - {problem.file}:{problem.line}:{problem.column}  {problem.message}"
            if problem.fix:
                yield f"      → {problem.fix}"
        yield from odd
        runs = {run.source_id: run for run in report.sources}
        for error in mine:
            when = _since(runs.get(error.subject))
            yield f"  - {error.subject}: {error.message}{when}" if error.subject else f"  - {error.message}"
            if error.hint:
                yield f"      → {error.hint}"


def _odd(report: p.RunReport) -> Iterator[str]:
    """Sources that were read and still need a person's eye: held floods (P23), silence beyond the cadence."""
    for run in report.sources:
        if run.verdict.health is p.Health.FLOOD:
            what = _("새 글이 평소보다 훨씬 많아 {count}건을 보류했습니다.").format(count=run.quarantined)
            yield f"  - {run.source_id}: {what}"
            yield "      → " + _("살펴본 뒤 괜찮으면 'moa db release {id}'로 풀어 주세요.").format(id=run.source_id)
        elif run.verdict.health is p.Health.STALE and run.error is None:
            yield f"  - {run.source_id}: " + _("정해 둔 기간보다 오래 새 글이 없습니다.")


def _since(run: p.SourceRun | None) -> str:
    """Since when a source fails, and when it was last read well (OP2)."""
    if run is None or run.failing_since_at is None:
        return ""
    when = seoul(run.failing_since_at)[:16].replace("T", " ")
    if run.last_success_at is None:
        return _(" ({when}부터)").format(when=when)
    last = seoul(run.last_success_at)[:16].replace("T", " ")
    return _(" ({when}부터, 마지막으로 잘 읽은 때 {last})").format(when=when, last=last)


def _errors(report: p.RunReport) -> Iterator[p.PipelineError]:
    yield from (run.error for run in report.sources if run.error is not None)
    yield from report.publish.errors
    yield from report.errors


def _edition_line(edition: p.EditionRun) -> str:
    if edition.reason == "remade":
        return _("고쳐 만듦: {id} — 소식 {stories}건").format(id=edition.id, stories=edition.stories)
    if edition.state == "made":
        return _("펴냄: {id} — 소식 {stories}건").format(id=edition.id, stories=edition.stories)
    if edition.state == "skipped":
        why = {"nothing-new": _("새 소식이 없어 건너뜀"), "not-due": _("오늘은 펴내는 날이 아님")}
        return f"{edition.id}: {why.get(edition.reason, edition.reason)}"
    if edition.state == "failed":
        return _("펴내지 못함: {id}").format(id=edition.id)
    return _("바뀐 것 없음: {id}").format(id=edition.id)


def delivery_word(state: p.DeliveryState) -> str:
    """Return a delivery state in words."""
    return {
        p.DeliveryState.PENDING: _("보낼 차례를 기다림"),
        p.DeliveryState.SENDING: _("보내는 중"),
        p.DeliveryState.SENT: _("보냄"),
        p.DeliveryState.FAILED: _("보내지 못함"),
        p.DeliveryState.UNKNOWN: _("보냈는지 알 수 없음 (사람이 확인)"),
        p.DeliveryState.HELD: _("보류 (승인이나 확인을 기다림)"),
        p.DeliveryState.EXPIRED: _("때가 지나 보내지 않음"),
        p.DeliveryState.ABANDONED: _("보내지 않기로 함"),
    }[state]
