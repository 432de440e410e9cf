"""Each story of the people who use moa (peers §5) and the tests that hold it; nobody may delete one unseen."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HELD_BY = {
    "OP4": (
        "unit/publish/test_run.py::test_the_same_night_again_touches_nothing",
        "flow/test_promises_data.py::test_the_same_night_twice",
        "flow/test_stories_readers.py::test_op4_the_same_night_twice_mails_nobody_twice",
    ),
    "OP5": (
        "flow/test_killed.py::test_a_night_killed_at_any_write_and_run_again_ends_as_an_undisturbed_one",
        "flow/test_promises_sending.py::test_an_outcome_nobody_knows_waits_for_a_person",
        "flow/test_kakao_sent.py::test_what_is_in_doubt_is_listed_with_its_command",
    ),
    "OP6": ("flow/test_promises_data.py::test_a_second_run_leaves_at_once",),
    "OP7": (
        "unit/deliver/test_outbox.py::test_what_is_stale_expires_instead_of_leaving",
        "flow/test_promises_sending.py::test_what_missed_its_hours_waits_and_what_is_too_old_is_reported",
    ),
    "CS1": (
        "flow/test_promises_sending.py::test_a_person_approves_what_was_shown",
        "flow/test_promises_sending.py::test_what_is_sent_is_what_was_made",
        "flow/test_stories_readers.py::test_cs1_the_hash_that_was_shown_is_the_hash_that_leaves",
    ),
    "CS2": (
        "unit/preview/test_preview.py::test_looking_leaves_every_file_as_it_was",
        "flow/test_stories_draft.py::test_a_changed_setting_is_seen_at_once_and_stored_by_a_person",
    ),
    "CS3": (
        "renderers/test_kakao.py::test_what_has_no_room_is_named",
        "unit/preview/test_preview.py::test_the_page_names_hashes_states_times_and_what_was_left_out",
    ),
    "CS4": (
        "unit/preview/test_preview.py::test_a_message_approved_in_the_evening_waits_for_the_morning",
        "flow/test_stories_readers.py::test_cs4_what_is_approved_at_night_waits_for_the_morning_or_is_dropped",
    ),
    "CS5": ("flow/test_stories_curating.py::test_cs5_a_hidden_item_is_gone_everywhere_and_stays_gone",),
    "CS6": (
        "unit/publish/test_run.py::test_nothing_new_is_said_and_nothing_sent",
        "flow/test_stories_readers.py::test_cs6_nothing_new_is_said_and_nothing_is_sent",
    ),
    "CS7": (
        "flow/test_stories_curating.py::test_cs7_a_decision_voids_the_approval_and_names_every_difference",
        "flow/test_stories_curating.py::test_cs7_an_item_that_changes_at_its_source_voids_the_approval",
        "flow/test_stories_draft.py::test_cs7_what_was_approved_never_leaves_as_something_else",
        "flow/test_stories_queue.py::test_a_decision_voids_what_was_approved_here",
    ),
    "CI1": (
        "unit/publish/test_compose.py::test_a_course_that_closes_within_three_days",
        "renderers/test_browser.py::test_what_has_closed_disappears_from_the_list",
        "flow/test_stories_readers.py::test_ci1_a_course_is_called_for_until_its_minute",
    ),
    "CI2": (
        "renderers/test_website.py::test_story_page_tells_everything",
        "flow/test_stories_readers.py::test_ci2_one_event_is_one_card_with_every_link",
    ),
    "CI3": (
        "unit/publish/test_run.py::test_a_changed_deadline_is_told_once_with_old_and_new",
        "flow/test_courses.py::test_a_moved_deadline_is_told",
        "flow/test_courses.py::test_a_correction_leads_to_what_it_corrects",
    ),
    "CI4": (
        "renderers/test_website_accessibility.py::test_axe_finds_nothing_on_any_page",
        "flow/test_stories_readers.py::test_ci4_every_item_shows_where_it_is_from",
    ),
    "CI5": (
        "flow/test_stories_curating.py::test_ci5_pins_moves_splits_and_titles_are_no_news",
        "flow/test_stories_readers.py::test_ci5_a_notice_that_moves_is_told_once",
    ),
    "MA2": ("flow/test_stories_sending.py::test_ma2_a_past_day_is_rebuilt_to_the_same_hashes",),
    "MA3": ("flow/test_stories_curating.py::test_ma3_why_shows_who_decided_what_and_when",),
}


@pytest.mark.parametrize("story", sorted(HELD_BY))
def test_every_story_is_held(story: str) -> None:
    """The tests a story names exist."""
    for held in HELD_BY[story]:
        file, _colons, name = held.partition("::")
        tree = ast.parse((ROOT / file).read_text("utf-8"))
        assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, held
