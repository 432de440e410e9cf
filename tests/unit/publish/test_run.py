"""The door with a real store, real files and plugins found by name: editions, the website, the outbox, crashes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import pipeline.model as p
from pipeline import disk, output
from pipeline.publish import run as room
from pipeline.publish.library import doubts_of, stories_of
from pipeline.registry import Registry
from pipeline.settings.facets import own_words
from pipeline.store.engine import Database
from pipeline.store.store import Store
from tests.factories import INSTITUTE, NIGHT, course, entry, seoul

LETTER = """
import pipeline.model as p
TITLE = "편지"
PRODUCES = frozenset({"text/plain"})
Options = None
def render(options, digest):
    if options == "broken":
        raise ValueError("{{ nothing }}")
    cards = [c for s in digest.sections for c in s.cards]
    lines = [f"{s.key}: {c.story.primary.title} [{c.label}] {c.note}" for s in digest.sections for c in s.cards]
    yield p.Artifact(path="letter.txt", media_type="text/plain", body="\\n".join([digest.title, *lines]).encode())
    yield p.LeftOut(story_id="x", title="x", reason="budget")
"""
HOME = """
import pipeline.model as p
TITLE = "집"
PRODUCES = frozenset({"text/html"})
Options = None
PERPETUAL = True
def render(options, digest):
    front = [c.story.id for s in digest.sections for c in s.cards]
    told = {"front": front, "archive": [r.id for r in digest.archive], "editions": sorted(digest.editions),
            "sources": [s.id for s in digest.sources]}
    yield p.Artifact(path="index.html", media_type="text/html", body=repr(told).encode())
    for story in digest.library:
        yield p.Artifact(path=f"s/{story.id}.html", media_type="text/html", body=story.primary.title.encode())
