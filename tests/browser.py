"""A real Chromium for the tests: started once, driven by selenium, with what it fetched and complained of."""

import json
import shutil
import subprocess
import tempfile
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PROGRAM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync",
    "--disable-component-update", "--force-color-profile=srgb", "--hide-scrollbars",
)  # fmt: skip

SIDEWAYS = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Every text against what is painted behind it, by the WCAG formula: how many, and those under 4.5.
CONTRAST = """
const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
const light = ([r, g, b]) => 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
const ground = (e) => numbers(getComputedStyle(e).backgroundColor);
const behind = (e) => (ground(e)[3] === 0 ? behind(e.parentElement) : ground(e));
function ratio(e) {
  const [dim, bright] = [numbers(getComputedStyle(e).color), behind(e)].map(light).sort((a, b) => a - b);
  return (bright + 0.05) / (dim + 0.05);
}
const speaks = (e) => [...e.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
const seen = [...document.querySelectorAll("body *")].filter((e) => e.checkVisibility() && speaks(e));
return [seen.length, seen.filter((e) => ratio(e) < 4.5).map((e) => [ratio(e), e.outerHTML])];
"""


def missing() -> str:
    """Why the browser tests cannot run here, or nothing."""
    if not (PROGRAM and DRIVER):
        return "Chromium is not installed (apt-get install chromium chromium-driver)"
    if not (shutil.which("fc-list") and subprocess.run(["fc-list", ":lang=zh"], capture_output=True).stdout):
        return "no Chinese letters are installed (apt-get install fontconfig fonts-noto-cjk)"
    return ""


class Browser:
    """One window: it opens a page at a width, reads it, presses keys, prints, and counts what it fetched."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def open(
        self,
        path: Path,
        at: str = "",
        *,
        width: int = 1440,
        height: int = 1180,
        dark: bool = False,
        before: str = "",
    ) -> None:
        """Open a page afresh; ``before`` is script that runs before the page's own."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.cdp("Emulation.setEmulatedMedia", features=[scheme])
        self.cdp(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 500,
        )
        known = self.cdp("Page.addScriptToEvaluateOnNewDocument", source=before)["identifier"]
        self.driver.get("about:blank")
        self.driver.get_log("browser"), self.driver.get_log("performance")
        self.driver.get(f"{path.as_uri()}{at}")
        self.cdp("Page.removeScriptToEvaluateOnNewDocument", identifier=known)
        self.settle()

    def cdp(self, command: str, **put: Any) -> Any:
        return self.driver.execute_cdp_cmd(command, put)

    def run(self, script: str, *put: Any) -> Any:
        return self.driver.execute_script(script, *put)

    def value(self, expression: str) -> Any:
        """The value of an expression, or of its promise."""
        told = f"Promise.resolve({expression}).then((value) => done(JSON.stringify(value ?? null)))"
        return json.loads(self.driver.execute_async_script(f"const done = arguments[0]; {told}"))

    def choose(self, selector: str, *files: Path) -> None:
        """Choose files as by the dialogue of a file input."""
        self.driver.find_element("css selector", selector).send_keys("\n".join(map(str, files)))

    def settle(self) -> None:
        """Wait until what was asked for is drawn: two frames after the unpacking."""
        frame = "requestAnimationFrame(() => setTimeout(done, 30))"
        self.driver.execute_async_script(f"const done = arguments[0]; setTimeout(() => {frame}, 30)")

    def text(self, selector: str) -> str:
        """The text of the first such element, in one line; empty where there is none to be seen."""
        script = "const e = document.querySelector(arguments[0]); return e ? e.innerText : ''"
        return " ".join(self.run(script, selector).split())

    def texts(self, selector: str) -> list[str]:
        """The texts of all such elements that can be seen."""
        seen = "[...document.querySelectorAll(arguments[0])].filter(e => e.checkVisibility())"
        return [" ".join(text.split()) for text in self.run(f"return {seen}.map(e => e.innerText)", selector)]

    def click(self, selector: str) -> None:
        self.run("document.querySelector(arguments[0]).click()", selector)
        self.settle()

    def keys(self, *keys: str) -> None:
        """Press keys where the focus is."""
        from selenium.webdriver.common.action_chains import ActionChains

        for key in keys:
            ActionChains(self.driver).send_keys(key).perform()
        self.settle()

    def pdf(self, path: Path) -> int:
        """Print to a file as paper would have it; the number of pages."""
        printed = self.cdp("Page.printToPDF", preferCSSPageSize=True, printBackground=False)
        path.write_bytes(b64decode(printed["data"]))
        import pypdfium2

        with pypdfium2.PdfDocument(path) as document:
            return len(document)

    def picture(self, path: Path) -> None:
        path.write_bytes(b64decode(self.cdp("Page.captureScreenshot", format="png")["data"]))

    def complaints(self) -> list[str]:
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def fetched(self) -> list[str]:
        """Every address that was asked for since the page was opened."""
        events = (json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance"))
        return [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]


@contextmanager
def running() -> Iterator[Browser]:
    """Start a Chromium with a profile of its own."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    with tempfile.TemporaryDirectory(prefix="xlcheck-browser-", ignore_cleanup_errors=True) as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = str(PROGRAM)
        for flag in (*QUIET, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        driver = webdriver.Chrome(options=options, service=Service(str(DRIVER)))
        driver.set_script_timeout(120)
        try:
            yield Browser(driver)
        finally:
            driver.quit()
