"""The report as a piece of writing: its years and dates, whose it is, what is missing or was left in."""
