"use strict";

/* ---- the packs: the tables of some hundred units each, unpacked when one of them is opened */

const packs = new Map();

async function recordOf(unit) {
  const number = Math.floor(unit / page.most);
  if (!packs.has(number)) packs.set(number, unpack(byId(`pack-${number}`).textContent));
  return (await packs.get(number))[unit % page.most];
}

async function unpack(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  if (!window.DecompressionStream) return JSON.parse(new TextDecoder().decode(inflate(bytes.subarray(10))));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
}

/* ---- inflate (RFC 1951), for browsers that cannot unpack gzip themselves */

const EXTRA_LENGTH = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const EXTRA_DISTANCE = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];
const LENGTH = EXTRA_LENGTH.map((_, n) =>
  n === 28 ? 258 : EXTRA_LENGTH.slice(0, n).reduce((sum, bits) => sum + (1 << bits), 3),
);
const DISTANCE = EXTRA_DISTANCE.map((_, n) => EXTRA_DISTANCE.slice(0, n).reduce((sum, bits) => sum + (1 << bits), 1));
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

function inflate(bytes) {
  let at = 0;
  const bit = () => (bytes[at >> 3] >> (at++ & 7)) & 1;
  const bits = (count) => [...Array(count).keys()].reduce((value, n) => value | (bit() << n), 0);
  const out = [];
  for (let last = false; !last;) {
    last = bit() === 1;
    const kind = bits(2);
    if (kind === 0) {
      at = (((at + 7) >> 3) << 3) + 32;
      const size = bytes[(at >> 3) - 4] | (bytes[(at >> 3) - 3] << 8);
      for (let n = 0; n < size; n++, at += 8) out.push(bytes[at >> 3]);
    } else {
      copyCodes(out, bit, bits, ...(kind === 1 ? fixedCodes() : dynamicCodes(bit, bits)));
    }
  }
  return new Uint8Array(out);
}

function copyCodes(out, bit, bits, letters, distances) {
  for (let code = decode(letters, bit); code !== 256; code = decode(letters, bit)) {
    if (code < 256) {
      out.push(code);
      continue;
    }
    const length = LENGTH[code - 257] + bits(EXTRA_LENGTH[code - 257]);
    const near = decode(distances, bit);
    const distance = DISTANCE[near] + bits(EXTRA_DISTANCE[near]);
    for (let n = 0; n < length; n++) out.push(out[out.length - distance]);
  }
}

function fixedCodes() {
  const lengths = Array.from({ length: 288 }, (_, n) => (n < 144 ? 8 : n < 256 ? 9 : n < 280 ? 7 : 8));
  return [codes(lengths), codes(Array(30).fill(5))];
}

function dynamicCodes(bit, bits) {
  const [letters, distances, count] = [bits(5) + 257, bits(5) + 1, bits(4) + 4];
  const sizes = Array(19).fill(0);
  for (let n = 0; n < count; n++) sizes[ORDER[n]] = bits(3);
  const known = codes(sizes);
  const lengths = [];
  while (lengths.length < letters + distances) {
    const code = decode(known, bit);
    if (code < 16) lengths.push(code);
    else if (code === 16) lengths.push(...Array(bits(2) + 3).fill(lengths[lengths.length - 1]));
    else lengths.push(...Array(code === 17 ? bits(3) + 3 : bits(7) + 11).fill(0));
  }
  return [codes(lengths.slice(0, letters)), codes(lengths.slice(letters))];
}

/* A canonical Huffman code as "length:code" -> symbol. */
function codes(lengths) {
  const table = new Map();
  let code = 0;
  for (let length = 1; length < 16; length++, code <<= 1) {
    lengths.forEach((own, symbol) => own === length && table.set((length << 16) | code++, symbol));
  }
  return table;
}

function decode(table, bit) {
  let code = 0;
  for (let length = 1; length < 16; length++) {
    code = (code << 1) | bit();
    const symbol = table.get((length << 16) | code);
    if (symbol !== undefined) return symbol;
  }
  throw new RangeError("the pack is damaged");
}

/* ---- one unit: its head, its findings, its tables */

let opened = null;

