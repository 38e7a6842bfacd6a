"""One workbook of ours: read, written, marked, and what is damaged in it.

A zip (``archive``) is read by parts (``fragments``, ``xml``), known by its structure, and becomes a Filing
(``reading``, ``json``); a Filing goes in by ``writing``, what a check found by ``findings`` and ``marking``.
"""
