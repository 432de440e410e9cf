"""How our templates become code: what is the same on every page is written down once, and few words need escaping.

What does not live here: when templates are compiled and kept (``_jinja``). Nothing here changes what a template prints.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, cast

from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from markupsafe import Markup, escape

_SENTENCE = ["name", "lparen", "string", "rparen"]


class Spoken(Extension):
    """Puts the sentence in the place of ``_("…")``, in the language spoken when the template is compiled."""

    def filter_stream(self, stream: TokenStream) -> Iterable[Token]:
        """Replace the four tokens of a call by one string, which Jinja then joins to the text around it."""
        tokens, say = list(stream), cast("Callable[[str], str]", self.environment.globals["_"])
        at = 0
        while at < len(tokens):
            some = tokens[at : at + len(_SENTENCE)]
            if some[0].value == "_" and [token.type for token in some] == _SENTENCE:
                yield Token(some[0].lineno, "string", say(some[2].value))
                at += len(_SENTENCE)
            else:
                yield tokens[at]
                at += 1


class Compiler(CodeGenerator):
    """Writes ``told`` where Jinja writes ``escape``: the same text, without a Markup object for every word."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.told(")


class Templates(Environment):
    """An environment whose templates are compiled so."""

    code_generator_class = Compiler

    @staticmethod
    def told(value: object) -> str:
        """Return a value as it is printed: escaped, unless it is finished HTML."""
        if type(value) is str:
            if "&" in value or "<" in value or ">" in value or '"' in value or "'" in value:
                return escape(value)
            return value
        return value if type(value) is Markup else escape(value)
