"""Many filings: the county's January.

inbox, roster → collect: tasks (read, check) on workers → ledger: how each unit stands → outputs
ledger → decide → ledger; ledger → letters: one to each unit that has to act, with its workbook
ledger → sums (the county's own figures), published (the pages beside them), assessment (the points)
serve: the address where units upload what the inbox takes
"""
