const everyUnit = page.work;
const MISSING = page.status.findIndex(([id]) => id === "missing");

/* A part that the writer drew once, with braces: what they name is put in as text or elements, never as markup. */
function part(name, put) {
  const drawn = document.importNode(byId(`part-${name}`).content, true);
  const walk = document.createTreeWalker(drawn, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walk.nextNode()) nodes.push(walk.currentNode);
  for (const node of nodes) {
    if (node.nodeType === Node.TEXT_NODE) node.replaceWith(...filledText(node.data, put));
    else for (const one of node.attributes) one.value = filledText(one.value, put).join("");
  }
  return drawn;
}

function filledText(text, put) {
  return text.split(/\{(\w+)\}/).map((piece, n) => (n % 2 ? put[piece] : piece)).filter((piece) => piece !== "");
}

function stateOf(unit) {
  const [state, word] = page.status[page.status_of[unit]];
  return part("state", { state, icon: part("icon", { state }), word });
}

/* ---- the address: which view, which unit or rule, which filters. It is the page's only memory. */

let state = {};

function readAddress() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const [view, ...rest] = path.split("/");
  const put = new URLSearchParams(query);
  const name = decoded(rest.join("/"));
  return {
    view: known(view, name) ? view : firstView(),
    name,
    states: new Set((put.get("s") || "").split(",").filter(Boolean)),
    search: put.get("q") || "",
    kind: put.get("k") || "",
    problem: put.get("p") || "",
    region: put.get("r") || "",
    sort: put.get("o") || "",
    year: put.get("y") || "",
    opened: put.get("x"),
  };
}

/* A link sent by a chat program may be cut or half coded; URLSearchParams reads it all the same. */
function decoded(text) {
  return new URLSearchParams(`name=${text.replace(/\+/g, "%2B").replace(/&/g, "%26")}`).get("name");
}

function known(view, name) {
  if (view === "u") return page.name.includes(name);
  if (view === "rule") return page.rules.some(([id]) => id === name);
  return view in VIEWS;
}

function addressOf(changes) {
  const to = { ...state, ...changes };
  const put = new URLSearchParams();
  const parts = {
    s: [...to.states].join(","),
    q: to.search,
    k: to.kind,
    p: to.problem,
    r: to.region,
    o: to.sort,
    y: to.year,
  };
  for (const [key, value] of Object.entries(parts)) if (value) put.set(key, value);
  if (to.opened !== null && to.view === "regions") put.set("x", to.opened);
  const named = to.view === "u" || to.view === "rule" ? `/${encodeURIComponent(to.name)}` : "";
  const query = put.toString();
  return `#/${to.view}${named}${query ? `?${query}` : ""}`;
}

function go(changes) {
  history.pushState(null, "", addressOf(changes));
  show();
}

/* A filter changes the same view: it replaces the address, so that going back leaves the view at once. */
function refine(changes) {
  history.replaceState(null, "", addressOf(changes));
  show();
}

const VIEWS = {
  regions: drawRegions,
  units: drawUnits,
  missing: drawMissing,
  problems: drawProblems,
  totals: drawTotals,
  u: drawUnit,
  rule: drawRule,
};

function firstView() {
  return hasRegions() && page.name.length > page.most ? "regions" : "units";
}

function hasRegions() {
  return page.regions.length > 1;
}

