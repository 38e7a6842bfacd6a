"""The county's page in a real Chromium: 100 units beside 20,000, two years of figures each.

python benchmarks/dashboard.py [ROUNDS]
"""

import statistics
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
import browser
from counties import AS_OF, EDITION, PROVINCE, TODAY, province

from xlcheck.county.dashboard.page import write_dashboard

COUNTS = (100, 20_000)
# Each is a piece of script whose time is taken; a layout is forced at the end, for a drawn page is wanted.
STEPS = {
    "search (first)": "refine({view: 'units', search: '应为'})",
    "search (next)": "refine({view: 'units', search: '应为 1'})",
    "sort by name": "refine({view: 'units', search: '', sort: 'name'})",
    "sort by figure": "refine({view: 'units', search: '', sort: 'fresh-'})",
    "open a unit": "packs.clear(); go({view: 'u', name: page.name[page.name.length - 7]}); await drawUnit()",
}
USABLE = """
const [paint] = performance.getEntriesByName("first-contentful-paint");
return Math.max(paint.startTime, performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd);
"""
TIMED = """
const done = arguments[arguments.length - 1];
(async () => {
  const start = performance.now();
  %s;
  document.body.offsetHeight;
  done(performance.now() - start);
})();
"""


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder, browser.running() as chromium:
        pages = {count: Path(folder, f"{count}.html") for count in COUNTS}
        made = {count: written(count, path) for count, path in pages.items()}
        took: dict[str, dict[int, list[float]]] = {}
        for _ in range(rounds):
            for count, path in pages.items():
                for step, ms in opened(chromium, path).items():
                    took.setdefault(step, {}).setdefault(count, []).append(ms)
    print(f"| | {' | '.join(f'{count:,} units' for count in COUNTS)} |")
    print(f"|---|{'--:|' * len(COUNTS)}")
    for n, what in enumerate(("size, MB", "written, s", "memory beyond the standings, MB")):
        print(f"| {what} | {' | '.join(f'{made[count][n]:.2f}' for count in COUNTS)} |")
    for step, times in took.items():
        print(f"| {step}, ms | {' | '.join(f'{statistics.median(times[count]):.0f}' for count in COUNTS)} |")


def written(count: int, path: Path) -> tuple[float, float, float]:
    """Size in MB, seconds to write, and the most memory held meanwhile, in MB."""
    standings = list(province(count))
    start = time.perf_counter()
    write_dashboard(EDITION, PROVINCE, standings, path, TODAY, AS_OF)
    seconds = time.perf_counter() - start
    tracemalloc.start()
    write_dashboard(EDITION, PROVINCE, standings, path, TODAY, AS_OF)
    memory = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return path.stat().st_size / 1e6, seconds, memory


def opened(chromium: browser.Browser, path: Path) -> dict[str, float]:
    """Milliseconds until the page can be used, and for each step on it."""
    chromium.open(path)
    took = {"first usable paint": chromium.run(USABLE)}
    for step, script in STEPS.items():
        took[step] = chromium.driver.execute_async_script(TIMED % script)
    return took


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
