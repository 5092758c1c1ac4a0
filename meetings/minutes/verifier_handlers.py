"""A file of anybody, verified over HTTP and not kept."""

from __future__ import annotations

import base64
from typing import Annotated

from pydantic import Field

from meetings.http.endpoint import Call, Endpoint
from meetings.http.pace import Pace
from meetings.http.shapes import Body
from meetings.minutes.handlers import VerificationView, shown
from meetings.minutes.service.strangers import MOST_FILE, NotAPdf, OpenVerifier


class FileBody(Body):
    """A PDF in base64."""

    file: Annotated[str, Field(min_length=1, max_length=MOST_FILE * 4 // 3 + 4)]


class VerifierHandlers:
    """`pace`: how often one address may bring a file."""

    def __init__(self, verifier: OpenVerifier, pace: Pace) -> None:
        self._verifier, self._pace = verifier, pace

    async def verify_file(self, call: Call[FileBody, Body]) -> VerificationView:
        """POST /verified-files."""
        self._pace.take(call.request.remote or "")
        try:
            pdf = base64.b64decode(call.body.file, validate=True)
        except ValueError:  # not base64, or not even ASCII
            raise NotAPdf from None
        return shown(await self._verifier.judge(pdf))

    def endpoints(self) -> list[Endpoint]:
        """What this storey serves to anybody."""
        return [
            Endpoint(
                method="POST",
                path="/verified-files",
                handler=self.verify_file,
                summary="Kiểm tra một tệp PDF, không lưu lại",
                body=FileBody,
                answer=VerificationView,
                own_key=True,
                anyone=True,
                tags=("minutes",),
            )
        ]
