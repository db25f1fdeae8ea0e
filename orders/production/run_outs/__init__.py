"""An ingredient runs out after the order: who goes without it, what was allowed, what is asked (docs/stock.md)."""
