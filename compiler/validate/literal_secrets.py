"""Secrets that stand as plain text in a value: found by the rules of detect-secrets, and by published token prefixes.

The library's rules are asked only about values that could hold a secret at all: loading it takes 140 ms, and most
environments have no such value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import import_module
from typing import Any, Final

RULES: Final = (
    ("aws", "AWSKeyDetector"),
    ("azure_storage_key", "AzureStorageKeyDetector"),
    ("basic_auth", "BasicAuthDetector"),
    ("cloudant", "CloudantDetector"),
    ("discord", "DiscordBotTokenDetector"),
    ("github_token", "GitHubTokenDetector"),
    ("gitlab_token", "GitLabTokenDetector"),
    ("jwt", "JwtTokenDetector"),
    ("mailchimp", "MailchimpDetector"),
    ("npm", "NpmDetector"),
    ("openai", "OpenAIDetector"),
    ("private_key", "PrivateKeyDetector"),
    ("pypi_token", "PypiTokenDetector"),
    ("sendgrid", "SendGridDetector"),
    ("slack", "SlackDetector"),
    ("square_oauth", "SquareOAuthDetector"),
    ("stripe", "StripeDetector"),
    ("telegram_token", "TelegramBotTokenDetector"),
    ("twilio", "TwilioKeyDetector"),
)
"""detect-secrets' plugins that know a provider's form. Left out, for they match ordinary values: entropy, public
addresses, Artifactory (`AP` and nine characters), and IBM's and SoftLayer's, which want a variable's name.
"""

PUBLISHED_PREFIXES: Final = {
    "Anthropic API Key": re.compile(r"\bsk-ant-[\w-]{20,}"),
    "GitHub fine-grained token": re.compile(r"\bgithub_pat_\w{22,}"),
    "Google API Key": re.compile(r"\bAIza[\w-]{35}"),
    "Hugging Face token": re.compile(r"\bhf_[A-Za-z0-9]{30,}"),
    "NPM token": re.compile(r"\bnpm_[A-Za-z0-9]{36}"),
    "OpenAI project key": re.compile(r"\bsk-proj-[\w-]{20,}"),
    "Private Key": re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----"),
    "Vault token": re.compile(r"\bhv[sbr]\.[\w-]{24,}"),
}
"""Forms that detect-secrets 1.5 does not know. Source: the providers' documents on their tokens' prefixes."""

_CANDIDATE: Final = re.compile(r"PRIVATE KEY|PuTTY-User-Key|://[^\s/@]+:[^\s/@]+@|[\w=-]{20}|[\w+/=]{40}")
"""What each of the rules' forms contains: a key's header, an address with a password, or 20 characters in a row; with
slashes among them 40, as AWS' and Azure's keys have: fewer are a path (`s3://models/web/latest`).
"""
_ASSIGNMENT: Final = re.compile(
    r"""\s*(?:export\s+|--?)?["']?(?P<name>[\w.-]+)["']?\s*[:=]\s*["']?(?P<value>.*?)["']?[,;]?\s*"""
)
"""`password: x`, `"password" = "x",`, `--password=x`"""
_SECRET_NAME: Final = re.compile(r"key|pass|pwd|secret|contrase", re.IGNORECASE)
"""what the names of detect-secrets' keyword rule have in common"""
_NAMES_A_REFERENCE: Final = re.compile(
    r"(file|path|dir|name|id|ref|header|url|uri|host|length|size|ttl)s?$", re.IGNORECASE
)
"""`PASSWORD_FILE`, `SECRET_NAME`: where a secret stands, not what it is"""
_NOT_LITERAL: Final = re.compile(
    r"true|false|[\d.]*[a-z]{0,3}|/.*|.*(?:\$\(|\$\{|\{\{|<).*|https?://.*|x-[a-z-]+", re.IGNORECASE | re.DOTALL
)
"""a switch, a number with a unit, a path, a template's slot, an address, a header"""


@lru_cache(maxsize=4096)
def literal_secret(name: str, value: str) -> str | None:
    """What kind of secret (`GitHub Token`) stands in the value of the variable or file `name`, or None."""
    if _CANDIDATE.search(value) and (kind := _known_form(value)) is not None:
        return kind
    return "Secret Keyword" if _is_named_secret(name, value) else None


def literal_secrets_in_text(text: str) -> Iterator[tuple[int, str]]:
    """The kinds of secrets in a text of several lines, each with its line, counted from 1."""
    for number, line in enumerate(text.splitlines(), start=1):
        assigned = _ASSIGNMENT.fullmatch(line) if ":" in line or "=" in line else None
        name, value = (assigned["name"], assigned["value"]) if assigned is not None else ("", line)
        kind = literal_secret(name, value)
        if kind is not None:
            yield number, kind


def _known_form(value: str) -> str | None:
    for kind, form in PUBLISHED_PREFIXES.items():
        if form.search(value):
            return kind
    for detector in _detectors():
        if next(iter(detector.analyze_string(value)), None):
            return str(detector.secret_type)
    return None


def _is_named_secret(name: str, value: str) -> bool:
    """Whether the variable's name says that its value is a secret, and the value is one and not where it stands."""
    if not _SECRET_NAME.search(name) or _NAMES_A_REFERENCE.search(name) or _NOT_LITERAL.fullmatch(value):
        return False
    keyword = import_module("detect_secrets.plugins.keyword").KeywordDetector()
    return any(keyword.analyze_string(f'{name}: "{value}"'))


@cache
def _detectors() -> tuple[Any, ...]:
    return tuple(getattr(import_module(f"detect_secrets.plugins.{module}"), name)() for module, name in RULES)
