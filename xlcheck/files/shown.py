"""Put beside a formula what it comes to, for programs that show a workbook without working it out.

openpyxl writes formulas alone; a preview on a phone, in a chat or a file manager would show them blank.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from html import escape

from xlcheck.core.filing import plain

Results = Mapping[str, Mapping[str, Decimal | str]]  # sheet -> cell -> what its formula comes to
FORMULA = re.compile(rb'<c r="([A-Z]+[0-9]+)"([^>]*)><f>(.*?)</f><v(?:/>|></v>)</c>', re.DOTALL)


def with_results(sheet: bytes, results: Mapping[str, Decimal | str]) -> bytes:
    """The XML of a sheet with the results of these cells; others stay as they are."""

    def result(found: re.Match[bytes]) -> bytes:
        cell, style, formula = found.groups()
        value = results.get(cell.decode())
        if value is None:
            return found[0]
        kind, text = (b' t="str"', escape(value)) if isinstance(value, str) else (b"", plain(value))
        return b'<c r="%s"%s%s><f>%s</f><v>%s</v></c>' % (cell, style, kind, formula, text.encode())

    return FORMULA.sub(result, sheet)
