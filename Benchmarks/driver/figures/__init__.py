"""One module a family of figures. A figure is a function of the bench that measures and returns a Result."""

import dataclasses


@dataclasses.dataclass
class Row:
    """One figure with its target; `met` is None where there is none."""
    name: str
    value: str
    target: str = ""
    met: bool | None = None


@dataclasses.dataclass
class Result:
    rows: list = dataclasses.field(default_factory=list)
    # (title, header, rows of texts)
    tables: list = dataclasses.field(default_factory=list)
    notes: list = dataclasses.field(default_factory=list)

    def add(self, name, value, target="", met=None):
        self.rows.append(Row(name, value, target, met))

    def table(self, title, header, rows):
        self.tables.append((title, header, rows))


class Skipped(Exception):
    """A figure that this machine or this build cannot give; says why."""


FIGURES = {}


def figure(name, what, quick=False):
    """Registers a figure: `scripts/bench --only NAME`."""
    def register(function):
        function.what, function.quick = what, quick
        FIGURES[name] = function
        return function
    return register


def count(value):
    return f"{value:,.0f}"


def percent(share):
    return f"{share * 100:.0f} %"
