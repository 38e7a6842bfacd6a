"""The open workbook and its buttons."""
