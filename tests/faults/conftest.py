from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.installation import Installation


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """Running, with a user and a sample project."""
    made = Installation(tmp_path / "data")
    made.start()
    made.call("""
        user = User.objects.create_user("ann@example.org", name="Ann")
        answer = create_sample_project(ensure_personal_team(user), user).pk
    """)
    yield made
    made.stop()


@pytest.fixture
def slow_project(installation: Installation, tmp_path: Path) -> int:
    """A project whose audit takes seconds: thousands of files to unpack and read."""
    path = tmp_path / "large.zip"
    code = "\n".join(f"def handler_{number}(request):\n    return {number}\n" for number in range(40))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Dockerfile", "FROM python:3.12\nCOPY . .\nCMD python app.py\n")
        for number in range(6000):
            archive.writestr(f"app/module_{number}.py", code)
    project = installation.call(f"""
        from django.core.files import File
        user = User.objects.get()
        with open({str(path)!r}, "rb") as file:
            archive = File(file, name="large.zip")
            answer = create_project_from_upload(ensure_personal_team(user), user, name="Large", file=archive).pk
    """)
    assert isinstance(project, int)
    return project
