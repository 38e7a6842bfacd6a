"""Which cell is wrong, and what it should be: the sums as equations, searched for the fewest changes."""
