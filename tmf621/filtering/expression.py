"""Read the JSONPath filters of TMF630 part 6: `attachment[?(@.size==300 && @.url)]`.

Read are one path and one bracket, comparisons with a literal, existence, &&, || and
parentheses; TM Forum's own spelling `@size` is `@.size`. Literals have types: 300 is a number,
'300' is a text.
"""

import re
from decimal import Decimal
from typing import NamedTuple, NoReturn

from tmf621.filtering.errors import MAX_EXPRESSION, MAX_NESTING, MAX_SEGMENTS, BadFilter
from tmf621.filtering.moments import asked_moment
from tmf621.filtering.parts import (
    NAME,
    Compare,
    Condition,
    Exists,
    Operator,
    Part,
    Path,
    all_of,
    any_of,
    dotted,
)
from tmf621.filtering.patterns import check_pattern
from tmf621.filtering.values import NUMBER, Value, check_text

EXPRESSION = "filter"
_KEYWORDS: dict[str, Value] = {"true": True, "false": False, "null": None}
_ORDER = (Operator.GT, Operator.GTE, Operator.LT, Operator.LTE)
_TOKEN = re.compile(
    r"\s*(?:"
    r"(?P<text>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
    rf"|(?P<number>{NUMBER.pattern}(?![0-9A-Za-z_.]))"
    r"|(?P<sign>\[\?|&&|\|\||==|!=|>=|<=|=~|[()\[\]<>.$])"
    rf"|(?P<name>{NAME.pattern}(?![A-Za-z0-9_@-]))"
    r"|(?P<at>@)"
    r"|(?P<end>\Z))",
    re.DOTALL,
)


class Token(NamedTuple):
    """A word of an expression and where it stands, counted from 1."""

    kind: str
    text: str
    position: int


def read_expression(text: str, *, longest: int = MAX_EXPRESSION) -> Part:
    """Return what an expression asks for; `BadFilter` says where it cannot be read."""
    if len(text) > longest:
        raise BadFilter(f"filter: an expression has at most {longest} characters.", EXPRESSION)
    return _Reader(text).part()


class _Reader:
    """Reads from left to right, one word ahead."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.token = self._next()

    def part(self) -> Part:
        rooted = self._took("$")
        base: Path = ()
        if self.token.kind == "name" and not rooted:
            base = (self._name(),)
        base = self._limited(base + self._segments())
        self._expect("[?")
        condition = self._any(base, 0)
        self._expect("]")
        if self.token.kind != "end":
            self._refuse("nothing more is read behind the bracket")
        return Part(base, condition)

    def _any(self, base: Path, depth: int) -> Condition:
        found = [self._all(base, depth)]
        while self._took("||"):
            found.append(self._all(base, depth))
        return any_of(found)

    def _all(self, base: Path, depth: int) -> Condition:
        found = [self._one(base, depth)]
        while self._took("&&"):
            found.append(self._one(base, depth))
        return all_of(found)

    def _one(self, base: Path, depth: int) -> Condition:
        if self._took("("):
            if depth >= MAX_NESTING:
                self._refuse(f"parentheses are nested at most {MAX_NESTING} deep")
            inner = self._any(base, depth + 1)
            self._expect(")")
            return inner
        path = self._element(base)
        operator = next((sign for sign in Operator if self._took(sign)), None)
        if operator is None:
            return Exists(path)
        return Compare(path, operator, (self._value(operator, dotted(base + path)),))

    def _element(self, base: Path) -> Path:
        """Read `@`, `@.size`, `@size`, `@['@type']` or `@@type`."""
        first: Path = ()
        if self._is("at"):
            if self.token.kind == "name" and self.token.text.startswith("@"):
                first = (self._name(),)
        elif self.token.kind == "name" and self.token.text.startswith("@"):
            first = (self._name()[1:],)
        else:
            self._refuse("@ is expected")
        path = first + self._segments()
        if not self._limited(base + path):
            self._refuse("an attribute's name is expected")
        return path

    def _segments(self) -> Path:
        found: list[str] = []
        while True:
            if self._took("."):
                found.append(self._name())
            elif self._took("["):
                found.append(self._quoted_name())
                self._expect("]")
            else:
                return tuple(found)

    def _name(self) -> str:
        token = self.token
        if token.kind != "name":
            self._refuse("an attribute's name is expected")
        self.token = self._next()
        return token.text

    def _quoted_name(self) -> str:
        token = self.token
        name = _unquoted(token.text) if token.kind == "text" else ""
        if not NAME.fullmatch(name):
            self._refuse("an attribute's name in quotes is expected")
        self.token = self._next()
        return name

    def _value(self, operator: Operator, attribute: str) -> Value:
        token, value = self.token, self._literal()
        self.token = self._next()
        if isinstance(value, str):
            check_text(value, attribute)
            if operator is Operator.REGEX:
                check_pattern(value, attribute)
                return value
            return asked_moment(value)
        if operator is Operator.REGEX:
            self._refuse("a pattern in quotes is expected", token)
        if operator in _ORDER and not isinstance(value, Decimal):
            self._refuse("a number or a text is expected", token)
        return value

    def _literal(self) -> Value:
        token = self.token
        if token.kind == "text":
            return _unquoted(token.text)
        if token.kind == "number":
            return Decimal(token.text)
        if token.kind != "name" or token.text not in _KEYWORDS:
            self._refuse("a number, a text in quotes, true, false or null is expected")
        return _KEYWORDS[token.text]

    def _limited(self, path: Path) -> Path:
        if len(path) > MAX_SEGMENTS:
            self._refuse(f"a path has at most {MAX_SEGMENTS} names")
        return path

    def _is(self, kind: str) -> bool:
        if self.token.kind != kind:
            return False
        self.token = self._next()
        return True

    def _took(self, sign: str) -> bool:
        return self.token.text == sign and self._is("sign")

    def _expect(self, sign: str) -> None:
        if not self._took(sign):
            self._refuse(f"{sign} is expected")

    def _next(self) -> Token:
        read = _TOKEN.match(self.text, self.at)
        if read is None or read.lastgroup is None:
            blanks = len(self.text[self.at :]) - len(self.text[self.at :].lstrip())
            self._refuse("this cannot be read", Token("", "", self.at + blanks + 1))
        self.at = read.end()
        return Token(read.lastgroup, read[read.lastgroup], read.start(read.lastgroup) + 1)

    def _refuse(self, expected: str, token: Token | None = None) -> NoReturn:
        position = (token or self.token).position
        raise BadFilter(f"filter, position {position}: {expected}.", EXPRESSION)


def _unquoted(text: str) -> str:
    """Return a literal's text; a backslash only counts before a quote or a backslash, so that
    patterns need not double theirs."""
    return re.sub(r"\\([\\'\"])", r"\1", text[1:-1])
