"""The limits of intake (threat model, "Archives" and "git"), and whom the operator allows to be reached."""

from __future__ import annotations

from analyzers.records import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    upload_bytes: int = 50 * MIB
    extracted_bytes: int = 500 * MIB
    files: int = 20_000
    file_bytes: int = 100 * MIB
    ratio: int = 100
    ratio_from_bytes: int = 10 * MIB
    path_bytes: int = 512
    component_bytes: int = 255
    depth: int = 32
    dockerfile_bytes: int = 256 * 1024
    clone_bytes: int = 200 * MIB
    clone_seconds: float = 120.0
    low_speed_bytes_per_second: int = 1024
    low_speed_seconds: int = 30


@dataclass(frozen=True, slots=True)
class RemotePolicy:
    """`private_hosts`: "host:port" entries that the operator allows on non-global addresses; `ca_file`: an own CA."""

    private_hosts: frozenset[str] = frozenset()
    ca_file: str = ""
