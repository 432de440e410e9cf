"""Where a new source belongs, and putting it there: its line in an agency's file, its page and expected items beside it.

What does not live here: the text itself (``discover/draft``), editing lines (``settings/yamledit``), samples' form (``samples``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pipeline.model as p
from pipeline import samples
from pipeline.discover import draft, naming
from pipeline.discover.draft import Draft
from pipeline.drafting.desk import SOURCES, Desk, agency_in, loaded, same_site
from pipeline.drafting.proving import Proven
from pipeline.drafting.telling import sentence
from pipeline.settings import yamledit, yamlfile
from pipeline.settings.yamlfile import Table
from pipeline.text import urls

_FILES_MOST: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What ``--write`` would write.

    Attributes:
        file: Relative to the project.
        body: The file's bytes then; ``before`` as they are, ``None`` for a new file.
    """

    file: str
    body: bytes
    before: bytes | None
    spec: p.SourceSpec


def already(one: Proven, desk: Desk) -> p.SourceSpec | None:
    """Return the source of the project that reads the same place the same way, ``None`` when there is none."""
    mine = _place_of(one.spec)
    return next((spec for spec in desk.settings.sources if _place_of(spec) == mine), None)


def _place_of(spec: p.SourceSpec) -> tuple[object, ...]:
    options = spec.options
    names = (getattr(options, "channel", None), getattr(options, "playlists", None)) if spec.kind == "youtube" else ()
    return spec.kind, *names, "" if names else urls.canonical(spec.url)


def placed(one: Proven, desk: Desk) -> Placed:
    """Return the file a candidate goes into and what it says then; proved to load, and to read the same, as it will stand.

    Raises:
        ConfigError: It would not load there.
    """
    for name in _places(one, desk):
        path = desk.project / SOURCES / name
        before = path.read_bytes() if path.is_file() else None
        try:
            body = draft.text(one.draft).encode() if before is None else _joined(before, name, one.draft)
        except p.ConfigError:
            continue
        spec, wrong = loaded(desk, body, name, one.spec.id)
        if spec is not None and spec.options == one.spec.options:
            return Placed(file=f"{SOURCES.as_posix()}/{name}", body=body, before=before, spec=spec)
        if before is None:
            raise p.ConfigError(wrong, sentence("not-loaded", "; ".join(problem.message for problem in wrong)))
    raise p.ConfigError((), sentence("not-loaded", one.spec.id))


def write(one: Proven, there: Placed, desk: Desk) -> tuple[str, str]:
    """Write page, expected items and YAML, the YAML last, and return the two places relative to the project.

    Raises:
        OSError: A file cannot be written.
    """
    sample = samples.Sample(
        source_id=one.spec.id,
        url=one.spec.url,
        at=desk.now,
        documents=one.documents,
        expected=samples.expected_of(one.entries),
    )
    folder = samples.save(desk.project, sample)
    path = desk.project / there.file
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.new")
    aside.write_bytes(there.body)
    if there.before is not None:
        aside.chmod(path.stat().st_mode & 0o777)
    aside.replace(path)
    return there.file, folder.relative_to(desk.project).as_posix()


def _places(one: Proven, desk: Desk) -> list[str]:
    """Names of files to try: the agency's, the site's, then new ones."""
    agency = one.draft.agency
    own = [
        path.name for path in sorted((desk.project / SOURCES).glob("*.yaml")) if agency and agency_in(path) == agency
    ]
    url = one.spec.url or str(one.draft.keys.get("url", ""))
    same = same_site(desk, url)
    slug = naming.host_slug(url) if url else one.spec.id
    names = [*own[:1], *([Path(same).name] if same and not own else [])]
    fresh = (f"{slug}{'' if n == 1 else f'-{n}'}.yaml" for n in range(1, _FILES_MOST))
    new = next((name for name in fresh if not (desk.project / SOURCES / name).exists()), f"{one.spec.id}.yaml")
    return list(dict.fromkeys([*names, new]))


def _joined(before: bytes, name: str, made: Draft) -> bytes:
    top = yamlfile.parse(before.removeprefix(b"\xef\xbb\xbf"), name).root
    agency = str(top.get("agency") or "") if isinstance(top, Table) else ""
    keys = dict(made.keys)
    if made.agency and made.agency != agency:
        keys["agency"] = made.agency
    indent = yamledit.column(before, name)
    return yamledit.added(before, name, draft.entry(replace(made, keys=keys), indent))
