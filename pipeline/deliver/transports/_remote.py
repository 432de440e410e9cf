"""Running ``rsync`` and ``ssh``: found, bounded in time, never asking, and their exit codes turned into our errors.

What does not live here: what is uploaded where (``rsync``). Only an address, paths and options of ours reach a command line.
Source: rsync(1) EXIT VALUES, ssh_config(5).
"""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pipeline.model as p
from pipeline.i18n import _

_SSH_FAILED: Final = 255
_TIMEOUTS: Final = frozenset({30, 35})
_DENIED: Final = ("permission denied (", "host key verification failed", "no supported authentication", "too many auth")


@dataclass(frozen=True, slots=True)
class Account:
    """Where to log in: options of ours only, so that nobody's ssh configuration changes what is sent where."""

    host: str
    user: str
    port: int
    key: str
    known_hosts: str

    @property
    def place(self) -> str:
        """``user@host``."""
        return f"{self.user}@{self.host}"

    def ssh(self) -> list[str]:
        """The ssh command: asks nothing, knows its hosts, gives up in time."""
        key = ["-i", self.key, "-o", "IdentitiesOnly=yes"] if self.key else []
        known = ["-o", f'UserKnownHostsFile="{self.known_hosts}"'] if self.known_hosts else []
        rules = ["BatchMode=yes", "StrictHostKeyChecking=yes", "ServerAliveInterval=15", "ServerAliveCountMax=4"]
        rules += [f"ConnectTimeout={int(p.limits.UPLOAD_CONNECT_S)}", "LogLevel=ERROR"]
        return ["ssh", "-F", "none", "-p", str(self.port), *key, *known, *(w for r in rules for w in ("-o", r))]


def rsync(account: Account, *words: str) -> str:
    """Run rsync over this account and return what it said.

    Raises:
        CredentialError: The server refuses the key, or is not the one we know.
        DeliveryError: Anything else; some files may have arrived.
    """
    over = shlex.join(account.ssh())
    return _run(["rsync", "-e", over, f"--timeout={int(p.limits.UPLOAD_SILENCE_S)}", *words])


def command(account: Account, *words: str) -> str:
    """Run one command of the server and return what it said. Raises: as ``rsync``."""
    return _run([*account.ssh(), account.place, shlex.join(words)])


def _run(words: Sequence[str]) -> str:
    try:
        process = subprocess.Popen(  # noqa: S603 - a list, no shell; the paths in it are checked by the options
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            env=_environment(),
        )
    except FileNotFoundError as error:
        message = _("이 서버에 {program} 프로그램이 없습니다.").format(program=words[0])
        hint = _("운영 담당자에게 설치를 부탁해 주세요: apt-get install rsync openssh-client")
        raise p.DeliveryError(message, code="program-missing", hint=hint) from error
    try:
        said, complained = process.communicate(timeout=p.limits.UPLOAD_S)
    except subprocess.TimeoutExpired as error:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise p.DeliveryError(_("올리는 데 너무 오래 걸려 그만두었습니다."), code="timeout") from error
    if process.returncode:
        raise _refusal(process.returncode, complained.decode("utf-8", "replace"))
    return said.decode("utf-8", "replace")


def _environment() -> Mapping[str, str]:
    """No secret of ours reaches another program; an agent may hold the key."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "SSH_AUTH_SOCK") if name in os.environ}
    return {**kept, "LC_ALL": "C"}


def _refusal(code: int, complained: str) -> p.DeliveryError:
    said = complained.lower()
    if any(word in said for word in _DENIED):
        hint = _("key 와 known_hosts 파일, 서버의 authorized_keys 를 확인해 주세요.")
        return p.CredentialError(_("웹 서버가 접속을 거절했습니다."), code="refused", hint=hint)
    if code in _TIMEOUTS:
        return p.DeliveryError(_("웹 서버가 대답하지 않습니다."), code="timeout")
    if code == _SSH_FAILED or "connection" in said:
        return p.DeliveryError(_("웹 서버에 연결하지 못했습니다."), code="connect")
    if "no such file or directory" in said:
        return p.DeliveryError(_("웹 서버에 그런 폴더가 없습니다."), code="missing")
    last = next((line for line in reversed(complained.splitlines()) if line.strip()), "")
    why = "".join(c if c.isprintable() else " " for c in last)[:150]
    message = _("웹 서버에 올리지 못했습니다 ({code}): {why}").format(code=code, why=why)
    return p.DeliveryError(message, code="upload")
