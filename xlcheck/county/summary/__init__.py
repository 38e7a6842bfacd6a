"""The county's collection as one workbook.

submissions → book: lists (to decide in), formulas (the totals over units × fields), charts, changes, alike
list_sheet lays every list out as data/summary.toml has it; what is chosen in one comes back through decide
"""
