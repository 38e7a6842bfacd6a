"""The ledger: what came in, what was found and decided, and how each unit stands by it."""
