"""The guard of git links: https to a public, pinned address; everything else is refused before a packet leaves."""

from __future__ import annotations

import ipaddress
import socket

from analyzers import regexes as re
from analyzers.intake.addresses import is_public
from analyzers.intake.limits import RemotePolicy
from analyzers.records import dataclass
from analyzers.source import SourceError

HTTPS_PORT = 443
MAX_LENGTH = 2048
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*\.?")
_PATH = re.compile(r"(?:/[A-Za-z0-9._~+-]+)+/?")
_REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/+-]{0,199}")
EXAMPLE = "https://github.com/owner/name"


@dataclass(frozen=True, slots=True)
class Remote:
    """A link that passed. `url` is rebuilt from its parts, so what was checked is what is fetched."""

    host: str
    port: int
    path: str

    @property
    def url(self) -> str:
        port = "" if self.port == HTTPS_PORT else f":{self.port}"
        return f"https://{self.host}{port}{self.path}"


def parse_remote(text: str, policy: RemotePolicy) -> Remote:
    """Raises SourceError, one sentence that says what to give instead."""
    scheme, separator, rest = text.partition("://")
    if len(text) > MAX_LENGTH or not text.isascii() or re.search(r"[\x00-\x20\x7f\\]", text):
        raise SourceError("the link has blanks or characters that do not belong in one: give it as " + EXAMPLE)
    if not separator or scheme.lower() != "https":
        raise SourceError("only https links are fetched: give the repository as " + EXAMPLE)
    authority, slash, path = rest.partition("/")
    if "@" in authority:
        raise SourceError("the link carries a user name or password: give it without, and the token in its own field")
    host, port = _host_and_port(authority)
    path = slash + path
    if not _PATH.fullmatch(path) or any(part in (".", "..") for part in path.split("/")):
        raise SourceError("the link does not lead to a repository: give it as " + EXAMPLE)
    allowed = f"{host}:{port}" in policy.private_hosts
    if _numeric(host) and not allowed and not _plain_public(host):
        raise SourceError("the link leads to a private or oddly written address: give the host's name")
    if port != HTTPS_PORT and not allowed:
        raise SourceError(f"port {port} is not allowed: https repositories are on port 443, others an operator allows")
    return Remote(host, port, path.rstrip("/"))


def resolve(remote: Remote, policy: RemotePolicy) -> str:
    """The one address to connect to. Every answer must be public, unless the operator allows this host and port."""
    try:
        answers = socket.getaddrinfo(remote.host, remote.port, type=socket.SOCK_STREAM)
    except OSError:
        raise SourceError(f"the host {remote.host} is not known: check the link") from None
    addresses = sorted({str(answer[4][0]) for answer in answers}, key=lambda a: (":" in a, a))
    allowed = f"{remote.host}:{remote.port}" in policy.private_hosts
    if not allowed and not all(is_public(address) for address in addresses):
        raise SourceError(
            f"{remote.host} leads to a private address, which is not fetched from; an operator can allow it"
        )
    return addresses[0]


def check_ref(ref: str) -> str:
    """A branch, tag or commit name that no git option or path trick fits into (git-check-ref-format(1))."""
    bad = ("..", "//", "@{", ".lock/")
    if ref and (not _REF.fullmatch(ref) or any(b in ref for b in bad) or ref.endswith((".lock", "/", "."))):
        raise SourceError("that is not a branch, tag or commit name: give it as git shows it, for example main or v1.2")
    return ref


def check_subfolder(subfolder: str) -> str:
    path = subfolder.strip("/")
    if "\\" in path or any(part in (".", "..", "") for part in path.split("/") if path):
        raise SourceError("the subfolder must be a plain path inside the repository, for example services/api")
    return path


def _host_and_port(authority: str) -> tuple[str, int]:
    host, colon, port = authority.partition(":")
    if authority.startswith("["):
        raise SourceError("addresses in brackets are not fetched from: give the host's name")
    host = host.lower()
    if not _HOST.fullmatch(host) or len(host) > 253:
        raise SourceError("the link has no valid host name: give it as " + EXAMPLE)
    if colon and not (port.isdigit() and 0 < int(port[:6]) < 65536):
        raise SourceError("the link's port is not a number between 1 and 65535")
    return host.rstrip("."), int(port) if colon else HTTPS_PORT


def _numeric(host: str) -> bool:
    """Anything a resolver could take for an address: 127.1, 0x7f000001, 2130706433."""
    last = host.rstrip(".").rsplit(".", 1)[-1]
    return last.isdigit() or re.fullmatch(r"0x[0-9a-f]*", last) is not None


def _plain_public(host: str) -> bool:
    try:
        return str(ipaddress.IPv4Address(host)) == host and is_public(host)
    except ValueError:
        return False
