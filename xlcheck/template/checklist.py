"""The 校验 sheet: tiles, a short list of what to mend first, and one line a rule, all live."""

from collections.abc import Sequence

from openpyxl.styles import Border, Font, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.worksheet import Worksheet

from xlcheck.data.hidden_sheet import FirstColumns, RuleColumns
from xlcheck.data.rules import Rule
from xlcheck.data.styles import styles
from xlcheck.data.workbook import StateWord, workbook
from xlcheck.template.heights import letters_of_first, unpressed, unpressed_line
from xlcheck.template.hidden import HiddenSheet, count, excel_text, fixed, message
from xlcheck.template.styles import begins_with, colour, dxf, on_row, put, solid, when

TITLE_HEIGHT, GAP_HEIGHT, TILE_HEIGHT, PART_HEIGHT = 34, 6, 40, 24
LIST_HEIGHT, HEAD_HEIGHT, BAND_HEIGHT, FOOT_HEIGHT = 34, 23, 25, 24
COUNTED: tuple[StateWord, ...] = (
    "error", "warning", "same", "info", "answered", "waiting", "passed", "none", "unrun",
)  # fmt: skip
PLACES: tuple[StateWord, ...] = ("error", "warning")  # what the banner counts by place, not by rule
BLANK = '""'  # an empty text in a formula
LONGEST = 300  # rows that the list has at most


def write_checklist(sheet: Worksheet, engine: HiddenSheet) -> None:
    """Build the list; its rule rows never move, so that a typed 说明 stays with its rule."""
    at, words = workbook().on_check, workbook().words
    title = put(sheet, at.title, words.check_title, "title")
    sheet.row_dimensions[title.row].height = TITLE_HEIGHT
    put(sheet, at.pressed, "=" + _pressed(engine), "hint_right")
    _tiles(sheet, engine)
    _part(sheet, at.first_row - 1, "=" + _first_title(engine), PART_HEIGHT)
    put(sheet, on_row(at.counts, at.first_row - 1), words.way, "hint_right")
    row = _short_list(sheet, engine)
    _part(sheet, row, words.all_rules, LIST_HEIGHT)
    answers = engine.at.answers
    columns, heads = (
        (*at.line, answers.answer, answers.rule),
        (*words.list_head, words.answer_head, answers.head),
    )
    for column, head in zip(columns, heads, strict=True):
        put(sheet, on_row(column, row + 1), head, "list_head")
    sheet.row_dimensions[row + 1].height = HEAD_HEIGHT
    sheet.print_title_rows = f"{row + 1}:{row + 1}"
    last = _rules(sheet, engine, row + 2)
    put(sheet, on_row(at.all, last + 1), words.foot, "hint")
    sheet.row_dimensions[last + 1].height = FOOT_HEIGHT
    _signs(sheet, at.first_row, row, last)
    sheet.print_area = at.printed.format(last=last + 1)


def _part(sheet: Worksheet, row: int, title: str, height: float) -> None:
    put(sheet, on_row(workbook().on_check.title_at, row), title, "sub_title")
    sheet.row_dimensions[row].height = height


def _first_title(engine: HiddenSheet) -> str:
    """What the short list is, or that there is nothing in it: of the texts only a check can say so."""
    words, at = workbook().words, workbook().on_check
    empty = f"LEN({at.first.state}{at.first_row})+LEN({at.first.message.partition(':')[0]}{at.first_row})=0"
    nothing = f"IF({engine.current()},{excel_text(words.nothing)},{excel_text(words.nothing_live)})"
    return f"IF({empty},{nothing},{excel_text(words.first)})"


def _pressed(engine: HiddenSheet) -> str:
    words, at = workbook().words, engine.at.cell
    pressed = engine.meta(at.pressed)
    after = f"IF({engine.meta(at.current)},{excel_text(words.unchanged)},{excel_text(words.changed)})"
    never, last = excel_text(words.never_pressed), excel_text(words.pressed)
    return f"IF(LEN({pressed})=0,{never},{last}&{pressed}&{after})"


