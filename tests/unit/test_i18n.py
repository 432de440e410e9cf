"""Korean is written in the code, English is whole, and click speaks the same language as we do.

What does not live here: wording of single sentences.
"""

from __future__ import annotations

import ast
import gettext
import io
import os
import re
import string
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from pipeline import i18n

ROOT = Path(__file__).parents[2]
EN = ROOT / "pipeline/locale/en/LC_MESSAGES/moa"
KO = ROOT / "pipeline/locale/ko/LC_MESSAGES/messages"
PARTICLES = {"subject", "to", "이름"}  # Korean particles after a word, a Korean name in an example: English has none
DEVELOPERS = (  # what click says to programmers only; it stays English
    "Arguments take exactly one",
    "Boolean option",
    "Could not determine name",
    "Couldn't detect Bash",
    "DeprecationWarning",
    "Invalid start character",
    "Name '{name}' defined twice",
    "No options defined but",
    "Shell completion is not supported",
    "Unknown color",
)


@pytest.fixture
def languages(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let a test change the language and leave no trace."""
    monkeypatch.setenv("LANGUAGE", os.environ.get("LANGUAGE", ""))
    domain = gettext.textdomain()
    yield
    i18n.use("ko")
    gettext.textdomain(domain)


@pytest.fixture(scope="module")
def sentences() -> set[str]:
    """Every sentence the code holds, as ``make words`` collects them."""
    with (ROOT / "pipeline/locale/babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = set()
    for package in ("pipeline", "sources", "renderers"):
        mapping = [(p.removeprefix(f"{package}/"), m) for p, m in methods if p.startswith((f"{package}/", "**"))]
        opts = {p.removeprefix(f"{package}/"): o for p, o in options.items()}
        rows = extract_from_dir(ROOT / package, method_map=mapping, options_map=opts, keywords={"_": None})
        found |= {message for _file, _line, message, _comments, _context in rows}
    return found


def catalogue(base: Path):
    with base.with_suffix(".po").open("rb") as file:
        return read_po(file, locale=base.parent.parent.name)


def translated(base: Path) -> list:
    """The messages of a catalogue that say something; what is still empty is another test's business."""
    return [m for m in catalogue(base) if m.id and m.string]


def compiled(base: Path) -> dict:
    with base.with_suffix(".mo").open("rb") as file:
        return {k: v for k, v in gettext.GNUTranslations(file)._catalog.items() if k}


def fields(text: str) -> set[str]:
    """Names of the placeholders of a sentence, without their format."""
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name}


def test_english_is_whole(sentences: set[str]) -> None:
    """Every sentence of the code has an English translation: run `make words` and fill in what is empty."""
    english = {m.id: m.string for m in catalogue(EN) if m.id}

    assert len(sentences) > 500
    assert sorted(s for s in sentences if not english.get(s)) == []


def test_english_holds_nothing_that_nobody_says(sentences: set[str]) -> None:
    """The catalogue has no sentence the code no longer holds."""
    assert sorted({m.id for m in catalogue(EN) if m.id} - sentences) == []


def test_english_is_english() -> None:
    """No Korean letter is left in a translation."""
    assert [m.string for m in catalogue(EN) if re.search(r"[가-힣]", str(m.string))] == []


def test_edges_of_a_sentence_are_kept() -> None:
    """Blanks at the edges join sentences to their neighbours: a translation has the same ones."""
    said = [(m.id, m.string) for m in translated(EN) if m.id not in ("건", "{n}월")]

    def edges(text: str) -> tuple[str, str]:
        return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]

    assert [k for k, v in said if edges(k) != edges(v)] == []


@pytest.mark.parametrize("base", [EN, KO], ids=["moa.en", "click.ko"])
def test_compiled_catalogue_is_current(base: Path) -> None:
    """The .mo that is installed says exactly what the .po says."""
    told: dict = {}
    for message in translated(base):
        if isinstance(message.id, tuple):
            told |= {(message.id[0], n): text for n, text in enumerate(message.string)}
        else:
            told[message.id] = message.string

    assert compiled(base) == told


