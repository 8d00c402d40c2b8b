"""What the steps above a command have settled: configuration, homes, Debian's apt hook, what was installed."""

from __future__ import annotations

from collections.abc import Mapping

from analyzers.artifacts.build_plan import Step
from analyzers.installs.arguments import option_names, split
from analyzers.installs.caches import absolute
from analyzers.installs.runs import Call, pairs
from analyzers.installs.system import turns_recommends_off
from analyzers.records import dataclass, field

# `MANAGER config set KEY VALUE` as the variable that says the same.
_SETTINGS: Mapping[tuple[str, str], str] = {
    ("pip", "no-cache-dir"): "PIP_NO_CACHE_DIR",
    ("pip", "cache-dir"): "PIP_CACHE_DIR",
    ("poetry", "virtualenvs.create"): "POETRY_VIRTUALENVS_CREATE",
    ("poetry", "virtualenvs.in-project"): "POETRY_VIRTUALENVS_IN_PROJECT",
    ("poetry", "virtualenvs.path"): "POETRY_VIRTUALENVS_PATH",
    ("poetry", "cache-dir"): "POETRY_CACHE_DIR",
    ("npm", "cache"): "npm_config_cache",
    ("yarn", "cache-folder"): "YARN_CACHE_FOLDER",
    ("yarn", "cacheFolder"): "YARN_CACHE_FOLDER",
    ("pnpm", "store-dir"): "npm_config_store_dir",
}
_HOMES = {
    "useradd": frozenset(
        {"-d", "--home", "--home-dir", "-u", "--uid", "-g", "--gid", "-G", "-s", "--shell", "-c", "-b"}
    ),
    "adduser": frozenset({"-h", "--home", "-u", "--uid", "-G", "--ingroup", "-s", "--shell", "-g", "--gecos", "--gid"}),
}
APT_CONFIGURATION = "/etc/apt/apt.conf"
DOCKER_CLEAN = "/etc/apt/apt.conf.d/docker-clean"


@dataclass(slots=True)
class State:
    """As it stands after the steps read so far. `installed`: managers that have installed dependencies.

    `environments`: virtual environments made, absolute. `settings`: from `config set` commands, as environment
    variables. `groups`: (manager, development group) pairs.
    """

    docker_clean: bool = False
    recommends_off: bool = False
    settings: dict[str, str] = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)
    installed: set[str] = field(default_factory=set)
    groups: set[tuple[str, str]] = field(default_factory=set)
    environments: set[str] = field(default_factory=set)

    def copy(self) -> State:
        return State(
            self.docker_clean,
            self.recommends_off,
            dict(self.settings),
            dict(self.homes),
            set(self.installed),
            set(self.groups),
            set(self.environments),
        )

    def home(self, user: str, env: Mapping[str, str]) -> tuple[str, bool]:
        """The user's home, and whether it is known rather than the usual place."""
        name = user.partition(":")[0]
        if env.get("HOME"):
            return env["HOME"], True
        if name in ("", "0", "root"):
            return "/root", True
        return self.homes.get(name, f"/home/{name}"), name in self.homes

    def note(self, call: Call, stdin: str | None, redirects: tuple[str, ...]) -> None:
        """Take in what a command settles for those after it."""
        words = call.words
        if "config" in words[:1] and "set" in words[1:2]:
            self._set(call.name.rstrip("0123456789."), [word for word in words[2:] if not word.startswith("-")])
        elif call.name == "poetry" and "config" in words[:1]:
            self._set("poetry", [word for word in words[1:] if not word.startswith("-")])
        elif call.name in _HOMES:
            self._user(call)
        elif call.name == "rm" and any(_removes_hook(word) for word in words):
            self.docker_clean = False
        elif call.name == "go" and words[:2] == ("env", "-w"):
            self.settings.update(pairs(words[2:]))
        if any(redirect.lstrip("> ").startswith(APT_CONFIGURATION) for redirect in redirects) or call.name == "tee":
            text = " ".join([*words, stdin or ""])
            self.recommends_off = self.recommends_off or turns_recommends_off(text)

    def note_copy(self, step: Step) -> None:
        """A file copied into apt's configuration may be there to turn recommended packages off: read its text."""
        copy = step.copy
        if copy is not None and copy.inline and copy.destination.startswith(APT_CONFIGURATION):
            texts = [heredoc.content for heredoc in step.instruction.heredocs]
            self.recommends_off = self.recommends_off or any(turns_recommends_off(text) for text in texts)

    def note_environment(self, call: Call, home: str, workdir: str) -> None:
        """`python -m venv X`, `virtualenv X`, `uv venv X`."""
        words = split(call.words, option_names("-p --python --prompt --seed")).positional
        if call.name == "uv" and words[:1] == ("venv",):
            words = words[1:] or (".venv",)
        elif call.name not in ("venv", "virtualenv"):
            return
        self.environments.update(absolute(word, home, workdir) for word in words)

    def _set(self, manager: str, words: list[str]) -> None:
        words = words[0].split("=", 1) + words[1:] if words and "=" in words[0] else words
        key = words[0].rpartition("global.")[2].rpartition("install.")[2] if words else ""
        variable = _SETTINGS.get((manager, key))
        if variable and len(words) > 1:
            self.settings[variable] = words[1]

    def _user(self, call: Call) -> None:
        words = split(call.words, _HOMES[call.name])
        home = words.value("-d", "--home", "--home-dir") if call.name == "useradd" else words.value("-h", "--home")
        if words.positional and home:
            self.homes[words.positional[-1 if call.name == "useradd" else 0]] = home.rstrip("/") or "/"


def _removes_hook(word: str) -> bool:
    return word in (DOCKER_CLEAN, "/etc/apt/apt.conf.d/*", "/etc/apt/apt.conf.d/docker-*") or (
        word.startswith("/etc/apt/") and word.endswith("docker-clean")
    )
