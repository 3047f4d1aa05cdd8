"""The addresses of the JSON door: /api/v1/, described at /api/v1/openapi.json."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path
from ninja import NinjaAPI

from kartoteka.api import appeals, errors, health, study, transfer

api = NinjaAPI(
    title="Kartoteka",
    version="1.0.0",
    description="Answers in, questions out. Times are whole milliseconds since 1970 UTC; ids of answers are UUIDs made where they are given.",
    docs_url=None,
    urls_namespace="api",
)
api.add_router("", health.router)
api.add_router("", study.router)
api.add_router("", appeals.router)
api.add_router("", transfer.router)
errors.translate(api)

urlpatterns: list[URLPattern | URLResolver] = [path("", api.urls)]
