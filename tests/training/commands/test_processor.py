"""The environment that long commands restart themselves with."""

import os
import subprocess
import sys
import unittest

from here import TRAINING
from profile_training.processor import CPU_INFO, threads_of, tuned


class Processor(unittest.TestCase):
    def test_the_kernels_are_those_that_the_processor_can_run(self):
        self.assertEqual(tuned({"avx2", "fma", "avx512f"})["OPENBLAS_CORETYPE"], "SkylakeX")
        self.assertEqual(tuned({"avx2", "fma"})["OPENBLAS_CORETYPE"], "Haswell")
        self.assertNotIn("OPENBLAS_CORETYPE", tuned({"sse2", "avx2"}))

    def test_openblas_has_as_many_threads_as_the_command_was_given(self):
        for arguments, threads in (([], "1"), (["--threads", "2", "--seed", "3"], "2"), (["--data", "x", "--threads=4"], "4"),
                                   (["--threads"], "1")):
            with self.subTest(arguments):
                self.assertEqual(threads_of(arguments), threads)

    @unittest.skipUnless(CPU_INFO.exists(), "other systems are left as they are")
    def test_a_command_restarts_once_with_its_arguments_and_keeps_what_the_environment_says(self):
        script = ("import os, sys; from profile_training.processor import restart_tuned; restart_tuned(); "
                  "print(sys.argv[1:], os.environ['MALLOC_TRIM_THRESHOLD_'], os.environ['MALLOC_MMAP_THRESHOLD_'])")
        bare = {name: value for name, value in os.environ.items() if not name.startswith(("OPENBLAS", "MALLOC"))}
        done = subprocess.run([sys.executable, "-c", script, "an argument"], cwd=TRAINING, capture_output=True, text=True,
                              env={**bare, "MALLOC_TRIM_THRESHOLD_": "7"})
        self.assertEqual((done.stdout, done.stderr), ("['an argument'] 7 2000000000\n", ""))


if __name__ == "__main__":
    unittest.main()
