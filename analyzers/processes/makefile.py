"""`make target …` as a container's command: the recipe of the last target."""

from __future__ import annotations

from analyzers import regexes as re
from analyzers.processes import options, scripts
from analyzers.processes.setting import Surroundings
from analyzers.processes.trace import Trace

NAMES = ("GNUmakefile", "makefile", "Makefile")
ASSIGNMENT = re.compile(r"^([A-Za-z_]\w*)[ \t]*[:?]?=[ \t]*(.*)$", re.M)
REFERENCE = re.compile(r"\$[({](\w+)[)}]")
EXPANSIONS = 5
LENGTH_LIMIT = 10_000


def follow(argv: tuple[str, ...], around: Surroundings, trace: Trace, onwards: scripts.Follow, depth: int) -> None:
    """make stays in front of what it starts, so the stop signal ends at it."""
    folder = options.value(argv, "-C", "--directory") or "."
    named = options.value(argv, "-f", "--file")
    around = around.in_folder(f"{around.workdir}/{folder}" if folder != "." else around.workdir)
    file = next((found for name in ([named] if named else NAMES) if (found := around.read(name))), None)
    targets = [word for word in options.arguments(argv[1:], frozenset({"-s", "-k", "-B"})) if "=" not in word]
    if file is None or not targets:
        trace.fails("the Makefile that it runs is not in the repository")
        return
    recipe, line = _recipe(file.text, targets[-1])
    trace.went_through(f"make {targets[-1]}", file.at(line))
    trace.breaks(file.at(line))
    text = _expand(recipe, {match[1]: match[2] for match in ASSIGNMENT.finditer(file.text)})
    scripts.follow_text(text, (), around.at(file.at(line)), trace, onwards, depth + 1)


def _recipe(text: str, target: str) -> tuple[str, int]:
    """The recipe's lines and the line on which the rule starts."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if not line.startswith(("\t", "#")) and target in line.partition(":")[0].split() and ":" in line:
            recipe = []
            for following in lines[number + 1 :]:
                if following.strip() and not following.startswith("\t"):
                    break
                recipe.append(following.strip().lstrip("@-+"))
            return "\n".join(recipe), number + 1
    return "", 1


def _expand(text: str, values: dict[str, str]) -> str:
    for _ in range(EXPANSIONS):
        text = REFERENCE.sub(lambda match: values.get(match[1], f"${match[1]}"), text)[:LENGTH_LIMIT]
    return text.replace("$$", "$")
