"""Which settings modules the deployed service really reads, where several stand side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from analyzers.artifacts.code import Call
from analyzers.code.module import Module, argument, text_of
from analyzers.code.project import Project
from analyzers.records import replace

VARIABLE = "DJANGO_SETTINGS_MODULE"
CHAIN_LIMIT = 12
SWITCHES = ("debug_on", "debug_off", "debug_env", "bool_environ")


def chosen(project: Project, modules: Iterable[Module], env: Mapping[str, str]) -> str:
    """The module that DJANGO_SETTINGS_MODULE names: the environment's, else wsgi's or asgi's default, else
    manage.py's; "" where nothing says."""
    if env.get(VARIABLE):
        return env[VARIABLE]
    defaults = {module.path: name for module in modules for name in _defaults(module)}
    servers = [name for path, name in defaults.items() if path.endswith(("wsgi.py", "asgi.py"))]
    return next(iter(servers), next(iter(defaults.values()), ""))


def _defaults(module: Module) -> Iterator[str]:
    """`os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")`."""
    for call in module.calls:
        if module.resolve(call.func).endswith("environ.setdefault") and text_of(argument(call, 0, "key")) == VARIABLE:
            name = text_of(argument(call, 1, "value"))
            if name:
                yield name


def chain(project: Project, name: str) -> list[Module]:
    """The chosen module, then those that it takes over with `from … import *`, nearest first."""
    found = project.find(name)
    module = project.module(found[0]) if found is not None and not found[1] else None
    listed: list[Module] = []
    pending = [module] if module is not None else []
    while pending and len(listed) < CHAIN_LIMIT:
        current = pending.pop(0)
        if current not in listed:
            listed.append(current)
            targets = [project.find(star, current.path) for star in current.stars]
            pending += [item for target in targets if target is not None and (item := project.module(target[0]))]
    return listed


def mark_unused(calls: Iterable[Call], listed: list[Module], settings: frozenset[str], name: str) -> Iterator[Call]:
    """Switches in settings that the chosen module does not read, or overrides, do not count.

    `settings`: paths of all Django settings modules.
    """
    deciding = next((module.path for module in listed if module.variable("DEBUG") is not None), "")
    read = {module.path for module in listed}
    for call in calls:
        if not listed or call.topic not in SWITCHES or call.where.path not in settings | read:
            yield call
        elif call.where.path not in read:
            yield replace(call, test=True, detail=f"{call.detail}; DJANGO_SETTINGS_MODULE chooses {name}")
        elif call.topic != "bool_environ" and deciding not in ("", call.where.path):
            yield replace(call, test=True, detail=f"{call.detail}; overridden in {deciding}")
        else:
            yield replace(call, test=False)
