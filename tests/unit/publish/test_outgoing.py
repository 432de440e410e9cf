"""Windows in Seoul's wall clock, and renderings with paths that may be written."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pipeline.model as p
from pipeline.model import windows
from pipeline.publish import outgoing
from pipeline.publish.render import render
from tests.factories import NIGHT, digest, rendering, seoul


@pytest.mark.parametrize(
    ("now", "opens", "closes", "expected"),
    [
        (seoul(11, 23, 3), "08:00", "20:50", (seoul(11, 23, 8), seoul(11, 23, 20, 50))),
        (seoul(11, 23, 8), "08:00", "20:50", (seoul(11, 23, 8), seoul(11, 23, 20, 50))),
        (seoul(11, 23, 20, 49), "08:00", "20:50", (seoul(11, 23, 20, 49), seoul(11, 23, 20, 50))),
        (seoul(11, 23, 20, 50), "08:00", "20:50", (seoul(11, 24, 8), seoul(11, 24, 20, 50))),
        (seoul(11, 23, 3), "22:00", "06:00", (seoul(11, 23, 3), seoul(11, 23, 6))),
        (seoul(11, 23, 12), "22:00", "06:00", (seoul(11, 23, 22), seoul(11, 24, 6))),
        (seoul(11, 23, 12), "09:00", "24:00", (seoul(11, 23, 12), seoul(11, 24))),
        (seoul(11, 23, 12), "00:00", "00:00", (seoul(11, 23, 12), None)),
    ],
)
def test_the_next_opening(now, opens: str, closes: str, expected):
    """Inclusive opening, exclusive closing, over midnight, always (CS4, P50)."""
    assert windows.next_opening(now, opens, closes) == expected


CLOCK = st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.integers(0, 59))


@given(st.integers(0, 100_000), CLOCK, CLOCK)
def test_an_opening_is_never_past_and_always_open(minutes: int, opens: str, closes: str):
    """From there on the window is open, and it is reached within a day."""
    now = NIGHT + timedelta(minutes=minutes)
    start, end = windows.next_opening(now, opens, closes)
    assert now <= start <= now + timedelta(days=1)
    assert end is None or start < end
    assert windows.next_opening(start, opens, closes) == (start, end)


def test_a_clock_that_is_none_is_a_mistake():
    """Settings check it; here it is refused."""
    with pytest.raises(ValueError, match="hour"):
        windows.next_opening(NIGHT, "25:00", "20:00")


def test_the_seoul_day():
    """Today begins at Seoul's midnight, 15:00 UTC."""
    assert windows.seoul_date(NIGHT).isoformat() == "2026-11-23"
    assert windows.day_start(windows.seoul_date(NIGHT)) == seoul(11, 23)


def test_one_key_for_one_sending():
    """The key names channel, edition and bytes: the same again, another with other bytes (P47)."""
    channel = p.ChannelSpec(id="kakao", renderer="kakao", transport="copykit", audience="staff", fresh_h=2)
    one = outgoing.delivery(rendering(channel="kakao"), channel, now=NIGHT, as_of=NIGHT)
    assert one == outgoing.delivery(rendering(channel="kakao"), channel, now=NIGHT, as_of=NIGHT)
    assert (one.id, one.audience, one.expires_at) == (
        "daily/2026-11-23/kakao/staff/0",
        "staff",
        NIGHT + timedelta(hours=2),
    )
    other = outgoing.delivery(rendering(channel="kakao", sha256="0" * 64), channel, now=NIGHT, as_of=NIGHT)
    assert one.idempotency_key != other.idempotency_key


def made_by(*artifacts: p.Artifact | p.LeftOut | Exception) -> p.Rendering:
    def work(_options, _digest):
        for made in artifacts:
            if isinstance(made, Exception):
                raise made
            yield made

    plugin = SimpleNamespace(TITLE="t", PRODUCES=frozenset({"text/plain"}), Options=None, render=work)
    return render(plugin, p.ChannelSpec(id="c", renderer="t"), digest())


def page(path: str, media_type: str = "text/plain") -> p.Artifact:
    return p.Artifact(path=path, media_type=media_type, body=path.encode())


def test_artifacts_are_sorted_and_named_by_one_hash():
    """The order a renderer yields in decides nothing; bytes, paths and media types do."""
    one, two = made_by(page("b.txt"), page("a/b.txt")), made_by(page("a/b.txt"), page("b.txt"))
    assert one == two
    assert [a.path for a in one.artifacts] == ["a/b.txt", "b.txt"]
    assert one.sha256 != made_by(page("a/b.txt")).sha256


@pytest.mark.parametrize(
    "paths",
    [
        ["/etc/passwd"],
        ["../x"],
        ["a/../b"],
        ["a//b"],
        [""],
        ["."],
        [".hidden"],
        ["a\\b"],
        ["한글.html"],
        ["a b"],
        ["x" * 81],
        ["a/" * 130 + "b"],
        ["manifest.json"],
        ["Manifest.JSON"],
        ["a.aside"],
        ["a."],
        ["a\n"],
        ["A.txt", "a.TXT"],
        ["a/", "b"],
        ["a", "A/b"],
    ],
)
def test_a_path_that_may_not_be_written_is_refused(paths: list[str]):
    """P35: relative, ASCII, short, unique without case, below the folder, not ours."""
    with pytest.raises(p.RenderError) as caught:
        made_by(*(page(x) for x in paths))
    assert (caught.value.code, caught.value.subject) == ("render-path", "daily/2026-11-23/c")


def test_an_undeclared_media_type_or_nothing_at_all_is_refused():
    """PRODUCES is a promise; an empty rendering is a defect."""
    with pytest.raises(p.RenderError, match="text/html"):
        made_by(page("a.html", "text/html"))
    with pytest.raises(p.RenderError) as caught:
        made_by(p.LeftOut(story_id="s", title="t", reason="budget"))
    assert caught.value.code == "render-empty"


def test_every_error_of_a_renderer_is_ours():
    """A defect becomes a RenderError with its cause; our own keep their words."""
    with pytest.raises(p.RenderError, match="ZeroDivisionError: x") as caught:
        made_by(page("a.txt"), ZeroDivisionError("x"))
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    with pytest.raises(p.RenderError, match="budget") as caught:
        made_by(p.RenderError("budget"))
    assert caught.value.subject == "daily/2026-11-23/c"
