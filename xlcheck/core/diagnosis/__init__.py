"""Which cell is wrong, and what it should be: the sums as equations, searched for the fewest changes.

rules → equations → search (the sets of changes that mend them) → slips (how likely each) → explain (findings)
totals: from the same equations, what 填合计 fills in
"""
