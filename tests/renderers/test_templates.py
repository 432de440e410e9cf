"""Templates become the same text by our compiler as by Jinja's own, are compiled once, and never from a stale file."""

from __future__ import annotations

import gettext
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup, escape

from pipeline import i18n
from renderers import _jinja, website
from renderers._bytecode import Kept
from renderers._compiling import Spoken, Templates
from tests.renderers.digest import digest

TEMPLATES = {
    "parts": "{% macro row(t, root='') %}<a href=\"{{ root }}{{ t }}\">{{ t }}</a>{% if caller is defined %}{{ caller() }}{% endif %}{% endmacro %}",
    "base": "<title>{{ title }}</title>{% block main %}{% endblock %}{{ _('끝 <b>&') }}",
    "page": "{% extends 'base' %}{% import 'parts' as part %}{% block main %}{{ part.row(title, '../') }}{{ html }}"
    "{% for n in rows %}{{ loop.index }}{{ n }}{{ _('소식 {n}건').format(n=n) }}{% endfor %}{{ super() }}"
    "{% set kept %}{{ title }}{{ html }}{% endset %}{{ kept }}{{ kept ~ title }}{{ title | upper }}{{ raw | safe }}"
    "{{ _('곳') if rows else none }}{{ rows | join(title) }}{% call part.row(title) %}<i>{{ title }}</i>{% endcall %}"
    "{% autoescape false %}{{ title }}{% endautoescape %}{% filter lower %}{{ title }}{% endfilter %}{{ 1.5 }}{{ title[:2] }}"
    "{% endblock %}",
}


def environment(kind: type[Environment], **more: Any) -> Environment:
    made = kind(loader=DictLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, **more)
    made.globals["_"] = i18n._
    return made


OURS, THEIRS = environment(Templates, extensions=[Spoken]), environment(Environment)
UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@UNTIMED
@given(st.text(), st.text(), st.lists(st.text() | st.integers(), max_size=3))
def test_our_compiler_prints_what_jinja_prints(title: str, raw: str, rows: list[str | int]) -> None:
    """Whatever the words: escaped once, finished HTML as it is, in macros, blocks, calls, filters and assignments."""
    words = {"title": title, "raw": raw, "html": Markup("<b>") + raw + Markup("</b>"), "rows": rows}
    assert OURS.get_template("page").render(words) == THEIRS.get_template("page").render(words)


@UNTIMED
@given(st.text() | st.integers() | st.none() | st.text().map(Markup))
def test_what_is_told_is_escaped(value: object) -> None:
    """As by markupsafe, whose word for it stays the last."""
    assert Templates.told(value) == escape(value)


def test_a_template_speaks_the_language_of_its_reader() -> None:
    """Sentences stand in the compiled code, so each language has its own."""
    made = digest()
    told: dict[str, list[str]] = {}
    for language in ("ko", "en", "ko"):
        with i18n.speaking(language):
            pages = {page.path: page for page in website.pages(website.Options(), made, {})}
            told.setdefault(language, []).append(pages["deadlines.html"].make({}).body.decode())
    assert "본문으로 바로가기" in told["ko"][0]
    assert "본문으로 바로가기" not in told["en"][0]
    assert told["ko"][0] == told["ko"][1]


class _Counted(Templates):
    """Counts what is compiled."""

    compiled = 0

    def compile(self, *args: Any, **more: Any) -> Any:
        type(self).compiled += 1
        return super().compile(*args, **more)


def filled_from(folder: Path, templates: dict[str, str], language: str = "ko") -> str:
    """Fill ``page`` as a new process would."""
    with i18n.speaking(language):
        made = _Counted(
            loader=DictLoader(templates), autoescape=True, extensions=[Spoken], bytecode_cache=Kept(language, folder)
        )
        made.globals["_"] = i18n._
        return made.get_template("page").render(title="쪽", html="", rows=[1], raw="")


def count(folder: Path, templates: dict[str, str], language: str = "ko") -> int:
    """How many templates are compiled for that."""
    _Counted.compiled = 0
    filled_from(folder, templates, language)
    return _Counted.compiled


@pytest.fixture
def _kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)


@pytest.mark.usefixtures("_kept")
def test_a_template_is_compiled_once_in_its_life(tmp_path: Path) -> None:
    """The second process compiles nothing; one template that changed is compiled, and no other."""
    assert [count(tmp_path, TEMPLATES) for _n in range(2)] == [3, 0]
    changed = {**TEMPLATES, "base": "{% block main %}{% endblock %}neu {{ _('끝') }}"}
    assert [count(tmp_path, changed) for _n in range(2)] == [1, 0]
    assert "neu" in filled_from(tmp_path, changed)
    assert "neu" not in filled_from(tmp_path, TEMPLATES)


