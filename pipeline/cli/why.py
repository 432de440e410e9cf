"""``moa why ITEM``: the path of one item, from page to phone.

What does not live here: the facts themselves; they are read from the store as they were written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

import pipeline.model as p
from pipeline import report as reports
from pipeline.cli.common import Common, common
from pipeline.cli.curate_log import decision_json
from pipeline.cli.entry_json import entry_json
from pipeline.cli.why_two import compare
from pipeline.i18n import _
from pipeline.publish.curating import about, detail, word_for
from pipeline.publish.explaining import join_word

if TYPE_CHECKING:
    from pipeline.store.decisions import DecisionRow
    from pipeline.store.store import Store


@click.command(help=_("글 하나가 어디서 와서 어디로 갔는지 보여 줍니다."))
@click.argument("item", metavar="ITEM")
@click.option("--with", "other", metavar="ITEM", help=_("이 글과 왜 한 이야기인지, 또는 왜 아닌지"))
@common
def why(this: Common, item: str, other: str | None) -> int:
    """Print source, parsed fields with date method, history, story, editions and deliveries of one item."""
    house = this.house()
    if other is not None:
        return compare(this, house, item, other)
    specs = {spec.id: spec for spec in house.settings.sources}
    with house.store(read_only=True) as store:
        found = store.entries.find(item)
        if not found:
            this.note(
                _("'{item}'에 맞는 글이 없습니다. 글의 id, 주소, 제목의 한 부분으로 찾을 수 있습니다.").format(
                    item=item
                )
            )
            return reports.EXIT_USAGE
        told = [_path(store, specs.get(entry.source_id), entry) for entry in found[:1]]
    for path in told:
        if this.as_json:
            this.json(path)
        else:
            _print(this, path)
    if len(found) > 1:
        this.note(_("맞는 글이 {count}건이라 첫 글만 보였습니다.").format(count=len(found)))
    return reports.EXIT_DONE


def _path(store: Store, spec: p.SourceSpec | None, entry: p.Entry) -> dict[str, p.Json]:
    story = store.digests.assignments([entry.id]).get(entry.id)
    told = store.digests.editions_of(story) if story else ()
    ids = list(dict.fromkeys(edition for edition, _label in told))
    rows = store.digests.stories([story]) if story else ()
    return {
        "item": entry_json(entry, story),
        "source": {
            "id": entry.source_id,
            "kind": spec.kind if spec else None,
            "url": spec.url or None if spec else None,
            "file": spec.where[0] if spec else None,
            "line": spec.where[1] if spec else None,
        },
        "key": entry.key,
        "history": [
            {"at": reports.seoul(r.at), "fields": list(r.fields), "before": list(r.before)}
            for r in store.entries.history(entry.id)
        ],
        "story": [
            {
                "id": row.id,
                "members": list(row.members),
                "why": [{"a": j.a, "b": j.b, "reason": j.reason} for j in row.why],
            }
            for row in rows
        ],
        "picture": _picture(store, entry),
        "decisions": [_decision(store, row) for row in about(store, entry.id, story or "")],
        "editions": [{"id": edition, "label": label} for edition, label in told],
        "deliveries": [reports.delivery_json(d) for i in ids for d in store.deliveries.find(edition_id=i)],
    }


def _picture(store: Store, entry: p.Entry) -> p.Json:
    """Where the entry's picture came from, our own copies of it, or why there is none; ``None`` without a picture."""
    if entry.image is None:
        return None
    known = store.pictures.get([entry.image.url]).get(entry.image.url)
    return {
        "url": entry.image.url,
        "alt": entry.image.alt,
        "problem": (known.picture.problem if known else "not-asked") or None,
        "tries": known.tries if known else 0,
        "is_whole": bool(known and known.picture.is_whole),
        "files": [
            {"use": f.use.value, "path": f"media/{f.path}", "width": f.width, "height": f.height, "bytes": f.bytes}
            for f in (known.picture.files if known else ())
        ],
    }


def _print_picture(this: Common, picture: dict[str, p.Json] | None) -> None:
    if picture is None:
        return
    this.out(_("그림: {url}").format(url=picture["url"]))
    if picture["alt"] is None:
        this.out("    " + _("원문에 그림 설명(alt)이 없습니다."))
    if picture["problem"]:
        this.out("    " + _("쓰지 않은 까닭: {why}").format(why=picture_word(picture["problem"])))
    for file in picture["files"]:
        this.out(f"    {file['use']:>6}  {file['width']}×{file['height']}  output/{file['path']}")


