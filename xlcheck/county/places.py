"""Where something stands, in the form's own words."""

import re

from xlcheck.core.form import Form
from xlcheck.data.county import county


def place_of(form: Form, at: str) -> str:
    """What a field, a text, a cover entry or an option is called: （一）予以公开 · 自然人."""
    return form.fields[at].place if at in form.fields else form.labels[at]


def table_number(form: Form, table: str) -> str:
    """A table's number as its section's heading has it: 三, of 三、收到和处理政府信息公开申请情况."""
    number = re.match(county().table_number, form.sections[table])
    return number.group() if number else form.sheets[table]
