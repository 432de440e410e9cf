"""A project whose editions are made by the real renderers and stored by the real rooms; and a browser without a window.

What does not live here: what must be true (``test_preview.py``), the digest itself (``tests/renderers/digest.py``).
"""

from __future__ import annotations

import hashlib
import http.client
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pipeline.model as p
from pipeline import output
from pipeline.preview.server import Preview
from pipeline.publish import curating, instep, outgoing, stored
from pipeline.publish.render import render
from pipeline.wiring import House, open_house
from tests.renderers.digest import digest, lay

NIGHT = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)  # 03:00 on 23 November in Seoul
TODAY, YESTERDAY = "daily/2026-11-23", "daily/2026-11-22"
MOA = """\
institute:
  name: 가온시 평생학습원
  site_url: https://learn.gaon.example
digests:
  - id: daily
    title: 가온 배움소식 {date}
    channels: [website, kakao, mail]
channels:
  - id: website
    renderer: website
    transport: files
    send: {folder: output/website}
  - id: kakao
    renderer: kakao
    transport: copykit
    approval: manual
    window: 08:00-20:50
    send: {folder: output/copykit}
  - id: mail
    renderer: newsletter
    transport: smtp
    send:
      host: mail.gaon.example
      username: GAON_SMTP_USER
      password: GAON_SMTP_PASSWORD
      sender: 가온시 평생학습원 <news@gaon.example>
      recipients: private/subscribers.csv
      unsubscribe: https://learn.gaon.example/u/{token}
      token_key: GAON_TOKEN_KEY
"""


def project(folder: Path) -> Path:
    """Write the configuration; no secret is anywhere."""
    (folder / "config" / "sources").mkdir(parents=True)
    (folder / "config" / "moa.yaml").write_text(MOA, encoding="utf-8")
    (folder / "private").mkdir()
    (folder / "private" / "subscribers.csv").write_text("email\nreader@gaon.example\n", encoding="utf-8")
    return folder


def house_at(folder: Path, now: datetime = NIGHT) -> House:
    """Open the project as the command line does, on a fixed clock."""
    return open_house(folder, str(folder), environment={}, clock=lambda: now)


def publish(folder: Path, *, dropped: int = 2) -> House:
    """Store two editions and the site with their sendings, as a night would."""
    house = house_at(folder)
    lay(house.output_dir)
    for edition_id, title in ((YESTERDAY, "가온 배움소식 11월 22일"), (TODAY, "가온 배움소식 11월 23일")):
        shift = timedelta(days=edition_id == YESTERDAY)
        left = tuple(p.LeftOut(story_id=f"s{n}", title=f"자리가 없던 소식 {n}", reason="cap") for n in range(dropped))
        made = digest(
            id=edition_id,
            title=title,
            as_of=NIGHT - shift,
            end_at=NIGHT - shift,
            left_out=left,
            archive=(),
            editions={},
        )
        _edition(house, _laid(house, made), NIGHT - shift)
    with house.store() as store:
        channel = _channel(house, "website")
        site = render(house.registry.renderer("website"), channel, _laid(house, digest()), edition_id="site")
        output.write_rendering(house.output_dir, site)
        planned = outgoing.site_delivery(site, channel, batch=1, again=False, now=NIGHT)
        assert planned is not None
        store.deliveries.enqueue([planned], now=NIGHT)
        instep.mark(curating.desk_at(house.settings, store, house.registry, now=NIGHT))
    return house


def _laid(house: House, made: p.Digest) -> p.Digest:
    """Lay down our own copies of pictures: the digest names the hashes of these bytes, and now their sizes too."""
    sections = tuple(
        replace(section, cards=tuple(replace(card, story=_story(house, card.story)) for card in section.cards))
        for section in made.sections
    )
    return replace(made, sections=sections, library=tuple(_story(house, story) for story in made.library))


def _story(house: House, story: p.Story) -> p.Story:
    members = tuple(_entry(house, entry) for entry in story.members)
    return replace(story, primary=members[0], members=members)


def _entry(house: House, entry: p.Entry) -> p.Entry:
    if entry.picture is None or entry.image is None:
        return entry
    files = []
    for file in entry.picture.files:
        body = f"{entry.image.url} {file.use.value}".encode()
        place = house.output_dir / "media" / file.path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(body)
        files.append(replace(file, bytes=len(body)))
    return replace(entry, picture=replace(entry.picture, files=tuple(files)))


def _edition(house: House, made: p.Digest, now: datetime) -> None:
    renderings = []
    for channel in (_channel(house, "kakao"), _channel(house, "mail")):
        whole = render(house.registry.renderer(channel.renderer), channel, made)
        if channel.id == "kakao":
            whole = replace(
                whole, left_out=(p.LeftOut(story_id="k", title="카카오에만 없는 소식", reason="kakao-budget"),)
            )
        output.write_rendering(house.output_dir, whole)
        renderings.append(whole)
    with house.store() as store, store.transaction():
        store.digests.save_edition(stored.row_of(made, renderings, state="made", now=now))
        planned = [outgoing.delivery(r, _channel(house, r.channel), now=now, as_of=now) for r in renderings]
        store.deliveries.enqueue([d for d in planned if d], now=now)


def _channel(house: House, name: str) -> p.ChannelSpec:
    return next(c for c in house.settings.channels if c.id == name)


@contextmanager
def serving(house: House, **options: str) -> Iterator[Preview]:
    """Run a preview on a free port."""
    with Preview(house, **options) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class Answer:
    """One answer: status, headers, bytes."""

    def __init__(self, raw: http.client.HTTPResponse) -> None:
        self.status = raw.status
        self.headers = raw.headers
        self.body = raw.read()

    @property
    def text(self) -> str:
        return self.body.decode()


def ask(server: Preview, path: str = "/", *, method: str = "GET", body: bytes = b"", **headers: str) -> Answer:
    """Send one request; ``Host`` and others may be replaced (``Content_Type`` means ``Content-Type``)."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    sent = {"Host": f"127.0.0.1:{server.server_port}"} | {k.replace("_", "-"): v for k, v in headers.items()}
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in sent.items():
        if value:
            connection.putheader(name, value)
    if body or method == "POST":
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body or None)
    try:
        return Answer(connection.getresponse())
    finally:
        connection.close()


def forms(page: str) -> list[dict[str, str]]:
    """Return the decision forms of a page: hidden fields and the button."""
    found = []
    for form in re.findall(r'<form method="post" action="/decide">(.*?)</form>', page, re.DOTALL):
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
        found.append(fields | dict(re.findall(r'<button [^>]*name="(\w+)" value="(\w+)"', form)))
    return found


def press(server: Preview, form: dict[str, str], **headers: str) -> Answer:
    """Send a form as the browser would."""
    given = {"Content_Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{server.server_port}"}
    return ask(server, "/decide", method="POST", body=urlencode(form).encode(), **(given | headers))


def frames(page: str) -> list[str]:
    """Return where the frames of a page lead."""
    return re.findall(r'<iframe src="([^"]+)"', page)


def checksums(folder: Path) -> dict[str, str]:
    """Return the hash of every file below a folder."""
    files = sorted(f for f in folder.rglob("*") if f.is_file() and not f.is_symlink())
    return {f.relative_to(folder).as_posix(): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}
