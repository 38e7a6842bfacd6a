"""The shape of messages.toml: what the program says to a person outside the workbook."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Literal, NamedTuple

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
    EEXIST: str
    EBUSY: str
    ETXTBSY: str
    ENAMETOOLONG: str
    other: str


KindOfValue = Literal["text", "yes", "number", "words"]


class PolicySentences(NamedTuple):
    """What is wrong with a county's policy; ``where`` is its file and line."""

    where: Annotated[str, "file", "line"]
    at_end: Annotated[str, "file"]
    spelling: Annotated[str, "where"]
    immoderate: Annotated[str, "file"]
    not_text: Annotated[str, "file"]
    unknown: Annotated[str, "key", "where"]
    table: Annotated[str, "where"]
    no_table: Annotated[str, "table", "where"]
    several: Annotated[str, "table", "where"]
    key: Annotated[str, "key", "known", "table", "where"]
    lacking: Annotated[str, "key", "table", "where"]
    choice: Annotated[str, "found", "key", "known", "where"]
    value: Mapping[KindOfValue, Annotated[str, "found", "key", "where"]]
    share: Annotated[str, "found", "where"]
    no_words: Annotated[str, "where"]
    twice: Annotated[str, "name", "where"]
    rules_of: Annotated[str, "name", "where"]
    points_of: Annotated[str, "name", "where"]
    most: Annotated[str, "name", "where"]
    due: Annotated[str, "table", "where"]
    no_rule: Annotated[str, "rule", "title", "where", "word"]
    word: Annotated[str, "rule", "title", "where", "word"]
    error: Annotated[str, "rule", "title", "where", "word"]


class EditionYears(NamedTuple):
    """Which years an edition is for: one or two of them, a range, or from one on."""

    few: Annotated[str, "what", "years"]
    range: Annotated[str, "first", "last", "what"]
    open: Annotated[str, "first", "what"]
    edition: Annotated[str, "edition"]
    next: str


class Messages(NamedTuple):
    """Sentences of three parts: where, what was found, what to do; filled where they are said."""

    unknown: str
    no_edition: Annotated[str, "edition", "known"]
    no_edition_for_year: Annotated[str, "year"]
    no_file: Annotated[str, "file"]
    no_access: Annotated[str, "file", "reason"]
    no_ordinary_file: Annotated[str, "file"]
    crashed: Annotated[str, "file"]
    died: Annotated[str, "file"]
    out_of_memory: Annotated[str, "file"]
    out_of_time: Annotated[str, "file"]
    time_alone: str
    not_zip: Annotated[str, "file"]
    not_workbook: Annotated[str, "file"]
    encrypted: Annotated[str, "file"]
    old: Annotated[str, "file"]
    ods: Annotated[str, "file"]
    xlsb: Annotated[str, "file"]
    word: Annotated[str, "file"]
    slides: Annotated[str, "file"]
    ofd: Annotated[str, "file"]
    pdf: Annotated[str, "file"]
    macros: Annotated[str, "file"]
    links: Annotated[str, "file"]
    bomb: Annotated[str, "file", "limit", "size"]
    entities: str
    twice: str
    bad_xml: Annotated[str, "line"]
    inside: Annotated[str, "file", "why"]
    at: Annotated[str, "cell", "sheet"]
    part: Annotated[str, "part", "why"]
    too_much_text: Annotated[str, "limit", "n", "sheet"]
    broken: Annotated[str, "file", "part"]
    unfit: Annotated[str, "file"]
    not_ours: Annotated[str, "file"]
    no_sheet: Annotated[str, "file", "found", "names"]
    empty: str
    shared_formula: str
    cut: Annotated[str, "n", "text"]
    shown_as_day: Annotated[str, "n"]
    shown_as_share: Annotated[str, "n", "share"]
    instead: Annotated[str, "names"]
    other_edition: Annotated[str, "edition", "file"]
    other_version: Annotated[str, "file", "version"]
    moved: Annotated[str, "cell", "file", "found", "label", "sheet"]
    unmerged: Annotated[str, "cell", "file", "sheet"]
    not_text: Annotated[str, "file"]
    not_json: Annotated[str, "file", "line"]
    bad_json: Annotated[str, "at", "file"]
    twice_in_json: Annotated[str, "at", "file"]
    no_such_field: Annotated[str, "edition", "field", "file"]
    no_year: Annotated[str, "file"]
    edition_differs: Annotated[str, "edition", "file", "there"]
    year_not_covered: Annotated[str, "edition", "year"]
    not_last_year: Annotated[str, "last", "year"]
    too_long: Annotated[str, "cell", "limit", "n"]
    line: Annotated[str, "n"]
    page_line: Annotated[str, "n", "page"]
    table: Annotated[str, "n"]
    table_row: Annotated[str, "n", "table"]
    sheet_row: Annotated[str, "n", "sheet"]
    paragraph: Annotated[str, "n"]
    foot_note: str
    folded: str
    drawn: Annotated[str, "sheet"]
    too_big: Annotated[str, "file", "limit", "size"]
    report_too_long: Annotated[str, "file", "limit", "n"]
    dated: Annotated[str, "n"]
    report_not_text: Annotated[str, "file"]
    bad_html: Annotated[str, "file", "reason"]
    deep_html: Annotated[str, "file", "n"]
    report_bomb: Annotated[str, "file", "limit", "size"]
    bad_ofd: Annotated[str, "file"]
    bad_docx: Annotated[str, "file"]
    bad_pdf: Annotated[str, "file"]
    locked_pdf: Annotated[str, "file"]
    long_pdf: Annotated[str, "file", "limit", "n"]
    scanned: Annotated[str, "file"]
    bad_sheet: Annotated[str, "file"]
    far_merge: Annotated[str, "cell", "file", "sheet"]
    bad_kind: Annotated[str, "file", "kind"]
    no_template: Annotated[str, "file"]
    import_own: Annotated[str, "file"]
    import_summary: Annotated[str, "file"]
    import_ours: Annotated[str, "file", "what"]
    import_data: Annotated[str, "file"]
    import_packed: Annotated[str, "file"]
    import_notice: Annotated[str, "file", "text"]
    import_comparison: Annotated[str, "file", "text"]
    import_several: Annotated[str, "file", "names"]
    import_years: Annotated[str, "file", "text", "where"]
    import_blank: Annotated[str, "file"]
    import_labels: Annotated[str, "file", "labels"]
    no_tables: Annotated[str, "file", "labels"]
    pictured: Annotated[str, "file", "labels", "n"]
    comma: str
    no_kind: str
    years: EditionYears
    reason: Reasons
    policy: PolicySentences


@cache
def messages() -> Messages:
    """The sentences, as data/messages.toml has them."""
    return data.load("messages", Messages)
