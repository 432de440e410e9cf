"""A server for this machine's browser: the page, the stored bytes, and one POST for a person's decision (P61, P62).

What does not live here: what a page says (``looking``, ``pages``), deciding (``deciding``).
It binds 127.0.0.1, answers only requests that name it as host (a rebound name cannot), lets nothing but fonts be read by
another origin, and changes nothing without the token of this start. Stored pages run in a sandbox of their own origin, so
that no script in them can reach the token.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from dataclasses import fields
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, quote

import pipeline.model as p
from pipeline import log
from pipeline.i18n import _
from pipeline.preview import pages
from pipeline.preview.answering import PAGE_POLICY, SAY_POLICY, Refused, form_of, missing
from pipeline.preview.deciding import Curation, Decision, RefusedDecision, curate, decide
from pipeline.preview.drafts import Drafts
from pipeline.preview.framing import ROOMS, bytes_of
from pipeline.preview.looking import look
from pipeline.preview.shelf import Shelf
from pipeline.preview.stamp import stamp_of
from pipeline.publish.curating import VERBS
from pipeline.wiring import House, open_house

HOST: Final = "127.0.0.1"
TOKEN_HEADER: Final = "X-Moa-Token"  # noqa: S105 - a name
_log = log.get("preview")


class Preview(ThreadingHTTPServer):
    """One preview of one project.

    Attributes:
        house: Settings, store, clock.
        token: Random for each start; every POST must bring it.
        edition_id: Shown at ``/``; the newest when empty.
    """

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self, house: House, *, port: int = 0, edition_id: str = "") -> None:
        """Bind.

        Raises:
            OSError: The port is taken.
        """
        self.house = house
        self.shelf = Shelf(house.output_dir)
        self.drafts = Drafts()
        self.token = secrets.token_urlsafe(32)
        self.edition_id = edition_id
        super().__init__((HOST, port), _Handler)
        self.hosts = frozenset(f"{name}:{self.server_port}" for name in (HOST, "localhost"))
        self.origins = frozenset(f"http://{name}" for name in self.hosts)

    @property
    def url(self) -> str:
        """Return the address to open."""
        return f"http://{HOST}:{self.server_port}/"

    def refresh(self) -> str:
        """Read the configuration again, if it can be read; return what is wrong with it, for people.

        Cost: one hash of the configuration when nothing changed.
        """
        old = self.house
        try:
            self.house = open_house(
                Path(old.settings.project), old.settings.project, environment=old.environment, clock=old.clock
            )
        except p.ConfigError as error:
            first = error.problems[0] if error.problems else None
            return f"{first.file}:{first.line}: {first.message}" if first else str(error)
        return ""

    def stamp(self) -> str:
        """Return what changes when the page would."""
        with self.house.store(read_only=True) as store:
            return stamp_of(self.house, store)

    def handle_error(self, request: object, client_address: object) -> None:
        """Log quietly: a browser that closes a connection is no event."""
        del request, client_address
        _log.debug("connection ended early")


def _place(form: dict[str, str]) -> str:
    """Return where a person goes on after a decision: the same story, the one beside it when it is hidden, else the list."""
    if form.get("verb") == "remake":
        return ""
    if form.get("verb") == "undo":
        return "#decided"
    story = form.get("next" if form.get("verb") == "hide" else "subject", "")
    return f"#story-{quote(story, safe='')}" if story and form.get("verb") != "split" else "#queue"


class _Handler(BaseHTTPRequestHandler):
    server: Preview
    timeout = p.limits.PREVIEW_IDLE_S

    def do_GET(self) -> None:
        self._answer(self._get)

    def do_HEAD(self) -> None:
        self._answer(self._get)

    def do_POST(self) -> None:
        self._answer(self._post)

    def _answer(self, work: Callable[[], None]) -> None:
        try:
            self._check_host()
            work()
        except Refused as refused:
            self._say(refused.status, refused.title, refused.text, back=refused.back)
        except p.LockedError as error:
            self._say(HTTPStatus.CONFLICT, _("지금은 할 수 없습니다"), f"{error} {error.hint}")
        except p.StoreError as error:
            self._say(HTTPStatus.SERVICE_UNAVAILABLE, _("저장소를 읽지 못했습니다"), f"{error} {error.hint}")
        except (BrokenPipeError, ConnectionResetError, TimeoutError):
            self.close_connection = True
        except Exception as error:  # noqa: BLE001 - the last door of a request: the page says so, the log knows why
            _log.error("defect", path=self.path, error=error)
            self._say(HTTPStatus.INTERNAL_SERVER_ERROR, _("미리보기의 결함입니다"), type(error).__name__)

    def _check_host(self) -> None:
        names = self.headers.get_all("Host") or []
        if len(names) != 1 or names[0].lower() not in self.server.hosts:
            why = _("이 주소로는 미리보기를 열 수 없습니다. {url} 로 열어 주세요.").format(url=self.server.url)
            raise Refused(HTTPStatus.MISDIRECTED_REQUEST, _("잘못 찾아온 요청입니다"), why)

    # --- reading ---------------------------------------------------------------------------------------------

    def _get(self) -> None:
        path, _mark, query = self.path.partition("?")
        room, _slash, rest = path.removeprefix("/").partition("/")
        if path == "/":
            self._page(parse_qs(query))
        elif path == "/preview.css":
            self._send(HTTPStatus.OK, "text/css; charset=utf-8", pages.style())
        elif path == "/live.js":
            self._send(HTTPStatus.OK, "text/javascript; charset=utf-8", pages.script())
        elif path == "/stamp":
            self._send(HTTPStatus.OK, "text/plain; charset=utf-8", self.server.stamp().encode())
        elif room in ROOMS:
            found = bytes_of(self.server.shelf, room, rest)
            self._send(HTTPStatus.OK, found.media_type, found.body, policy=found.policy, more=dict(found.more))
        else:
            raise missing()

    def _page(self, query: dict[str, list[str]]) -> None:
        wanted = query.get("edition", [self.server.edition_id])[0]
        problem = self.server.refresh()
        view = look(self.server.house, self.server.shelf, wanted, drafts=self.server.drafts)
        if view is None:
            raise missing()
        body = pages.page(view, token=self.server.token, said=query.get("said", [""])[0], problem=problem)
        self._send(HTTPStatus.OK, "text/html; charset=utf-8", body, page=True)

    # --- deciding --------------------------------------------------------------------------------------------

    def _post(self) -> None:
        form = form_of(self.headers, self.rfile)
        origin = self.headers.get("Origin")
        brought = self.headers.get(TOKEN_HEADER) or form.get("token", "")
        is_ours = hmac.compare_digest(brought.encode(), self.server.token.encode())
        if (origin is not None and origin.lower() not in self.server.origins) or not is_ours:
            why = _("미리보기를 다시 시작했다면 화면을 새로 고친 뒤 눌러 주세요.")
            raise Refused(HTTPStatus.FORBIDDEN, _("받아들이지 않았습니다"), why)
        edition = form.get("edition", "")
        back = f"/?edition={quote(edition, safe='')}"
        if self.path == "/curate":
            self._curate(form, back)
            return
        if self.path != "/decide" or form.get("act") not in ("approve", "hold"):
            raise missing()
        try:
            delivery = decide(
                self.server.house,
                Decision(act=form["act"], delivery_id=form.get("delivery", ""), sha256=form.get("sha256", "")),
            )
        except RefusedDecision as refused:
            raise Refused(HTTPStatus.CONFLICT, _("바꾸지 않았습니다"), str(refused), back=back) from refused
        _log.info("decided", delivery=delivery.id, state=delivery.state.value)
        said = "approved" if form["act"] == "approve" else "held"
        self._send(
            HTTPStatus.SEE_OTHER,
            "text/plain; charset=utf-8",
            b"",
            more={"Location": f"{back}&said={said}#channel-{quote(delivery.channel, safe='')}"},
        )

    def _curate(self, form: dict[str, str], back: str) -> None:
        names = {field.name for field in fields(Curation)}
        wanted = Curation(**{"verb": "", **{name: text for name, text in form.items() if name in names}})
        if wanted.verb not in (*VERBS, "undo", "remake"):
            raise missing()
        try:
            outcome = curate(self.server.house, wanted)
        except RefusedDecision as refused:
            raise Refused(HTTPStatus.CONFLICT, _("바꾸지 않았습니다"), str(refused), back=back) from refused
        _log.info("curated", verb=wanted.verb, seq=outcome.seq)
        said = "voided" if any(one.voided for one in outcome.remade) else "curated"
        place = f"{back}&said={said}{_place(form)}"
        self._send(HTTPStatus.SEE_OTHER, "text/plain; charset=utf-8", b"", more={"Location": place})

    # --- answering -------------------------------------------------------------------------------------------

    def _say(self, status: HTTPStatus, title: str, text: str, *, back: str = "/") -> None:
        self._send(status, "text/html; charset=utf-8", pages.message(title, text, back=back), policy=SAY_POLICY)

    def _send(
        self,
        status: HTTPStatus,
        media_type: str,
        body: bytes,
        *,
        policy: str = PAGE_POLICY,
        page: bool = False,
        more: dict[str, str] | None = None,
    ) -> None:
        self.send_response(status)
        headers = {
            "Content-Type": media_type,
            "Content-Length": str(len(body)),
            "Content-Security-Policy": policy,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
            # a form's Origin would be "null" under no-referrer; stored pages lead elsewhere and tell nobody
            "Referrer-Policy": "same-origin" if page else "no-referrer",
            **({"X-Frame-Options": "DENY", "Cross-Origin-Opener-Policy": "same-origin"} if page else {}),
            **(more or {}),
        }
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer what is no request of ours (other methods, broken lines) in the same voice and with the same headers."""
        del message, explain
        self.close_connection = True
        self._say(HTTPStatus(code), _("받아들이지 않았습니다"), _("읽기와 승인만 할 수 있습니다."))

    def version_string(self) -> str:
        """Tell nobody which Python this is."""
        return "moa"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's name
        _log.debug("request", line=format % args)
