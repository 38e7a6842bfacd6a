"""Check one filing with everything the project knows: its edition's rules, and which cell is to blame."""

from functools import cache
from typing import TYPE_CHECKING

from xlcheck import data
from xlcheck.core.check import check
from xlcheck.core.filing import Filing
from xlcheck.core.finding import Result
from xlcheck.files.catalogue import edition

if TYPE_CHECKING:  # locating an error costs nothing where none is found
    from xlcheck.core.equations import Code


def judge(filing: Filing, last: Filing | None = None) -> Result:
    """Try every rule, then say which cells are wrong rather than which sums.

    ``last`` is last year's filing, of either edition.
    """
    made = edition(filing.edition)
    result = check(made.form, made.rules, filing, last)
    if not result.findings:
        return result
    from xlcheck.core.explain import explain

    return explain(_code(filing.edition), filing, result, last)


@cache
def _code(name: str) -> "Code":
    from xlcheck.core.equations import Code

    made = edition(name)
    return Code(made.form, made.rules, data.toml("locate"))
