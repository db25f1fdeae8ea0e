"""Amounts in words. Some currencies have no minor unit, a few have three digits of it."""

WITHOUT_MINOR = frozenset(
    [
        "bif",
        "clp",
        "djf",
        "gnf",
        "jpy",
        "kmf",
        "krw",
        "mga",
        "pyg",
        "rwf",
        "ugx",
        "vnd",
        "vuv",
        "xaf",
        "xof",
        "xpf",
    ]
)
WITH_THREE_DIGITS = frozenset(["bhd", "jod", "kwd", "omr", "tnd"])
SIGNS = {"eur": "€", "usd": "$", "gbp": "£", "jpy": "¥"}


def money(minor_units: int, currency: str) -> str:
    """`money(1999, "eur")` is "€19.99", `money(1999, "jpy")` is "¥1,999"."""
    digits = minor_digits(currency)
    whole, part = divmod(minor_units, 10**digits)
    amount = f"{whole:,}.{part:0{digits}}" if digits else f"{whole:,}"
    sign = SIGNS.get(currency)
    return f"{sign}{amount}" if sign else f"{amount} {currency.upper()}"


def minor_digits(currency: str) -> int:
    if currency in WITHOUT_MINOR:
        return 0
    if currency in WITH_THREE_DIGITS:
        return 3
    return 2
