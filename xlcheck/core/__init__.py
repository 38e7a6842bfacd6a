"""The form, its rules and what is found: pure values, no files, no Excel, no clock.

rulebook + form → rules (expression → formula); rules + filing → check → findings → diagnosis, text, memory
filing + findings → report (blocks), marks, check_code
"""
