"""What is learnt on the way from a command to its servers."""

from __future__ import annotations

from analyzers.artifacts.deployment import Where
from analyzers.artifacts.processes import Server
from analyzers.records import dataclass, field

DEPTH_LIMIT = 8


@dataclass
class Trace:
    """Grows while a command is followed. `handles` has one entry per server: it acts on SIGTERM, or None."""

    via: list[tuple[str, Where]] = field(default_factory=list)
    execs: bool = True
    broken_at: Where | None = None
    init: str = ""
    sudo: bool = False
    daemons: tuple[str, ...] = ()
    servers: list[Server] = field(default_factory=list)
    handles: list[bool | None] = field(default_factory=list)
    unresolved: str = ""
    debugged: str = ""

    def went_through(self, what: str, where: Where) -> None:
        self.via.append((what, where))

    def breaks(self, where: Where) -> None:
        self.execs = False
        self.broken_at = self.broken_at or where

    def serves(self, server: Server, handles: bool | None) -> None:
        self.servers.append(server)
        self.handles.append(handles)

    def drop_short(self) -> None:
        """Under a supervisor, one-off preparation beside what stays does not matter."""
        if self.lasting:
            kept = [pair for pair in zip(self.servers, self.handles, strict=True) if pair[0].kind != "command"]
            self.servers, self.handles = [server for server, _ in kept], [handles for _, handles in kept]

    def fails(self, why: str) -> None:
        self.unresolved = self.unresolved or why

    @property
    def handles_term(self) -> bool | None:
        """All servers act on it; None where that cannot be told of one."""
        if not self.handles or None in self.handles:
            return False if False in self.handles else None
        return all(self.handles)

    @property
    def lasting(self) -> bool:
        """It comes to run something that stays."""
        return any(server.kind != "command" for server in self.servers)
