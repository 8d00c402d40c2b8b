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
DEVELOPMENT_MODULES = ("dev", "development", "local", "debug", "test", "tests", "testing", "ci")


def judge_switches(case: Case, run: Run) -> None:
    for name in SWITCHES:
        if run.environment.is_on(name):
            place = run.environment.place(name)
            case.fail(f"the development switch `{name}` is on for {run.label}", place.path, place.line)


def judge_django(case: Case, run: Run, code: Code, deployed: bool) -> None:
    """Django's DEBUG, as the settings fix it or leave it to a variable."""
    for call in code.calls_about("debug_on"):
        if _is_django_setting(call, code) and _in_force(call, run):
            case.fail(
                "`DEBUG = True` is fixed in the settings and nothing turns it off", call.where.path, call.where.line
            )
    for call in code.calls_about("debug_env"):
        if call.reachable and _in_force(call, run):
            _judge_variable(case, run, call, deployed)


def note_casts(case: Case, code: Code) -> None:
    for call in code.calls_about("bool_environ"):
        message = "`bool()` of an environment string is true for every text but the empty one, also for `0` and `False`"
        case.note(message, call.where.path, call.where.line)


def _judge_variable(case: Case, run: Run, call: Call, deployed: bool) -> None:
    name, _, default = call.detail.partition(" ")
    if name in run.environment.values:
        if run.environment.is_on(name) and name not in SWITCHES:
            place = run.environment.place(name)
            case.fail(f"`{name}` turns Django's DEBUG on for {run.label}", place.path, place.line)
        return
    if not is_on(default.strip("()'\" ")):
        return
    judge = case.fail if deployed else case.lower
    judge(f"Django's DEBUG is on unless `{name}` turns it off, and nothing does", call.where.path, call.where.line)


def _is_django_setting(call: Call, code: Code) -> bool:
    return call.reachable and "django" in code.frameworks and "debug=" not in call.detail.replace(" ", "")


def _in_force(call: Call, run: Run) -> bool:
    """A development settings module does not count where the environment names another one."""
    chosen = run.environment.get("DJANGO_SETTINGS_MODULE")
    module = call.where.path.removesuffix(".py").replace("/", ".")
    return not chosen or module.endswith(chosen) or module.rsplit(".", 1)[-1] not in DEVELOPMENT_MODULES
