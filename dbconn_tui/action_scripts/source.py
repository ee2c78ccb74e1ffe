"""ParsedScript: what can be read off the text of one action script without running it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from dbconn_tui.action_scripts.configuration import ConfigurationUse, configuration_use
from dbconn_tui.action_scripts.conflict_marks import find_conflict_mark
from dbconn_tui.action_scripts.positions import Lines, Span
from dbconn_tui.action_scripts.scopes import Scopes, parameters_of
from dbconn_tui.action_scripts.syntax import Fault, FaultCause, compile_fault
from dbconn_tui.action_scripts.tree import FUNCTIONS, Node, build_tree


@dataclass(frozen=True, slots=True)
class SyntaxFault:
    """Why the script is not JavaScript, and where: line and column from 1, in characters, inside the text."""

    line: int
    column: int
    message: str
    cause: FaultCause = FaultCause.SYNTAX


@dataclass(frozen=True, slots=True)
class OddCharacter:
    """A character outside strings and comments that no keyboard types into code. `name` is Unicode's."""

    character: str
    name: str
    span: Span
    legal: bool
    """Whether JavaScript takes it nevertheless, e.g. a byte order mark."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter. `name` is None when it is destructured; `form` is plain, default, rest or destructured."""

    text: str
    name: str | None
    form: str
    span: Span


@dataclass(frozen=True, slots=True)
class ScriptFunction:
    """A function at the top level of a script. `form` is declaration, expression or arrow.

    `head` covers the text from the function's first character to the end of its parameters.
    """

    name: str | None
    form: str
    parameters: tuple[Parameter, ...]
    is_async: bool
    is_generator: bool
    uses_arguments: bool
    span: Span
    head: Span
    name_span: Span | None
    node: Node = field(repr=False)

    @property
    def has_rest(self) -> bool:
        """Whether it takes any number of arguments."""
        return any(parameter.form == "rest" for parameter in self.parameters)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement at the top level, comments and empty statements left out; `type` is the grammar's word."""

    type: str
    span: Span
    function: ScriptFunction | None
    node: Node = field(repr=False)


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment with its `//` or `/*`. `alone` when nothing else stands on its lines."""

    text: str
    span: Span
    alone: bool


@dataclass(frozen=True, slots=True)
class ParsedScript:
    """A script as parsed. With a syntax error the tree, and what is read off it, is a best effort.

    `tree_is_whole` is False when the grammar had to skip something: no finding is certain then.
    `trailing_semicolon` is the place of a `;` after the last top-level function.
    """

    text: str = field(repr=False)
    syntax_error: SyntaxFault | None
    odd_characters: tuple[OddCharacter, ...]
    statements: tuple[Statement, ...]
    trailing_semicolon: Span | None
    comments: tuple[Comment, ...] = field(repr=False)
    configuration: ConfigurationUse
    tree_is_whole: bool
    root: Node = field(repr=False)
    scopes: Scopes = field(repr=False)
    lines: Lines = field(repr=False)

    @property
    def functions(self) -> tuple[ScriptFunction, ...]:
        """The functions at the top level."""
        return tuple(statement.function for statement in self.statements if statement.function is not None)

    @property
    def function(self) -> ScriptFunction | None:
        """The script's function, when exactly one stands at the top level."""
        functions = self.functions
        return functions[0] if len(functions) == 1 else None

    def span(self, node: Node) -> Span:
        """Where a node of this script stands."""
        return self.lines.span(node.start, node.end)


@lru_cache(maxsize=128)
def parse(text: str) -> ParsedScript:
    """Parse one script. Takes any text and never raises; the result is kept by content."""
    # Neither engine takes NUL or half a surrogate pair; the stand-in keeps every offset.
    safe = _UNUSABLE.sub("\ufffd", text)
    root, has_errors = build_tree(_KEYWORD.sub(_cover, safe), text)
    lines = Lines(text)
    scopes = Scopes(root)
    odd_characters = _odd_characters(text, root, lines)
    return ParsedScript(
        text=text,
        syntax_error=_syntax_error(safe, root, lines, odd_characters),
        odd_characters=odd_characters,
        statements=tuple(_statements(root, lines)),
        trailing_semicolon=_trailing_semicolon(root, lines),
        comments=tuple(_comments(text, root, lines)),
        configuration=configuration_use(scopes, lines),
        tree_is_whole=not has_errors,
        root=root,
        scopes=scopes,
        lines=lines,
    )


_UNUSABLE: Final = re.compile("[\x00\ud800-\udfff]")
_KEYWORD: Final = re.compile(r"@@\w+@@|##\w+##")
_IN_TEXT: Final = frozenset(
    {"string", "string_fragment", "escape_sequence", "template_string", "regex", "comment", "html_comment"},
)
_UNUSUAL: Final = re.compile("[^\x09-\x0d\x20-\x7e]")
_LEGAL_BUT_INVISIBLE: Final = frozenset("\ufeff\u200c\u200d")
_MODULE_STATEMENTS: Final = frozenset({"import_statement", "export_statement"})
_FORMS: Final = {"arrow_function": "arrow", "function_expression": "expression", "generator_function": "expression"}


def _cover(keyword: re.Match[str]) -> str:
    """A name as long as the keyword, so that the rest of the script still has its tree."""
    return "_" + "k" * (len(keyword[0]) - 1)


def _odd_characters(text: str, root: Node, lines: Lines) -> tuple[OddCharacter, ...]:
    found = []
    for match in _UNUSUAL.finditer(text):
        character = match[0]
        legal = character in _LEGAL_BUT_INVISIBLE
        if not legal and (("a" + character).isidentifier() or character.isspace()):
            continue
        if root.at(match.start()).type in _IN_TEXT:
            continue
        name = unicodedata.name(character, "").lower() or f"character U+{ord(character):04X}"
        name = "byte order mark" if character == "\ufeff" else name
        found.append(OddCharacter(character, name, lines.span(match.start(), match.end()), legal))
        if len(found) == 20:
            break
    return tuple(found)


