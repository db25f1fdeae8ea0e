"""Customers with an account."""

from allauth.account.models import EmailAddress
from django.contrib.auth.models import User

ADA = "ada@example.com"
PASSWORD = "the raspberries of last June"


def account(email: str = ADA, password: str = PASSWORD) -> User:
    """Opened and confirmed."""
    user = User.objects.create_user(f"customer-{email}", email=email, password=password)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user
