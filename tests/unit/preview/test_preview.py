"""The preview over real loopback http: stored bytes only, nothing changed by looking, approval names what was shown."""

from __future__ import annotations

import email
import email.policy
import fcntl
import re
import shutil
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

import pipeline.model as p
from pipeline import output
from pipeline.preview import words
from pipeline.preview.server import Preview
from tests.factories import seoul
from tests.unit.preview import stage
from tests.unit.preview.stage import NIGHT, TODAY, YESTERDAY, ask, checksums, forms, frames, press

KAKAO = f"{TODAY}/kakao/all/0"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = stage.project(tmp_path_factory.mktemp("made"))
    stage.publish(folder)
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A published project of one's own; its store lives where it was made."""
    place = tmp_path / "city"
    shutil.copytree(made, place)
    with stage.house_at(place).store() as store:
        store.adopt()
    return place


@pytest.fixture
def server(folder: Path) -> Iterator[Preview]:
    with stage.serving(stage.house_at(folder)) as running:
        yield running


def delivery(folder: Path, name: str = KAKAO) -> p.Delivery:
    with stage.house_at(folder).store(read_only=True) as store:
        return store.deliveries.get([name])[0]


def form_of(server: Preview, act: str, name: str) -> dict[str, str]:
    page = ask(server).text
    return next(f for f in forms(page) if f["act"] == act and f["delivery"] == name)


# --- what is shown -----------------------------------------------------------------------------------------------


def test_every_channel_is_shown_with_its_stored_bytes(server, folder):
    """P56: what a frame loads is what is stored, byte for byte; of a mail it is the decoded part of the stored bytes."""
    page = ask(server).text
    sources = dict.fromkeys(frames(page))
    site, bubble, post, rich, plain = sorted(sources, key=lambda s: ("/mail/" in s, "kakao" in s, s))
    assert ask(server, site).body == (folder / "output/editions/site/website/index.html").read_bytes()
    kept = folder / "output/editions" / TODAY
    assert ask(server, bubble).body == (kept / "kakao/bubble.html").read_bytes()
    assert ask(server, post).body == (kept / "kakao/post.txt").read_bytes()
    raw = (kept / "mail/newsletter.eml").read_bytes()
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert ask(server, rich).text == message.get_body(("html",)).get_content()
    assert ask(server, plain).text == message.get_body(("plain",)).get_content()
    eml = next(link for link in re.findall(r'href="([^"]+)"', page) if link.endswith(".eml") and "/stored/" in link)
    assert ask(server, eml).body == raw
    assert message["Subject"] in page


def test_every_file_of_the_site_can_be_reached_below_its_page(server, folder):
    """Style, script and the other pages load by the site's own relative links, with their media types."""
    page = ask(server).text
    front = next(src for src in frames(page) if "/site/" in src)
    top = front.removesuffix("index.html")
    for artifact in output.read_rendering(folder / "output", "site", "website").artifacts:
        answer = ask(server, top + artifact.path)
        assert answer.body == artifact.body
        assert answer.headers["Content-Type"].startswith(artifact.media_type)


def test_the_page_names_hashes_states_times_and_what_was_left_out(server, folder):
    """Each channel's hash, whether and when it leaves on Seoul's clock, and what was left out of which channel, why."""
    page = ask(server).text
    for channel, edition in (("kakao", TODAY), ("mail", TODAY), ("website", "site")):
        assert output.read_rendering(folder / "output", edition, channel).sha256 in page
    assert "승인하면 11월 23일(월) 08:00부터 보낼 수 있습니다." in page
    assert "다음 실행 때 바로 보냅니다." in page
    everywhere, kakao_only = page.index("자리가 없던 소식 1"), page.index("카카오에만 없는 소식")
    assert page.index("모든 채널") < everywhere < page.index("카카오톡 메시지에서만") < kakao_only
    assert "한 번에 실을 수 있는 건수를 넘어서" in page
    assert "카카오톡 말풍선에 자리가 모자라서" in page


