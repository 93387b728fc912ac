"""Query parameters that an operation does not declare are refused.

What it declares is what the OpenAPI description says: `@extend_schema(parameters=…)`, and for
lists what their pagination reads.
"""

from functools import cache
from typing import Any, NamedTuple

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import is_list_serializer
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from studio.common.errors import Invalid


class Declared(NamedTuple):
    """Only a plain text may be empty; `values` are those that an enum lists."""

    takes_empty: bool
    values: tuple[str, ...] = ()


class KnownParameters(APIView):
    """Refuses unknown query parameters, and values that their enum does not list, after the
    permission check; the 400 names the parameter and what would be right."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        method = str(request.method)
        if not request.query_params or method == "OPTIONS" or method not in self.allowed_methods:
            return
        view: Any = type(self)
        declared = declared_parameters(view, method)
        for name, value in sorted(request.query_params.items()):
            if name not in declared:
                known = ", ".join(sorted(declared))
                takes = f"It takes {known}." if known else "It takes none."
                raise Invalid(f"There is no query parameter {name!r} here. {takes}")
            takes_empty, values = declared[name]
            if values and value not in values:
                raise Invalid(f"{name} must be one of {', '.join(values)}.")
            if not value and not takes_empty:
                raise Invalid(f"{name} is empty. Leave it out, or give it a value.")

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """The methods of the address are in the header `Allow`."""
        return Response(status=204)


@cache
def declared_parameters(view: type[APIView], method: str) -> dict[str, Declared]:
    """The query parameters of an operation, as the OpenAPI description has them."""
    schema = _schema_of(view, method)
    declared = {
        parameter.name: Declared(parameter.type is str, tuple(map(str, parameter.enum or ())))
        for parameter in schema.get_override_parameters()
        if isinstance(parameter, OpenApiParameter) and parameter.location == OpenApiParameter.QUERY
    }
    paginator = getattr(schema.view, "paginator", None)
    if paginator is not None and is_list_serializer(schema.get_response_serializers()):
        fields = paginator.get_schema_operation_parameters(schema.view)
        declared |= {str(field["name"]): Declared(field["name"] == "cursor") for field in fields}
    return declared


def _schema_of(view: type[APIView], method: str) -> Any:
    """The description that `@extend_schema` has put on the view's method."""
    handler = getattr(view, "get" if method == "HEAD" else method.lower(), None)
    schema: Any = getattr(handler, "kwargs", {}).get("schema", AutoSchema)()
    schema.view = view()
    schema.view.request, schema.view.args, schema.view.kwargs = None, (), {}
    schema.method = method
    return schema
