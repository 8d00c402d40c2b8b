"""Modules that are loaded at their first use: most audits need few of them, and a command line starts often.

The others are imported from here by name (`from analyzers.lazy import yaml`). Type checkers see the real modules.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING


class _Lazy(ModuleType):
    def __getattr__(self, name: str) -> object:
        """An attribute of the module, kept so that the next use finds it at once."""
        value = getattr(import_module(self.__name__), name)
        setattr(self, name, value)
        return value


def lazy(name: str) -> ModuleType:
    return _Lazy(name)


if TYPE_CHECKING:
    import ast
    import configparser
    import dataclasses
    import logging
    import pathlib
    import shutil
    import subprocess
    import tempfile
    import tomllib

    import yaml
    from packaging import requirements as pep508
else:
    ast = lazy("ast")
    configparser = lazy("configparser")
    dataclasses = lazy("dataclasses")
    logging = lazy("logging")
    pathlib = lazy("pathlib")
    pep508 = lazy("packaging.requirements")
    shutil = lazy("shutil")
    subprocess = lazy("subprocess")
    tempfile = lazy("tempfile")
    tomllib = lazy("tomllib")
    yaml = lazy("yaml")

__all__ = [
    "ast",
    "configparser",
    "dataclasses",
    "lazy",
    "logging",
    "pathlib",
    "pep508",
    "shutil",
    "subprocess",
    "tempfile",
    "tomllib",
    "yaml",
]
