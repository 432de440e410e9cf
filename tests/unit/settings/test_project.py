"""A project folder becomes one settings object: defaults, inheritance, isolation, secrets."""

import pickle
from pathlib import Path

import pytest

import pipeline.model as p
from pipeline.settings import environment_of, find_project, load
from tests.config import projects

ONE = "  - id: {id}\n    name: 하나\n    kind: notices\n    url: https://www.example.go.kr/{id}\n    rows: tr\n"


def loaded(folder: Path, moa: str = "", environment: dict[str, str] | None = None, **files: str) -> p.Settings:
    root = projects.project(folder, moa, {f"{name}.yaml": text for name, text in files.items()})
    return load(root, environment=environment or {}, registry=projects.registry())


def only(settings: p.Settings) -> p.SourceSpec:
    (spec,) = settings.sources
    return spec


def test_an_empty_moa_yaml_works(tmp_path: Path) -> None:
    """Nothing need be written: SQLite in output, one daily digest, limits of the house."""
    settings = loaded(tmp_path)
    assert settings.store_url == f"sqlite:///{tmp_path}/output/moa.db"
    assert settings.output == str(tmp_path / "output")
    assert [(d.id, d.schedule, d.title) for d in settings.digests] == [("daily", ("daily",), "모아 배움소식 {date}")]
    assert settings.fetch.per_host == p.limits.PER_HOST
    assert {q.code for q in settings.problems} == {"no-institute", "no-contact"}
    assert all(q.severity == "note" for q in settings.problems)


def test_default_channels_are_the_three(tmp_path: Path) -> None:
    """Website to a folder, Kakao as a kit to paste, newsletter made and not sent."""
    from pipeline.registry import Registry

    registry = Registry(installed=False)
    settings = load(projects.project(tmp_path), environment={}, registry=registry)
    there = [name for name in ("website", "kakao", "newsletter") if name in registry.names("renderers")]
    assert [c.id for c in settings.channels] == there
    assert list(settings.digests[0].channels) == there
    assert all(c.opens == c.closes for c in settings.channels)


def test_a_source_inherits_from_its_file(tmp_path: Path) -> None:
    """File keys are defaults, a source's own keys win, parts of ``expect`` and ``headers`` are joined."""
    text = (
        "agency: 평생학습과\nlicence: kogl-1\ntopics: 학습\ntimezone: UTC\n"
        "expect: {min_items: 3, cadence: 7d}\nheaders: {X-A: one, X-B: two}\n"
        "robots:\n  owner-permission: 홍길동 2026-11-01\ntls: {ca_file: certs/a.pem}\nlimits: {items: 50, bytes: 2MB}\n"
        "sources:\n"
        + ONE.format(id="a")
        + "    licence: kogl-4\n    expect: {cadence: 30d, required: title}\n    headers: {X-B: three}\n"
        "    limits: {pages: 2, timeout: 5s}\n    backfill: last 5\n    language: en\n    department: 학습팀\n"
    )
    spec = only(loaded(tmp_path, a=text))
    assert (spec.agency, spec.licence, spec.topics, spec.zone) == ("평생학습과", "kogl-4", ("학습",), "UTC")
    assert spec.expect == p.Expect(min_items=3, cadence_days=30.0, required=("title",))
    assert spec.policy.headers == (("X-A", "one"), ("X-B", "three"))
    assert spec.policy.permission == "홍길동 2026-11-01"
    assert spec.policy.tls.ca_file == str(tmp_path / "certs/a.pem")
    assert (spec.policy.max_bytes, spec.policy.timeout_s) == (2_000_000, 5.0)
    assert spec.max_items == 50
    assert spec.backfill == p.Backfill(mode="last", last=5)
    assert (spec.options.pages, spec.options.max_items, spec.options.zone, spec.options.language) == (
        2,
        50,
        "UTC",
        "en",
    )
    assert spec.where == ("config/sources/a.yaml", 12)


