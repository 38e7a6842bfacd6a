/* Runs beside the page, in a worker made of its own text: nothing is fetched, nothing is sent. */

const NOWHERE = "http://nowhere.invalid/"; // an address for files that come from the page itself
let python = null;
let commands = null;

self.onmessage = async ({ data }) => {
  try {
    if (!data.start) return answer(data);
    postMessage({ ready: await start(data.start) });
    commands.warm_up();
  } catch (wrong) {
    postMessage({ broken: String((wrong && wrong.stack) || wrong) });
  }
};

/* What the runtime would fetch, it is handed; asked for anything else, it is refused. */
async function start({ wasm, library, house, lock }) {
  const carried = {
    "pyodide.asm.wasm": ["application/wasm", wasm],
    "python_stdlib.zip": ["application/zip", library],
    "pyodide-lock.json": ["application/json", lock],
  };
  self.fetch = async (asked) => {
    const name = String(asked.url || asked).split("/").pop();
    const [kind, content] = carried[name] || refuse(asked);
    return new Response(content, { headers: { "Content-Type": kind } });
  };
  python = await self.loadPyodide({
    indexURL: NOWHERE,
    lockFileContents: JSON.parse(lock), // of newer runtimes; older ones fetch it
    createPyodideModule: self._createPyodideModule,
    stdout: () => {},
    stderr: () => {},
  });
  self.fetch = refuse; // and what was handed over may go
  python.unpackArchive(house, "zip", { extractDir: "/house" });
  python.runPython('import sys; sys.path.insert(0, "/house")');
  commands = python.pyimport("xlcheck.web.commands");
  return true;
}

function refuse(asked) {
  throw new Error(`nothing is fetched: ${asked}`);
}

function answer({ request, files }) {
  const begun = performance.now();
  const given = python.toPy(files);
  const answered = commands.answer(JSON.stringify(request), given);
  const [text, content] = answered.toJs();
  answered.destroy();
  given.destroy();
  postMessage({ text, content, took: performance.now() - begun, heap: python._module.HEAPU8.length });
}
