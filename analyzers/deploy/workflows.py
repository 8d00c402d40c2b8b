"""GitHub workflows as steps: what they run or use, where, and under which names."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from analyzers import regexes as re
from analyzers.artifacts.deployment import Where
from analyzers.deploy.yaml_limits import Map, Node, Seq, Text, YamlError, child, load
from analyzers.records import dataclass, field
from analyzers.tree import Tree, per_tree

FOLDERS = (".github/workflows/", ".gitea/workflows/", ".forgejo/workflows/")
STEP_LIMIT = 5000
VARIANT_LIMIT = 40
MATRIX = re.compile(r"\$\{\{\s*matrix\.([\w.-]+)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a job. `inputs` are its `with:` values. `run_line` is the line on which the text of `run` starts.
    `label` joins the names of file, workflow, job and step. A matrix job yields one step per named combination."""

    where: Where
    uses: str = ""
    inputs: dict[str, str] = field(default_factory=dict)
    run: str = ""
    run_line: int = 0
    folder: str = ""
    label: str = ""


@per_tree
def steps(tree: Tree) -> tuple[Step, ...]:
    """Every step of every readable workflow of the repository."""
    files = (entry.path for entry in tree.named("*.yml", "*.yaml") if entry.path.startswith(FOLDERS))
    found = (step for path in files for step in _of_file(tree.read_text(path) or "", path))
    return tuple(islice(found, STEP_LIMIT))


def _of_file(text: str, path: str) -> Iterator[Step]:
    try:
        document = load(text, path)
    except YamlError:
        return
    jobs = child(document, "jobs")
    for name, job in jobs.items() if isinstance(jobs, Map) else ():
        label = " ".join([path, _text(child(document, "name")), name, _text(child(job, "name"))])
        folder = _text(child(job, "defaults", "run", "working-directory"))
        folder = folder or _text(child(document, "defaults", "run", "working-directory"))
        found = child(job, "steps")
        for step in found if isinstance(found, Seq) else ():
            if isinstance(step, Map):
                yield from _variants(_step(step, folder, label), _matrix(job))


def _step(step: Map, folder: str, label: str) -> Step:
    inputs = child(step, "with")
    run = child(step, "run")
    block = isinstance(run, Text) and not run.plain and "\n" in run
    return Step(
        where=step.where,
        uses=_text(child(step, "uses")),
        inputs={k: str(v) for k, v in inputs.items() if isinstance(v, str)} if isinstance(inputs, Map) else {},
        run=_text(run),
        run_line=(run.where.line or 0) + (1 if block else 0) if isinstance(run, Text) else 0,
        folder=_text(child(step, "working-directory")) or folder,
        label=f"{label} {_text(child(step, 'name'))} {_text(child(step, 'environment'))}",
    )


def _text(node: Node) -> str:
    return str(node) if isinstance(node, str) else ""


def _matrix(job: Node) -> list[dict[str, str]]:
    """The combinations that a job's matrix names: its `include` list, or the values of each single axis."""
    matrix = child(job, "strategy", "matrix")
    if not isinstance(matrix, Map):
        return []
    found = [_flat(item) for item in (matrix.get("include") or []) if isinstance(item, Map)]
    for axis, values in matrix.items():
        if axis not in ("include", "exclude") and isinstance(values, Seq):
            found += [_flat(value, axis + ".") if isinstance(value, Map) else {axis: str(value)} for value in values]
    return found[:VARIANT_LIMIT]


def _flat(item: Map, prefix: str = "") -> dict[str, str]:
    return {prefix + key: str(value) for key, value in item.items() if isinstance(value, str)}


def _variants(step: Step, matrix: list[dict[str, str]]) -> Iterator[Step]:
    """The step once per combination that fills a matrix expression of it, else as it is."""
    texts = [step.run, *step.inputs.values()]
    names = {match[1] for text in texts for match in MATRIX.finditer(text)}
    fitting = [values for values in matrix if names & values.keys()]
    if not names or not fitting:
        yield step
        return
    for values in fitting:
        yield Step(
            step.where,
            step.uses,
            {key: _fill(value, values) for key, value in step.inputs.items()},
            _fill(step.run, values),
            step.run_line,
            _fill(step.folder, values),
            step.label,
        )


def _fill(text: str, values: dict[str, str]) -> str:
    return MATRIX.sub(lambda match: values.get(match[1], match[0]), text)
