"""The locked workbook of an edition, built from the data."""
