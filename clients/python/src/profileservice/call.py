"""A request of the API and how its answer is read; who sends it is another matter."""
from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import httpx

from profileservice.errors import ProfileServiceError, error_of

T = TypeVar("T")

BYTES = {"Accept": "application/octet-stream"}
_JSON = {"Content-Type": "application/json"}
_NO_ROUTE = "not_found"  # the code of a wrong address


@dataclass(frozen=True)
class Call(Generic[T]):
    """A request that may be sent again, and what makes a result of its answer."""

    method: str
    path: str
    read: Callable[[httpx.Response], T]
    query: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None

    def request(self, http: httpx.Client | httpx.AsyncClient, credentials: Mapping[str, str]) -> httpx.Request:
        """The request as a client of httpx sends it."""
        query = [(name, _text(one)) for name, value in self.query.items() for one in _values(value)]
        params = httpx.QueryParams(tuple(query)) if query else None
        return http.build_request(self.method, self.path, params=params, headers={**self.headers, **credentials}, content=self.body)

    def result(self, answer: httpx.Response) -> T:
        """What the answer says; a refusal is raised."""
        return self.read(answer)


def get(path: str, **query: Any) -> Call[Any]:
    """Reads what must be there."""
    return Call("GET", path, body_of, query)


def find(path: str, **query: Any) -> Call[Any]:
    """Reads what may be unknown, which is None."""
    return Call("GET", path, or_none(body_of), query)


def send(method: str, path: str, value: Any, read: Callable[[httpx.Response], Any] | None = None,
         accept: Mapping[str, str] | None = None) -> Call[Any]:
    """Sends a value as JSON."""
    return Call(method, path, read or body_of, headers={**_JSON, **(accept or {})}, body=bytes_of(value))


def bytes_of(value: Any) -> bytes:
    """A value as JSON; NaN and infinity are not."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def body_of(answer: httpx.Response) -> Any:
    """The JSON of an answer of success."""
    raise_refusal(answer)
    return json_of(answer, answer.content)


def json_of(answer: httpx.Response, text: str | bytes) -> Any:
    """A text of the answer, read as JSON."""
    try:
        return json.loads(text)
    except ValueError as e:
        raise ProfileServiceError(f"{answer.url} answered something that is not JSON; is the address that of the service?",
                                  answer.status_code) from e


def broken_off(answer: httpx.Response) -> httpx.RemoteProtocolError:
    """The error of an answer without its last line."""
    return httpx.RemoteProtocolError("The answer broke off before its end.", request=answer.request)


def or_none(read: Callable[[httpx.Response], T]) -> Callable[[httpx.Response], T | None]:
    """None where the service says that it knows nothing of a user or an item."""
    def read_or_none(answer: httpx.Response) -> T | None:
        if answer.status_code == 404 and error_of(answer).code not in (None, _NO_ROUTE):
            return None
        raise_refusal(answer)
        return read(answer)
    return read_or_none


def raise_refusal(answer: httpx.Response) -> None:
    """Raises the error that an answer is, unless it is one of success."""
    if not answer.is_success:
        raise error_of(answer)


def of_user(user_id: str, resource: str = "") -> str:
    """The path of a user, or of what belongs to it."""
    return f"v1/users/{_part(user_id, 'user_id')}/{resource}".rstrip("/")


def of_item(item_id: str, resource: str = "") -> str:
    """The path of an item, or of what belongs to it."""
    return f"v1/items/{_part(item_id, 'item_id')}/{resource}".rstrip("/")


def of_category(category: str, resource: str) -> str:
    """The path of what belongs to a category."""
    return f"v1/categories/{_part(category, 'category')}/{resource}"


def of_erasure(receipt: str) -> str:
    """The path of the receipt of an erasure."""
    return f"v1/erasures/{_part(receipt, 'receipt')}"


def _part(value: str, name: str) -> str:
    if not value or value in (".", ".."):
        raise ValueError(f"{name} is {value!r}; an address cannot name that")
    return quote(value, safe="")


def _values(value: Any) -> Sequence[Any]:
    """The values of a parameter, which is repeated where there are many; a value may hold a comma."""
    return () if value is None else value if isinstance(value, (list, tuple)) else (value,)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
