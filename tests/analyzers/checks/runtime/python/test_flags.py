from __future__ import annotations

import pytest

from analyzers.artifacts.code import Call, Code
from analyzers.artifacts.deployment import Deployment
from analyzers.artifacts.installs import Installs
from analyzers.checks.runtime.python.flags import flags
from analyzers.results import Result, Verdict
from tests import builders as make

BOTH = {"PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def judge(
    env: dict[str, str],
    *,
    deployment: Deployment | None = None,
    code: Code | None = None,
    installs: Installs | None = None,
    **more: object,
) -> Result:
    known = {
        "processes": make.processes(make.process(service="web")),
        "plan": make.build_plan(env=env),
        "bases": make.bases(),
    }
    return flags(
        **{**known, **more},
        deployment=deployment or make.deployment(),
        code=code or make.code(),
        installs=installs or make.installs(),
    )


def test_both_variables_pass() -> None:
    assert judge(BOTH).verdict is Verdict.PASS


def test_neither_variable_fails_with_a_fix_for_the_final_stage() -> None:
    result = judge({})
    assert result.verdict is Verdict.FAIL
    assert "`Dockerfile`, in the final stage" in result.fix.text
    assert "ENV PYTHONUNBUFFERED=1" in result.fix.text


@pytest.mark.parametrize("name", BOTH)
def test_one_variable_of_two_is_partial(name: str) -> None:
    assert judge({name: "1"}).verdict is Verdict.PARTIAL


@pytest.mark.parametrize("off", ["", "0", "False", "no", "OFF"])
def test_a_variable_set_to_off_does_not_count(off: str) -> None:
    assert judge({**BOTH, "PYTHONUNBUFFERED": off}).verdict is Verdict.PARTIAL


