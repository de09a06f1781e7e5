"""Writes src/profileservice/answers.py, the types of requests and answers, from the service's openapi.json:

    python3 generate.py ../../docs/openapi.json > src/profileservice/answers.py
"""
import json
import keyword
import re
import sys

_PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}


def type_of(schema: dict) -> str:
    """The Python type of a schema."""
    return f"{_type_of(schema)} | None" if schema.get("nullable") else _type_of(schema)


def _type_of(schema: dict) -> str:
    if "$ref" in schema:
        return schema["$ref"].rsplit("/", 1)[1]
    if "oneOf" in schema:
        return " | ".join(dict.fromkeys(type_of(one) for one in schema["oneOf"]))
    kind = schema.get("type")
    if kind == "string" and "enum" in schema:
        return f"Literal[{', '.join(json.dumps(value) for value in schema['enum'])}]"
    if kind == "array":
        return f"list[{type_of(schema['items'])}]"
    if kind == "object":
        values = schema.get("additionalProperties")
        return f"dict[str, {type_of(values) if isinstance(values, dict) else 'Any'}]"
    return _PLAIN[kind] if kind else "Any"


def lines_of(name: str, schema: dict) -> list[str]:
    """One type: a dictionary with the fields of an object, or another name of a plain type."""
    fields = schema.get("properties")
    if not fields:
        return [f"{name} = {type_of(schema)}"]
    required = schema.get("required", [])
    kinds = {field: type_of(of) if field in required else f"NotRequired[{type_of(of)}]" for field, of in fields.items()}
    if any(keyword.iskeyword(field) for field in kinds):  # which no class can have as a member
        written = ", ".join(f"{json.dumps(field)}: {json.dumps(kind)}" for field, kind in kinds.items())
        return [f"{name} = TypedDict({json.dumps(name)}, {{{written}}})"]
    return [f"class {name}(TypedDict):", *(f"    {field}: {kind}" for field, kind in kinds.items())]


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        schemas = json.load(file)["components"]["schemas"]
    parts = [lines_of(name, schema) for name, schema in schemas.items()]
    text = "\n".join(line for part in parts for line in part)
    names = [name for name in ("Any", "Literal", "NotRequired", "TypedDict") if re.search(rf"\b{name}\b", text)]
    print('"""Requests and answers of the API, as JSON has them. Made by generate.py from docs/openapi.json."""')
    print("from __future__ import annotations\n")
    print(f"from typing import {', '.join(names)}")
    for part in parts:
        print("\n", *part, sep="\n")


if __name__ == "__main__":
    main()
