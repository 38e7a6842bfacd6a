"""What the text of a report says: its figures, what they speak of, and how it is written.

text → ``words`` (laid out: sections, numbers, clauses, phrases) → ``claims`` (what each figure is of) →
findings. ``arithmetic`` holds the figures against each other, ``prose`` judges the writing; ``check_text``
asks them all.
"""
