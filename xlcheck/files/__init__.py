"""Closed files: the data that describes the form, workbooks, and the narrative report."""
