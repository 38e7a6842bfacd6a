"use strict";

/* What every page of ours has: what it carries, how elements are made (as text, never as markup), its theme. */

const page = JSON.parse(document.getElementById("index").textContent);
const byId = (id) => document.getElementById(id);
const each = (selector, act) => document.querySelectorAll(selector).forEach(act);

function say(name, put = {}) {
  return page.words[name].replace(/\{(\w+)\}/g, (_, key) => shown(put[key]));
}

function shown(value) {
  return typeof value === "number" ? value.toLocaleString("en-US") : value;
}

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element[name] = value;
    else if (name.startsWith("aria-")) element.setAttribute(name, String(value));
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== "" && child !== null));
  return element;
}

function plainTable(heads, lines, kind = "") {
  const top = make("tr", {}, ...heads.map((head, n) => make("th", { scope: "col", class: n ? "" : "first" }, head)));
  const filled = lines.map((cells) => make("tr", {}, ...cells.map((cell) => make("td", {}, ...[cell].flat()))));
  return make("table", { class: `plain ${kind}` }, make("thead", {}, top), make("tbody", {}, ...filled));
}

function panel(heading, beside, ...children) {
  const top = make("div", { class: "panel-head" }, make("h2", {}, heading), beside);
  return make("section", { class: "panel" }, top, ...children);
}

function quiet(sentence) {
  return make("p", { class: "quiet empty" }, sentence);
}

function about(...sentences) {
  return make("div", { class: "explain" }, ...sentences.map((sentence) => make("p", {}, sentence)));
}

/* ---- light and dark: the system decides, the button overrides */

const DARK = matchMedia("(prefers-color-scheme: dark)");

function isDark() {
  const { theme } = document.documentElement.dataset;
  return theme ? theme === "dark" : DARK.matches;
}

function switchTheme() {
  document.documentElement.dataset.theme = isDark() ? "light" : "dark";
  nameTheme();
}

function nameTheme() {
  byId("theme").textContent = say(isDark() ? "light" : "dark");
}

/* ---- what was packed: base64 of gzip */

async function unpack(text) {
  return JSON.parse(new TextDecoder().decode(await gunzip(bytesOf(text))));
}

function bytesOf(text) {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let n = 0; n < letters.length; n++) bytes[n] = letters.charCodeAt(n);
  return bytes;
}

async function gunzip(bytes) {
  if (!window.DecompressionStream) return inflate(bytes);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/* ---- inflate (RFC 1951, 1952), for browsers that cannot unpack gzip themselves */

const EXTRA_LENGTH = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const EXTRA_DISTANCE = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];
const LENGTH = EXTRA_LENGTH.map((_, n) =>
  n === 28 ? 258 : EXTRA_LENGTH.slice(0, n).reduce((sum, bits) => sum + (1 << bits), 3),
);
const DISTANCE = EXTRA_DISTANCE.map((_, n) => EXTRA_DISTANCE.slice(0, n).reduce((sum, bits) => sum + (1 << bits), 1));
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const GZIP_HEAD = 10; // bytes: we pack without a name

/* The size of what was packed stands in the last four bytes. */
function inflate(bytes) {
  const out = new Uint8Array(new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - 4, true));
  const source = { bytes, at: GZIP_HEAD, hold: 0, held: 0 };
  let put = 0;
  for (let last = 0; !last; ) {
    last = bitsOf(source, 1);
    const kind = bitsOf(source, 2);
    if (kind === 0) put = copyStored(source, out, put);
    else put = copyCodes(source, out, put, ...(kind === 1 ? fixedCodes() : dynamicCodes(source)));
  }
  return out;
}

function bitsOf(source, count) {
  while (source.held < count) {
    source.hold |= source.bytes[source.at++] << source.held;
    source.held += 8;
  }
  const value = source.hold & ((1 << count) - 1);
  source.hold >>>= count;
  source.held -= count;
  return value;
}

function copyStored(source, out, put) {
  const { bytes, at } = source;
  const size = bytes[at] | (bytes[at + 1] << 8);
  out.set(bytes.subarray(at + 4, at + 4 + size), put);
  Object.assign(source, { at: at + 4 + size, hold: 0, held: 0 });
  return put + size;
}

function copyCodes(source, out, put, letters, distances) {
  for (let code = decode(letters, source); code !== 256; code = decode(letters, source)) {
    if (code < 256) {
      out[put++] = code;
      continue;
    }
    const length = LENGTH[code - 257] + bitsOf(source, EXTRA_LENGTH[code - 257]);
    const near = decode(distances, source);
    const distance = DISTANCE[near] + bitsOf(source, EXTRA_DISTANCE[near]);
    for (let n = 0; n < length; n++, put++) out[put] = out[put - distance];
  }
  return put;
}

function fixedCodes() {
  const lengths = Array.from({ length: 288 }, (_, n) => (n < 144 ? 8 : n < 256 ? 9 : n < 280 ? 7 : 8));
  return [codes(lengths), codes(Array(30).fill(5))];
}

function dynamicCodes(source) {
  const [letters, distances, count] = [bitsOf(source, 5) + 257, bitsOf(source, 5) + 1, bitsOf(source, 4) + 4];
  const sizes = Array(19).fill(0);
  for (let n = 0; n < count; n++) sizes[ORDER[n]] = bitsOf(source, 3);
  const known = codes(sizes);
  const lengths = [];
  while (lengths.length < letters + distances) {
    const code = decode(known, source);
    if (code < 16) lengths.push(code);
    else if (code === 16) lengths.push(...Array(bitsOf(source, 2) + 3).fill(lengths[lengths.length - 1]));
    else lengths.push(...Array(code === 17 ? bitsOf(source, 3) + 3 : bitsOf(source, 7) + 11).fill(0));
  }
  return [codes(lengths.slice(0, letters)), codes(lengths.slice(letters))];
}

/* A canonical Huffman code: how many codes have each length, and the symbols in the order of their codes. */
function codes(lengths) {
  const counts = new Uint16Array(16);
  for (const length of lengths) counts[length]++;
  counts[0] = 0;
  const used = lengths.map((length, symbol) => [length, symbol]).filter(([length]) => length);
  return { counts, symbols: Uint16Array.from(used.sort(([a, b], [c, d]) => a - c || b - d), ([, symbol]) => symbol) };
}

function decode({ counts, symbols }, source) {
  let [code, first, index] = [0, 0, 0];
  for (let length = 1; length < 16; length++) {
    code |= bitsOf(source, 1);
    const count = counts[length];
    if (code - count < first) return symbols[index + code - first];
    index += count;
    first = (first + count) << 1;
    code <<= 1;
  }
  throw new RangeError("the pack is damaged");
}
