/* ---- the page's own Python: it works beside the page, one request after another, and can be ended */

const state = { year: "" };
const carried = {};
let helper = null;
let queue = Promise.resolve();

async function readCarried() {
  for (const id of ["wasm", "library", "house", "script"]) {
    const part = byId(`part-${id}`);
    carried[id] = bytesOf(part.textContent);
    part.remove();
  }
}

/* What is packed stays here: a worker that was ended is followed by another. */
async function startHelper() {
  const [wasm, library, house, script] = await Promise.all(
    ["wasm", "library", "house", "script"].map((id) => gunzip(carried[id])),
  );
  const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const worker = new Worker(address);
  const started = { worker, answered: null };
  await new Promise((done, fail) => {
    worker.onerror = (event) => fail(new Error(event.message));
    worker.onmessage = ({ data }) => (data.ready ? done() : fail(new Error(data.broken)));
    const start = { wasm, library, house, lock: page.lock };
    worker.postMessage({ start }, [wasm.buffer, library.buffer, house.buffer]);
  });
  URL.revokeObjectURL(address);
  return started;
}

/* Ask for one thing; what does not come in time, or breaks the Python, is an Error whose message says which. */
function ask(request, files, seconds = page.patience) {
  const asked = queue.then(() => askHelper(request, files, seconds));
  queue = asked.catch(() => {});
  return asked;
}

async function askHelper(request, files, seconds) {
  const { worker } = await helper;
  let clock = 0;
  try {
    return await new Promise((done, fail) => {
      clock = setTimeout(() => fail(new Error("stopped")), seconds * 1000);
      worker.onerror = () => fail(new Error("died"));
      worker.onmessage = ({ data }) => (data.broken ? fail(new Error("died")) : done(data));
      worker.postMessage({ request, files });
    }).then(({ text, content, took, heap }) => ({ ...JSON.parse(text), content, took, heap }));
  } catch (wrong) {
    worker.terminate();
    helper = startHelper();
    throw wrong;
  } finally {
    clearTimeout(clock);
  }
}

/* ---- the files: each with its own outcome, so that no file ever shows another's */

let entries = [];
let shownFile = null;
let turn = 0;

function entryOf({ file, handle }) {
  return { name: file.name, file, handle, last: null, bytes: null, verdict: null, record: null, problem: "" };
}

async function take(sources) {
  if (!sources.length) return;
  const mine = ++turn;
  entries = sources.map(entryOf);
  shownFile = null;
  draw();
  for (const entry of entries) {
    await checkEntry(entry);
    if (turn !== mine) return;
    draw();
  }
  for (const entry of pair()) await checkEntry(entry);
  if (turn !== mine) return;
  const own = entries.filter((entry) => !entries.some((other) => other.last === entry));
  if (own.length === 1) shownFile = own[0];
  draw(true);
  if (entries.some((entry) => entry.verdict)) getReadyToMark();
}

/* Once, and while she reads: the first marked copy would take a second or more, the next ones a third of that. */
function getReadyToMark() {
  if (!page.readyToMark) page.readyToMark = ask({ what: "ready" }, [], page.patience_write).catch(() => {});
}

/* Last year's file of the same unit, where both were given. */
function pair() {
  const known = (entry) => entry.verdict && entry.verdict.unit && typeof entry.verdict.year === "number";
  const before = (entry, other) =>
    known(entry) &&
    known(other) &&
    other.verdict.unit === entry.verdict.unit &&
    other.verdict.year === entry.verdict.year - 1;
  for (const entry of entries) entry.last = entries.find((other) => before(entry, other)) || null;
  return entries.filter((entry) => entry.last);
}

function filesOf(entry) {
  const both = entry.last ? [entry, entry.last] : [entry];
  return both.map(({ name, bytes }) => [name, bytes]);
}

async function checkEntry(entry) {
  entry.busy = true;
  Object.assign(entry, await outcomeOfFile(entry));
  entry.busy = false;
}