async function drawUnit() {
  const { name } = state;
  const unit = page.name.indexOf(name);
  fill(unitCrumb(unit), quiet(say("opening")));
  const record = await recordOf(unit);
  if (state.view !== "u" || state.name !== name) return;
  const again = opened && opened.unit === unit;
  opened = {
    unit,
    record,
    marks: marksOf(record),
    order: inOrder(record.found || []),
    chosen: again ? opened.chosen : 0,
  };
  fill(unitCrumb(unit), ...unitHead(unit, record), unitBody(record));
  drawFigures();
  choose(opened.chosen);
  if (!again) {
    scrollTo(0, 0);
    document.querySelector(".unit-name h2").focus({ preventScroll: true });
  }
}

function unitCrumb(unit) {
  const among = ordered(matching());
  const at = among.indexOf(unit);
  const printed = page.status[page.status_of[unit]][0] === "returned" ? "print_notice" : "print_unit";
  const steps = [stepTo("previous", among[at - 1]), stepTo("next", among[at + 1])];
  const paper = make("button", { type: "button", onclick: () => print() }, say(printed));
  return crumb(say("back"), addressOf({ view: "units", name: "" }), ...steps, paper);
}

function stepTo(word, unit) {
  const disabled = unit === undefined;
  return make("button", { type: "button", disabled, onclick: () => openUnit(unit) }, say(word));
}

function openUnit(unit) {
  go({ view: "u", name: page.name[unit] });
}

function unitHead(unit, record) {
  const head = make("div", { class: "unit-name" }, make("h2", { tabindex: -1 }, page.name[unit]), stateOf(unit));
  const facts = make("ul", { class: "facts" }, ...record.facts.map((fact) => make("li", {}, fact)));
  const unread = make(
    "ul",
    { class: "unread", hidden: !record.unread.length },
    ...record.unread.map((line) => make("li", {}, line)),
  );
  return [head, facts, unread];
}

function unitBody(record) {
  if (!record.now) return make("section", { class: "panel" }, quiet(say("no_return")));
  const sheets = make("div", { class: "sheets" }, ...officialTables(), ...quotedTexts(record));
  const tools = sheetTools(record.last, record.found.length);
  return make(
    "div",
    { class: "unit-body" },
    findingsPanel(record),
    make("section", { class: "panel sheets-panel" }, tools, sheets),
  );
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
  const skipped = sum(record, all, ([, , none]) => none);
  const rulewise = make(
    "dl",
    { class: "each", hidden: true },
    ...all.flatMap((rule) => ruleLine(rule, record.ran[rule])),
  );
  const families = make("dl", {}, ...page.families.flatMap((family) => familyLine(record, family)));
  const unrun = skipped ? make("p", {}, say("unrun", { n: skipped })) : "";
  return make("div", { class: "checked" }, checkedHead(record, all, findings, rulewise), families, unrun, rulewise);
}

function sum(record, rules, pick) {
  return rules.filter((rule) => record.ran[rule].length).reduce((total, rule) => total + pick(record.ran[rule]), 0);
}

/* How many cases of these rules ran, and how many of them failed. */
function outcomeOf(record, rules) {
  const ran = sum(record, rules, ([cases, , skipped, none]) => cases - skipped - none);
  return [ran, sum(record, rules, ([, wrong]) => wrong)];
}

function checkedHead(record, rules, findings, rulewise) {
  const [ran, failed] = outcomeOf(record, rules);
  const outcome = say("outcome", { passed: ran - failed, failed }) + (findings ? say("grouped", { n: findings }) : "");
  const onclick = (event) => toggleEach(event.target, rulewise);
  const toggle = make("button", { type: "button", class: "link", "aria-expanded": false, onclick }, say("list_all"));
  return make(
    "div",
    { class: "checked-head" },
    make("span", {}, make("b", {}, say("checked", { ran })), outcome),
    toggle,
  );
}

function familyLine(record, [label, rules]) {
  const [ran, failed] = outcomeOf(record, rules);
  return ran ? [make("dt", {}, label), make("dd", {}, `${shown(ran - failed)} / ${shown(ran)}`)] : [];
}

function ruleLine(rule, counts) {
  const [id, title] = page.rules[rule];
  const [word, kind] = ruleOutcome(counts);
  return [make("dt", {}, `${id} ${title}`), make("dd", { class: kind }, word)];
}

function ruleOutcome([cases, failed, skipped, none]) {
  if (failed) return [say("failed", { n: failed }), "failed"];
  if (none === cases) return [say("not_applicable"), "quietly"];
  return skipped ? [say("not_run"), "quietly"] : [say("passed"), ""];
}

