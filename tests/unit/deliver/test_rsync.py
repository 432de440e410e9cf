"""Uploading to a real sshd on loopback with the real rsync."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import pipeline.model as p
from pipeline.deliver.transports import rsync
from tests.unit.deliver.test_files import delivery, rendering, tree
from tests.vendors.sshd import MISSING, Server, free_port, keygen, serving

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}")]


@pytest.fixture(scope="module")
def login(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("sshd")) as made:
        yield made


@pytest.fixture
def server(login: Server, tmp_path: Path) -> Server:
    """The same login with a place of its own."""
    return Server(login.port, login.key, login.known_hosts, tmp_path / "srv/www")


def send(to: rsync.Options, of: p.Rendering) -> p.Receipt:
    return rsync.send(to, delivery(of), of, None, lambda memo: None)


def pages(folder: Path) -> dict[str, str]:
    return {name: text for name, text in tree(folder).items() if name != ".moa"}


@pytest.mark.parametrize("mode", ["switch", "plain"])
def test_the_server_shows_the_rendering(server: Server, mode: str) -> None:
    """Every file stands at its path and may be read by a web server; the next rendering replaces it whole."""
    server.www.parent.mkdir(parents=True)
    to = server.options(mode=mode)
    one = rendering(index_html="처음", s__a_html="하나", s__b_html="둘")
    two = rendering(index_html="다음", s__a_html="하나")
    send(to, one)
    assert pages(server.www) == {"index.html": "처음", "s/a.html": "하나", "s/b.html": "둘"}
    assert (server.www / "s/a.html").stat().st_mode & 0o777 == 0o644
    before = (server.www / "s/a.html").stat()
    assert rsync.lookup(to, delivery(one), None) is not None
    send(to, two)
    assert pages(server.www) == {"index.html": "다음", "s/a.html": "하나"}
    assert rsync.lookup(to, delivery(one), None) is None
    assert rsync.lookup(to, delivery(two), None) is not None
    send(to, two)
    assert pages(server.www) == {"index.html": "다음", "s/a.html": "하나"}
    assert (server.www / "s/a.html").stat().st_ino == before.st_ino  # an unchanged page is not sent again


def test_the_switch_is_a_link_and_keeps_the_last_releases(server: Server) -> None:
    """A reader who opened the old release keeps it whole; ``keep`` bounds the disk; going back is possible."""
    server.www.parent.mkdir(parents=True)
    to = server.options(keep=1)
    send(to, rendering(index_html="0"))
    old = server.www.resolve()
    send(to, rendering(index_html="1"))
    assert server.www.is_symlink()
    assert (old / "index.html").read_text() == "0"
    for number in range(2, 5):
        send(to, rendering(index_html=f"{number}"))
    assert len(list((server.www.parent / ".www.releases").iterdir())) == 2
    send(to, rendering(index_html="3"))
    assert pages(server.www) == {"index.html": "3"}


@pytest.mark.parametrize("mode", ["switch", "plain"])
def test_a_folder_of_somebody_else_is_left_alone(server: Server, mode: str) -> None:
    """Refused with a sentence; nothing is deleted and nothing beside it is touched."""
    server.www.mkdir(parents=True)
    (server.www / "mine.html").write_text("남의 것")
    with pytest.raises(p.DeliveryError) as caught:
        send(server.options(mode=mode), rendering(index_html="처음"))
    assert caught.value.code == "folder-in-the-way"
    assert tree(server.www) == {"mine.html": "남의 것"}


@pytest.mark.parametrize("mode", ["switch", "plain"])
def test_half_an_upload_is_begun_again(server: Server, mode: str) -> None:
    """What a dead run left is neither shown nor in the way."""
    server.www.parent.mkdir(parents=True)
    one = rendering(index_html="처음", s__a_html="하나")
    half = server.www.parent / f".www.releases/{one.sha256[:16]}.new" if mode == "switch" else server.www
    half.mkdir(parents=True)
    (half / "junk.html").write_text("반쪽")
    if mode == "plain":
        (half / ".moa").write_text("begun\n")
    to = server.options(mode=mode)
    assert rsync.lookup(to, delivery(one), None) is None
    send(to, one)
    assert pages(server.www) == {"index.html": "처음", "s/a.html": "하나"}


def test_a_key_the_server_does_not_know_is_the_operators(server: Server, tmp_path: Path) -> None:
    """Refused for good: never tried again by itself, and nobody is asked for a password."""
    keygen(tmp_path / "other")
    with pytest.raises(p.CredentialError) as caught:
        send(server.options(key=str(tmp_path / "other")), rendering(index_html="처음"))
    assert caught.value.code == "refused"


def test_a_server_we_do_not_know_gets_nothing(server: Server, tmp_path: Path) -> None:
    """No key of a host is ever believed at first sight."""
    (tmp_path / "empty").write_text("")
    with pytest.raises(p.CredentialError):
        send(server.options(known_hosts=str(tmp_path / "empty")), rendering(index_html="처음"))
    assert not server.www.exists()


def test_a_server_that_is_away_may_be_tried_again(server: Server) -> None:
    """Nobody listens: a plain delivery error."""
    with pytest.raises(p.DeliveryError) as caught:
        send(server.options(port=free_port()), rendering(index_html="처음"))
    assert (type(caught.value), caught.value.code) == (p.DeliveryError, "connect")


def test_a_missing_program_is_said(server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The sentence names it."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(p.DeliveryError) as caught:
        send(server.options(), rendering(index_html="처음"))
    assert caught.value.code == "program-missing"


@pytest.mark.parametrize("folder", ["/", "/srv", "srv/www", "/srv/../etc", "/srv/www;rm -rf /", "/srv/-x", "/srv/w w"])
def test_a_folder_that_could_mean_something_else_is_refused(server: Server, folder: str) -> None:
    """Absolute, two steps deep, plain names only: nothing a shell or a deletion could misread."""
    with pytest.raises(ValueError, match="folder"):
        server.options(folder=folder)
