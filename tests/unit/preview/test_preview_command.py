"""``moa preview`` at the command line: what it prints, which edition it takes, how it ends."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from pipeline import output
from pipeline.cli.main import main
from tests.unit.preview import stage
from tests.unit.preview.stage import TODAY, YESTERDAY


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = stage.project(tmp_path_factory.mktemp("city"))
    stage.publish(place)
    return place


def moa(folder: Path, *arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["preview", "--project", str(folder), "--no-open", *arguments])
    return int(ended.value.code or 0)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("edition", "title"), [((), "11월 23일"), ((YESTERDAY,), "11월 22일"), (("2026-11-22",), "11월 22일")]
)
def test_it_prints_the_address_first_and_ends_cleanly(folder, edition, title):
    """One JSON object with the address comes before anything else; the page answers; Ctrl-C ends with 0, no traceback."""
    command = [sys.executable, "-m", "pipeline", "preview", *edition, "--project", str(folder), "--json", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8") as run:
        assert run.stdout is not None
        url = json.loads(run.stdout.readline())["url"]
        assert url.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(url, timeout=10) as page:
            assert f"<h1>가온 배움소식 {title}</h1>" in page.read().decode()
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=20)
    assert (run.returncode, out) == (0, "")
    assert "Traceback" not in err
    assert "미리보기를 끝냈습니다." in err


@pytest.mark.parametrize("wanted", ["daily/2026-11-24", "daly", "../moa.db"])
def test_an_unknown_edition_names_the_nearest(folder, wanted, capsys):
    """Exit 2, one sentence with the edition most like it, no server."""
    assert moa(folder, wanted) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert f"'{wanted}' 소식은 없습니다." in told.err
    assert TODAY in told.err or YESTERDAY in told.err


@pytest.mark.parametrize("has_store", [False, True])
def test_before_the_first_night_it_says_what_to_do(tmp_path, capsys, has_store):
    """Nothing published yet: exit 2 and the command to run first; looking makes no store."""
    folder = stage.project(tmp_path)
    if has_store:
        with stage.house_at(folder).store():
            pass
    assert moa(folder) == 2
    assert "먼저 `moa run` 을 실행해 주세요." in capsys.readouterr().err
    assert (folder / "output/moa.db").exists() == has_store


def test_a_taken_port_is_said(folder, capsys):
    """A port somebody else listens on: exit 2 and a sentence."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        assert moa(folder, "--port", str(other.getsockname()[1])) == 2
    assert "--port" in capsys.readouterr().err


def test_it_can_be_read_without_a_browser(folder, capsys):
    """``--text``: hashes, states, what each channel says, the order and what was left out; nothing is served or changed; a
    channel and a day choose the edition; a day without one is said."""
    before = stage.checksums(folder / "output")
    assert moa(folder, "newest", "--text") == 2
    capsys.readouterr()
    assert moa(folder, "mail", "--date", "2026-11-22", "--text") == 0
    said = capsys.readouterr().out
    assert said.startswith("가온 배움소식 11월 22일 (daily/2026-11-22)\n")
    for channel in ("kakao", "mail"):
        kept = output.read_rendering(folder / "output", YESTERDAY, channel)
        assert f"({channel}) {kept.sha256}" in said
        assert "자리가 없던 소식 1 (한 번에 실을 수 있는 건수를 넘어서)" in said
    assert "카카오에만 없는 소식" in said
    assert moa(folder, "--date", "2020-01-01", "--text") == 2
    assert stage.checksums(folder / "output") == before
