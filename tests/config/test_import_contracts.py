"""The contracts of import-linter name every module that they are about."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


def test_every_module_of_the_shops_views_stands_in_the_layer_of_views() -> None:
    here = {"views", *(path.stem for path in (ROOT / "shop").glob("*_views.py"))}
    layers = [
        layer
        for contract in CONTRACTS
        if contract.get("containers") == ["shop"]
        for layer in contract["layers"]
    ]
    named = next(set(layer.split(" | ")) for layer in layers if "views" in layer.split(" | "))
    assert {name for name in named if name.endswith("views")} == here
