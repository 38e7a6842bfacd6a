"""Many filings: the county's January.

inbox, roster → collect: tasks (read, check) on workers → ledger → register: how each unit stands → outputs
register → decide → ledger, and register → notices: a letter to each unit that has to act
"""