"""
DAILY = p.DigestSpec(id="daily", title="배움소식 {date}", channels=("letter", "home"))


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    folder = tmp_path / "plugins"
    folder.mkdir()
    (folder / "tletter.py").write_text(LETTER, encoding="utf-8")
    (folder / "thome.py").write_text(HOME, encoding="utf-8")
    (folder / "tbad.py").write_text("import nothing_of_that_name", encoding="utf-8")
    return Registry({"renderers": [folder]}, installed=False)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/moa.db") as opened:
        yield opened


@pytest.fixture
def settings(tmp_path: Path) -> p.Settings:
    return p.Settings(
        project=str(tmp_path),
        output=str(tmp_path / "output"),
        store_url="",
        institute=INSTITUTE,
        fetch=p.FetchRules(),
        sources=(
            p.SourceSpec(id="notice", name="공지", kind="board", options=None),
            p.SourceSpec(id="off", name="끔", kind="board", options=None, enabled=False),
        ),
        digests=(DAILY,),
        channels=(
            p.ChannelSpec(id="letter", renderer="tletter", transport="smtp", opens="08:00", closes="20:00"),
            p.ChannelSpec(id="home", renderer="thome", transport="files"),
        ),
        config_hash="c1",
    )


def came(store: Store, *entries: p.Entry, at: datetime = NIGHT) -> None:
    fresh = [p.New(entry=replace(e, first_seen_at=at, last_seen_at=at)) for e in entries]
    for source in {e.source_id for e in entries}:
        store.entries.apply(source, [c for c in fresh if c.entry.source_id == source], now=at)


def publish(settings, store, registry, at: datetime = NIGHT, **more) -> p.PublishResult:
    return room.publish(settings, store, registry, now=at, as_of=at, **more)


def letter(settings: p.Settings, day: str = "2026-11-23") -> str:
    return output.read_rendering(settings.output, f"daily/{day}", "letter").artifacts[0].body.decode()


def home(settings: p.Settings) -> dict:
    pages = {a.path: a.body for a in output.read_rendering(settings.output, "site", "home").artifacts}
    return eval(pages["index.html"]) | {"pages": len(pages)}  # our own repr above


def states(result: p.PublishResult) -> dict[str, str]:
    return {e.id: e.reason or e.state for e in result.editions}


def test_a_night_with_news(settings, store, registry):
    """Edition, ledger, files with their hash, the site and both sendings come of one run."""
    came(store, entry("1"), entry("2"))
    result = publish(settings, store, registry)
    assert states(result) == {"daily/2026-11-23": "made", "site": "made"}
    assert [(e.stories, [(r.channel, r.files) for r in e.rendered]) for e in result.editions] == [
        (2, [("letter", 1)]),
        (2, [("home", 3)]),
    ]
    assert result.errors == ()
    row = store.digests.edition("daily/2026-11-23")
    assert row is not None
    stored = output.read_rendering(settings.output, row.id, "letter")
    assert (row.renderings, stored.left_out[0].reason) == ({"letter": stored.sha256}, "budget")
    sent = {d.channel: d for d in store.deliveries.list()}
    assert sent["letter"].id == "daily/2026-11-23/letter/all/0"
    assert (sent["letter"].not_before_at, sent["letter"].expires_at) == (seoul(11, 23, 8), NIGHT + timedelta(hours=12))
    assert (sent["home"].edition_id, sent["home"].not_before_at, sent["home"].expires_at) == ("site", NIGHT, None)
    assert sent["home"].id == f"site/home/{sent['home'].rendering_sha256[:16]}"
    shown = home(settings)
    assert (shown["archive"], shown["editions"], shown["sources"], shown["pages"]) == ([], [], ["notice"], 3)
    assert sorted(shown["front"]) == sorted(s.id for s in stories_of(store, None))


def test_the_same_night_again_touches_nothing(settings, store, registry):
    """P19, OP4: no renderer is even asked for, no file is written, no sending is planned, the report says so."""
    came(store, entry("1"))
    publish(settings, store, registry)
    before = {f: f.stat().st_mtime_ns for f in Path(settings.output).rglob("*") if f.is_file()}
    planned = store.deliveries.list()
    result = publish(settings, store, None, NIGHT + timedelta(hours=2))  # no registry: it must not be needed
    assert states(result) == {"daily/2026-11-23": "unchanged", "site": "unchanged"}
    assert [r.sha256 for e in result.editions for r in e.rendered] != []
    assert {f: f.stat().st_mtime_ns for f in Path(settings.output).rglob("*") if f.is_file()} == before
    assert store.deliveries.list() == planned


def test_an_edition_once_made_is_frozen(settings, store, registry):
    """P56: what comes later the same day reaches the site, not the edition; it is told tomorrow."""
    came(store, entry("1"))
    publish(settings, store, registry)
    first = letter(settings)
    later = NIGHT + timedelta(hours=6)
    came(store, entry("2"), at=later)
    assert states(publish(settings, store, registry, later)) == {"daily/2026-11-23": "unchanged", "site": "made"}
    assert letter(settings) == first
    tomorrow = NIGHT + timedelta(days=1)
    assert states(publish(settings, store, registry, tomorrow)) == {"daily/2026-11-24": "made", "site": "made"}
    assert "강연 2" in letter(settings, "2026-11-24")
    assert "강연 1" not in letter(settings, "2026-11-24")
    assert home(settings)["archive"] == home(settings)["editions"] == ["daily/2026-11-23"]


def test_nothing_new_is_said_and_nothing_sent(settings, store, registry):
    """CS6: the report says why; the site is still there; a second look costs nothing."""
    came(store, entry("1", is_quiet=True))
    for _night in range(2):
        result = publish(settings, store, registry)
        assert states(result)["daily/2026-11-23"] == "nothing-new"
    assert [d.channel for d in store.deliveries.list()] == ["home"]
    assert home(settings)["pages"] == 2


def test_an_empty_note_when_the_channel_wants_one(settings, store, registry):
    """``empty: note`` makes an edition that says there is nothing."""
    came(store, entry("1", is_quiet=True))
    note = replace(settings, channels=(replace(settings.channels[0], empty="note"), settings.channels[1]))
    assert states(publish(note, store, registry))["daily/2026-11-23"] == "made"
    assert letter(note) == "배움소식 11월 23일"


def test_an_empty_store_publishes_no_empty_site(settings, store, registry):
    """P41: before the first entry there is nothing to show."""
    assert states(publish(settings, store, registry)) == {"daily/2026-11-23": "nothing-new", "site": "nothing-new"}
    assert not (Path(settings.output) / "editions").exists()


def test_only_on_the_days_of_the_schedule(settings, store, registry):
    """A Tuesday digest is not due on Monday; on Tuesday it tells what came since its last edition."""
    weekly = replace(settings, digests=(replace(DAILY, schedule=("tue",)),))
    came(store, entry("1"))
    assert states(publish(weekly, store, registry))["daily/2026-11-23"] == "not-due"
    assert states(publish(weekly, store, registry, NIGHT + timedelta(days=1)))["daily/2026-11-24"] == "made"


def test_a_broken_channel_costs_only_itself_and_is_tried_again(settings, store, registry):
    """A template error is one error; the others are made; repaired, the edition gets its missing channel, unchanged."""
    bad = replace(settings.channels[0], id="bad", renderer_options="broken", transport=None)
    lost = replace(settings.channels[0], id="lost", renderer="tbad")
    spec = replace(DAILY, channels=("bad", "letter", "home", "lost", "nowhere"))
    ill = replace(settings, digests=(spec,), channels=(*settings.channels, bad, lost))
    came(store, entry("1"))
    result = publish(ill, store, registry)
    assert states(result) == {"daily/2026-11-23": "made", "site": "made"}
    assert {(type(e), e.subject) for e in result.errors} == {
        (p.RenderError, "daily/2026-11-23/bad"),
        (p.PluginError, "tbad"),
    }
    came(store, entry("2"), at=NIGHT + timedelta(hours=1))
    well = replace(ill, channels=(*settings.channels, replace(bad, renderer_options=None)), config_hash="c2")
    result = publish(well, store, registry, NIGHT + timedelta(hours=1))
    assert states(result)["daily/2026-11-23"] == "made"
    again = output.read_rendering(settings.output, "daily/2026-11-23", "bad").artifacts[0].body.decode()
    assert again == letter(settings)
    assert store.digests.edition("daily/2026-11-23").state == "made"
    assert states(publish(well, store, registry, NIGHT + timedelta(hours=2)))["daily/2026-11-23"] == "unchanged"


def test_a_digest_whose_every_channel_fails_is_made_by_the_next_run(settings, store, registry):
    """Nothing is recorded of an edition nobody could render."""
    bad = replace(settings, channels=(replace(settings.channels[0], renderer_options="broken"), settings.channels[1]))
    came(store, entry("1"))
    assert states(publish(bad, store, registry))["daily/2026-11-23"] == "failed"
    assert store.digests.edition("daily/2026-11-23") is None
    assert states(publish(settings, store, registry))["daily/2026-11-23"] == "made"


def test_a_dry_run_leaves_no_trace(settings, store, registry):
    """It says what would be made; store and disk stay as they are."""
    came(store, entry("1"))
    version = store.entries.content_version()
    result = publish(settings, store, registry, dry_run=True)
    assert [(e.state, e.stories) for e in result.editions] == [("made", 1), ("made", 1)]
    assert (store.entries.content_version(), store.deliveries.list(), store.digests.editions()) == (version, (), ())
    assert not (Path(settings.output) / "editions").exists()


def test_approval_and_a_channel_that_is_rendered_only(settings, store, registry):
    """``approval: manual`` waits for a person; without a transport nothing is planned."""
    came(store, entry("1"))
    channels = (replace(settings.channels[0], approval="manual"), replace(settings.channels[1], transport=None))
    publish(replace(settings, channels=channels), store, registry)
    assert [(d.channel, d.state, d.reason) for d in store.deliveries.list()] == [
        ("letter", p.DeliveryState.HELD, "approval")
    ]


def test_an_edition_for_a_past_day_is_expired_from_the_start(settings, store, registry):
    """A replay renders; what it planned can never leave."""
    came(store, entry("1"))
    room.publish(settings, store, registry, now=NIGHT + timedelta(days=3), as_of=NIGHT)
    (mail,) = (d for d in store.deliveries.list() if d.channel == "letter")
    assert mail.expires_at < mail.not_before_at


class Killed(BaseException):
    """What a kill looks like from inside."""


def mortal(monkeypatch: pytest.MonkeyPatch, step: int) -> list[int]:
    """Die before the ``step``-th write or rename of a file or after that commit; return a list as long as the steps taken."""
    steps: list[int] = []

    def tick() -> None:
        steps.append(step)
        if len(steps) == step:
            raise Killed

    rename, transaction, write = os.replace, Database.transaction, disk.write

    def mortal_write(path: str, body: bytes, **more: bool) -> None:
        tick()
        write(path, body, **more)

    def mortal_rename(source: str, target: str) -> None:
        tick()
        rename(source, target)

    @contextmanager
    def mortal_transaction(self: Database, **more: bool) -> Iterator[None]:
        with transaction(self, **more):
            yield
            tick()

    monkeypatch.setattr(os, "replace", mortal_rename)
    monkeypatch.setattr(disk, "write", mortal_write)
    monkeypatch.setattr(Database, "transaction", mortal_transaction)
    return steps


def test_how_many_writes_a_night_has(settings, store, registry, monkeypatch):
    """The next test dies at each of them; a new write must widen its range."""
    came(store, entry("1"), entry("2", kind=p.Kind.COURSE))
    steps = mortal(monkeypatch, 0)
    publish(settings, store, registry)
    assert len(steps) == WRITES


WRITES = 13  # stories; letter and manifest, aside and renamed; edition; three pages; manifest; site; what was published


@pytest.mark.parametrize("step", range(1, WRITES + 1))
def test_a_kill_at_any_write_loses_and_doubles_nothing(settings, store, registry, monkeypatch, step: int):
    """P28: whichever write dies, the next run ends where an undisturbed one ends."""
    came(store, entry("1"), entry("2", kind=p.Kind.COURSE, course=course(apply_until_at=seoul(11, 23, 18))))
    with monkeypatch.context() as patch:
        mortal(patch, step)
        with pytest.raises(Killed):
            publish(settings, store, registry)
    publish(settings, store, registry, NIGHT + timedelta(minutes=1))
    result = publish(settings, store, registry, NIGHT + timedelta(minutes=2))
    assert states(result) == {"daily/2026-11-23": "unchanged", "site": "unchanged"}
    assert "closing-today: " in letter(settings)
    assert len(letter(settings).splitlines()) == 3
    open_ = [d for d in store.deliveries.list() if d.state is p.DeliveryState.PENDING]
    assert sorted(d.channel for d in open_) == ["home", "letter"]
    for d in open_:
        assert output.read_rendering(settings.output, d.edition_id, d.channel, sha256=d.rendering_sha256)


def test_a_site_that_returns_to_old_bytes_is_sent_again(settings, store, registry):
    """Hide and undo: three different sendings, only the last is open, although first and last have the same bytes."""
    came(store, entry("1", is_quiet=True), entry("2", is_quiet=True))
    publish(settings, store, registry)
    seq = store.digests.decide("hide", entry("2").id, now=NIGHT)
    publish(settings, store, registry)
    assert home(settings)["pages"] == 2
    store.digests.undo(seq, now=NIGHT)
    publish(settings, store, registry)
    rows = store.deliveries.list()
    assert sorted((d.batch, d.state.value) for d in rows) == [(1, "abandoned"), (2, "abandoned"), (3, "pending")]
    assert len({d.rendering_sha256 for d in rows}) == 2


def test_a_site_that_shrank_is_held_until_a_person_lets_it_go(settings, store, registry):
    """P41: less than half of the pages waits; once released and sent, it is the new measure."""
    came(store, *(entry(str(n), is_quiet=True, title=f"제목 {n}") for n in range(9)))
    publish(settings, store, registry)
    for n in range(7):
        store.digests.decide("hide", entry(str(n)).id, now=NIGHT)
    publish(settings, store, registry)
    (held,) = store.deliveries.list([p.DeliveryState.HELD])
    assert held.reason == "shrunk"
    tomorrow = NIGHT + timedelta(days=1)
    came(store, entry("a", is_quiet=True, title="다른 소식 하나"), at=tomorrow)
    publish(settings, store, registry, tomorrow)
    (held,) = store.deliveries.list([p.DeliveryState.HELD])  # still small beside what citizens see
    store.deliveries.release([held.id])
    store.deliveries.claim(held.id, tomorrow)
    store.deliveries.settle(held.id, p.DeliveryState.SENT)
    came(store, entry("b", is_quiet=True, title="또 다른 소식"), at=tomorrow)
    publish(settings, store, registry, tomorrow)
    assert [d.reason for d in store.deliveries.list([p.DeliveryState.PENDING])] == [""]


def test_editors_decisions_reach_every_channel_and_can_be_undone(settings, store, registry):
    """Join, split, retitle and hide are obeyed; ``stories_of`` shows the same; undone, all is as before."""
    one, two = entry("1"), entry("2", source_id="blog", kind=p.Kind.POST)
    came(store, one, two)
    publish(settings, store, registry)
    before = {s.id: s.members for s in stories_of(store, None)}
    seq = store.digests.decide("join", one.id, {"items": [two.id]}, now=NIGHT)
    store.digests.decide("retitle", one.id, {"title": "편집자 제목"}, now=NIGHT)
    publish(settings, store, registry)
    (story,) = stories_of(store, None)
    assert ([e.source_id for e in story.members], story.primary.title) == (["notice", "blog"], "편집자 제목")
    assert [row.members for row in store.digests.all_stories()] == [tuple(e.id for e in story.members)]
    store.digests.undo(seq, now=NIGHT)
    publish(settings, store, registry)
    assert {s.id for s in stories_of(store, None)} == set(before)
    assert {row.id for row in store.digests.all_stories()} == set(before)


def test_a_changed_deadline_is_told_once_with_old_and_new(settings, store, registry):
    """CI3: the next edition carries one correction; a corrected typo makes none."""
    old = entry("1", kind=p.Kind.COURSE)
    came(store, old, entry("2"))
    publish(settings, store, registry)
    later = NIGHT + timedelta(hours=5)
    new = replace(old, course=course(apply_until_at=seoul(12, 4, 18)), content_hash="x")
    store.entries.apply(
        "notice",
        [
            p.Revised(entry=new, material=("apply_until",), before=(old.course.apply_until_at.isoformat(),)),
            p.Revised(entry=replace(entry("2"), title="고친 제목")),
        ],
        now=later,
    )
    publish(settings, store, registry, NIGHT + timedelta(days=1))
    assert letter(settings, "2026-11-24").splitlines()[1:] == [
        "changed: 가온시 겨울 인문학 강연 1 [changed] 접수 마감이 11월 30일(월) 18시에서 12월 4일(금) 18시로 바뀌었습니다."
    ]
    result = publish(settings, store, registry, NIGHT + timedelta(days=2))
    assert states(result)["daily/2026-11-25"] == "nothing-new"


def test_withdrawn_entries_leave_the_site_but_keep_their_story(settings, store, registry):
    """Pain 15: gone from site and front; when the entry returns it has its old story id."""
    came(store, entry("1"), entry("2", source_id="blog", kind=p.Kind.POST, title=entry("1").title))
    publish(settings, store, registry)
    (story,) = stories_of(store, None)
    store.entries.apply("blog", [p.Gone(entry_id=story.members[1].id)], now=NIGHT)
    publish(settings, store, registry)
    assert len(stories_of(store, None)[0].members) == 1
    assert len(store.digests.all_stories()[0].members) == 2


def test_a_lost_output_folder_is_made_again(settings, store, registry):
    """An emptied ``output/`` is noticed although nothing changed in the store."""
    came(store, entry("1"))
    publish(settings, store, registry)
    (Path(settings.output) / "editions/site/home/manifest.json").unlink()
    assert states(publish(settings, store, registry))["site"] == "made"
    assert json.loads((Path(settings.output) / "editions/site/home/manifest.json").read_bytes())["channel"] == "home"


def test_a_change_of_templates_or_settings_renders_the_site_anew(settings, store, registry):
    """Everything that decides the bytes is part of the question whether anything changed."""
    came(store, entry("1"))
    publish(settings, store, registry)
    folder = Path(settings.project) / "config" / "templates"
    folder.mkdir(parents=True)
    (folder / "home.html.j2").write_text("x")
    assert states(publish(settings, store, registry))["site"] == "unchanged"  # rendered, and the bytes were equal
    assert (
        states(
            publish(replace(settings, institute=replace(INSTITUTE, name="다른 곳"), config_hash="c2"), store, registry)
        )["site"]
        == "unchanged"
    )


def test_two_digests_share_one_site(settings, store, registry):
    """The first digest stands in front, the other's editions in the archive."""
    courses = p.DigestSpec(id="courses", title="강좌 {date}", kinds=(p.Kind.COURSE,), channels=("letter", "home"))
    both = replace(settings, digests=(DAILY, courses))
    came(store, entry("1"), entry("2", kind=p.Kind.COURSE))
    result = publish(both, store, registry)
    assert [e.id for e in result.editions] == ["daily/2026-11-23", "courses/2026-11-23", "site"]
    assert home(both)["archive"] == ["courses/2026-11-23"]
    assert len(home(both)["front"]) == 2
    assert len({d.id for d in store.deliveries.list()}) == 3


