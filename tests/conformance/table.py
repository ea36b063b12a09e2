"""``python -m tests.conformance.table``: runs the plans, writes their table into ``docs/conformance.md``."""

from __future__ import annotations

import sys
from collections import Counter

import pytest

from tests.conformance.plans import BEGIN, END, HERE, PAGE, Plan, plans


class Outcomes:
    """A pytest plugin: the worst outcome of each test, by file and name."""

    def __init__(self) -> None:
        self.seen: dict[tuple[str, str], str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        path, _, name = report.nodeid.partition("::")
        key = (path.rpartition("/")[2], name.partition("[")[0])
        if report.when == "call" or not report.passed:
            self.seen[key] = "failed" if "failed" in (self.seen.get(key), report.outcome) else report.outcome

    def of(self, plan: Plan, module: str) -> str:
        if reason := plan.not_applicable.get(module):
            return f"not applicable: {reason}"
        found = (self.seen.get((plan.file, name)) for name in plan.tests(module))
        return next((outcome for outcome in found if outcome), "**no test**")


def table(outcomes: Outcomes) -> str:
    """Totals, then one row a module."""
    totals = ["| plan | modules | passed | failed | not applicable | no test |", "|---|---|---|---|---|---|"]
    details: list[str] = []
    for plan in plans():
        results = {module: outcomes.of(plan, module) for module in plan.modules}
        count = Counter(result.partition(":")[0].strip("*") for result in results.values())
        figures = [len(results), *(count[key] for key in ("passed", "failed", "not applicable", "no test"))]
        totals.append(f"| {plan.name} | " + " | ".join(map(str, figures)) + " |")
        prefix = f"Every name begins with `{plan.prefix}`." if plan.prefix else ""
        details += ["", f"### {plan.name}, `{plan.id}`", *([prefix] if prefix else []), ""]
        details += ["| module | result |", "|---|---|"]
        details += [f"| `{module}` | {result} |" for module, result in results.items()]
    return "\n".join([*totals, *details])


def main() -> int:
    outcomes = Outcomes()
    about_the_page = f"--ignore={HERE / 'test_table.py'}"
    code = int(pytest.main(["-q", "-p", "no:cacheprovider", about_the_page, str(HERE)], plugins=[outcomes]))
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{table(outcomes)}\n{END}{after}", encoding="utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main())
