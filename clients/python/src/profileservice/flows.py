"""What flows out: pages of changes and of all profiles, with their vectors as numpy has them."""
from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

import httpx
import numpy

from profileservice.call import broken_off, json_of, raise_refusal
from profileservice.vectors import Floats, floats_in


@dataclass(frozen=True)
class ProfileChange:
    """A profile that was stored, or one that is to be deleted.

    pseudonym: stands for the user, the same in every line. In a deletion nothing else does: its user_id, model and vector are None.
    revision: of the profile; of a deletion, up to which one, None for any. computed_at: as the service writes times; None of a deletion.
    """

    user_id: str | None
    pseudonym: str
    model: str | None
    revision: int | None
    computed_at: str | None
    vector: Floats | None
    deleted: bool


@dataclass(frozen=True)
class ProfileChanges:
    """Changes in the order in which they are to be applied. cursor: what to ask for next, once they are applied."""

    changes: list[ProfileChange]
    cursor: str


@dataclass(frozen=True)
class ExportedProfiles:
    """A page of all profiles of a model.

    cursor: where to follow the changes from; use that of the first page. values: [users, dimension], a row a user.
    next: the user id to go on after; None if there are no more. digest: tells the model from another package of the same name and
    version; if model or digest differ from the page before, begin anew.
    """

    cursor: str
    model: str
    user_ids: list[str]
    pseudonyms: list[str]
    revisions: list[int]
    computed_at: list[str]
    values: Floats
    next: str | None
    digest: str | None = None


def changes_of(answer: httpx.Response) -> ProfileChanges:
    """The changes that an answer has."""
    *lines, last = _lines_of(answer, "cursor")
    return ProfileChanges([_change_of(line) for line in lines], last["cursor"])


def exported_of(answer: httpx.Response) -> ExportedProfiles:
    """The profiles that an answer has."""
    head, *lines, last = _lines_of(answer, "profiles")
    rows = [_floats_of(line["vector"]) for line in lines]
    values = numpy.stack(rows) if rows else numpy.empty((0, head.get("dimension", 0)), numpy.float32)
    return ExportedProfiles(head["cursor"], head["model"], [line["userId"] for line in lines], [line["pseudonym"] for line in lines],
                            [line["revision"] for line in lines], [line["computedAt"] for line in lines], values, last.get("next"),
                            head.get("digest"))


def _lines_of(answer: httpx.Response, last: str) -> list[dict[str, Any]]:
    raise_refusal(answer)
    lines = [json_of(answer, line) for line in answer.content.split(b"\n") if line]
    if not lines or last not in lines[-1]:
        raise broken_off(answer)
    return lines


def _change_of(line: dict[str, Any]) -> ProfileChange:
    vector = line.get("vector")
    return ProfileChange(line.get("userId"), line["pseudonym"], line.get("model"), line.get("revision"), line.get("computedAt"),
                         None if vector is None else _floats_of(vector), line.get("deleted", False))


def _floats_of(vector: str) -> Floats:
    return floats_in(base64.b64decode(vector))
