"""Build arguments that files of the context name, and so read from the environment of a RUN."""

from __future__ import annotations

from collections.abc import Mapping

from analyzers.records import dataclass, field


@dataclass(frozen=True, slots=True)
class Arguments:
    """`named_in`: an ARG's name → the first file (repository path) that names it, of those copied into its stage.

    `complete` is false where not all of those files were read.
    """

    named_in: Mapping[str, str] = field(default_factory=dict)
    complete: bool = True