def _syntax_error(text: str, root: Node, lines: Lines, odd: tuple[OddCharacter, ...]) -> SyntaxFault | None:
    fault = compile_fault(text)
    if fault is None:
        return None
    mark = find_conflict_mark(text)
    if mark is not None:
        message = f"the mark of a merge that nobody resolved ({text[mark : mark + 7]})"
        return SyntaxFault(*lines.position(mark), message, FaultCause.CONFLICT)
    offset = fault.offset if fault.offset is not None else _likely_offset(text, root)
    last = max(len(text.rstrip()) - 1, 0)
    line, column = lines.position(min(offset, last))
    for character in odd:
        # The compiler stops at the character, or, where it ends a name, just before it.
        if not character.legal and (character.span.line, character.span.column) in ((line, column), (line, column + 1)):
            message = f"{character.name} where code is expected"
            return SyntaxFault(character.span.line, character.span.column, message, FaultCause.ODD_CHARACTER)
    for match in _KEYWORD.finditer(text):
        if match.start() <= offset <= match.end() and root.at(match.start()).type not in _IN_TEXT:
            message = f"the keyword {match[0]} stands outside a string"
            return SyntaxFault(*lines.position(match.start()), message, FaultCause.KEYWORD)
    for statement in root.children:
        if statement.type in _MODULE_STATEMENTS and statement.start <= offset < statement.end:
            word = "import" if statement.type == "import_statement" else "export"
            message = f"`{word}` belongs to ES modules; a script is one function"
            return SyntaxFault(*lines.position(statement.start), message, FaultCause.MODULE)
    return SyntaxFault(line, column, fault.message, fault.cause)


def _likely_offset(text: str, root: Node) -> int:
    """Where to look when the compiler names no place: a regular expression it refuses, else where the tree breaks."""
    for node in root.walk():
        if node.type == "ERROR" or (node.type == "regex" and _is_refused(text[node.start : node.end])):
            return node.start
    return len(text) - len(text.lstrip())


def _is_refused(regex: str) -> bool:
    fault: Fault | None = compile_fault(regex)
    return fault is not None and fault.cause is not FaultCause.NOT_CHECKED


def _statements(root: Node, lines: Lines) -> list[Statement]:
    return [
        Statement(node.type, lines.span(node.start, node.end), _function(node, lines), node)
        for node in root.named_children
        if node.type not in ("comment", "html_comment", "empty_statement")
    ]


def _trailing_semicolon(root: Node, lines: Lines) -> Span | None:
    after_function = False
    for node in root.named_children:
        if node.type == "empty_statement" and after_function:
            return lines.span(node.start, node.end)
        if node.type == "expression_statement" and _is_function_statement(node) and node.text.endswith(";"):
            return lines.span(node.end - 1, node.end)
        if node.type not in ("comment", "html_comment"):
            after_function = _is_function_statement(node)
    return None


def _is_function_statement(statement: Node) -> bool:
    return _function_node(statement) is not None


def _function_node(statement: Node) -> Node | None:
    node = statement
    if node.type == "expression_statement" and len(node.named_children) == 1:
        node = node.named_children[0].without_parentheses()
    return node if node.type in FUNCTIONS else None


def _function(statement: Node, lines: Lines) -> ScriptFunction | None:
    node = _function_node(statement)
    if node is None:
        return None
    name = node.field("name")
    parameters = node.field("parameters") or node.field("parameter") or node
    return ScriptFunction(
        name=name.text if name is not None else None,
        form=_FORMS.get(node.type, "declaration"),
        parameters=tuple(_parameter(parameter, lines) for parameter in parameters_of(node)),
        is_async=node.has_keyword("async"),
        is_generator=node.type.startswith("generator"),
        uses_arguments=node.type != "arrow_function" and "arguments" in node.text and _uses_arguments(node),
        span=lines.span(node.start, node.end),
        head=lines.span(node.start, parameters.end),
        name_span=lines.span(name.start, name.end) if name is not None else None,
        node=node,
    )


def _parameter(node: Node, lines: Lines) -> Parameter:
    form = {"identifier": "plain", "assignment_pattern": "default", "rest_pattern": "rest"}.get(
        node.type,
        "destructured",
    )
    inner: Node | None = node
    if form == "default":
        inner = node.field("left")
    elif form == "rest":
        inner = node.named_children[0] if node.named_children else None
    name = inner.text if inner is not None and inner.type == "identifier" else None
    return Parameter(node.text, name, form, lines.span(node.start, node.end))


def _uses_arguments(function: Node) -> bool:
    """Whether `arguments` means this function's own: arrow functions have none, others have theirs."""
    pending = list(function.children)
    while pending:
        node = pending.pop()
        if node.type == "identifier" and node.text == "arguments":
            return True
        if node.type not in FUNCTIONS or node.type == "arrow_function":
            pending.extend(node.children)
    return False


def _comments(text: str, root: Node, lines: Lines) -> list[Comment]:
    comments: list[Comment] = []
    if not any(opener in text for opener in ("//", "/*", "<!--", "-->")):
        return comments
    for node in root.walk():
        if node.type in ("comment", "html_comment"):
            before = text[text.rfind("\n", 0, node.start) + 1 : node.start]
            end = text.find("\n", node.end)
            after = text[node.end : end if end >= 0 else len(text)]
            comments.append(
                Comment(node.text, lines.span(node.start, node.end), not before.strip() and not after.strip()),
            )
    return comments