def test_moa_yaml_is_the_default_of_all(tmp_path: Path) -> None:
    """The institute, the zone and fetch rules stand behind every source."""
    moa = (
        "institute: {name: 시험원, site_url: https://a.example/, email: a@example.org}\ntimezone: UTC\n"
        "fetch: {timeout: 7s, deadline: 1m, max_bytes: 1MB, contact: b@example.org, gap: 0, allow_private: 127.0.0.1:9}\n"
        "output: {dir: made}\nrun: {deadline: 10m}\nenvironment: test\n"
    )
    settings = loaded(tmp_path, moa, a="sources:\n" + ONE.format(id="a"))
    spec = only(settings)
    assert (spec.agency, spec.zone) == ("시험원", "UTC")
    assert (spec.policy.timeout_s, spec.policy.deadline_s, spec.policy.max_bytes) == (7.0, 60.0, 1_000_000)
    assert "(+b@example.org)" in settings.fetch.user_agent
    assert settings.fetch.allow_private == ("127.0.0.1:9",)
    assert settings.institute.site_url == "https://a.example"
    assert settings.output == str(tmp_path / "made")
    assert (settings.run_deadline_s, settings.environment) == (600.0, "test")
    assert settings.problems == ()


def test_a_broken_source_disables_itself_only(tmp_path: Path) -> None:
    """Another source of the file, and every other file, goes on."""
    broken = "sources:\n" + ONE.format(id="a") + "    tagz: x\n" + ONE.format(id="b")
    settings = loaded(tmp_path, broken=broken, torn="a: [", whole="sources:\n" + ONE.format(id="c"))
    assert [spec.id for spec in settings.sources] == ["b", "c"]
    errors = [(q.file, q.code, q.subject) for q in settings.problems if q.severity == "error"]
    assert errors == [("config/sources/broken.yaml", "unknown-key", "a"), ("config/sources/torn.yaml", "syntax", "")]


def test_a_broken_moa_yaml_stops_and_says_everything(tmp_path: Path) -> None:
    """All mistakes of all files come in one error."""
    with pytest.raises(p.ConfigError) as caught:
        loaded(tmp_path, "institute: {nam: x}\nfetch: {gap: ?}\n", a="sources:\n  - {id: A}\n")
    files = [q.file for q in caught.value.problems]
    assert files[0] == "config/moa.yaml"
    assert "config/sources/a.yaml" in files


def test_ids_are_unique_over_files(tmp_path: Path) -> None:
    """The second of two equal ids is left out and told where the first is."""
    settings = loaded(tmp_path, a="sources:\n" + ONE.format(id="x"), b="sources:\n" + ONE.format(id="x"))
    assert only(settings).where[0] == "config/sources/a.yaml"
    (problem,) = [q for q in settings.problems if q.severity == "error"]
    assert (problem.file, problem.code) == ("config/sources/b.yaml", "duplicate-id")
    assert "config/sources/a.yaml 2" in problem.message


def test_a_digest_may_name_a_source_that_is_broken_today(tmp_path: Path) -> None:
    """A mistake in a source file never becomes a mistake of ``moa.yaml``."""
    moa = "digests:\n  - {id: d, sources: [a, hidden]}\n"
    files = {"a": "sources:\n" + ONE.format(id="a") + "    x: y\n", "b": "sources: [\n"}
    settings = loaded(tmp_path, moa, **files)
    assert [q.severity for q in settings.problems if q.code == "unknown-source"] == ["note"]
    assert settings.digests[0].sources == ("a", "hidden")


def test_secrets_come_from_the_environment(tmp_path: Path) -> None:
    """A name in YAML, a value in the environment or ``.env``; the environment wins; values are not printed or pickled."""
    text = "sources:\n  - {id: v, name: 영상, kind: videos, channel: '@a', key: MY_KEY}\n"
    root = projects.project(tmp_path, "", {"a.yaml": text})
    (root / ".env").write_text("# ours\nexport MY_KEY='from file' # not this\nOTHER=x\n\nbad line\n")
    (root / ".env").chmod(0o644)
    settings = load(root, environment={}, registry=projects.registry())
    assert only(settings).options.key.value == "from file"
    assert settings.secret_names == ("MY_KEY",)
    assert {q.code for q in settings.problems} >= {"env-mode", "env-line"}
    assert "from file" not in repr(settings)
    assert b"from file" not in pickle.dumps(settings)
    (root / ".env").chmod(0o600)
    settings = load(root, environment={"MY_KEY": "from shell"}, registry=projects.registry())
    assert only(settings).options.key.value == "from shell"
    assert "env-mode" not in {q.code for q in settings.problems}
    assert environment_of(root, {})[0]["OTHER"] == "x"


