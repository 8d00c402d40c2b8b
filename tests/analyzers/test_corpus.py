"""The corpus: small projects written for one trait each, with the verdicts that a careful reader gives them.

`expected.toml` of a project: `about`; `[[targets]]` with dockerfile, context, stage, build_args, `verdicts` and `words`
(which a summary holds, letter case aside); `[[files]]` that are better not tracked: hidden names (`text`), big ones
(`size_bytes`), and repetitive ones (`parts` with @@ for `fill` × `times`, ## and $$ for `depth` × `open` and `close`).
"""

from __future__ import annotations

import datetime
import functools
import shutil
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from analyzers import source, tree
from analyzers.audit import run_audit
from analyzers.registry import all_checks
from analyzers.report import Item
from analyzers.results import Verdict
from analyzers.source import Source
from analyzers.targets import choose_target

CORPUS = Path(__file__).parent.parent / "corpus"
TODAY = datetime.date(2026, 11, 23)
MINIMUM_PROJECTS = 40

PASS, PARTIAL, FAIL = Verdict.PASS, Verdict.PARTIAL, Verdict.FAIL
ABSENT, REVIEW, UNKNOWN = Verdict.NOT_APPLICABLE, Verdict.REVIEW, Verdict.UNKNOWN
DECIDED = {PASS, PARTIAL, FAIL}

# What the specification knows for each item at the static level, and the corpus therefore has at least once.
POSSIBLE: dict[str, set[Verdict]] = {
    "image.base.appropriate": {*DECIDED, UNKNOWN},
    "image.base.pinned": {*DECIDED, UNKNOWN},
    "image.base.updates": {*DECIDED, UNKNOWN},
    "image.layers.count": {*DECIDED, UNKNOWN},
    "image.layers.order": {*DECIDED, UNKNOWN},
    "image.layers.files": {*DECIDED, UNKNOWN},
    "image.size.dockerignore": {*DECIDED, ABSENT, UNKNOWN},
    "image.size.builddeps": {*DECIDED, UNKNOWN},
    "image.size.multistage": {*DECIDED, ABSENT, UNKNOWN},
    "build.cache.dependencies": {*DECIDED, ABSENT, UNKNOWN},
    "build.cache.buildkit": {*DECIDED, UNKNOWN},
    "build.cache.mounts": {*DECIDED, ABSENT, UNKNOWN},
    "build.speed.parallel": {PASS, FAIL, ABSENT, UNKNOWN},
    "build.speed.context": {*DECIDED, UNKNOWN},
    "build.speed.args": {*DECIDED, ABSENT, UNKNOWN},
    "runtime.python.flags": {*DECIDED, ABSENT, UNKNOWN},
    "runtime.python.memory": {*DECIDED, ABSENT, UNKNOWN},
    "runtime.python.server": {PASS, FAIL, ABSENT, UNKNOWN},
    "runtime.resources.limits": {*DECIDED, REVIEW, UNKNOWN},
    "runtime.resources.processes": {*DECIDED, UNKNOWN},
    "runtime.resources.health": {*DECIDED, UNKNOWN},
    "runtime.monitoring.app_metrics": {*DECIDED, ABSENT, UNKNOWN},
    "runtime.monitoring.resources": {*DECIDED, ABSENT, UNKNOWN},
    "runtime.monitoring.profiling": {PASS, FAIL, ABSENT, UNKNOWN},
    "production.performance.load": {PARTIAL, ABSENT, REVIEW},
    "production.performance.memory": {PARTIAL, REVIEW},
    "production.performance.limits": {REVIEW},
    "production.monitoring.collection": {*DECIDED, ABSENT, UNKNOWN},
    "production.monitoring.endpoints": {*DECIDED, ABSENT, UNKNOWN},
    "production.monitoring.logging": {*DECIDED, UNKNOWN},
}


def projects() -> list[Path]:
    return sorted(path.parent for path in CORPUS.glob("*/expected.toml"))


def expectation(project: Path) -> dict[str, Any]:
    return tomllib.loads((project / "expected.toml").read_text(encoding="utf-8"))


def targets() -> Iterator[Any]:
    for project in projects():
        for target in expectation(project)["targets"]:
            name = "-".join([project.name, *(target[k] for k in ("dockerfile", "stage") if k in target)])
            yield pytest.param(project, target, id=name.replace("/", "_"))


@functools.cache
def laid_out(project: Path, folder: Path) -> Source:
    root = folder / project.name
    shutil.copytree(project, root, ignore=shutil.ignore_patterns("expected.toml"))
    for file in expectation(project).get("files", ()):
        _write(root / file["path"], file)
    return Source(tree.walk(root), "path", str(root))


def _write(path: Path, file: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if "size_bytes" in file:
        with path.open("wb") as sparse:
            sparse.truncate(file["size_bytes"])
        return
    text = file.get("text") or file["parts"].replace("@@", file.get("fill", "") * file.get("times", 0))
    depth = file.get("depth", 0)
    path.write_text(text.replace("##", file.get("open", "") * depth).replace("$$", file.get("close", "") * depth))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("corpus")


def audited(project: Path, target: dict[str, Any], folder: Path) -> dict[str, Item]:
    found = laid_out(project, folder)
    chosen = choose_target(
        found,
        dockerfile=target.get("dockerfile", "Dockerfile"),
        context=target.get("context", "."),
        stage=target.get("stage"),
        build_args=target.get("build_args", {}),
    )
    return {item.check.id: item for item in run_audit(found, chosen, today=TODAY).items}


@pytest.mark.parametrize(("project", "target"), list(targets()))
def test_a_project_gets_the_verdicts_of_a_careful_reader(project: Path, target: dict[str, Any], folder: Path) -> None:
    items = audited(project, target, folder)
    wrong = [
        f"{check}: expected {expected}, got {items[check].result.verdict}: {items[check].result.summary}"
        for check, expected in target["verdicts"].items()
        if items[check].result.verdict != expected
    ]
    wrong += [
        f"{check}: no {word!r} in {items[check].result.summary!r}"
        for check, words in target.get("words", {}).items()
        for word in words
        if word.lower() not in items[check].result.summary.lower()
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("project", "target"), list(targets()))
def test_whatever_it_says_can_be_acted_upon(project: Path, target: dict[str, Any], folder: Path) -> None:
    """No check crashed, and what is not good says where it stands and how to mend it."""
    for check, item in audited(project, target, folder).items():
        assert "please report it" not in item.result.summary, check
        if item.result.verdict in (PARTIAL, FAIL):
            assert item.result.findings, check
            assert item.result.fix.text or item.result.fix.diff, check


def test_the_corpus_shows_every_verdict_that_an_item_can_have() -> None:
    seen: dict[str, set[Verdict]] = defaultdict(set)
    for project in projects():
        for target in expectation(project)["targets"]:
            for check, verdict in target["verdicts"].items():
                seen[check].add(Verdict(verdict))
    absent = {check: sorted(expected - seen[check]) for check, expected in POSSIBLE.items() if expected - seen[check]}
    assert not absent


def test_the_corpus_speaks_of_existing_checks_only() -> None:
    assert POSSIBLE.keys() == {check.id for check in all_checks()}
    assert len(projects()) >= MINIMUM_PROJECTS


def test_a_folder_that_is_a_git_work_tree_is_read_the_same_way() -> None:
    """The corpus stands inside one, but is never its top: every file in a project counts."""
    project = CORPUS / "fastapi-model"
    assert source.from_path(project).tree.is_file("src/stock/main.py")