def test_an_earlier_edition_can_be_chosen(server):
    """The list offers every edition; an earlier one shows its own renderings and its own page of the site."""
    page = ask(server).text
    choice = page.partition('id="edition"')[2].partition("</select>")[0]
    assert re.findall(r'<option value="([^"]+)"', choice) == [TODAY, YESTERDAY]
    earlier = ask(server, f"/?edition={YESTERDAY}").text
    assert f"<h1>{'가온 배움소식 11월 22일'}</h1>" in earlier
    places = frames(earlier)
    assert next(s for s in places if "/site/" in s).endswith(f"e/{YESTERDAY}.html")
    assert all(YESTERDAY.replace("/", "~") in s for s in places if "/site/" not in s)
    assert all(ask(server, s).status == 200 for s in places)
    assert ask(server, "/?edition=daily/1999-01-01").status == 404


def test_what_is_not_rendered_or_damaged_is_said(server, folder):
    """A channel whose bytes are gone or changed shows a sentence instead of a frame, and offers no approval."""
    shutil.rmtree(folder / "output/editions" / TODAY / "mail")
    post = folder / "output/editions" / TODAY / "kakao/post.txt"
    post.write_text("바꿔 쓴 글", encoding="utf-8")
    page = ask(server).text
    assert "저장된 발행물이 없습니다." in page
    assert "훼손되었거나" in page
    assert [f for f in forms(page) if f["act"] == "approve"] == []


def test_bytes_changed_after_the_page_was_opened_are_not_served(server, folder):
    """Every file is checked again when it is served, however long ago its rendering was read."""
    bubble = next(src for src in frames(ask(server).text) if src.endswith("bubble.html"))
    place = folder / "output/editions" / TODAY / "kakao/bubble.html"
    place.write_bytes(place.read_bytes().replace("가온".encode(), "나온".encode()))
    answer = ask(server, bubble)
    assert (answer.status, "나온" in answer.text) == (409, False)


def test_a_frame_of_another_rendering_is_refused(server, folder):
    """A frame's address names its hash: once the rendering was made anew, the old page cannot show the new bytes."""
    bubble = next(src for src in frames(ask(server).text) if src.endswith("bubble.html"))
    other = p.Artifact(path="bubble.html", media_type="text/html", body=b"<p>new</p>")
    whole = p.Rendering(digest_id=TODAY, channel="kakao", sha256=output.hash_of([other]), artifacts=(other,))
    output.write_rendering(folder / "output", whole)
    answer = ask(server, bubble)
    assert (answer.status, b"new" in answer.body) == (409, False)


def test_text_of_sources_is_escaped(folder):
    """P64: a title with markup is text on our page too."""
    house = stage.house_at(folder)
    with house.store() as store:
        row = store.digests.edition(TODAY)
        left = [{"story": "x", "title": "<script>alert(1)</script>", "reason": "cap"}]
        store.digests.save_edition(replace(row, title='"><img src=x onerror=alert(1)>', left_out=left))
    with stage.serving(house) as server:
        page = ask(server).text
    assert re.findall("<script[^>]*>", page) == ['<script src="/live.js" defer>']
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


# --- nothing changes by looking ----------------------------------------------------------------------------------


def test_looking_leaves_every_file_as_it_was(server, folder):
    """CS2: the page, all its frames and refused requests leave the store and all of ``output/`` byte for byte equal."""
    ask(server)  # the first reader may leave SQLite's empty log beside the store
    before = checksums(folder)
    for _ in range(2):
        page = ask(server).text
        for source in frames(page):
            assert ask(server, source).status == 200
        for form in forms(page):
            query = "&".join(f"{k}={v}" for k, v in form.items())
            assert ask(server, f"/decide?{query}").status == 404
            assert ask(server, f"/decide?{query}", method="HEAD").body == b""
    assert checksums(folder) == before


def test_the_first_look_changes_no_byte_of_the_database(server, folder):
    """CS2: the database file itself is not touched by the very first look either."""
    store = folder / "output/moa.db"
    before = (store.read_bytes(), store.stat().st_mtime_ns)
    assert ask(server).status == 200
    assert (store.read_bytes(), store.stat().st_mtime_ns) == before


# --- who may ask -------------------------------------------------------------------------------------------------


