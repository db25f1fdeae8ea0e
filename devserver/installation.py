"""The virtual environment and what is pinned in the requirements; nothing is done twice.

python -m devserver.installation requirements.txt requirements-dev.txt
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from devserver.refusal import CannotStart
from devserver.steps import step

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
UV = ENVIRONMENT / "bin" / "uv"
UV_PINNED = "uv==0.13.9"
STAMPS = ENVIRONMENT / "installed"


def install(*requirements: str) -> None:
    """Make the environment hold what these files pin."""
    with step("Python environment") as environment:
        environment.note = _create_environment()
    for name in requirements:
        with step(name) as packages:
            packages.note = _install_once(ROOT / name)


def _create_environment() -> str:
    if PYTHON.exists():
        return "already there"
    _run(
        [sys.executable, "-m", "venv", str(ENVIRONMENT)],
        otherwise="The virtual environment cannot be made; on Debian, apt-get install python3-venv and try again.",
    )
    return ".venv"


def _install_once(file: Path) -> str:
    stamp, wanted = STAMPS / file.name, _fingerprint(file)
    if stamp.exists() and stamp.read_text() == wanted:
        return "unchanged"
    installer = _install(file)
    STAMPS.mkdir(exist_ok=True)
    stamp.write_text(wanted)
    return installer


def _fingerprint(file: Path) -> str:
    included = (ROOT / "requirements.txt").read_bytes()
    return hashlib.sha256(included + file.read_bytes() + sys.version.encode()).hexdigest()


def _install(file: Path) -> str:
    """By uv, which takes seconds; by pip, which takes a minute, where uv is not to be had."""
    arguments = ["install", "--quiet", "--requirement", str(file)]
    if _has_uv() and _succeeds([str(UV), "pip", *arguments, "--python", str(PYTHON), "--compile-bytecode"]):
        return "by uv"
    _run(
        [str(PYTHON), "-m", "pip", *arguments],
        otherwise=f"The packages of {file.name} cannot be installed: is the package index reachable?",
    )
    return "by pip"


def _has_uv() -> bool:
    return UV.exists() or _succeeds([str(PYTHON), "-m", "pip", "install", "--quiet", UV_PINNED])


def _succeeds(command: list[str]) -> bool:
    return (
        subprocess.run(command, cwd=ROOT, env=_quiet_pip(), capture_output=True, check=False).returncode == 0
    )


def _run(command: list[str], *, otherwise: str) -> None:
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=_quiet_pip(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CannotStart(f"{otherwise}\n{done.stdout.strip()}")


def _quiet_pip() -> dict[str, str]:
    return os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore"}


if __name__ == "__main__":
    try:
        install(*sys.argv[1:])
    except CannotStart as refusal:
        sys.exit(str(refusal))
