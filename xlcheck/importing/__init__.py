"""Published reports into workbooks.

path → formats: its reader → Document: lines and grids, what the eye reads of them
     → headings, lost_headings, labels → grid_tables, text_tables, rowless → placement: figures
     → title, narrative, remainder: words → extraction: Imported → last_year: what no sum could settle
     → outcome: a workbook, sentences, JSON
"""

from xlcheck.importing.formats import read_report as read_report
from xlcheck.importing.last_year import settled as settled
from xlcheck.importing.outcome import as_json as as_json
from xlcheck.importing.outcome import summary_lines as summary_lines
from xlcheck.importing.outcome import write_workbook as write_workbook
