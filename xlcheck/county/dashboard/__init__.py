"""The county's collection as one page.

submissions → payload: a row a unit, the sums, and in packs what unit tells of each → page, with html in it
page: what needs no script stands as html; dashboard.js fills the same parts and opens a unit from its pack
"""
