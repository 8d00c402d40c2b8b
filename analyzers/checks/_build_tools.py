"""Packages that building needs and running does not."""

from __future__ import annotations

from analyzers import regexes as re

_COMPILERS = frozenset(
    {
        "build-essential", "build-base", "base-devel", "alpine-sdk", "gcc", "g++", "gcc-c++", "cpp", "clang", "llvm",
        "make", "cmake", "ninja", "ninja-build", "meson", "autoconf", "automake", "libtool", "bison", "flex", "swig",
        "gfortran", "gcc-gfortran", "rust", "rustc", "cargo", "rustup", "golang", "golang-go", "go", "nasm", "yasm",
        "pkg-config", "pkgconf", "pkgconfig", "binutils", "development-tools",
    }
)  # fmt: skip
_VERSIONED_COMPILER = re.compile(r"(?:gcc|g\+\+|clang|llvm|golang|gfortran|cpp)-?[0-9][0-9.]*(?:-[a-z]+)?")
_HEADERS = re.compile(r".*-(?:dev|devel|headers)|linux-headers.*")
_DEVELOPMENT = frozenset(
    {
        "pytest", "pytest-cov", "pytest-django", "pytest-asyncio", "pytest-xdist", "tox", "nox", "coverage", "flake8",
        "pylint", "black", "isort", "ruff", "mypy", "pyright", "bandit", "pre-commit", "ipdb", "pudb", "debugpy",
        "factory-boy", "hypothesis", "autopep8", "yapf", "pycodestyle", "pydocstyle", "jest", "eslint", "prettier",
        "nodemon", "mocha", "cypress",
    }
)  # fmt: skip
_INSTALLERS = frozenset({"uv", "poetry", "pipenv", "pdm", "hatch", "pip-tools", "poetry-core"})


def is_compiler(package: str) -> bool:
    """Compilers, linkers and the tools that drive them; headers are another matter."""
    name = _plain(package)
    return name in _COMPILERS or _VERSIONED_COMPILER.fullmatch(name) is not None


def is_header(package: str) -> bool:
    return _HEADERS.fullmatch(_plain(package)) is not None


def is_development_tool(package: str) -> bool:
    """Test runners, linters and debuggers, by the name that pip or npm installs."""
    return re.split(r"[\[<>=!~@ ]", package.lower().replace("_", "-"), maxsplit=1)[0] in _DEVELOPMENT


def is_installer(package: str) -> bool:
    return re.split(r"[\[<>=!~@ ]", package.lower(), maxsplit=1)[0] in _INSTALLERS


def _plain(package: str) -> str:
    """Without architecture, version, group mark and case: "@Development Tools" is "development-tools"."""
    return re.split(r"[=:<>~]", package.lower().lstrip("@").replace(" ", "-"), maxsplit=1)[0]
