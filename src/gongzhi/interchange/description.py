"""Completes the description of the API: what every operation may refuse, and how.

Each app describes its own answers; refusals, and the header that makes a write safe to repeat,
are the same everywhere and are said here, once.
"""

from __future__ import annotations

from typing import Any

from gongzhi.kernel.access import Access

PROBLEM = "application/problem+json"
_FIELD = {
    "type": "object",
    "required": ["field", "message", "mend"],
    "properties": {name: {"type": "string"} for name in ("field", "message", "mend")},
}
_TEXTS = ("type", "title", "code", "detail", "instance")
_PROBLEM = {
    "type": "object",
    "title": "Problem",
    "description": "What was refused and why (RFC 9457); `errors` names each field and its mend.",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {name: {"type": "string"} for name in _TEXTS}
    | {"status": {"type": "integer"}, "errors": {"type": "array", "items": _FIELD}},
}
_REFUSALS = {
    "400": "The body cannot be read",
    "401": "A token is needed, or this one opens nothing",
    "403": "The caller may not do this",
    "404": "There is no such thing, or the caller may not know of it",
    "409": "Somebody else was first, or the record's state excludes this",
    "413": "The body is too large",
    "422": "A field cannot be taken as it is",
    "429": "Too often; Retry-After says when again",
}
_ALWAYS = ("404", "422")
_WRITING = ("400", "409", "413")
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key and caller gets the first answer again, for seven days.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
}


def complete(schema: dict[str, Any], accesses: dict[str, Access]) -> None:
    """Add to every operation what it may refuse; *accesses* are by operation id."""
    components = schema.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = _PROBLEM
    components["responses"] = {
        status: {
            "description": words,
            "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status, words in _REFUSALS.items()
    }
    for methods in schema["paths"].values():
        for method, operation in methods.items():
            _complete(method, operation, accesses.get(operation["operationId"]))


def _other_media(operation: dict[str, Any]) -> None:
    """Leave JSON out where the operation says that it answers with something else."""
    for answer in operation["responses"].values():
        if len(answer.get("content", {})) > 1:
            answer["content"].pop("application/json", None)


def _complete(method: str, operation: dict[str, Any], access: Access | None) -> None:
    _other_media(operation)
    wanted = [*_ALWAYS, "429"]
    if method != "get":
        wanted += _WRITING
        operation.setdefault("parameters", []).append(_KEY)
    if access is not None and access.face not in ("public", "reporter"):
        wanted += ["401", "403"]
    else:
        # A wrong token is told, also where none is needed.
        wanted += ["401"]
        operation["security"] = [{}, {"token": []}]
    for status in sorted(wanted):
        operation["responses"].setdefault(status, {"$ref": f"#/components/responses/{status}"})


def accesses_of(api: Any) -> dict[str, Access]:
    """Return what each operation of the API declares, by its id."""
    found: dict[str, Access] = {}
    for _prefix, router in api._routers:
        for view in router.path_operations.values():
            for operation in view.operations:
                declared = getattr(operation.view_func, "access", None)
                if isinstance(declared, Access):
                    found[_id_of(api, operation)] = declared
    return found


def _id_of(api: Any, operation: Any) -> str:
    return str(operation.operation_id or api.get_openapi_operation_id(operation))
