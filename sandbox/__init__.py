"""A stand-in for Stripe's API on loopback: development and tests only, never shipped."""
