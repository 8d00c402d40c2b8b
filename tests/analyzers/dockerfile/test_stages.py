"""Planning: stages, scopes, images, configuration and the commands of RUN."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.artifacts.build_plan import BuildPlan, Step
from analyzers.artifacts.missing import Missing
from analyzers.artifacts.target import Target
from analyzers.dockerfile.parser import parse
from analyzers.dockerfile.stages import plan


def attempt(
    text: str,
    stage: str | None = None,
    args: Mapping[str, str] | None = None,
    files: Mapping[str, str] | None = None,
    context: str = ".",
) -> BuildPlan | Missing:
    target = Target("Dockerfile", context, stage, args or {})
    return plan(parse(dedent(text).lstrip("\n")), target, (files or {}).get)


def planned(text: str, stage: str | None = None, **more: Mapping[str, str]) -> BuildPlan:
    found = attempt(text, stage, **more)
    assert isinstance(found, BuildPlan), found
    return found


def reason(text: str, stage: str | None = None) -> str:
    found = attempt(text, stage)
    assert isinstance(found, Missing)
    return found.reason


def last(found: BuildPlan) -> Step:
    return found.stages[found.target_stage].steps[-1]


def lines(step: Step) -> list[str]:
    return [" ".join(command.argv) for command in step.commands]


THREE = """
    FROM python:3.11 AS base
    FROM base AS build
    RUN make
    FROM node:22 AS unused
    FROM base
    COPY --from=BUILD /x /y