def test_without_a_site_there_is_none(settings, store, registry):
    """A digest of letters only has no site line in the report."""
    came(store, entry("1"))
    only = replace(settings, digests=(replace(DAILY, channels=("letter",)),))
    assert states(publish(only, store, registry)) == {"daily/2026-11-23": "made"}
    assert states(publish(only, store, registry)) == {"daily/2026-11-23": "unchanged"}


def test_a_site_that_fails_leaves_edition_and_old_site(settings, store, registry):
    """P40: the old pages stay whole, the edition is made all the same, and the next run tries again."""
    came(store, entry("1"))
    publish(settings, store, registry)
    old = home(settings)
    tomorrow = NIGHT + timedelta(days=1)
    came(store, entry("2"), at=tomorrow)
    broken = Path(settings.project) / "plugins" / "tsick.py"
    broken.write_text(HOME.replace("told = {", "told = digest.nothing or {"), encoding="utf-8")
    ill = replace(settings, channels=(settings.channels[0], replace(settings.channels[1], renderer="tsick")))
    again = Registry({"renderers": [broken.parent]}, installed=False)
    for _try in range(2):
        result = publish(ill, store, again, tomorrow)
        assert states(result)["site"] == "failed"
        assert [(e.subject, e.code) for e in result.errors] == [("site/home", "render-failed")]
    assert home(settings) == old
    assert letter(settings, "2026-11-24").count("강연 2") == 1
    assert states(publish(settings, store, again, tomorrow))["site"] == "made"


