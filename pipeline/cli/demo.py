"""``moa demo``: a whole night on the built-in practice city, over real HTTP on loopback.

What does not live here: the practice city (``pipeline/demo``), the night (``pipeline/nightly.py``).
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import click

import pipeline.model as p
from pipeline import report as reports
from pipeline.cli.common import Common, common, now
from pipeline.cli.nightly import progress_of
from pipeline.i18n import _

_MARK = ".moa-demo"
_SECRETS = {"MOA_YOUTUBE_KEY": "practice-key"}


@click.command(help=_("연습 도시로 밤 작업을 통째로 해 봅니다. 인터넷과 키가 필요 없습니다."))
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("output/demo"),
    show_default=True,
    help=_("연습 프로젝트를 둘 폴더"),
)
@common
def demo(this: Common, folder: Path) -> int:
    """Serve the practice city, write its project, run the night, and say where to look."""
    from pipeline import demo as city
    from pipeline import nightly
    from pipeline.wiring import open_house

    folder = folder.absolute()
    _make_room(folder)
    at = now()
    with city.serve(at) as server:
        city.project(folder, server.url, at, digests=True)
        house = open_house(
            folder, str(folder), environment={**os.environ, **_SECRETS}, clock=lambda: at, verbose=this.verbose
        )
        this.note(
            _("연습 도시를 {url}에 열었습니다. 소스 {count}곳을 모읍니다.").format(
                url=server.url, count=len(house.settings.sources)
            )
        )
        with progress_of(this) as progress:
            report = nightly.run(house, nightly.Plan(progress=progress, pictures=getattr(progress, "pictured", None)))
    if this.as_json:
        this.json({**reports.to_json(report), "project": str(folder), "look": _look(house.settings)})
    else:
        _tell(this, report, house.settings, folder)
    return reports.exit_code(report)


def _make_room(folder: Path) -> None:
    """A practice project is made anew each time; a folder that is not one is never touched."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / _MARK).is_file():
            raise click.UsageError(
                _("{folder} 폴더에 다른 파일이 있습니다. 빈 폴더를 골라 주세요.").format(folder=folder)
            )
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _MARK).write_text("", encoding="utf-8")


def _look(settings: p.Settings) -> dict[str, str]:
    output = Path(settings.output)
    places = {"website": output / "website" / "index.html", "report": output / "reports" / "latest.txt"}
    for name in ("bubble.html", "post.txt", "newsletter.eml"):
        first = (output.glob(f"editions/{digest.id}/**/{name}") for digest in settings.digests)
        found = next((place for places_ in first for place in sorted(places_, reverse=True)), None)
        if found is not None:
            places[name] = found
    return {name: str(path) for name, path in places.items() if path.exists()}


def _tell(this: Common, report: p.RunReport, settings: p.Settings, folder: Path) -> None:
    for line in reports.lines(report):
        this.out(line)
    titles = {
        "website": _("누리집"),
        "bubble.html": _("카카오톡 말풍선"),
        "post.txt": _("카카오톡에 붙일 글"),
        "newsletter.eml": _("소식지"),
        "report": _("아침 보고"),
    }
    this.out("")
    this.out(_("여기를 열어 보세요:"))
    for name, path in _look(settings).items():
        this.out(f"  {titles[name]}: {path}")
    this.out(_("한 화면에서 보려면: moa preview --project {folder}").format(folder=folder))