"""


def test_the_last_stage_is_the_target_and_only_what_it_needs_is_reached():
    found = planned(THREE)
    assert (found.target_stage, found.chain, found.reached) == (3, (0, 3), {0, 1, 3})
    assert [image.name for image in found.images] == ["python:3.11"]


@pytest.mark.parametrize("stage", ["build", "BUILD", "1"])
def test_a_target_is_found_by_name_or_number(stage):
    assert planned(THREE, stage).chain == (0, 1)


def test_a_target_that_is_not_there_names_the_stages_that_are():
    assert reason(THREE, "nope") == "Dockerfile has no stage 'nope'; its stages are base, build, unused"


def test_the_last_of_two_stages_with_one_name_counts_for_what_follows():
    found = planned("FROM a AS x\nFROM b AS x\nFROM x\nCOPY --from=x / /\n")
    assert found.chain == (1, 2)
    assert found.reached == {1, 2}


def test_from_names_only_an_earlier_stage():
    found = planned("FROM later\nFROM b AS later\n", "0")
    assert found.final_base.base_image is not None
    assert found.final_base.base_image.name == "later"


def test_images_come_from_from_copy_and_mounts():
    found = planned(
        """
        FROM scratch
        COPY --from=ghcr.io/astral-sh/uv:0.5 /uv /bin/
        RUN --mount=from=busybox,target=/b --mount=type=cache,target=/c x
        """
    )
    assert [(image.name, image.used_by, image.line) for image in found.images] == [
        ("ghcr.io/astral-sh/uv:0.5", "copy", 2),
        ("busybox", "mount", 3),
    ]
    assert found.stages[0].scratch


def test_global_arguments_reach_from_and_redeclared_ones_their_stage():
    found = planned(
        """
        ARG V=3.11
        ARG BASE=python:${V}-slim
        FROM ${BASE}
        ARG V
        ARG HIDDEN
        RUN echo $V $BASE
        """
    )
    assert found.images[0].name == "python:3.11-slim"
    assert lines(last(found)) == ["echo 3.11 $BASE"]
    assert [(each.name, each.value, each.stage) for each in found.declarations] == [
        ("V", "3.11", -1),
        ("BASE", "python:3.11-slim", -1),
        ("V", "3.11", 0),
        ("HIDDEN", None, 0),
    ]


def test_build_arguments_beat_defaults():
    found = planned("ARG V=1\nFROM a:$V\nARG V=2\nRUN echo $V\n", args={"V": "9"})
    assert found.images[0].tag == "9"
    assert lines(last(found)) == ["echo 9"]


def test_an_argument_without_a_value_leaves_the_image_open():
    (image,) = planned("ARG BASE\nFROM ${BASE}:1\n").images
    assert (image.text, image.name, image.resolved) == ("${BASE}:1", "", False)


def test_platform_arguments_are_known_to_from_and_where_declared():
    found = planned("FROM --platform=$BUILDPLATFORM a:$TARGETARCH\nARG TARGETOS\nRUN echo $TARGETOS $TARGETARCH\n")
    assert found.images[0].tag == "amd64"
    assert found.stages[0].platform == "$BUILDPLATFORM"


def test_a_declared_platform_argument_has_its_value_in_the_stage():
    assert lines(last(planned("FROM a\nARG TARGETARCH\nRUN echo $TARGETARCH\n"))) == ["echo amd64"]


def test_environment_folder_and_user_go_down_the_chain():
    found = planned(
        """
        FROM a AS one
        ENV A=1 B=$A
        ENV C=$A/x PATH=/x:$PATH
        WORKDIR /srv
        WORKDIR app
        USER ${C}
        FROM one
        RUN ls
        """
    )
    step = last(found)
    assert (step.workdir, step.user) == ("/srv/app", "1/x")
    assert step.env == {"A": "1", "B": "$A", "C": "1/x", "PATH": "/x:$PATH"}
    assert found.image.env_lines == {"A": 2, "B": 2, "C": 3, "PATH": 3}


def test_arguments_of_a_stage_are_inherited_but_are_no_image_environment():
    found = planned("FROM a AS one\nARG V=1\nFROM one\nRUN echo $V\n")
    assert lines(last(found)) == ["echo 1"]
    assert found.image.env == {}


def test_an_entrypoint_drops_the_command_of_an_earlier_stage_only():
    assert planned('FROM a AS x\nCMD ["b"]\nFROM x\nENTRYPOINT ["c"]\n').image.cmd is None
    kept = planned('FROM a\nCMD ["b"]\nENTRYPOINT c d\n').image
    assert (kept.cmd, kept.cmd_json, kept.entrypoint, kept.entrypoint_json) == (("b",), True, ("c d",), False)


def test_the_image_configuration_is_read():
    image = planned(
        """
        FROM a
        EXPOSE 80 443/tcp
        EXPOSE 80
        STOPSIGNAL SIGINT
        VOLUME ["/data"]
        SHELL ["/bin/bash", "-c"]
        HEALTHCHECK --interval=5s CMD curl -f "x y"
        USER app
        """
    ).image
    assert (image.exposed, image.stop_signal, image.volumes) == (("80", "443/tcp"), "SIGINT", ("/data",))
    assert (image.shell, image.user, image.user_line) == (("/bin/bash", "-c"), "app", 8)
    assert (image.healthcheck, image.healthcheck_flags) == ('CMD curl -f "x y"', {"interval": "5s"})
    assert image.healthcheck_words == ("curl", "-f", '"x y"')


def test_a_problem_in_a_stage_that_is_not_reached_is_no_obstacle():
    text = "FROM a AS x\nNONSENSE\nFROM b\nRUN c\n"
    assert planned(text).chain == (1,)
    assert reason(text, "x") == "Dockerfile cannot be read: line 2: unknown instruction: NONSENSE"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("# only\n", 1),
        ("RUN a\nFROM b\n", 1),
        ("{% if x %}\nFROM a\n{% endif %}\n", 1),
        ("FROM a b\n", 1),
        ("FROM\n", 1),
        ("FROM {{ image }}\n", 1),
        ("FROM a\nRUN <<EOF\n", 2),
        ("FROM a\nRUN apt-get install {{ packages }}\n", 2),
        ("FROM a\nENV x\n", 2),
    ],
)
def test_an_unreadable_file_is_missing_with_its_line(text, line):
    assert f"line {line}: " in reason(text)


def test_copies_are_expanded_and_resolved():
    found = planned(
        """
        FROM a AS one
        FROM b
        ARG D=/srv
        COPY --from=0 /x $D/
        COPY --from=2 /x y
        COPY ["a b", "c", "./"]
        COPY <<EOF z ./
        text
        EOF
        ADD https://x.example/y.tgz local.txt /z
        """
    )
    copies = [step.copy for step in found.stages[1].steps if step.copy]
    assert (copies[0].stage, copies[0].image, copies[0].destination) == (0, None, "/srv/")
    assert (copies[1].stage, copies[1].image) == (None, "2")
    assert copies[2].sources == ("a b", "c")
    assert (copies[3].sources, copies[3].inline) == (("z",), True)
    assert (copies[4].sources, copies[4].remote) == (("local.txt",), ("https://x.example/y.tgz",))


def test_mounts_are_resolved():
    found = planned(
        """
        FROM a AS one
        FROM b
        ENV HOME=/home/x
        WORKDIR /w
        RUN --mount=type=cache,target=$HOME/.cache,sharing=locked,id=i \\
            --mount=from=one,src=/s,dst=t --mount=type=bind,target=. x
        """
    )
    cache, stage, context = last(found).mounts
    assert (cache.type, cache.target, cache.sharing, cache.id) == ("cache", "/home/x/.cache", "locked", "i")
    assert (stage.type, stage.source, stage.target, stage.source_stage) == ("bind", "/s", "/w/t", 0)
    assert (context.source, context.target, context.source_stage, context.source_image) == ("", "/w", None, None)


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        ("RUN a && b", ["a", "b"]),
        ('RUN ["a", "b c"]', ["a b c"]),
        ('RUN ["bash", "-ec", "a; b"]', ["a", "b"]),
        ("RUN <<EOF\na\nb\nEOF", ["a", "b"]),
        ("RUN <<EOF\n#!/bin/bash\na\nEOF", ["a"]),
        ("RUN <<EOF\n#!/usr/bin/env python3\nimport os\nEOF", ["python3"]),
        ("RUN python3 <<EOF\nimport os\nEOF", ["python3"]),
        ("RUN <<EOF bash\na\nEOF", ["bash", "a"]),
    ],
)
def test_every_form_of_run_is_read(run, expected):
    assert lines(last(planned(f"FROM x\n{run}\n"))) == expected


def test_commands_keep_their_own_lines():
    found = planned("FROM a\nRUN b \\\n # why\n && c\nRUN <<EOF\nd\n\ne\nEOF\n")
    assert [command.line for step in found.stages[0].steps for command in step.commands] == [2, 4, 6, 8]


def test_a_foreign_shell_is_not_read():
    step = last(planned('FROM a\nSHELL ["powershell", "-Command"]\nRUN Get-Item x\n'))
    assert step.commands == ()
    assert "powershell" in step.unread


SCRIPT = {"scripts/build.sh": "#!/bin/sh\nset -e\napt-get update\necho $1\n"}


@pytest.mark.parametrize(
    "body",
    [
        "COPY scripts/build.sh /tmp/\nRUN /tmp/build.sh one",
        "COPY scripts/build.sh /tmp/b\nRUN sh -e /tmp/b one",
        "COPY scripts/ /opt/s/\nRUN cd /opt && ./s/build.sh one",
        "COPY . /app\nWORKDIR /app\nRUN bash scripts/build.sh one",
        "COPY scripts/*.sh /usr/local/bin/\nRUN . /usr/local/bin/build.sh one",
        "RUN --mount=type=bind,source=scripts,target=/s /s/build.sh one",
        'WORKDIR /app\nCOPY ["./scripts/build.sh", "."]\nRUN chmod +x build.sh && ./build.sh one',
    ],
)
def test_a_script_of_the_context_is_followed(body):
    step = last(planned(f"FROM a\n{body}\n", files=SCRIPT))
    assert step.unread == ""
    assert [" ".join(each.argv) for each in step.followed["scripts/build.sh"]] == [
        "set -e",
        "apt-get update",
        "echo one",
    ]
    assert [command.line for command in step.followed["scripts/build.sh"]] == [2, 3, 4]


def test_a_script_is_looked_for_in_the_context_folder():
    found = attempt("FROM a\nCOPY . .\nRUN ./x.sh\n", files={"app/x.sh": "make\n"}, context="./app/")
    assert isinstance(found, BuildPlan)
    assert list(last(found).followed) == ["app/x.sh"]


def test_a_script_copied_from_another_stage_is_not_the_contexts():
    step = last(
        planned("FROM a AS b\nFROM a\nCOPY --from=b /x/ /x/\nRUN sh /x/build.sh\n", files={"x/build.sh": "make\n"})
    )
    assert step.followed == {}
    assert step.unread == "line 4 runs /x/build.sh, which is not in the context"


def test_a_program_that_is_no_shell_script_is_not_followed():
    assert last(planned("FROM a\nCOPY . .\nRUN ./x\n", files={"x": "#!/usr/bin/env python3\n"})).followed == {}


@pytest.mark.parametrize(
    "command",
    [
        "curl -sSL https://x.example | sh",
        "wget -qO- https://x.example | bash -s -- -y",
        'sh -c "$(curl -fsSL https://x.example)"',
    ],
)
def test_a_downloaded_script_is_named_as_unread(command):
    assert "downloaded script" in last(planned(f"FROM a\nRUN {command}\n")).unread


def test_a_download_that_no_shell_reads_is_no_script():
    assert last(planned("FROM a\nRUN curl -o x https://x.example | cat && sh -c make\n")).unread == ""


def test_a_script_called_twice_with_the_same_words_is_read_once():
    step = last(planned("FROM a\nCOPY . .\nRUN ./x.sh 1 && ./x.sh 1 && ./x.sh 2\n", files={"x.sh": "echo $1\n"}))
    assert [" ".join(each.argv) for each in step.followed["x.sh"]] == ["echo 1", "echo 2"]


def test_scripts_past_the_limit_are_told():
    calls = "; ".join(f"./x.sh {index}" for index in range(60))
    step = last(planned(f"FROM a\nCOPY . .\nRUN {calls}\n", files={"x.sh": "true\n"}))
    assert "first 50 calls only" in step.unread


def test_too_many_variables_are_refused():
    text = "FROM a\n" + "".join(f"ENV {' '.join(f'v{index}_{n}=1' for n in range(100))}\n" for index in range(11))
    assert "1000 variables" in reason(text)


LINES = st.sampled_from(
    [
        "FROM a",
        "FROM a AS b",
        "FROM b",
        "FROM $X",
        "FROM x AS y z",
        "ARG X",
        "ARG X=$Y b",
        "ENV A=$A$A",
        "ENV a b",
        "USER $X",
        "WORKDIR ../$A",
        "COPY --from=b a b",
        "COPY --from=9 . .",
        "COPY a",
        "RUN --mount=from=b,target= x",
        "RUN --mount= ./x.sh",
        'RUN ["sh","-c"]',
        "RUN []",
        "RUN",
        "RUN sh $X",
        "SHELL []",
        'SHELL ["x"]',
        "CMD",
        "ENTRYPOINT []",
        "HEALTHCHECK",
        "HEALTHCHECK CMD",
        "EXPOSE $X ${",
        "VOLUME []",
        "ONBUILD RUN x",
        "LABEL a=b",
        "STOPSIGNAL",
        "RUN <<EOF",
        "EOF",
        "{{ x }}",
    ]
)


@given(st.lists(LINES | st.text(max_size=15), max_size=25), st.sampled_from([None, "b", "0", "", "99999999"]))
@settings(deadline=None, max_examples=200)
def test_no_file_makes_planning_raise(text, stage):
    found = attempt("\n".join(text), stage, files={"x.sh": "a\n"})
    assert isinstance(found, BuildPlan | Missing)