def test_it_listens_on_loopback_only(server):
    """P61: bound to 127.0.0.1, nothing else."""
    assert server.socket.getsockname()[0] == "127.0.0.1"
    with socket.socket() as other, pytest.raises(ConnectionRefusedError):
        other.connect(("127.0.0.2", server.server_port))


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example", "[::1]:{port}", "0.0.0.0:{port}", ""]
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_another_host_name_is_misdirected(server, host, method):
    """P61: a name an attacker's DNS points at us gets 421 and nothing else, whatever it asks for."""
    answer = ask(server, method=method, Host=host.format(port=server.server_port))
    assert answer.status == 421
    assert server.token not in answer.text
    assert "<iframe" not in answer.text


def test_localhost_is_a_name_of_ours(server):
    """``localhost:port`` works as well, in any case."""
    assert ask(server, Host=f"LocalHost:{server.server_port}").status == 200


def test_two_host_lines_are_refused(server):
    """A request that names two hosts is not answered."""
    with socket.create_connection(("127.0.0.1", server.server_port)) as line:
        line.sendall(f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{server.server_port}\r\nHost: evil\r\n\r\n".encode())
        assert line.recv(100).startswith(b"HTTP/1.0 421")


def test_headers_close_every_door(server):
    """P61, P64: a strict policy, no sniffing, no storing, no framing by others, no CORS; stored pages are sandboxed."""
    page = ask(server, Origin="https://evil.example")
    assert page.headers["X-Frame-Options"] == "DENY"
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    sources = frames(page.text)
    for answer in (page, *(ask(server, s) for s in sources), ask(server, "/none"), ask(server, method="OPTIONS")):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert [h for h in answer.headers if h.lower().startswith("access-control")] == []
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    for source in sources:
        policy = ask(server, source).headers["Content-Security-Policy"]
        assert "; sandbox" in policy
        assert "allow-same-origin" not in policy
        assert ("allow-scripts" in policy) == ("/mail/" not in source)
    assert "allow-same-origin" not in page.text


@pytest.mark.parametrize(
    "path",
    [
        "..%2f..%2f..%2fmoa.db",
        "../../../moa.db",
        "../../../../config/moa.yaml",
        "manifest.json",
        "",
        "/",
        "assets",
        "assets/",
        "./index.html",
        "assets/../index.html",
        "%69ndex.html",
        "index.html%00",
        "index.html/",
        "//index.html",
    ],
)
def test_only_named_files_of_the_rendering_are_served(server, path):
    """P62: no traversal, no listing, no store, no YAML, not even the manifest: only paths of the verified list."""
    front = next(src for src in frames(ask(server).text) if src.endswith("index.html"))
    assert ask(server, front.removesuffix("index.html") + path).status == 404


@pytest.mark.parametrize("edition", ["..", ".~..", "..~..", "~", "site~x", "daily", "daily~..", "%2e%2e", "reports~x"])
def test_only_editions_are_served(server, edition):
    """P62: nothing of an edition's name leads anywhere but to a stored rendering."""
    for room, reading in (("stored", ""), ("mail", "html/")):
        place = f"/{room}/{server.shelf.key}/{'0' * 64}/{edition}/website/{reading}index.html"
        assert ask(server, place).status == 404


def test_bytes_are_given_only_to_who_knows_this_start(server):
    """Every address of stored bytes holds a word drawn at the start: another page of the browser cannot guess one, and the
    word decides nothing."""
    page = ask(server).text
    for source in frames(page):
        assert ask(server, source).status == 200
        assert ask(server, source.replace(server.shelf.key, "x" * len(server.shelf.key))).status == 404
    assert server.shelf.key != server.token
    held = form_of(server, "hold", f"{TODAY}/mail/all/0")
    assert press(server, held | {"token": server.shelf.key}).status == 403


def test_only_fonts_may_be_read_by_a_sandboxed_page(server, folder):
    """The site's own font loads inside the sandbox, whose origin is "null"; nothing else may be read from there."""
    front = next(src for src in frames(ask(server).text) if src.endswith("index.html"))
    allowed = {}
    for artifact in output.read_rendering(folder / "output", "site", "website").artifacts:
        answer = ask(server, front.removesuffix("index.html") + artifact.path, Origin="null")
        assert "font-src 'self'" in answer.headers["Content-Security-Policy"]
        allowed[artifact.path] = answer.headers["Access-Control-Allow-Origin"]
    fonts = {path for path in allowed if path.endswith(".woff2")}
    assert fonts
    assert allowed == {path: "null" if path in fonts else None for path in allowed}


def test_other_paths_are_not_found(server):
    """There is nothing but the page, its style and stored files."""
    for path in ("/config/moa.yaml", "/output/moa.db", "/stored/", "/mail", "/templates/page.html.j2", "/decide"):
        assert ask(server, path).status == 404, path
    assert ask(server, f"http://127.0.0.1:{server.server_port}/").status == 404


def test_a_symbolic_link_is_not_followed(server, folder):
    """P62: a link in the place of a stored file is refused, even when it leads to the same bytes."""
    bubble = next(src for src in frames(ask(server).text) if src.endswith("bubble.html"))
    place = folder / "output/editions" / TODAY / "kakao/bubble.html"
    outside = folder / "outside.html"
    place.rename(outside)
    place.symlink_to(outside)
    assert ask(server, bubble).status == 409


# --- deciding ----------------------------------------------------------------------------------------------------


def test_approving_lets_exactly_what_was_shown_go(server, folder):
    """The button releases the held delivery of the shown hash, leads back to the page, and sends nothing (P63)."""
    form = form_of(server, "approve", KAKAO)
    assert form["sha256"] == delivery(folder).rendering_sha256
    answer = press(server, form)
    assert (answer.status, answer.headers["Location"]) == (
        303,
        "/?edition=daily%2F2026-11-23&said=approved#channel-kakao",
    )
    assert (delivery(folder).state, delivery(folder).attempts) == (p.DeliveryState.PENDING, 0)
    assert not (folder / "output/copykit").exists()
    after = ask(server, answer.headers["Location"].partition("#")[0]).text
    assert "승인했습니다." in after
    assert KAKAO in {f["delivery"] for f in forms(after) if f["act"] == "hold"}


def test_holding_keeps_it_back(server, folder):
    """A pending delivery can be held from the page, and approved again."""
    name = f"{TODAY}/mail/all/0"
    assert press(server, form_of(server, "hold", name)).status == 303
    assert (delivery(folder, name).state, delivery(folder, name).reason) == (p.DeliveryState.HELD, "person")
    assert press(server, form_of(server, "approve", name)).status == 303
    assert delivery(folder, name).state is p.DeliveryState.PENDING


def test_another_hash_is_refused(server, folder):
    """Approving names the hash that was shown: any other, a part of it or none is refused with a sentence."""
    form = form_of(server, "approve", KAKAO)
    for sha256 in ("0" * 64, form["sha256"][:16], ""):
        answer = press(server, form | {"sha256": sha256})
        assert answer.status == 409
        assert "보신 것과 저장된 것이 다릅니다." in answer.text
    assert delivery(folder).state is p.DeliveryState.HELD


def test_stored_bytes_that_changed_since_are_refused(server, folder):
    """The stored rendering is read again when approving: changed bytes, or another rendering, cannot be approved."""
    form = form_of(server, "approve", KAKAO)
    place = folder / "output/editions" / TODAY / "kakao/post.txt"
    good = place.read_bytes()
    place.write_bytes(good + b"!")
    assert press(server, form).status == 409
    place.write_bytes(good)
    assert press(server, form).status == 303
    assert delivery(folder).state is p.DeliveryState.PENDING


def test_without_the_token_nothing_changes(server, folder):
    """P61: no token, another one, or another site's form is refused, in the field as in the header."""
    form = form_of(server, "approve", KAKAO)
    bare = {k: v for k, v in form.items() if k != "token"}
    assert press(server, bare).status == 403
    assert press(server, form | {"token": "x" * 43}).status == 403
    for origin in ("https://evil.example", "null", f"http://127.0.0.1:{server.server_port + 1}"):
        assert press(server, form, Origin=origin).status == 403
    assert delivery(folder).state is p.DeliveryState.HELD
    assert press(server, bare, X_Moa_Token=server.token).status == 303


def test_each_start_has_its_own_token(server, folder):
    """A page of an earlier start cannot decide any more."""
    form = form_of(server, "approve", KAKAO)
    with stage.serving(stage.house_at(folder)) as again:
        assert press(again, form).status == 403


def test_odd_posts_are_refused(server, folder):
    """Other forms, too large ones, other places and words change nothing."""
    form = form_of(server, "approve", KAKAO)
    assert press(server, form, Content_Type="text/plain").status == 415
    assert press(server, form | {"more": "x" * 5000}).status == 413
    assert press(server, form | {"act": "send"}).status == 404
    assert press(server, form | {"delivery": "none"}).status == 409
    assert ask(server, "/decide", method="POST", Content_Type="application/x-www-form-urlencoded").status == 403
    assert delivery(folder).state is p.DeliveryState.HELD


def test_while_a_run_is_going_on_nobody_decides(server, folder):
    """The store's lock is respected: the page says to try again."""
    form = form_of(server, "approve", KAKAO)
    with (folder / "output/moa.db.lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        answer = press(server, form)
    assert answer.status == 409
    assert "다른 실행이 진행 중입니다" in answer.text
    assert delivery(folder).state is p.DeliveryState.HELD


def test_what_was_decided_elsewhere_is_said(server, folder):
    """A delivery that moved on meanwhile is not approved a second time."""
    form = form_of(server, "approve", KAKAO)
    assert press(server, form).status == 303
    assert press(server, form).status == 409


def test_what_expired_cannot_be_approved(folder):
    """CS4: past its time, or where it would pass before the channel opens, there is no button; an old page's is refused."""
    with stage.serving(stage.house_at(folder)) as early:
        form = form_of(early, "approve", KAKAO)
    with stage.serving(stage.house_at(folder, NIGHT + timedelta(hours=13))) as late:
        assert [f for f in forms(ask(late).text) if f["act"] == "approve"] == []
        assert press(late, form | {"token": late.token}).status == 409
    text = (folder / "config/moa.yaml").read_text(encoding="utf-8")
    (folder / "config/moa.yaml").write_text(text.replace("08:00-20:50", "16:00-20:50"), encoding="utf-8")
    with stage.serving(stage.house_at(folder)) as narrow:  # opens an hour after the message expires
        assert press(narrow, form | {"token": narrow.token}).status == 409
    assert delivery(folder).state is p.DeliveryState.HELD


def test_a_copied_store_says_so(made, tmp_path):
    """Whoever looks at a copy is told that nothing leaves from it."""
    shutil.copytree(made, tmp_path / "copy")
    with stage.serving(stage.house_at(tmp_path / "copy")) as server:
        assert "다른 곳에서 복사한 것" in ask(server).text


# --- when it leaves ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "expires", "says"),
    [
        (seoul(11, 23, 20, 49), seoul(11, 24, 12), "승인하면 다음 실행 때 바로 보냅니다."),
        (seoul(11, 23, 20, 55), seoul(11, 24, 12), "승인하면 11월 24일(화) 08:00부터 보낼 수 있습니다."),
        (
            seoul(11, 23, 20, 55),
            seoul(11, 24, 7),
            "보낼 수 있는 시간이 되기 전에 기한(11월 24일(화) 07:00)이 지나므로 보내지 않습니다.",
        ),
        (
            seoul(11, 24, 8),
            seoul(11, 24, 8),
            "보낼 수 있는 시간이 되기 전에 기한(11월 24일(화) 08:00)이 지나므로 보내지 않습니다.",
        ),
    ],
)
def test_a_message_approved_in_the_evening_waits_for_the_morning(now, expires, says):
    """CS4: after the channel closes it is the next morning, or never when it expires before."""
    channel = p.ChannelSpec(id="kakao", renderer="kakao", transport="copykit", opens="08:00", closes="20:50")
    held = p.Delivery(
        id=KAKAO,
        edition_id=TODAY,
        channel="kakao",
        transport="copykit",
        rendering_sha256="",
        state=p.DeliveryState.HELD,
        not_before_at=seoul(11, 23, 8),
        expires_at=expires,
    )
    assert words.departure(held, channel, now) == says


def test_what_is_settled_or_leads_nowhere_has_no_time():
    """A sent delivery says no time; one whose channel was taken out of the configuration says that."""
    sent = p.Delivery(
        id=KAKAO,
        edition_id=TODAY,
        channel="kakao",
        transport="copykit",
        rendering_sha256="",
        state=p.DeliveryState.SENT,
        not_before_at=NIGHT,
    )
    assert words.departure(sent, None, NIGHT) == ""
    assert "설정에서 빠져" in words.departure(replace(sent, state=p.DeliveryState.PENDING), None, NIGHT)
