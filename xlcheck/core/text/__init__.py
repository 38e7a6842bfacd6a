"""What the text of a report says: its figures, what they speak of, and how it is written.

text → sections (laid out) → figures (numbers) → clauses → phrase (lexicon, context) → claims (ties,
respective, states, ratios) → findings
(check_text: against the tables and each other; style, dates, organ, private, copied: as a piece of writing)
"""
