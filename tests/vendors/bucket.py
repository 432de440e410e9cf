"""A real S3-compatible server, as a program of its own (moto).

What does not live here: what must be true.
"""

from __future__ import annotations

import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import obstore
from obstore.store import S3Store

KEYS = {"access_key_id": "a-key", "secret_access_key": "s-key"}
SERVER = """
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
"""


@dataclass
class Server:
    """Where it listens."""

    url: str

    def get(self, path: str) -> tuple[bytes, dict[str, str]]:
        """As a reader would, with an address that carries its signature: objects are private unless a policy says more."""
        bucket, _slash, name = path.partition("/")
        about = {"endpoint": self.url, "region": "us-east-1", "client_options": {"allow_http": True}}
        store = S3Store(bucket, **about, **KEYS)
        url = obstore.sign(store, "GET", name, timedelta(minutes=5))
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.read(), {name.lower(): value for name, value in answer.headers.items()}

    def make(self, bucket: str) -> None:
        urllib.request.urlopen(urllib.request.Request(f"{self.url}/{bucket}", method="PUT"), timeout=20).close()

    def put(self, path: str, body: bytes) -> None:
        urllib.request.urlopen(
            urllib.request.Request(f"{self.url}/{path}", data=body, method="PUT"), timeout=20
        ).close()

    def names(self, bucket: str) -> set[str]:
        with urllib.request.urlopen(f"{self.url}/{bucket}?list-type=2", timeout=20) as answer:
            return {part.partition("<")[0] for part in answer.read().decode().split("<Key>")[1:]}


@contextmanager
def serving() -> Iterator[Server]:
    """Start the server and stop it at the end."""
    command = [sys.executable, "-W", "ignore", "-c", SERVER]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        yield Server(f"http://127.0.0.1:{int(process.stdout.readline())}")
        process.communicate(timeout=20)
