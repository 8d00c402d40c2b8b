"""A compose service as the Service that checks read."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from analyzers import regexes as re
from analyzers.artifacts.deployment import HealthProbe, Service, Where
from analyzers.deploy import env_files
from analyzers.deploy.compose import Project
from analyzers.deploy.interpolation import is_open
from analyzers.deploy.merge import as_mapping
from analyzers.deploy.paths import join
from analyzers.deploy.yaml_limits import Map, Node, Seq, Text, child, is_true, texts
from analyzers.tree import Tree

DURATION = re.compile(r"(\d+(?:\.\d+)?)(h|ms|us|m|s)")
SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001, "us": 0.000001}
SCRAPE = re.compile(r"prometheus[./_-](?:io/)?(?:scrape|port|path|enabled|metrics)", re.I)
PORT = re.compile(r"(\d+)(?:-\d+)?(?:/\w+)?$")


def of_compose(tree: Tree, project: Project, name: str, body: Map) -> Service:
    environment, samples, unknown = environment_of(tree, project, body)
    return Service(
        name=name,
        where=project.services.at(name),
        kind="compose",
        entrypoint=words(body.get("entrypoint")) if "entrypoint" in body else None,
        command=words(body.get("command")) if "command" in body else None,
        command_where=_command_where(body),
        environment=environment,
        environment_unknown=unknown,
        environment_samples=samples,
        memory_limit=_limit(body, "memory", "mem_limit"),
        cpu_limit=_limit(body, "cpus", "cpus"),
        health=health_of(body),
        init=is_true(body.get("init")),
        stop_signal=_text(body.get("stop_signal")),
        user=_text(body.get("user")),
        ports=_ports(body),
        profiles=tuple(texts(body.get("profiles"))),
        scrape=SCRAPE.search(" ".join(_labels(body))) is not None,
        image=_text(body.get("image")),
        working_dir=_text(body.get("working_dir")),
        mounts=bind_mounts(project.folder, body),
    )


def _text(node: Node) -> str:
    return str(node) if isinstance(node, str) else ""


def words(node: Node) -> tuple[str, ...] | None:
    """A string is split into words (no shell runs it); null leaves the image's own; an empty one clears it."""
    if node is None:
        return None
    if isinstance(node, Seq):
        return tuple(str(item) for item in node if isinstance(item, str))
    try:
        return tuple(shlex.split(str(node)))
    except ValueError:
        return tuple(str(node).split())


def _command_where(body: Map) -> Where | None:
    key = next((key for key in ("command", "entrypoint") if body.get(key) is not None), None)
    return body.at(key) if key else None


def environment_of(tree: Tree, project: Project, body: Map) -> tuple[dict[str, str], tuple[str, ...], str]:
    """The values, the samples read in place of absent env files, and why some may be missing."""
    values: dict[str, str] = {}
    samples, unknown = list(project.samples), []
    for path in _env_files(body.get("env_file")):
        found = join(project.folder, path)
        file = env_files.read(tree, found) if found else env_files.EnvFile()
        values.update(file.values)
        samples += [file.sample] if file.sample else []
        unknown += [] if file.path else [f"the env file {path} is not in the repository, nor a sample of it"]
    declared = as_mapping(body.get("environment"))
    for key, value in declared.items() if isinstance(declared, Map) else ():
        if isinstance(value, str):
            values[key] = str(value)
    return values, tuple(dict.fromkeys(samples)), "; ".join(unknown)


def _env_files(node: Node) -> list[str]:
    """Strings, a list of them, or the long form `- path: x`."""
    if isinstance(node, Map):
        return texts(node.get("path"))
    if isinstance(node, Seq):
        return [path for item in node for path in _env_files(item)]
    return texts(node)


def _limit(body: Map, swarm_key: str, key: str) -> str | None:
    """`deploy.resources.limits` or the older key; zero means no limit."""
    written = child(body, "deploy", "resources", "limits", swarm_key) or body.get(key)
    text = _text(written).strip()
    return text if text and text.rstrip("bBkKmMgG").strip("0.") else None


def health_of(body: Map) -> HealthProbe | None:
    declared = body.get("healthcheck")
    if not isinstance(declared, Map):
        return None
    test = declared.get("test")
    argv = ("CMD-SHELL", str(test)) if isinstance(test, Text) else tuple(texts(test))
    disabled = is_true(declared.get("disable")) or argv[:1] == ("NONE",)
    interval, timeout = seconds(declared.get("interval")), seconds(declared.get("timeout"))
    return HealthProbe(body.at("healthcheck"), argv, disabled, interval, timeout)


def seconds(node: Node) -> float | None:
    """A Go duration ("1m30s") in seconds, None where absent, -1 where it cannot be read."""
    if node is None:
        return None
    text = _text(node).strip()
    if text == "0":
        return 0.0
    parts = DURATION.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        return -1.0
    return sum(float(number) * SECONDS[unit] for number, unit in parts)


def _ports(body: Map) -> tuple[int, ...]:
    """Container ports of `ports` (short and long form) and `expose`."""
    items = [*(body.get("ports") or []), *(body.get("expose") or [])] if _lists(body) else []
    written = [_text(item.get("target")) if isinstance(item, Map) else _text(item) for item in items]
    found = [match[1] for text in written if (match := PORT.search(text))]
    return tuple(dict.fromkeys(int(port) for port in found if len(port) < 6))


def _lists(body: Map) -> bool:
    return all(body.get(key) is None or isinstance(body.get(key), Seq) for key in ("ports", "expose"))


def _labels(body: Map) -> list[str]:
    labels = as_mapping(body.get("labels"))
    return [f"{key}={value}" for key, value in labels.items()] if isinstance(labels, Map) else []


def bind_mounts(folder: str, body: Map) -> dict[str, str]:
    """Path in the container → repository path, for mounts of the repository's own files."""
    found: dict[str, str] = {}
    volumes = body.get("volumes")
    for item in volumes if isinstance(volumes, Seq) else ():
        source, target = _mount(item)
        path = join(folder, source) if source.startswith(".") and not is_open(source) else None
        if path is not None and target.startswith("/"):
            found[target.rstrip("/") or "/"] = path
    return found


def _mount(item: Node) -> tuple[str, str]:
    if isinstance(item, Map):
        return _text(item.get("source")), _text(item.get("target"))
    parts = _text(item).split(":")
    return (parts[0], parts[1]) if len(parts) > 1 else ("", "")


def as_companion_command(body: Mapping[str, Node]) -> tuple[str, ...]:
    return words(body.get("command")) or ()