@pytest.mark.usefixtures("_kept")
def test_another_language_or_compiler_compiles_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither is ever told from what the other left."""
    count(tmp_path, TEMPLATES)
    assert count(tmp_path, TEMPLATES, "en") == 3
    assert count(tmp_path, TEMPLATES) == 0
    monkeypatch.setattr("renderers._bytecode._mark", lambda _file: "another")
    assert [count(tmp_path, TEMPLATES) for _n in range(2)] == [3, 0]


@pytest.mark.usefixtures("_kept")
@pytest.mark.parametrize("left", [0, 2, 20, 60, 300])
@pytest.mark.parametrize("harm", [b"", b"no code at all", bytes(range(256)) * 9])
def test_a_broken_file_is_compiled_over(tmp_path: Path, left: int, harm: bytes) -> None:
    """Whatever lies there; and a place that is no folder keeps nothing and costs nothing else."""
    count(tmp_path, TEMPLATES)
    for file in tmp_path.iterdir():
        file.write_bytes(file.read_bytes()[:left] + harm)
    assert [count(tmp_path, TEMPLATES) for _n in range(2)] == [3, 0]
    (tmp_path / "file").touch()
    assert [count(tmp_path / "file", TEMPLATES) for _n in range(2)] == [3, 3]


def test_nothing_is_kept_where_python_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``PYTHONDONTWRITEBYTECODE`` is meant for us too."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    count(tmp_path, TEMPLATES)
    assert list(tmp_path.iterdir()) == []


def test_an_override_wins_and_imports_ours(tmp_path: Path) -> None:
    """A city may replace any template; what it does not replace stays ours."""
    (tmp_path / "website").mkdir()
    (tmp_path / "website/footer.html.j2").write_text("<footer>{{ _('바로 가기') }} {{ site_name }} & co</footer>")
    pages = website.pages(website.Options(templates_dir=str(tmp_path)), digest(), {})
    told = next(page.make({}).body.decode() for page in pages if page.path == "deadlines.html")
    assert "<footer>바로 가기 " in told
    assert "& co</footer>" in told
    assert 'class="menu"' in told


def test_a_broken_template_names_itself(tmp_path: Path) -> None:
    """With the file and what is wrong."""
    (tmp_path / "footer.html.j2").write_text("{{ nobody_gave_this }}")
    with pytest.raises(Exception, match=r"website/footer\.html\.j2: 'nobody_gave_this' is undefined"):
        list(website.render(website.Options(templates_dir=str(tmp_path)), digest()))
    assert _jinja.environment("website") is _jinja.environment("website")


def test_the_frame_of_a_page_is_filled_once_for_each_depth(monkeypatch: pytest.MonkeyPatch) -> None:
    """Head, header and footer are the same on thousands of pages; a story's page is one template of its own."""
    asked: Counter[str] = Counter()
    fill = _jinja.fill

    def counted(renderer: str, templates_dir: str, name: str, words: Any) -> str:
        asked[name] += 1
        return fill(renderer, templates_dir, name, words)

    monkeypatch.setattr(_jinja, "fill", counted)
    pages = [page for page in website.pages(website.Options(page_size=10), digest(), {}) if page.path.endswith(".html")]
    for page in pages:
        page.make({})
    depths = len({page.path.count("/") for page in pages})
    menu = 5
    stories = sum(page.path.startswith("s/") for page in pages)
    assert asked["story.html.j2"] == stories > 5
    assert asked["header.html.j2"] == asked["footer.html.j2"] == asked["head.html.j2"] <= depths + menu + 1  # and 404


def test_words_of_days_and_kinds_are_not_asked_of_the_catalogue_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """What every story says is worded once; a story's page asks for few sentences of its own."""
    asked: Counter[str] = Counter()

    class Counting(gettext.NullTranslations):
        def gettext(self, message: str) -> str:
            asked[message] += 1
            return message

    pages = [page for page in website.pages(website.Options(), digest(), {}) if page.path.startswith("s/")]
    for page in pages:
        page.make({})
    monkeypatch.setattr(i18n, "_active", Counting())
    pages = [page for page in website.pages(website.Options(), digest(), {}) if page.path.startswith("s/")]
    asked.clear()
    html = [page for page in pages if page.path.endswith(".html")]
    for page in html:
        page.make({})
    assert not asked.keys() & {"월", "공지", "강좌", "{month}월 {day}일({weekday})", "본문으로 바로가기", "출처"}
    assert asked.total() <= 20 * len(html)
