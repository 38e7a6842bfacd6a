"""The 校验 sheet: tiles, a short list of what to mend first, and one line a rule, all live."""

from collections.abc import Mapping
from typing import Any

from openpyxl.formatting.rule import Rule as Conditional
from openpyxl.styles import Border, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from xlcheck import data
from xlcheck.data.rules import Rule
from xlcheck.template.hidden import HiddenSheet, excel_text, message
from xlcheck.template.styles import colour, dxf, put

TILES = (
    ("B", "C", "errors", "×"),
    ("D", "D", "warnings", "！"),
    ("E", "E", "answered", "●"),
    ("F", "G", "passed", "√"),
)
FIRST_ROW = 7
TINTED = ("×", "！", "●")
PARTS = ("state", "place", "link", "message")
BLANK = '""'  # an empty text in a formula


def write_checklist(sheet: Worksheet, engine: HiddenSheet) -> None:
    """Build the list; its rule rows never move, so that a typed 说明 stays with its rule."""
    words = data.toml("workbook")["words"]
    put(sheet, "B2", words["check_title"], "title")
    sheet.row_dimensions[2].height = 34
    put(sheet, "D2", "=" + _pressed(engine, words), "hint_right", "G2")
    for (left, right, count, sign), label in zip(TILES, words["tiles"], strict=True):
        put(sheet, f"{left}4", f'="{sign}　{label}　"&{engine.meta(count)}', "tile", f"{right}4")
        _tile(sheet, f"{left}4", sign, right)
    sheet.row_dimensions[4].height = 40
    sheet.row_dimensions[3].height = 6
    put(sheet, "B6", words["first"], "sub_title", "D6")
    sheet.row_dimensions[6].height = 24
    row: int = _short_list(sheet, engine, words)
    put(sheet, f"B{row}", words["all_rules"], "sub_title", f"D{row}")
    sheet.row_dimensions[row].height = 34
    for column, head in zip("BCDEFG", words["list_head"], strict=True):
        put(sheet, f"{column}{row + 1}", head, "list_head")
    sheet.row_dimensions[row + 1].height = 23
    sheet.print_title_rows = f"{row + 1}:{row + 1}"
    last = _rules(sheet, engine, row + 2)
    put(sheet, f"B{last + 1}", words["foot"], "hint", f"G{last + 1}")
    sheet.row_dimensions[last + 1].height = 24
    _signs(sheet, FIRST_ROW, last)
    sheet.print_area = f"B2:G{last + 1}"


def _tile(sheet: Worksheet, cell: str, sign: str, last: str) -> None:
    """A tile is coloured while it counts something; zero stays grey."""
    style = dxf(data.toml("look")["sign"][sign], filled=True)
    test = [f'RIGHT(${cell[0]}$4,2)<>"　0"']
    sheet.conditional_formatting.add(
        f"{cell}:{last}4", Conditional(type="expression", dxf=style, formula=test)
    )


def _pressed(engine: HiddenSheet, words: Mapping[str, str]) -> str:
    pressed = engine.meta("pressed")
    after = f'IF({engine.meta("unchanged")},"　{words["unchanged"]}","　{words["changed"]}")'
    never, last = excel_text(words["never_pressed"]), excel_text(words["pressed"])
    return f"IF(LEN({pressed})=0,{never},{last}&{pressed}&{after})"


