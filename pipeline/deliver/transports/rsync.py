"""Publish a website to another machine with rsync over ssh.

What does not live here: running the programs (``_remote``). ``switch``: a release folder is filled beside the last one,
unchanged files are hard links of it, and the link readers follow is replaced by one ``rename(2)`` (``mv -T``; ``ln -sfn`` would
leave a gap). ``plain``: for servers that allow nothing but rsync; new files are put in place together at the end of the
transfer, and only a folder that is empty or ours is ever cleaned up. Source: ADR-0044, reliability P40.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

from pydantic import Field

import pipeline.model as p
from pipeline.deliver.transports import _mirror, _remote
from pipeline.i18n import _

TITLE = "다른 서버에 올리기(rsync)"
ACCEPTS = frozenset({"*/*"})
REACHES_PEOPLE = False
REPEATABLE = True
LINKS = True  # pictures may stay on the disk: they are linked into what is uploaded
_MARK: Final = ".moa"  # names the rendering shown; a folder with it is ours
_COPY: Final = ("--recursive", "--checksum", "--perms", "--chmod=D755,F644")  # times say nothing: bytes decide


class Options(p.Options):
    """Which server and folder, and how to log in."""

    host: str = Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]*$",
        max_length=253,
        description="웹 서버 이름",
        examples=["www.example.go.kr"],
    )
    user: str = Field(pattern=r"^[a-z_][a-z0-9_-]{0,31}$", description="웹 서버의 계정", examples=["moa"])
    port: int = Field(default=22, ge=1, le=65535, description="ssh 포트", examples=["22"])
    folder: str = Field(
        pattern=r"^(/[A-Za-z0-9_][A-Za-z0-9._-]*){2,}$",
        description="웹 서버에서 누리집을 둘 폴더(절대 경로, 두 단계 이상)",
        examples=["/srv/www/learn"],
    )
    key: p.ProjectPath = Field(default="", description="ssh 비밀 키 파일", examples=["private/id_ed25519"])
    known_hosts: p.ProjectPath = Field(
        default="", description="웹 서버의 공개 키를 적은 파일", examples=["private/known_hosts"]
    )
    mode: Literal["switch", "plain"] = Field(
        default="switch",
        description="switch 는 한 번에 바꾸기(ssh 명령이 필요), plain 은 rsync 만으로 채우기",
        examples=["switch"],
    )
    keep: int = Field(default=3, ge=1, le=50, description="남겨 둘 지난 판의 수(switch 일 때)", examples=["3"])


def send(
    options: Options,
    delivery: p.Delivery,
    rendering: p.Rendering,
    http: p.Http,
    keep: Callable[[p.Memo], None],
) -> p.Receipt:
    """Make the server show this rendering; doing it twice changes nothing.

    Raises:
        CredentialError: The server refuses our key, or is not the one we know.
        DeliveryError: It cannot be reached or written; readers see the last site (``switch``), or files that are not ours stand
            in the folder (``folder-in-the-way``).
    """
    del delivery, http, keep
    way = _switch if options.mode == "switch" else _fill
    name = rendering.sha256[:16]
    account = _account(options)
    with tempfile.TemporaryDirectory(prefix="moa-rsync-") as staged:
        for artifact in rendering.artifacts:
            _stage(Path(staged), artifact)
        way(options, account, staged, name)
    return p.Receipt(provider_id=name, accepted=1, status=f"{len(rendering.artifacts)} files")


def lookup(options: Options, delivery: p.Delivery, http: p.Http) -> p.Receipt | None:
    """Return a receipt if the server shows this rendering."""
    del http
    name = delivery.rendering_sha256[:16]
    return p.Receipt(provider_id=name, accepted=1) if _shown(options, _account(options)) == name else None


def _account(options: Options) -> _remote.Account:
    return _remote.Account(options.host, options.user, options.port, options.key, options.known_hosts)


def _stage(folder: Path, artifact: p.Artifact) -> None:
    path = folder / artifact.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_mirror.body_of(artifact))


def _shown(options: Options, account: _remote.Account) -> str:
    """Return the name of the rendering the folder shows, ``""`` when none."""
    if options.mode == "switch":
        script = 'if [ -L "$1" ]; then basename "$(readlink "$1")"; fi'
        return _remote.command(account, "sh", "-c", script, "sh", options.folder).strip()
    with tempfile.TemporaryDirectory(prefix="moa-rsync-") as folder:
        only = ("--include=/" + _MARK, "--exclude=*")
        try:
            _remote.rsync(account, "--recursive", *only, f"{account.place}:{options.folder}/", f"{folder}/")
        except p.DeliveryError as error:
            if error.code != "missing":
                raise
        mark = Path(folder, _MARK)
        return mark.read_text("ascii", "replace").strip() if mark.is_file() else ""


def _switch(options: Options, account: _remote.Account, staged: str, name: str) -> None:
    """Fill a release beside the last one, then let the link point to it."""
    folder = options.folder
    above, _slash, last = folder.rpartition("/")
    releases = f".{last}.releases"
    known = _remote.command(account, "sh", "-c", _PREPARE, "sh", folder, f"{above}/{releases}").split()
    if known == ["stranger"]:
        raise _in_the_way(folder)
    before = known[1] if len(known) > 1 else ""
    if before == name:
        return
    link = [f"--link-dest=../{before}"] if before else []
    aside = f"{above}/{releases}/{name}.new"
    _remote.rsync(account, *_COPY, "--delete-delay", *link, f"{staged}/", f"{account.place}:{aside}/")
    _remote.command(
        account,
        "sh",
        "-c",
        _SHOW,
        "sh",
        folder,
        f"{above}/{releases}",
        name,
        f"{releases}/{name}",
        str(options.keep + 1),
    )


_PREPARE: Final = """
if [ -e "$1" ] && [ ! -L "$1" ]; then rmdir "$1" 2>/dev/null || { echo stranger; exit 0; }; fi
mkdir -p "$2" && echo ready
if [ -L "$1" ]; then basename "$(readlink "$1")"; fi
"""
_SHOW: Final = """
set -e
cd "$2"
if [ ! -d "$3" ]; then mv -T "$3.new" "$3"; else rm -rf "$3.new"; fi
touch "$3"
rm -f "$1.moa-link"
ln -s "$4" "$1.moa-link"
mv -fT "$1.moa-link" "$1"
ls -1t | grep -E '^[0-9a-f]{16}$' | grep -vx "$3" | tail -n "+$5" | while read -r old; do rm -rf "./$old"; done
"""


def _fill(options: Options, account: _remote.Account, staged: str, name: str) -> None:
    """Bring a folder up to date with rsync alone; the mark is written last."""
    target = f"{account.place}:{options.folder}/"
    try:
        there = _remote.rsync(account, "--list-only", "--dirs", target).splitlines()
    except p.DeliveryError as error:
        if error.code != "missing":
            raise
        there = []  # rsync makes the folder itself
    names = {line.split(maxsplit=4)[4] for line in there if len(line.split(maxsplit=4)) == 5} - {"."}
    if names and _MARK not in names:
        raise _in_the_way(options.folder)
    if not names:
        _mark(account, staged, target, "begun")  # a run that dies leaves a folder that is ours
    _remote.rsync(
        account,
        *_COPY,
        "--delay-updates",
        "--delete-delay",
        f"--filter=P /{_MARK}",
        f"--exclude=/{_MARK}",
        f"{staged}/",
        target,
    )
    _mark(account, staged, target, name)


def _mark(account: _remote.Account, staged: str, target: str, name: str) -> None:
    Path(staged, _MARK).write_text(f"{name}\n", "ascii")
    _remote.rsync(account, "--checksum", "--chmod=F644", f"{staged}/{_MARK}", target)


def _in_the_way(folder: str) -> p.DeliveryError:
    message = _("{folder} 자리에 moa가 만들지 않은 파일이 있습니다. 옮긴 뒤 다시 실행해 주세요.").format(folder=folder)
    return p.DeliveryError(message, code="folder-in-the-way")
