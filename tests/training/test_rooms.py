"""The folders of profile_training import as the table of src/training/README.md says, and in no circle."""

import ast
import re
import unittest

from here import TRAINING

ROOT = "profile_training"
ROW = re.compile(r"^\| `(\w+)` \| .* \| (.*?) ?\|$", re.MULTILINE)


def table() -> dict:
    """{folder: the folders that it knows}, from the lowest to the highest."""
    rows = ROW.findall((TRAINING / "README.md").read_text("utf-8"))
    return {folder: set(re.findall(r"`(\w+)`", knows)) for folder, knows in rows}


def imported(folder: str) -> set:
    """The folders that the code of a folder imports."""
    found = set()
    for path in (TRAINING / ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
                found.update(name.split(".")[1] for name in names if name.startswith(f"{ROOT}."))
    return {name for name in found if (TRAINING / ROOT / name).is_dir()} - {folder}


class Rooms(unittest.TestCase):
    def test_every_folder_has_a_row_and_imports_what_it_names_and_nothing_else(self):
        folders = {path.parent.name for path in (TRAINING / ROOT).glob("*/__init__.py")}
        self.assertEqual(set(table()), folders)
        for folder, knows in table().items():
            self.assertEqual(imported(folder), knows, folder)

    def test_each_knows_only_those_above_it_in_the_table(self):
        above: set = set()
        for folder, knows in table().items():
            self.assertLessEqual(knows, above, folder)
            above.add(folder)


if __name__ == "__main__":
    unittest.main()
