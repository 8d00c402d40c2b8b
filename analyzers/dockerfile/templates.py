"""Template markers that nobody expanded: Jinja's `{% … %}` and `{{ … }}`; `${{ … }}` and Go formats are not ones.

In shell instructions only a Jinja-like expression counts: `docker inspect --format '{{.State}}'` is plain text there.
"""

from __future__ import annotations

from analyzers import regexes as re
from analyzers.dockerfile.syntax import Instruction

_STATEMENT = re.compile(r"\{%[-+\s]")
_EXPRESSION = re.compile(r"(?<!\$)\{\{")
_JINJA_NAME = re.compile(r"(?<!\$)\{\{-?[ \t]*([A-Za-z_][\w.]*)[^{}]{0,200}\}\}")
_SHELL_KEYWORDS = frozenset({"RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK", "SHELL"})
_GO_WORD = re.compile(
    "and|block|break|call|continue|define|else|end|html|if|index|join|js|json|len|lower|"
    "not|or|pad|print|printf|println|range|slice|split|table|template|title|truncate|upper|urlquery|with"
)


def marker(instruction: Instruction) -> str:
    """The first marker in the instruction's own line (here-document bodies are content), "" where there is none."""
    text = instruction.original
    if "{{" not in text and "{%" not in text:
        return ""
    statement = _STATEMENT.search(text)
    if statement:
        return text[statement.start() : statement.start() + 40]
    keyword = (instruction.inner or instruction).keyword
    found = _in_shell(text) if keyword in _SHELL_KEYWORDS else _EXPRESSION.search(text)
    return text[found.start() : found.start() + 40] if found else ""


def _in_shell(text: str) -> re.Match[str] | None:
    matches = _JINJA_NAME.finditer(text)
    return next((match for match in matches if not _GO_WORD.fullmatch(match.group(1))), None)
