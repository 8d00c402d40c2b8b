"""What a file is by its name: dependency manifest, lock, secret-looking, program code."""

from __future__ import annotations

from analyzers import regexes as re

_MANIFESTS = frozenset(
    {
        "pyproject.toml",
        "setup.py",
        "setup.cfg",
        "pipfile",
        "environment.yml",
        "environment.yaml",
        "conda.yml",
        "conda.yaml",
        "package.json",
        "go.mod",
        "go.work",
        "cargo.toml",
        "gemfile",
        "composer.json",
        "pnpm-workspace.yaml",
        "uv.toml",
        "pom.xml",
        "build.gradle",
        "build.gradle.kts",
        "deno.json",
        "mix.exs",
        "gems.rb",
    }
)
_LOCKS = frozenset(
    {
        "poetry.lock",
        "uv.lock",
        "pipfile.lock",
        "pdm.lock",
        "pixi.lock",
        "conda-lock.yml",
        "package-lock.json",
        "npm-shrinkwrap.json",
        "yarn.lock",
        "pnpm-lock.yaml",
        "bun.lock",
        "bun.lockb",
        "deno.lock",
        "go.sum",
        "go.work.sum",
        "cargo.lock",
        "gemfile.lock",
        "gems.locked",
        "composer.lock",
        "mix.lock",
        "gradle.lockfile",
    }
)
PYTHON_MANIFESTS = frozenset({"pyproject.toml", "setup.py", "setup.cfg", "pipfile", "environment.yml"})
_REQUIREMENTS = re.compile(r"(?:[\w.-]*[._-])?(?:requirements?|reqs?|constraints?)(?:[._-][\w.-]*)?\.(?:txt|in|pip)")
_REQUIREMENTS_FOLDER = re.compile(r"(?:[\w.-]*[._-])?(?:requirements?|reqs?)(?:[._-][\w.-]*)?")
_PYLOCK = re.compile(r"pylock(?:\.[\w-]+)?\.toml")
_CODE = re.compile(
    r".+\.(?:py|pyi|pyx|pxd|ipynb|jsx?|mjs|cjs|tsx?|mts|cts|vue|svelte|go|rs|rb|php|java|kts?|scala|cs|fs|c|h|cc|cpp|cxx"
    r"|hpp|hh|swift|exs?|erl|clj|lua|pl|pm|r|jl|dart|zig|nim|hs|ml|html|css|scss|sass|less)"
)
_SECRET = re.compile(r"\.env(?:\..+)?|.+\.(?:pem|key|p12|pfx)|id_(?:rsa|dsa|ecdsa|ed25519)|credentials.*\.json")
_PLACEHOLDER = re.compile(r"(?:^|[._-])(?:example|sample|template|dist|tmpl|tpl)(?:[._-]|$)")
_PUBLIC_KEY = re.compile(r"(?:^|[._-])(?:pub|public)(?:[._-]|$)")
_SECRET_KEY = re.compile(r"secret|token|passw|pwd|api_?key|private_?key|access_?key|credential|auth_?key|dsn")
_CONTENT_LIMIT_CHARACTERS = 256 * 1024


def is_lock(path: str) -> bool:
    name = _name(path)
    return name in _LOCKS or _PYLOCK.fullmatch(name) is not None


def is_requirements(path: str) -> bool:
    """A pip requirements or constraints file, also `requirements/base.txt`."""
    folder, _, name = path.lower().rpartition("/")
    if _REQUIREMENTS.fullmatch(name[:200]):
        return True
    inside = _REQUIREMENTS_FOLDER.fullmatch(folder.rpartition("/")[2][:200])
    return inside is not None and name.endswith((".txt", ".in", ".pip"))


def is_manifest(path: str) -> bool:
    """A dependency manifest or lock, by its path alone."""
    return _name(path) in _MANIFESTS or is_lock(path) or is_requirements(path)


def is_python_manifest(path: str) -> bool:
    return _name(path) in PYTHON_MANIFESTS or is_requirements(path)


def is_code(path: str) -> bool:
    """A file of program code, markup and style sheets included; manifests that are code (`setup.py`) are not."""
    name = _name(path)
    return _CODE.fullmatch(name) is not None and not is_manifest(path)


def is_env_file(path: str) -> bool:
    """`.env` and its variants (`.env.production`), not its examples."""
    name = _name(path)
    return (name == ".env" or name.startswith(".env.")) and not _PLACEHOLDER.search(name)


def looks_secret(path: str) -> bool:
    """By base name, ignoring case; examples, samples, templates and public keys are not."""
    name = _name(path)[:255]
    return bool(_SECRET.fullmatch(name)) and not _PLACEHOLDER.search(name) and not _PUBLIC_KEY.search(name)


def holds_secret(path: str, text: str | None) -> bool:
    """Whether the content of a secret-looking file bears its name out. What cannot be read (None) counts.

    A `.pem`, `.key` or `.crt` needs a private key's header, a `.env` a secret-looking key that has a value.
    """
    if text is None:
        return True
    text = text[:_CONTENT_LIMIT_CHARACTERS]
    if _name(path).endswith((".pem", ".crt", ".key")):
        return "PRIVATE KEY" in text
    return any(map(_is_secret_line, text.splitlines())) if is_env_file(path) else bool(text.strip())


def _is_secret_line(line: str) -> bool:
    name, equals, value = line[:2_000].strip().removeprefix("export ").partition("=")
    is_secret = not name.startswith("#") and _SECRET_KEY.search(name.lower()) is not None
    return bool(equals) and is_secret and bool(value.strip().strip("'\""))


def _name(path: str) -> str:
    return path.rpartition("/")[2].lower()
