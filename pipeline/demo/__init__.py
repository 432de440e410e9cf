"""The practice city 늘봄시: a loopback web site with everything moa reads, and a project that reads it.

What does not live here: the pages (``boards``, ``blogs``, ``tube``), the stories (``content/*.yaml``). Nothing here is
needed by a real night.
"""

from __future__ import annotations

from pipeline.demo.project import project
from pipeline.demo.server import City, serve

__all__ = ["City", "project", "serve"]
