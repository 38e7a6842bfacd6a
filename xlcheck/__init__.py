"""The 政府信息公开工作年度报告: filled in a locked workbook, checked, told as a report, collected."""

__version__ = "1.2.0"
