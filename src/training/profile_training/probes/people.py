"""The users that questions are asked about: what is known of them, and what comes afterwards."""

from dataclasses import dataclass

from profile_training.data.histories import EventLog
from profile_training.errors import DataError

NEXT = 5     # events after the known ones that a question is about
LEAST = 100  # people below which a probe says nothing


@dataclass(frozen=True)
class People:
    users: list     # (U)
    known: list     # (U) of [Event, ...]: what the vectors are computed from
    later: list     # (U) of [Event, ...]: what the questions are about; may be empty
    asked_at: list  # (U) the moment that divides known from later, in micros
    end: int        # of the log, in micros: what comes after it nobody knows
    facts: list     # (U) of {name: value}: attributes and labels, never an input
    others: dict    # {user: [Event, ...]} of everybody else: what rivals may be fitted on

    def with_next(self) -> list:
        """The rows of the people who did enough afterwards to be asked what they do next."""
        return [row for row, later in enumerate(self.later) if len(later) >= NEXT]

    def next_events(self, row: int) -> list:
        return self.later[row][:NEXT]


def people_of(log: EventLog, after: int | None, until: int | None, asked, labels: dict) -> People:
    """Of the users that `asked` picks, those with enough events: known are the first `after`, or those before the moment `until`."""
    picked, others = {}, {}
    for user, history in log.histories.items():
        cut = after if until is None else sum(event.micros < until for event in history)
        if asked(user) and len(history) >= cut > 0:
            picked[user] = history[:cut], history[cut:]
        elif not asked(user):
            others[user] = history
    if len(picked) < LEAST:
        raise DataError(f"{len(picked)} users have enough events to be asked about, at least {LEAST} are needed: "
                        f"give more data, a smaller --after, or a package that held out more users")
    facts = [{**log.attributes.get(user, {}), **labels.get(user, {})} for user in picked]
    known, later = (list(column) for column in zip(*picked.values()))
    asked_at = [events[-1].micros if until is None else until for events in known]
    return People(list(picked), known, later, asked_at, max(history[-1].micros for history in log.histories.values()), facts, others)


def values_of(events: list, kind: str) -> list:
    return [event.value for event in events if event.kind == kind and event.value is not None]
