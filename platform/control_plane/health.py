"""Whether the process is alive and ready, and its figures."""

from __future__ import annotations

from alembic.script import ScriptDirectory
from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

import migrations
from control_plane.dependencies import ServicesDep
from control_plane.schemas import Output
from lumenpay.db.unscoped import unscoped_session

router = APIRouter(tags=["health"])
metrics_router = APIRouter(include_in_schema=False)


class HealthOut(Output):
    """The process answers."""

    status: str


class ReadyOut(Output):
    """What the process needs, and whether it is there."""

    status: str
    database: str
    schema_revision: str
    broker: str


def newest_revision() -> str:
    """Return the revision that this version of the code was written for."""
    return str(ScriptDirectory(str(next(iter(migrations.__path__)))).get_current_head())


@router.get("/health")
async def health() -> HealthOut:
    """Tell that the process is alive."""
    return HealthOut(status="ok")


@router.get("/ready", responses={503: {"model": ReadyOut}})
async def ready(services: ServicesDep, response: Response) -> ReadyOut:
    """Tell whether requests can be served: the database must answer; without the broker all works, only later."""
    revision = ""
    try:
        async with unscoped_session(services.database) as session:
            found = await session.execute(text("SELECT version_num FROM alembic_version"))
            revision = found.scalar_one()
    except (SQLAlchemyError, OSError, TimeoutError):
        response.status_code = 503
    database = "ok" if revision else "unavailable"
    if revision and revision != newest_revision():
        database = "other_schema"
    broker = "ok" if await services.doorbell.is_alive() else "unavailable"
    state = "unavailable" if response.status_code == 503 else "ok" if broker == "ok" else "degraded"  # noqa: PLR2004 - set above
    return ReadyOut(status=state, database=database, schema_revision=revision, broker=broker)


@metrics_router.get("/metrics")
async def metrics() -> Response:
    """Return the process's figures and those of the queues, for Prometheus."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