async function outcomeOfFile(entry) {
  const none = { verdict: null, record: null, problem: "" };
  try {
    const file = entry.handle ? await entry.handle.getFile() : entry.file;
    entry.seen = `${file.lastModified} ${file.size}`;
    entry.bytes = new Uint8Array(await file.arrayBuffer());
  } catch (wrong) {
    return { ...none, problem: say("gone", { name: entry.name }) };
  }
  try {
    const { out, err } = await ask({ what: "check" }, filesOf(entry));
    const verdict = out ? JSON.parse(out) : null;
    if (!verdict || verdict.status === "unreadable") return { ...none, problem: verdict ? verdict.message : err.trim() };
    const record = await ask({ what: "view" }, filesOf(entry));
    return { ...none, verdict, record, notes: err.trim(), time: new Date() };
  } catch (wrong) {
    return { ...none, problem: problemSentence(entry, wrong) };
  }
}

function problemSentence(entry, wrong) {
  return wrong.message === "stopped" ? say("out_of_time", { file: entry.name }) : say("died", { file: entry.name });
}

/* ---- a file that the browser lets us look at again is checked at each save */

async function look() {
  for (const entry of entries) {
    if (!entry.handle || entry.busy) continue;
    const file = await entry.handle.getFile().catch(() => null);
    if (!file || `${file.lastModified} ${file.size}` === entry.seen) continue;
    await checkEntry(entry);
    for (const other of entries) if (other.last === entry) await checkEntry(other);
    draw();
  }
}

async function watch() {
  await look().catch(() => {});
  setTimeout(watch, page.watch * 1000);
}

/* ---- choosing and dropping */

async function chooseFiles() {
  if (!window.showOpenFilePicker) return byId("file").click();
  const handles = await showOpenFilePicker({ multiple: true }).catch((wrong) => {
    if (wrong.name !== "AbortError") byId("file").click();
    return [];
  });
  take(await Promise.all(handles.map(async (handle) => ({ handle, file: await handle.getFile() }))));
}

function chosenIn(event) {
  const files = [...event.target.files].map((file) => ({ file }));
  event.target.value = "";
  return files;
}

/* A handle must be asked for before the event is over; a browser that has none, or refuses, gives the file. */
async function dropped(event) {
  event.preventDefault();
  byId("drop").classList.remove("over");
  const items = [...event.dataTransfer.items].filter((item) => item.kind === "file");
  const given = items.map((item) => ({
    file: item.getAsFile(),
    handle: item.getAsFileSystemHandle ? item.getAsFileSystemHandle().catch(() => null) : null,
  }));
  const sources = await Promise.all(given.map(async ({ file, handle }) => sourceOf(file, await handle)));
  take(sources.filter(Boolean));
}

function sourceOf(file, handle) {
  if (handle && handle.kind === "directory") return null;
  return file && { file, handle: handle || undefined };
}

async function chooseLast(event) {
  const [source] = chosenIn(event);
  const entry = shownFile;
  if (!source || !entry) return;
  const last = entryOf(source);
  last.bytes = new Uint8Array(await last.file.arrayBuffer());
  entry.last = last;
  await checkEntry(entry);
  if (shownFile === entry) draw();
}

/* ---- what stands on the page: the list of files, or one of them */

function draw(focus = false) {
  const busy = entries.find((entry) => entry.busy || (!entry.verdict && !entry.problem));
  byId("drop").classList.toggle("small", entries.length > 0);
  tell(busy ? say("checking") : "");
  document.title = shownFile && shownFile.verdict ? `${titleOf(shownFile)} · ${page.title}` : page.title;
  if (shownFile) drawFile(shownFile);
  else byId("view").replaceChildren(...(entries.length ? [fileList()] : []));
  if (focus && shownFile) document.querySelector(".unit-name h2").focus();
}

function tell(sentence) {
  byId("state").textContent = sentence;
}

function titleOf({ verdict, name }) {
  return verdict ? verdict.unit || say("no_unit") : name;
}

