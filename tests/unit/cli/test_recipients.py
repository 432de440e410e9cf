"""`moa recipients`: refusals from a log, an address, a person's word; addresses are shown masked only."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.cli.main import main

MOA = """institute: {name: 가온}
channels:
  - {id: website, renderer: website, transport: files, send: {folder: output/website}}
  - id: mail
    renderer: newsletter
    transport: smtp
    send:
      host: 127.0.0.1
      sender: news@example.go.kr
      recipients: people.csv
      token_key: MOA_TOKEN_KEY
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MOA_TOKEN_KEY", "a key")
    (tmp_path / "config/sources").mkdir(parents=True)
    (tmp_path / "config/moa.yaml").write_text(MOA, "utf-8")
    (tmp_path / "people.csv").write_text(
        "이메일,동의일\nhonggildong@example.com,2024-12-01\nkim@example.com,2026-11-01\nlee@example.com,\n", "utf-8"
    )
    return tmp_path


def say(project: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as left:
        main(["recipients", *words, "--project", str(project)])
    return int(left.value.code or 0), capsys.readouterr().out


def test_the_list_is_counted_and_masked(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--count` is one integer; nobody's address is shown whole (P72)."""
    assert say(project, capsys, "list", "--count") == (0, "3\n")
    code, out = say(project, capsys, "list", "--json")
    assert code == 0
    assert "honggildong@" not in out
    assert json.loads(out.splitlines()[0]) == {
        "address": "ho*********@example.com",
        "agreed": "2024-12-01",
        "suppressed": None,
    }


def test_refusals_come_from_anywhere(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A POST in the page's log refuses, a scanner's GET does not; an address by hand does, and can be taken back."""
    from pipeline.deliver.listing import Key

    kim, lee = (Key(b"a key").token(f"{who}@example.com") for who in ("kim", "lee"))
    log = project / "access.log"
    log.write_text(f'1.2.3.4 "POST /u/{kim} HTTP/1.1" 200\n1.2.3.4 "GET /u/{lee} HTTP/1.1" 200\n', "utf-8")
    assert json.loads(say(project, capsys, "import", str(log), "--json")[1]) == {"changed": 1}
    assert json.loads(say(project, capsys, "import", str(log), "--json")[1]) == {"changed": 0}
    assert json.loads(say(project, capsys, "suppress", "HongGilDong@example.com", "--json")[1]) == {"changed": 1}
    shown = [json.loads(line) for line in say(project, capsys, "list", "--suppressed", "--json")[1].splitlines()]
    assert [row["suppressed"] for row in shown] == ["person", "unsubscribed"]
    assert (
        json.loads(say(project, capsys, "suppress", "honggildong@example.com", "--undo", "--json")[1])["changed"] == 1
    )
    assert len(say(project, capsys, "list", "--suppressed")[1].splitlines()) == 1


def test_consent_of_two_years_is_due(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever agreed nearly two years ago is named, masked, and the exit says that somebody must act."""
    from datetime import UTC, datetime

    monkeypatch.setattr("pipeline.cli.common.now", lambda: datetime(2026, 11, 28, tzinfo=UTC))
    code, out = say(project, capsys, "due", "--json")
    assert (code, json.loads(out)) == (3, {"due": 1, "unsaid": 1, "people": ["ho*********@example.com"]})
