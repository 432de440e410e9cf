"""``moa`` as a program: language, streams and memory are settled before anything dear is imported.

What does not live here: the commands (``root``), what failures say (``failures``).
"""

from __future__ import annotations

import gc
import os
import sys

_RARELY = (
    50_000  # new containers between two searches for cycles: with the usual 700 a quiet night spends a tenth on them
)


def main(argv: list[str] | None = None) -> None:
    """Run the command line and exit with the contract's status; no input ends in a traceback (P6)."""
    is_whole_process = argv is None
    if is_whole_process:
        gc.set_threshold(_RARELY, 10, 10)
    arguments = list(sys.argv[1:] if argv is None else argv)
    from pipeline import i18n  # imports find hardly a cycle: only now, when nobody looks for them any more

    i18n.use(_language(arguments))
    from pipeline.cli.failures import guarded
    from pipeline.cli.leaving import leave
    from pipeline.cli.root import root
    from pipeline.cli.streams import settle

    settle(is_program=is_whole_process)
    status = guarded(
        lambda: root.main(args=arguments, prog_name="moa", standalone_mode=False),
        verbose=any(word.startswith(("-v", "--verbose")) for word in arguments),
    )
    if is_whole_process:
        leave(status)
    sys.exit(status)


def _language(arguments: list[str]) -> str:
    for at, word in enumerate(arguments):
        if word == "--lang" and at + 1 < len(arguments):
            return arguments[at + 1]
        if word.startswith("--lang="):
            return word.partition("=")[2]
    return os.environ.get("MOA_LANG", "ko")
