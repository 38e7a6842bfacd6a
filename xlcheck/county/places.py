"""Where something stands, in the form's own words."""

import re

from xlcheck.core.form import Form
from xlcheck.data.county import county


def place_of(form: Form, at: str) -> str:
    """What a field, a text, a cover entry or an option is called: （一）予以公开 · 自然人."""
    return form.fields[at].place if at in form.fields else form.labels[at]


def table_number(form: Form, table: str) -> str:
    """A table's number as its sheet has it: 三, of 三、申请办理."""
    sheet = form.sheets[table]
    number = re.match(county().table_number, sheet)
    return number.group() if number else sheet
