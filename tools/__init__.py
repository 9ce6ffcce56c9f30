"""What `make` calls: installing, the private database, starting, testing.

Runs on a bare Python 3.11 with nothing but its standard library, because it is what makes `.venv`. The
exception is `tools.database`, which the Python in `.venv` runs.
"""
