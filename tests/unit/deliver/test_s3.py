"""A bucket of a real S3-compatible server process on loopback."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

import pipeline.model as p
from pipeline.deliver.transports import _mirror, s3
from tests.unit.deliver.test_files import delivery, rendering
from tests.vendors.bucket import Server, serving

pytest.importorskip("moto", reason="moto[server] is not installed")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as made:
        yield made


@pytest.fixture
def bucket(server: Server, request: pytest.FixtureRequest) -> str:
    name = "b" + "".join(c if c.isalnum() else "-" for c in request.node.name.lower())[:50].strip("-")
    server.make(name)
    return name


def options(server: Server, bucket: str, **more: object) -> s3.Options:
    keys = {"access_key": p.Secret("MOA_A", "a-key"), "secret_key": p.Secret("MOA_S", "s-key")}
    return s3.Options(**{"bucket": bucket, "base_url": server.url, **keys, **more})


def send(to: s3.Options, of: p.Rendering) -> p.Receipt:
    return s3.send(to, delivery(of), of, None, lambda memo: None)


def test_a_website_stands_in_the_bucket(server: Server, bucket: str, tmp_path: Path) -> None:
    """Every file with its type, charset and how long it may be kept; pictures are read from the disk."""
    (tmp_path / "a.jpg").write_bytes(b"jpeg")
    lies = p.OnDisk(path=str(tmp_path / "a.jpg"), sha256=sha256(b"jpeg").hexdigest(), bytes=4)
    picture = p.Artifact(path="media/ab/a.jpg", media_type="image/jpeg", body=b"", on_disk=lies)
    feed = p.Artifact(path="atom.xml", media_type="application/atom+xml", body=b"<feed/>")
    one = rendering(index_html="처음", s__a_html="하나")
    send(options(server, bucket), replace(one, artifacts=(*one.artifacts, picture, feed)))
    body, headers = server.get(f"{bucket}/index.html")
    assert (body.decode(), headers["content-type"], headers["cache-control"]) == (
        "처음",
        "text/html; charset=utf-8",
        "no-cache",
    )
    assert server.get(f"{bucket}/atom.xml")[1]["content-type"] == "application/atom+xml; charset=utf-8"
    body, headers = server.get(f"{bucket}/media/ab/a.jpg")
    assert (body, headers["content-type"]) == (b"jpeg", "image/jpeg")
    assert "immutable" in headers["cache-control"]


def test_only_what_changed_is_uploaded_and_ours_is_deleted(server: Server, bucket: str) -> None:
    """Unchanged objects keep their time; what is gone goes; what others put there stays."""
    server.put(f"{bucket}/theirs.txt", b"x")
    to = options(server, bucket)
    send(to, rendering(index_html="처음", s__a_html="하나", s__b_html="둘"))
    before = server.get(f"{bucket}/s/a.html")[1]["last-modified"]
    receipt = send(to, rendering(index_html="다음", s__a_html="하나"))
    assert receipt.status == "1 files"
    assert server.get(f"{bucket}/s/a.html")[1]["last-modified"] == before
    assert server.names(bucket) == {"index.html", "s/a.html", "theirs.txt", _mirror.MEMORY}
    assert server.get(f"{bucket}/index.html")[0].decode() == "다음"


def test_lookup_says_whether_it_arrived(server: Server, bucket: str) -> None:
    """The memory in the bucket answers; before anything was sent there is no receipt."""
    one, two = rendering(index_html="처음"), rendering(index_html="다음")
    to = options(server, bucket, prefix="learn/site")
    assert s3.lookup(to, delivery(one), None) is None
    send(to, one)
    assert s3.lookup(to, delivery(one), None) is not None
    assert s3.lookup(to, delivery(two), None) is None
    memory = json.loads(server.get(f"{bucket}/learn/site/{_mirror.MEMORY}")[0])
    assert memory["shown"] == one.sha256


def test_files_in_the_way_are_refused(server: Server, bucket: str) -> None:
    """Somebody's home page is not overwritten."""
    server.put(f"{bucket}/index.html", b"theirs")
    with pytest.raises(p.DeliveryError) as caught:
        send(options(server, bucket), rendering(index_html="처음"))
    assert caught.value.code == "folder-in-the-way"
    assert server.names(bucket) == {"index.html"}


def test_a_bucket_that_is_not_there_is_the_operators(server: Server) -> None:
    """A wrong name is a matter of configuration, not tried again."""
    with pytest.raises(p.CredentialError) as caught:
        send(options(server, "no-such-bucket"), rendering(index_html="처음"))
    assert caught.value.code == "no-bucket"


def test_missing_keys_are_named_and_never_shown(server: Server, bucket: str) -> None:
    """The sentence names the variable; no value of any key is in it."""
    bare = options(server, bucket, secret_key=p.Secret("MOA_S", ""))
    with pytest.raises(p.CredentialError) as caught:
        send(bare, rendering(index_html="처음"))
    assert "MOA_S" in caught.value.message
    assert "a-key" not in caught.value.message + repr(bare)


def test_a_store_that_does_not_answer_may_be_tried_again() -> None:
    """Nobody listens: a plain delivery error, safe to repeat."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = Server(f"http://127.0.0.1:{free.getsockname()[1]}")
    with pytest.raises(p.DeliveryError) as caught:
        send(options(nobody, "bucket"), rendering(index_html="처음"))
    assert (type(caught.value), caught.value.code) == (p.DeliveryError, "store-unreachable")
