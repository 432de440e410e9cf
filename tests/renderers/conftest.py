"""Golden files: whole renderings of the practice city's edition; ``pytest tests/renderers --goldens`` rewrites them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

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
