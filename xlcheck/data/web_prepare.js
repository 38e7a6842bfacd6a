/* Run by node: start the page's own Python on the folders that the writer laid out, and let it compile them. */
const { readFileSync } = require("fs");
const [runtime, stage, script] = process.argv.slice(2);

async function prepare() {
  const { loadPyodide } = require(`${runtime}/pyodide.js`);
  const steady = { HOME: "/home/pyodide", PYTHONHASHSEED: "0", PYTHONNODEBUGRANGES: "1" };
  const python = await loadPyodide({ indexURL: `${runtime}/`, env: steady });
  python.FS.mkdir("/stage");
  python.FS.mount(python.FS.filesystems.NODEFS, { root: stage }, "/stage");
  python.runPython(readFileSync(script, "utf-8"));
}

prepare().catch((wrong) => {
  console.error(String(wrong));
  process.exit(1);
});
