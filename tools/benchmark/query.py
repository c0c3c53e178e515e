"""Reads VNN-LIB 1.0 and 2.0 queries far enough to evaluate them exactly at given values."""

import re
from dataclasses import dataclass
from fractions import Fraction

TOKEN = re.compile(r'"[^"]*"|[()]|[^\s()"\[\]<>]*\[[^\]]*\]|<[\d.]+>|[^\s()"]+')
COMPARISONS = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}


@dataclass
class Tensor:
    """A declared variable: 2.0's with its shape, or all of 1.0's `X_0`, `X_1`, … as `X`."""

    name: str
    shape: list[int]


@dataclass
class Network:
    """A declared network; `same_as` names the one whose file it shares."""

    name: str | None
    same_as: str | None
    inputs: list[Tensor]
    outputs: list[Tensor]


@dataclass
class Query:
    """The declared networks and the assertions, all of which hold at a witness."""

    networks: list[Network]
    assertions: list

    def holds(self, values):
        """Whether all assertions hold; `values` has a flat list of fractions per variable."""
        return all(holds(formula, values, self.shapes()) for formula in self.assertions)

    def shapes(self):
        """The shape of each variable."""
        return {t.name: t.shape for n in self.networks for t in n.inputs + n.outputs}


def read(text):
    """The query of a text."""
    commands = expressions(TOKEN.findall(re.sub(r";[^\n]*", "", text)))
    assertions = [command[1] for command in commands if command[0] == "assert"]
    declared = [network(command) for command in commands if command[0] == "declare-network"]
    if declared:
        return Query(declared, assertions)
    names = [command[1] for command in commands if command[0] == "declare-const"]
    count = {letter: sum(name.startswith(f"{letter}_") for name in names) for letter in "XY"}
    inputs, outputs = [Tensor("X", [count["X"]])], [Tensor("Y", [count["Y"]])]
    return Query([Network(None, None, inputs, outputs)], assertions)


def expressions(tokens):
    """The top-level lists of a token sequence."""
    stack = [[]]
    for token in tokens:
        if token == "(":
            stack.append([])
        elif token == ")":
            closed = stack.pop()
            stack[-1].append(closed)
        else:
            stack[-1].append(token)
    return stack[0]


def network(command):
    """A `declare-network` of 2.0."""
    result = Network(command[1], None, [], [])
    for kind, name, *rest in command[2:]:
        match kind:
            case "equal-to":
                result.same_as = name
            case "declare-input" | "declare-output":
                shape = [int(size) for size in re.findall(r"\d+", rest[1])]
                variables = result.inputs if kind == "declare-input" else result.outputs
                variables.append(Tensor(name, shape))
            case "declare-hidden":
                raise ValueError("hidden variables are not replayed")
    return result


def holds(formula, values, shapes):
    """The truth of a formula."""
    head, *rest = formula
    match head:
        case "and":
            return all(holds(part, values, shapes) for part in rest)
        case "or":
            return any(holds(part, values, shapes) for part in rest)
        case _:
            left, right = (value(term, values, shapes) for term in rest)
            return COMPARISONS[head](left, right)


def value(term, values, shapes):
    """The exact value of an arithmetic term."""
    if isinstance(term, str):
        return leaf(term, values, shapes)
    head, *rest = term
    first, *others = (value(part, values, shapes) for part in rest)
    match head:
        case "+":
            return first + sum(others)
        case "-":
            return first - sum(others) if others else -first
        case "*":
            for other in others:
                first *= other
            return first
        case _:
            raise ValueError(f"no arithmetic operator: {head}")


def leaf(token, values, shapes):
    """The value of a number or of a variable's entry."""
    if token in values:
        return values[token][0]
    if flat := re.fullmatch(r"([XY])_(\d+)", token):
        return values[flat[1]][int(flat[2])]
    if indexed := re.fullmatch(r"(\w+)\[([\d,\s]*)\]", token):
        position = 0
        for index, size in zip(indexed[2].split(","), shapes[indexed[1]], strict=True):
            position = position * size + int(index)
        return values[indexed[1]][position]
    return Fraction(token)
