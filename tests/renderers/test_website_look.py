"""What readers see besides words: colours of their choice, a whole application period, weeks as calendars here print them."""

from __future__ import annotations

import email
import email.policy
import json
import re
from dataclasses import replace

import pipeline.model as p
from renderers import _links, kakao, newsletter, website
from tests.renderers.digest import SMARTPHONE, digest, seoul

AHEAD = replace(
    SMARTPHONE,
    first_seen_at=seoul(11, 23, 3, 10),
    primary=replace(
        SMARTPHONE.primary,
        course=p.Course(
            apply_from_at=seoul(12, 1, 9),
            apply_from_has_time=True,
            apply_until_at=seoul(12, 7, 18),
            apply_until_has_time=True,
        ),
    ),
)
AHEAD = replace(AHEAD, members=(AHEAD.primary,))
WHOLE = "12월 1일(화) 09:00 ~ 12월 7일(월) 18:00"
ENDS = "12월 7일(월) 18:00까지"


def _edition(label: str) -> p.Digest:
    card = p.Card(story=AHEAD, label=label)
    return digest(sections=(p.Section(key="new", title="새 강좌", cards=(card,)),), library=(AHEAD,))


def _seen(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_an_application_that_has_not_begun_is_told_from_its_beginning():
    """Mail, message, page, list and feed say both ends: nobody can correct a sent message that only said "until"."""
    edition = _edition("new")
    site = {a.path: a.body.decode() for a in website.render(website.Options(), edition) if a.path.endswith(("l", "n"))}
    mail = email.message_from_bytes(
        next(newsletter.render(newsletter.Options(), edition)).body, policy=email.policy.default
    )
    bubble = next(a for a in kakao.render(kakao.Options(bubble="TEXT"), edition) if a.path == "bubble.json")
    for told in (
        _seen(site["index.html"]),
        _seen(site[_links.story_path(AHEAD.id)]),
        _seen(site["archive/2026-11.html"]),
        site["atom.xml"],
        json.loads(site["feed.json"])["items"][0]["content_text"],
        mail.get_body(("plain",)).get_content(),
        _seen(mail.get_body(("html",)).get_content()),
        json.loads(bubble.body)["text"],
    ):
        assert WHOLE in told
        assert ENDS not in told


def test_a_reminder_tells_the_end_only():
    """A card that says "closing soon" is read while the door is open."""
    home = next(
        a for a in website.render(website.Options(), _edition("closing")) if a.path == "e/daily/2026-11-23.html"
    )
    assert ENDS in _seen(home.body.decode())
    assert WHOLE not in _seen(home.body.decode())


def test_dark_colours_of_a_theme_answer_the_reader_too(tmp_path):
    """Colours a theme gives for dark surroundings hold for a reader who chose the dark look, and not for the light one."""
    (tmp_path / "website").mkdir()
    theme = ":root { --blue: #00695c; }\n@media (prefers-color-scheme: dark) { :root { --blue: #80cbc4; } }\n"
    (tmp_path / "website" / "theme.css").write_text(theme, encoding="utf-8")
    made = website.render(website.Options(templates_dir=str(tmp_path)), digest())
    css = next(a for a in made if a.path == "assets/moa.css").body.decode()
    assert css.endswith(
        """:root { --blue: #00695c; }
@media (prefers-color-scheme: dark) {
  :root:where(:not([data-look="light"])) { --blue: #80cbc4; }
}
:root:where([data-look="dark"]) { --blue: #80cbc4; }
"""
    )


def test_weeks_begin_on_sunday():
    """As calendars in Korea are printed: 1 November 2026, a Sunday, stands in the first column."""
    made = {a.path: a for a in website.render(website.Options(), digest()) if isinstance(a, p.Artifact)}
    page = made["calendar.html"].body.decode()
    assert re.search(r'month__names" aria-hidden="true"><span>일</span><span>월</span>', page)
    assert 'day day--c1 day--free" data-day="2026-11-01"' in page
    assert re.search(r'day day--c7[^"]*" data-day="2026-11-28"', page)
