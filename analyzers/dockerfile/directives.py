"""Parser directives: `# syntax=`, `# escape=` and `# check=`, only on the lines at the very top."""

from __future__ import annotations

from analyzers import regexes as re
from analyzers.dockerfile.syntax import Directives

_DIRECTIVE = re.compile(r"#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(\S.*)")
_NAMES = frozenset({"syntax", "escape", "check"})


class DirectiveReader:
    """Fed the file's comment lines in order; the first line that is no directive closes it (`open`)."""

    def __init__(self) -> None:
        self.open = True
        self.escape = "\\"
        self._values: dict[str, str] = {}
        self._syntax_line: int | None = None

    def read(self, line: str, number: int) -> bool:
        """True where the comment was a directive. Raises ValueError for one that BuildKit refuses."""
        match = _DIRECTIVE.match(line) if self.open else None
        name = match.group(1).lower() if match else ""
        if match is None or name not in _NAMES:
            if not line.startswith("#!") or number != 1:
                self.open = False
            return False
        if name in self._values:
            self.open = False
            raise ValueError(f"only one {name} parser directive can be used")
        self._take(name, match.group(2).rstrip(), number)
        return True

    def _take(self, name: str, value: str, number: int) -> None:
        self._values[name] = value
        if name == "syntax":
            self._syntax_line = number
        elif name == "escape":
            if value not in ("\\", "`"):
                raise ValueError(f"the escape character {value[:20]!r} is neither \\ nor `")
            self.escape = value

    def found(self) -> Directives:
        syntax = self._values.get("syntax")
        reference = syntax.split(" ", 1)[0] if syntax is not None else None
        return Directives(reference, self.escape, self._values.get("check"), self._syntax_line)
