"""Kubernetes manifests and Helm values as services. Kustomize overlays and Helm templates are not rendered."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers import regexes as re
from analyzers.artifacts.deployment import HealthProbe, Service
from analyzers.deploy import yaml_limits
from analyzers.deploy.paths import join, parent
from analyzers.deploy.yaml_limits import Map, Node, Seq, YamlError, child, texts
from analyzers.records import dataclass, field, replace
from analyzers.tree import Tree, per_tree

MANIFEST = re.compile(r"^[\"']?apiVersion[\"']?\s*:", re.M)
WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Pod", "Job", "CronJob", "Rollout")
JOBS = ("Job", "CronJob")
PROBES = ("readinessProbe", "livenessProbe", "startupProbe")
SETS_COMMAND = re.compile(r"^\s*-?\s*(?:command|args)\s*:", re.M)
FILES_LIMIT = 400
NOT_RENDERED = "Helm templates are not rendered"


@dataclass(frozen=True)
class Manifests:
    """The workloads of one folder. `unread`: what of the folder could not be read."""

    folder: str
    services: tuple[Service, ...]
    unread: str = ""
    files: tuple[str, ...] = field(default=())


@per_tree
def find(tree: Tree) -> list[Manifests]:
    """One per folder of manifests and one per Helm chart, sorted by folder."""
    found: dict[str, list[Node]] = {}
    unread: dict[str, str] = {}
    for path, text in _candidates(tree):
        try:
            found.setdefault(parent(path), []).extend(yaml_limits.load_all(text, path))
        except YamlError as error:
            unread[parent(path)] = str(error)
    plain = [_manifests(folder, documents, unread.get(folder, "")) for folder, documents in sorted(found.items())]
    return [manifests for manifests in plain if manifests.services] + list(_charts(tree))


def _candidates(tree: Tree) -> Iterator[tuple[str, str]]:
    """Manifests by content; the templates of a chart are left to its values."""
    count = 0
    for entry in tree.named("*.yml", "*.yaml"):
        large = (entry.size_bytes or 0) > yaml_limits.SIZE_LIMIT_BYTES
        if large or "/templates/" in f"/{entry.path}" or entry.path.startswith(".github/"):
            continue
        text = tree.read_text(entry.path)
        if text and MANIFEST.search(text) and count < FILES_LIMIT:
            count += 1
            yield entry.path, text


def _manifests(folder: str, documents: list[Node], unread: str) -> Manifests:
    objects = [item for document in documents for item in _items(document)]
    maps = {str(child(o, "metadata", "name")): child(o, "data") for o in objects if child(o, "kind") == "ConfigMap"}
    services = tuple(service for workload in objects for service in _services(workload, maps))
    files = tuple(dict.fromkeys(service.where.path for service in services))
    return Manifests(folder, services, unread, files)


def _items(document: Node) -> list[Map]:
    """The objects of a document; a List's items."""
    items = child(document, "items")
    if child(document, "kind") == "List" and isinstance(items, Seq):
        return [item for item in items if isinstance(item, Map)]
    return [document] if isinstance(document, Map) else []


def _services(workload: Map, config_maps: dict[str, Node]) -> Iterator[Service]:
    kind = str(child(workload, "kind"))
    pod = _pod(workload, kind) if kind in WORKLOADS else None
    containers = child(pod, "spec", "containers")
    listed = [item for item in containers if isinstance(item, Map)] if isinstance(containers, Seq) else []
    scrape = str(child(pod, "metadata", "annotations", "prometheus.io/scrape")).lower() == "true"
    for container in listed:
        name = str(child(workload, "metadata", "name") or "")
        if len(listed) > 1:
            name = f"{name}/{child(container, 'name')}"
        yield _service(name, container, "job" if kind in JOBS else "kubernetes", config_maps, scrape)


def _pod(workload: Map, kind: str) -> Node:
    if kind == "Pod":
        return workload
    if kind == "CronJob":
        return child(workload, "spec", "jobTemplate", "spec", "template")
    return child(workload, "spec", "template")


def _service(name: str, container: Map, kind: str, config_maps: dict[str, Node], scrape: bool) -> Service:
    environment, unknown = _environment(container, config_maps)
    return Service(
        name=name,
        where=container.where,
        kind=kind,
        entrypoint=_argv(container, "command"),
        command=_argv(container, "args"),
        command_where=next((container.at(key) for key in ("command", "args") if key in container), None),
        environment=environment,
        environment_unknown=unknown,
        memory_limit=_text(child(container, "resources", "limits", "memory")),
        cpu_limit=_text(child(container, "resources", "limits", "cpu")),
        health=_probe(container),
        ports=_ports(container),
        scrape=scrape,
        image=_text(container.get("image")) or "",
        working_dir=_text(container.get("workingDir")) or "",
    )