def _tiles(sheet: Worksheet, engine: HiddenSheet) -> None:
    """A tile is coloured while it counts something; zero stays grey."""
    at, words, signs, count = workbook().on_check, workbook().words, styles().sign, engine.at.cell
    sheet.row_dimensions[at.tile_row - 1].height = GAP_HEIGHT
    sheet.row_dimensions[at.tile_row].height = TILE_HEIGHT
    errors, warnings = engine.meta(count.errors), engine.meta(count.warnings)
    shown = (
        (at.tiles.errors, signs.error, words.tiles.errors, engine.told_number(errors, "error")),
        (at.tiles.warnings, signs.warning, words.tiles.warnings, engine.told_number(warnings, "warning")),
        (at.tiles.answered, signs.answered, words.tiles.answered, engine.meta(count.answered)),
        (at.tiles.passed, signs.passed, words.tiles.passed, engine.meta(count.passed)),
    )
    none = words.tile_of_none
    for columns, sign, label, number in shown:
        where = on_row(columns, at.tile_row)
        text = excel_text(words.tile.format(sign=sign.sign, label=label))
        first = put(sheet, where, f"={text}&{number}", "tile").coordinate
        test = f"RIGHT({fixed(first)},{len(none)})<>{excel_text(none)}"
        when(sheet, where, dxf(sign.colour, fill=sign.fill), test)


def _short_list(sheet: Worksheet, engine: HiddenSheet) -> int:
    """The first few places, errors first: the button's while nothing has changed, else the live.

    The lines that only the button fills are hidden until it does, and all but the first are low. The row
    after the next is given back.
    """
    at, here = engine.at, workbook().on_check
    engine.set(at.cell.lines, at.first_rows)
    engine.set(at.cell.room, "=" + _room(engine))
    for n in range(at.first_rows):
        row = here.first_row + n
        line = _first_line(engine, n)
        put(sheet, on_row(here.first.state, row), "=" + line.state, "first")
        put(sheet, on_row(here.first.place, row), _link(line.link, line.place, line.place), "first_link")
        put(sheet, on_row(here.first.message, row), "=" + line.message, "first")
        put(sheet, on_row(here.first.advice, row), _answer_link(engine, line), "first")
        sheet.row_dimensions[row].height = unpressed_line(n) or styles().rows.first
        sheet.row_dimensions[row].hidden = not unpressed_line(n)
    return here.first_row + at.first_rows + 1


def _room(engine: HiddenSheet) -> str:
    """How many lines can be seen: the first few before any check, and what the last one left for its own."""
    at, spare = engine.at, styles().rows.spare
    lines = engine.column(at.first.state, range(at.first_row, at.first_row + at.live_rows))
    filled = f'SUMPRODUCT(({lines}<>"")*1)'
    return f"IF(LEN({engine.named('pressed')})=0,{at.live_rows},IF({filled}>{spare},{filled},{spare}))"


def _first_line(engine: HiddenSheet, n: int) -> FirstColumns:
    """The parts of one line, each as a formula."""
    at = engine.at
    row = at.first_row + n
    live = FirstColumns(*[BLANK] * len(at.first))
    if n < at.live_rows:
        live = _live_line(engine, n)
        live = _in_low_row(engine, live) if n >= styles().rows.spare else live
        live = live._replace(message=_in_two_lines(engine, live.message, row))
    parts = zip(at.first, live, strict=True)
    return FirstColumns(*(f'IF({engine.current()},{engine.cell(told, row)}&"",{own})' for told, own in parts))


def _in_low_row(engine: HiddenSheet, live: FirstColumns) -> FirstColumns:
    """A line of what formulas find, in a row that is low before any check."""
    words, columns = workbook().words, workbook().on_check.first
    low = f"LEN({engine.named('pressed')})=0"
    advice = f"IF(LEN({live.state})>0,{excel_text(words.see_below)},{BLANK})"
    return live._replace(
        place=f"IF({low},{_in_one_line(live.place, columns.place)},{live.place})",
        message=f"IF({low},{_in_one_line(live.message, columns.message)},{live.message})",
        advice=f"IF({low},{advice},{live.advice})",
    )


def _in_one_line(text: str, columns: str) -> str:
    """As much of a text, given as a formula, as one line of these columns holds."""
    cut = workbook().words.cut
    few = letters_of_first(columns) - len(cut)
    return f"IF(LEN({text})>{few},LEFT({text},{few})&{excel_text(cut)},{text})"


