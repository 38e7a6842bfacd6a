/* One filing: its findings, its official tables and the cells they mark; of the county's page and of the offline one. */

let opened = null;

function openRecord(record, chosen, more) {
  opened = { record, marks: marksOf(record), order: inOrder(record.found || []), chosen, ...more };
}

function drawOpened() {
  drawFigures();
  choose(opened.chosen);
}

/* ---- the findings: what to mend, then what is explained, then what is only noted */

function isOpen(found) {
  return found.kind !== "info" && !found.answer && !found.accepted;
}

function isExplained(found) {
  return Boolean(found.answer || found.accepted);
}

function isInfo(found) {
  return !isOpen(found) && !isExplained(found);
}

function inOrder(found) {
  return [...found.filter(isOpen), ...found.filter(isExplained), ...found.filter(isInfo)];
}

function findingsPanel(record) {
  const open = opened.order.filter(isOpen);
  const heading = open.length ? say("to_mend", { n: open.length }) : say("to_mend_none");
  const settled = [...findingGroup("explained", isExplained), ...findingGroup("infos", isInfo)];
  const list = opened.order.length ? [...open.map(findingButton), ...settled] : [quiet(say("no_problem"))];
  const whole = panel(heading, "", ...list, checkedPart(record, open.length));
  whole.classList.add("findings");
  return whole;
}

function findingGroup(word, belongs) {
  const list = opened.order.filter(belongs);
  return list.length ? [make("h4", {}, say(word, { n: list.length })), ...list.map(findingButton)] : [];
}

function findingButton(found) {
  const number = opened.order.indexOf(found);
  const [before, value, after] = found.line;
  const line = make("span", { class: "line" }, before, value ? make("i", {}, value) : "", after);
  const reasons = reasonsOf(found).map((reason) => make("span", { class: "reason" }, reason));
  const kind = isOpen(found) ? found.kind : "settled";
  const attributes = { type: "button", class: `finding ${kind}`, "aria-pressed": false, "data-finding": number };
  return make("button", { ...attributes, onclick: () => choose(number, true) }, whereOf(found), line, ...reasons);
}

function reasonsOf(found) {
  const unit = found.answer ? [say("unit_says", { text: found.answer })] : [];
  const county = found.accepted ? [say("county_says", { text: found.accepted })] : [];
  return [...found.why, ...unit, ...county];
}

function whereOf(found) {
  const said = found.accepted ? "accepted" : found.answer ? "answered" : found.kind;
  const cell = make("span", { class: "cell", title: found.cell }, found.cell.split("!").pop());
  return make("span", { class: "where" }, make("b", {}, say(said)), make("span", {}, found.place), cell);
}

/* ---- what was checked, by family, and rule by rule when asked for */

function checkedPart(record, findings) {
  const all = page.rules.map((_, rule) => rule).filter((rule) => record.ran[rule].length);
  const rulewise = make(
    "dl",
    { class: "each", hidden: true },
    ...all.flatMap((rule) => ruleLine(rule, record.ran[rule])),
  );
  const families = make("dl", {}, ...page.families.flatMap((family) => familyLine(record, family)));
  return make("div", { class: "checked" }, checkedHead(record, all, findings, rulewise), families, rulewise);
}

/* How many of these rules ended in each way: a rule counts once, as on the sheet of the check and the command line. */
function endsOf(record, rules) {
  const asked = new Set((record.found || []).filter((found) => !isExplained(found)).map((found) => found.rule));
  const explained = new Set((record.found || []).filter(isExplained).map((found) => found.rule));
  const ends = { passed: 0, failed: 0, settled: 0, not_applicable: 0, not_run: 0 };
  for (const rule of rules.filter((one) => record.ran[one].length)) {
    const [id] = page.rules[rule];
    const end = endOf(record.ran[rule]);
    ends[end === "failed" && explained.has(id) && !asked.has(id) ? "settled" : end] += 1;
  }
  return ends;
}

function endOf([cases, failed, skipped, none]) {
  if (failed) return "failed";
  return none === cases ? "not_applicable" : skipped ? "not_run" : "passed";
}

