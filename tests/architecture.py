"""What imports what: read from the source alone, nothing is imported.

The floors are the table of docs/architecture.md, the highest first: `tests/learningcities/test_architecture.py` holds
its rule, `tests/draw_floors.py` draws it.
"""

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path
from string import ascii_letters, digits
from typing import NamedTuple

from django.utils.functional import cached_property

TOP = Path(__file__).parents[1]
PAGE = TOP / "docs" / "architecture.md"
ROW = re.compile(r"^\| `(?P<path>[\w/.]+)` \| (?P<sentence>.+) \|$", re.MULTILINE)
#: Imports that stand inside a function, as "module imported-module", each with its reason.
INSIDE = {
    "learningcities.settings sentry_sdk": "installed only where errors are sent to Sentry",
    "learningcities.settings learningcities.operations.request_log": "needs settings that are complete",
    "learningcities.operations.gunicorn_worker learningcities.operations.health": "loaded before the settings",
}


class Floor(NamedTuple):
    package: str
    sentence: str
    #: The lowest is 0.
    height: int


class Use(NamedTuple):
    """One place at which a module names another one."""

    line: int
    module: str
    is_inside: bool = False
    #: The label or the dotted path that stands there, where it is a string.
    text: str = ""


class Fault(NamedTuple):
    """What breaks a rule, in a sentence that says what to do instead."""

    module: str
    goal: str
    sentence: str


@dataclass
class Module:
    name: str
    path: Path
    source: str
    is_package: bool
    uses: list = field(default_factory=list)

    @cached_property
    def tree(self):
        return ast.parse(self.source)

    @property
    def is_migration(self):
        return ".migrations." in self.name

    def absolute(self, node):
        """The dotted path that a `from … import` names, whatever the number of its dots."""
        if not node.level:
            return node.module
        parents = self.name.split(".")[: None if self.is_package else -1]
        parents = parents[: len(parents) - node.level + 1]
        return ".".join([*parents, *filter(None, [node.module])])


def read_floors(page):
    rows = [(row["path"], row["sentence"]) for row in ROW.finditer(page)]
    assert rows, "the table of floors is missing"
    return [
        Floor(path.strip("/").removesuffix(".py").replace("/", "."), sentence, len(rows) - 1 - position)
        for position, (path, sentence) in enumerate(rows)
    ]


