"""A damaged workbook into a clean one."""
