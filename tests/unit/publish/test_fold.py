"""Stories: stable ids, one primary, reasons kept, editors' decisions over everything and undoable."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

import pipeline.model as p
from pipeline.publish.editing import Decision, story_id
from pipeline.publish.fold import fold
from tests.factories import NIGHT, entry

TITLE = "가온시 겨울 인문학 강연 참여 안내"
NOTICE = entry("1", title=TITLE)
POST = entry("2", kind=p.Kind.POST, source_id="blog", title=TITLE, first_seen_at=NIGHT - timedelta(hours=1))
VIDEO = entry("3", kind=p.Kind.VIDEO, source_id="tube", title="다른 영상")
LONE = entry("4", title="혼자 있는 다른 공지")


def ids(stories: tuple[p.Story, ...]) -> set[frozenset[str]]:
    return {frozenset(e.id for e in s.members) for s in stories}


def test_the_notice_speaks_for_the_story_of_notice_and_post():
    """The primary is chosen by kind, whatever came first; id and first-seen come from the first entry."""
    (story,) = fold([NOTICE, POST]).stories
    assert (story.primary, story.members) == (NOTICE, (NOTICE, POST))
    assert (story.id, story.first_seen_at) == (story_id(POST.id), POST.first_seen_at)
    assert story.why == (p.Join(a=POST.id, b=NOTICE.id, reason="same-title"),)


def test_every_kind_has_its_rank():
    """Course before notice before event before news before post before video."""
    kinds = [p.Kind.VIDEO, p.Kind.POST, p.Kind.NEWS, p.Kind.EVENT, p.Kind.NOTICE, p.Kind.COURSE]
    url = "https://one.example/page"
    members = [entry("k", kind=kind, source_id=f"s{n}", url=url) for n, kind in enumerate(kinds)]
    (story,) = fold(members).stories
    assert [e.kind for e in story.members] == kinds[::-1]
    assert len(story.why) == len(members) - 1


def test_an_id_once_given_stays_when_an_older_entry_joins():
    """A story told yesterday keeps its id although an entry first seen earlier now belongs to it."""
    known = {NOTICE.id: story_id(NOTICE.id)}
    (story,) = fold([NOTICE, POST], known).stories
    assert story.id == story_id(NOTICE.id)


def test_rules_never_merge_two_known_stories():
    """Two stories already told stay two, even if a rule would join them today."""
    known = {NOTICE.id: "s1", POST.id: "s2"}
    assert {s.id for s in fold([NOTICE, POST], known).stories} == {"s1", "s2"}


def test_what_was_joined_stays_joined_when_the_reason_is_gone():
    """An edited title does not tear a story apart; the join says it is kept."""
    (story,) = fold([NOTICE, VIDEO], {NOTICE.id: "s1", VIDEO.id: "s1"}).stories
    assert (story.id, [j.reason for j in story.why]) == ("s1", ["kept"])


def test_a_newcomer_cannot_take_a_member_away():
    """Members of a known story are united first; a new entry joins them, not the other way round."""
    known = {NOTICE.id: "s1", POST.id: "s1"}
    copy = entry("5", title=TITLE, source_id="portal", first_seen_at=NIGHT - timedelta(days=1))
    (story,) = fold([NOTICE, POST, copy], known).stories
    assert (story.id, [j.reason for j in story.why]) == ("s1", ["same-title", "same-title"])


def test_what_was_set_apart_stays_when_the_other_is_withdrawn():
    """The last member of a story is not taken out of it."""
    (story,) = fold([POST], {POST.id: "s1"}, [Decision(verb="apart", subject="s1", other=POST.id)]).stories
    assert (story.id, story.members) == ("s1", (POST,))


def test_a_new_story_never_gets_an_id_another_one_had():
    """An id in use elsewhere is passed over."""
    taken = story_id(LONE.id)
    stories = fold([NOTICE, LONE], {NOTICE.id: taken}).stories
    assert len({s.id for s in stories}) == 2
    assert {s.id for s in stories if LONE in s.members} == {story_id(LONE.id, "/1")}


def test_an_editors_join_wins_and_can_be_undone():
    """A join merges under the first story's id; without the decision the two are what they were."""
    before = {s.primary.id: s.id for s in fold([NOTICE, LONE]).stories}
    folded = fold([NOTICE, LONE], before, [Decision(verb="join", subject=NOTICE.id, other=LONE.id)])
    (story,) = folded.stories
    assert (story.id, [j.reason for j in story.why]) == (before[NOTICE.id], ["editor"])
    stored = {e.id: story.id for e in story.members} | dict(folded.aside)
    assert {s.primary.id: s.id for s in fold([NOTICE, LONE], stored).stories} == before


def test_an_editors_split_wins_and_can_be_undone():
    """A split takes one entry out, the rest keep id and reasons; undone, it returns."""
    copy = entry("5", title=TITLE, source_id="portal")
    (whole,) = fold([NOTICE, POST, copy]).stories
    stored = {e.id: whole.id for e in whole.members}
    folded = fold([NOTICE, POST, copy], stored, [Decision(verb="split", subject=POST.id)])
    assert ids(folded.stories) == {frozenset({NOTICE.id, copy.id}), frozenset({POST.id})}
    rest = next(s for s in folded.stories if NOTICE in s.members)
    assert (rest.id, len(rest.why)) == (whole.id, 1)
    told = {e.id: s.id for s in folded.stories for e in s.members} | dict(folded.aside)
    assert ids(fold([NOTICE, POST, copy], told).stories) == {frozenset(stored)}


