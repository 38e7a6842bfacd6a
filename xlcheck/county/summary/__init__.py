"""The county's collection as one workbook."""
