"""What names tell: development, test and CI files against production ones."""

from __future__ import annotations

from analyzers import regexes as re

SEPARATORS = re.compile(r"[^a-z0-9]+")
TEST_OR_CI = frozenset(
    {"test", "tests", "testing", "tester", "ci", "e2e", "integration", "playwright", "cypress", "pytest", "lint"}
)
DEVELOPMENT = TEST_OR_CI | {
    *("dev", "devel", "develop", "development", "devenv", "devcontainer", "local", "localdev", "debug", "override"),
    *("benchmark", "sandbox"),
}
DEVELOPMENT_FOLDERS = frozenset(
    {"dev", "develop", "development", "devcontainer", "local", "test", "tests", "testing", "e2e", "ci", "circleci"}
)
PRODUCTION = frozenset({"prod", "production", "deploy", "deployment", "release", "live"})
VENDORED = frozenset(
    {"vendor", "vendored", "node_modules", "third_party", "testdata", "fixtures", "fixture", "tests", "test"}
    | {"examples", "example", "samples", "docs", "doc", "templates", "site", "e2e", "benchmarks", "bench"}
)


def tokens(name: str) -> frozenset[str]:
    return frozenset(SEPARATORS.split(name.lower()))


def is_development(path: str) -> bool:
    """A file, stage or bake target whose own name, or a folder above it, says development, test or CI."""
    *folders, name = path.lower().split("/")
    return bool(DEVELOPMENT & tokens(name)) or any(folder.strip(".") in DEVELOPMENT_FOLDERS for folder in folders)


def is_test_or_ci(path: str) -> bool:
    *folders, name = path.lower().split("/")
    return bool(TEST_OR_CI & tokens(name)) or any(folder.strip(".") in TEST_OR_CI for folder in folders)


def is_production(path: str) -> bool:
    *folders, name = path.lower().split("/")
    return bool(PRODUCTION & tokens(name)) or any(folder in PRODUCTION for folder in folders)


def is_vendored(path: str) -> bool:
    return bool(VENDORED & frozenset(path.lower().split("/")[:-1]))
