"""The gathering of a large tree, against reading every file of it once, in one run.

python -m bench.tree [--files 5000] [--rounds 5] [--check]

A synthetic project is made in a temporary folder: Python packages that import each other, tests, templates, scripts,
data, compose and workflow files, one Dockerfile. Measured in turn, warm, as medians:

- read: os.walk and one read of every file
- gather: one walk and all gatherers of the static audit, targets included

--check exits 1 beyond the bounds: a ratio, and seconds on a machine of this decade.
"""

from __future__ import annotations

import argparse
import datetime
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from analyzers.artifacts.target import AuditDate, Target
from analyzers.gather import Artifacts, Job, gather
from analyzers.source import Source, from_path
from analyzers.targets import choose_target, find_targets

RATIO_BOUND = 15.0
SECONDS_BOUND = 1.0
TODAY = datetime.date(2026, 11, 23)
FIXED = {
    "Dockerfile": "FROM python:3.12-slim\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n"
    'COPY . .\nCMD ["gunicorn", "shop.part0.mod0:app"]\n',
    "requirements.txt": "flask==3.1.0\ngunicorn==23.0.0\nprometheus-client==0.21.0\n",
    "docker-compose.yml": "services:\n  web:\n    build: .\n    mem_limit: 512m\n",
    ".dockerignore": ".git\n**/*.pyc\nnode_modules\n",
    ".github/workflows/ci.yml": "on: push\njobs:\n  test:\n    steps:\n      - run: docker build -t shop .\n",
}
# Share of the files, folder, name.
KINDS: tuple[tuple[float, str, str], ...] = (
    (0.40, "shop/part{folder}", "mod{n}.py"),
    (0.10, "tests/part{folder}", "test_mod{n}.py"),
    (0.15, "shop/templates/part{folder}", "page{n}.html"),
    (0.15, "frontend/src/part{folder}", "view{n}.ts"),
    (0.15, "data/part{folder}", "rows{n}.json"),
    (0.03, "deploy/part{folder}", "values{n}.yaml"),
    (0.02, "scripts/part{folder}", "job{n}.sh"),
)
FOLDER_FILES = 50


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="tree-") as name:
        count, size_bytes = write_tree(Path(name), options.files)
        read, gathered = _medians(Path(name), options.rounds)
    ratio = gathered / read
    print(f"{count} files, {size_bytes / 1e6:.1f} MB, median of {options.rounds} rounds")
    print(f"read every file once {read:.3f} s; gather {gathered:.3f} s (bound {SECONDS_BOUND:.1f} s)")
    print(f"gather / read = {ratio:.1f} (bound {RATIO_BOUND:.0f})")
    return 1 if options.check and (ratio > RATIO_BOUND or gathered > SECONDS_BOUND) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--check", action="store_true")
    return parser.parse_args()


def write_tree(root: Path, files: int) -> tuple[int, int]:
    """The same tree each time: the number of files and bytes written."""
    chance = random.Random(20261123)
    texts = dict(FIXED)
    for share, folder, name in KINDS:
        for n in range(round(share * (files - len(FIXED)))):
            path = f"{folder.format(folder=n // FOLDER_FILES)}/{name.format(n=n % FOLDER_FILES)}"
            texts[path] = _text(path, chance, files)
    for path, text in texts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return len(texts), sum(map(len, texts.values()))


def _text(path: str, chance: random.Random, files: int) -> str:
    lines = chance.randint(20, 150)
    if path.endswith(".py"):
        return _module(chance, lines, max(1, int(files * KINDS[0][0]) // FOLDER_FILES))
    if path.endswith(".json"):
        return "[" + ",\n".join(f'{{"id": {n}, "name": "row {n}"}}' for n in range(lines)) + "]\n"
    if path.endswith(".yaml"):
        return "".join(f"key{n}:\n  - value: {n}\n" for n in range(lines))
    if path.endswith(".sh"):
        return "#!/bin/sh\nset -e\n" + 'echo "$1"\n' * lines
    return "<p class='line'>const view = () => render(1);</p>\n" * lines


def _module(chance: random.Random, lines: int, folders: int) -> str:
    """Every tenth module holds a route; all import four others."""
    taken = [(chance.randrange(folders), chance.randrange(FOLDER_FILES)) for _ in range(4)]
    imports = "".join(f"from shop.part{a}.mod{b} import work{b}\n" for a, b in taken)
    routes = "from flask import Flask\napp = Flask(__name__)\n\n@app.get('/health')\ndef health():\n    return 'ok'\n"
    body = "".join(f"def work{n}(value):\n    return value + {n}\n\n" for n in range(lines // 3))
    return imports + (routes if chance.random() < 0.1 else "") + body


def _medians(root: Path, rounds: int) -> tuple[float, float]:
    ways: tuple[Callable[[Path], object], ...] = (_read, _gather)
    for way in ways:
        way(root)
    times = [[_timed(way, root) for way in ways] for _ in range(rounds)]
    read, gathered = (statistics.median(column) for column in zip(*times, strict=True))
    return read, gathered


def _timed(way: Callable[[Path], object], root: Path) -> float:
    start = time.perf_counter()
    way(root)
    return time.perf_counter() - start


def _read(root: Path) -> int:
    return sum(len(Path(folder, name).read_bytes()) for folder, _, names in os.walk(root) for name in names)


def _gather(root: Path) -> Artifacts:
    source = from_path(root)
    find_targets(source)
    known = Artifacts({Source: source, Target: choose_target(source), AuditDate: AuditDate(TODAY)})
    return gather(Job.LINT, known)


if __name__ == "__main__":
    sys.exit(main())
