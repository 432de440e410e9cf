"""Golden files, and the practice city's site in a real browser.

Golden files are whole renderings of an edition; ``pytest tests/renderers --goldens`` rewrites them. The browser reaches
nothing: the site's own address is answered from memory, everything else is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

import pipeline.model as p
from renderers import website
from tests.renderers.digest import INSTITUTE, digest

GOLDENS = Path(__file__).parent / "goldens"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--goldens", action="store_true", default=False, help="rewrite the golden files of the renderers")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, bytes], None]:
    """Compare bytes with a golden file, or rewrite it when asked to."""
    rewrites = request.config.getoption("--goldens", default=False)

    def check(name: str, made: bytes) -> None:
        path = GOLDENS / name
        if rewrites:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(made)
        assert path.read_bytes() == made, f"{name} is not its golden file; look at it, then `make goldens`"

    return check


@pytest.fixture(scope="session")
def city() -> dict[str, p.Artifact]:
    """The practice city's site by path."""
    return {a.path: a for a in website.render(website.Options(), digest()) if isinstance(a, p.Artifact)}


class Visit:
    """A reader's visit of a site that stands at ``site_url``, at an instant of the reader's clock."""

    def __init__(self, browser: Any, files: dict[str, p.Artifact]) -> None:
        self._browser = browser
        self._files = files
        self._contexts: list[Any] = []
        self.asked: list[str] = []
        self.complaints: list[str] = []

    def __call__(self, path: str, *, at: str = "2026-11-23T08:00:00+09:00", width: int = 1280, **more: Any) -> Any:
        context = self._browser.new_context(viewport={"width": width, "height": 900}, **more)
        self._contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.route("**/*", self._answer)
        page.clock.set_fixed_time(at)
        page.goto(f"{INSTITUTE.site_url}/{path}")
        return page

    def _answer(self, route: Any) -> None:
        url = route.request.url
        self.asked.append(url)
        found = self._files.get(unquote(urlsplit(url).path).lstrip("/"))
        if not url.startswith(INSTITUTE.site_url) or found is None:
            route.abort()
            return
        drawn = self._files["assets/card.png"].body  # stands in for pictures whose bytes stay on the disk
        route.fulfill(body=drawn if found.on_disk else found.body, content_type=found.media_type)

    def close(self) -> None:
        for context in self._contexts:
            context.close()


@pytest.fixture
def visit(browser: Any, city: dict[str, p.Artifact]) -> Iterator[Visit]:
    """Open pages of the practice city; ``complaints`` holds what the console said of our own files."""
    made = Visit(browser, city)
    yield made
    made.close()
