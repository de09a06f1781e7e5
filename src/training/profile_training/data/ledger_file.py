"""The file beside an export of events: which entry of the ledger of erased users was the last when the export was made."""

import json
from pathlib import Path

from profile_training.data.event import text_of_micros
from profile_training.data.files import opened
from profile_training.data.times import parse_time
from profile_training.errors import DataError


def read_ledger(path: Path) -> dict:
    """{"ledgerSequence", "exportedAt"}, for the manifest."""
    try:
        with opened(Path(path)) as file:
            row = json.load(file)
    except ValueError as error:
        raise DataError(f"{path}: not JSON: {error}") from None
    sequence, at = (row.get(name) for name in ("ledgerSequence", "exportedAt")) if isinstance(row, dict) else (None, None)
    if type(sequence) is not int or not 0 <= sequence < 2 ** 63:
        raise DataError(f"{path}: ledgerSequence must be a whole number from 0")
    try:
        return {"ledgerSequence": sequence, "exportedAt": text_of_micros(parse_time(at))}
    except (ValueError, TypeError):
        raise DataError(f"{path}: exportedAt must be a time such as 2026-11-27T10:00:00Z") from None