function show() {
  const before = state;
  state = readAddress();
  const listed = state.view === "units" || state.view === "regions";
  byId("overview").hidden = !listed;
  byId("lists").hidden = !listed;
  byId("view").hidden = listed;
  const top = { u: "units", rule: "problems" }[state.view] || state.view;
  for (const link of document.querySelectorAll(".views a")) {
    if (link.dataset.view === top) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = state.name ? `${state.name} · ${page.title}` : page.title;
  VIEWS[state.view]();
  if (before.view === "u" && state.view === "units") focusUnit(page.name.indexOf(before.name));
}

/* A view of its own: its panels replace what stood there. */
function fill(...children) {
  byId("view").replaceChildren(...children);
}

/* ---- which units are listed, and in what order */

let listed = [];
let haystack = null;

function textOf(unit) {
  const rules = page.told[unit].map(([rule]) => (rule < 0 ? "" : page.rules[rule].slice(0, 2).join(" ")));
  return [page.name[unit], ...page.told[unit].map(([, line]) => line), ...rules, page.own_problem[unit] || "", page.known_by[unit]]
    .join("\n")
    .toLowerCase();
}

/* A code as it is written, typed from a stamped paper in whatever way; empty for what is none. */
function codeIn(typed) {
  const letters = typed.normalize("NFKC").toUpperCase().replace(/[^0-9A-Z]/g, "");
  const plain = letters.length === page.code.length && [...letters].every((one) => page.code.letters.includes(one));
  return plain ? `${letters.slice(0, page.code.group)}-${letters.slice(page.code.group)}` : "";
}

/* Whose a paper is, and whether what it was printed from counts: [unit, how it is said]. */
function paperOf(code) {
  const now = everyUnit.find((unit) => page.known_by[unit].split(" ").includes(code));
  if (now !== undefined) return [now, "code_counts"];
  return code in page.older ? [page.older[code], "code_older"] : [-1, "code_none"];
}

function paperSaid(code) {
  const [unit, how] = paperOf(code);
  if (unit < 0 && listed.length) return ""; // it was no code, but the first letters of a name
  return say(how, { text: code, name: page.name[unit] });
}

function matching() {
  const code = codeIn(state.search);
  const paper = code ? paperOf(code)[0] : -1;
  const asked = state.search.trim().toLowerCase();
  if (asked && !haystack) haystack = page.name.map((_, unit) => textOf(unit));
  const kind = page.kinds.indexOf(state.kind);
  const rule = page.rules.findIndex(([id]) => id === state.problem);
  const regions = page.regions.map((region) => within(region, state.region));
  return everyUnit.filter(
    (unit) =>
      (!state.states.size || state.states.has(page.status[page.status_of[unit]][0])) &&
      (!state.kind || page.kind[unit] === kind) &&
      (!state.problem || page.told[unit].some(([known]) => known === rule)) &&
      (!state.region || regions[page.region[unit]]) &&
      (!asked || unit === paper || haystack[unit].includes(asked)),
  );
}

function within(region, asked) {
  return region === asked || region.startsWith(asked + page.level);
}

const NUMBERS = new Set(["errors", "warnings", "fresh", "sent"]);
const KEYS = {
  name: (unit) => page.order[unit],
  kind: (unit) => page.kind[unit],
  errors: (unit) => page.errors[unit],
  warnings: (unit) => page.warnings[unit],
  fresh: (unit) => (page.fresh[unit] === "" ? -1 : Number(page.fresh[unit])),
  sent: (unit) => page.minute[unit],
};

/* The units come in the office's order of work; sorting is stable, so that order decides among equals. */
function ordered(units) {
  const { column, down } = sorting();
  if (column === "status") return down ? [...units].reverse() : units;
  const sign = down ? -1 : 1;
  if (column === "problem") return [...units].sort((a, b) => sign * (problemOf(a) < problemOf(b) ? -1 : 1));
  const key = KEYS[column];
  return [...units].sort((a, b) => sign * (key(a) - key(b)));
}

function sorting() {
  const column = state.sort.replace("-", "");
  return column in page.words.columns ? { column, down: state.sort.endsWith("-") } : { column: "status", down: false };
}

function sortBy(column) {
  const now = sorting();
  const down = now.column === column ? !now.down : NUMBERS.has(column);
  refine({ sort: down ? `${column}-` : column });
}

function problemOf(unit) {
  const told = page.told[unit];
  return page.own_problem[unit] || (told.length ? told[0][1] : "");
}

/* ---- the list: real rows up to the limit, above it only those in view */

const table = document.querySelector(".units");
const body = table.tBodies[0];
const rows = new Map([...body.rows].map((row) => [Number(row.dataset.unit), row]));
let drawnFrom = -1;

function drawUnits() {
  showTools(false);
  listed = ordered(matching());
  markSorting();
  const order = state.sort ? say("by_column", { column: page.words.columns[sorting().column] }) : say("by_work");
  const how = listed.length === everyUnit.length ? "found" : "matching";
  byId("count").textContent = say(how, { n: listed.length, order });
  const code = codeIn(state.search);
  byId("paper").textContent = code ? paperSaid(code) : "";
  drawRows();
}

function markSorting() {
  const { column, down } = sorting();
  for (const head of table.tHead.rows[0].cells) {
    if (head.classList.contains(column)) head.setAttribute("aria-sort", down ? "descending" : "ascending");
    else head.removeAttribute("aria-sort");
  }
}

function drawRows() {
  drawnFrom = -1;
  const many = listed.length > page.most;
  table.classList.toggle("virtual", many);
  if (many) {
    table.setAttribute("aria-rowcount", listed.length + 1);
    return drawWindow();
  }
  table.removeAttribute("aria-rowcount");
  body.replaceChildren(...(listed.length ? listed.map(rowOf) : [emptyRow()]));
}

function rowOf(unit) {
  if (!rows.has(unit)) rows.set(unit, makeRow(unit));
  return rows.get(unit);
}

function makeRow(unit) {
  const here = page.status_of[unit] !== MISSING;
  const none = say("nothing");
  const [sent, times] = [page.sent[unit], page.times[unit]];
  const cells = {
    name: linkTo(unit),
    kind: page.kinds[page.kind[unit]],
    status: stateOf(unit),
    errors: here ? countOf(page.errors[unit]) : "",
    warnings: here ? countOf(page.warnings[unit]) : "",
    problem: problemOf(unit),
    fresh: part("fresh", { now: page.fresh[unit] || none, before: page.before[unit] || none }),
    sent: times > 1 ? part("again", { sent, times: say("times", { n: times }) }) : sent,
  };
  return part("row", { unit, ...cells }).firstElementChild;
}

function linkTo(unit) {
  const name = page.name[unit];
  return part("link", { address: encodeURIComponent(name).replace(/'/g, "%27"), name });
}

function countOf(n) {
  return part("count", { kind: n ? "some" : "none", n });
}

function emptyRow() {
  const clear = make("button", { type: "button", onclick: clearFilters }, say("clear"));
  return make(
    "tr",
    { class: "empty-row" },
    make("td", { class: "empty", colspan: table.tHead.rows[0].cells.length }, say("none"), " ", clear),
  );
}

function clearFilters() {
  refine({ view: "units", states: new Set(), search: "", kind: "", problem: "", region: "" });
  byId("search").focus();
}

function rowHeight() {
  return parseInt(getComputedStyle(table).getPropertyValue("--row"), 10);
}

/* Rows of one height between two gaps; the row with the focus keeps it. */
function drawWindow() {
  const height = rowHeight();
  const from = Math.max(0, Math.min(listed.length - 1, Math.floor(-body.getBoundingClientRect().top / height)) - 8);
  if (Math.abs(from - drawnFrom) < 4 && drawnFrom >= 0) return;
  drawnFrom = from;
  const until = Math.min(listed.length, from + Math.ceil(innerHeight / height) + 20);
  const inside = listed.slice(from, until).map((unit, n) => {
    const row = rowOf(unit);
    row.setAttribute("aria-rowindex", from + n + 2);
    return row;
  });
  const focused = document.activeElement;
  body.replaceChildren(gap(from * height), ...inside, gap((listed.length - until) * height));
  if (body.contains(focused)) focused.focus({ preventScroll: true });
}

function gap(height) {
  const cell = make("td", { colspan: table.tHead.rows[0].cells.length });
  cell.style.height = `${height}px`;
  return make("tr", { class: "gap", "aria-hidden": "true" }, cell);
}

function onScroll() {
  if (state.view === "units" && table.classList.contains("virtual")) drawWindow();
}

/* Moves the focus along the list; a row that is not drawn yet is scrolled to first. */
function moveInList(step) {
  const row = document.activeElement.closest("tr[data-unit]");
  const at = row ? listed.indexOf(Number(row.dataset.unit)) + step : 0;
  if (at < 0) byId("search").focus();
  else if (at < listed.length) focusUnit(listed[at], at);
}

function focusUnit(unit, at = listed.indexOf(unit)) {
  if (at < 0) return;
  const row = rowOf(unit);
  if (!body.contains(row)) {
    scrollTo(0, scrollY + body.getBoundingClientRect().top + at * rowHeight() - innerHeight / 2);
    drawWindow();
  }
  row.querySelector("a").focus();
}

/* ---- tools over the list: search, selects, order of the regions, export */

function showTools(regions) {
  byId("region").hidden = regions || !hasRegions();
  byId("kind").hidden = byId("problem").hidden = regions;
  byId("order").hidden = !regions;
  table.hidden = regions;
  regionTable.hidden = !regions;
  byId("search").value = state.search;
  for (const name of ["region", "kind", "problem"]) byId(name).value = state[name];
  for (const button of document.querySelectorAll(".filter")) {
    button.setAttribute("aria-pressed", state.states.has(page.status[button.dataset.status][0]));
  }
}

function toggleState(id) {
  const states = new Set(state.states);
  if (!states.delete(id)) states.add(id);
  refine({ view: "units", states });
}

function fillSelects() {
  const used = new Set(page.told.flat().map(([rule]) => rule));
  const problems = page.rules.filter((_, rule) => used.has(rule)).map(([id, title]) => [id, title]);
  const named = (names) => names.filter(Boolean).map((name) => [name, name]);
  const options = { kind: named(page.kinds), problem: problems, region: named([...page.regions].sort()) };
  for (const [name, choices] of Object.entries(options)) {
    byId(name).append(...choices.map(([value, text]) => make("option", { value }, text)));
    byId(name).onchange = (event) => refine({ view: "units", [name]: event.target.value });
  }
}

/* A text that a spreadsheet would take for a formula is kept a text. */
function csvCell(value) {
  const text = String(value);
  const kept = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${kept.replace(/"/g, '""')}"`;
}

function exportList() {
  const heads = Object.values(page.words.columns);
  const units = state.view === "units" ? listed : everyUnit;
  const lines = units.map((unit) => [
    page.name[unit],
    page.kinds[page.kind[unit]],
    page.status[page.status_of[unit]][1],
    page.errors[unit],
    page.warnings[unit],
    problemOf(unit),
    page.fresh[unit],
    page.sent[unit],
  ]);
  const text = [heads, ...lines].map((line) => line.map(csvCell).join(",")).join("\r\n");
  const address = URL.createObjectURL(new Blob([`\ufeff${text}\r\n`], { type: "text/csv" }));
  make("a", { href: address, download: say("units_file") }).click();
  URL.revokeObjectURL(address);
}

/* ---- the missing: a table to call from, and a list to copy */

function missingUnits() {
  return everyUnit.filter((unit) => page.status_of[unit] === MISSING);
}

/* A page opened over the office's own http has no clipboard of its own; there a hidden text is copied. */
async function copyMissing(event) {
  const lines = missingUnits().map((unit) => [page.name[unit], ...page.missing[unit].slice(0, 2)].join("\t").trimEnd());
  const text = lines.join("\n");
  if (navigator.clipboard) await navigator.clipboard.writeText(text);
  else copyByHand(text);
  event.target.after(make("span", { class: "copied", role: "status" }, say("copied", { n: lines.length })));
}

function copyByHand(text) {
  const area = make("textarea", {}, text);
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

function drawMissing() {
  const out = missingUnits();
  const lines = out.map((unit) => {
    const [contact, phone, last, ...unread] = page.missing[unit];
    return [linkTo(unit), page.kinds[page.kind[unit]], contact, phone, last, unread.join(" ")];
  });
  const heads = [say("unit"), page.words.columns.kind, say("contact"), say("phone"), say("last_sent"), say("unread")];
  const copy = make("button", { type: "button", onclick: copyMissing }, say("copy"));
  const list = out.length ? plainTable(heads, lines, "stacked narrow-name") : quiet(say("missing_none"));
  fill(panel(say("missing_title", { n: out.length }), out.length ? copy : "", list));
}

/* ---- the problems: by rule, and which units have one */

function unitsByRule() {
  const units = new Map();
  for (const unit of everyUnit) {
    for (const rule of new Set(page.told[unit].map(([known]) => known).filter((known) => known >= 0))) {
      units.set(rule, [...(units.get(rule) || []), unit]);
    }
  }
  return [...units].sort(([a, some], [b, others]) => others.length - some.length || a - b);
}

function drawProblems() {
  const found = unitsByRule();
  const lines = found.map(([rule, units]) => {
    const [id, title, severity] = page.rules[rule];
    return [make("a", { href: `#/rule/${id}` }, title), id, say(severity), shown(units.length)];
  });
  const heads = [say("rule"), "", say("kind"), say("count")];
  const list = found.length ? plainTable(heads, lines, "by-rule") : quiet(say("no_problems"));
  fill(panel(say("problems_title", { n: found.length }), "", list));
}

function drawRule() {
  const rule = page.rules.findIndex(([id]) => id === state.name);
  const [id, title, severity, why, legal] = page.rules[rule];
  const units = everyUnit.filter((unit) => page.told[unit].some(([known]) => known === rule));
  const lines = units.slice(0, page.most).map((unit) => {
    const said = page.told[unit].filter(([known]) => known === rule).map(([, line]) => make("div", {}, line));
    return [linkTo(unit), stateOf(unit), said];
  });
  const explained = about(`${say(severity)} ${id}`, say("why", { text: why }), say("legal", { text: legal }));
  const list = plainTable([say("unit"), say("status"), say("what")], lines, "stacked of-rule");
  document.title = `${title} · ${page.title}`;
  const whole = panel(
    title,
    say("rule_units", { n: units.length }),
    explained,
    list,
    moreOf(id, units.length - page.most),
  );
  fill(crumb(say("back_problems"), "#/problems"), whole);
}

/* The rest of a long list is in the list itself, filtered. */
function moreOf(problem, n) {
  if (n <= 0) return "";
  const href = addressOf({ view: "units", name: "", problem });
  return make("p", { class: "empty" }, make("a", { href }, say("more", { n })));
}

function crumb(words, address, ...buttons) {
  return make("div", { class: "crumb" }, make("a", { href: address, class: "back" }, words), ...buttons);
}

/* ---- the regions: a tree, worst share of missing first */

const regionTable = make("table", { class: "plain regions", hidden: true });
const ORDERS = {
  by_missing: (a, b) => b.counts[MISSING] / b.due - a.counts[MISSING] / a.due || b.due - a.due,
  by_name: (a, b) => (a.path < b.path ? -1 : 1),
  by_due: (a, b) => b.due - a.due,
};

function regionTree() {
  const top = new Map();
  everyUnit.forEach((unit) => {
    const parts = page.regions[page.region[unit]].split(page.level);
    let among = top;
    parts.forEach((name, depth) => {
      const path = parts.slice(0, depth + 1).join(page.level);
      if (!among.has(name))
        among.set(name, { name, path, due: 0, counts: page.status.map(() => 0), inside: new Map() });
      const region = among.get(name);
      region.due += 1;
      region.counts[page.status_of[unit]] += 1;
      among = region.inside;
    });
  });
  return top;
}

function sortedRegions(among) {
  return [...among.values()].sort(ORDERS[byId("order").value]);
}

function drawRegions() {
  showTools(true);
  const top = sortedRegions(regionTree());
  const opened = state.opened === null ? new Set([top[0].path]) : new Set(state.opened.split(","));
  const shownOf = (region) => [region, ...(opened.has(region.path) ? sortedRegions(region.inside) : [])];
  const lines = top.flatMap(shownOf).map((region) => regionRow(region, opened));
  regionTable.replaceChildren(regionHeads(), make("tbody", {}, ...lines));
  const inner = top.reduce((sum, region) => sum + region.inside.size, 0);
  byId("count").textContent = inner
    ? say("regions_tree", { n: top.length, m: inner })
    : say("regions_count", { n: top.length });
}

function regionHeads() {
  const states = shownStates().map((n) => [page.status[n][1], numberKind(n)]);
  const ends = [
    [say("region"), "first"],
    [say("due"), "number keep"],
    [say("progress"), "progress"],
  ];
  const heads = [...ends, ...states, [say("rate"), "number keep"]];
  return make(
    "thead",
    {},
    make("tr", {}, ...heads.map(([word, kind]) => make("th", { scope: "col", class: kind }, word))),
  );
}

const SHOWN = ["missing", "reported", "returned", "resent", "accepted"];

function shownStates() {
  return SHOWN.map((id) => page.status.findIndex(([state]) => state === id));
}

/* A phone keeps the missing and leaves the other states out. */
function numberKind(n) {
  return n === MISSING ? "number keep" : "number";
}

function regionRow(region, opened) {
  const named = region.name || say("no_region");
  const inner = region.path.includes(page.level);
  const open = opened.has(region.path);
  const toggle = region.inside.size
    ? toggleOf(named, open, () => toggleRegion(opened, region.path))
    : make("span", { class: "toggle" });
  const link = make("a", { href: addressOf({ view: "units", region: region.path, opened: null }) }, named);
  const cells = [
    [make("div", { class: inner ? "region inner" : "region" }, toggle, link), ""],
    [shown(region.due), "number keep"],
    [barOf(region.counts), "progress"],
    ...shownStates().map((n) => [shown(region.counts[n]), numberKind(n)]),
    [`${rateOf(region)}%`, "number keep"],
  ];
  return make(
    "tr",
    { "data-region": region.path },
    ...cells.map(([content, kind]) => make("td", { class: kind }, content)),
  );
}

function toggleOf(name, open, onclick) {
  const label = say(open ? "close_region" : "open_region", { name });
  return make(
    "button",
    { type: "button", class: "toggle", "aria-expanded": open, "aria-label": label, onclick },
    open ? "▾" : "▸",
  );
}

function toggleRegion(opened, path) {
  const now = new Set(opened);
  if (!now.delete(path)) now.add(path);
  refine({ opened: [...now].filter(Boolean).join(",") });
  regionTable.querySelector(`[data-region="${CSS.escape(path)}"] button`).focus();
}

function barOf(counts) {
  const parts = shownStates()
    .filter((n) => counts[n])
    .map((n) => {
      const part = make("span", { class: `part ${page.status[n][0]}` });
      part.style.flexGrow = counts[n];
      return part;
    });
  return make("div", { class: "bar", "aria-hidden": "true" }, ...parts);
}

function rateOf(region) {
  return Math.floor((100 * (region.due - region.counts[MISSING])) / region.due);
}

/* The smallest regions with the lowest share of reports, beside the list. */
function lowestPanel() {
  const leaf = (region) => (region.inside.size ? leaves(region.inside) : [region]);
  const leaves = (among) => [...among.values()].flatMap(leaf);
  const lowest = leaves(regionTree()).sort(ORDERS.by_missing).slice(0, 5);
  const lines = lowest.map((region) => {
    const said = say("lowest_line", { share: rateOf(region), missing: region.counts[MISSING] });
    const link = make(
      "a",
      { href: `#/units?r=${encodeURIComponent(region.path)}` },
      region.path.split(page.level).pop() || say("no_region"),
    );
    return make("li", {}, link, make("span", {}, said));
  });
  return panel(say("lowest"), "", make("div", { class: "body" }, make("ul", {}, ...lines)));
}

/* ---- printing: a long list prints as its regions, and a sentence says so */

function beforePrint() {
  if (state.view !== "units" || listed.length <= page.most) return;
  if (listed.length <= page.print_most) return body.replaceChildren(...listed.map(rowOf));
  table.before(make("p", { class: "notice too-long" }, say("long", { n: page.print_most })));
  state.opened = [...regionTree().keys()].join(",");
  drawRegions();
}

function afterPrint() {
  document.querySelector(".too-long")?.remove();
  state = readAddress();
  if (state.view === "units") drawUnits();
}


/* ---- start */


function start() {
  each(".buttons, .views, .tools, .keys, .copy", (element) => (element.hidden = false));
  addRegions();
  fillSelects();
  nameTheme();
  listen();
  show();
}

function addRegions() {
  const choices = Object.keys(ORDERS).map((id) => make("option", { value: id }, say(id)));
  byId("kind").before(make("select", { id: "order", "aria-label": say("order"), onchange: drawRegions }, ...choices));
  table.after(regionTable);
  if (firstView() === "regions") document.querySelector(".beside .totals").before(lowestPanel());
}

function listen() {
  each(".units th button", (button) => {
    button.disabled = false;
    button.onclick = () => sortBy(button.dataset.sort);
  });
  each(".filter", (button) => (button.onclick = () => toggleState(page.status[button.dataset.status][0])));
  each(".copy", (button) => (button.onclick = copyMissing));
  DARK.onchange = nameTheme;
  byId("theme").onclick = switchTheme;
  byId("print").onclick = () => print();
  byId("export").onclick = exportList;
  byId("search").oninput = (event) => refine({ view: "units", search: event.target.value });
  byId("keys").onclick = switchKeys;
  onkeydown = onKey;
  onhashchange = show;
  onbeforeprint = beforePrint;
  onafterprint = afterPrint;
  addEventListener("scroll", onScroll, { passive: true });
}

start();
