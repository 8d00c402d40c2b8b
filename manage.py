#!/usr/bin/env python
import os
import sys

from django.core.management import execute_from_command_line

from reviews.embedded import up

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    # Not a Django command: the supervisor does without Django, which it would need a second to load
    if sys.argv[1:2] == ["up"]:
        sys.exit(up.main(sys.argv[2:]))
    execute_from_command_line(sys.argv)
