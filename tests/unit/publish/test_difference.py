"""What differs between two states of an edition, in data and in words."""

from __future__ import annotations

from typing import Any

from pipeline.publish.difference import Change, between, sentence


def card(story: str, **more: str) -> dict[str, str]:
    return {"story": story, "title": f"글 {story}", "label": "new", "note": "", "content": "1", "facts": "", **more}


def section(key: str, title: str, *cards: dict[str, str]) -> dict[str, Any]:
    return {"key": key, "title": title, "cards": list(cards)}


def said(before: list[Any], after: list[Any]) -> list[str]:
    return [sentence(change) for change in between(before, after)]


def test_every_difference_is_named_once() -> None:
    """Added, removed, moved, renamed, another sentence, other facts with old and new, another text, another order."""
    until = '{"apply_until": "2026-11-30T09:00:00+00:00"}'
    later = '{"apply_until": "2026-12-02T09:00:00+00:00"}'
    before = [
        section("courses", "새 강좌", card("a", facts=until), card("b")),
        section("news", "소식", card("c"), card("d"), card("e"), card("f")),
    ]
    after = [
        section("courses", "새 강좌", card("a", facts=later, content="2"), card("c")),
        section("news", "소식", card("f", content="2"), card("d", title="새 제목"), card("e", note="꼭"), card("g")),
    ]
    assert said(before, after) == [
        "뺌: 글 b",
        "내용 바뀜: 글 a (접수 마감이 11월 30일(월) 18시에서 12월 2일(수) 18시로 바뀌었습니다.)",
        "옮김: 글 c (소식 → 새 강좌)",
        "본문 바뀜: 글 f",
        "제목 바뀜: 글 d → 새 제목",
        "한마디 바뀜: 글 e (없음 → 꼭)",
        "더함: 글 g",
        "차례 바뀜: 소식",
    ]


def test_nothing_differs_from_itself() -> None:
    """Equal sections, equal bytes: no line."""
    same = [section("news", "소식", card("a"), card("b"))]
    assert between(same, same, renderings=({"mail": "1"}, {"mail": "1"})) == ()


def test_a_look_is_named_only_where_no_item_explains_it() -> None:
    """Other bytes with the same items come of a template or a setting; a channel that is new explains itself."""
    same, other = [section("news", "소식", card("a"))], [section("news", "소식", card("b"))]
    hashes: tuple[dict[str, str], dict[str, str]] = ({"mail": "1"}, {"mail": "2", "kakao": "3"})
    assert between(same, same, renderings=hashes) == (Change(kind="look", title="mail"),)
    assert [c.kind for c in between(same, other, renderings=hashes)] == ["removed", "added"]


def test_editions_written_before_contents_were_kept_can_be_compared() -> None:
    """A card of an older row without content and facts is not called changed for that."""
    old = [section("news", "소식", {"story": "a", "title": "글 a", "label": "new", "note": ""})]
    assert between(old, [section("news", "소식", card("a"))]) == ()
