"""``python -m tests.fraud.table``: tries every case, writes what the engine said into ``docs/fraud.md``."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.fraud.cases import CASES

HERE = Path(__file__).parent
PAGE = HERE.parent.parent / "docs" / "fraud.md"
BEGIN, END = "<!-- cases -->", "<!-- end of cases -->"
_NUMBER = re.compile(r"test_(\d\d)_")


class Outcomes:
    """A pytest plugin: what was said of each case, and whether all its tests passed."""

    def __init__(self) -> None:
        self.said: dict[int, list[str]] = {}
        self.tests: dict[int, dict[str, bool]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        found = _NUMBER.search(report.nodeid)
        if found is None or (report.when != "call" and report.passed):
            return
        number, name = int(found[1]), report.nodeid.rpartition("::")[2].partition("[")[0]
        tests = self.tests.setdefault(number, {})
        tests[name] = tests.get(name, True) and report.passed
        for key, value in report.user_properties:
            said = self.said.setdefault(number, [])
            if key == "said" and value not in said:
                said.append(str(value))


def table(outcomes: Outcomes) -> str:
    rows = ["| # | case | expected | the engine | what a camera cannot see of it |", "|---|---|---|---|---|"]
    for number, case in CASES.items():
        tests = outcomes.tests.get(number, {})
        said = "; ".join(outcomes.said.get(number, [])) or "not tried"
        passed = said if all(tests.values()) else f"**failed** ({said})"
        rows.append(f"| {number} | {case.name} | {case.expected} | {passed} | {case.beyond} |")
    return "\n".join(rows)


def main() -> int:
    outcomes = Outcomes()
    options = ["-q", "-p", "no:cacheprovider", f"--ignore={HERE / 'test_table.py'}"]
    code = int(pytest.main([*options, str(HERE)], plugins=[outcomes]))
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{table(outcomes)}\n{END}{after}", encoding="utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main())