def test_the_site_shows_how_fresh_each_source_is(settings, store, registry, monkeypatch):
    """Health and last success of a source reach its card; a source never run has none."""
    seen = {}
    monkeypatch.setattr(
        "pipeline.publish.perpetual.renew", lambda _d, _c, _r, digest, **_k: seen.update(digest=digest) or 1 / 0
    )
    store.source_states.save([p.SourceState(source_id="notice", last_success_at=NIGHT, health=p.Health.STALE)])
    came(store, entry("1"))
    with pytest.raises(ZeroDivisionError):
        publish(settings, store, registry)
    (card,) = seen["digest"].sources
    assert (card.name, card.last_success_at, card.health) == ("공지", NIGHT, p.Health.STALE)


def test_a_deadline_moved_twice_is_told_from_where_readers_know_it(settings, store, registry):
    """Two changes between two editions are one correction: from the first old value to the present one."""
    first = entry("1", kind=p.Kind.COURSE)
    came(store, first)
    publish(settings, store, registry)
    moved = replace(first, course=course(apply_until_at=seoul(12, 2, 18)), content_hash="x")
    last = replace(first, course=course(apply_until_at=seoul(12, 4, 18), place="대강당"), content_hash="y")
    steps = (
        (moved, ("apply_until",), (first.course.apply_until_at.isoformat(),)),
        (last, ("apply_until", "place"), (moved.course.apply_until_at.isoformat(), first.course.place)),
    )
    for hours, (new, fields, before) in enumerate(steps, 1):
        change = p.Revised(entry=new, material=fields, before=before)
        store.entries.apply("notice", [change], now=NIGHT + timedelta(hours=hours))
    publish(settings, store, registry, NIGHT + timedelta(days=1))
    assert letter(settings, "2026-11-24").endswith(
        "접수 마감이 11월 30일(월) 18시에서 12월 4일(금) 18시로 바뀌었습니다. 장소가 평생학습관 201호에서 대강당으로 바뀌었습니다."
    )