def _short_list(sheet: Worksheet, engine: HiddenSheet, words: Mapping[str, str]) -> int:
    """The first few places, errors first: the button's while nothing has changed, else the live."""
    first, rows = engine.at["first"], engine.at["first"]["rows"]
    rule_rows = list(engine.rule_row.values())
    ranks = engine.column("rule", "rank", rule_rows)
    for n in range(rows):
        row, there = FIRST_ROW + n, engine.at["first_row"] + n
        which = f"MATCH({n + 1},{ranks},0)"
        live = {p: f"IFERROR(INDEX({engine.column('rule', p, rule_rows)},{which}),{BLANK})" for p in PARTS}
        found = {
            p: f'{engine.sheet.title}!${first[p]}${there}&""'
            for p in ("state", "place", "link", "message", "advice")
        }
        at = {p: f"IF({_current(engine)},{found[p]},{live.get(p, BLANK)})" for p in found}
        empty = f'IF({_current(engine)},"",{excel_text(words["nothing"])})' if n == 0 else '""'
        nothing = f"{engine.meta('errors')}+{engine.meta('warnings')}=0"
        put(sheet, f"B{row}", "=" + at["state"], "first")
        put(sheet, f"C{row}", _link(at["link"], at["place"], BLANK), "first_link")
        text = f"IF({nothing},{empty},{at['message']})" if n == 0 else at["message"]
        put(sheet, f"D{row}", "=" + text, "first", f"E{row}")
        put(sheet, f"F{row}", "=" + at["advice"], "first", f"G{row}")
        sheet.row_dimensions[row].height = 30
    return FIRST_ROW + int(rows) + 1


def _current(engine: HiddenSheet) -> str:
    """Whether what the button found still stands: it was pressed, and nothing has changed since."""
    return f"AND(LEN({engine.meta('pressed')})>0,{engine.meta('unchanged')})"


def _link(link: str, shown: str, otherwise: str) -> str:
    return f"=IF(LEN({link})>0,HYPERLINK({link},{shown}),{otherwise})"


def _rules(sheet: Worksheet, engine: HiddenSheet, row: int) -> int:
    answers, first = [], row
    words = data.toml("workbook")
    for key in ("all", "cover", *engine.form.tables, "text"):
        mine = [r for r in engine.rules.rules if r.sheet == key]
        _band(sheet, engine, row, words["bands"].get(key) or engine.form.sheets[key], mine)
        for rule in mine:
            row += 1
            _line(sheet, engine, rule, row, words["words"])
            if rule.takes_answer:
                answers.append(f"F{row}")
                link = f"='{sheet.title}'!$F${row}"
                engine.sheet[f"{engine.at['rule']['answer']}{engine.rule_row[rule.id]}"] = f'{link}&""'
        row += 1
    prompt = DataValidation(allow_blank=True, prompt=words["prompt"]["answer"], sqref=" ".join(answers))
    prompt.showInputMessage = True
    sheet.add_data_validation(prompt)
    _unanswered(sheet, answers)
    for name in ("passed", "answered"):
        shown = f"'{sheet.title}'!$B${first}:$B${row}"
        engine.set(engine.at[name], f"=COUNTIF({shown},{excel_text(words['states'][name])})")
    return row


def _band(sheet: Worksheet, engine: HiddenSheet, row: int, title: str, rules: list[Rule]) -> None:
    sheet.row_dimensions[row].height = 25
    put(sheet, f"B{row}", title, "list_band", f"D{row}")
    states = data.toml("workbook")["states"]
    shown = f"$B${row + 1}:$B${row + len(rules)}"
    counts = []
    for key in ("error", "warning", "answered", "passed", "none", "unrun"):
        sign, word = states[key].split(" ")
        number = f"COUNTIF({shown},{excel_text(states[key])})"
        counts.append(f'IF({number}=0,"",{excel_text("　" + sign + " ")}&{number}&{excel_text(" " + word)})')
    put(sheet, f"E{row}", "=" + "&".join(counts), "band_right", f"G{row}")


