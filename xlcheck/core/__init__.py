"""The form, its rules and what is found: pure values, no files, no Excel, no clock."""
