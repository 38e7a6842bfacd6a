"""Published reports into workbooks.

path → the reader of its kind → Document: lines and grids
     → its edition, its tables, its words → Imported → a workbook, sentences, JSON
"""

from xlcheck.importing.kinds import read_report as read_report
from xlcheck.importing.outcome import as_json as as_json
from xlcheck.importing.outcome import summary_lines as summary_lines
from xlcheck.importing.outcome import write_workbook as write_workbook