def picture_word(code: str) -> str:
    """Return why a picture is not used, for people."""
    words = {
        "not-asked": _("그림을 받도록 설정하지 않았거나 아직 차례가 오지 않았습니다 (fetch.images)"),
        "waiting": _("다음 실행에 받습니다"),
        "not-an-image": _("그림 파일이 아닙니다"),
        "svg": _("SVG 그림은 쓰지 않습니다"),
        "heic": _("HEIC 그림은 웹에서 볼 수 없어 쓰지 않습니다"),
        "too-small": _("너무 작습니다 (아이콘이나 추적용 그림)"),
        "too-large": _("너무 큽니다"),
        "odd-shape": _("너무 길쭉합니다"),
        "broken": _("깨진 파일입니다"),
        "over-cpu": _("그리는 데 너무 오래 걸립니다"),
        "worker-died": _("그리던 작업이 갑자기 끝났습니다"),
        "robots": _("그 서버의 robots.txt가 허락하지 않습니다"),
        "forbidden": _("그 서버가 허락하지 않습니다"),
        "address": _("공개된 주소가 아닙니다"),
        "gone": _("그림이 없어졌습니다"),
    }
    return words.get(code, code)


def _decision(store: Store, row: DecisionRow) -> dict[str, p.Json]:
    return decision_json(row) | {"word": word_for(row.action), "detail": detail(store, row)}


def _print(this: Common, path: dict[str, p.Json]) -> None:
    item, source = path["item"], path["source"]
    this.out(f"{item['title']}\n  {item['url']}")
    place = f" ({source['file']}:{source['line']})" if source["file"] else ""
    this.out(_("온 곳: {id}{place}, 고유값 {key}").format(id=source["id"], place=place, key=path["key"]))
    published = item["published"]
    if published:
        mark = _(" (짐작한 값)") if published["inferred"] else ""
        this.out(
            _("게시일: {day}{mark} — {origin}").format(
                mark=mark, day=_plain(published["value"]), origin=_origin(published)
            )
        )
    this.out(
        _("처음 본 때: {first}, 마지막으로 본 때: {last}").format(
            first=_plain(item["first_seen"]), last=_plain(item["last_seen"])
        )
    )
    if item["quarantined"]:
        this.out(_("보류한 까닭: {why}").format(why=item["quarantined"]))
    if item["quiet"]:
        this.out(_("소스를 처음 읽을 때 있던 글이라 소식에는 싣지 않습니다."))
    for revision in path["history"]:
        this.out(
            _("고침: {at} {fields}").format(at=_plain(revision["at"]), fields=", ".join(revision["fields"]) or "-")
        )
    _print_picture(this, path["picture"])
    this.out(_("이야기: {story}").format(story=item["story"] or "-"))
    for row in path["story"]:
        for join in row["why"]:
            this.out(f"    {join['a']} + {join['b']}: {join_word(join['reason'])}")
    _print_decisions(this, path["decisions"])
    told = ", ".join(f"{e['id']} ({e['label']})" for e in path["editions"])
    this.out(_("실린 소식: {editions}").format(editions=told or "-"))
    for delivery in path["deliveries"]:
        word = reports.delivery_word(p.DeliveryState(delivery["state"]))
        this.out(f"    {delivery['channel']}: {word} {_plain(delivery['due'])}")


def _print_decisions(this: Common, decisions: list[dict[str, p.Json]]) -> None:
    for decision in decisions:
        mark = _(" (취소됨)") if decision["undone"] else ""
        more = f" — {decision['detail']}" if decision["detail"] else ""
        this.out(
            _("편집자의 결정: {seq}번 {what}{mark}, {who} {at}").format(
                seq=decision["seq"],
                what=decision["word"] + more,
                mark=mark,
                who=decision["by"] or "-",
                at=_plain(decision["at"]),
            )
        )


def _plain(at: str | None) -> str:
    """An instant as people write it, in Seoul; a day stays a day."""
    return at[:16].replace("T", " ") if at else "-"


def _origin(published: dict[str, p.Json]) -> str:
    if published["method"] == "first-seen":
        return _("소스가 날짜를 말하지 않아 처음 본 때로 대신했습니다")
    if published["method"] == "clamped":
        return _("원문 '{raw}'는 아직 오지 않은 날이라 처음 본 때로 대신했습니다").format(raw=published["raw"])
    return _("원문 '{raw}', 읽은 방법 {method}").format(raw=published["raw"], method=published["method"])
