"""What an editor writes wrong is named with its place, and nothing happens (reliability promises P57-P60)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config.projects import MISTAKES
from tests.flow.project import Project, feed, item, rss
from tests.misbehave import Site, answer

GOOD = "institute:\n  name: 시험관\n"
PLACE = re.compile(r"(?m)^config/[\w./-]+:(\d+):(\d+)  \S")
FATAL = {
    "unknown key": ("institut:\n  name: 가\n", 1, "institute"),
    "unknown inner key": ("institute:\n  nmae: 가\n", 2, "name"),
    "wrong type": ("institute:\n  name: 가\nfetch:\n  concurrency: many\n", 4, ""),
    "list for text": ("institute:\n  name: [가, 나]\n", 2, ""),
    "text for list": (GOOD + "digests: daily\n", 3, ""),
    "duplicate key": (GOOD + "institute:\n  name: 나\n", 3, ""),
    "duplicate channel": (GOOD + "channels:\n  - {id: w, renderer: website}\n  - {id: w, renderer: website}\n", 5, "w"),
    "duplicate digest": (GOOD + "digests:\n  - {id: d}\n  - {id: d}\n", 5, "d"),
    "bad url": ("institute:\n  site_url: htp://example\n", 2, ""),
    "script url": ("institute:\n  site_url: 'javascript:alert(1)'\n", 2, ""),
    "unknown zone": (GOOD + "timezone: Asia/Seol\n", 3, ""),
    "zone outside": (GOOD + "timezone: ../../etc/passwd\n", 3, ""),
    "huge number": (GOOD + "fetch:\n  concurrency: 99999999999999999999999\n", 4, ""),
    "negative": (GOOD + "fetch:\n  gap: -1s\n", 4, ""),
    "template in title": (GOOD + "digests:\n  - id: d\n    title: '{0.__class__}'\n", 5, ""),
    "unknown renderer": (GOOD + "channels:\n  - {id: w, renderer: webside}\n", 4, "website"),
    "renderer path": (GOOD + "channels:\n  - {id: w, renderer: ../../x}\n", 4, ""),
    "missing key": (GOOD + "channels:\n  - {id: w}\n", 4, "renderer"),
    "path as id": (GOOD + "digests:\n  - id: ../../etc\n", 4, ""),
    "alias": ("institute: &a\n  name: 가\nfetch: *a\n", 1, ""),
    "billion laughs": ("a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n", 1, ""),
    "python tag": ("institute:\n  name: !!python/object/apply:os.system ['touch /tmp/moa-was-here']\n", 2, ""),
    "own tag": ("institute: !include other.yaml\n", 1, ""),
    "merge key": ("a: &a {name: 가}\ninstitute:\n  <<: *a\n", 1, ""),
    "two documents": (GOOD + "---\n" + GOOD, 3, ""),
    "tab": ("institute:\n\tname: 가\n", 2, ""),
    "control": ('institute:\n  name: "가\x07"\n', 2, ""),
    "bidi": ('institute:\n  name: "가\\u202e나"\n', 2, ""),
    "not closed": ('institute:\n  name: "가\n', 2, ""),
    "nonsense": ("{{{{{", 2, ""),
    "deep": ("institute: " + "[" * 100 + "]" * 100 + "\n", 1, ""),
    "list": ("- 하나\n", 1, ""),
    "password": (GOOD + "fetch:\n  contact: 'https://user:pw1234@example.go.kr/'\n", 4, "환경 변수"),
    "key in store": (GOOD + "store:\n  url: postgresql://moa:hunter22@db/moa\n", 4, "환경 변수"),
    "null": ("institute:\n  name: ~\n", 2, ""),
}
BYTES = {
    "cp949": "institute:\n  name: 시흥시 평생학습관\n".encode("cp949"),
    "utf-16": "institute:\n  name: 시흥시\n".encode("utf-16"),
    "nul": b"institute:\n  name: a\x00b\n",
    "2 MB": b"# " + b"x" * 2_000_000,
}


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as made:
        made.routes["/f"] = answer(rss(item("하나", body="글")))
        yield made


@pytest.fixture
def town(tmp_path: Path, site: Site) -> Project:
    made = Project(tmp_path, site.allowed)
    made.sources(feed("news", site.url("/f")))
    return made


def refused(town: Project, site: Site, body: str | bytes) -> str:
    """Every way in says the same, exits 2, asks nobody and makes nothing; returns what it said."""
    (town.folder / "config/moa.yaml").write_bytes(body if isinstance(body, bytes) else body.encode())
    texts = []
    for command in ("check", "run", "deliver", "status"):
        said = town.moa_says(command)
        assert said.code == 2, (command, said)
        texts.append(said.out + said.err)
    assert site.seen == []
    assert not town.output.exists()
    return texts[0]


@pytest.mark.parametrize("name", FATAL)
def test_a_mistake_has_its_line_and_nothing_is_fetched(name: str, town: Project, site: Site) -> None:
    """File, line, column and a sentence; a hint where one can be given; exit 2; not one request (P57, P58)."""
    body, line, hint = FATAL[name]
    said = refused(town, site, body)
    assert line in [int(found[1]) for found in PLACE.finditer(said)], said
    assert all(int(found[2]) > 0 for found in PLACE.finditer(said)), said
    assert hint in said
    assert "Error" not in said
    assert not Path("/tmp/moa-was-here").exists()


@pytest.mark.parametrize("name", BYTES)
def test_bytes_that_are_no_text_are_refused(name: str, town: Project, site: Site) -> None:
    """UTF-8 only, without NUL, of a size a person could have written (P58)."""
    assert "config/moa.yaml:" in refused(town, site, BYTES[name])


def test_a_byte_order_mark_is_no_mistake(town: Project, site: Site) -> None:
    """Windows editors write one, and CRLF with it (P58)."""
    body = (town.folder / "config/moa.yaml").read_text()
    (town.folder / "config/moa.yaml").write_bytes(b"\xef\xbb\xbf" + body.replace("\n", "\r\n").encode())
    assert town.run().code == 0
    assert town.titles() == ["하나"]


def test_all_mistakes_are_told_at_once(town: Project, site: Site) -> None:
    """Several files, several mistakes: one look at all of them (P57)."""
    town.write("sources/b.yaml", "sources:\n  - id: b\n    nmae: 나\n    kind: feed\n    url: nothing\n")
    town.write("sources/c.yaml", "sources:\n  - id: b\n    name: 다\n    kind: feeed\n    url: https://a.example/\n")
    said = refused(town, site, "institut: 1\ntimezone: Mars\n")
    for place in ("moa.yaml:1:", "moa.yaml:2:", "b.yaml:3:", "b.yaml:5:", "c.yaml:4:"):
        assert place in said, place


def test_a_broken_source_costs_itself_and_is_told(town: Project, site: Site) -> None:
    """`moa check` exits 2; the night goes on without it, asks it nothing, exits 3 and names file and line (P57, P1)."""
    town.write(
        "sources/b.yaml", f"sources:\n  - id: b\n    name: 나\n    kind: feed\n    url: {site.url('/b')}\n    rows: x\n"
    )
    assert town.moa_says("check").code == 2
    said = town.moa_says("run")
    assert said.code == 3
    assert "config/sources/b.yaml:6:" in said.out
    assert [seen.path for seen in site.seen if seen.path == "/b"] == []
    assert town.titles() == ["하나"]


def test_two_sources_of_one_id_are_a_mistake(town: Project, site: Site) -> None:
    """The second is refused with its place; whichever file comes first (P57)."""
    town.write("sources/zz.yaml", f"sources:\n  - id: news\n    name: 나\n    kind: feed\n    url: {site.url('/b')}\n")
    said = town.moa_says("check")
    assert said.code == 2
    assert "config/sources/zz.yaml:2:" in said.out


# --- P59 ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "api_key: AIzaSyA1234567890abcdefghijklmnopqrstuv",
        "note: AIzaSyA1234567890abcdefghijklmnopqrstuvw",
        "headers: {Authorization: Bearer abc}",
        "headers: {X-Api-Key: abcdef}",
        "note: |\n      -----BEGIN PRIVATE KEY-----\n      abc",
    ],
)
def test_a_secret_in_yaml_is_refused_and_not_repeated(line: str, town: Project) -> None:
    """The value itself is never said again; the hint says where it belongs (P59, P42)."""
    town.write(
        "sources/b.yaml",
        f"sources:\n  - id: b\n    name: 나\n    kind: feed\n    url: https://a.example/\n    {line}\n",
    )
    said = town.moa_says("check")
    assert said.code == 2
    assert "config/sources/b.yaml:6:" in said.out
    for secret in ("AIza", "BEGIN PRIVATE", "Bearer", "abcdef"):
        assert secret not in said.out + said.err


def test_an_env_file_that_others_can_read_is_told(town: Project) -> None:
    """0600 is silent, 0644 is a note with the command that mends it (P59)."""
    env = town.folder / ".env"
    env.write_text("MOA_TOKEN_KEY='a b # c'\n")
    env.chmod(0o600)
    assert ".env" not in town.moa_says("check").out
    env.chmod(0o644)
    said = town.moa_says("check")
    assert "chmod 600 .env" in said.out
    assert "a b" not in said.out + said.err


# --- P60 ------------------------------------------------------------------------------------------------------------


TRAPS = [
    "no",
    "on",
    "0123",
    "1_000",
    "2026-11-23",
    "12:30",
    "1e3",
    "0x10",
    ".5",
    "null",
    "~",
    "y",
    "true",
    "nan",
    "=",
    "<<",
]


@pytest.mark.parametrize("value", TRAPS)
def test_a_yaml_trap_is_taken_as_written_or_refused(value: str, town: Project, site: Site) -> None:
    """As an id and as a name: what stands there is what is meant, or there is a mistake with a line; never another value (P60)."""
    for key, other in (("id", "name: 나"), ("name", "id: trap")):
        town.write(
            "sources/b.yaml", f"sources:\n  - {key}: {value}\n    {other}\n    kind: feed\n    url: {site.url('/f')}\n"
        )
        checked = town.moa_says("check")
        if checked.code == 2:
            assert re.search(r"config/sources/b\.yaml:2:\d+", checked.out), checked
            continue
        listed = town.moa_says("source", "list", "--json")
        assert listed.code == 0
        found = re.findall(r'"(?:id|name)": "([^"]*)"', listed.out)
        assert value in found, (value, key, listed.out)


def test_every_known_mistake_is_a_mistake_through_the_door_too(tmp_path: Path) -> None:
    """The whole collection of settings' mistakes: `moa check` names each, exits 2 or says it is a note, and never falls over."""
    for number, file in enumerate(sorted(MISTAKES.glob("*.yaml"))):
        folder = tmp_path / str(number)
        is_moa = file.name.startswith("moa-")
        (folder / "config/sources").mkdir(parents=True)
        (folder / "config/moa.yaml").write_bytes(file.read_bytes() if is_moa else GOOD.encode())
        if not is_moa:
            (folder / "config/sources/a.yaml").write_bytes(file.read_bytes())
        town = Project.__new__(Project)
        town.folder, town.output, town.allowed = folder, folder / "output", ()
        said = town.moa_says("check", "--json")
        assert said.code in (0, 2), (file.name, said)
        problems = said.json["problems"]
        assert problems, file.name
        assert (said.code == 2) == any(q["severity"] == "error" for q in problems), file.name
        assert not (folder / "output").exists() or said.code == 0
