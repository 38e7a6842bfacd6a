/* ---- the packs: the tables of some hundred units each, unpacked when one of them is opened */

const packs = new Map();

async function recordOf(unit) {
  const number = Math.floor(unit / page.most);
  if (!packs.has(number)) packs.set(number, unpack(byId(`pack-${number}`).textContent));
  return (await packs.get(number))[unit % page.most];
}

/* ---- one unit: its head, its findings, its tables */

async function drawUnit() {
  const { name } = state;
  const unit = page.name.indexOf(name);
  fill(unitCrumb(unit), quiet(say("opening")));
  const record = await recordOf(unit);
  if (state.view !== "u" || state.name !== name) return;
  const again = opened && opened.unit === unit;
  openRecord(record, again ? opened.chosen : 0, { unit });
  fill(unitCrumb(unit), ...unitHead(unit, record), unitBody(record));
  drawOpened();
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
  return [head, facts, unread, ...record.beside.map(foldOf), pastOf(record)];
}

/* What is known of the unit beside its return: its published report, its points. */
function foldOf([title, lines]) {
  const items = lines.map((line) => make("li", {}, line));
  return make("details", { class: "past" }, make("summary", {}, title), make("ul", {}, ...items));
}

/* Everything that happened between the office and the unit, folded away until it is asked for. */
function pastOf(record) {
  const lines = record.past.map(([at, what]) => make("li", {}, make("span", {}, at), what));
  return make("details", { class: "past", hidden: !lines.length }, make("summary", {}, say("past")), make("ol", {}, ...lines));
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

/* ---- the sentences of the text that findings quote */

function quotedTexts(record) {
  const piece = ([text, number]) => (number < 0 ? text : quoteOf(record.found[number], text));
  const sentence = (parts) => make("p", {}, say("ellipsis"), ...parts.map(piece), say("ellipsis"));
  return record.said.flatMap(([title, parts]) => [
    make("h3", {}, say("texts", { title })),
    make("div", { class: "said" }, sentence(parts)),
  ]);
}

function switchYear(mode) {
  history.replaceState(null, "", addressOf({ year: mode }));
  state = readAddress();
  drawOpened();
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
  j: () => state.view === "u" && nextFinding(1),
  k: () => state.view === "u" && nextFinding(-1),
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

function findUnits() {
  if (byId("lists").hidden) go({ view: "units", name: "" });
  byId("search").focus();
}

function pressed(which) {
  const button = document.querySelectorAll("#view .crumb button")[which];
  return state.view === "u" && button && !button.disabled ? button.click() : false;
}
