"""Everything on one machine: the programs that `manage.py up` starts, and the supervisor that keeps them alive."""
