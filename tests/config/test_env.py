from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.database import database
from config.env import env_bool, env_int, env_list, env_secret
from config.keys import key_from_file


@pytest.mark.parametrize(("text", "value"), [("1", True), ("Yes", True), ("off", False), ("0", False), ("", False)])
def test_yes_and_no_are_understood(monkeypatch, text: str, value: bool) -> None:
    monkeypatch.setenv("TRIMTAB_X", text)
    assert env_bool("TRIMTAB_X", default=not value) is value


def test_a_switch_that_is_neither_is_refused(monkeypatch) -> None:
    monkeypatch.setenv("TRIMTAB_X", "ture")
    with pytest.raises(ImproperlyConfigured, match="TRIMTAB_X='ture' is neither yes nor no"):
        env_bool("TRIMTAB_X")


@pytest.mark.parametrize("text", ["-1", "ten", "1.5", "0x10"])
def test_a_number_that_is_none_is_refused(monkeypatch, text: str) -> None:
    monkeypatch.setenv("TRIMTAB_X", text)
    with pytest.raises(ImproperlyConfigured, match="whole number of at least 0"):
        env_int("TRIMTAB_X", 5)


def test_what_is_not_set_has_its_default(monkeypatch) -> None:
    monkeypatch.delenv("TRIMTAB_X", raising=False)
    assert (env_int("TRIMTAB_X", 5), env_list("TRIMTAB_X"), env_secret("TRIMTAB_X")) == (5, [], "")


def test_a_secret_may_come_from_a_file(monkeypatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hush\n")
    monkeypatch.setenv("TRIMTAB_X_FILE", str(tmp_path / "secret"))
    assert env_secret("TRIMTAB_X") == "hush"


@pytest.mark.parametrize("content", [None, ""])
def test_a_secret_file_without_a_secret_is_refused(monkeypatch, tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "secret").write_text(content)
    monkeypatch.setenv("TRIMTAB_X_FILE", str(tmp_path / "secret"))
    with pytest.raises(ImproperlyConfigured, match="TRIMTAB_X_FILE"):
        env_secret("TRIMTAB_X")


def test_a_secret_given_twice_is_refused(monkeypatch) -> None:
    monkeypatch.setenv("TRIMTAB_X", "a")
    monkeypatch.setenv("TRIMTAB_X_FILE", "/b")
    with pytest.raises(ImproperlyConfigured, match="keep one of them"):
        env_secret("TRIMTAB_X")


def test_a_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    path = tmp_path / "key"
    assert key_from_file(path, lambda: "first") == "first"
    assert key_from_file(path, lambda: "second") == "first"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_the_default_database_is_sqlite_in_the_data_directory(tmp_path: Path) -> None:
    found = database("", tmp_path)
    assert found["NAME"] == tmp_path / "trimtab.sqlite3"
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_postgresql_is_named_by_a_url(tmp_path: Path) -> None:
    found = database("postgresql://shelf:p%40ss@db:5433/books?sslmode=require", tmp_path)
    assert [found[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == [
        "books",
        "shelf",
        "p@ss",
        "db",
        "5433",
    ]
    assert found["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize("url", ["mysql://a/b", "postgresql://host", "nonsense"])
def test_another_database_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="postgresql://USER"):
        database(url, tmp_path)
