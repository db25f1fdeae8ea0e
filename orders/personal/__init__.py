"""What the shop holds of a person: who keeps what, a copy of it, and how it is forgotten (docs/privacy.md)."""
