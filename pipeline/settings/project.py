"""All configuration files -> one ``Settings``, or every problem at once.

What does not live here: reading YAML (``yamlfile.py``), finding the folder (``finding.py``), one source (``places.py``), one channel (``channels.py``).
A broken source disables that source; a broken ``moa.yaml`` stops the night (architecture 5.7).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import pipeline
import pipeline.model as p
from pipeline.i18n import _
from pipeline.registry import Registry
from pipeline.settings import yamlfile
from pipeline.settings.channels import Channels, digests
from pipeline.settings.checking import Spot, check
from pipeline.settings.facets import FACETS_FILE, read_facets
from pipeline.settings.finding import MOA_FILE
from pipeline.settings.kinds import Ground
from pipeline.settings.leaks import refuse_values
from pipeline.settings.places import Places, read_places
from pipeline.settings.presets import Presets
from pipeline.settings.schema import FetchPart, MoaPart
from pipeline.settings.secrets import environment_of
from pipeline.settings.yamlfile import Table, YamlFile

_SAY_ALL = frozenset(["secret-in-yaml", "url-cred", "tag", "anchor"])  # what else is wrong with that value follows


def load(project: Path, *, environment: Mapping[str, str], registry: Registry) -> p.Settings:
    """Read and check everything an editor wrote.

    Args:
        project: Absolute project folder.
        environment: Of the process; the project's ``.env`` is added below it.
        registry: For kinds, renderers and transports.

    Returns: Settings whose ``problems`` name what is disabled, and notes.

    Raises:
        ConfigError: ``config/moa.yaml`` has a mistake; carries every problem of all files.

    Cost: 1,000 sources take about a tenth of a second.
    """
    secrets, env_notes = environment_of(project, environment)
    file, spot = _moa_file(project)
    own = {key: value for key, value in spot.table.items() if key not in ("channels", "digests")}
    part, problems = check(MoaPart, own, spot)
    site = part or MoaPart()
    presets = Presets(project, registry)
    ground = Ground(project, registry, secrets, _fetch(site), site.timezone, site.institute.name, presets)
    bodies = [(MOA_FILE, file.body)]
    places = _places(ground, bodies)
    facets = _tables(ground, places, bodies)
    fatal = [*file.problems, *problems]
    output = project / site.output.dir
    builder = Channels(ground, places, spot, output)
    channels, report = builder.configured(), builder.report(site.report)
    due, more = digests(builder, site.institute.name, {**facets.apart.get("target", {}), **facets.apart.get("who", {})})
    store_url, store_problems = _store(site, spot, ground, places, output)
    advice = [] if fatal else _advice(site, spot)
    more = [*fatal, *builder.problems, *more, *store_problems]
    everything = _sorted([*more, *env_notes, *advice, *places.problems])
    if any(_is_fatal(problem) for problem in more):
        raise p.ConfigError(everything)
    return p.Settings(
        project=str(project),
        output=str(output),
        store_url=store_url,
        institute=_institute(site),
        fetch=ground.fetch,
        sources=tuple(places.specs),
        digests=tuple(due),
        channels=channels,
        report=report,
        report_always=site.report is not None and site.report.when == "always",
        facets=facets,
        problems=everything,
        config_hash=_hash(bodies),
        secret_names=tuple(sorted(places.secrets.names)),
        environment=site.environment,
        run_deadline_s=site.run.deadline,
    )


def _tables(ground: Ground, places: Places, bodies: list[tuple[str, bytes]]) -> p.FacetWords:
    """Check the presets no source named, and read the words that tell stories apart."""
    ground.presets.check_own()
    facets, body, problems = read_facets(ground.project)
    places.problems += [*ground.presets.problems, *problems]
    bodies += [*sorted(ground.presets.bodies), (FACETS_FILE, body)]
    return facets


def _moa_file(project: Path) -> tuple[YamlFile, Spot]:
    """Return ``moa.yaml`` and its root, an empty one when the file cannot be read."""
    file = yamlfile.read(project / MOA_FILE, MOA_FILE)
    refuse_values(file)
    if file.root is not None and not isinstance(file.root, Table):
        file.add((1, 1), "file-form", _("moa.yaml은 `이름: 값` 줄로 써야 합니다."))
    return file, Spot(file, file.root if isinstance(file.root, Table) else Table(), (1, 1))


def _is_fatal(problem: p.Problem) -> bool:
    """A plugin that cannot be imported loses its channels; everything else in ``moa.yaml`` is an editor's mistake."""
    return problem.severity == "error" and not problem.code.startswith("plugin-")


