from dataclasses import dataclass
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest

from shop import identity


@dataclass(frozen=True, slots=True)
class Shop:
    name: str
    email: str
    address: str
    url: str
    theme: str
    """Its version, as the logo's, so that a browser keeps both files until they change."""
    logo: str


def shop(request: HttpRequest) -> dict[str, object]:
    """The shop's identity, for every page."""
    theme, logo = identity.theme(), identity.logo()
    return {
        "shop": Shop(
            name=settings.SHOP_NAME,
            email=settings.SHOP_EMAIL,
            address=settings.SHOP_ADDRESS,
            url=settings.SHOP_URL,
            theme=sha256(theme.encode()).hexdigest()[:12] if theme else "",
            logo=logo.version if logo else "",
        )
    }
