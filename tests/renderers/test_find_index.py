"""The search index from build to build: whatever came before, the same is found as if all were made anew."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pipeline.model as p
from renderers import _find, _pairs, _segments, website
from tests.renderers.digest import INSTITUTE, digest
from tests.renderers.finding import Finder, Kept, told
from tests.renderers.test_website_find import asked

WORDS = (
    "평생학습",
    "학습관",
    "시흥시",
    "강좌",
    "접수",
    "마을",
    "Ｃafé",
    "3기",
    "밤",
    "𠮷",
    "가",
)  # one of them lies beyond 16 bits
QUESTIONS = (
    "",
    "학습",
    "평생 학습관",
    "시흥시평생학습관",
    "강좌 접수",
    "관",
    "밤",
    "마을강",
    "𠮷",
    "𠮷가",
    "CAFÉ",
    "3",
    "없는말",
)


def text_of(chance: random.Random, words: int) -> str:
    return "".join(chance.choice(WORDS) + chance.choice(("", " ", "\n", "·", "_")) for _ in range(words))


class Library:
    """Stories that come, change, move and go."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.stories: dict[int, p.Story] = {}
        self.hidden: dict[int, p.Story] = {}
        self.count = 0

    def do(self, what: str, number: int) -> None:
        chosen = sorted(self.stories)[number % len(self.stories)] if self.stories else 0
        match what:
            case "add":
                self.count += 1
                self.write(self.count)
            case "change" if chosen:
                self.write(chosen)
            case "move" if chosen:
                self.write(chosen, days=self.chance.randrange(-3, 3))
            case "hide" if chosen:
                self.hidden[chosen] = self.stories.pop(chosen)
            case "show" if self.hidden:
                back, story = self.hidden.popitem()
                self.stories[back] = story

    def write(self, number: int, days: int = 0) -> None:
        title = f"{text_of(self.chance, 2)} {number}호"
        self.stories[number] = told(number, title, text_of(self.chance, 6), days=days)

    @property
    def all(self) -> Sequence[p.Story]:
        return list(self.stories.values())


STEP = st.tuples(
    st.sampled_from(["add"] * 6 + ["change"] * 4 + ["move", "hide", "hide", "show", "lose"]), st.integers(0, 999)
)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Segments so small that a few dozen stories meet everything."""
    monkeypatch.setattr(_segments, "SEGMENT", 16)
    monkeypatch.setattr(_segments, "FRESH", 4)
    monkeypatch.setattr(_find, "PART", 4)


@pytest.mark.usefixtures("small")
@given(seed=st.integers(0, 10**6), first=st.integers(0, 60), nights=st.lists(st.lists(STEP, max_size=8), max_size=8))
@settings(max_examples=60, deadline=None)
def test_what_was_built_on_says_what_is_built_anew(seed: int, first: int, nights: list[list[tuple[str, int]]]) -> None:
    """Build on after any changes: answers equal those of an index made from nothing, in the same order, nothing hidden lies about."""
    library, kept = Library(seed), Kept()
    for number in range(first):
        library.do("add", number)
    for steps in [[], *nights]:
        for what, number in steps:
            kept.lose(number) if what == "lose" else library.do(what, number)
        now = Finder(kept.build(library.all).files)
        anew = Finder(Kept().build(library.all).files)
        for question in QUESTIONS:
            assert now(question) == anew(question), question
        assert len(now("")) == len(library.stories)
        assert len(now.fresh) <= 4
        assert all(size <= 16 for _name, size, _parts, _dead in now.segments)
        everything = b"".join(kept.files.values()).decode()
        assert not [n for n in library.hidden if f"s{n:012x}" in everything]


@pytest.mark.slow
@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("seed", [1, 2])
def test_a_browser_finds_what_was_built_on(visit, monkeypatch, seed):
    """The page's own script gives the answers that the tests above take from the files, in their order."""
    monkeypatch.setattr(_segments, "SEGMENT", 8)
    library, kept = Library(seed), Kept()
    for number in range(24):
        library.do("add", number)
    for number in range(6):
        kept.build(library.all)
        library.do(("change", "add", "move", "change", "hide", "add")[number], number * 7)
    now = Finder(kept.build(library.all).files)
    assert len(now.segments) > 1
    assert now.fresh
    assert any(dead for _name, _size, _parts, dead in now.segments)
    visit._files = files_of(library, kept)
    for question in QUESTIONS:
        visit.asked.clear()
        told = asked(visit(f"find.html?q={question}"))
        assert told == [line[1] for line in now(question)], question
        assert {url for url in visit.asked if "/find/" in url} == {f"{INSTITUTE.site_url}/{path}" for path in now.asked}
    assert visit.complaints == []


