from __future__ import annotations

import time

import pytest

from analyzers.deploy.interpolation import Values, interpolate, is_open

ENV = Values({"X": "1", "EMPTY": ""}, {"SAMPLE": "s"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$X ${X}", "1 1"),
        ("$$X", "$X"),
        ("${NO:-d}", "d"),
        ("${NO-d}", "d"),
        ("${EMPTY:-d}", "d"),
        ("${EMPTY-d}", ""),
        ("${NO:-${X}}", "1"),
        ("${NO:-${NO2:-a}-b}", "a-b"),
        ("${X:+y}${NO:+y}", "y"),
        ("${NO:?must be set}", "${NO}"),
        ("$NO", "${NO}"),
        ("${SAMPLE} ${SAMPLE:-default}", "s default"),
        ("100$", "100$"),
        ("${not closed", "${not closed"),
        ("${{ github.sha }}", "${{ github.sha }}"),
    ],
)
def test_it_interpolates_as_compose_does(text: str, expected: str):
    assert interpolate(text, ENV) == expected


def test_a_variable_without_value_stays_open():
    assert is_open(interpolate("${NO}", ENV))
    assert not is_open(interpolate("${NO:-x}", ENV))


@pytest.mark.parametrize("text", ["${A:-" * 20_000, "${" * 60_000, "$" * 200_000, "${A:-${" * 20_000 + "}" * 40_000])
def test_hostile_nesting_takes_no_time(text: str):
    start = time.perf_counter()
    interpolate(text, ENV)
    assert time.perf_counter() - start < 2
