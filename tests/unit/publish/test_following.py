"""Folding what changed equals folding everything: whatever comes, changes, goes or is decided, in nights of any order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

import pipeline.model as p
from pipeline.collect.fingerprints import content_hash
from pipeline.publish.desk import Desk
from pipeline.publish.fold import Folded
from pipeline.store import compiled
from pipeline.store.meta import FOLD
from pipeline.store.store import Store
from pipeline.text import urls
from tests.factories import NIGHT, course, entry, said
from tests.unit.publish.telling import WORDS

SOURCES = ("house", "blog", "tube", "town")
TITLES = (  # copies, series, siblings, calls that read alike, and titles that say nothing
    "2026 시민강좌 [가죽공예] 수강생 모집",
    "가죽공예, 이번 봄에 시작해요",
    "[가온배움관] 시민강좌 가죽공예 모집 알림",
    "2026 시민강좌 [제과제빵] 수강생 모집",
    "제과제빵, 이번 봄에 시작해요",
    "가온시 겨울 인문학 강연 참여 안내",
    "가온시 겨울 인문학 강연 참여 안내!",
    "12월 휴관 안내",
)
LEADS = (
    "가온배움관에서 가죽공예 수강생을 찾습니다. 접수 3. 2.~3. 12.",
    "가온배움관에서 제과제빵 수강생을 찾습니다. 접수 3. 3.~3. 13.",
    "겨울 인문학 강연을 엽니다.",
)
KINDS = (p.Kind.NOTICE, p.Kind.POST, p.Kind.VIDEO, p.Kind.COURSE)
DAYS = (0, 0, 1, 4, 8, 40, 200)
PLACES = tuple(f"https://town.example/{n}" for n in range(5))
SLOTS = 12
VERBS = ("new", "new", "new", "revise", "revise", "gone", "held", "release", "hide", "pin", "retitle", "note",
         "join", "split", "apart", "move", "undo", "picture", "redraw")  # fmt: skip
OPS = st.tuples(st.sampled_from(VERBS), *(st.integers(0, 10_000) for _ in range(3)))
NIGHTS = st.lists(st.lists(OPS, min_size=1, max_size=6), min_size=2, max_size=5)
OTHERS = [
    entry(f"o{n}", source_id="town", title=f"{name} 마당 {n}째 이야기", lead=f"{name} 마당을 엽니다.")
    for n, name in enumerate("버들 수련 느릅 참빛 다래 모과 살구 앵두 오디 자두 호두 석류".split())
]


class Town:
    """One store, and the night's fold over it."""

    def __init__(self, folder: Path, *, is_whole: bool, url: str = "sqlite://") -> None:
        self.store = Store.open(url)
        self.output = folder
        self.is_whole = is_whole
        self.at = NIGHT
        for source in SOURCES:
            mine = [p.New(entry=e) for e in OTHERS if e.source_id == source]
            self.store.entries.apply(source, mine, now=NIGHT)

    def night(self, ops: Sequence[tuple[str, int, int, int]]) -> None:
        self.at += timedelta(days=1)
        for verb, *numbers in ops:
            getattr(self, f"_{verb}")(*numbers)

    def shelf(self, *, is_dry: bool = False) -> Any:
        if self.is_whole:
            self.store.digests.set_meta(FOLD, None)
        house: Any = SimpleNamespace(facets=WORDS, output=str(self.output))
        desk = Desk(settings=house, store=self.store, plugins=None, now=self.at, as_of=self.at, is_dry=is_dry)  # type: ignore[arg-type]
        return desk.shelf

    def kept(self) -> dict[str, Any]:
        """Everything a fold keeps for the next night."""
        rows = self.store._db.say
        return {
            "stories": rows("SELECT id, primary_id, first_seen_at, mark, open_until_at FROM stories ORDER BY 1"),
            "members": rows("SELECT entry_id, story_id, position, why FROM story_members ORDER BY 1"),
            "keys": rows("SELECT entry_id, key FROM story_keys ORDER BY 1, 2"),
            "meta": [self.store.digests.get_meta(name) for name in ("stories_aside", "stories_doubts")],
        }

    def _entry(self, slot: int, a: int, b: int) -> p.Entry:
        number, source = slot % SLOTS, SOURCES[slot % 4]
        kind, place = KINDS[a % 4], PLACES[a // 4 % 5]
        url = place if b % 3 else f"https://{source}.example/{number}"
        day = NIGHT + timedelta(days=DAYS[b % 7])
        made = entry(
            str(number),
            source_id=source,
            kind=kind,
            title=TITLES[a // 20 % 8],
            lead=LEADS[b // 3 % 3],
            text=LEADS[b // 3 % 3],
            url=url,
            url_hash=urls.url_hash(url),
            links=tuple(PLACES[n % 5] for n in (b // 21, b // 105)[: a // 160 % 3]),
            published=said(day) if b % 2 else said(day, inferred=True),
            first_seen_at=None,
            image=p.Image(url=f"https://pics.example/{b % 2}.jpg") if a % 5 == 0 else None,
            course=course(apply_until_at=day + timedelta(days=9)) if kind is p.Kind.COURSE else None,
        )
        return replace(made, content_hash=content_hash(made))

    def _apply(self, change: p.Change, source: str) -> None:
        self.store.entries.apply(source, [change], now=self.at)

    def _new(self, slot: int, a: int, b: int) -> None:
        made = self._entry(slot, a, b)
        self._apply(p.New(entry=made), made.source_id)

    def _revise(self, slot: int, a: int, b: int) -> None:
        made = self._entry(slot, a, b)
        self._apply(p.Revised(entry=made), made.source_id)

    def _gone(self, slot: int, a: int, b: int) -> None:
        made = self._entry(slot, a, b)
        self._apply(p.Gone(entry_id=made.id), made.source_id)

    def _held(self, slot: int, a: int, b: int) -> None:
        made = self._entry(slot, a, b)
        self._apply(p.Quarantined(entry=made, reason="flood"), made.source_id)

    def _release(self, slot: int, a: int, b: int) -> None:
        self.store.entries.release([self._entry(slot, a, b).id], now=self.at)

    def _subject(self, number: int) -> str:
        """An entry, the story it is in, or somebody nobody knows."""
        found = [*(e.id for e in OTHERS[:2]), *(self._entry(n, 0, 0).id for n in range(SLOTS))]
        chosen = found[number // 2 % len(found)]
        homes = self.store.digests.assignments([chosen])
        return homes.get(chosen, chosen) if number % 2 else chosen

    def _decide(self, verb: str, subject: int, args: dict[str, str]) -> None:
        self.store.digests.decide(verb, self._subject(subject), args, now=self.at)

    def _hide(self, one: int, _a: int, _b: int) -> None:
        self._decide("hide", one, {})

    def _pin(self, one: int, _a: int, _b: int) -> None:
        self._decide("pin", one, {})

    def _retitle(self, one: int, a: int, _b: int) -> None:
        self._decide("retitle", one, {"title": f"고친 제목 {a}"})

    def _note(self, one: int, a: int, _b: int) -> None:
        self._decide("note", one, {"note": f"한마디 {a}"})

    def _join(self, one: int, a: int, _b: int) -> None:
        self._decide("join", one, {"other": self._subject(a)})

    def _split(self, one: int, _a: int, _b: int) -> None:
        self._decide("split", one, {})

    def _apart(self, one: int, a: int, _b: int) -> None:
        self._decide("apart", one, {"other": self._subject(a)})

    def _move(self, one: int, a: int, _b: int) -> None:
        self._decide("move", one, {"edition": "daily/2026-11-23", "before": self._subject(a), "section": "news"})

    def _undo(self, one: int, _a: int, _b: int) -> None:
        log = self.store.digests.decisions()
        if log:
            self.store.digests.undo(log[one % len(log)].seq, now=self.at)

    def _picture(self, one: int, a: int, _b: int) -> None:
        """A picture has come, is refused, or is forgotten."""
        url = f"https://pics.example/{one % 2}.jpg"
        if a % 4 == 0:
            self.store.pictures.forget([url])
            return
        files = (p.ImageFile(use=p.Use.W640, path="aa/a.webp", media_type="image/webp", width=a + 1, height=1, bytes=1, sha256="aa"),)  # fmt: skip
        picture = p.Picture(files=files if a % 4 > 1 else (), problem="" if a % 4 > 1 else "too-small")
        self.store.pictures.save([p.KnownPicture(url=url, source_id="house", picture=picture)])

    def _redraw(self, one: int, _a: int, _b: int) -> None:
        """One that was there is asked for again."""
        url = f"https://pics.example/{one % 2}.jpg"
        self.store.pictures.save([p.KnownPicture(url=url, source_id="house", picture=p.Picture(), again_at=self.at)])


@contextmanager
def towns(folder: Path) -> Iterator[tuple[Town, Town]]:
    """One town that follows, and one that folds everything every night."""
    (folder / "media/aa").mkdir(parents=True, exist_ok=True)
    (folder / "media/aa/a.webp").write_bytes(b"x")
    one, other = Town(folder, is_whole=False), Town(folder, is_whole=True)
    try:
        yield one, other
    finally:
        one.store.close()
        other.store.close()


def told(shelf: Any, at: datetime, town: Town) -> dict[str, Any]:
    """Everything that may be asked of a shelf."""
    due = [e.id for e in OTHERS] + [town._entry(n, 0, 0).id for n in range(SLOTS)]
    speaking: Folded = shelf.speaking(due, at)
    return {
        "all": tuple(map(bare, shelf.newest)),
        "ids": shelf.ids,
        "hidden": tuple(map(bare, speaking.hidden)),
        "stories": {story.id: bare(story) for story in speaking.stories},
        "said": (speaking.pinned, speaking.notes, speaking.aside, speaking.moves),
        "doubts": speaking.doubts,
    }


def bare(story: p.Story) -> p.Story:
    """A story without the bodies a fold may have read to weigh its words."""
    members = tuple(replace(member, text="", body_html="") for member in story.members)
    return replace(story, primary=members[0], members=members)


# An editor joined an entry to another story before it came; it comes, and reads like a third story, which goes along with it.
TAKEN_ALONG = [
    [("revise", 276, 335, 430), ("new", 9313, 0, 2292), ("new", 9313, 0, 2292), ("retitle", 85, 2786, 146), ("gone", 1862, 2032, 8337)],
    [("join", 6692, 1825, 624)],
    [("gone", 1648, 4519, 210), ("move", 69, 3034, 68), ("new", 12, 6692, 1825)],
]  # fmt: skip
# The same, but what the editor said is a title, and the entry is split off again: the third story keeps the title.
LEFT_BEHIND = [[("new", 9313, 0, 2292)], [("retitle", 4, 7, 0), ("split", 4, 0, 0)], [("new", 12, 6692, 1825)]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("output")


@settings(
    max_examples=60, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate]
)  # shrinking takes minutes
@example(nights=TAKEN_ALONG, is_dry=False)
@example(nights=TAKEN_ALONG, is_dry=True)
@example(nights=LEFT_BEHIND, is_dry=False)
@example(nights=LEFT_BEHIND, is_dry=True)
@given(nights=NIGHTS, is_dry=st.booleans())
def test_following_is_folding(folder: Path, nights: list[list[tuple[str, int, int, int]]], is_dry: bool) -> None:
    """After every night both ways tell the same stories and keep the same rows, marks, keys, doubts and assignments."""
    with towns(folder) as (one, other):
        one.shelf()
        other.shelf()
        for ops in nights:
            one.night(ops)
            other.night(ops)
            if is_dry:
                assert told(one.shelf(is_dry=True), one.at, one) == told(other.shelf(is_dry=True), other.at, other)
            assert told(one.shelf(), one.at, one) == told(other.shelf(), other.at, other)
            assert one.kept() == other.kept()


def _post(number: int, *targets: int) -> p.Entry:
    links, name = tuple(f"https://town.example/t{n}" for n in targets), ("바위", "구름", "여울")[number]
    title, lead = f"{name}골 블로그 글", f"{name}골에 다녀왔어요."
    return entry(f"b{number}", source_id="blog", kind=p.Kind.POST, title=title, lead=lead, text=lead, links=links)


def _target(number: int) -> p.Entry:
    name, url = ("", "항아리", "풍경소리", "반딧불")[number], f"https://town.example/t{number}"
    return entry(f"t{number}", source_id="house", title=f"{name} 마당 공고", lead=f"{name}!", text=f"{name}!", url=url)


LINKS = {  # what is changed is three links away from whom it concerns, by way of posts that point to one thing or to two
    "a third post becomes the one that makes boilerplate": [_post(0, 1), _post(1, 1), _post(2, 1, 2)],
    "a post that points to two things still makes none": [_post(0, 1), _post(1, 1, 3), _post(2, 1, 2)],
}


@pytest.mark.parametrize("posts", LINKS.values(), ids=LINKS)
def test_reasons_change_three_links_away(folder: Path, posts: list[p.Entry]) -> None:
    """A target is withdrawn: its linker now points to another one, whose own story has its reasons counted anew."""
    with towns(folder) as (one, other):
        for town in (one, other):
            town.shelf()
            town.store.entries.apply("house", [p.New(entry=_target(n)) for n in (1, 2, 3)], now=town.at)
            town.store.entries.apply("blog", [p.New(entry=post) for post in posts], now=town.at)
            town.shelf()
            town.shelf()
            town.store.entries.apply("house", [p.Gone(entry_id=_target(2).id)], now=town.at)
        assert tuple(map(bare, one.shelf().newest)) == tuple(map(bare, other.shelf().newest))
        assert one.kept() == other.kept()


def test_a_night_reads_only_what_changed(folder: Path) -> None:
    """One entry edited: one story is folded anew, the others are not even read."""
    with towns(folder) as (one, _other):
        one.shelf()
        one.store.entries.apply(
            "town", [p.Revised(entry=replace(OTHERS[3], lead="고친 글", content_hash="x"))], now=one.at
        )
        shelf = one.shelf()
        assert [e.id for story in shelf._folded.whole for e in story.members] == [OTHERS[3].id]
        assert len(shelf._open) == 1
        assert len(shelf.ids) == len(OTHERS)


def _read(town: Town, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """How many statements a night with one edited entry runs, and how many rows it reads."""
    read: list[int] = []
    real = compiled.told
    edited = replace(OTHERS[3], lead="고친 글", content_hash=f"x{town.at}")
    town.store.entries.apply("town", [p.Revised(entry=edited)], now=town.at)
    with monkeypatch.context() as patched:
        patched.setattr(compiled, "told", lambda wanted, found: read.append(len(found)) or real(wanted, found))
        assert town.shelf().of(["nobody"]) == {}
    return len(read), sum(read)


def test_a_night_costs_the_same_beside_ten_times_the_archive(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Statements and rows follow what changed; nothing counts or scans what is stored already."""
    with towns(folder) as (one, _other):
        one.shelf()
        small = _read(one, monkeypatch)
        more = [entry(f"m{n}", source_id="house", title=f"{chr(0xAC00 + 61 * n)} 마당 이야기 {n}") for n in range(120)]
        one.store.entries.apply("house", [p.New(entry=e) for e in more], now=one.at)
        one.shelf()
        one.shelf()
        assert _read(one, monkeypatch) == small
        assert small[1] < 40


def test_all_is_folded_anew_once_after_an_upgrade_is_followed_then(folder: Path) -> None:
    """Another version of the rules folds everything; the night after it follows again."""
    with towns(folder) as (one, _other):
        one.shelf()
        one.store.digests.set_meta(FOLD, {"version": 10**9, "ground": "older"})
        assert one.shelf()._touched is None
        assert one.shelf()._touched == frozenset()


def test_too_much_change_folds_everything(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the limit the neighbourhood is not walked."""
    with towns(folder) as (one, _other):
        one.shelf()
        monkeypatch.setattr(p.limits, "FOLD_FOLLOWED", 0)
        one.night([("new", 1, 1, 1)])
        assert one.shelf()._touched is None
