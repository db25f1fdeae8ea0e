"""Customers with an account."""

from allauth.account.models import EmailAddress
from django.contrib.auth.models import User

ADA = "ada@example.com"
PASSWORD = "the raspberries of last June"


def account(email: str = ADA, password: str = PASSWORD) -> User:
    """Opened and confirmed."""
    name = f"customer-{email}"[: User._meta.get_field("username").max_length]
    user = User.objects.create_user(name, email=email, password=password)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user
