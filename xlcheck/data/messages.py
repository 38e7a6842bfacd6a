"""The shape of messages.toml: what the program says to a person outside the workbook."""

from functools import cache
from typing import NamedTuple

from xlcheck import data


class Reasons(NamedTuple):
    """Why the system refused, by the name of its error."""

    ENOENT: str
    ENOTDIR: str
    EISDIR: str
    EACCES: str
    EPERM: str
    ENOSPC: str
    EROFS: str
    EBUSY: str
    ETXTBSY: str
    ENAMETOOLONG: str
    other: str


class PolicySentences(NamedTuple):
    """What is wrong with a county's policy; ``where`` is its file and line."""

    where: str
    at_end: str
    spelling: str
    not_text: str
    unknown: str
    table: str
    due: str
    no_rule: str
    word: str
    error: str


class EditionYears(NamedTuple):
    """Which years an edition is for: one or two of them, a range, or from one on."""

    few: str
    range: str
    open: str
    edition: str
    next: str


class Messages(NamedTuple):
    """Sentences of three parts: where, what was found, what to do; filled where they are said."""

    unknown: str
    no_edition: str
    no_edition_for_year: str
    no_file: str
    no_access: str
    not_zip: str
    not_workbook: str
    encrypted: str
    old: str
    ods: str
    xlsb: str
    word: str
    pdf: str
    macros: str
    links: str
    bomb: str
    entities: str
    bad_xml: str
    broken: str
    unfit: str
    not_ours: str
    no_sheet: str
    empty: str
    instead: str
    other_edition: str
    other_version: str
    moved: str
    unmerged: str
    not_text: str
    not_json: str
    bad_json: str
    no_such_field: str
    no_year: str
    edition_differs: str
    year_not_covered: str
    not_last_year: str
    too_long: str
    line: str
    page_line: str
    table: str
    table_row: str
    sheet_row: str
    paragraph: str
    too_big: str
    report_too_long: str
    dated: str
    report_not_text: str
    bad_html: str
    deep_html: str
    report_bomb: str
    bad_docx: str
    bad_pdf: str
    locked_pdf: str
    long_pdf: str
    scanned: str
    bad_sheet: str
    bad_kind: str
    no_template: str
    old_word: str
    no_tables: str
    comma: str
    no_kind: str
    years: EditionYears
    reason: Reasons
    policy: PolicySentences


@cache
def messages() -> Messages:
    """The sentences, as data/messages.toml has them."""
    return data.load("messages", Messages)
