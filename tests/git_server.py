"""A real git server over https on loopback: git's own http-backend behind Python's http.server."""

from __future__ import annotations

import base64
import contextlib
import os
import ssl
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import trustme


class GitServer:
    """Serves the bare repositories below `root`; those named `private-*` ask for the password `token`."""

    token = "tok-secret-canary-1"

    def __init__(self, root: Path) -> None:
        self.root = root
        self.requests: list[str] = []
        authority = trustme.CA()
        self.ca_file = root / "ca.pem"
        authority.cert_pem.write_to_path(self.ca_file)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.socket = context.wrap_socket(self._http.socket, server_side=True)
        self.port = self._http.server_port
        self._thread = threading.Thread(target=self._http.serve_forever, daemon=True)

    def url(self, name: str) -> str:
        return f"https://localhost:{self.port}/{name}.git"

    @property
    def host(self) -> str:
        return f"localhost:{self.port}"

    def add(self, name: str, files: dict[str, str | bytes], *, links: dict[str, str] | None = None) -> str:
        """A repository of one commit on branch main, tagged v1.0; its commit id."""
        work = self.root / "work" / name
        for path, content in files.items():
            file = work / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        for path, goal in (links or {}).items():
            (work / path).symlink_to(goal)
        git(work, "init", "-q", "-b", "main")
        git(work, "add", "-A")
        git(work, "commit", "-q", "-m", "first")
        git(work, "tag", "v1.0")
        git(self.root, "clone", "-q", "--bare", str(work), str(self.root / f"{name}.git"))
        return git(work, "rev-parse", "HEAD").strip()

    def push(self, name: str, files: dict[str, str]) -> str:
        """Another commit on main; its commit id."""
        work = self.root / "work" / name
        for path, content in files.items():
            (work / path).write_text(content)
        git(work, "add", "-A")
        git(work, "commit", "-q", "-m", "next")
        git(work, "push", "-q", str(self.root / f"{name}.git"), "main")
        return git(work, "rev-parse", "HEAD").strip()

    def __enter__(self) -> GitServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()


@contextlib.contextmanager
def git_server(root: Path) -> Iterator[GitServer]:
    with GitServer(root) as server:
        yield server


def git(folder: Path, *arguments: str) -> str:
    identity = {
        "GIT_AUTHOR_NAME": "t",
        "GIT_AUTHOR_EMAIL": "t@t",
        "GIT_COMMITTER_NAME": "t",
        "GIT_COMMITTER_EMAIL": "t@t",
    }
    environment = {**os.environ, **identity, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    return subprocess.run(
        ["git", *arguments], cwd=folder, env=environment, check=True, capture_output=True, text=True
    ).stdout


def _handler(server: GitServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._serve()

        def do_POST(self) -> None:
            self._serve()

        def log_message(self, *_: object) -> None:
            pass

        def _serve(self) -> None:
            server.requests.append(self.path)
            if self.path.startswith("/moved"):
                self._answer(302, [("Location", server.url("plain") + "/info/refs?service=git-upload-pack")], b"")
            elif self.path.startswith("/private") and not self._authorized():
                self._answer(401, [("WWW-Authenticate", 'Basic realm="git"')], b"")
            else:
                self._backend()

        def _authorized(self) -> bool:
            scheme, _, encoded = self.headers.get("Authorization", "").partition(" ")
            return scheme == "Basic" and base64.b64decode(encoded).decode().partition(":")[2] == server.token

        def _backend(self) -> None:
            path, _, query = self.path.partition("?")
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            environment = {
                "PATH": os.environ["PATH"],
                "GIT_PROJECT_ROOT": str(server.root),
                "GIT_HTTP_EXPORT_ALL": "1",
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "REQUEST_METHOD": self.command,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "CONTENT_LENGTH": str(len(body)),
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
                "GIT_CONFIG_COUNT": "2",
                "GIT_CONFIG_KEY_0": "uploadpack.allowAnySHA1InWant",
                "GIT_CONFIG_VALUE_0": "true",
                "GIT_CONFIG_KEY_1": "safe.directory",
                "GIT_CONFIG_VALUE_1": "*",
            }
            reply = subprocess.run(
                ["git", "http-backend"], input=body, env=environment, capture_output=True, check=False
            )
            head, _, content = reply.stdout.partition(b"\r\n\r\n")
            headers = [tuple(line.split(": ", 1)) for line in head.decode().split("\r\n") if ": " in line]
            status = next((int(value.split()[0]) for name, value in headers if name == "Status"), 200)
            self._answer(status, [(n, v) for n, v in headers if n != "Status"], content)

        def _answer(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    return Handler