def _in_two_lines(engine: HiddenSheet, text: str, row: int) -> str:
    """A text whole where the last check made its row as high as this very text, else what two lines hold.

    What only a check could see goes up and down the list as she mends and breaks what formulas see.
    """
    words, columns, check = workbook().words, workbook().on_check.first.message, engine.at.first.message
    checked = excel_text(words.last_check) + "&" + engine.cell(check, row)
    few = 2 * letters_of_first(columns) - len(words.cut) - 1  # a letter may be left over at the end of a line
    cut = f"LEFT({text},{few})&{excel_text(words.cut)}"
    return f"IF(OR(LEN({text})<={few},{text}={checked}),{text},{cut})"


def _live_line(engine: HiddenSheet, n: int) -> FirstColumns:
    """A line of what the formulas find: a rule each, the last that is seen says how many more there are."""
    at, words, rows = engine.at.rule, workbook().words, engine.rule_row.values()
    ranks = engine.column(at.rank, rows)
    state, place, link, said, advice, rule = (
        f"IFERROR(INDEX({engine.column(column, rows)},MATCH({n + 1},{ranks},0)),{BLANK})"
        for column in (at.state, at.place, at.link, at.message, at.advice, at.rule)
    )
    failed = f"IFERROR(INDEX({engine.column(at.failed, rows)},MATCH({n + 1},{ranks},0)),0)"
    several = f'IF({failed}>1,{excel_text(words.several)}&{failed}&{excel_text(words.places)},"")'
    named = f"IF(LEN({link})>0,{_with_sheet(link, place)}&{several},{BLANK})"
    if n < styles().rows.spare - 1:
        return FirstColumns(state, named, link, said, advice, rule)
    more = f"AND({engine.named('room')}={n + 1},COUNT({ranks})>{n + 1})"
    left = message(words.joined_places, {}, lambda _: f"COUNT({ranks})-{n}")
    return FirstColumns(
        f"IF({more},{BLANK},{state})", f"IF({more},{left},{named})", f"IF({more},{BLANK},{link})",
        f"IF({more},{excel_text(words.below)},{said})", f"IF({more},{BLANK},{advice})",
        f"IF({more},{BLANK},{rule})",
    )  # fmt: skip


def _with_sheet(link: str, place: str) -> str:
    """A place under the name of its sheet, which its link names: #'三、申请办理'!E6."""
    sheet = f'LEFT(RIGHT({link},LEN({link})-2),FIND("!",{link})-4)'
    words = {"sheet": sheet, "place": place}
    return message(workbook().words.on_sheet, {}, words.__getitem__)


def _answer_link(engine: HiddenSheet, line: FirstColumns) -> str:
    """What to do; of a reminder it leads to the cell for its 说明."""
    answers, sign = engine.at.answers, styles().sign.warning.sign
    sheet = engine.form.sheets["check"]
    cell = f"\"#'{sheet}'!{answers.answer}\"&MATCH({line.answer},{_whole(answers.rule)},0)"
    text = f"{excel_text(workbook().words.write_answer)}&{line.advice}"  # a click counts on the first line
    asked = f"AND({begins_with(line.state, sign)},ISNUMBER(MATCH({line.answer},{_whole(answers.rule)},0)))"
    return f"=IF({asked},HYPERLINK({cell},{text}),{line.advice})"


def _whole(column: str) -> str:
    """All of a column that the list can fill."""
    return f"${column}$1:${column}${LONGEST}"


def _link(link: str, text: str, otherwise: str) -> str:
    return f"=IF(LEN({link})>0,HYPERLINK({link},{text}),{otherwise})"


def _rules(sheet: Worksheet, engine: HiddenSheet, row: int) -> int:
    """A line a rule, under the title of what it is about; the last row is given back."""
    titles, first = workbook().bands._asdict(), row
    answers = []
    for key in (*titles, *engine.form.tables, "text"):
        mine = [r for r in engine.rules.rules if r.sheet == key]
        _band(sheet, engine, row, titles.get(key) or engine.form.sheets[key], mine)
        for rule in mine:
            row += 1
            _line(sheet, engine, rule, row)
            if rule.takes_answer:
                answers.append(on_row(engine.at.answers.answer, row))
                link = f"='{sheet.title}'!{fixed(answers[-1])}"
                engine.row(engine.rule_row[rule.id], {engine.at.rule.answer: f'{link}&""'})
        row += 1
    _answers(sheet, answers, first)
    states = f"'{sheet.title}'!{_states(first, row)}"
    words: tuple[StateWord, StateWord] = ("passed", "answered")
    for cell, word in zip((engine.at.cell.passed, engine.at.cell.answered), words, strict=True):
        engine.set(cell, "=" + count(states, excel_text(_word(word))))
    return row