def _text(node: Node) -> str | None:
    return str(node) if isinstance(node, str) else None


def _argv(container: Map, key: str) -> tuple[str, ...] | None:
    return tuple(str(item) for item in texts(container[key])) if isinstance(container.get(key), Seq) else None


def _environment(container: Map, config_maps: dict[str, Node]) -> tuple[dict[str, str], str]:
    """Plain values and those of config maps beside it; what secrets hold stays out."""
    values: dict[str, str] = {}
    unknown: list[str] = []
    for source in _maps(container.get("envFrom")):
        name = _text(child(source, "configMapRef", "name"))
        data = config_maps.get(name or "")
        if isinstance(data, Map):
            values.update({key: str(value) for key, value in data.items() if isinstance(value, str)})
        else:
            unknown.append(f"environment from {name or 'a secret'} is not in the repository")
    for item in _maps(container.get("env")):
        if isinstance(item.get("value"), str):
            values[str(item.get("name"))] = str(item["value"])
    return values, "; ".join(unknown)


def _maps(node: Node) -> list[Map]:
    return [item for item in node if isinstance(item, Map)] if isinstance(node, Seq) else []


def _probe(container: Map) -> HealthProbe | None:
    for key in PROBES:
        probe = container.get(key)
        if isinstance(probe, Map) and (test := _test(probe)):
            interval, timeout = _number(probe.get("periodSeconds")), _number(probe.get("timeoutSeconds"))
            return HealthProbe(container.at(key), test, False, interval, timeout)
    return None


def _test(probe: Map) -> tuple[str, ...]:
    command = child(probe, "exec", "command")
    if isinstance(command, Seq):
        return tuple(texts(command))
    if isinstance(child(probe, "httpGet"), Map):
        return ("HTTP", _text(child(probe, "httpGet", "path")) or "/", str(child(probe, "httpGet", "port")))
    kinds = {"tcpSocket": "TCP", "grpc": "GRPC"}
    return next(((name, str(child(probe, key, "port"))) for key, name in kinds.items() if key in probe), ())


def _number(node: Node) -> float | None:
    if node is None:
        return None
    text = _text(node) or ""
    return float(text) if text.isdigit() and len(text) < 10 else -1.0


def _ports(container: Map) -> tuple[int, ...]:
    written = [_text(item.get("containerPort")) or "" for item in _maps(container.get("ports"))]
    return tuple(int(port) for port in written if port.isdigit() and len(port) < 6)


def _charts(tree: Tree) -> Iterator[Manifests]:
    for entry in tree.named("Chart.yaml"):
        folder = parent(entry.path)
        values = join(folder, "values.yaml") or ""
        text = tree.read_text(values)
        if text:
            try:
                service = _from_values(tree, folder, yaml_limits.load(text, values))
            except YamlError as error:
                yield Manifests(folder, (), str(error))
                continue
            if service is not None:
                yield Manifests(folder, (service,), NOT_RENDERED, (values,))


def _from_values(tree: Tree, folder: str, values: Node) -> Service | None:
    """The main service of a chart by the common layout of `values.yaml` (`image.repository`, `resources`, probes)."""
    image = child(values, "image")
    written = _text(child(image, "repository")) or _text(image)
    if not isinstance(values, Map) or not written:
        return None
    templates = [entry.path for entry in tree.under(f"{folder}/templates") if entry.path.endswith((".yaml", ".yml"))]
    commanding = [path for path in templates if "/tests/" not in path and _sets_command(tree.read_text(path) or "")]
    service = _service(parent_name(folder), values, "helm", {}, False)
    return replace(
        service,
        image=written,
        where=values.at("image"),
        environment_unknown=NOT_RENDERED,
        command_unknown=f"{commanding[0]} sets a command, and {NOT_RENDERED}" if commanding else "",
    )


def _sets_command(template: str) -> bool:
    """A template gives its containers a command; probes and init containers have their own."""
    section, above = "", ""
    for line in template.splitlines():
        text = line.strip()
        if text in ("containers:", "initContainers:"):
            section = text
        elif SETS_COMMAND.match(line) and section == "containers:" and above != "exec:":
            return True
        above = text or above
    return False


def parent_name(folder: str) -> str:
    return folder.rpartition("/")[2] if folder != "." else "chart"
