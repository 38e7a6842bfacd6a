"""One workbook of ours: read, written, marked, and what is damaged in it."""
