"""Commands with wrappers, options and nonsense around a package manager."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.artifacts.installs import InstallKind
from analyzers.dockerfile.shell import read_script
from analyzers.installs.caches import braces, covers
from analyzers.installs.recognise import recognise
from analyzers.installs.runs import Run, unpinned
from analyzers.installs.wrappers import calls


def runs(script: str) -> list[Run]:
    found = (call for command in read_script(script).commands for _, call in calls(command, {}))
    return [run for call in found if (run := recognise(call)) is not None]


@pytest.mark.parametrize(
    "script",
    [
        "sudo -u app -H pip install x",
        "env -i A=1 pip install x",
        "timeout -k 5 60 pip install x",
        "gosu app pip install x",
        "runuser -u app -- pip install x",
        "su app -c 'pip install x'",
        "bash -lc 'cd /a && pip install x'",
        "sh -c \"sh -c 'pip install x'\"",
        "poetry run pip install x",
        "uv run pip install x",
        "conda run -n base pip install x",
        "nice -n 5 python3.12 -u -m pip install x",
        "pip -q --no-color install x",
        "pip install --index-url https://example.org/simple x",
        "pip install -qU x",
        "pip install -- x",
    ],
)
def test_wrappers_and_options_hide_nothing(script: str) -> None:
    (run,) = runs(script)
    assert (run.manager, run.kind, run.packages) == ("pip", InstallKind.TOOL, ("x",))


def test_names_from_a_pipe_are_downloaded_all_the_same() -> None:
    (run,) = runs("cat list | xargs -n 1 pip install")
    assert run.downloads
    assert run.packages == ()


def test_names_that_a_command_prints_are_no_upgrade() -> None:
    assert [run.kind for run in runs("pip install $(cat list)")] == [InstallKind.TOOL]


def test_nesting_of_shells_is_bounded() -> None:
    script = "pip install x"
    for _ in range(8):
        script = "sh -c '" + script.replace("'", "'\\''") + "'"
    assert runs(script) == []


@pytest.mark.parametrize(
    ("written", "name"),
    [("flask[async]>=2", "flask"), ("gcc=4:12*", "gcc"), ("@angular/cli@13", "@angular/cli"), ("x~=1;python>3", "x")],
)
def test_a_package_is_named_without_its_version(written: str, name: str) -> None:
    assert unpinned(written) == name


def test_braces_are_paths() -> None:
    assert braces("/var/{lib,cache}/{a,b}") == ["/var/lib/a", "/var/lib/b", "/var/cache/a", "/var/cache/b"]
    assert len(braces("{a,b}" * 100)) <= 50


def test_a_mount_in_an_unknown_home_is_held_against_the_place_below_it() -> None:
    assert covers("/srv/app/.cache/pip", "/home/app/.cache/pip", home_known=False)
    assert not covers("/srv/app/.cache/pip", "/root/.cache/pip", home_known=True)
    assert not covers("/srv/app/.cache/uv", "/home/app/.cache/pip", home_known=False)


WORDS = "pip uv poetry pipenv pdm conda npm yarn pnpm bun go cargo bundle gem composer apt-get apk dnf install sync run"
WORDS += (
    " -r -e -c -m -- - . /x .[dev] x==1 --no-cache --package sudo env A=1 xargs bash python add -t -o -f --group @ ="
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(WORDS.split()), max_size=8).map(" ".join))
def test_no_command_makes_it_raise(script: str) -> None:
    runs(script)
