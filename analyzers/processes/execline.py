"""execline scripts of s6: one long command of chained programs."""

from __future__ import annotations

from analyzers.processes import options

CHAINING = {"with-contenv": 0, "s6-setuidgid": 1, "cd": 1, "fdmove": 3, "s6-notifyoncheck": 0, "s6-envuidgid": 1}


def command(text: str) -> tuple[str, ...]:
    """The words of the program at the end of the chain, as far as its links are known."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    words = options.split(" ".join(lines))
    while words and words[0].rsplit("/", 1)[-1] in CHAINING:
        taken = CHAINING[words[0].rsplit("/", 1)[-1]]
        words = words[1:]
        if taken == 3 and words[:1] != ("-c",):
            taken = 2
        words = words[taken:]
    return words
