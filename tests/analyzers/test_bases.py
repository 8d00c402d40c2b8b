import datetime

import pytest

from analyzers import bases, releases
from analyzers.artifacts.bases import Base, BaseFacts
from analyzers.artifacts.build_plan import ImageReference
from analyzers.facts.bases import IMAGES


def look_up(name: str) -> Base:
    reference, _, digest = name.partition("@")
    head, colon, tag = reference.rpartition(":")
    repository = head if colon and "/" not in tag else reference
    registry, _, rest = repository.partition("/")
    hosted = "." in registry and bool(rest)
    return bases.look_up(
        ImageReference(
            text=name,
            name=name,
            registry=registry if hosted else "docker.io",
            repository=rest if hosted else repository,
            tag=tag if repository != reference else "",
            digest=digest,
            line=1,
            stage=0,
            used_by="from",
        )
    )


def facts(name: str) -> BaseFacts:
    found = look_up(name).facts
    assert found is not None, name
    return found


def named(name: str) -> list[tuple[str, str]]:
    return [(release.product, release.version) for release in look_up(name).releases]


@pytest.mark.parametrize(
    ("name", "variant"),
    [
        ("python:3.12", "full"),
        ("python:3.12-bookworm", "full"),
        ("python:3.11.4-slim-buster", "slim"),
        ("python:3.12-alpine3.20", "alpine"),
        ("mirror.gcr.io/library/python:3.12", "full"),
        ("public.ecr.aws/docker/library/python:3.12-slim", "slim"),
        ("proxy.example.org/hub/library/python:3.12-slim", "slim"),
        ("debian:12", "plain"),
        ("debian:bookworm-slim", "slim"),
        ("nvidia/cuda:12.4.1-cudnn-devel-ubuntu22.04", "devel"),
        ("nvidia/cuda:12.4.1-runtime-ubuntu22.04", "runtime"),
        ("registry.access.redhat.com/ubi9/ubi-minimal:9.4", "minimal"),
        ("registry.access.redhat.com/ubi9:9.4", "plain"),
        ("gcr.io/distroless/python3-debian12", "distroless"),
        ("cgr.dev/chainguard/python:latest", "distroless"),
        ("ghcr.io/astral-sh/uv:0.9.2", "distroless"),
        ("ghcr.io/astral-sh/uv:python3.12-bookworm-slim", "slim"),
        ("ghcr.io/astral-sh/uv:python3.12-bookworm", "full"),
        ("tiangolo/uvicorn-gunicorn-fastapi:python3.11", "full"),
        ("caddy:2", "alpine"),
    ],
)
def test_the_tag_tells_the_variant(name, variant):
    assert facts(name).variant == variant


def test_an_image_outside_the_table_has_no_facts_but_its_releases():
    base = look_up("ghcr.io/acme/app:python3.9-slim")
    assert base.facts is None
    assert named("ghcr.io/acme/app:python3.9-slim") == [("Python", "3.9")]


def test_an_image_that_an_arg_left_open_is_not_looked_up():
    open_image = ImageReference("$BASE", "", "", "", "", "", 1, 0, "from")
    assert bases.look_up(open_image) == Base(open_image, None)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("python:3.11.4-slim-buster", [("Python", "3.11"), ("Debian", "10")]),
        ("python:3.11-slim", [("Python", "3.11")]),
        ("python:3.12-alpine3.19", [("Python", "3.12"), ("Alpine", "3.19")]),
        ("python:3", []),
        ("python:2.7", [("Python", "2")]),
        ("python:latest", []),
        ("node:22.3-bookworm-slim", [("Node.js", "22"), ("Debian", "12")]),
        ("node:lts-alpine", []),
        ("ubuntu:22.04", [("Ubuntu", "22.04")]),
        ("ubuntu:jammy-20240627.1", [("Ubuntu", "22.04")]),
        ("debian:12.5-slim", [("Debian", "12")]),
        ("nvidia/cuda:12.4.1-cudnn8-devel-ubuntu20.04", [("Ubuntu", "20.04")]),
        ("gcr.io/distroless/python3-debian11", [("Debian", "11")]),
        ("registry.access.redhat.com/ubi8/ubi-minimal", [("UBI", "8")]),
        ("tiangolo/uvicorn-gunicorn:python3.9-slim", [("Python", "3.9")]),
        ("mcr.microsoft.com/devcontainers/python:1-3.11-bullseye", [("Python", "3.11"), ("Debian", "11")]),
        ("alpine:3.2", [("Alpine", "3.2")]),
        ("postgres:16-alpine3.19", [("PostgreSQL", "16"), ("Alpine", "3.19")]),
    ],
)
def test_every_release_in_the_name_is_found(name, expected):
    assert named(name) == expected


def test_debian_has_a_regular_and_a_longer_end():
    release = look_up("debian:bullseye").releases[0]
    assert (release.support_end, release.lts_end) == (datetime.date(2024, 8, 14), datetime.date(2026, 8, 31))


def test_a_release_older_than_the_table_ended_with_its_oldest():
    assert look_up("alpine:3.2").releases[0].support_end == datetime.date(2020, 5, 1)


def test_a_release_newer_than_the_table_has_no_known_end():
    assert look_up("python:3.99-slim").releases[0].support_end is None


def test_official_python_decides_nothing_about_buffering_or_bytecode():
    assert facts("python:3.12.4").env.keys() == {"PATH", "PYTHON_VERSION", "LANG"}
    assert facts("python:3.12.4").env["PYTHON_VERSION"] == "3.12.4"
    assert "LANG" not in facts("python:3.13-slim").env


@pytest.mark.parametrize(
    ("tag", "on"),
    [
        ("python3.11", True),
        ("python3.11-slim", True),
        ("python3.9-2023-12-04", False),
        ("python3.9-2024-11-02", True),
        ("python3.6", False),
        ("python3.9-alpine3.14", False),
    ],
)
def test_server_images_set_the_python_switches_since_they_did(tag, on):
    assert ("PYTHONUNBUFFERED" in facts(f"tiangolo/uvicorn-gunicorn-fastapi:{tag}").env) is on


def test_slimmer_variants_lack_tools():
    assert {"curl", "git", "gcc"} <= facts("python:3.12").tools
    assert facts("python:3.12-slim").tools == {"python"}
    assert facts("python:3.12-alpine").tools == {"wget", "nc", "python"}


def test_only_debian_and_ubuntu_bases_have_the_apt_hook():
    assert facts("python:3.12-slim").docker_clean
    assert not facts("python:3.12-alpine").docker_clean


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("python:3.11-slim", "3.11"),
        ("tiangolo/uvicorn-gunicorn-fastapi:python3.9-slim", None),
        ("ghcr.io/astral-sh/uv:0.9.2-python3.12-bookworm", "0.9.2"),
        ("ghcr.io/astral-sh/uv:python3.12-bookworm-slim", None),
        ("mcr.microsoft.com/devcontainers/python:3.11", None),
        ("mcr.microsoft.com/playwright/python:v1.44.0-jammy", "1.44.0"),
        ("node:lts-alpine3.19", None),
        ("acme/app:release-1.2", "1.2"),
    ],
)
def test_the_own_version_is_told_from_another_software_s(name, own):
    number = look_up(name).own_number
    assert (number.text if number else None) == own


def test_every_product_of_the_table_has_releases():
    for entry in IMAGES:
        assert entry.get("product", "python") in releases.products(), entry["names"]


def test_hostile_tags_are_read_in_no_time():
    look_up("python:" + "9" * 5000 + "a" * 5000 + "." * 100)
    look_up("python:" + "1." * 5000 + "1")
