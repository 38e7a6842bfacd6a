"""Files into documents: each reader gives lines and grids of what the eye reads.

``formats`` is the table of them. What the eye does not read is told by ``docx_runs``, ``style_sheet``,
``pdf_signs`` and ``visible_cells``, each by how letters look: ``docx_looks``, ``css_effects``, ``pdf_ink``,
``cell_looks``. Merged cells are parted in ``unmerge``; ``packed`` bounds a zip.
"""
