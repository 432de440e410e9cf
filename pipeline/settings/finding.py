"""Finds the project folder; light, so that every command can ask before anything else is imported.

What does not live here: reading what is in it (``project.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pipeline.model as p
from pipeline.i18n import _

MOA_FILE: Final = "config/moa.yaml"


def find_project(start: Path, given: str | None, environment: Mapping[str, str]) -> Path:
    """Return the absolute project folder: ``--project``, ``MOA_PROJECT``, or the nearest folder upward.

    Args:
        start: Absolute folder the command was given in; relative paths are relative to it.
        given: ``--project``.
        environment: For ``MOA_PROJECT``.

    Raises:
        ConfigError: No ``config/moa.yaml`` there.
    """
    named = given or environment.get("MOA_PROJECT")
    if named:
        folder = (start / Path(named).expanduser()).resolve()
        if (folder / MOA_FILE).is_file():
            return folder
        text = _("{folder} 폴더에 {file} 파일이 없습니다.").format(folder=folder, file=MOA_FILE)
    else:
        for folder in (start.resolve(), *start.resolve().parents):
            if (folder / MOA_FILE).is_file():
                return folder
        text = _("이 폴더와 그 위의 폴더에 {file} 파일이 없습니다.").format(file=MOA_FILE)
    fix = _("프로젝트 폴더에서 실행하거나 `--project 폴더`를 주세요. 빈 {file} 파일로도 시작할 수 있습니다.")
    raise p.ConfigError(
        (p.Problem(file=MOA_FILE, line=0, column=0, code="no-project", message=text, fix=fix.format(file=MOA_FILE)),)
    )
