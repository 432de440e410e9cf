"""Text of a PDF's first pages; the one owner of ``pypdf``.

What does not live here: other formats (``attached``), recognising letters in pictures: a scan has no text.
"""

from __future__ import annotations

import logging
from io import BytesIO
from typing import Final

from pypdf import PdfReader, apply_configuration
from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError, WrongPasswordError

import pipeline.model as p
from pipeline.text.attached import ENCRYPTED, OVER_LIMIT, UnreadableError

_OPERATORS: Final = 100_000  # of one content stream; a dense page has some 10,000
_FORMS: Final = 100  # drawings within drawings
_ENTRIES: Final = 50_000  # of the cross-reference table

logging.getLogger("pypdf").setLevel(
    logging.CRITICAL
)  # it tells of every odd byte; a file that cannot be read is told once


def text(body: bytes) -> str:
    """Return the text of the first ``limits.ATTACHED_PAGES`` pages; ``""`` for a scan.

    Raises:
        UnreadableError: ``encrypted`` or ``over-limit``.
        Exception: Whatever a broken file leads to.
    """
    most = p.limits.ATTACHED_INFLATED_BYTES
    said: list[str] = []
    try:
        with apply_configuration(
            zlib_maximum_output_length=most,
            lzw_maximum_output_length=most,
            run_length_maximum_output_length=most,
            array_based_stream_maximum_output_length=most,
            stream_decoding_work_maximum_length=2 * most,
            stream_parsing_work_maximum_count=_OPERATORS,
            xform_maximum_invocations_per_extraction=_FORMS,
        ):
            reader = PdfReader(BytesIO(body), xref_stream_maximum_entries=_ENTRIES, root_object_recovery_limit=1000)
            for number, page in enumerate(reader.pages):
                if number >= p.limits.ATTACHED_PAGES or sum(map(len, said)) >= p.limits.ATTACHED_CHARS:
                    break
                said.append(page.extract_text())
    except (DependencyError, FileNotDecryptedError, WrongPasswordError) as error:
        raise UnreadableError(ENCRYPTED) from error
    except LimitReachedError as error:
        if not any(said):
            raise UnreadableError(OVER_LIMIT) from error
    return "\n".join(said)
