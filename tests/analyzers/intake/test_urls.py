from __future__ import annotations

import socket

import pytest

from analyzers.intake.addresses import is_public
from analyzers.intake.limits import RemotePolicy
from analyzers.intake.urls import check_ref, check_subfolder, parse_remote, resolve
from analyzers.source import SourceError

HOSTILE = [
    "ext::sh -c id",
    "fd::17",
    "file:///etc",
    "/etc",
    "../x",
    "-u id",
    "--upload-pack=id",
    "--config=x",
    " https://example.org/a/b",
    "https://example.org/a/b\n",
    "https://example.org/%0aHost:x/y",
    "$HOME",
    "https://$SECRET/a/b",
    "~root",
    "git@example.org:a/b",
    "ssh://-oProxyCommand=id/x",
    "git://example.org/a/b",
    "http://example.org/a/b",
    "ftp://example.org/a/b",
    "https:///host/x",
    "https://a@b@c/x/y",
    "https://good.example@evil.example/x/y",
    "https://user:pw@example.org/a/b",
    "https://example.org:22/a/b",
    "https://example.org:0/a/b",
    "https://example.org:99999/a/b",
    "https://example.org:x/a/b",
    "https://127.0.0.1/a/b",
    "https://127.1/a/b",
    "https://2130706433/a/b",
    "https://0x7f000001/a/b",
    "https://0x7f.0.0.1/a/b",
    "https://0177.0.0.1/a/b",
    "https://[::1]/a/b",
    "https://[::ffff:127.0.0.1]/a/b",
    "https://[fe80::1%25eth0]/a/b",
    "https://0.0.0.0/a/b",
    "https://169.254.169.254/a/b",
    "https://100.64.0.1/a/b",
    "https://192.168.0.1/a/b",
    "https://10.0.0.1/a/b",
    "https://172.16.0.1/a/b",
    "https://224.0.0.1/a/b",
    "https://255.255.255.255/a/b",
    "https://exam\u3002ple.org/a/b",
    "https://ex\u0430mple.org/a/b",
    "https://example.org/a/../b",
    "https://example.org/a/b?x=y",
    "https://example.org/a/b#x",
    "https://example.org/a\\b/c",
    "https://example.org",
    "https://example.org/",
    "https://-example.org/a/b",
    "https://example..org/a/b",
    "https://" + "a" * 3000 + "/a/b",
    "",
]


@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_link_is_refused_before_any_lookup(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: pytest.fail("a name was looked up"))
    with pytest.raises(SourceError) as error:
        parse_remote(url, RemotePolicy())
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("url", "rebuilt"),
    [
        ("https://github.com/owner/name", "https://github.com/owner/name"),
        ("HTTPS://GitHub.com/owner/name.git", "https://github.com/owner/name.git"),
        ("https://git.sr.ht/~user/repo/", "https://git.sr.ht/~user/repo"),
        ("https://example.org:443/a/b", "https://example.org/a/b"),
        ("https://example.org./a", "https://example.org/a"),
    ],
)
def test_a_plain_link_is_rebuilt_from_its_parts(url: str, rebuilt: str) -> None:
    assert parse_remote(url, RemotePolicy()).url == rebuilt


@pytest.mark.parametrize("url", ["https://localhost/a/b", "https://localhost./a/b", "https://LOCALHOST/a/b"])
def test_a_name_that_leads_inside_is_refused(url: str) -> None:
    with pytest.raises(SourceError, match="private address"):
        resolve(parse_remote(url, RemotePolicy()), RemotePolicy())


def test_one_private_answer_among_public_ones_refuses_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [(socket.AF_INET, 0, 0, "", (address, 443)) for address in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
    with pytest.raises(SourceError, match="private address"):
        resolve(parse_remote("https://mixed.example/a/b", RemotePolicy()), RemotePolicy())


def test_an_operator_can_allow_a_private_host_and_port() -> None:
    policy = RemotePolicy(frozenset({"localhost:8443"}))
    assert resolve(parse_remote("https://localhost:8443/a/b", policy), policy) in ("127.0.0.1", "::1")


@pytest.mark.parametrize(
    "address",
    [
        "224.0.0.1",
        "ff02::1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "::127.0.0.1",
        "fec0::1",
        "::1",
        "100.64.0.1",
        "198.18.0.1",
        "192.0.0.170",
        "2001:db8::1",
        "2001::1",
        "fe80::1",
        "fd00::1",
        "240.0.0.1",
        "0.0.0.0",
    ],
)
def test_special_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["140.82.121.4", "8.8.8.8", "2606:4700::1111", "2a00:1450:4001::1"])
def test_ordinary_addresses_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "ref", ["--upload-pack=id", "a..b", "a\nb", "a b", ".x", "x.lock", "x/", "a@{1}", "x" * 300, "é"]
)
def test_a_hostile_ref_is_refused(ref: str) -> None:
    with pytest.raises(SourceError, match="branch, tag or commit"):
        check_ref(ref)


@pytest.mark.parametrize("ref", ["", "main", "v1.2.3", "feature/x-1", "2024.1+build", "0" * 40])
def test_a_plain_ref_passes(ref: str) -> None:
    assert check_ref(ref) == ref


@pytest.mark.parametrize("folder", ["../x", "a/../b", "a//b", "a\\b", "./a"])
def test_a_subfolder_that_leaves_the_repository_is_refused(folder: str) -> None:
    with pytest.raises(SourceError, match="subfolder"):
        check_subfolder(folder)