def _word(word: StateWord) -> str:
    return workbook().states[word]


def _states(first: int, last: int) -> str:
    """The states of these rows."""
    state = workbook().on_check.line.state
    return f"{fixed(on_row(state, first))}:{fixed(on_row(state, last))}"


def _band(sheet: Worksheet, engine: HiddenSheet, row: int, title: str, rules: Sequence[Rule]) -> None:
    """The title of a part, and what its lines come to: places wrong or doubtful, else rules."""
    at, words = workbook().on_check, workbook().words
    sheet.row_dimensions[row].height = BAND_HEIGHT
    put(sheet, on_row(at.title_at, row), title, "list_band")
    counts = []
    for key in COUNTED:
        sign, word = _word(key).split(" ")
        number = count(_states(row + 1, row + len(rules)), excel_text(_word(key)))
        if key in PLACES:
            number = "+".join(
                f"({on_row(at.line.state, n)}={excel_text(_word(key))})*{engine.rule(rule.id).places}"
                for n, rule in enumerate(rules, row + 1)
            )
        before = excel_text(words.band_count.format(sign=sign, word=word))
        counts.append(f'IF({number}=0,"",{before}&({number}))')
    put(sheet, on_row(at.counts, row), "=" + "&".join(counts), "band_right")


def _line(sheet: Worksheet, engine: HiddenSheet, rule: Rule, row: int) -> None:
    """One rule: its state, where, what was found, what to do; the button's finding while it stands.

    A line that the button left low, for it had passed, shows as much as it holds; the short list tells all.
    """
    at, words = workbook().on_check.line, workbook().words
    live, found = engine.rule(rule.id), engine.pressed(rule.id)
    new = f"AND({engine.current()},LEN({found.state})>0)"
    low = f"AND(LEN({engine.meta(engine.at.cell.pressed)})>0,LEN({found.state})=0)"
    number = f"IF({new},{found.number},{live.failed})"
    several = f'IF({number}>1,{excel_text(words.several)}&{number}&{excel_text(words.places)},"")'
    place = f'IF({new},{found.place},IF({low},{excel_text(rule.where)},{live.place}&""))'
    link = f'IF({new},{found.link},{live.link})&""'
    broken = f"IF({low},{_in_one_line(live.message, at.message)},{live.message})"
    advice = f"IF({low},{excel_text(words.see_first)},{live.advice})"
    text = f"IF({new},{found.message},IF({live.failed}>0,{broken},{_sound(rule, live, engine)}))"
    put(sheet, on_row(at.state, row), f"=IF({new},{found.state},{live.state})", "list")
    put(sheet, on_row(at.place, row), _link(link, f"{place}&{several}", excel_text(rule.where)), "list_link")
    put(sheet, on_row(at.message, row), "=" + text, "list")
    put(
        sheet, on_row(at.advice, row), f'=IF({new},{found.advice}&"",IF({live.failed}>0,{advice},""))', "list"
    )
    put(sheet, on_row(engine.at.answers.answer, row), None, "answer" if rule.takes_answer else "no_answer")
    put(sheet, on_row(engine.at.answers.rule, row), rule.id, "list_id")
    sheet.row_dimensions[row].height = unpressed(rule, [c for c in engine.cases if c.rule.id == rule.id])
    engine.row(engine.rule_row[rule.id], {
        engine.at.rule.advice: "=" + _advice(rule, live, engine),
        engine.at.rule.places: f"=IF({new},N({found.number}),{_places(rule, engine)})",
    })  # fmt: skip


def _places(rule: Rule, engine: HiddenSheet) -> str:
    """How many places the formulas count for a rule and those that break together with it."""
    terms: dict[str, list[str]] = {one: [] for one in (rule.id, *rule.beside)}
    for n, case in enumerate(engine.cases):
        if case.rule.id in terms:
            terms[case.rule.id].append(engine.unexplained(case, n))
    counted = [mine for mine in terms.values() if mine]
    if not (rule.beside or engine.is_told_by_others(rule)):
        return engine.rule(rule.id).failed
    return f"MAX({','.join('+'.join(mine) for mine in counted)})"


