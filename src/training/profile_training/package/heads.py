"""What others lose who trained a head on the vectors of one version and feed it those of the next.

A head is the linear probe of tasks.py: fitted on the old vectors of half of the users, it is asked about the other half.
"""

import numpy as np

from profile_training.data.histories import EventLog
from profile_training.encoding.hashing import hash64
from profile_training.encoding.histories import encode_histories
from profile_training.evaluation.ranking import vectors
from profile_training.probes.people import LEAST, NEXT, People
from profile_training.probes.probe import predicted, score
from profile_training.probes.questions import Question, questions_of

MOST = 5_000  # users asked


def heads(log: EventLog, old: tuple, new: tuple) -> list:
    """`old` and `new` are (model, encoder) -> a figure of each question that the log can answer, of the users that no head saw."""
    people = cut_before_last(log)
    if len(people.users) < LEAST:
        return []
    was, now = (vectors_of(people, *version) for version in (old, new))
    fitted = np.array([hash64(user) % 2 == 0 for user in people.users])
    return [asked(question, was, now, fitted) for question in questions_of(people)]


def asked(question: Question, was: np.ndarray, now: np.ndarray, fitted: np.ndarray) -> dict:
    """`old`: the head on the vectors that it was trained on, `kept`: on the new ones, `anew`: one that was trained on those."""
    inside, outside = question.rows[fitted[question.rows]], question.rows[~fitted[question.rows]]
    y, truth = question.labels[fitted[question.rows]], question.labels[~fitted[question.rows]]
    figures = {name: score(question.measure, truth, predicted(trained[inside], y, at[outside]))
               for name, trained, at in (("old", was, was), ("kept", was, now), ("anew", now, now))}
    return {"question": question.name, "measure": question.measure,
            **{name: None if np.isnan(figure) else round(float(figure), 4) for name, figure in figures.items()}}


def cut_before_last(log: EventLog) -> People:
    """Known is what came before the newest events, which the questions are about."""
    able = sorted((user for user, history in log.histories.items() if len(history) > NEXT), key=hash64)[:MOST]
    known, later = ([log.histories[user][cut] for user in able] for cut in (slice(None, -NEXT), slice(-NEXT, None)))
    return People(able, known, later, [events[-1].micros for events in known],
                  max(history[-1].micros for history in log.histories.values()), [log.attributes.get(user, {}) for user in able], {})


def vectors_of(people: People, model, encoder) -> np.ndarray:
    """(U, D) of what is known, never of attributes."""
    data = encode_histories(dict(zip(people.users, people.known)), {}, encoder)
    return vectors(model, data, range(len(people.users)), data.lengths()).numpy()
