"""The common or usual names of the United States (21 CFR 101.4), from the English of the EU list."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

# No share in the United States: neither "(25 %)", nor "100 %" before a food, nor "50 %" behind it.
_SHARES: Final = tuple(
    (re.compile(pattern), "")
    for pattern in (r" \(\d+(?:\.\d+)? %\)", r"(?<=\()\d+(?:\.\d+)? % ", r" \d+(?:\.\d+)? %")
)

# In this order: what is longer stands before its own parts.
_NAMES: Final = tuple(
    (re.compile(rf"(?<!\w){european}(?!\w)"), american)
    for european, american in (
        (r"emulsifier: lecithins \((sunflower|soya)\)", r"\1 lecithin"),
        (r"raising agent: sodium carbonates", "baking soda"),
        (r"raising agent: ammonium carbonates", "leavening (ammonium bicarbonate)"),
        (r"skimmed milk powder", "nonfat milk powder"),
        (r"whey powder \(milk\)", "whey (milk)"),
        (r"(?:clarified|concentrated) butter \(milk\)", "butterfat (milk)"),
        (r"milk sugar", "lactose (milk)"),
        (r"sweetener: maltitols", "maltitol"),
        (r"cocoa mass", "chocolate liquor"),
        (r"fat-reduced cocoa powder", "cocoa"),
        (r"cocoa biscuit with cream", "chocolate sandwich cookies"),
        (r"caramelised biscuit", "caramelized cookies"),
        (r"butter biscuit", "butter cookies"),
        (r"gingerbread", "gingerbread cookies"),
        (r"crêpe flakes", "crepe flakes"),
        (r"gelatine \(pork\)", "pork gelatin"),
        (r"gelatine", "gelatin"),
        (r"gelling agent: carrageenan", "carrageenan"),
        (r"lustre", "luster"),
        (r"fruit gums", "gummy candy"),
        (r"fruit and plant concentrates: ([^()]*)", r"color (\1)"),
        (r"palm and rapeseed oils", "palm and canola oils"),
        (r"rapeseed oil", "canola oil"),
        (r"palm fat", "palm oil"),
        (r"coconut fat", "coconut oil"),
        (r"dried rice syrup", "rice syrup solids"),
        (r"candy sugar syrup", "sugar syrup"),
        (r"maize starch", "corn starch"),
        (r"maize", "corn"),
        (r"cornflakes", "corn flakes"),
        (r"soya", "soy"),
        (r"whole egg powder", "dried whole eggs"),
        (r"whole egg", "eggs"),
        (r"egg white", "egg whites"),
        (r"cashew nuts", "cashews"),
        (r"pecan nuts", "pecans"),
        (r"liquorice", "licorice"),
        (r"chilli", "red pepper flakes"),
        (r"linseed", "flax seeds"),
        (r"aniseed", "anise seed"),
        (r"soluble coffee", "instant coffee"),
        (r"desiccated coconut", "dried coconut"),
        (r"blackcurrant(s?)", r"black currant\1"),
        (r"wholegrain oat flakes", "whole grain oats"),
        (r"sugar strands", "sprinkles"),
        (r"acid: citric acid", "citric acid"),
        (r"preservative: sulphur dioxide", "sulfur dioxide (preservative)"),
        (r"sulphur dioxide", "sulfur dioxide"),
        (r"glazing agents?: (carnauba wax|beeswax)", r"\1"),
        (r"(?:glazing agent: )?shellac", "confectioner's glaze"),
        (r"colouring foods? \(([^()]*)\)", r"color (\1)"),
        (r"colouring food: ([^()]*)", r"color (\1)"),
        (r"colour: ([^,()]*) \(E \d+\)", r"color (\1)"),
        (r"carrier: potassium aluminium silicate \(E 555\)", "potassium aluminum silicate"),
        (r"flavouring", "flavor"),
        (r"caramelised", "caramelized"),
        (r"hydrolysed", "hydrolyzed"),
        (r"praliné", "praline"),
    )
)


@lru_cache(maxsize=4096)
def american(text: str) -> str:
    """Without emphasis and shares: allergens are named in a sentence of their own."""
    words = text.replace("**", "")
    for pattern, instead in (*_SHARES, *_NAMES):
        words = pattern.sub(instead, words)
    return words
