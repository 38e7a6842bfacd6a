"""Whether the headings over a table told in lines stand in the form's order; figures are placed by it."""

from xlcheck.core.form import Form
from xlcheck.files.intake.letters import Plain, plain


def turned(form: Form, text: Plain, start: int, end: int, fields: tuple[str, ...]) -> tuple[str, ...]:
    """The headings in the order they are met, where that is not the form's; nothing where it is.

    Headings broken over lines side by side cannot be told and are not asked; nor is 总计, which as the
    heading of two rows may come before the parts of its neighbours.
    """
    columns = [form.fields[name].column for name in fields]
    told = [(c, text.text.rfind(plain(c.label), start, end)) for c in columns if len(plain(c.label)) > 2]
    met = [(at, c) for c, at in told if at >= 0]
    if [at for at, _ in met] == sorted(at for at, _ in met):
        return ()
    return tuple(c.label for _, c in sorted(met, key=lambda pair: pair[0]))
