"""The ordinary settings over an empty data directory of this test process."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_data = Path(tempfile.mkdtemp(prefix="trimtab-tests-"))
atexit.register(shutil.rmtree, _data, ignore_errors=True)
os.environ["TRIMTAB_DATA"] = str(_data)

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
if "sqlite3" in DATABASES["default"]["ENGINE"]:
    # a file, since a database in memory knows neither WAL nor several threads
    DATABASES["default"]["TEST"] = {"NAME": _data / "test.sqlite3"}