def test_the_last_word_counts():
    """Split, then joined again by the editor: together."""
    decisions = [Decision(verb="split", subject=POST.id), Decision(verb="join", subject=NOTICE.id, other=POST.id)]
    assert ids(fold([NOTICE, POST], {}, decisions).stories) == {frozenset({NOTICE.id, POST.id})}


def test_an_entry_split_off_again_leaves_the_others_their_story():
    """Split off, given company by a join, split off once more: the company keeps the story, nobody is lost."""
    split, join = Decision(verb="split", subject=POST.id), Decision(verb="join", subject=POST.id, other=LONE.id)
    once = fold([NOTICE, POST, LONE], {}, [split, join])
    again = fold([NOTICE, POST, LONE], {}, [split, join, split])
    assert ids(again.stories) == {frozenset({e.id}) for e in (NOTICE, POST, LONE)}
    (kept,) = (s.id for s in once.stories if LONE in s.members)
    assert kept in {s.id for s in again.stories if LONE in s.members}
    assert len({s.id for s in again.stories}) == 3


def test_hiding_the_entry_that_speaks_hides_the_story():
    """CS5: one command hides it everywhere; hiding another member hides that member only."""
    folded = fold([NOTICE, POST], {}, [Decision(verb="hide", subject=NOTICE.id)])
    assert (folded.stories, len(folded.hidden)) == ((), 1)
    (story,) = fold([NOTICE, POST], {}, [Decision(verb="hide", subject=POST.id)]).stories
    assert (story.members, story.why) == ((NOTICE,), ())


def test_hiding_a_story_survives_a_join():
    """A hidden story joined into another hides the result: a person said it must not be seen."""
    decisions = [
        Decision(verb="hide", subject=story_id(LONE.id)),
        Decision(verb="join", subject=NOTICE.id, other=LONE.id),
    ]
    assert fold([NOTICE, LONE], {}, decisions).stories == ()


def test_words_of_the_editor():
    """Retitle, pin and note reach the story, also through a join."""
    decisions = [
        Decision(verb="retitle", subject=LONE.id, other="새 제목"),
        Decision(verb="pin", subject=LONE.id),
        Decision(verb="note", subject=LONE.id, other="꼭 보세요."),
        Decision(verb="join", subject=NOTICE.id, other=LONE.id),
    ]
    folded = fold([NOTICE, LONE], {}, decisions)
    (story,) = folded.stories
    assert (story.primary.title, folded.pinned, folded.notes) == ("새 제목", {story.id}, {story.id: "꼭 보세요."})


def test_decisions_about_nothing_change_nothing():
    """Something withdrawn, a split of a lone entry, a join with itself or nobody, an unknown word: no effect."""
    decisions = [
        Decision(verb="hide", subject="gone:1"),
        Decision(verb="split", subject=LONE.id),
        Decision(verb="join", subject=LONE.id, other=LONE.id),
        Decision(verb="join", subject=LONE.id, other="gone:1"),
        Decision(verb="approve", subject=LONE.id, other="news"),
    ]
    assert fold([LONE], {}, decisions) == fold([LONE])


KINDS = st.sampled_from(list(p.Kind))
POOL = st.lists(
    st.builds(
        lambda n, source, kind, title, hours, links: entry(
            str(n),
            source_id=source,
            kind=kind,
            title=title,
            first_seen_at=NIGHT - timedelta(hours=hours),
            links=tuple(f"https://{s}.gaon.example/view/{k}" for s, k in links),
        ),
        st.integers(0, 9),
        st.sampled_from(["notice", "blog", "tube"]),
        KINDS,
        st.sampled_from([TITLE, TITLE + " 2차", "짧은 글", "가온시 도서관 야간 개방 행사"]),
        st.integers(0, 400),
        st.lists(st.tuples(st.sampled_from(["notice", "tube"]), st.integers(0, 9)), max_size=2),
    ),
    max_size=10,
    unique_by=lambda e: e.id,
)


@settings(max_examples=60, deadline=None)
@given(POOL, st.randoms(use_true_random=False))
def test_order_does_not_matter_and_a_second_night_changes_nothing(entries: list[p.Entry], random):
    """The fold is a function of the set; with its own ids given back it says the same again; nothing is lost."""
    shuffled = list(entries)
    random.shuffle(shuffled)
    folded = fold(entries)
    assert fold(shuffled) == folded
    assert sorted(e.id for s in folded.stories for e in s.members) == sorted(e.id for e in entries)
    again = fold(shuffled, {e.id: s.id for s in folded.stories for e in s.members})
    assert {s.id: s.members for s in again.stories} == {s.id: s.members for s in folded.stories}
    assert all(len(s.why) == len(s.members) - 1 for s in folded.stories)


@settings(max_examples=40, deadline=None)
@given(POOL, POOL)
def test_ids_survive_whatever_comes_later(first: list[p.Entry], second: list[p.Entry]):
    """No entry ever changes its story because others came."""
    given_ids = {e.id: s.id for s in fold(first).stories for e in s.members}
    both = {e.id: e for e in (*second, *first)}
    later = {e.id: s.id for s in fold(both.values(), given_ids).stories for e in s.members}
    assert {e: later[e] for e in given_ids} == given_ids
