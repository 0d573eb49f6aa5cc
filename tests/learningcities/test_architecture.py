"""Imports go down: the floors are the table of docs/architecture.md."""

import re

import pytest

from tests.architecture import PAGE, TOP, House, read_floors
from tests.draw_floors import DRAWING, draw

FLOORS = """
| floor | what it is |
|---|---|
| `house/roof/` | what stands on top |
| `house/ground/` | what everything stands on |
"""


@pytest.fixture
def faults(tmp_path):
    """A function that builds a small house and gives the sentences about its faults."""

    def build(**modules):
        files = {
            "house/roof/__init__.py": "",
            "house/roof/apps.py": "",
            "house/roof/models.py": "class Tile:\n    pass\n",
            "house/ground/__init__.py": "",
            "house/ground/stone.py": "",
        }
        files |= {f"house/{name.replace('__', '/')}.py": source for name, source in modules.items()}
        for name, source in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(source)
        return [fault.sentence for fault in House(tmp_path, read_floors(FLOORS)).faults()]

    return build


def test_imports_go_down_and_never_in_a_circle():
    faults = House(TOP, read_floors(PAGE.read_text())).faults()
    assert not [fault.sentence for fault in faults]


def test_every_floor_of_the_table_is_there():
    for floor in read_floors(PAGE.read_text()):
        path = TOP / floor.package.replace(".", "/")
        assert path.is_dir() or path.with_suffix(".py").is_file(), floor.package


def test_the_drawing_shows_the_floors_and_what_they_import():
    assert DRAWING.read_text() == draw(), "run `make drawing`"


def test_every_file_that_a_page_for_developers_names_is_there():
    files = [f"/{path.relative_to(TOP)}" for path in TOP.rglob("*.*") if ".venv" not in path.parts]
    for page in [PAGE, PAGE.with_name("glossary.md"), TOP / "CONTRIBUTING.md"]:
        for name in set(re.findall(r"[\w./-]+\.(?:py|js|html|toml)\b", page.read_text())):
            assert any(path.endswith(f"/{name}") for path in files), f"{page.name}: {name}"


def test_no_test_file_imports_another_and_a_folder_has_one_module_of_helpers():
    tests = TOP / "tests"
    for path in tests.rglob("*.py"):
        is_importing = re.search(r"^\s*from \S*\btest_\w+ import", path.read_text(), re.MULTILINE)
        assert not is_importing, f"{path}: put what both need into helpers.py, or into tests/ for several folders"
    for folder in {path.parent for path in tests.rglob("test_*.py")}:
        others = {path.name for path in folder.glob("*.py") if not path.name.startswith("test_")}
        assert others <= {"__init__.py", "conftest.py", "helpers.py"}, folder


def test_a_house_in_order_has_no_faults(faults):
    assert not faults(roof__tile="from house.ground import stone", ground__wall="from . import stone")


@pytest.mark.parametrize(
    "source",
    [
        "import house.roof.models",
        "from house.roof.models import Tile",
        "from house.roof import models",
        "from ..roof import models",
        "from ..roof.models import Tile",
        "if TYPE_CHECKING:\n    from house.roof.models import Tile",
    ],
)
def test_an_import_upwards_is_a_fault(faults, source):
    [sentence] = faults(ground__wall=source)
    assert "ground/wall.py" in sentence
    assert "house.roof is a floor above house.ground: move what both need" in sentence


@pytest.mark.parametrize(
    "source",
    [
        "apps.get_model('roof.Tile')",
        "apps.get_model('roof', 'tile')",
        "import_string('house.roof.models.Tile')",
        "import_string('house.roof.models')",
        "tile = models.ForeignKey('roof.Tile', models.CASCADE)",
        "tiles = GenericRelation(to='roof.Tile')",
    ],
)
def test_a_string_that_leads_upwards_is_a_fault(faults, source):
    [sentence] = faults(ground__wall=source)
    assert "of house.roof.models, but house.roof is a floor above house.ground" in sentence


def test_a_relation_to_a_model_of_the_same_app_on_a_higher_floor_is_a_fault(tmp_path):
    for name, source in {
        "house/__init__.py": "",
        "house/apps.py": "",
        "house/ground.py": "models.ForeignKey('Tile', models.CASCADE)",
        "house/roof.py": "class Tile:\n    pass\n",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(source)
    floors = read_floors("| `house/` | all |\n| `house/roof.py` | high |\n| `house/ground.py` | low |\n")
    [fault] = House(tmp_path, floors).faults()
    assert (fault.module, fault.goal) == ("house.ground", "house.roof")


def test_modules_that_import_each_other_are_a_fault(faults):
    [sentence] = faults(ground__wall="from . import floor", ground__floor="from .wall import stone")
    assert "house.ground.floor, house.ground.wall import each other" in sentence


def test_an_import_inside_a_function_is_a_fault(faults):
    [sentence] = faults(ground__wall="def build():\n    from . import stone\n")
    assert "inside a function: import it at the top" in sentence


def test_an_app_may_import_when_it_is_ready(faults):
    assert not faults(roof__apps="def ready(self):\n    from . import models\n")


def test_a_migration_may_name_models_but_not_import_upwards(faults):
    assert not faults(ground__migrations__0001="apps.get_model('roof.Tile')")
    [sentence] = faults(ground__migrations__0001="from house.roof.models import Tile")
    assert "house.roof is a floor above house.ground" in sentence


def test_a_module_that_no_floor_names_is_a_fault(tmp_path):
    (tmp_path / "house").mkdir()
    (tmp_path / "house/cellar.py").write_text("")
    [fault] = House(tmp_path, read_floors("| `house/roof/` | high |\n")).faults()
    assert "stands on no floor" in fault.sentence
