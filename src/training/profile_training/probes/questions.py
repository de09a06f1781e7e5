"""The questions: each has a name, a measure and labels, one column an answer.

AUC is the mean over the columns of the probability that a user who has the answer is ranked above one who has not; R² is the share of
the variance that is explained. Columns that fewer than 5 % or more than 95 % of the users have are left out, and so are questions that
fewer than 100 users can be asked.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from profile_training.probes.people import LEAST, NEXT, People, values_of

DAY = 86_400_000_000     # µs
RARE = 0.05              # of the users
MOST_VALUES = 20         # values of a fact that are asked for, one column each
LEAST_OF_VALUE = 0.15    # share of the users that a value of many must have


@dataclass(frozen=True)
class Question:
    name: str
    measure: str         # "AUC" or "R²"
    rows: np.ndarray     # (n) the people that are asked
    labels: np.ndarray   # (n, K)


def questions_of(people: People) -> list:
    asked = [next_categories(people), next_values(people), returns(people), buys(people), *facts(people)]
    return [question for question in asked if question is not None]


def next_categories(people: People):
    sets = [{category for event in people.next_events(row) for category in event.categories} for row in range(len(people.users))]
    return among(f"categories of the next {NEXT}", sets, RARE)


def next_values(people: People):
    found = {row: np.mean(values) for row in range(len(people.users)) if (values := values_of(people.next_events(row), "rating"))}
    return number(f"mean rating of the next {NEXT}", found)


def returns(people: People):
    back = [later[-1].micros - known[-1].micros > DAY for known, later in zip(people.known, people.later)]
    return yes_or_no("comes back after a day", dict(enumerate(back)))


def buys(people: People):
    bought = [any(event.kind == "purchase" for event in people.next_events(row)) for row in range(len(people.users))]
    return yes_or_no(f"buys in the next {NEXT}", dict(enumerate(bought)))


def facts(people: People):
    """One question for each attribute and label: a number, one of two, one of several, or a list."""
    for name in sorted({name for of_user in people.facts for name in of_user}):
        found = {row: of_user[name] for row, of_user in enumerate(people.facts) if name in of_user}
        if all(isinstance(value, list) for value in found.values()):
            yield among(name, [set(found.get(row, ())) for row in range(len(people.users))], RARE)
        elif all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in found.values()):
            yield number(name, found)
        elif len(set(found.values())) == 2:
            yield yes_or_no(name, {row: value == max(found.values()) for row, value in found.items()})
        else:
            yield among(name, [{found[row]} if row in found else set() for row in range(len(people.users))], LEAST_OF_VALUE)


def among(name: str, sets: list, least: float):
    counts = Counter(answer for answers in sets for answer in answers)
    columns = [answer for answer, count in sorted(counts.most_common(MOST_VALUES))
               if least * len(sets) <= count <= (1 - RARE) * len(sets)]
    labels = np.array([[column in answers for column in columns] for answers in sets], float)
    named = f"{name} = {columns[0]}" if len(columns) == 1 else name
    return Question(named, "AUC", np.arange(len(sets)), labels) if columns else None


def yes_or_no(name: str, found: dict):
    labels = np.array(list(found.values()), float)[:, None]
    usual = len(found) >= LEAST and RARE <= labels.mean() <= 1 - RARE
    return Question(name, "AUC", np.array(list(found)), labels) if usual else None


def number(name: str, found: dict):
    labels = np.array(list(found.values()), float)[:, None]
    return Question(name, "R²", np.array(list(found)), labels) if len(found) >= LEAST and labels.std() > 0 else None
