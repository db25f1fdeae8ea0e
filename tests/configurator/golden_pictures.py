"""Keeps the golden pictures anew: ``.venv/bin/python -m tests.configurator.golden_pictures``.

Look at what changed before it is committed: these pictures say how our bars have to look.
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from tests.configurator.golden_designs import (  # noqa: E402  (Django must be set up first)
    FOLDER,
    compressed,
    golden_designs,
)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, design, family in golden_designs():
        (FOLDER / f"{name}.webp").write_bytes(compressed(design, family))


if __name__ == "__main__":
    main()
