"""Going on with a package: what an epoch reads, how the package reads a log with more words, and where new rows begin."""

import unittest
from dataclasses import replace

import numpy as np
import torch

from histories import histories_of
from profile_training.config.tiny import CONFIG
from profile_training.encoding.encoder import FIRST, Encoder
from profile_training.encoding.histories import encode_histories
from profile_training.encoding.schema import grown_schema, vocabulary_schema
from profile_training.model.factory import model_of
from profile_training.model.layers import unit
from profile_training.objective.next_item import NextItem
from profile_training.objective.predecessor import Predecessor
from profile_training.package.new_rows import begin_new_rows

OLD = {f"u{n}": "abcdefgh"[n % 3:] for n in range(200)}
NEW = {**OLD, "u0": "abcdefghXabcd", "v": "aXYbc"}


def encoded() -> tuple:
    """(encoder, data) of the old log, and of the new one with the vocabulary that grew."""
    before = Encoder(*vocabulary_schema(CONFIG, histories_of(**OLD), {}), 100)
    after = Encoder(*grown_schema(before.inputs, before.vocabulary, histories_of(**NEW), {}), 100)
    return (before, encode_histories(histories_of(**OLD), {}, before)), (after, encode_histories(histories_of(**NEW), {}, after))


def predecessor() -> Predecessor:
    (before, _), (_, data) = encoded()
    known = np.array([len(OLD.get(user, "")) for user in data.users])
    return Predecessor(model_of(CONFIG, before.inputs).eval(), known)


class GoingOn(unittest.TestCase):
    def test_an_epoch_reads_every_history_with_new_events_and_a_share_of_the_others(self):
        _, (_, data) = encoded()
        objective = NextItem(replace(CONFIG, replay=0.2), data, np.random.default_rng(0), predecessor())
        objective.learn_from(data.lengths())
        new, counts = {data.users.index(user) for user in ("u0", "v")}, []
        for _ in range(10):
            read = {row for rows, *_ in objective.batches() for row in rows}
            self.assertLessEqual(new, read)
            counts.append(len(read - new))
        self.assertLess(abs(np.mean(counts) - 0.2 * 199), 10)
        self.assertGreater(len(set(counts)), 1)  # drawn anew in each epoch

    def test_the_package_reads_a_log_with_more_items_as_its_own_encoder_does(self):
        (before, _), (_, data) = encoded()
        read, own = predecessor().reading(data), encode_histories(histories_of(**NEW), {}, before)
        for name, cells in own.inputs.items():
            np.testing.assert_array_equal(read.inputs[name], cells)
        np.testing.assert_array_equal(read.item_ids.clip(min=-1), own.item_ids.clip(min=-1))
        self.assertEqual(read.item_count, own.item_count)

    def test_distillation_adds_nothing_while_the_model_says_what_the_package_says(self):
        (_, _), (after, data) = encoded()
        before, losses = predecessor(), []
        for weight in (0.0, 5.0):
            torch.manual_seed(0)
            config = replace(CONFIG, dropout=0.0, unknown=0.0, distillation=weight)
            model = model_of(config, after.inputs)
            own = dict(before.model.named_parameters())
            for name, cells in model.named_parameters():
                cells.data[:len(own[name])] = own[name].data
            objective = NextItem(config, data, np.random.default_rng(0), before)
            row = data.users.index("u5")
            losses.append(objective.loss(model, [row], [6], [5])[0].item())
        self.assertAlmostEqual(*losses, places=5)

    def test_a_new_item_begins_among_the_items_that_it_was_met_with(self):
        (before, _), (after, data) = encoded()
        model, known = model_of(CONFIG, after.inputs), before.inputs["items"]["size"]
        rows = model.towers[0].item.weight
        lengths, old = rows.norm(dim=1).clone(), rows[:known + FIRST].clone()
        begin_new_rows(model, known, data, data.lengths(), after)
        x, a = (after.vocabulary["items"][item] for item in "Xa")
        near = unit(rows[FIRST:known + FIRST]) @ unit(rows[x])
        self.assertIn(int(near.argmax()) + FIRST, {a, *(after.vocabulary["items"][item] for item in "ghb")})
        torch.testing.assert_close(rows.norm(dim=1), lengths)
        torch.testing.assert_close(rows[:known + FIRST], old)

    def test_a_new_item_that_nobody_met_begins_among_those_of_like_content(self):
        (before, _), (after, data) = encoded()
        after.contents = {item: [1.0, 0.0] if item in "cY" else [0.0, 1.0] for item in after.vocabulary["items"]}
        after.no_content = [0.0, 0.0]
        model, known = model_of(CONFIG, after.inputs), before.inputs["items"]["size"]
        begin_new_rows(model, known, data, np.zeros(len(data.users), int), after)
        rows, (y, c) = model.towers[0].item.weight, (after.vocabulary["items"][item] for item in "Yc")
        self.assertGreater(float(unit(rows[y]) @ unit(rows[c])), 0.999)


if __name__ == "__main__":
    unittest.main()