class House:
    """All modules of a tree, what each uses, and on which floor it stands."""

    def __init__(self, top, floors):
        self.floors = {floor.package: floor for floor in floors}
        self.modules = {}
        for package in sorted({floor.package.partition(".")[0] for floor in floors}):
            for path in sorted((top / package).rglob("*.py")):
                path = path.relative_to(top)
                is_package = path.stem == "__init__"
                name = ".".join((path.parent if is_package else path.with_suffix("")).parts)
                self.modules[name] = Module(name, path, (top / path).read_text(), is_package)
        self.labels = self.read_labels()
        for module in self.modules.values():
            module.uses = [*self.imports(module), *(() if module.is_migration else self.strings(module))]

    def floor(self, name):
        """The floor of the module or of the nearest package around it."""
        while name and name not in self.floors:
            name = name.rpartition(".")[0]
        return self.floors.get(name)

    def app(self, name):
        """The label of the Django app that a module belongs to."""
        while name and f"{name}.apps" not in self.modules:
            name = name.rpartition(".")[0]
        return name.rpartition(".")[2]

    def read_labels(self):
        """{app.class in lower case: the module that defines it}."""
        labels = {}
        for module in self.modules.values():
            for node in module.tree.body:
                if isinstance(node, ast.ClassDef) and not module.is_migration:
                    labels.setdefault(f"{self.app(module.name)}.{node.name}".lower(), module.name)
        return labels

    def nearest(self, path):
        """The module that a dotted path leads into, if it is one of ours."""
        while path and path not in self.modules:
            path = path.rpartition(".")[0]
        return path

    def imports(self, module):
        for node, is_inside in walk(module.tree):
            if isinstance(node, ast.Import):
                paths = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                base = module.absolute(node)
                paths = [f"{base}.{alias.name}" for alias in node.names]
                paths = [path if self.nearest(path) == path else base for path in paths]
            else:
                continue
            for path in dict.fromkeys(paths):
                ours = self.nearest(path)
                if ours or is_inside:
                    yield Use(node.lineno, ours or path, is_inside)

    def strings(self, module):
        """Labels of models and dotted paths that stand in strings, for relations, `get_model` and `import_string`."""
        for node in ast.walk(module.tree):
            texts = [node.value] if is_text(node) else []
            if isinstance(node, ast.Call):
                first = [argument.value for argument in node.args[:2] if is_text(argument)]
                # get_model("app", "Model"), and a relation to a model of the same app.
                texts += [".".join(first)] if len(first) == 2 else []
                texts += [f"{self.app(module.name)}.{text}" for text in first[:1] if called(node) in RELATIONS]
            for text in texts:
                if ours := self.dotted(text) or self.labels.get(text.lower()):
                    yield Use(node.lineno, ours, text=text)

    def dotted(self, text):
        if "." not in text or not set(text) <= DOTTED:
            return None
        for path in (text, text.rpartition(".")[0]):
            if path in self.modules and not (path != text and self.modules[path].is_package):
                return path
        return None

    def imported(self):
        """{module: the modules it imports}."""
        return {
            name: {use.module for use in module.uses if use.module in self.modules and not use.text}
            for name, module in self.modules.items()
        }

    def faults(self):
        for module in self.modules.values():
            if self.floor(module.name):
                yield from self.upward(module)
                yield from self.inside(module)
            else:
                yield Fault(
                    module.name, "", f"{module.path} stands on no floor: name its package in docs/architecture.md."
                )
        for circle in circles(self.imported()):
            names = ", ".join(circle)
            yield Fault(circle[0], circle[1], f"{names} import each other: move what they share into a module below.")

    def upward(self, module):
        floor = self.floor(module.name)
        for use in module.uses:
            goal = self.floor(use.module) if use.module in self.modules else floor
            if goal and goal.height > floor.height:
                verb = f'names "{use.text}" of {use.module}' if use.text else f"imports {use.module}"
                yield Fault(
                    module.name,
                    use.module,
                    f"{module.path}:{use.line} {verb}, but {goal.package} is a floor above {floor.package}: move what "
                    f"both need down to {floor.package}, or let {goal.package} listen to a signal or register itself.",
                )

    def inside(self, module):
        if is_startup(module):
            return
        for use in module.uses:
            if use.is_inside and f"{module.name} {use.module}" not in INSIDE:
                yield Fault(
                    module.name,
                    use.module,
                    f"{module.path}:{use.line} imports {use.module} inside a function: import it at the top. If that "
                    "makes a circle, move what both need into a third module; a good reason is written down in "
                    "tests/architecture.py.",
                )


DOTTED = {*ascii_letters, *digits, "_", "."}
RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField", "GenericRelation"}


def is_text(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def called(node):
    return getattr(node.func, "attr", None) or getattr(node.func, "id", "")


def walk(node, is_inside=False):
    """Each node, and whether it stands inside a function."""
    yield node, is_inside
    is_inside = is_inside or isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    for child in ast.iter_child_nodes(node):
        yield from walk(child, is_inside)


def is_startup(module):
    """Models can't be imported before `AppConfig.ready`, and a migration needs its helpers only when it runs."""
    return module.name.rpartition(".")[2] == "apps" or module.is_migration


def circles(edges):
    """The groups of modules that reach each other (Tarjan's strongly connected components)."""
    order, low, stack, groups = {}, {}, [], []

    def visit(name):
        order[name] = low[name] = len(order)
        stack.append(name)
        for other in sorted(edges[name]):
            if other not in order:
                visit(other)
            if other in stack:
                low[name] = min(low[name], low[other])
        if low[name] == order[name]:
            group = stack[stack.index(name) :]
            del stack[stack.index(name) :]
            if len(group) > 1:
                groups.append(sorted(group))

    for name in edges:
        if name not in order:
            visit(name)
    return groups
