"""The locked workbook of an edition, built from the data.

``build`` lays out every sheet (cover, tables, texts, checklist, guide), as its form and workbook.toml say;
``hidden`` compiles the rules to formulas on the hidden sheet, which all of them read.
"""