@pytest.mark.slow
@pytest.mark.usefixtures("small")
def test_an_open_page_finds_what_came_since(visit):
    """A page that was opened before the site was renewed names segments that are gone; it asks which there are now."""
    library, kept = Library(3), Kept()
    for number in range(20):
        library.do("add", number)
    visit._files = files_of(library, kept)
    page = visit("find.html")
    assert len(asked(page)) == 20
    for number in (1, 8, 15):
        library.do("hide", number)
    visit._files = files_of(library, kept)
    assert len(kept.written) > 2
    page.fill("#f-q", "호")
    page.evaluate("() => { document.querySelector('[data-found]').textContent = ''; }")
    page.press("#f-q", "Enter")
    assert asked(page) == [line[1] for line in Finder(kept.files)("호")]
    assert page.locator("[data-rows] .row").count() == 17


def files_of(library: Library, kept: Kept) -> dict[str, p.Artifact]:
    """The whole site, with the index as it was built on."""
    site = website.render(website.Options(), digest(sections=(), library=tuple(library.all)))
    script = "application/javascript"
    found = kept.build(library.all).files.items()
    index = {path: p.Artifact(path=path, media_type=script, body=body) for path, body in found}
    return {a.path: a for a in site if not a.path.startswith("find/")} | index


def many(count: int) -> list[p.Story]:
    """Stories of real length, that differ."""
    chance = random.Random(count)
    return [told(n, f"{text_of(chance, 3)} {n}호", text_of(chance, 40)) for n in range(count)]


@pytest.mark.parametrize("count", [0, 1, 128, 129, 3000])
def test_segments_hold_every_story_once(count: int) -> None:
    """No story is lost or twice, few lie beside the segments, and no segment grows without bound."""
    made = Kept().build(many(count))
    now = Finder(made.files)
    assert [line[1].split()[-1] for line in now("")] == [f"{n}호" for n in reversed(range(count))]
    assert len(now.fresh) == (count if count <= _segments.FRESH else 0)
    assert all(size <= _segments.SEGMENT for _name, size, _parts, _dead in now.segments)
    assert len(made.files) <= 1 + len(now.segments) + count / _find.PART + len(now.segments)


def test_ten_changes_anywhere_write_one_file() -> None:
    """Ten of thousands of stories changed: one file is written and ten bodies are read; so for nights, until many have changed."""
    stories = many(3000)
    made = Kept().build(stories)
    size = sum(map(len, made.files.values()))
    for night in range(_segments.FRESH // 10):
        for n in range(10):
            at = 300 * n + night
            stories[at] = told(at, f"고친 제목 {night} {at}호", "고친 글")
        made.build(stories)
        assert made.written == {_find.NOW}
        assert len(made.bodies) == 10 * (night + 1)
        assert len(made.files[_find.NOW]) < size / 20
        assert len(Finder(made.files)("고친글")) == 10 * (night + 1)


def test_new_stories_never_touch_the_old() -> None:
    """Thirty new ones a night: what is written in a year follows what is new, and no old segment is made again."""
    stories = many(3000)
    made = Kept().build(stories)
    old = {path for path in made.files if path != _find.NOW}
    bodies = 0
    for night in range(20):
        stories += [told(n, f"새 소식 {n}호", "새 글") for n in range(len(stories), len(stories) + 30)]
        made.build(stories)
        bodies += len(made.bodies)
        assert old <= made.files.keys()
    assert bodies < 20 * 30 * 8
    assert len(Finder(made.files).segments) <= 2 + 4


def test_what_is_withdrawn_leaves_every_file_at_once() -> None:
    """Its segment is made again without it, alone; letters, title and address are nowhere any more."""
    stories = many(5000)
    stories[700] = told(700, "거둔 소식 휇휈", "휉휊")
    made = Kept().build(stories)
    assert len(Finder(made.files)("휇휈")) == 1
    assert any("휉휊" in body.decode() for body in made.files.values())
    del stories[700]
    made.build(stories)
    assert 1 < len(made.written) < 2 * len(made.files) * 0.4  # of three segments the oldest, before and after
    assert not any(word in body.decode() for body in made.files.values() for word in ("휇휈", "휉휊", "거둔 소식"))


def test_every_pair_of_a_text_leads_to_its_story() -> None:
    """Letters and digits only, small, whatever stands between them; no pair crosses from one field to the next."""
    texts = _pairs.letters([["가나 다", "라_마"], [], ["ＡÉ\u0301 b.", "", "𠮷"], [""]])
    assert texts == ["가나다 라마", "", "ａéb" + "  " + chr(0xE000 + 0x20BB7 % 0x1900), ""]
    pairs = {}
    for told_pairs, places in _pairs.parts(texts, 3):
        found = (told_pairs[n : n + 2] for n in range(0, len(told_pairs), 2))
        pairs |= dict(zip(found, places.split(","), strict=False))
    assert pairs["가나"] == pairs["나다"] == pairs["다 "] == "AA"
    assert pairs["éb"] == "AC"
    assert "다라" not in pairs
    assert _pairs.positions([0, 1, 64, 4095]) == "AAABBA__"
