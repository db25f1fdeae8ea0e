"""docs/operations.md is the one list of variables; it must not fall behind the settings."""

import re

from config.settings import BASE_DIR


def test_every_variable_that_is_read_is_explained() -> None:
    settings = (BASE_DIR / "config" / "settings.py").read_text()
    page = (BASE_DIR / "docs" / "operations.md").read_text()
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z0-9_]+)"', settings))
    assert "SECRET_KEY" in read
    assert {name for name in read if f"`{name}`" not in page} == set()
