"""Every command is a script, is installed by the same name, and says what to install if a package is missing."""

import subprocess
import sys
import tomllib
import unittest
from importlib.util import find_spec

from here import ROOT, TRAINING
from profile_training import launch
from runs import run_here

SHARED = {"__init__", "arguments", "window_arguments", "going_on", "version_before", "encoders", "forgotten", "privacy",
          "refit"}  # what commands have in common or consist of
MODULES = {path.stem for path in (TRAINING / "profile_training" / "commands").glob("*.py")} - SHARED
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


SCRIPT = '''"""Runs profile_training/commands/{name}.py without installation."""

from profile_training.launch import {name}

{name}()
'''


def started(*arguments) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, *map(str, arguments)], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


class Commands(unittest.TestCase):
    def test_each_is_a_script_that_starts_it(self):
        self.assertEqual({path.stem for path in TRAINING.glob("*.py")}, MODULES)
        for name in MODULES:  # other tests start some of them in processes of their own
            self.assertEqual((TRAINING / f"{name}.py").read_text("utf-8"), SCRIPT.format(name=name))

    def test_the_first_example_of_each_help_is_the_command_itself(self):
        for name in MODULES:
            done = run_here(name, "--help")
            example = next(line for line in done.stdout.splitlines() if line.startswith("    python3 "))
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertTrue(example.startswith(f"    python3 src/training/{name}.py "), example)

    def test_each_is_installed_by_its_name_unless_the_shell_has_the_name(self):
        functions = {name.replace("export_package", "export"): target for name, target in PROJECT["scripts"].items()}
        self.assertEqual(functions, {name: f"profile_training.launch:{name}" for name in MODULES})
        for name in MODULES:
            self.assertEqual(getattr(launch, name).args, (name,))

    def test_the_version_is_that_of_the_service(self):
        self.assertIn(f"<Version>{PROJECT['version']}</Version>", (ROOT / "Directory.Build.props").read_text("utf-8"))


class MissingPackages(unittest.TestCase):
    BARE = ("-S", "-E")  # no packages besides the standard library

    def test_one_line_says_what_to_install(self):
        for name in ("make_package", "content_items"):
            stdout, stderr = started(*self.BARE, TRAINING / f"{name}.py", "--help").communicate()
            self.assertEqual(stdout, "")
            self.assertRegex(stderr, rf"^{name}: [^\n]+ lacks numpy, onnx, torch: apt-get install [^\n]+pip install [^\n]+\n$")

    def test_reading_and_the_demo_need_none(self):
        for name in ("prepare", "demo_events"):
            process = started(*self.BARE, TRAINING / f"{name}.py", "--help")
            self.assertEqual((process.communicate()[1], process.returncode), ("", 0))

    def test_the_names_are_those_of_packages(self):
        self.assertEqual([name for name in launch.PACKAGES if find_spec(name) is None], [])
        self.assertEqual({requirement.split(">")[0] for requirement in PROJECT["dependencies"]}, set(launch.PACKAGES))


if __name__ == "__main__":
    unittest.main()
