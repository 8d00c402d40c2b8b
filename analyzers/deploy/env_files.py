"""`.env` files, with a sample read in place of one that is not in the repository."""

from __future__ import annotations

from collections.abc import Mapping

from analyzers import regexes as re
from analyzers.deploy.interpolation import Values, interpolate
from analyzers.records import dataclass, field
from analyzers.tree import Tree

SUFFIXES = ("-sample", ".sample", ".example", "-example", "_example", ".template", "-template", ".dist", ".tmpl")
LINE = re.compile(r"\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*[=:]\s*(.*)$")
INLINE_COMMENT = re.compile(r"\s#.*$")
SIZE_LIMIT_BYTES = 256 * 1024
DEFAULT_SAMPLES = ("example.env", "sample.env", "env.example", "env.sample", "env.template", ".env.dist")


@dataclass(frozen=True, slots=True)
class EnvFile:
    """`path` is what was read, "" where neither the file nor a sample of it exists; `sample` is set where it is one."""

    path: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    sample: str = ""


def read(tree: Tree, path: str) -> EnvFile:
    if tree.is_file(path):
        return EnvFile(path, parse(tree.read_text(path) or ""))
    sample = find_sample(tree, path)
    return EnvFile(sample, parse(tree.read_text(sample) or ""), sample) if sample else EnvFile()


def find_sample(tree: Tree, path: str) -> str:
    """The sibling that stands in for an absent env file, "" where there is none."""
    folder, _, name = path.rpartition("/")
    prefix = folder + "/" if folder else ""
    candidates = [path + suffix for suffix in SUFFIXES]
    stem = name.removesuffix(".env")
    candidates += [f"{prefix}{stem}{suffix}.env" for suffix in SUFFIXES if stem and stem != name]
    candidates += [f"{prefix}.env{suffix}{name[4:]}" for suffix in SUFFIXES if name.startswith(".env.")]
    candidates += [prefix + default for default in DEFAULT_SAMPLES if name == ".env"]
    return next((candidate for candidate in candidates if tree.is_file(candidate)), "")


def parse(text: str) -> dict[str, str]:
    """`K=V` lines. Single quotes keep their text; others are interpolated with what stands above."""
    values: dict[str, str] = {}
    for line in text[:SIZE_LIMIT_BYTES].splitlines():
        match = None if line.lstrip().startswith("#") else LINE.match(line)
        if match:
            values[match[1]] = _value(match[2].strip(), values)
    return values


def _value(text: str, above: Mapping[str, str]) -> str:
    if text[:1] == "'" and (end := text.find("'", 1)) > 0:
        return text[1:end]
    if text[:1] == '"' and (end := text.find('"', 1)) > 0:
        return interpolate(text[1:end], Values(above))
    return interpolate(INLINE_COMMENT.sub("", text), Values(above)) if not text.startswith("#") else ""
