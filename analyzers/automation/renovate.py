"""Renovate's configuration files (docs.renovatebot.com, "Configuration options")."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from analyzers import regexes as re
from analyzers.artifacts.automation import UpdateBot
from analyzers.automation.globs import matches
from analyzers.automation.json5 import Json5Error, loads
from analyzers.tree import Tree

PATHS = (
    "renovate.json",
    "renovate.json5",
    ".github/renovate.json",
    ".github/renovate.json5",
    ".gitlab/renovate.json",
    ".gitlab/renovate.json5",
    ".renovaterc",
    ".renovaterc.json",
    ".renovaterc.json5",
)
NAME = "Renovate"
# The dockerfile manager's default file patterns.
FILE_NAME = re.compile(r"(?:^|/|\.)(?:[Dd]ocker|[Cc]ontainer)file$|(?:^|/)(?:[Dd]ocker|[Cc]ontainer)file[^/]*$")
# Matchers that narrow a rule to less than all Dockerfiles and images.
NARROWING = re.compile(r"^match(?:Package|Dep|Update|Current|Source|Base|Files?|Paths?|Repositories|New|Jsonata)", re.I)
PRESET_IGNORES = (
    "**/node_modules/**",
    "**/bower_components/**",
    "**/vendor/**",
    "**/examples/**",
    "**/__tests__/**",
    "**/test/**",
    "**/tests/**",
    "**/__fixtures__/**",
)
PRESETS = frozenset({"config:recommended", "config:base", "config:best-practices", "config:js-app", "config:js-lib"})


def read(tree: Tree, dockerfile: str, images: frozenset[str] = frozenset()) -> Iterator[UpdateBot]:
    for path in (path for path in PATHS if tree.is_file(path)):
        yield _from_text(path, tree.read_text(path) or "", dockerfile, images)
        return
    text = tree.read_text("package.json")
    if text is not None and '"renovate"' in text:
        config = _embedded(text)
        if config is not None:
            yield _bot("package.json", config, dockerfile, images)


def _embedded(text: str) -> Mapping[str, Any] | None:
    try:
        document = loads(text)
    except Json5Error:
        return None
    config = document.get("renovate") if isinstance(document, Mapping) else None
    return config if isinstance(config, Mapping) else None


def _from_text(path: str, text: str, dockerfile: str, images: frozenset[str]) -> UpdateBot:
    try:
        config = loads(text)
    except Json5Error:
        return UpdateBot(NAME, path, None, False, "its configuration could not be read")
    return _bot(path, config if isinstance(config, Mapping) else {}, dockerfile, images)


def _bot(path: str, config: Mapping[str, Any], dockerfile: str, images: frozenset[str]) -> UpdateBot:
    why = _why_not(config, dockerfile, images)
    return UpdateBot(NAME, path, None, not why, why or "nothing in its configuration turns Dockerfiles off")


def _why_not(config: Mapping[str, Any], dockerfile: str, images: frozenset[str]) -> str:
    reasons = (_disabled(config), _by_manager(config), _by_rule(config), _by_path(config, dockerfile))
    ignored = set(_strings(config.get("ignoreDeps")))
    if images and images <= ignored:
        return f"it ignores {', '.join(sorted(images))}"
    return next((reason for reason in reasons if reason), "")


def _disabled(config: Mapping[str, Any]) -> str:
    if config.get("enabled") is False:
        return "it is disabled"
    if "docker:disable" in _strings(config.get("extends")):
        return "it extends docker:disable"
    for name in ("dockerfile", "docker"):
        section = config.get(name)
        if isinstance(section, Mapping) and section.get("enabled") is False:
            return f"its {name} section is disabled"
    return ""


def _by_manager(config: Mapping[str, Any]) -> str:
    managers = config.get("enabledManagers")
    if isinstance(managers, list) and managers and "dockerfile" not in managers:
        return "its enabledManagers leave dockerfile out"
    return ""


def _by_rule(config: Mapping[str, Any]) -> str:
    """The last package rule for all of docker decides."""
    decided: bool | None = None
    rules = config.get("packageRules")
    for rule in rules if isinstance(rules, list) else ():
        if isinstance(rule, Mapping) and isinstance(rule.get("enabled"), bool) and _is_for_docker(rule):
            decided = rule["enabled"]
    return "a package rule disables docker" if decided is False else ""


def _is_for_docker(rule: Mapping[str, Any]) -> bool:
    managers, sources = _strings(rule.get("matchManagers")), _strings(rule.get("matchDatasources"))
    categories = _strings(rule.get("matchCategories"))
    names = _strings(rule.get("matchPackageNames")) + _strings(rule.get("matchPackagePatterns"))
    narrowed = any(NARROWING.match(key) for key in rule) and not set(names) & {"*", "**", "/.*/"}
    return not narrowed and ("dockerfile" in managers or "docker" in sources or "docker" in categories)


def _by_path(config: Mapping[str, Any], dockerfile: str) -> str:
    ignored = config.get("ignorePaths")
    patterns = _strings(ignored)
    if ignored is None and PRESETS & set(_strings(config.get("extends"))):
        patterns = list(PRESET_IGNORES)
    hit = next((pattern for pattern in patterns if _covers(pattern, dockerfile)), "")
    if hit:
        return f"its ignorePaths ({hit}) leave {dockerfile} out"
    included = _strings(config.get("includePaths"))
    if included and not any(_covers(pattern, dockerfile) for pattern in included):
        return f"its includePaths leave {dockerfile} out"
    if not FILE_NAME.search(dockerfile) and "managerFilePatterns" not in str(config)[:100_000]:
        return f"it does not take {posixpath.basename(dockerfile)} for a Dockerfile by its name"
    return ""


def _covers(pattern: str, path: str) -> bool:
    """A plain text matches as a part of the path's beginning, else as a pattern."""
    return matches(pattern, path) or path.startswith(pattern.rstrip("/") + "/")


def _strings(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
