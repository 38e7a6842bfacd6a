"""Rows that ran together and no sum parts: last year's filing settles them where one way alone follows it."""

from decimal import Decimal

from xlcheck.core.check import check
from xlcheck.core.filing import Filing
from xlcheck.editions import Edition
from xlcheck.importing.document import Doubt, Evidence, Imported
from xlcheck.importing.figures.splits import Way


def settled(read: Imported, last: Filing) -> Imported:
    """Fill the rows that can be cut in several ways, of which one alone agrees with last year's filing."""
    values, evidence, open_rows = dict(read.filing.values), dict(read.evidence), []
    for doubt in read.doubts:
        cuts = doubt.ways if doubt.kind == "ways" else ()
        ways = [way for way in cuts if _follows(read.edition, doubt, way, last)]
        if len(ways) != 1:
            open_rows.append(doubt)
            continue
        values |= dict(zip(doubt.fields, map(Decimal, ways[0]), strict=True))
        evidence |= dict.fromkeys(doubt.fields, Evidence(doubt.where, doubt.text, "last"))
    filing = read.filing._replace(values=values)
    return read._replace(filing=filing, evidence=evidence, doubts=tuple(open_rows))


def _follows(edition: Edition, doubt: Doubt, way: Way, last: Filing) -> bool:
    """Whether a row cut in one way breaks no rule that carries figures on from one year to the next."""
    form, rules = edition.form, edition.rules
    row = dict.fromkeys(form.fields) | dict(zip(doubt.fields, map(Decimal, way), strict=True))
    alone = Filing(form.edition, Decimal(last.year or 0) + 1, None, None, None, row, {}, {})
    found = (rules.of(one.rule) for one in check(form, rules, alone, last).findings)
    return not any(rule.family == "years" and rule.severity != "info" for rule in found)
