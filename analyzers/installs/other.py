"""Go, Rust, Ruby, PHP."""

from __future__ import annotations

from analyzers.artifacts.installs import InstallKind
from analyzers.installs.arguments import Arguments, option_names, split
from analyzers.installs.runs import Call, Run, is_on, names

_GO_VALUED = option_names("-o -C -ldflags -gcflags -asmflags -tags -mod -p -buildmode -run -timeout")
_CARGO_VALUED = option_names(
    "--path --target --target-dir --manifest-path --features -F --bin --package -p --profile "
    "--recipe-path --root --version --git --branch --tag --rev -j --jobs --config --registry --index"
)
_GO_FILES = ("go.mod", "go.sum")
_CARGO_FILES = ("Cargo.toml", "Cargo.lock")


def read(call: Call) -> Run | None:
    readers = {"go": _go, "cargo": _cargo, "bundle": _bundle, "bundler": _bundle, "gem": _gem, "composer": _composer}
    reader = readers.get(call.name) or (_composer if call.name == "composer.phar" else None)
    return reader(call) if reader else None


def _go(call: Call) -> Run | None:
    words = split(call.words, _GO_VALUED, clusters=False)
    folder, operands = words.value("-C"), words.operands
    if words.verb == "mod" and operands[:1] in (("download",), ("vendor",), ("tidy",)):
        return Run("go", InstallKind.DEPENDENCY, implied=_GO_FILES, folder=folder)
    if words.verb in ("install", "get") and operands and all("@" in item for item in operands):
        return Run("go", InstallKind.TOOL, names(operands))
    if words.verb == "get" and operands and not operands[0].startswith("."):
        return Run("go", InstallKind.TOOL, names(operands))
    if words.verb not in ("build", "install", "get", "test", "run", "generate"):
        return None
    vendored = words.value("-mod") == "vendor"
    return Run(
        "go",
        InstallKind.PROJECT if vendored else InstallKind.DEPENDENCY,
        implied=_GO_FILES,
        folder=folder,
        local=True,
        downloads=not vendored,
        after=True,
    )


def _cargo(call: Call) -> Run | None:
    words = split([word for word in call.words if not word.startswith("+")], _CARGO_VALUED)
    offline = words.has("--offline") or is_on(call.env, "CARGO_NET_OFFLINE")
    kind = InstallKind.OFFLINE if offline else InstallKind.DEPENDENCY
    if words.verb in ("install", "binstall") and not words.value("--path"):
        return Run("cargo", InstallKind.TOOL, names(words.operands))
    if words.verb == "chef" and words.operands[:1] == ("cook",):
        return Run("cargo", kind, reads=(words.value("--recipe-path") or "recipe.json",), downloads=not offline)
    if words.verb == "fetch" or (words.verb == "vendor"):
        return Run("cargo", kind, implied=_CARGO_FILES, downloads=not offline)
    if words.verb not in ("build", "install", "b", "test", "run", "leptos", "zigbuild"):
        return None
    return Run(
        "cargo",
        kind,
        implied=_CARGO_FILES,
        folder=words.value("--path") or words.value("--manifest-path").removesuffix("Cargo.toml"),
        local=True,
        downloads=not offline,
        after=True,
    )


def _bundle(call: Call) -> Run | None:
    words = split(call.words, frozenset({"--path", "--jobs", "-j", "--without", "--with", "--gemfile", "--retry"}))
    if words.verb not in ("install", ""):
        return None
    offline = words.has("--local")
    kind = InstallKind.OFFLINE if offline else InstallKind.DEPENDENCY
    return Run("bundler", kind, implied=("Gemfile", "Gemfile.lock"), downloads=not offline)


def _gem(call: Call) -> Run | None:
    words = split(call.words, frozenset({"-v", "--version", "-i", "--install-dir", "-n", "--bindir"}))
    if words.verb != "install" or not words.operands:
        return None
    return Run("gem", InstallKind.TOOL, names(words.operands), downloads=not words.has("--local", "-l"))


def _composer(call: Call) -> Run | None:
    words = split(call.words, frozenset({"-d", "--working-dir"}))
    if words.verb in ("global", "require") and words.operands:
        packages = tuple(word for word in words.operands if word != "require")
        return Run("composer", InstallKind.TOOL, names(packages), cache_off=_composer_no_cache(words))
    if words.verb not in ("install", "update", "i"):
        return None
    return Run(
        "composer",
        InstallKind.DEPENDENCY,
        implied=("composer.json", "composer.lock"),
        folder=words.value("-d", "--working-dir"),
        cache_off=_composer_no_cache(words),
    )


def _composer_no_cache(words: Arguments) -> str:
    return "--no-cache" if words.has("--no-cache") else ""
