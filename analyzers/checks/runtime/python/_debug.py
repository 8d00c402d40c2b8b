"""Development switches that are on: interpreter variables, and Django's DEBUG."""

from __future__ import annotations

from analyzers.artifacts.code import Call, Code
from analyzers.checks._decide import Case
from analyzers.checks._environment import is_on
from analyzers.checks._runs import Run

SWITCHES = (
    "PYTHONDEBUG",
    "PYTHONDEVMODE",
    "PYTHONASYNCIODEBUG",
    "PYTHONPROFILEIMPORTTIME",
    "FLASK_DEBUG",
    "DEBUG",
)


def judge_switches(case: Case, run: Run) -> None:
    for name in SWITCHES:
        if run.environment.is_on(name):
            place = run.environment.place(name)
            case.fail(f"the development switch `{name}` is on for {run.label}", place.path, place.line)


def judge_django(case: Case, run: Run, code: Code, deployed: bool) -> None:
    """Django's DEBUG, as the settings fix it or leave it to a variable."""
    if "django" not in code.frameworks:
        return
    for call in _settings_in_force(code, run):
        if call.topic == "debug_on" and call.detail.startswith("DEBUG"):
            message = "`DEBUG = True` is fixed in the settings and nothing turns it off"
            case.fail(message, call.where.path, call.where.line)
        elif call.topic == "debug_env":
            _judge_variable(case, run, call, deployed)


def _settings_in_force(code: Code, run: Run) -> list[Call]:
    """Those of the settings module that the environment names where it sets DEBUG itself, else all that may count."""
    calls = code.calls_about("debug_on", "debug_env", "debug_off", tests=True)
    named = [call for call in calls if _is_named(call, run)]
    return named or [call for call in calls if call.reachable and not call.test]


def note_casts(case: Case, code: Code) -> None:
    for call in code.calls_about("bool_environ"):
        message = "`bool()` of an environment string is true for every text but the empty one, also for `0` and `False`"
        case.note(message, call.where.path, call.where.line)


def _judge_variable(case: Case, run: Run, call: Call, deployed: bool) -> None:
    name = call.variable
    value = run.environment.values.get(name)
    if value is not None:
        if _switches_on(call, value) and not (name in SWITCHES and run.environment.is_on(name)):
            place = run.environment.place(name)
            case.fail(f"`{name}` turns Django's DEBUG on for {run.label}", place.path, place.line)
    elif call.default_on:
        judge = case.fail if deployed else case.lower
        judge(f"Django's DEBUG is on unless `{name}` turns it off, and nothing does", call.where.path, call.where.line)


def _switches_on(call: Call, value: str) -> bool:
    """By the settings' own comparison; a bare `bool()` of the text is read as it was meant, and noted."""
    kind, wanted = call.on_when[:1], call.on_when.lstrip("!=").lower().split(",")
    if call.on_when.startswith("!="):
        return value.lower() not in wanted
    if kind == "=":
        return value.lower() in wanted
    return not is_on(value) if kind == "!" else is_on(value)


def _is_named(call: Call, run: Run) -> bool:
    chosen = run.environment.get("DJANGO_SETTINGS_MODULE")
    module = call.where.path.removesuffix("/__init__.py").removesuffix(".py").replace("/", ".")
    return bool(chosen) and (module == chosen or module.endswith(f".{chosen}"))
