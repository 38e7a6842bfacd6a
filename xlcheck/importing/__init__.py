"""Published reports into workbooks; ``extraction`` is the way, a step a line, ``no_report`` what is refused.

A room a step: ``readers``, ``sections``, ``tables``, ``figures``; then ``imported`` and ``outcome``. What all
of them speak of lies beside: ``document``, ``normal_text``, ``labels``, ``cell_figure``, ``uprights``.
"""

from xlcheck.importing.extraction import read_report as read_report
from xlcheck.importing.figures.last_year import settled as settled
from xlcheck.importing.outcome import as_json as as_json
from xlcheck.importing.outcome import summary_lines as summary_lines
from xlcheck.importing.outcome import write_workbook as write_workbook