function fileList() {
  const lines = entries.map((entry) => {
    const { verdict } = entry;
    const open = make("button", { type: "button", class: "open", onclick: () => showFile(entry) }, entry.name);
    return [open, verdict ? titleOf(entry) : "", verdict && verdict.year ? String(verdict.year) : "", outcomeMark(entry)];
  });
  const heads = [say("file"), say("unit"), say("year"), say("result")];
  return panel(say("files", { n: entries.length }), "", plainTable(heads, lines, "files"));
}

function outcomeMark(entry) {
  if (entry.problem) return make("span", { class: "outcome none" }, say("not_checked"));
  if (!entry.verdict) return make("span", { class: "outcome none" }, say("checking"));
  return make("span", { class: `outcome ${entry.verdict.status}` }, countsOf(entry.record));
}

function countsOf({ errors, warnings }) {
  const some = errors ? (warnings ? "counts" : "counts_errors") : warnings ? "counts_warnings" : "counts_none";
  return say(some, { errors, warnings });
}

function showFile(entry) {
  shownFile = entry;
  state.year = "";
  opened = null;
  draw(true);
  scrollTo(0, 0);
}

function drawFile(entry) {
  const head = make("div", { class: "unit-name" }, make("h2", { tabindex: -1 }, titleOf(entry)));
  const notes = [...crumbOf(), head, factsOf(entry)];
  if (entry.problem) notes.push(make("p", { class: "unreadable", role: "alert" }, entry.problem));
  if (entry.verdict) notes.push(make("p", { class: "verdict" }, outcomeMark(entry)));
  if (entry.verdict || entry.problem) notes.push(makeBar(entry), madeLine(entry));
  if (!entry.record) return byId("view").replaceChildren(...notes);
  Object.assign(page, page.editions[entry.record.edition]);
  openRecord(entry.record, opened && opened.entry === entry ? opened.chosen : 0, { entry });
  byId("view").replaceChildren(...notes, bodyOf(entry.record));
  drawOpened();
}

function crumbOf() {
  if (entries.length < 2) return [];
  const back = make("button", { type: "button", class: "back", onclick: leave }, say("all_files"));
  return [make("div", { class: "crumb" }, back)];
}

function leave() {
  if (entries.length < 2) return false;
  shownFile = null;
  draw();
  return document.querySelector(".files .open").focus();
}

function factsOf(entry) {
  const { verdict, time, last, name, notes } = entry;
  const facts = verdict ? [verdict.year ? say("year_of", { year: String(verdict.year) }) : "", name] : [];
  if (time) facts.push(say("checked_at", { time: time.toLocaleTimeString("zh-CN") }));
  if (verdict && verdict.code) facts.push(say("code", { code: verdict.code }));
  if (verdict && last && !notes) facts.push(say("compared", { name: last.name }));
  const lines = [...facts, notes].filter(Boolean).map((fact) => make("li", {}, fact));
  const advice = verdict ? make("li", { class: "advice" }, say(entry.handle ? "watching" : "not_watched")) : "";
  return make("ul", { class: "facts" }, ...lines, advice);
}

function bodyOf(record) {
  const sheets = make("div", { class: "sheets" }, ...officialTables(), ...wholeTexts(record));
  const tables = make("section", { class: "panel sheets-panel" }, sheetTools(record.last, record.found.length), sheets);
  return make("div", { class: "unit-body" }, findingsPanel(record), tables);
}

function switchYear(mode) {
  state.year = mode;
  drawOpened();
}

/* ---- the texts, with what findings quote and the figures that agree with the tables */

const AGREES = -2;

function wholeTexts(record) {
  const key = make("p", { class: "texts-key" }, make("span", { class: "key agrees" }, say("key_agrees")));
  const texts = record.texts.flatMap(([title, parts]) => [
    make("h3", {}, title),
    make("div", { class: "said" }, ...paragraphs(parts, record)),
  ]);
  return [key, ...texts];
}

