"""The address where units upload: a small site on Starlette that writes into the same inbox and ledger."""
