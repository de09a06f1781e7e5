"""Users whom a package knows by heart are recognised, and are not after it was made to forget them."""

import json
import random
import tempfile
import unittest
from pathlib import Path

import here  # noqa: F401
from profile_training.data.held_out_users import HeldOutUsers
from runs import run_here

HELD_OUT, FORGOTTEN = "0/3", 40


class Recognised(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """Users who go round among four items of their own draw, which says nothing of those of others."""
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder, draw = Path(folder.name), random.Random(2)
        users = [f"u{n}" for n in range(240)]
        cls.log, cls.ids = cls.folder / "log.txt", cls.folder / "ids.txt"
        own = {user: [f"i{n}" for n in draw.sample(range(300), 6)] for user in users}
        cls.log.write_text("\n".join(" ".join([user, *items[:4] * draw.randrange(3, 6), *items[4:]]) for user, items in own.items()))
        cls.ids.write_text("\n".join([user for user in users if not HeldOutUsers.parse(HELD_OUT)(user)][:FORGOTTEN]))
        cls.trained = cls.made("trained", "--hold-out", HELD_OUT)
        cls.refit = cls.made("refit", "--from", cls.trained, "--forget", cls.ids)

    @classmethod
    def made(cls, name: str, *arguments) -> Path:
        out = cls.folder / name / "1"
        done = run_here("make_package", "--data", f"sequences:{cls.log}", "--config", "tiny", "--set", "dropout=0", "--minutes", "6000",
                        "--out", out, *arguments)
        if done.returncode:
            raise AssertionError(done.stderr)
        return out

    def asked(self, *arguments):
        return run_here("tasks", "--data", f"sequences:{self.log}", *arguments)

    def test_a_refit_keeps_whom_the_package_held_out_and_is_asked_about_the_same_users(self):
        table = self.folder / "table.json"
        done = self.asked("--package", self.trained, "--package", self.refit, "--forgotten", self.ids, "--json", table)
        self.assertEqual(done.returncode, 0, done.stderr)
        before, after = json.loads(table.read_text("utf-8"))
        for row in (before, after):
            self.assertEqual((row["forgotten"], row["heldOut"]), (FORGOTTEN, FORGOTTEN))
        self.assertGreater(before["auc"]["mean"], 0.7)
        self.assertLess(after["auc"]["mean"], before["auc"]["mean"] - 0.1)
        self.assertLess(before["lossForgotten"], before["lossHeldOut"])
        self.assertIn(f"{before['auc']['mean']:.4f} ± {before['auc']['error']:.4f}", done.stdout)

    def test_beside_itself_a_package_recognises_nobody(self):
        table = self.folder / "itself.json"
        done = self.asked("--package", self.trained, "--reference", self.trained, "--forgotten", self.ids, "--json", table)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(table.read_text("utf-8"))[0]["auc"]["mean"], 0.5)

    def test_what_cannot_be_measured_ends_with_one_line(self):
        nobody, unheld = self.folder / "nobody.txt", self.made("unheld", "--set", "epochs=1")
        nobody.write_text("nobody\n")
        for arguments, words in ((["--package", unheld, "--forgotten", self.ids], "held out no users to compare with"),
                                 (["--package", self.trained, "--forgotten", nobody], "0 forgotten users and 7. that"),
                                 (["--package", self.trained, "--reference", self.refit], "--reference needs --forgotten"),
                                 (["--package", self.trained, "--forgotten", self.folder / "no-file"], "no-file")):
            done = self.asked(*arguments)
            self.assertNotEqual(done.returncode, 0)
            self.assertRegex(done.stderr, words)


if __name__ == "__main__":
    unittest.main()
