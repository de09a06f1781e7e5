"""The probe finds what is in a vector, finds nothing in noise, and chooses its penalty by the leave-one-out error."""

import unittest

import numpy as np

from profile_training.commands.tasks import row_of
from profile_training.probes.probe import FOLDS, PENALTIES, auc, folds_of, measured, predicted, score
from profile_training.probes.questions import Question

PEOPLE, DIMENSION = 300, 12
USERS = [f"u{n}" for n in range(PEOPLE)]


def question(measure: str, labels) -> Question:
    return Question("q", measure, np.arange(len(labels)), np.asarray(labels, float).reshape(len(labels), -1))


class Probe(unittest.TestCase):
    def setUp(self):
        self.rng = np.random.default_rng(3)
        self.vectors = self.rng.standard_normal((PEOPLE, DIMENSION))

    def test_what_a_vector_says_is_found(self):
        hidden = self.vectors @ self.rng.standard_normal(DIMENSION)
        self.assertGreater(measured(self.vectors, question("R²", hidden), USERS).mean(), 0.99)
        self.assertGreater(measured(self.vectors, question("AUC", hidden > 0), USERS).mean(), 0.97)

    def test_in_noise_nothing_is_found(self):
        noise = self.rng.standard_normal(PEOPLE)
        self.assertLess(measured(self.vectors, question("R²", noise), USERS).mean(), 0.05)
        self.assertAlmostEqual(measured(self.vectors, question("AUC", noise > 0), USERS).mean(), 0.5, delta=0.08)

    def test_vectors_that_are_all_alike_say_nothing(self):
        found = measured(np.ones((PEOPLE, 3)), question("AUC", np.arange(PEOPLE) % 2), USERS)
        np.testing.assert_array_equal(found, 0.5)

    def test_a_question_may_be_put_to_some_of_the_people_only(self):
        some = np.arange(0, PEOPLE, 2)
        found = measured(self.vectors, Question("q", "R²", some, self.vectors[some, :1]), USERS)
        self.assertGreater(found.mean(), 0.99)

    def test_the_penalty_is_that_of_the_least_error_when_each_user_is_left_out_in_turn(self):
        x, y = self.vectors[:40], self.vectors[:40, :1] + self.rng.standard_normal((40, 1))
        scaled = (x - x.mean(0)) / np.sqrt(((x - x.mean(0)) ** 2).mean())

        def fitted(rows, penalty):  # with an intercept that is not penalised
            design = np.column_stack([np.ones(rows.sum()), scaled[rows]])
            ridge = np.diag([0.0] + [penalty] * DIMENSION)
            return np.linalg.solve(design.T @ design + ridge, design.T @ y[rows])

        def error(penalty):
            others = [np.arange(40) != left for left in range(40)]
            return sum((y[left] - np.r_[1, scaled[left]] @ fitted(rows, penalty)) ** 2 for left, rows in enumerate(others)).item()

        best = min(PENALTIES, key=error)
        expected = np.column_stack([np.ones(40), scaled]) @ fitted(np.ones(40, bool), best)
        np.testing.assert_allclose(predicted(x, y, x), expected, atol=1e-8)

    def test_folds_are_of_one_size_and_depend_on_the_ids_and_the_folding_alone(self):
        fold = folds_of(USERS, 0)
        self.assertEqual(np.bincount(fold).tolist(), [PEOPLE // FOLDS] * FOLDS)
        np.testing.assert_array_equal(folds_of(USERS[::-1], 0)[::-1], fold)
        self.assertLess((folds_of(USERS, 1) == fold).mean(), 0.4)
        self.assertEqual(folds_of(["a", "b", "c", "ä", "u1", "u2"], 0).tolist(), [2, 1, 0, 4, 3, 0])

    def test_a_fold_with_one_answer_has_no_measure_and_does_not_count(self):
        for measure, answer in (("R²", 0.1), ("AUC", 1.0)):
            self.assertTrue(np.isnan(score(measure, np.full((20, 1), answer), self.rng.standard_normal((20, 1)))))
        rare = np.where(np.arange(PEOPLE) == 7, 5.0, 0.1)
        folds = measured(self.vectors, question("R²", rare), USERS)
        self.assertEqual(np.isfinite(folds).sum(1).tolist(), [1] * 5)  # the fold of the one user, in each folding
        self.assertTrue(np.isfinite(row_of("q", "R²", {"vector": [folds]})["vector"]["mean"]))

    def test_auc_is_the_share_of_pairs_in_order_and_ties_count_half(self):
        self.assertEqual(auc(np.array([True, False, True, False]), np.array([4.0, 3.0, 2.0, 1.0])), 0.75)
        self.assertEqual(auc(np.array([True, False]), np.array([1.0, 1.0])), 0.5)


if __name__ == "__main__":
    unittest.main()
