"""The mailbox over HTTP: JSON for scripts."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.mail.mailbox import Mailbox

ADDRESS = "/sandbox/mailbox/"


def routes(mailbox: Mailbox) -> list[Route]:
    async def read(request: Request) -> Response:
        if request.method == "DELETE":
            mailbox.empty()
            return Response(status_code=204)
        query = request.query_params
        to, since, limit = (
            query.get("to", ""),
            query.get("since", "").replace(" ", "+"),
            query.get("limit", ""),
        )
        try:
            if query.get("count"):
                return JSONResponse({"count": mailbox.count(to=to, since=since)})
            return JSONResponse(mailbox.letters(to=to, since=since, limit=int(limit) if limit else None))
        except ValueError:
            return JSONResponse({"error": "since must be ISO 8601 with an offset, limit a number."}, 400)

    return [Route(ADDRESS, read, methods=["GET", "DELETE"])]
