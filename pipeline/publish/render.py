"""Calls a renderer once and keeps what it made: checked paths and media types, one hash; errors are values.

What does not live here: what a page says (``renderers/``), writing it (``output``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

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
    with guarded(subject):
        made = list(renderer.render(channel.renderer_options, digest))
    artifacts = sorted((x for x in made if isinstance(x, p.Artifact)), key=lambda a: a.path)
    checked = Checked(renderer.PRODUCES, subject)
    for artifact in artifacts:
        checked.look(artifact.path, artifact.media_type)
    checked.close()
    return p.Rendering(
        digest_id=edition_id or digest.id,
        channel=channel.id,
        sha256=output.hash_of(artifacts),
        artifacts=tuple(artifacts),
        left_out=tuple(x for x in made if isinstance(x, p.LeftOut)),
    )


@contextmanager
def guarded(subject: str) -> Iterator[None]:
    """Turn whatever a renderer raises into a ``RenderError`` of this subject."""
    try:
        yield
    except p.PipelineError as error:
        error.subject = error.subject or subject
        raise
    except Exception as error:  # a template's or plugin's defect must not cost the other channels their edition
        raise p.RenderError(
            _("발행물을 만들지 못했습니다: {why}").format(why=f"{type(error).__name__}: {error}"[:300]), subject=subject
        ) from error


class Checked:
    """Looks every file of a rendering over: may it be written under this name, and beside the others?"""

    def __init__(self, produces: frozenset[str], subject: str) -> None:
        self._produces = produces
        self._subject = subject
        self._paths: list[str] = []

    def look(self, path: str, media_type: str) -> None:
        """Look at one file, and count it in.

        Raises:
            RenderError: It may not be written.
        """
        self.may_be(path, media_type)
        self.known(path)

    def may_be(self, path: str, media_type: str) -> None:
        """Look at one file by itself. Raises: RenderError as in ``look``."""
        why = output.path_problem(path)
        if not why and media_type not in self._produces:
            why = f"undeclared media type {media_type}"
        if why:
            raise self._refusal(path, why)

    def known(self, path: str) -> None:
        """Count a file in that was looked at when it was made."""
        self._paths.append(path)

    def close(self) -> None:
        """Look at the whole: no file twice, none where a folder is, whatever the case of letters.

        Raises:
            RenderError: Two files stand in each other's way, or there is none at all.
        """
        if not self._paths:
            raise p.RenderError(_("만들어진 파일이 없습니다."), subject=self._subject, code="render-empty")
        names = "\0".join(self._paths).lower().split("\0")
        folders = {name.rpartition("/")[0] for name in names if "/" in name}
        folders |= {name[:at] for name in folders for at, sign in enumerate(name) if sign == "/"}
        seen: set[str] = set()
        if len(set(names)) == len(names) and folders.isdisjoint(names):
            return
        for path, name in zip(self._paths, names, strict=True):
            if name in seen or name in folders:
                raise self._refusal(path, "made twice, or a file where a folder is")
            seen.add(name)

    def _refusal(self, path: str, why: str) -> p.RenderError:
        message = _("만들 수 없는 파일입니다: {path} ({why})").format(path=path[:200], why=why)
        return p.RenderError(message, subject=self._subject, code="render-path")
