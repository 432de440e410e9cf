"""Calls a renderer once and keeps what it made: checked paths and media types, one hash; errors are values.

What does not live here: what a page says (``renderers/``), writing it (``output``).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath

import pipeline.model as p
from pipeline import output
from pipeline.i18n import _


def render(renderer: p.Renderer, channel: p.ChannelSpec, digest: p.Digest, *, edition_id: str = "") -> p.Rendering:
    """Render one digest for one channel.

    Args:
        renderer: The plugin.
        channel: With its validated options.
        digest: What it may say.
        edition_id: Under which the rendering is stored; the digest's own id when empty.

    Returns:
        Artifacts sorted by path; the hash names them all.

    Raises:
        RenderError: The renderer failed, made nothing, or made a file that may not be written.
    """
    subject = f"{edition_id or digest.id}/{channel.id}"
    made = _run(lambda: list(renderer.render(channel.renderer_options, digest)), subject)
    artifacts = sorted((x for x in made if isinstance(x, p.Artifact)), key=lambda a: a.path)
    _check(artifacts, renderer.PRODUCES, subject)
    return p.Rendering(
        digest_id=edition_id or digest.id,
        channel=channel.id,
        sha256=output.hash_of(artifacts),
        artifacts=tuple(artifacts),
        left_out=tuple(x for x in made if isinstance(x, p.LeftOut)),
    )


def _run(work: Callable[[], list[p.Artifact | p.LeftOut]], subject: str) -> list[p.Artifact | p.LeftOut]:
    try:
        return work()
    except p.PipelineError as error:
        error.subject = error.subject or subject
        raise
    except Exception as error:  # a template's or plugin's defect must not cost the other channels their edition
        raise p.RenderError(
            _("발행물을 만들지 못했습니다: {why}").format(why=f"{type(error).__name__}: {error}"[:300]), subject=subject
        ) from error


def _check(artifacts: list[p.Artifact], produces: frozenset[str], subject: str) -> None:
    if not artifacts:
        raise p.RenderError(_("만들어진 파일이 없습니다."), subject=subject, code="render-empty")
    seen: set[str] = set()
    folders: set[str] = set()
    for artifact in artifacts:
        why = output.path_problem(artifact.path)
        name = artifact.path.lower()
        above = {str(parent) for parent in PurePosixPath(name).parents}
        if not why and (name in seen or name in folders or above & seen):
            why = "made twice, or a file where a folder is"
        if not why and artifact.media_type not in produces:
            why = f"undeclared media type {artifact.media_type}"
        if why:
            message = _("만들 수 없는 파일입니다: {path} ({why})").format(path=artifact.path[:200], why=why)
            raise p.RenderError(message, subject=subject, code="render-path")
        seen.add(name)
        folders |= above
