"""A damaged workbook into a clean one.

path → DamagedBook, cell by cell → its edition, its damage, where each entry lies now → Repaired
     → a clean workbook with the entries, a line for whatever was found, moved or left
"""

from xlcheck.repair.entries import rescue as rescue
from xlcheck.repair.outcome import repair_lines as repair_lines
from xlcheck.repair.outcome import write_repaired as write_repaired