def test_a_missing_secret_is_one_note(tmp_path: Path) -> None:
    """Many sources with one key without a value say so once, and still load."""
    row = "  - {{id: v{n}, name: 영상, kind: videos, channel: '@a', key: MY_KEY}}\n"
    settings = loaded(tmp_path, a="sources:\n" + "".join(row.format(n=n) for n in range(3)))
    assert len(settings.sources) == 3
    assert [(q.severity, q.subject) for q in settings.problems if q.code == "missing-secret"] == [("note", "v0")]


def test_store_urls(tmp_path: Path) -> None:
    """SQLite paths are relative to the project; PostgreSQL comes by name, and without a value nothing can open it."""
    moa = "store: {url: 'sqlite:///here/a.db'}\n"
    assert loaded(tmp_path / "a", moa).store_url == f"sqlite:///{tmp_path}/a/here/a.db"
    moa = "store: {url_env: MY_STORE}\n"
    url = "postgresql://u:p@h/d"
    settings = loaded(tmp_path / "b", moa, {"MY_STORE": url})
    assert (settings.store_url, settings.secret_names) == (url, ("MY_STORE",))
    assert loaded(tmp_path / "c", moa).store_url == "env:MY_STORE"
    moa = "store: {url: 'postgresql+psycopg://moa@/learn?host=/run'}\n"
    assert loaded(tmp_path / "d", moa).store_url == "postgresql+psycopg://moa@/learn?host=/run"


def test_channels_as_written(tmp_path: Path) -> None:
    """Options of renderer and transport are checked, paths are the project's, windows follow the medium."""
    moa = (
        "channels:\n"
        "  - {id: site, renderer: page, transport: disk, render: {columns: 2}, send: {folder: out/site}, fresh: 6h}\n"
        "  - {id: talk, renderer: bubble, transport: phone, approval: manual, send: {token: MY_TOKEN}}\n"
        "  - {id: mail, renderer: letter, transport: mail, window: '09:00-18:00', audience: staff, empty: note}\n"
        "  - {id: off, renderer: letter, transport: mail, enabled: no}\n"
        "digests:\n  - {id: d, schedule: [mon, fri], kinds: [course, notice], cap: 7, channels: [talk, site]}\n  - id: e\n"
    )
    (tmp_path / "config" / "templates").mkdir(parents=True)
    (tmp_path / "config" / "sources").mkdir()
    (tmp_path / "config" / "moa.yaml").write_text(moa)
    settings = load(tmp_path, environment={"MY_TOKEN": "t"}, registry=projects.registry())
    site, talk, mail, off = settings.channels
    assert site.transport_options.folder == str(tmp_path / "out/site")
    assert (site.renderer_options.columns, site.fresh_h) == (2, 6.0)
    assert site.renderer_options.templates_dir == str(tmp_path / "config/templates")
    assert (site.opens, talk.opens, talk.closes) == ("00:00", p.limits.KAKAO_OPENS, p.limits.KAKAO_CLOSES)
    assert (mail.opens, mail.closes, mail.audience, mail.empty) == ("09:00", "18:00", "staff", "note")
    assert (off.opens, off.closes, off.enabled) == (p.limits.MAIL_OPENS, p.limits.MAIL_CLOSES, False)
    assert talk.approval == "manual"
    first, second = settings.digests
    assert (first.schedule, first.channels, first.cap) == (("mon", "fri"), ("talk", "site"), 7)
    assert first.kinds == (p.Kind.COURSE, p.Kind.NOTICE)
    assert second.channels == ("site", "talk", "mail", "off")
    assert settings.secret_names == ("MY_TOKEN",)


