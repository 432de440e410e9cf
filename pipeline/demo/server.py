"""The practice city's one web server, on loopback only: routes, validators, and the faults a flow test asks for.

What does not live here: the pages themselves (``boards``, ``blogs``, ``tube``), the stories (``stories``).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import blake2b
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Final, Literal, Self, cast
from urllib.parse import parse_qsl, urlsplit

from pipeline.demo import blogs, boards, pictures, portal, tube
from pipeline.demo.answers import Answer, not_found, page
from pipeline.demo.stories import PLACES, Post, added, address, stories

Fault = Literal["500", "404", "container-missing", "empty", "slow", "login", "quota"]
_SLOW_S: Final = 120.0
_ROBOTS: Final = b"User-agent: *\nDisallow: /admin/\nAllow: /\n"
_ROUTES: Final = (  # longest first; the place each path belongs to
    ("/a/bbs/board.php", "board-a"),
    ("/b/cop/bbs/", "board-b"),
    ("/c/board/", "board-c"),
    ("/lecture/", "courses"),
    ("/user/course/offline/", "gseek"),
    ("/rss/neulbom-learn.xml", "naver"),
    ("/blog/neulbom-learn", "naver"),
    ("/library", "tistory"),
    ("/youtube/v3/", "youtube"),
    ("/feeds/videos.xml", "youtube"),
)
_BOARDS: Final[Mapping[str, Callable[..., Answer]]] = {
    "board-a": boards.board_a,
    "board-b": boards.board_b,
    "board-c": boards.board_c,
    "courses": boards.courses,
}


class City:
    """The running practice city; a context manager that stops it.

    Attributes:
        url: ``http://127.0.0.1:<port>``, without a slash at the end.
        requests: ``"GET /path?query"`` of every request so far, in order of arrival.
        posts: Every place's posts, newest first; ``add`` puts new ones in front.
    """

    def __init__(self, now: datetime, host: str, port: int) -> None:
        self.now = now
        self.posts = stories(now)
        self.requests: list[str] = []
        self._faults: dict[str, Fault] = {}
        self._closing = threading.Event()
        self._server = _Server((host, port), self)
        self.host, self.port = host, int(self._server.server_address[1])
        self.url = f"http://{host}:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop serving; slow answers are let go."""
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def break_(self, place: str, how: Fault) -> None:
        """Make one place fail from now on.

        Args:
            place: One of ``stories.PLACES``.
            how: ``500`` and ``404`` for every page of it; ``container-missing`` (a redesign), ``empty``, ``login`` for its
                list; ``slow`` never answers in time; ``quota`` is YouTube's.
        """
        self._check(place)
        self._faults[place] = how

    def mend(self, place: str) -> None:
        """Let one place work again."""
        self._check(place)
        self._faults.pop(place, None)

    def add(self, place: str, title: str, *, number: str = "", at: datetime | None = None, **more: Any) -> Post:
        """Post something new in front of a place's list and return it.

        Args:
            place: One of ``stories.PLACES``.
            title: Its title.
            number: The place's own number; the next one if empty.
            at: When it was posted; the city's ``now`` if ``None``.
            more: Other fields of ``Post``.
        """
        self._check(place)
        number = number or self._next_number(place)
        post = added(place, at or self.now, number, title, **more)
        self.posts[place] = [post, *self.posts[place]]
        return post

    def edit(self, place: str, number: str, **fields: Any) -> Post:
        """Change fields of a post; ``facts`` are merged."""
        self._check(place)
        old = next(post for post in self.posts[place] if post.id == number)
        facts = {**old.facts, **fields.pop("facts", {})}
        new = replace(old, facts=facts, **fields)
        self.posts[place] = [new if post.id == number else post for post in self.posts[place]]
        return new

    def address(self, place: str, number: str) -> str:
        """Return the public address of a post."""
        return address(self.url, place, number)

    def answer(self, target: str, key: str) -> Answer:
        """Return what the city answers to ``GET target``."""
        parts = urlsplit(target)
        query = dict(parse_qsl(parts.query))
        place = next((name for start, name in _ROUTES if parts.path.startswith(start)), "")
        fault = self._faults.get(place)
        if fault:
            broken = self._broken(place, fault, parts.path, query)
            if broken is not None:
                return broken
        posts = [] if fault == "empty" else self.posts.get(place, [])
        if place in _BOARDS:
            return _BOARDS[place](query, posts, self.url)
        if place == "gseek":
            return portal.answer(parts.path, query, posts, self.url)
        if place == "youtube":
            if parts.path == "/feeds/videos.xml":
                return tube.feed(query, posts, self.url)
            return tube.api(
                parts.path.removeprefix("/youtube/v3/"), query, posts, self.url, key or query.get("key", "")
            )
        if place:
            return self._blog(place, parts.path, posts)
        return self._other(parts.path)

    def _blog(self, place: str, path: str, posts: list[Post]) -> Answer:
        if path == "/rss/neulbom-learn.xml":
            return blogs.naver_feed(posts, self.url)
        if path == "/library/rss":
            return blogs.tistory_feed(posts, self.url)
        return (blogs.naver_page if place == "naver" else blogs.tistory_page)(path, posts, self.url)

    def _other(self, path: str) -> Answer:
        if path == "/robots.txt":
            return Answer(body=_ROBOTS, media_type="text/plain; charset=utf-8")
        if path.startswith("/media/"):
            name = path.rsplit("/", 1)[-1].removesuffix(".png").removesuffix(".gif")
            return Answer(body=pictures.cover(name), media_type="image/png")
        if path == "/files/download.do":
            return Answer(body=b"%PDF-1.4\n% practice\n", media_type="application/pdf")
        return page("처음", "<p>연습용 도시입니다.</p>") if path in ("/", "/kakao") else not_found()

    def _broken(self, place: str, how: Fault, path: str, query: Mapping[str, str]) -> Answer | None:
        if how == "slow":
            self._closing.wait(_SLOW_S)
            return None
        if how in ("500", "404"):
            return Answer(body=page("오류", "<p>잠시 뒤에 다시 찾아 주세요.</p>").body, status=int(how), has_etag=False)
        if how == "quota":
            return tube.quota_spent() if path.startswith("/youtube/") else None
        is_list = not ({"wr_id", "nttId", "no", "lectSeq", "s_sbjct_sn"} & query.keys()) and place != "youtube"
        if how == "container-missing" and is_list:
            card = (
                '<div class="renewal"><div class="card"><a href="/renewal/1">새로 꾸민 누리집의 첫 소식</a></div></div>'
            )
            return page("새 단장", card)
        if how == "login" and is_list:
            form = "<h2>로그인</h2><p>로그인 후 이용하실 수 있습니다.</p><form><input type=password name=pw></form>"
            return page("로그인", form)
        return None

    def _next_number(self, place: str) -> str:
        numbers = [int(post.id) for post in self.posts[place] if post.id.isdigit()]
        return str(max(numbers) + 1) if numbers else f"nb-news-{len(self.posts[place]):03d}"

    def _check(self, place: str) -> None:
        if place not in PLACES:
            raise ValueError(f"no such place: {place}; there are {', '.join(PLACES)}")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, where: tuple[str, int], city: City) -> None:
        super().__init__(where, _Handler)
        self.city = city


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "neulbom"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer a GET, with 304 where the asker has the same bytes."""
        self._reply(with_body=True)

    def do_HEAD(self) -> None:
        """Answer a HEAD."""
        self._reply(with_body=False)

    def do_POST(self) -> None:
        """Answer a POST as the GET with the form's values."""
        form = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("utf-8", "replace")
        self.path += ("&" if "?" in self.path else "?") + form
        self._reply(with_body=True)

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing: ``City.requests`` remembers."""

    def _reply(self, *, with_body: bool) -> None:
        city = cast("_Server", self.server).city
        city.requests.append(f"{self.command} {self.path}")
        answer = city.answer(self.path, self.headers.get("X-Goog-Api-Key", ""))
        etag = f'"{blake2b(answer.body, digest_size=8).hexdigest()}"' if answer.has_etag else ""
        status = 304 if answer.status == 200 and self._has(etag, answer) else answer.status
        body = b"" if status == 304 else answer.body
        try:
            self.send_response(status)
            if etag:
                self.send_header("ETag", etag)
            if answer.changed_at is not None:
                self.send_header("Last-Modified", format_datetime(answer.changed_at.astimezone(UTC), usegmt=True))
            self.send_header("Content-Type", answer.media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if with_body:
                self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the asker lost patience

    def _has(self, etag: str, answer: Answer) -> bool:
        named = self.headers.get("If-None-Match")
        if named is not None:
            return bool(etag) and etag in named
        since = self.headers.get("If-Modified-Since")
        if not since or answer.changed_at is None or etag:  # with an ETag the content decides, not the clock (P15)
            return False
        return answer.changed_at.replace(microsecond=0) <= parsedate_to_datetime(since)


def serve(now: datetime, host: str = "127.0.0.1", port: int = 0) -> City:
    """Start the practice city as of ``now`` (aware) and return it; use it in a ``with`` statement.

    Args:
        now: Every date in the city is relative to it: the same ``now`` gives the same bytes.
        host: Loopback address to listen on.
        port: 0 takes a free one.

    Raises:
        OSError: The port is taken.
    """
    return City(now, host, port)
