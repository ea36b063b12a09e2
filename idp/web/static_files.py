"""Files that browsers may keep for good, because their address changes with their content."""

from __future__ import annotations

import re

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

VERSION = "v-"  # begins the path segment that names the content of a folder
_SEGMENT = re.compile(rf"^{VERSION}[0-9a-f]{{12}}/")
_FOR_GOOD = "public, max-age=31536000, immutable"


class VersionedFiles(StaticFiles):
    """``/static/v-0123456789ab/folder/file`` is ``folder/file``: relative imports keep the version."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(_SEGMENT.sub("", path), scope)
        versioned = _SEGMENT.match(path) or scope["query_string"].startswith(b"v=")
        if versioned and response.status_code == 200:
            response.headers["Cache-Control"] = _FOR_GOOD
        return response
