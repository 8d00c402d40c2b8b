"""Splitting a command's words into options and positional arguments."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from analyzers.records import dataclass


@dataclass(frozen=True, slots=True)
class Arguments:
    """`options` as (name with its dashes, value or None), in order."""

    options: tuple[tuple[str, str | None], ...]
    positional: tuple[str, ...]

    @property
    def verb(self) -> str:
        return self.positional[0] if self.positional else ""

    @property
    def operands(self) -> tuple[str, ...]:
        """The positional arguments after the verb."""
        return self.positional[1:]

    def has(self, *names: str) -> bool:
        return any(name in names for name, _ in self.options)

    def values(self, *names: str) -> list[str]:
        return [value for name, value in self.options if name in names and value is not None]

    def value(self, *names: str) -> str:
        """The last value given, "" where there is none."""
        found = self.values(*names)
        return found[-1] if found else ""


def option_names(text: str) -> frozenset[str]:
    return frozenset(text.split())


def split(words: Collection[str], valued: Collection[str], clusters: bool = True) -> Arguments:
    """`valued`: options that take the next word where no "=" follows. `clusters`: `-yq` is `-y -q`."""
    options: list[tuple[str, str | None]] = []
    positional: list[str] = []
    rest = iter(words)
    for word in rest:
        if word == "--":
            positional.extend(rest)
        elif not word.startswith("-") or word == "-":
            positional.append(word)
        elif word.startswith("--") or not clusters:
            options.append(_long(word, valued, rest))
        else:
            options.extend(_short(word, valued, rest))
    return Arguments(tuple(options), tuple(positional))


def _long(word: str, valued: Collection[str], rest: Iterator[str]) -> tuple[str, str | None]:
    name, equals, value = word.partition("=")
    if equals:
        return name, value
    return name, next(rest, "") if name in valued else None


def _short(word: str, valued: Collection[str], rest: Iterator[str]) -> Iterator[tuple[str, str | None]]:
    for index, letter in enumerate(word[1:], 1):
        name = f"-{letter}"
        if name in valued:
            yield name, word[index + 1 :].removeprefix("=") or next(rest, "")
            return
        if letter == "=":
            return
        yield name, None
