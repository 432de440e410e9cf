"""A real sshd on loopback with one login: the user who runs the tests.

What does not live here: what must be true.
"""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.deliver.transports import rsync

SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
MISSING = [
    name
    for name, found in (("sshd", SSHD), ("ssh", shutil.which("ssh")), ("rsync", shutil.which("rsync")))
    if not found
]


@dataclass
class Server:
    """A login on this machine."""

    port: int
    key: Path
    known_hosts: Path
    www: Path

    def options(self, **more: object) -> rsync.Options:
        base = {
            "host": "127.0.0.1",
            "user": getpass.getuser(),
            "port": self.port,
            "folder": str(self.www),
            "key": str(self.key),
            "known_hosts": str(self.known_hosts),
        }
        return rsync.Options(**{**base, **more})


def keygen(path: Path) -> str:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path], check=True)
    return path.with_suffix(".pub").read_text().strip()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """Start sshd with keys of its own in this folder, and stop it at the end."""
    host, mine = keygen(folder / "host"), keygen(folder / "key")
    (folder / "authorized").write_text(mine + "\n")
    port = free_port()
    (folder / "known").write_text(f"[127.0.0.1]:{port} {' '.join(host.split()[:2])}\n")
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # sshd's own empty folder, made at boot elsewhere
    rules = {
        "HostKey": folder / "host",
        "AuthorizedKeysFile": folder / "authorized",
        "PidFile": "none",
        "StrictModes": "no",
        "UsePAM": "no",
        "PasswordAuthentication": "no",
        "PermitRootLogin": "prohibit-password",
        "ListenAddress": "127.0.0.1",
    }
    (folder / "config").write_text("".join(f"{name} {value}\n" for name, value in rules.items()))
    assert SSHD is not None
    command = [SSHD, "-D", "-e", "-p", str(port), "-f", str(folder / "config")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        heard = next((line for line in process.stderr if "listening" in line.lower()), "")
        assert heard, "sshd did not start"
        yield Server(port, folder / "key", folder / "known", folder / "www")
        process.terminate()
        process.communicate(timeout=20)