function paragraphs(parts, record) {
  const lines = [make("p")];
  for (const [words, number, cells] of parts) {
    words.split("\n").forEach((line, n) => {
      if (n) lines.push(make("p"));
      if (line) lines[lines.length - 1].append(stretchOf(line, number, cells, record));
    });
  }
  return lines;
}

function stretchOf(words, number, cells, record) {
  if (number >= 0) return quoteOf(record.found[number], words);
  const title = say("agrees", { cells });
  return number === AGREES ? make("span", { class: "agrees", title }, words) : words;
}

/* ---- what she has made of a file */

function makeBar(entry) {
  const draft = Boolean(entry.record && entry.record.errors);
  const some = page.actions.filter((action) => Boolean(action.of_unread) === Boolean(entry.problem));
  const buttons = some.map((action) => {
    const label = (draft && action.label_draft) || action.label;
    return make("button", { type: "button", "data-action": action.id, onclick: () => makeFile(entry, action, label) }, label);
  });
  const last = make("button", { type: "button", class: "apart", onclick: () => byId("last").click() }, say("choose_last"));
  return make("div", { class: "make", role: "group", "aria-label": say("make") }, ...buttons, entry.verdict ? last : "");
}

function madeLine(entry) {
  return make("p", { class: "made", id: "made", role: "status" }, entry.made || "");
}

async function makeFile(entry, action, name) {
  const show = (sentence) => {
    entry.made = sentence;
    if (shownFile === entry) byId("made").textContent = sentence;
  };
  show(say("working", { name }));
  try {
    const draft = Boolean(entry.record && entry.record.errors);
    const made = await ask({ what: action.id, draft }, filesOf(entry), page.patience_write);
    if (!made.content) return show(`${made.out}\n${made.err}`.trim());
    save(made.name, made.content);
    show([say("made", { name: made.name }), ...(action.of_unread ? [made.out.trim()] : [])].join("\n"));
  } catch (wrong) {
    show(problemSentence(entry, wrong));
  }
}

function save(name, content) {
  const address = URL.createObjectURL(new Blob([content], { type: "application/octet-stream" }));
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}

/* ---- keys. Letters are off while typing, and can be turned off for good measure. */

let lettersOn = true;

function switchKeys() {
  lettersOn = !lettersOn;
  byId("keys").setAttribute("aria-pressed", lettersOn);
  byId("keys").textContent = say(lettersOn ? "keys_on" : "keys_off");
}

const LETTERS = { o: () => chooseFiles(), j: () => nextFinding(1), k: () => nextFinding(-1) };
const ALWAYS = { Escape: () => (shownFile ? leave() : false), Enter: (event) => backToFinding(event) };

function onKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const typing = event.target.matches("input, select, textarea");
  const act = ALWAYS[event.key] || (!typing && lettersOn && LETTERS[event.key.toLowerCase()]);
  if (act && act(event) !== false) event.preventDefault();
}

/* ---- start */

function listen() {
  each(".buttons, .keys", (element) => (element.hidden = false));
  nameTheme();
  DARK.onchange = nameTheme;
  byId("theme").onclick = switchTheme;
  byId("print").onclick = () => print();
  byId("keys").onclick = switchKeys;
  byId("choose").onclick = chooseFiles;
  byId("file").onchange = (event) => take(chosenIn(event));
  byId("last").onchange = chooseLast;
  ondragover = (event) => {
    event.preventDefault();
    byId("drop").classList.add("over");
  };
  ondragleave = (event) => event.relatedTarget || byId("drop").classList.remove("over");
  ondrop = dropped;
  onkeydown = onKey;
}

async function start() {
  listen();
  await readCarried();
  helper = startHelper();
  await helper;
  page.ready = performance.now();
  window.onerror = null; // what goes wrong from here on is no matter of the browser's age
  if (!entries.length) tell(say("ready"));
  watch();
}

start().catch(() => tooOld());
