"""Measures the practice city's website with Lighthouse: `make lighthouse`. Needs npm and Chromium; not part of the tests.

What does not live here: accessibility checks of every kind of page (tests/renderers), speed of the pipeline (bench).
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SITE = Path("output/demo/output/website")
LIGHTHOUSE = "lighthouse@13.5.0"
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
WANTED = ("performance", "accessibility", "best-practices", "seo")
TEXT = (".html", ".css", ".js", ".svg", ".txt", ".xml", ".json")


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder as docs/hosting.ko.md tells servers to: text compressed, pictures kept, the rest asked for again."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_words: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        body = path.read_bytes()
        is_text = path.suffix in TEXT
        body = gzip.compress(body) if is_text else body
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=31536000" if "/media/" in self.path else "no-cache")
        if is_text:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)


def main() -> int:
    """Print the four scores of the kinds of pages (phone, slow 4G, four times slower) and the machine's load; 1 when one is below 99."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not (chromium and shutil.which("npm")):
        print("make lighthouse needs npm and Chromium")
        return 2
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(SITE.resolve())))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    story = next(path for path in sorted(SITE.glob("s/*/*.html")) if 'class="dl"' in path.read_text(encoding="utf-8"))
    edition = next(iter(sorted(SITE.glob("e/*/*.html"))))
    pages = ["index.html", edition.relative_to(SITE), story.relative_to(SITE), "find.html", "calendar.html"]
    low = False
    for page in pages:
        told = _best(f"http://127.0.0.1:{server.server_port}/{page}", chromium)
        low = low or min(told.values()) < 99
        print(page, *(f"{name} {score}" for name, score in told.items()), f"load {os.getloadavg()[0]:.1f}", flush=True)
    return int(low)


def _best(url: str, chromium: str) -> dict[str, int]:
    """The best of three looks: a busy machine only ever lowers a score."""
    best = dict.fromkeys(WANTED, 0)
    for _look in range(3):
        best = {name: max(score, best[name]) for name, score in _measure(url, chromium).items()}
        if min(best.values()) >= 99:
            break
    return best


def _measure(url: str, chromium: str) -> dict[str, int]:
    command = ["npm", "exec", "--yes", "--", LIGHTHOUSE, url, "--quiet", "--output=json", f"--chrome-flags={FLAGS}"]
    made = subprocess.run(command, capture_output=True, check=True, env={**os.environ, "CHROME_PATH": chromium})
    categories = json.loads(made.stdout)["categories"]
    return {name: round(categories[name]["score"] * 100) for name in WANTED}


if __name__ == "__main__":
    sys.exit(main())
