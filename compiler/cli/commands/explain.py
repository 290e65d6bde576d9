"""shipway explain: what a code means, how to fix it, and where the rule comes from."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
from dataclasses import asdict

from compiler.cli.exit_status import EXIT_OK
from compiler.cli.output import next_command
from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.explanations.catalog import explanations
from compiler.explanations.explanation import Explanation
from compiler.report.markdown.what_is_proven import what_is_proven_page
from compiler.support.suggest import did_you_mean

_WIDTH = 88


def run(args: argparse.Namespace) -> int:
    if args.fields:
        sys.stdout.write(what_is_proven_page())
        return EXIT_OK
    known = explanations()
    if args.code is None:
        chosen = dict(known)
    else:
        code = args.code.strip().strip("[]").removeprefix("error[").removeprefix("warning[")
        if code not in known:
            raise unknown_code(code, list(known))
        chosen = {code: known[code]}
    if args.format == "json":
        codes = {code: asdict(each) for code, each in chosen.items()}
        sys.stdout.write(json.dumps({"format": 1, "codes": codes}, indent=2) + "\n")
    elif args.code is None:
        sys.stdout.write(code_list(chosen))
        next_command(args, "shipway explain CODE")
    else:
        sys.stdout.write("".join(explanation_text(code, each) for code, each in chosen.items()))
        next_command(args, "shipway check")
    return EXIT_OK


def unknown_code(code: str, known: list[str]) -> Rejected:
    guess = did_you_mean(code, known)
    advice = f"did you mean `{guess}`?" if guess else "`shipway explain` lists all codes"
    return Rejected([Diagnostic("code-unknown", f"the code {code!r} does not exist", None, advice)])


def code_list(known: dict[str, Explanation]) -> str:
    width = max(len(code) for code in known)
    return "".join(f"{code:<{width}}  {each.title}\n" for code, each in known.items())


def explanation_text(code: str, each: Explanation) -> str:
    parts = (("", each.meaning), ("How to fix it: ", each.fix), ("Source: ", each.source))
    text = "\n\n".join(textwrap.fill(f"{lead}{paragraph}", _WIDTH, break_on_hyphens=False) for lead, paragraph in parts)
    return f"{code}: {each.title}\n\n{text}\n"
