"""Field types and sentences of the configuration."""

import re
from datetime import date
from typing import get_args

import pytest
from pydantic import TypeAdapter, ValidationError
from pydantic_core import core_schema

import pipeline.model as p
from pipeline.settings import units
from pipeline.settings.messages import nearest, sentence


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (units.Duration, "30", 30.0),
        (units.Duration, "1.5m", 90.0),
        (units.Duration, "2 시간", 7200.0),
        (units.Duration, "7d", 604800.0),
        (units.Size, "10MB", 10_000_000),
        (units.Size, "512", 512),
        (units.Size, "1 KiB", 1024),
        (units.Window, "8:00 ~ 20:40", ("08:00", "20:40")),
        (units.Window, "always", ("00:00", "00:00")),
        (units.BackfillText, "none", p.Backfill()),
        (units.BackfillText, "last 10", p.Backfill(mode="last", last=10)),
        (units.BackfillText, "since 2026-02-28", p.Backfill(mode="since", since_on=date(2026, 2, 28))),
        (units.Schedule, "daily", ("daily",)),
        (units.Schedule, "매일", ("daily",)),
        (units.Schedule, "thu, Monday", ("mon", "thu")),
        (units.Schedule, ["목요일", "월"], ("mon", "thu")),
        (units.RobotsText, "obey", units.RobotsRule(p.Robots.OBEY)),
        (
            units.RobotsText,
            {"owner-permission": "홍길동, 2026-11-01"},
            units.RobotsRule(p.Robots.OWNER_PERMISSION, "홍길동, 2026-11-01"),
        ),
        (units.Hosts, "127.0.0.1:8000", ("127.0.0.1:8000",)),
        (units.Hosts, ["[::1]:80", "db.local"], ("[::1]:80", "db.local")),
        (units.FieldNames, ["title", "course.apply"], ("title", "course.apply")),
    ],
)
def test_what_editors_write(kind: object, text: object, value: object) -> None:
    """Each form an editor may write has one meaning."""
    assert TypeAdapter(kind).validate_python(text) == value


@pytest.mark.parametrize(
    ("kind", "text", "error"),
    [
        (units.Duration, "-1", "duration"),
        (units.Duration, "1e9", "duration"),
        (units.Span, "0s", "greater_than"),
        (units.Size, "10 monkeys", "size"),
        (units.Window, "25:00-26:00", "window"),
        (units.BackfillText, "since 2026-02-30", "backfill"),
        (units.BackfillText, "last", "backfill"),
        (units.Schedule, "", "schedule"),
        (units.Schedule, "someday", "schedule"),
        (units.RobotsText, {"owner-permission": " "}, "permission"),
        (units.RobotsText, {"obey": "no"}, "robots"),
        (units.Hosts, ["http://a"], "host"),
        (units.Headers, {"X-A": "b\nc"}, "header"),
        (units.Headers, {"Cookie": "a=b"}, "secret_header"),
        (units.OneLine, "a\u202eb", "one_line"),
    ],
)
def test_what_is_refused(kind: object, text: object, error: str) -> None:
    """Each refusal has its own kind, and so its own sentence."""
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(text)
    assert caught.value.errors()[0]["type"] == error


@pytest.mark.parametrize("kind", sorted(get_args(core_schema.ErrorType)))
def test_every_pydantic_error_has_a_korean_sentence(kind: str) -> None:
    """No kind of error reaches an editor in English or with an open placeholder."""
    words = ("gt", "ge", "lt", "le", "multiple_of", "min_length", "max_length", "pattern", "expected_tags", "expected")
    context = dict.fromkeys(words, "3")
    code, message, fix = sentence({"type": kind, "msg": "English words", "ctx": context}, "열쇠", ["열심"])
    assert re.search(r"[가-힣]", message.replace("열쇠", ""))
    assert "열쇠" in message
    assert "English" not in message
    assert not re.search(r"\{\w+\}", message + fix)
    assert re.fullmatch(r"[a-z0-9-]+", code)


def test_a_plugins_own_words_are_kept() -> None:
    """A validator of a plugin that speaks Korean is heard as it is; another gets a frame."""
    assert sentence({"type": "value_error", "msg": "Value error, 쪽수는 짝수여야 합니다."}, "pages") == (
        "value-error",
        "쪽수는 짝수여야 합니다.",
        "",
    )
    code, message, fix = sentence({"type": "css", "msg": "not a selector"}, "rows")
    assert (code, message, fix) == ("css", "'rows' 항목의 값이 올바르지 않습니다.", "not a selector")


def test_nearest() -> None:
    """The nearest word is named; without one, all are."""
    assert "youtube" in nearest("youtub", ["youtube", "feed"])
    assert "max_items" in nearest("max-itmes", ["max_items", "feed"])
    assert "feed, youtube" in nearest("zzz", ["youtube", "feed"])
    assert nearest("zzz", []) == ""
