"""What forges turn into mentions, references, links and commands, wherever it stands in a comment."""

from __future__ import annotations

import re
from typing import Final

PAUSE: Final = "\u200b"
"""A character of no width: forges look for references in the text that Markdown leaves, after entities and escapes."""

_QUOTE: Final = "&(?:quot|#34);"
# A backslash before punctuation is gone when a forge looks. A letter or digit before "@" stays, so that
# image@sha256:… and mail addresses are no mentions.
_REFERENCE: Final = re.compile(
    rf"((?<![A-Za-z0-9])@(?!{PAUSE})"  # people, teams, @all
    rf'|(?<!&)#(?=\\?[\w"]|{_QUOTE})|GH(?=\\?-\d)|!(?=\d)|~(?=\\?[\w"]|{_QUOTE})|%(?=\\?[\w"]|{_QUOTE})|\$(?=\d)|&amp;(?=\d)'
    r"|\^(?=\\?alert)|iteration(?=\\?:)|(?<=\[)\w+(?=\\?:)"
    r"|:(?=\\?/\\?/)|(?<![A-Za-z0-9])www(?=\\?\.))",
    re.IGNORECASE,
)
_COMMAND: Final = re.compile(r"^(?=/\w)", re.MULTILINE)


def part_references(text: str) -> str:
    """The text with a character of no width after each sign that begins a reference; a second call changes nothing.

    Sources: GitHub's "Autolinked references and URLs"; GitLab's "GitLab-specific references" and "Quick actions".
    """
    return _COMMAND.sub(PAUSE, _REFERENCE.sub(rf"\1{PAUSE}", text))
