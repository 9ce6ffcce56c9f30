#!/bin/sh
# Runs its arguments with a Python of 3.11 or newer; installs Debian's where the machine has none.
suits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

for candidate in ${PYTHON:+"$PYTHON"} python3 /usr/bin/python3 python3.13 python3.12 python3.11; do
    if suits "$candidate"; then exec "$candidate" "$@"; fi
done

if command -v python3 >/dev/null 2>&1 || ! command -v apt-get >/dev/null 2>&1; then
    echo "stoepkrijt: Python 3.11 or newer is needed. Install it and start again, or name it: make run PYTHON=/path/to/python3" >&2
    exit 1
fi
if [ "$(id -u)" = 0 ]; then as_root=; elif command -v sudo >/dev/null 2>&1; then as_root=sudo; else
    echo "stoepkrijt: Python is not installed, and there is no sudo here. As root: apt-get install python3 python3-venv" >&2
    exit 1
fi
echo "  Installing Python through apt …"
$as_root apt-get update -qq && $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3 python3-venv >/dev/null || exit 1
if suits /usr/bin/python3; then exec /usr/bin/python3 "$@"; fi
echo "stoepkrijt: this system's Python is older than 3.11. Install a newer one and name it: make run PYTHON=/path/to/python3" >&2
exit 1
