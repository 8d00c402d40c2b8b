from __future__ import annotations

import time

import pytest

from analyzers.deploy import yaml_limits
from analyzers.deploy.yaml_limits import YamlError, load, load_all


def test_it_keeps_scalars_as_written():
    found = load("cpus: 0.50\nports: ['22:22', 8000]\ninit: yes\nnothing: ~\n", "c.yaml")
    assert found == {"cpus": "0.50", "ports": ["22:22", "8000"], "init": "yes", "nothing": None}


def test_it_knows_the_line_of_every_key():
    found = load("services:\n  web:\n    image: x\n    command: y\n", "c.yaml")
    assert found["services"]["web"].at("command").line == 4
    assert found["services"].at("web").line == 2


def test_merge_keys_fill_in_what_the_mapping_does_not_say():
    found = load("base: &b {image: x, user: root}\nweb:\n  <<: *b\n  user: app\n", "c.yaml")
    assert found["web"] == {"image": "x", "user": "app"}


def test_a_list_of_merges_prefers_the_first():
    found = load("a: &a {x: '1'}\nb: &b {x: '2', y: '3'}\nc:\n  <<: [*a, *b]\n", "c.yaml")
    assert found["c"] == {"x": "1", "y": "3"}


def test_own_tags_are_kept_and_harmless():
    found = load("a: !reset null\nb: !vault |\n  text\nc: !!python/object:os.system {x: y}\n", "c.yaml")
    assert found["a"].tag == "!reset"
    assert found["b"] == "text\n"
    assert found["c"] == {"x": "y"}


def test_the_last_of_duplicate_keys_wins():
    assert load("a: 1\na: 2\n", "c.yaml") == {"a": "2"}


def test_it_reads_several_documents():
    assert [d["kind"] for d in load_all("kind: A\n---\nkind: B\n", "k.yaml")] == ["A", "B"]


def test_a_huge_number_is_only_text():
    assert load("n: " + "9" * 5000, "c.yaml")["n"] == "9" * 5000


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[" * 60 + "]" * 60, "nested deeper"),
        ("[" * 100_000, "nested deeper"),
        ("a: &a x\nb: [" + "*a, " * 51 + "]", "aliases"),
        ("- x\n" * 50_001, "nodes"),
        ("x: " + "y" * yaml_limits.SIZE_LIMIT_BYTES, "larger than"),
        ("a: *b", "alias"),
        ("a: {{ value }}: b", "template"),
    ],
)
def test_what_breaks_a_limit_is_refused(text: str, message: str):
    with pytest.raises(YamlError, match=message):
        load(text, "c.yaml")


def test_an_alias_bomb_counts_as_written_out():
    levels = ["a0: &a0 [x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [" + ", ".join([f"*a{n - 1}"] * 7) + "]" for n in range(1, 8)]
    start = time.perf_counter()
    with pytest.raises(YamlError, match="nodes"):
        load("\n".join(levels), "c.yaml")
    assert time.perf_counter() - start < 1


def test_an_error_names_its_line():
    with pytest.raises(YamlError) as caught:
        load("a: b\n  c: d\n", "c.yaml")
    assert caught.value.line == 2
