"""The words that tell stories apart: ours, and what the editors' ``config/facets.yaml`` adds.

What does not live here: using them (``publish/facets``). Our own words stand in ``facets.yaml`` beside this file, in the
shape an editor writes; a broken file of the editors is told and left out, the night goes on with ours (ADR-0027).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import Field

import pipeline.model as p
from pipeline.i18n import _
from pipeline.model.fields import TextList
from pipeline.settings import yamlfile
from pipeline.settings.checking import Spot, check
from pipeline.settings.schema import Part
from pipeline.settings.yamlfile import Table, YamlFile

FACETS_FILE: Final = "config/facets.yaml"
_OURS: Final = Path(__file__).with_name("facets.yaml")


class FacetsPart(Part):
    """The keys of ``config/facets.yaml``; every one adds to the words moa knows."""

    apart: dict[str, dict[str, TextList]] = Field(
        default_factory=dict,
        description="두 글에 모두 나오고 값이 다르면 다른 소식으로 보는 낱말",
        examples=[{"level": {"초급": ["씨앗반"]}}],
    )
    stages: dict[str, TextList] = Field(
        default_factory=dict,
        description="한쪽 글에만 나와도 다른 소식으로 보는 낱말",
        examples=[{"후기": ["다녀온 이야기"]}],
    )
    headlines: dict[str, TextList] = Field(
        default_factory=dict, description="stages와 같지만 제목에 있을 때만 보는 낱말", examples=[{"후기": ["뭉클한"]}]
    )
    rounds: dict[str, TextList] = Field(
        default_factory=dict, description="몇 번째 모집인지 나타내는 낱말", examples=[{"추가모집": ["한 번 더 모집"]}]
    )
    roles: dict[str, TextList] = Field(
        default_factory=dict,
        description="수강생이나 관객이 아닌 누구를 찾는지 나타내는 낱말",
        examples=[{"채용": ["길잡이 모집"]}],
    )
    forms: dict[str, TextList] = Field(
        default_factory=dict, description="글의 종류를 나타내는 낱말", examples=[{"설명회": ["설명의 날"]}]
    )
    units: TextList = Field((), description="숫자 뒤에 붙어 순서를 나타내는 말", examples=[["기수"]])
    places: TextList = Field((), description="장소 이름의 끝말", examples=[["배움터"]])
    lookalikes: TextList = Field((), description="위 낱말이 들어 있어도 그 뜻이 아닌 낱말", examples=[["베스트셀러"]])
    institutions: TextList = Field((), description="제 소식을 스스로 알리는 기관 이름의 끝말", examples=[["연구소"]])
    reposts: TextList = Field((), description="다시 올린 글의 표시", examples=[["다시 알림"]])
    calls: TextList = Field((), description="신청을 받는 글임을 알리는 말", examples=[["초대"]])
    fillers: TextList = Field((), description="뜻을 가르지 않는 낱말의 첫머리", examples=[["두근두근"]])
    sorts: TextList = Field((), description="행사의 갈래를 나타내는 말", examples=[["한마당"]])
    endings: TextList = Field((), description="낱말 끝에 붙는 말", examples=[["랍니다"]])
    channels: TextList = Field((), description="기관 이름에서 떼는 말", examples=[["티브이"]])
    generic: TextList = Field((), description="여러 기관이 똑같이 쓰는 제목의 낱말", examples=[["민방위"]])


def read_facets(project: Path) -> tuple[p.FacetWords, bytes, list[p.Problem]]:
    """Return the words of a project, its file's bytes for the configuration hash, and what is wrong with the file.

    Cost: 5 ms, most of it our own file.
    """
    path = project / FACETS_FILE
    if not path.is_file():
        return own_words(), b"", []
    file = yamlfile.read(path, FACETS_FILE)
    part, problems = _part(file)
    return _added(own_words(), part) if part else own_words(), file.body, [*file.problems, *problems]


@cache
def own_words() -> p.FacetWords:
    """Return the words moa ships, without any project's."""
    part, problems = _part(yamlfile.read(_OURS, _OURS.name))
    if part is None:
        raise p.ConfigError(tuple(problems))
    return _added(p.FacetWords(), part)


def _part(file: YamlFile) -> tuple[FacetsPart | None, list[p.Problem]]:
    if not isinstance(file.root, Table):
        if file.root is not None:
            file.add((1, 1), "file-form", _("facets.yaml은 `이름: 값` 줄로 써야 합니다."))
        return None, []
    return check(FacetsPart, file.root, Spot(file, file.root, (1, 1)))


def _added(words: p.FacetWords, part: FacetsPart) -> p.FacetWords:
    apart = {d: _joined(words.apart.get(d, {}), part.apart.get(d, {})) for d in {**words.apart, **part.apart}}
    lists = {
        name: tuple(dict.fromkeys((*getattr(words, name), *getattr(part, name))))
        for name in (
            "units",
            "places",
            "lookalikes",
            "institutions",
            "reposts",
            "calls",
            "fillers",
            "sorts",
            "endings",
            "channels",
            "generic",
        )
    }
    return p.FacetWords(
        apart=apart,
        stages=_joined(words.stages, part.stages),
        headlines=_joined(words.headlines, part.headlines),
        rounds=_joined(words.rounds, part.rounds),
        roles=_joined(words.roles, part.roles),
        forms=_joined(words.forms, part.forms),
        **lists,
    )


def _joined(one: Mapping[str, tuple[str, ...]], more: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(dict.fromkeys((*one.get(name, ()), *more.get(name, ())))) for name in {**one, **more}}
