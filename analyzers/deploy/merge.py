"""Merging compose files as Compose does (https://docs.docker.com/reference/compose-file/merge/)."""

from __future__ import annotations

from analyzers.deploy.yaml_limits import Map, Node, Seq, Text, new_map, new_seq, new_text

REPLACED = frozenset({"command", "entrypoint", "test"})
AS_MAPS = frozenset(
    {"environment", "labels", "annotations", "args", "extra_hosts", "depends_on", "networks", "sysctls"}
)


def merge(base: Node, override: Node, key: str = "") -> Node:
    """`override` laid over `base`. `!reset` removes and `!override` replaces what the base says."""
    if isinstance(override, Text | Map | Seq) and override.tag in ("!reset", "!override"):
        return None if override.tag == "!reset" else override
    if override is None or base is None:
        return base if override is None else override
    if key in AS_MAPS:
        base, override = as_mapping(base), as_mapping(override)
    if key == "build":
        base, override = build_mapping(base), build_mapping(override)
    if isinstance(base, Map) and isinstance(override, Map):
        return _maps(base, override)
    if isinstance(base, Seq) and isinstance(override, Seq) and key not in REPLACED:
        return _lists(base, override)
    if key == "env_file":
        return _lists(_listed(base), _listed(override))
    return override


def _maps(base: Map, override: Map) -> Map:
    made = new_map(base.where)
    made.update(base)
    made.keys_at = {**base.keys_at, **override.keys_at}
    for key, value in override.items():
        made[key] = merge(base.get(key), value, key)
        kept = key in base and made[key] is base[key]
        if kept or (isinstance(made[key], Map) and isinstance(base.get(key), Map)):
            made.keys_at[key] = base.at(key)
    return made


def _lists(base: Seq, override: Seq) -> Seq:
    """Appended; a volume for the same path in the container is replaced."""
    targets = {_volume_target(item) for item in override} - {None}
    kept = [item for item in base if item not in override and _volume_target(item) not in targets]
    return new_seq(base.where, [*kept, *override])


def _volume_target(item: Node) -> str | None:
    if isinstance(item, Map):
        target = item.get("target") if item.get("type") in ("bind", "volume", "tmpfs") else None
        return str(target) if target is not None else None
    parts = item.split(":") if isinstance(item, str) else []
    return parts[1] if len(parts) > 1 and parts[1].startswith("/") else None


def _listed(node: Node) -> Seq:
    return node if isinstance(node, Seq) else new_seq(node.where, [node])


def as_mapping(node: Node) -> Node:
    """`["K=V", "N"]` as `{K: V, N: null}`; a mapping stays."""
    if not isinstance(node, Seq):
        return node
    made = new_map(node.where)
    for item in node:
        if isinstance(item, Text):
            key, separator, value = item.partition("=")
            made[key] = new_text(value, item.where, tag=item.tag) if separator else None
            made.keys_at[key] = item.where
    return made


def build_mapping(node: Node) -> Node:
    """`build: ./dir` as `build: {context: ./dir}`."""
    if not isinstance(node, Text):
        return node
    made = new_map(node.where)
    made["context"], made.keys_at["context"] = node, node.where
    return made
