"""Renews the pictures of docs/images from the practice city: `make pictures`. Needs Chromium; not part of the tests.

What does not live here: pictures of the staff's page (docs/images/desk-*.png), which are taken by hand.
"""

from __future__ import annotations

import email
import email.policy
import shutil
import sys
import threading
from dataclasses import dataclass
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal

from bench.lighthouse import SITE, Handler

EDITIONS = Path("output/demo/output/editions/daily")
IMAGES = Path("docs/images")
OPEN_SETTINGS = "document.querySelector('[data-prefs]').open = true"


@dataclass(frozen=True)
class Shot:
    """One picture: its name, the page, its size in CSS px, light or dark, and what is done before."""

    name: str
    page: str
    width: int
    height: int
    scheme: Literal["light", "dark"] = "light"
    done: str = ""


def main() -> int:
    """Write every picture; 2 where there is no browser."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        print("make pictures needs Chromium")
        return 2
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(SITE.resolve())))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    home = f"http://127.0.0.1:{server.server_port}"
    edition = max(EDITIONS.iterdir())
    mail = Path("output/demo/mail.html")
    mail.write_text(_html_of(edition / "newsletter/newsletter.eml", home), encoding="utf-8")
    shots = [
        Shot("home-390", f"{home}/index.html", 390, 900),
        Shot("home-1280", f"{home}/index.html", 1280, 900),
        Shot("story-390", f"{home}/{_story()}", 390, 900),
        Shot("settings-390", f"{home}/deadlines.html", 390, 900, "dark", OPEN_SETTINGS),
        Shot("calendar-1280", f"{home}/calendar.html", 1280, 900),
        Shot("kakao", (edition / "kakao/bubble.html").resolve().as_uri(), 390, 700),
        Shot("newsletter", mail.resolve().as_uri(), 700, 1400),
    ]
    _take(chromium, shots)
    mail.unlink()
    return 0


def _take(chromium: str, shots: list[Shot]) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for shot in shots:
            size: Any = {"width": shot.width, "height": shot.height}
            page = browser.new_page(viewport=size, color_scheme=shot.scheme)
            page.goto(shot.page, wait_until="networkidle")
            page.evaluate(f"async () => {{ await document.fonts.ready; {shot.done} }}")
            page.wait_for_timeout(600)
            page.screenshot(path=IMAGES / f"{shot.name}.png")
            page.close()
        browser.close()


def _html_of(path: Path, home: str) -> str:
    """The HTML part of a mail, its pictures from the site that is served here."""
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    part = message.get_body(("html",))
    return part.get_content().replace("https://learn.neulbom.example/media/", f"{home}/media/") if part else ""


def _story() -> str:
    """A course one can apply for, with a picture."""
    for path in sorted(SITE.glob("s/*/*.html")):
        text = path.read_text(encoding="utf-8")
        if "panel--one" in text and "<img" in text:
            return path.relative_to(SITE).as_posix()
    return "index.html"


if __name__ == "__main__":
    sys.exit(main())