function checkedHead(record, rules, findings, rulewise) {
  const ends = endsOf(record, rules);
  const words = ["passed", "failed", "settled", "not_applicable", "not_run"].filter((end) => ends[end] || end === "passed");
  const counts = words.map((end) => say(`rules_${end}`, { n: ends[end] })).join("");
  const outcome = counts + (findings ? say("grouped", { n: findings }) : "");
  const onclick = (event) => toggleEach(event.target, rulewise);
  const toggle = make("button", { type: "button", class: "link", "aria-expanded": false, onclick }, say("list_all"));
  return make(
    "div",
    { class: "checked-head" },
    make("span", {}, make("b", {}, say("checked", { n: rules.length })), outcome),
    toggle,
  );
}

function familyLine(record, [label, rules]) {
  const ends = endsOf(record, rules);
  const ran = ends.passed + ends.failed + ends.settled;
  return ran ? [make("dt", {}, label), make("dd", {}, `${shown(ends.passed)} / ${shown(ran)}`)] : [];
}

function ruleLine(rule, counts) {
  const [id, title] = page.rules[rule];
  const [word, kind] = ruleOutcome(counts);
  return [make("dt", {}, `${id} ${title}`), make("dd", { class: kind }, word)];
}

function ruleOutcome(counts) {
  const end = endOf(counts);
  const kind = { failed: "failed", passed: "" }[end] ?? "quietly";
  return [end === "failed" ? say("failed", { n: counts[1] }) : say(end), kind];
}

function toggleEach(toggle, rulewise) {
  rulewise.hidden = !rulewise.hidden;
  toggle.setAttribute("aria-expanded", !rulewise.hidden);
  toggle.textContent = say(rulewise.hidden ? "list_all" : "list_none");
}

/* ---- the official tables, filled from what is opened: a unit, or the county's totals */

function officialTables() {
  const forms = document.querySelectorAll(`template[id^="form-${page.edition}-"]`);
  return [...forms].map((form) => form.content.cloneNode(true));
}

function sheetTools(last, marked) {
  const buttons = ["now", "both", "change"].map((mode) => yearButton(mode, !last && mode !== "now"));
  const keys = marked
    ? ["error", "warning", "proof"].map((kind) => make("span", { class: `key ${kind}` }, say(`key_${kind}`)))
    : [];
  const note = make("span", { class: "key note", id: "year-note" }, last ? "" : say("no_last"));
  return make(
    "div",
    { class: "sheet-tools" },
    make("div", { class: "switch", role: "group", "aria-label": say("years") }, ...buttons),
    ...keys,
    note,
  );
}

function yearButton(mode, disabled) {
  const attributes = { type: "button", "data-year": mode, "aria-pressed": false, disabled };
  return make("button", { ...attributes, onclick: () => switchYear(mode) }, say(`year_${mode}`));
}

/* Which cells the open findings mark: the first finding of a cell marks it, errors come before warnings. */
function marksOf(record) {
  const marks = new Map();
  const mark = (field, kind, word, value) => field >= 0 && !marks.has(field) && marks.set(field, { kind, word, value });
  for (const found of (record.found || []).filter(isOpen)) {
    const kind = found.kind === "error" ? "bad" : "doubt";
    const here = found.either.filter(([field]) => field === found.at).map(([, value]) => value);
    for (const [field, value] of found.mend) mark(field, kind, kind === "bad" ? "should" : "either", value);
    if (!found.mend.length) mark(found.at, kind, here.length ? "either" : "look", here.join(say("or")));
  }
  return marks;
}

function drawFigures() {
  const mode = opened.record.last ? state.year || opened.usual || "now" : "now";
  const notes = { now: "", both: say("small_last"), change: say("change_key") };
  if (opened.record.last && byId("year-note")) byId("year-note").textContent = notes[mode];
  each(".switch button", (button) => button.setAttribute("aria-pressed", button.dataset.year === mode));
  each("td[data-field]", (cell) => drawCell(cell, Number(cell.dataset.field), mode));
  each(".scroll", (region) => region.classList.toggle("long", longestIn(region) > 4));
}

/* On a phone a figure of five digits needs more room than the seven columns have. */
function longestIn(region) {
  const parts = region.querySelectorAll("td del, td small, .figure, .value");
  return Math.max(...[...parts].map((part) => part.textContent.length));
}