function toggleEach(toggle, rulewise) {
  rulewise.hidden = !rulewise.hidden;
  toggle.setAttribute("aria-expanded", !rulewise.hidden);
  toggle.textContent = say(rulewise.hidden ? "list_all" : "list_none");
}

/* ---- the official tables, filled from what is opened: a unit, or the county's totals */

function officialTables() {
  return [...document.querySelectorAll("template[id^=form-]")].map((form) => form.content.cloneNode(true));
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

function switchYear(mode) {
  history.replaceState(null, "", addressOf({ year: mode }));
  state = readAddress();
  drawFigures();
  choose(opened.chosen);
}

/* Which cells the open findings mark: the first finding of a cell marks it, errors come before warnings. */
function marksOf(record) {
  const marks = new Map();
  const mark = (field, kind, word, value) => field >= 0 && !marks.has(field) && marks.set(field, { kind, word, value });
  for (const found of (record.found || []).filter(isOpen)) {
    const kind = found.kind === "error" ? "bad" : "doubt";
    const here = found.either.filter(([field]) => field === found.at).map(([, value]) => value);
    for (const [field, value] of found.mend) mark(field, kind, kind === "bad" ? "should" : "either", value);
    if (!found.mend.length) mark(found.at, kind, here.length ? "either" : "look", here.join(say("comma")));
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

/* ---- the sentences of the text that findings quote */

function quotedTexts(record) {
  const piece = ([text, number]) => (number < 0 ? text : quoteOf(record.found[number], text));
  const sentence = (parts) => make("p", {}, say("ellipsis"), ...parts.map(piece), say("ellipsis"));
  return record.said.flatMap(([title, parts]) => [
    make("h3", {}, say("texts", { title })),
    make("div", { class: "said" }, sentence(parts)),
  ]);
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

/* ---- the county's totals in the three official tables, last year beside */

function drawTotals() {
  const [now, last] = page.sums;
  const [heading, notes] = page.sums_said;
  opened = { record: { now, last }, marks: new Map(), order: [], chosen: 0, usual: "both" };
  const whole = panel(
    heading,
    "",
    about(...notes),
    sheetTools(last, 0),
    make("div", { class: "sheets" }, ...officialTables()),
  );
  whole.classList.add("sheets-panel");
  fill(whole);
  drawFigures();
}

/* ---- keys. Letters are off while typing, and can be turned off for good measure. */

let lettersOn = true;

function switchKeys() {
  lettersOn = !lettersOn;
  byId("keys").setAttribute("aria-pressed", lettersOn);
  byId("keys").textContent = say(lettersOn ? "keys_on" : "keys_off");
}

function onKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const typing = event.target.matches("input, select, textarea");
  const act = KEYS_ALWAYS[event.key] || (!typing && lettersOn && LETTERS[event.key.toLowerCase()]);
  if (act && act(event) !== false) event.preventDefault();
}

const KEYS_ALWAYS = {
  Escape: () => leave(),
  ArrowDown: (event) => arrow(event, 1),
  ArrowUp: (event) => arrow(event, -1),
  Enter: (event) => backToFinding(event),
};

const LETTERS = {
  "/": () => findUnits(),
  j: () => nextFinding(1),
  k: () => nextFinding(-1),
  "[": () => pressed(0),
  "]": () => pressed(1),
};

/* Escape clears the search; in a unit, a rule or another view it goes back to the list. */
function leave() {
  if (state.view === "units" && state.search) refine({ search: "" });
  else if (state.view === "rule") go({ view: "problems", name: "" });
  else if (state.view !== "units") go({ view: "units", name: "" });
}

function arrow(event, step) {
  const inList = event.target.id === "search" || event.target.closest(".units tr[data-unit]");
  if (state.view !== "units" || !inList) return false;
  return moveInList(step);
}

function backToFinding(event) {
  const number = event.target.matches("td, mark") && event.target.dataset.of;
  if (!number) return false;
  return document.querySelector(`[data-finding="${number}"]`).focus();
}

function findUnits() {
  if (byId("lists").hidden) go({ view: "units", name: "" });
  byId("search").focus();
}

function nextFinding(step) {
  if (state.view !== "u" || !opened) return false;
  const to = opened.chosen + (document.activeElement.matches("td, mark, .finding") ? step : 0);
  return to >= 0 && to < opened.order.length ? choose(to, true) : false;
}

function pressed(which) {
  const button = document.querySelectorAll("#view .crumb button")[which];
  return state.view === "u" && button && !button.disabled ? button.click() : false;
}
