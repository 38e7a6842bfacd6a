"""Where something stands, in the form's own words."""

from xlcheck.core.form import Form


def place_of(form: Form, at: str) -> str:
    """What a field, a text, a cover entry or an option is called: （一）予以公开 · 自然人."""
    return form.fields[at].place if at in form.fields else form.labels[at]
