"""The peer: ``smtplib`` on one kept connection; the message is built once, what belongs to one receiver goes in front.

As little as a personal mailing can be: it keeps no record, asks nobody who refused, and starts anew when it dies.
"""

from __future__ import annotations

import csv
import smtplib
import sys
from hashlib import sha256
from pathlib import Path


def main(port: str, people: str, message: str) -> None:
    """Send to everybody on the list."""
    built = Path(message).read_bytes()
    with smtplib.SMTP("127.0.0.1", int(port)) as client, open(people, encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            to = row["email"]
            token = sha256(to.encode()).hexdigest()[:40]
            own = (
                f"From: n@example.go.kr\r\nTo: {to}\r\nMessage-ID: <{token}@example.go.kr>\r\n"
                f"List-Unsubscribe: <https://example.go.kr/u/{token}>\r\n"
                "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
            )
            client.sendmail("n@example.go.kr", [to], own.encode() + built)


if __name__ == "__main__":
    main(*sys.argv[1:])
