"""Python's project managers: uv, poetry, pipenv, pdm, conda."""

from __future__ import annotations

from analyzers.artifacts.installs import InstallKind
from analyzers.installs import pip
from analyzers.installs.arguments import Arguments, option_names, split
from analyzers.installs.runs import Call, Run, is_on, names
from analyzers.records import replace

_UV_VALUED = pip.VALUED | option_names(
    "--package --only-group --no-group --no-install-package --no-extra --with --with-requirements "
    "--with-editable --from --script -s -m --module --env-file --config-file --color --refresh-package "
    "--upgrade-package -P"
) - {"-c", "-s"}
_POETRY_VALUED = option_names(
    "--with --without --only -E --extras -C --directory -P --project -f --format -o --output -G"
)
_PDM_VALUED = option_names("-G --group --with --without -p --project -L --lockfile -k --skip -f --format -o --output")
_PIPENV_VALUED = option_names(
    "--python --extra-pip-args --pypi-mirror -e --editable -i --index -r --requirements --categories"
)
_CONDA_VALUED = option_names("-n --name -p --prefix -f --file -c --channel --solver --platform -r --root-prefix")


def read(call: Call) -> Run | None:
    readers = {"uv": _uv, "uvx": _uvx, "poetry": _poetry, "pipenv": _pipenv, "pdm": _pdm, "conda-lock": _conda_lock}
    if call.name in ("conda", "mamba", "micromamba"):
        return _conda(call)
    reader = readers.get(call.name)
    return reader(call) if reader else None


def _uv(call: Call) -> Run | None:
    words = split(call.words, _UV_VALUED)
    if words.verb == "pip" and words.operands[:1] in (("install",), ("sync",)):
        return _uv_pip(call, Arguments(words.options, words.operands))
    if words.verb == "tool" and words.operands[:1] in (("install",), ("run",)):
        return Run("uv", InstallKind.TOOL, names(words.operands[1:2]), cache_off=_uv_no_cache(words, call))
    if words.verb == "add" and words.operands:
        return Run("uv", InstallKind.TOOL, names(words.operands), cache_off=_uv_no_cache(words, call))
    if words.verb == "sync":
        return _uv_sync(words, call)
    return _uv_run(call) if words.verb == "run" else None


def _uv_no_cache(words: Arguments, call: Call) -> str:
    if words.has("--no-cache", "--no-cache-dir", "-n"):
        return next(name for name, _ in words.options if name in ("--no-cache", "--no-cache-dir", "-n"))
    return "UV_NO_CACHE" if is_on(call.env, "UV_NO_CACHE") else ""


def _uv_pip(call: Call, words: Arguments) -> Run:
    reads = words.operands if words.verb == "sync" else ()
    kept = Arguments(
        (*words.options, *(("-r", path) for path in reads)), words.positional[:1] if reads else words.positional
    )
    run = pip.described("uv", kept, call, _uv_no_cache(words, call))
    if run.prefixes or not (words.has("--system") or is_on(call.env, "UV_SYSTEM_PYTHON")):
        return run
    return replace(run, prefixes=("/usr/local",))


def _uv_sync(words: Arguments, call: Call, run: bool = False) -> Run:
    offline = words.has("--offline") or is_on(call.env, "UV_OFFLINE")
    without_project = words.has("--no-install-project", "--no-install-workspace") or is_on(
        call.env, "UV_NO_INSTALL_PROJECT"
    )
    return Run(
        "uv",
        InstallKind.OFFLINE if offline else InstallKind.DEPENDENCY,
        implied=("pyproject.toml", "uv.lock"),
        folder=words.value("--directory") or words.value("--project"),
        local=not without_project,
        downloads=not offline,
        editable=not words.has("--no-editable") and not is_on(call.env, "UV_NO_EDITABLE"),
        package="*" if words.has("--all-packages") else words.value("--package"),
        after=run or not without_project,
        cache_off=_uv_no_cache(words, call),
        cache=words.value("--cache-dir"),
    )


def _uv_run(call: Call) -> Run | None:
    """`uv run` syncs the project first; only the options ahead of the program are its own."""
    words = split(own_words("run", call.words, _UV_VALUED), _UV_VALUED)
    quiet = ("--no-sync", "--no-project", "--script", "--isolated", "-s")
    if words.has(*quiet) or is_on(call.env, "UV_NO_SYNC"):
        return None
    return _uv_sync(words, call, run=True)


