"""Compose files: recognised by content, loaded as data, interpolated and merged. Nothing is run, nothing fetched."""

from __future__ import annotations

from analyzers import regexes as re
from analyzers.artifacts.deployment import Where
from analyzers.deploy import env_files, merge, yaml_limits
from analyzers.deploy.interpolation import Values, interpolate_node
from analyzers.deploy.paths import join, parent
from analyzers.deploy.yaml_limits import Map, Node, YamlError, child, new_map
from analyzers.records import dataclass
from analyzers.tree import Tree, per_tree

SERVICES = re.compile(r"^(?:services|[\"']services[\"'])\s*:|^include\s*:", re.M)
SERVICE_KEYS = frozenset(
    {"image", "build", "command", "entrypoint", "environment", "env_file", "ports", "volumes", "extends", "deploy"}
    | {"depends_on", "restart", "healthcheck", "networks", "labels", "profiles", "expose", "container_name", "user"}
)
BASES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
OVERRIDES = tuple(name.replace("compose.y", "compose.override.y") for name in BASES)
SKIPPED = ("node_modules/", "/vendor/", "site-packages/")
FILES_LIMIT = 400
EXTENDS_LIMIT = 4


@dataclass(frozen=True)
class ComposeFile:
    """One file as read, not interpolated. `unread` says why it could not be."""

    path: str
    document: Map | None
    comment: str = ""
    unread: str = ""

    @property
    def services(self) -> Map:
        found = child(self.document, "services")
        return found if isinstance(found, Map) else new_map(Where(self.path))

    @property
    def name(self) -> str:
        return self.path.rsplit("/", 1)[-1]


@dataclass(frozen=True)
class Project:
    """Files merged in order. `folder` is the project folder, the first file's. `notes` say what was not read."""

    files: tuple[str, ...]
    folder: str
    services: Map
    samples: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@per_tree
def find(tree: Tree) -> dict[str, ComposeFile]:
    """Every compose file of the tree by path; one that looks like it but cannot be read has `unread`."""
    found: dict[str, ComposeFile] = {}
    for entry in tree.named("*.yml", "*.yaml"):
        if entry.path.startswith(".github/") or any(part in f"/{entry.path}" for part in SKIPPED):
            continue
        text = _candidate(tree, entry.path, entry.size_bytes)
        if text is not None and (file := read(text, entry.path)) is not None:
            found[entry.path] = file
        if len(found) >= FILES_LIMIT:
            break
    return found


def _candidate(tree: Tree, path: str, size_bytes: int | None) -> str | None:
    if size_bytes is None or size_bytes > yaml_limits.SIZE_LIMIT_BYTES:
        return None
    text = tree.read_text(path)
    return text if text is not None and SERVICES.search(text) else None


def read(text: str, path: str) -> ComposeFile | None:
    """None where the content is no compose file."""
    named = "compose" in path.rsplit("/", 1)[-1].lower()
    try:
        document = yaml_limits.load(text, path)
    except YamlError as error:
        return ComposeFile(path, None, unread=str(error)) if named else None
    return ComposeFile(path, document, opening_comment(text)) if is_compose(document) else None


def is_compose(document: Node) -> bool:
    """A mapping of services with keys that only Compose services have together."""
    services = child(document, "services")
    if not isinstance(services, Map):
        return isinstance(child(document, "include"), list) and "apiVersion" not in document
    bodies = [body for body in services.values() if isinstance(body, Map)]
    return bool(bodies) and any(SERVICE_KEYS & body.keys() for body in bodies) and "apiVersion" not in document


def opening_comment(text: str) -> str:
    """The comment lines above the first line of content."""
    lines = []
    for line in text.splitlines()[:60]:
        if line.strip() and not line.lstrip().startswith("#"):
            break
        lines.append(line.strip().lstrip("#").strip())
    return "\n".join(lines).strip()


def load_project(tree: Tree, files: list[ComposeFile], missing: tuple[str, ...] = ()) -> Project:
    """Interpolated with the project's `.env` (or its sample), then merged in order."""
    folder = parent((missing or (files[0].path,))[0]) if files else "."
    env_file = env_files.read(tree, join(folder, ".env") or ".env")
    values = Values({}, env_file.values) if env_file.sample else Values(env_file.values)
    services: Node = new_map(Where(files[0].path if files else ""))
    notes = [f"{path} is not in the repository" for path in missing]
    for file in files:
        notes += [file.unread] if file.unread else _not_followed(file)
        services = merge.merge(services, interpolate_node(file.services, values))
    assert isinstance(services, Map)
    services = _extended(services)
    samples = (env_file.sample,) if env_file.sample else ()
    paths = tuple(file.path for file in files)
    return Project(paths, folder, services, samples, tuple(notes))


def _extended(services: Map) -> Map:
    """Services that extend another one of the same set, laid over it."""
    made = new_map(services.where)
    made.keys_at = dict(services.keys_at)
    for name, body in services.items():
        made[name] = _laid_over_base(services, name, body)
    return made


def _laid_over_base(services: Map, name: str, body: Node, depth: int = 0) -> Node:
    extended = child(body, "extends")
    base = extended if isinstance(extended, str) else child(extended, "service")
    known = isinstance(base, str) and base != name and base in services and child(extended, "file") is None
    if not known or depth > EXTENDS_LIMIT:
        return body
    return merge.merge(_laid_over_base(services, str(base), services[str(base)], depth + 1), body)


def _not_followed(file: ComposeFile) -> list[str]:
    notes = [f"{file.path} includes other files, which are not followed"] if child(file.document, "include") else []
    for name, body in file.services.items():
        base = child(body, "extends", "file")
        if isinstance(base, str):
            notes.append(f"service {name} of {file.path} extends {base}, which is not followed")
    return notes
