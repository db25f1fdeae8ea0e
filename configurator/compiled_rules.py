"""The search for what can still be chosen, compiled (docs/performance.md).

The modules as they are written are the truth. What `manage.py compile_rules` makes of them lies in a folder of
its own under the fingerprint of the very sources, and is taken from nowhere else: whoever changes a source
runs it as it is written, until it is compiled again.
"""

import hashlib
import sys
import sysconfig
from pathlib import Path
from typing import Final

import configurator.domain

PACKAGE: Final = configurator.domain.__name__
MODULES: Final = (
    "attempts",
    "blocking",
    "completing",
    "domains",
    "in_the_making",
    "module_seats",
    "rulebook",
)
SOURCES: Final = Path(configurator.domain.__file__ or "").parent


def take(folder: Path) -> bool:
    """In place of the modules as they are written, none of which may be imported yet. False where the folder
    holds nothing that was compiled from these sources."""
    home = home_in(folder.resolve())
    if not home.is_dir() or any(f"{PACKAGE}.{module}" in sys.modules for module in MODULES):
        return False
    # They share a library that lies beside them.
    sys.path.append(str(home))
    configurator.domain.__path__.insert(0, str(home.joinpath(*PACKAGE.split("."))))
    return True


def home_in(folder: Path) -> Path:
    return folder / fingerprint(SOURCES)


def fingerprint(sources: Path) -> str:
    """Of every module of the core, for a compiled one knows the others' types and constants; and of this Python."""
    digest = hashlib.sha256(f"{sys.version} {sysconfig.get_config_var('SOABI')}".encode())
    for file in sorted(sources.rglob("*.py")):
        digest.update(f"{file.relative_to(sources)}\0".encode() + file.read_bytes() + b"\0")
    return digest.hexdigest()[:20]