def test_whoever_writes_meanwhile_is_not_overlooked(settings, store, registry, monkeypatch):
    """A decision made while we rendered is seen by the next run, although this run ended well."""
    from pipeline.publish import site

    real = site.make

    def slow(desk):
        made = real(desk)
        store.digests.decide("hide", entry("1").id, now=NIGHT)
        return made

    came(store, entry("1"), entry("2"))
    with monkeypatch.context() as patch:
        patch.setattr(site, "make", slow)
        publish(settings, store, registry)
    assert home(settings)["pages"] == 3
    assert states(publish(settings, store, registry))["site"] == "made"
    assert home(settings)["pages"] == 2


def test_what_may_be_one_story_is_kept_for_an_editor(settings, store, registry):
    """Two stories that readers know are not merged when a third shows them alike; the doubt stays until it is decided."""
    words = own_words()
    lead = "봄맞이 시민 걷기 한마당에 참여할 분을 모집합니다. 3월 5일부터 3월 13일까지 신청하세요."
    titles = ("봄맞이 시민 걷기 한마당 모집", "시민 걷기 한마당에서 만나요", "[알림] 봄맞이 시민 걷기 한마당")
    posts = [entry(str(n), source_id=f"board-{n}", title=t, lead=lead) for n, t in enumerate(titles)]
    came(store, posts[0], posts[1])
    publish(settings, store, registry)
    settings = replace(settings, facets=words)
    came(store, posts[2])
    publish(settings, store, registry)
    ((pair, _one, _other),) = doubts_of(store, words)
    assert len(stories_of(store, words)) == 2
    publish(settings, store, registry)
    assert [p for p, *_ in doubts_of(store, words)] == [pair]
    store.digests.decide("join", pair.a, {"other": pair.b}, now=NIGHT)
    assert doubts_of(store, words) == ()
