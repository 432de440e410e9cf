"""aiosmtpd as a sink, for those who want the ratio on a server they know: it offers no pipelining and reads line by line."""

from __future__ import annotations

import asyncio
import sys
from typing import IO

from aiosmtpd.smtp import SMTP, Envelope, Session


class Handler:
    """Writes each accepted receiver into the log, and keeps nothing."""

    def __init__(self, log: IO[bytes]) -> None:
        self.log = log

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        del server, session
        self.log.write(b"".join(f"{to}\n".encode() for to in envelope.rcpt_tos))
        self.log.flush()
        return "250 taken"


async def serve(log: IO[bytes]) -> None:
    """Listen, print the port, and serve until the process ends."""
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(Handler(log)), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    with open(sys.argv[1], "ab") as file:
        asyncio.run(serve(file))
