"""Under which account the private database runs: PostgreSQL refuses to run as root."""

from __future__ import annotations

import os
import pwd
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.console import Stop


@dataclass(frozen=True, slots=True)
class Account:
    name: str
    uid: int
    gid: int

    @property
    def switch(self) -> dict[str, Any]:
        """Options for `subprocess` that run a program under this account, with no other group."""
        if os.geteuid() == self.uid:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def database_account() -> Account:
    """The person who started the program; when that is root, `postgres`, or else `nobody`."""
    uid = os.geteuid()
    if uid != 0:
        return Account(_name(uid), uid, os.getegid())
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise Stop("PostgreSQL refuses to run as root, and there is no account postgres or nobody here.")


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def can_enter(account: Account, folder: Path) -> bool:
    """Whether the account may go through every folder on the way to `folder`, and into it."""
    done = subprocess.run(["test", "-x", str(folder)], check=False, cwd="/", **account.switch)
    return done.returncode == 0


def make_private(folder: Path, account: Account) -> Path:
    """Make `folder` if needed, for this account only.

    Raises `Stop` if somebody else made it first: under /tmp that could be a trap.
    """
    folder.mkdir(parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {account.uid, os.geteuid()}:
        raise Stop(
            f"{folder} belongs to somebody else, so the database cannot use it. Remove it and start again."
        )
    if os.geteuid() == 0:
        os.chown(folder, account.uid, account.gid)
    folder.chmod(0o700)
    return folder