def own_words(verb: str, words: tuple[str, ...], valued: frozenset[str]) -> tuple[str, ...]:
    """The words up to the program that `uv run` starts."""
    index = words.index(verb) + 1
    while index < len(words) and words[index].startswith("-") and words[index] != "--":
        index += 2 if words[index] in valued else 1
    return words[:index]


def own_command(call: Call, command: str) -> str:
    """The command without the program that `uv run` starts."""
    if call.name != "uv" or "run" not in call.words:
        return command
    return " ".join(("uv", *own_words("run", call.words, _UV_VALUED)))


def _uvx(call: Call) -> Run | None:
    words = split(call.words, _UV_VALUED)
    return Run("uv", InstallKind.TOOL, names(words.positional[:1]), cache_off=_uv_no_cache(words, call))


def _poetry(call: Call) -> Run | None:
    words = split(call.words, _POETRY_VALUED)
    if words.verb == "add" and words.operands:
        return Run("poetry", InstallKind.TOOL, names(words.operands), cache_off=_poetry_no_cache(words))
    if words.verb not in ("install", "sync", "update"):
        return None
    only_root = words.has("--only-root")
    return Run(
        "poetry",
        InstallKind.PROJECT if only_root else InstallKind.DEPENDENCY,
        implied=("pyproject.toml", "poetry.lock"),
        folder=words.value("-C", "--directory") or words.value("-P", "--project"),
        local=not words.has("--no-root"),
        downloads=not only_root,
        editable=not words.has("--no-root"),
        after=not words.has("--no-root"),
        cache_off=_poetry_no_cache(words),
    )


def _poetry_no_cache(words: Arguments) -> str:
    return "--no-cache" if words.has("--no-cache") else ""


def _pipenv(call: Call) -> Run | None:
    words = split(call.words, _PIPENV_VALUED)
    if words.verb not in ("install", "sync", "update"):
        return None
    if words.operands:
        return Run("pipenv", InstallKind.TOOL, names(words.operands))
    system = words.has("--system") or is_on(call.env, "PIPENV_SYSTEM")
    return Run(
        "pipenv",
        InstallKind.DEPENDENCY,
        reads=tuple(words.values("-r", "--requirements")),
        implied=("Pipfile", "Pipfile.lock"),
        prefixes=("/usr/local",) if system else (),
        cache_off="PIP_NO_CACHE_DIR" if call.env.get("PIP_NO_CACHE_DIR", "").strip() else "",
    )


def _pdm(call: Call) -> Run | None:
    words = split(call.words, _PDM_VALUED)
    if words.verb == "add" and words.operands:
        return Run("pdm", InstallKind.TOOL, names(words.operands))
    if words.verb not in ("install", "sync", "update"):
        return None
    alone = words.has("--no-self", "--no-default")
    return Run(
        "pdm",
        InstallKind.DEPENDENCY,
        implied=("pyproject.toml", "pdm.lock"),
        folder=words.value("-p", "--project"),
        local=not alone,
        editable=not alone and not words.has("--no-editable"),
        after=not alone,
        cache_off="--no-cache" if words.has("--no-cache") else "",
    )


def _conda(call: Call) -> Run | None:
    words = split(call.words, _CONDA_VALUED)
    verb, operands = words.verb, words.operands
    if verb == "env" and operands[:1] in (("create",), ("update",)):
        return _conda_run(call, words, words.values("-f", "--file") or ["environment.yml"], ())
    if verb not in ("install", "create", "update", "upgrade"):
        return None
    return _conda_run(call, words, words.values("-f", "--file"), names(operands))


def _conda_run(call: Call, words: Arguments, files: list[str], packages: tuple[str, ...]) -> Run:
    offline = words.has("--offline")
    kind = InstallKind.DEPENDENCY if files else InstallKind.TOOL
    root = call.env.get("MAMBA_ROOT_PREFIX") or call.env.get("CONDA_DIR") or "/opt/conda"
    name = words.value("-n", "--name")
    prefix = words.value("-p", "--prefix") or (f"{root}/envs/{name}" if name and name != "base" else root)
    return Run(
        "conda",
        InstallKind.OFFLINE if offline else kind,
        packages,
        reads=tuple(files),
        downloads=not offline,
        prefixes=(prefix,),
    )


def _conda_lock(call: Call) -> Run | None:
    words = split(call.words, _CONDA_VALUED)
    if words.verb != "install":
        return None
    return Run("conda", InstallKind.DEPENDENCY, reads=words.operands or ("conda-lock.yml",), prefixes=("/opt/conda",))
