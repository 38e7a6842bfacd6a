"""Warnings have memory: an answer stands while the figures it was given for stand.

At each check a record is kept with the filing, a line a rule: the fingerprint of what was found (rule,
place, figures, quoted words) and the answer that stood there. An answer is stale when it is the recorded
one and the findings are not; an answer written since counts for what was found last.
"""

from collections.abc import Iterable
from hashlib import blake2b

from xlcheck.core.filing import Filing, entry_text
from xlcheck.core.finding import Finding, Result


def fingerprint(findings: Iterable[Finding], filing: Filing) -> str:
    """A digest of what a rule found: the places, the figures compared, the words quoted."""

    def what(f: Finding) -> tuple[str, ...]:
        return f.at, *(f"{n}={entry_text(filing.values.get(n))}" for n in f.fields), f.quote

    return _digest("\n".join("|".join((f.rule, *what(f))) for f in sorted(findings, key=what)))


def with_memory(filing: Filing, result: Result, asked: str, settled: str) -> Result:
    """Take the answer off the findings it was not given for; ``asked`` says so, around the answer.

    Of what is answered nothing more is asked: ``settled`` stands in place of its advice.
    """
    stale = {rule for rule in filing.answers if _is_stale(rule, filing, result)}

    def remembered(f: Finding) -> Finding:
        if f.rule in stale:
            return f._replace(answer="", advice=f.advice + asked.format(answer=f.answer))
        return f._replace(advice=settled) if f.answer else f

    return result._replace(findings=tuple(map(remembered, result.findings)))


def with_last_answers(filing: Filing, result: Result, last: Filing, said: str) -> Result:
    """Tell of what she has not answered what was answered last year: it may be so again; ``said`` is how."""
    new = {rule: said.format(text=text) for rule, text in last.answers.items() if rule not in filing.answers}
    found = (f._replace(advice=f.advice + new.get(f.rule, "")) for f in result.findings)
    return result._replace(findings=tuple(found))


def records(filing: Filing, result: Result) -> dict[str, str]:
    """What to keep with the filing at a check: for a stale answer the old record, so that it stays stale."""
    kept = {}
    for rule in {f.rule for f in result.findings} | (filing.records.keys() & filing.answers.keys()):
        answer = _digest(filing.answers.get(rule, ""))
        new = f"{fingerprint(_of(rule, result), filing)}:{answer}"
        kept[rule] = filing.records[rule] if _is_stale(rule, filing, result) else new
    return kept


def _is_stale(rule: str, filing: Filing, result: Result) -> bool:
    found, colon, answer = filing.records.get(rule, "").partition(":")
    given = filing.answers.get(rule, "")
    same = colon and answer == _digest(given)
    return bool(given and same and found != fingerprint(_of(rule, result), filing))


def _of(rule: str, result: Result) -> list[Finding]:
    return [f for f in result.findings if f.rule == rule]


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