def test_variables_of_the_deployment_count_and_win() -> None:
    web = make.service(environment={"PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "0"})
    assert judge({"PYTHONDONTWRITEBYTECODE": "1"}, deployment=make.deployment(web)).verdict is Verdict.PARTIAL


def test_variables_of_a_known_base_count() -> None:
    assert judge({}, bases=make.bases(make.base_facts(env=BOTH))).verdict is Verdict.PASS


def test_what_an_unknown_base_could_set_is_unknown() -> None:
    result = judge({"PYTHONUNBUFFERED": "1"}, bases=make.bases(known=False, name="corp/python:3"))
    assert result.verdict is Verdict.UNKNOWN
    assert "corp/python:3" in result.summary


def test_a_development_switch_fails_even_on_an_unknown_base() -> None:
    result = judge({**BOTH, "PYTHONDEVMODE": "1"}, bases=make.bases(known=False))
    assert result.verdict is Verdict.FAIL


def test_a_switch_of_the_deployment_fails_with_its_place() -> None:
    result = judge(BOTH, deployment=make.deployment(make.service(environment={"DEBUG": "true"})))
    assert result.verdict is Verdict.FAIL
    assert (result.findings[0].path, result.findings[0].line) == ("compose.yaml", 3)


def test_a_switch_of_a_development_set_decides_nothing() -> None:
    development = make.deployment(make.service(environment={"DEBUG": "true"}), development=True)
    assert judge(BOTH, deployment=development).verdict is Verdict.PASS


def test_compileall_of_the_application_decides_byte_code() -> None:
    plan = make.with_steps(
        make.build_plan(env={"PYTHONUNBUFFERED": "1"}), make.run_step("python", "-m", "compileall", ".")
    )
    assert judge({}, plan=plan).verdict is Verdict.PASS


def test_compileall_of_dependencies_alone_is_not_credited() -> None:
    step = make.run_step("python", "-m", "compileall", "/usr/local/lib/python3.12/site-packages")
    plan = make.with_steps(make.build_plan(env={"PYTHONUNBUFFERED": "1"}), step)
    assert judge({}, plan=plan).verdict is Verdict.PARTIAL


@pytest.mark.parametrize(
    ("command", "verdict"),
    [
        ("uv sync --locked --no-editable", Verdict.PASS),
        ("uv sync --locked", Verdict.PARTIAL),
        ("uv sync --no-editable --no-install-project", Verdict.PARTIAL),
    ],
)
def test_uv_compiles_the_project_only_where_it_is_not_editable(command: str, verdict: Verdict) -> None:
    step = make.run_step(*command.split(), env={"UV_COMPILE_BYTECODE": "1"})
    plan = make.with_steps(make.build_plan(env={"PYTHONUNBUFFERED": "1"}), step)
    assert judge({}, plan=plan, installs=make.installs(make.install("uv", command))).verdict is verdict


def test_interpreter_options_count() -> None:
    process = make.process(argv=("python3", "-u", "-B", "bot.py"))
    assert judge({}, processes=make.processes(process)).verdict is Verdict.PASS


def test_options_of_the_script_do_not_count() -> None:
    process = make.process(argv=("python3", "bot.py", "-u", "-B"))
    assert judge({}, processes=make.processes(process)).verdict is Verdict.FAIL


def test_a_fixed_django_debug_fails() -> None:
    assert judge(BOTH, code=django_call("debug_on")).verdict is Verdict.FAIL


def django_call(topic: str, path: str = "shop/settings.py", **more: object) -> Code:
    setting = Call(topic, "DEBUG = True in shop.settings", make.place(path, 3), **more)  # type: ignore[arg-type]
    return make.code(setting, frameworks=frozenset({"django"}))


@pytest.mark.parametrize(("chosen", "verdict"), [("production", Verdict.PASS), ("dev", Verdict.FAIL)])
def test_development_settings_count_only_where_the_environment_names_them(chosen: str, verdict: Verdict) -> None:
    code = django_call("debug_on", "shop/settings/dev.py", test=True)
    env = {**BOTH, "DJANGO_SETTINGS_MODULE": f"shop.settings.{chosen}"}
    assert judge(env, code=code).verdict is verdict


def test_the_named_settings_module_takes_back_its_base_module() -> None:
    base = Call("debug_on", "DEBUG = True in shop.settings.base", make.place("shop/settings/base.py", 3))
    named = Call("debug_off", "DEBUG = False in shop.settings.live", make.place("shop/settings/live.py", 3))
    code = make.code(base, named, frameworks=frozenset({"django"}))
    assert judge({**BOTH, "DJANGO_SETTINGS_MODULE": "shop.settings.live"}, code=code).verdict is Verdict.PASS
    assert judge(BOTH, code=code).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("env", "deployed", "verdict"),
    [
        ({}, False, Verdict.PARTIAL),
        ({}, True, Verdict.FAIL),
        ({"SHOP_DEBUG": "0"}, True, Verdict.PASS),
        ({"SHOP_DEBUG": "1"}, False, Verdict.FAIL),
    ],
)
def test_debug_left_to_a_variable_follows_the_environment(
    env: dict[str, str], deployed: bool, verdict: Verdict
) -> None:
    code = django_call("debug_env", variable="SHOP_DEBUG", default_on=True)
    deployment = make.deployment(make.service()) if deployed else None
    assert judge({**BOTH, **env}, code=code, deployment=deployment).verdict is verdict


@pytest.mark.parametrize(
    ("on_when", "value", "verdict"),
    [
        ("=1,true", "True", Verdict.FAIL),
        ("=1,true", "yes", Verdict.PASS),
        ("!=production", "staging", Verdict.FAIL),
        ("!=production", "production", Verdict.PASS),
        ("set", "0", Verdict.PASS),
        ("!", "0", Verdict.FAIL),
    ],
)
def test_the_settings_own_comparison_decides(on_when: str, value: str, verdict: Verdict) -> None:
    code = django_call("debug_env", variable="SHOP_MODE", on_when=on_when)
    assert judge({**BOTH, "SHOP_MODE": value}, code=code).verdict is verdict


def test_bool_of_an_environment_string_is_a_finding_only() -> None:
    result = judge(BOTH, code=make.code(make.call("bool_environ")))
    assert result.verdict is Verdict.PASS
    assert "bool()" in result.findings[0].message


def test_stripped_asserts_are_a_finding_only() -> None:
    result = judge({**BOTH, "PYTHONOPTIMIZE": "1"}, code=make.code(asserts=4))
    assert result.verdict is Verdict.PASS
    assert "4 asserts" in result.findings[0].message


def test_an_image_without_python_is_not_judged() -> None:
    processes = make.processes(make.process(make.server("nginx", kind="static")), python=False)
    assert judge({}, processes=processes).verdict is Verdict.NOT_APPLICABLE