def _places(ground: Ground, bodies: list[tuple[str, bytes]]) -> Places:
    places = Places()
    folder = ground.project / "config" / "sources"
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        name = f"config/sources/{path.name}"
        if path.suffix == ".yaml" and not path.name.startswith("."):
            file = yamlfile.read(path, name)
            bodies.append((name, file.body))
            read_places(file, ground, places)
        elif path.suffix == ".yml":
            text = _("확장자가 .yml인 파일은 읽지 않습니다.")
            fix = _("이름을 .yaml로 바꾸세요.")
            places.problems.append(p.Problem(file=name, line=0, column=0, code="file-name", message=text, fix=fix))
    if len(places.specs) > p.limits.SOURCES:
        text = _("소스가 너무 많습니다({count}개). {limit}개까지 쓸 수 있습니다.")
        text = text.format(count=len(places.specs), limit=p.limits.SOURCES)
        problem = p.Problem(file="config/sources", line=0, column=0, code="too-many", message=text)
        places.problems.append(problem)
        del places.specs[p.limits.SOURCES :]
    return places


def _fetch(site: MoaPart) -> p.FetchRules:
    part = site.fetch
    return p.FetchRules(
        user_agent=_user_agent(part, site),
        concurrency=part.concurrency,
        per_host=part.per_host,
        gap_s=part.gap,
        timeout_s=part.timeout,
        deadline_s=part.deadline,
        max_bytes=part.max_bytes,
        allow_private=part.allow_private,
        images=part.images,
    )


def _user_agent(part: FetchPart, site: MoaPart) -> str:
    """An honest name with a way to reach the people behind it."""
    contact = part.contact or site.institute.email or site.institute.site_url
    name = part.user_agent or f"moa/{pipeline.__version__}"
    return name if not contact or contact in name or not contact.isascii() else f"{name} (+{contact})"


def _institute(site: MoaPart) -> p.Institute:
    words = {name: getattr(site.institute, name) for name in type(site.institute).model_fields}
    return p.Institute(**{**words, "site_url": words["site_url"].rstrip("/")})


def _advice(site: MoaPart, spot: Spot) -> list[p.Problem]:
    """Notes on what a real installation should say and an empty file does not."""
    notes = []
    if "name" not in site.institute.model_fields_set:
        text = _("기관 이름이 없어 '{name}'(으)로 씁니다.").format(name=site.institute.name)
        fix = _("`institute:` 아래에 `name: 기관 이름`을 적으세요.")
        notes.append(spot.problem(spot.mark("institute"), "no-institute", text, fix, severity="note"))
    if "@" not in (agent := _user_agent(site.fetch, site)) and "://" not in agent:
        text = _("수집할 때 밝힐 연락처가 없습니다.")
        fix = _("`fetch:` 아래에 `contact: 전자우편`을 적으세요.")
        notes.append(spot.problem(spot.mark("fetch"), "no-contact", text, fix, severity="note"))
    return notes


def _store(site: MoaPart, spot: Spot, ground: Ground, places: Places, output: Path) -> tuple[str, list[p.Problem]]:
    """Return the store's URL; one whose variable has no value becomes ``env:NAME``, which no engine opens."""
    name = site.store.url_env
    if name:
        places.secrets.names.add(name)
        if ground.environment.get(name):
            return ground.environment[name], []
        text = _("환경 변수 {name}의 값이 없습니다.").format(name=name)
        fix = _(".env 파일에 `{name}=값` 줄을 더하거나 환경 변수로 주세요.").format(name=name)
        problem = spot.problem(spot.mark("store", "url_env"), "missing-secret", text, fix, severity="note")
        return f"env:{name}", [problem]
    if not site.store.url:
        return f"sqlite:///{output / 'moa.db'}", []
    scheme, mark, path = site.store.url.partition(":///")
    if scheme.startswith("sqlite") and mark and path and not path.startswith(("/", ":")):
        return f"{scheme}:///{ground.project / path}", []
    return site.store.url, []


def _sorted(problems: list[p.Problem]) -> tuple[p.Problem, ...]:
    """``moa.yaml`` first, then file by file in the order of lines; one problem where one says it all."""
    said = {(q.file, q.line, q.column): q for q in reversed(problems) if q.code in _SAY_ALL}
    unique = [q for q in dict.fromkeys(problems) if said.get((q.file, q.line, q.column), q) == q]
    return tuple(sorted(unique, key=lambda q: (q.file != MOA_FILE, q.file, q.line, q.column)))


def _hash(bodies: list[tuple[str, bytes]]) -> str:
    total = hashlib.blake2b(digest_size=16)
    for name, body in bodies:
        total.update(f"{name}\0{len(body)}\0".encode())
        total.update(body)
    return total.hexdigest()
