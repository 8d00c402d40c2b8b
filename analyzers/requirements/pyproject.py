"""pyproject.toml: PEP 621, PEP 735 groups, and the tables of poetry, uv and pdm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from analyzers.lazy import tomllib
from analyzers.requirements.entries import (
    Entry,
    LineFinder,
    Manifest,
    ManifestError,
    in_group,
    normalise,
    parse_specification,
)

GROUP_DEPTH = 10
Table = Mapping[str, Any]


def load_toml(text: str) -> Table:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise ManifestError(f"not valid TOML ({str(error)[:80]})") from error


def read(text: str) -> Manifest:
    document = load_toml(text)
    lines = LineFinder(text)
    poetry, uv = table(document, "tool", "poetry"), table(document, "tool", "uv")
    entries = [*_project(document, lines), *_groups(document, lines), *_poetry(poetry, lines), *_old_groups(document)]
    groups = {entry.group for entry in entries if entry.group and not entry.group.startswith("extra:")}
    optional = frozenset(name for name, group in table(poetry, "group").items() if _optional(group))
    return Manifest(
        tuple(_with_sources(entries, table(uv, "sources"))),
        default_groups=_default_groups(document, groups, optional),
        optional_groups=optional,
        scripts=tuple(_scripts(document)),
        members=tuple(strings(table(uv, "workspace").get("members"))),
    )


def table(document: Any, *keys: str) -> Table:
    """A nested table, empty where it is absent or no table."""
    for key in keys:
        document = document.get(key) if isinstance(document, Mapping) else None
    return document if isinstance(document, Mapping) else {}


def strings(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _project(document: Table, lines: LineFinder) -> Iterator[Entry]:
    project = table(document, "project")
    yield from _listed(strings(project.get("dependencies")), lines, "")
    for extra, items in table(project, "optional-dependencies").items():
        yield from _listed(strings(items), lines, f"extra:{normalise(extra)}")


def _listed(items: list[str], lines: LineFinder, group: str) -> Iterator[Entry]:
    found = (parse_specification(item, lines.find(item), group) for item in items)
    return (entry for entry in found if entry is not None)


def _groups(document: Table, lines: LineFinder) -> Iterator[Entry]:
    groups = table(document, "dependency-groups")
    for name in groups:
        yield from in_group(_group(groups, name, lines, 0), normalise(name))


def _group(groups: Table, name: str, lines: LineFinder, depth: int) -> Iterator[Entry]:
    """A PEP 735 group with what it includes."""
    items = groups.get(name)
    if not isinstance(items, list) or depth > GROUP_DEPTH:
        return
    yield from _listed(strings(items), lines, "")
    for item in items[:100]:
        included = item.get("include-group") if isinstance(item, Mapping) else None
        if isinstance(included, str) and included != name:
            yield from _group(groups, included, lines, depth + 1)


def _old_groups(document: Table) -> Iterator[Entry]:
    """`tool.uv.dev-dependencies` and `tool.pdm.dev-dependencies`, the forms before PEP 735."""
    lines = LineFinder("")
    yield from _listed(strings(table(document, "tool", "uv").get("dev-dependencies")), lines, "dev")
    for name, items in table(document, "tool", "pdm", "dev-dependencies").items():
        yield from _listed(strings(items), lines, normalise(name))


def _poetry(poetry: Table, lines: LineFinder) -> Iterator[Entry]:
    yield from poetry_table(table(poetry, "dependencies"), lines, "")
    yield from poetry_table(table(poetry, "dev-dependencies"), lines, "dev")
    for name, group in table(poetry, "group").items():
        yield from poetry_table(table(group, "dependencies"), lines, normalise(name))


def poetry_table(dependencies: Table, lines: LineFinder, group: str) -> Iterator[Entry]:
    """`name = "^1.2"` or `name = {git = …, path = …, extras = […]}`; Pipenv writes the same."""
    for name, value in dependencies.items():
        if name.lower() == "python":
            continue
        detail = value if isinstance(value, Mapping) else {}
        version = value if isinstance(value, str) else str(detail.get("version", ""))
        # An optional package is installed only with the extra that names it.
        own = "extra:optional" if detail.get("optional") is True and not group else group
        local = detail.get("path") if isinstance(detail.get("path"), str) else ""
        extras = tuple(strings(detail.get("extras")))
        yield Entry(
            normalise(name), version, lines.find(name), own, vcs="git" in detail, local=str(local), extras=extras
        )


def _with_sources(entries: list[Entry], sources: Table) -> Iterator[Entry]:
    """uv's sources say where a package really comes from."""
    origins = {normalise(name): source for name, source in sources.items() if isinstance(source, Mapping)}
    for entry in entries:
        origin = origins.get(entry.name)
        yield entry if origin is None else _from_source(entry, origin)


def _from_source(entry: Entry, origin: Table) -> Entry:
    path = origin.get("path")
    local = path if isinstance(path, str) else entry.name if origin.get("workspace") is True else entry.local
    return Entry(entry.name, entry.specifier, entry.line, entry.group, "git" in origin, local, "python", entry.extras)


def _default_groups(document: Table, groups: set[str], optional: frozenset[str]) -> frozenset[str]:
    """Groups that a plain `uv sync`, `poetry install` or `pdm install` brings."""
    tools = table(document, "tool")
    if "poetry" in tools or "pdm" in tools:
        return frozenset(groups - {normalise(name) for name in optional})
    chosen = table(tools, "uv").get("default-groups")
    if chosen == "all":
        return frozenset(groups)
    return frozenset(normalise(name) for name in (strings(chosen) if isinstance(chosen, list) else ["dev"]))


def _optional(group: Any) -> bool:
    return isinstance(group, Mapping) and group.get("optional") is True


def _scripts(document: Table) -> Iterator[tuple[str, str]]:
    """Console scripts as (name, "module:function")."""
    for scripts in (table(document, "project", "scripts"), table(document, "tool", "poetry", "scripts")):
        for name, value in scripts.items():
            target = value.get("reference") if isinstance(value, Mapping) else value
            if isinstance(target, str):
                yield name, target