function drawCell(cell, field, mode) {
  const now = opened.record.now?.[field] ?? null;
  const last = opened.record.last?.[field] ?? null;
  const mark = opened.marks.get(field);
  cell.className = mark ? mark.kind : isQuiet(now, last, mode) ? "zero" : "";
  cell.replaceChildren(...figuresOf(now, last, mark, mode));
  if (mark) makeReachable(cell, field);
}

function isQuiet(now, last, mode) {
  if (mode === "change") return isZero(difference(now, last));
  return isZero(now) && (mode === "now" || last === null || isZero(last));
}

/* A cell that is 0 in both years shows one 0, so that quiet rows stay low. */
function figuresOf(now, last, mark, mode) {
  if (mode === "change") return [figure(signed(difference(now, last)))];
  const own = mark ? markedFigure(now, mark) : [figure(plain(now))];
  const beside = mode === "both" && last !== null && !(isZero(now) && isZero(last));
  return beside ? [...own, make("small", {}, plain(last))] : own;
}

function figure(text) {
  return make("span", { class: "figure" }, text);
}

function markedFigure(now, { word, value }) {
  const was = now === null ? "" : word === "should" ? make("del", {}, plain(now)) : figure(plain(now));
  const named = () => [make("span", { class: "word" }, `${say(word)} `), make("span", { class: "value" }, value)];
  const to = value ? named() : [say("look")];
  return [was, make("ins", {}, ...to)].filter(Boolean);
}

function makeReachable(cell, field) {
  cell.tabIndex = 0;
  const touches = (found) => found.at === field || found.mend.some(([one]) => one === field);
  const number = opened.order.findIndex((found) => isOpen(found) && touches(found));
  cell.onclick = () => choose(number);
  cell.dataset.of = number;
}

function plain(value) {
  return value === null ? "" : String(value);
}

function isZero(value) {
  return value !== null && value !== "" && Number(value) === 0;
}

/* Amounts are decimal texts: 6 places hide the binary dust of their difference. */
function difference(now, last) {
  if (now === null || last === null || Number.isNaN(Number(now)) || Number.isNaN(Number(last))) return null;
  return Number((Number(now) - Number(last)).toFixed(6));
}

function signed(change) {
  return change === null ? "" : change > 0 ? `＋${change}` : change < 0 ? `－${-change}` : "0";
}

function quoteOf(found, text) {
  const number = opened.order.indexOf(found);
  const kind = isOpen(found) ? found.kind : "quietly";
  return make("mark", { class: kind, tabindex: 0, "data-of": number, onclick: () => choose(number) }, text);
}

/* ---- one finding is chosen: only its proof is shown; asked for, its place is shown and focused */

function choose(number, move = false) {
  opened.chosen = number;
  const found = opened.order[number];
  each(".finding", (button) => button.setAttribute("aria-pressed", Number(button.dataset.finding) === number));
  each("td.proof", (cell) => cell.classList.remove("proof"));
  if (!found) return;
  const settled = isOpen(found) ? [] : [found.at]; // its own cell bears no mark
  for (const field of [...found.proof, ...found.either.map(([one]) => one), ...settled]) {
    const cell = cellOf(field);
    if (cell && !opened.marks.has(field)) cell.classList.add("proof");
  }
  if (move) showPlace(found, number);
}

function cellOf(field) {
  return document.querySelector(`#view td[data-field="${field}"]`);
}

function showPlace(found, number) {
  const button = document.querySelector(`[data-finding="${number}"]`);
  const place = cellOf(found.at) || document.querySelector(`mark[data-of="${number}"]`) || button;
  place.tabIndex = 0;
  place.dataset.of = number;
  button.scrollIntoView({ block: "nearest" });
  place.scrollIntoView({ block: "center", inline: "nearest" });
  place.focus({ preventScroll: true });
}

function backToFinding(event) {
  const number = event.target.matches("td, mark") && event.target.dataset.of;
  if (!number) return false;
  return document.querySelector(`[data-finding="${number}"]`).focus();
}

function nextFinding(step) {
  if (!opened) return false;
  const to = opened.chosen + (document.activeElement.matches("td, mark, .finding") ? step : 0);
  return to >= 0 && to < opened.order.length ? choose(to, true) : false;
}
