"""Golden samples: raw windows with the inputs and outputs that the service has to reproduce (docs/model-package.md)."""

import torch

from encode import Encoder
from events import row_of
from windows import CONTENT


LEAST = 20  # samples of a package
STRANGERS = [f"nobody-has-this-{n}" for n in range(12)]  # items that no vocabulary has


def golden_windows(histories: dict, people: dict, full: int) -> list:
    """(events, attributes) of lengths from 1 to over-full, of real users, and windows that lack one thing or another."""
    overfull = full + max(1, full * 3 // 10)
    users = sorted(histories, key=lambda user: (-len(histories[user]), user))
    person = people.get(users[0], {})
    pool = [event for user in users[:8] for event in histories[user]]
    pool = (pool * overfull)[:overfull]  # joined and repeated, so that over-full exists in any data
    longest, micros = [], pool[0].micros
    for n, event in enumerate(pool):
        micros += 1_500_000 * 7 ** (n % 7) + n  # gaps from seconds to days
        longest.append(event._replace(micros=micros, id=""))
    windows = [(longest[-n:], person) for n in (1, 2, 3, 5, full - 1, full, full + 1, overfull)]
    for n, user in enumerate(users[:: max(1, len(users) // 10)][:10]):
        windows.append((histories[user][-(7 * n + 4):], people.get(user, {}) if n % 2 else {}))
    some = longest[:12]
    amounts = (-1e9, -3.5, 0.0, 1e-3, 2.0, 59.9, 1e4, 1e30)
    windows.append(([e._replace(categories=()) for e in some], {}))
    windows.append(([e._replace(value=None) for e in some], person))
    windows.append(([e._replace(item=stranger) for stranger, e in zip(STRANGERS, some)], {}))
    windows.append(([e._replace(categories=("no such category é 漢",)) for e in some], {"no such attribute": 1}))
    windows.append(([e._replace(value=value) for e, value in zip(some, amounts)], {}))
    windows.append(([e._replace(micros=some[0].micros, id=f"{n:02d}") for n, e in enumerate(some)], {}))
    windows += [(longest[:n], person) for n in range(6, 6 + max(0, LEAST - len(windows)))]  # where there are few users
    return windows


def with_strangers(contents: dict) -> dict:
    """Content also of items that no vocabulary has, so that the samples prove it of them too."""
    return contents | dict(zip(STRANGERS, contents.values()))


def as_tensors(inputs: dict) -> dict:
    """Inputs of one window as a batch of one."""
    return {name: torch.tensor([cells], dtype=torch.float32 if name in ("values", CONTENT) else torch.int64)
            for name, cells in inputs.items()}


@torch.no_grad()
def golden_sample(model, encoder: Encoder, events, attributes: dict) -> dict:
    inputs = encoder.window(events, attributes)
    vector, attention = model(**as_tensors(inputs))
    inputs.pop(CONTENT, None)  # the events carry it
    return {"events": [golden_event(e, encoder) for e in events], "attributes": attributes, "inputs": inputs,
            "vector": rounded(vector[0]), "attention": rounded(attention[0])}


def golden_event(event, encoder: Encoder) -> dict:
    row = {name: part for name, part in row_of(event).items() if name != "userId"}
    return row | ({CONTENT: encoder.contents[event.item]} if event.item in encoder.contents else {})


def contents_of(samples: list) -> dict:
    """Content vectors by item, as the events of golden samples carry them."""
    return {event["itemId"]: event[CONTENT] for sample in samples for event in sample["events"] if CONTENT in event}


def rounded(cells: torch.Tensor) -> list:
    return [round(cell, 7) for cell in cells.double().tolist()]
