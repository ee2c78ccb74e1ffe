"""`use-before-error-check`: the result of a Node-style callback is not used before its error was looked at."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.action_scripts.scopes import parameters_of
from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import ACCESSES, Nodes, function_around, is_tested
from dbconn_tui.lint.flow.reachability import DeadCode
from dbconn_tui.lint.flow.situations import error_parameter, is_node_style
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a function, at the first member of a result that is read before the error. `result?.x` is fine."""
    dead = subject.shared(DeadCode)
    for function in subject.shared(Nodes).of("arrow_function", "function_expression"):
        parameter = error_parameter(function)
        if parameter is None or not is_node_style(function) or dead.holds(function):
            continue
        binding = subject.parsed.scopes.binding(parameter)
        if binding is None or not binding.references:
            # Never looked at: `err-unchecked` says so.
            continue
        looked = min(reference.start for reference in binding.references)
        early = next((use for use in _uses(subject, function) if use.start < looked), None)
        if early is not None and early.parent is not None:
            yield Finding(
                f"`{early.text}` is undefined when there is an error, and `{parameter.text}` is looked at later",
                subject.parsed.span(early.parent),
                f"Begin with `if ({parameter.text}) return callback({parameter.text});`.",
            )


def _uses(subject: ScriptSubject, function: Node) -> Iterator[Node]:
    """The reads of members of the later parameters, in the function itself and without a test before."""
    for parameter in parameters_of(function)[1:]:
        binding = subject.parsed.scopes.binding(parameter) if parameter.type == "identifier" else None
        for reference in binding.references if binding is not None else ():
            parent = reference.parent
            if is_tested(reference) or parent is None:
                break
            if (
                parent.type in ACCESSES
                and reference.field_name == "object"
                and parent.field("optional_chain") is None
                and function_around(reference) is function
            ):
                yield reference
                break


RULE = Rule(
    id="use-before-error-check",
    severity=Severity.ERROR,
    title="The result of a Node-style callback is not used before its error was looked at.",
    why="With an error the result is undefined. Reading a member of it throws inside a callback, where nobody catches "
    "it: the script's own callback is never called.",
    source="dbconn, seen in published templates and public scripts",
    bad=(
        example(
            "get_user",
            """
            require('request@2.88.2').get(configuration.URL, (err, response, body) => {
              if (response.statusCode === 404) return callback(null);
              if (err) return callback(err);
              return callback(null, { user_id: body.id, email });
            });
            """,
        ),
    ),
    good=(
        example(
            "get_user",
            """
            require('request@2.88.2').get(configuration.URL, (err, response, body) => {
              if (err) return callback(err);
              if (response.statusCode === 404) return callback(null);
              return callback(null, { user_id: body.id, email });
            });
            """,
        ),
        example(
            "get_user",
            """
            require('request@2.88.2').get(configuration.URL, (err, response) => {
              if (response?.statusCode === 404) return callback(null);
              return callback(err || new Error('The user store is not available'));
            });
            """,
        ),
        example(
            "get_user",
            """
            require('store').find(email, (err, user) => {
              if (!user) return callback(err);
              return callback(err, { user_id: user.id, email });
            });
            """,
        ),
    ),
    script=check,
)