def test_a_renderer_that_cannot_be_imported_loses_its_channel_only(tmp_path: Path) -> None:
    """A broken plugin is a developer's matter: the night goes on without that channel."""
    from pipeline.registry import Registry

    extra = tmp_path / "plugins"
    extra.mkdir()
    (extra / "torn.py").write_text("raise ValueError")
    (extra / "page.py").write_bytes((projects.PLUGINS / "renderers/page.py").read_bytes())
    registry = Registry({"renderers": [extra]}, installed=False, builtin=False)
    moa = "channels: [{id: a, renderer: torn}, {id: b, renderer: page}]\ndigests: [{id: d, channels: [a, b]}]\n"
    settings = load(projects.project(tmp_path / "x", moa), environment={}, registry=registry)
    assert [c.id for c in settings.channels] == ["b"]
    assert settings.digests[0].channels == ("b",)
    assert [q.code for q in settings.problems if q.severity == "error"] == ["plugin-import"]


def test_hashes(tmp_path: Path) -> None:
    """The configuration hash follows every byte; a source's hash what decides the meaning of its items, or stands in them."""
    base = "sources:\n" + ONE.format(id="a")
    first = loaded(tmp_path / "1", a=base)
    comment = loaded(tmp_path / "2", a=base + "# note\n")
    named = loaded(tmp_path / "3", a=base.replace("하나", "둘") + "    expect:\n      min_items: 1\n")
    moved = loaded(tmp_path / "4", a=base.replace("go.kr/a", "go.kr/z"))
    other = loaded(tmp_path / "5", a=base + "    depth: 2\n")
    zoned = loaded(tmp_path / "6", a=base + "    timezone: UTC\n")
    licensed = loaded(tmp_path / "8", a=base + "    licence: kogl-1\n")
    assert first.config_hash == loaded(tmp_path / "7", a=base).config_hash != comment.config_hash
    same = only(first).options_hash
    assert same == only(comment).options_hash == only(named).options_hash
    assert len({same, *(only(each).options_hash for each in (moved, other, zoned, licensed))}) == 5


def test_a_yml_file_is_not_silently_ignored(tmp_path: Path) -> None:
    """A file with the wrong ending is named."""
    root = projects.project(tmp_path, "", {"a.yml": "sources: []", ".hidden.yaml": "[", "notes.txt": "x"})
    settings = load(root, environment={}, registry=projects.registry())
    assert [(q.file, q.code) for q in settings.problems if q.severity == "error"] == [
        ("config/sources/a.yml", "file-name")
    ]


def test_find_project(tmp_path: Path) -> None:
    """``--project`` before ``MOA_PROJECT`` before the nearest folder upward; otherwise a sentence."""
    one, two = projects.project(tmp_path / "one"), projects.project(tmp_path / "two")
    inner = one / "deep" / "er"
    inner.mkdir(parents=True)
    assert find_project(inner, None, {}) == one
    assert find_project(inner, None, {"MOA_PROJECT": str(two)}) == two
    assert find_project(inner, "../../../one", {"MOA_PROJECT": str(two)}) == one
    for start, given in ((tmp_path, None), (inner, "nowhere")):
        with pytest.raises(p.ConfigError) as caught:
            find_project(start, given, {})
        assert caught.value.problems[0].code == "no-project"


def test_a_key_first_named_by_a_source_that_is_off_is_still_missed(tmp_path: Path) -> None:
    """The note comes with the first source that needs the value; an empty value is no value."""
    row = "  - {{id: v{n}, name: 영상, kind: videos, channel: '@a', key: MY_KEY, enabled: {on}}}\n"
    text = "sources:\n" + row.format(n=1, on="no") + row.format(n=2, on="yes")
    settings = loaded(tmp_path, "", {"MY_KEY": ""}, a=text)
    assert [q.subject for q in settings.problems if q.code == "missing-secret"] == ["v2"]


def test_equal_rules_are_one_object(tmp_path: Path) -> None:
    """Many sources with the same rules share them: memory stays small."""
    a, b = loaded(tmp_path, a="sources:\n" + ONE.format(id="a") + ONE.format(id="b")).sources
    assert a.policy is b.policy
    assert a.expect is b.expect