@pytest.mark.parametrize("base", [EN, KO], ids=["moa.en", "click.ko"])
def test_placeholders_agree(base: Path) -> None:
    """A translation asks for no value the code does not hand over, and drops none but Korean particles."""
    wrong = []
    for message in translated(base):
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        given = set().union(*map(fields, ids))
        for text in texts:
            asked = fields(text)
            lost = given - asked - PARTICLES if len(ids) == 1 else set()
            if asked - given or lost:
                wrong.append((message.id, text))

    assert wrong == []


def test_every_call_can_be_collected() -> None:
    """``_()`` is given a whole sentence, not something made at run time, but where a table is extracted by itself."""
    tables = {"pipeline/settings/messages.py", "pipeline/settings/yamlfile.py"}
    tables |= {
        "pipeline/cli/reference.py",
        "pipeline/cli/reference_config.py",
    }  # descriptions and titles, which ``words.said`` collects
    strange = []
    for package in ("pipeline", "sources", "renderers"):
        for file in (ROOT / package).rglob("*.py"):
            name = str(file.relative_to(ROOT))
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
                    is_text = isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
                    if not is_text and name not in tables:
                        strange.append(f"{name}:{node.lineno}")

    assert strange == []


def test_the_active_language_speaks(languages: None) -> None:
    """``use`` switches there and back; an unknown language stays Korean."""
    sentence = "모두 끝났습니다. 지금 하실 일은 없습니다."

    i18n.use("en_US.UTF-8")
    assert i18n._(sentence) == "All done. There is nothing for you to do."
    i18n.use("fr")
    assert i18n._(sentence) == sentence
    assert i18n._("not in any catalogue") == "not in any catalogue"


def test_speaking_is_for_a_while(languages: None) -> None:
    """What citizens read may be in another language than the terminal; afterwards the terminal's is back."""
    i18n.use("en")

    with pytest.raises(RuntimeError), i18n.speaking("ko"):
        assert i18n._("누리집") == "누리집"
        raise RuntimeError
    assert i18n._("누리집") == "Website"


def test_click_has_korean_for_everything_a_user_can_see() -> None:
    """Every sentence of the installed click is translated, or is one for programmers."""
    korean = {m.id[0] if isinstance(m.id, tuple) else m.id for m in catalogue(KO)}
    rows = extract_from_dir(Path(click.__file__).parent, method_map=[("**.py", "python")])
    found = {message[0] if isinstance(message, tuple) else message for _f, _l, message, _c, _x in rows}

    assert len(found) > 50
    assert sorted(text for text in found - korean if not text.startswith(DEVELOPERS)) == []


@pytest.mark.parametrize(
    ("language", "arguments", "says"),
    [
        ("ko", ["foo"], ["사용법: moa", "오류: 'foo' 명령은 없습니다."]),
        ("ko", ["run", "--as-of", "x"], ["오류: '--as-of' 값이 맞지 않습니다: 'x'는 날짜가 아닙니다."]),
        ("ko", ["run", "--nothing"], ["'--nothing' 선택 항목은 없습니다."]),
        ("ko", ["why"], ["적지 않은 값이 있습니다: 'ITEM'."]),
        ("ko", ["--help"], ["사용법: moa", "선택 항목:", "명령:", "이 도움말을 보여 주고 끝냅니다."]),
        ("en", ["foo"], ["Usage: moa", "Error: There is no command 'foo'."]),
        ("en", ["run", "--help"], ["Usage: moa run", "Options:", "Show this message and exit."]),
    ],
)
def test_click_speaks_the_chosen_language(language: str, arguments: list[str], says: list[str]) -> None:
    """Help and mistakes are in one language, also under cron's ``LANG=C`` and against the terminal's locale."""
    environment = {"PATH": os.environ["PATH"], "LANG": "C", "LANGUAGE": "de", "MOA_LANG": language}
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )

    assert [text for text in says if text not in done.stdout + done.stderr] == []


def test_extractor_reads_tables_only() -> None:
    """The extractor for tables yields sentences, not docstrings, patterns or pieces of f-strings."""
    from pipeline.cli.words import korean

    code = '"""한국어 설명문."""\nA = {"x": ("문장입니다.", "예: 1")}\nB = "[가-힣]"\nC = f"조각입니다 {A}"\n'

    found = [(line, text) for line, _name, text, _comments in korean(io.BytesIO(code.encode()), {}, (), {})]

    assert found == [(2, "문장입니다."), (2, "예: 1")]