def _sound(rule: Rule, live: RuleColumns, engine: HiddenSheet) -> str:
    """What is said of a rule that found nothing: that all is well, or why it did not run."""
    words = workbook().words
    last = rule.test and any("last." in text for text in rule.let.values()) and "given" not in str(rule.let)
    none = words.no_last if last else words.not_needed
    if not rule.is_live:
        pressed = engine.meta(engine.at.cell.pressed)
        return f"IF(LEN({pressed})>0,{excel_text(words.press_again)},{excel_text(words.press_button)})"
    return (
        f"IF({live.state}={excel_text(_word('none'))},{excel_text(none)},"
        f"IF({live.state}={excel_text(_word('waiting'))},{excel_text(words.waiting)},{excel_text(rule.sound)}))"
    )


def _advice(rule: Rule, live: RuleColumns, engine: HiddenSheet) -> str:
    words, todo = workbook().words, _todo(rule, live, engine)
    return (
        f"IF({live.state}={excel_text(_word('same'))},{excel_text(words.same_cause)},"
        f"IF({live.state}={excel_text(_word('answered'))},{excel_text(words.already)},{todo}))"
    )


def _todo(rule: Rule, live: RuleColumns, engine: HiddenSheet) -> str:
    """What to do; of rules that break together, the cell that the formulas can name, and its value."""
    words, at = workbook().words, engine.at.cell
    if rule.takes_answer:
        before = live.last_answer
        suggested = message(words.last_said, {}, lambda _: before)
        text = f'{excel_text(rule.advice)}&IF(LEN({before})>0,{suggested},"")'
        if rule.is_live:  # what is written and does not hold was written for other figures
            text = f"IF(LEN({live.answer})>0,{excel_text(words.stale_live)},{text})"
        return text
    if not rule.beside:
        return excel_text(rule.advice)
    named = {"place": engine.meta(at.named_place), "value": engine.meta(at.named_value)}
    text = message(words.named, {}, named.__getitem__)
    return f"IF(LEN({named['place']})>0,{text},{excel_text(rule.advice)})"


def _signs(sheet: Worksheet, first: int, end: int, last: int) -> None:
    """A state that asks for work is tinted, in the short list its whole line; what passes or waits fades."""
    line, signs = workbook().on_check.line, styles().sign
    tinted = (signs.error, signs.warning, signs.answered)
    state = f"${on_row(line.state, first)}"
    for sign in signs:
        style = dxf(sign.colour, bold=sign in tinted or None, fill=sign.fill if sign in tinted else "")
        when(sheet, f"{state[1:]}:{on_row(line.state, last)}", style, begins_with(state, sign.sign))
    places = workbook().on_check.first
    for sign in (signs.error, signs.warning):
        test, fill, bold = begins_with(state, sign.sign), solid(sign.fill), Font(b=sign is signs.error)
        when(sheet, _down(f"{places.place}:{places.message}", first, end), DifferentialStyle(fill=fill), test)
        when(sheet, _down(places.advice, first, end), DifferentialStyle(fill=fill, font=bold), test)
    test = f"${on_row(line.state, end)}={excel_text(_word('error'))}"
    when(sheet, _down(line.advice, end, last), DifferentialStyle(font=Font(b=True)), test)
    quiet = ",".join(begins_with(state, sign.sign) for sign in signs if sign not in tinted)
    faded = f"{on_row(line.place, first)}:{on_row(line.advice, last)}"
    when(sheet, faded, dxf("hint"), f"OR({quiet})")


def _down(columns: str, first: int, last: int) -> str:
    """These columns, a pair or more with all between them, from one row to another."""
    parts = columns.split(":")
    return f"{parts[0]}{first}:{parts[-1]}{last}"


def _answers(sheet: Worksheet, answers: Sequence[str], first: int) -> None:
    """A warning that stands asks for its 说明 with a golden frame; one answered keeps a plain one."""
    signs, state = styles().sign, workbook().on_check.line.state
    row = sheet[answers[0]].row if answers else first
    for sign, line in ((signs.warning, "gold"), (signs.answered, "inner")):
        side = Side("thin", color=colour(line))
        style = DifferentialStyle(border=Border(left=side, right=side, top=side, bottom=side))
        test = begins_with(f"${on_row(state, row)}", sign.sign)
        when(sheet, " ".join(answers), style, test)