def _line(sheet: Worksheet, engine: HiddenSheet, rule: Rule, row: int, words: Mapping[str, str]) -> None:
    """One rule: its state, where, what was found, what to do; the button's finding while it stands."""
    at = {p: engine.cell("rule", p, engine.rule_row[rule.id]) for p in engine.at["rule"]}
    new = f"AND({_current(engine)},LEN({at['found_state']})>0)"
    state = f"IF({new},{at['found_state']},{at['state']})"
    link = f"IF({new},{at['found_link']},{at['link']})"
    place = f"IF({new},{at['found_place']},{at['place']})"
    more = (
        f'IF({at["failed"]}>1,{excel_text(words["several"])}&{at["failed"]}&{excel_text(words["places"])},"")'
    )
    sheet.row_dimensions[row].height = 34
    put(sheet, f"B{row}", "=" + state, "list")
    put(sheet, f"C{row}", _link(f'{link}&""', f"{place}&{more}", excel_text(rule.where)), "list_link")
    sound = _sound(rule, words, at)
    said = f"IF({new},{at['found_message']},IF({at['failed']}>0,{at['message']},{sound}))"
    put(sheet, f"D{row}", "=" + said, "list")
    states = data.toml("workbook")["states"]
    todo = _advice(rule, words, at, states, engine)
    advice = f'IF({new},{at["found_advice"]}&"",IF({at["failed"]}>0,{todo},""))'
    put(sheet, f"E{row}", "=" + advice, "list")
    put(sheet, f"F{row}", None, "answer" if rule.takes_answer else "no_answer")
    put(sheet, f"G{row}", rule.id, "list_id")


def _sound(rule: Rule, words: Mapping[str, str], at: Mapping[str, Any]) -> str:
    states = data.toml("workbook")["states"]
    last = rule.test and any("last." in text for text in rule.let.values()) and "given" not in str(rule.let)
    none = words["no_last"] if last else words["not_needed"]
    if rule.check:
        return excel_text(words["press_button"])
    return (
        f"IF({at['state']}={excel_text(states['none'])},{excel_text(none)},"
        f"IF({at['state']}={excel_text(states['waiting'])},{excel_text(words['waiting'])},{excel_text(rule.sound)}))"
    )


def _advice(
    rule: Rule,
    words: Mapping[str, str],
    at: Mapping[str, Any],
    states: Mapping[str, str],
    engine: HiddenSheet,
) -> str:
    return (
        f"IF({at['state']}={excel_text(states['same'])},{excel_text(words['same_cause'])},"
        f"IF({at['state']}={excel_text(states['answered'])},{excel_text(words['already'])},"
        f"{_todo(rule, words, engine)}))"
    )


def _todo(rule: Rule, words: Mapping[str, str], engine: HiddenSheet) -> str:
    """What to do; of rules that break together, the cell that the formulas can name, and its value."""
    if rule.takes_answer:
        before = engine.cell("rule", "last_answer", engine.rule_row[rule.id])
        said = message(words["last_said"], {}, lambda _: before)
        return f'{excel_text(rule.advice)}&IF(LEN({before})>0,{said},"")'
    if not rule.beside:
        return excel_text(rule.advice)
    named = {name: engine.meta(f"named_{name}") for name in ("place", "value")}
    said = message(words["named"], {}, lambda name: named[name])
    return f"IF(LEN({named['place']})>0,{said},{excel_text(rule.advice)})"


def _signs(sheet: Worksheet, first: int, last: int) -> None:
    """A state that asks for work is tinted; what passes, waits or does not apply fades."""
    look = data.toml("look")["sign"]
    for sign, spec in look.items():
        style = dxf(spec, filled=sign in TINTED)
        _when(sheet, f"B{first}:B{last}", style, f'LEFT($B{first},1)="{sign}"')
    quiet = ",".join(f'LEFT($B{first},1)="{sign}"' for sign in look if sign not in TINTED)
    _when(sheet, f"C{first}:E{last}", dxf({"colour": "hint"}), f"OR({quiet})")


def _unanswered(sheet: Worksheet, answers: list[str]) -> None:
    """A warning that stands asks for its 说明 with a golden frame; one answered keeps a plain one."""
    row = answers[0][1:]
    for sign, line in (("！", "gold"), ("●", "inner")):
        side = Side("thin", color=colour(line))
        style = DifferentialStyle(border=Border(left=side, right=side, top=side, bottom=side))
        _when(sheet, " ".join(answers), style, f'LEFT($B{row},1)="{sign}"')


def _when(sheet: Worksheet, where: str, style: DifferentialStyle, test: str) -> None:
    sheet.conditional_formatting.add(where, Conditional(type="expression", dxf=style, formula=[test]))
