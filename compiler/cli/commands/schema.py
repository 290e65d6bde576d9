"""shipway schema: the JSON Schemas that editors complete and check specs with."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from compiler.cli.arguments.schema import ANY_KIND, SCHEMA_KINDS
from compiler.cli.exit_status import EXIT_OK, EXIT_USAGE
from compiler.cli.output import next_command, print_done
from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.spec.reference import fields_page
from compiler.spec.schema import catalog_schema, schemas
from compiler.strategies import strategy_models
from compiler.traffic.providers import provider_models


def run(args: argparse.Namespace) -> int:
    if [args.kind is not None, args.write is not None, args.fields].count(True) != 1:
        sys.stderr.write(f"shipway schema: name a kind ({', '.join(SCHEMA_KINDS)}), or --write DIR, or --fields\n")
        return EXIT_USAGE
    if args.fields:
        sys.stdout.write(fields_page(strategy_models(), provider_models()))
        return EXIT_OK
    if args.kind is not None:
        sys.stdout.write(schema_text(args.kind))
        next_command(args, "shipway schema --write schemas")
        return EXIT_OK
    folder = Path(args.write)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in schemas(strategy_models(), provider_models()).items():
            (folder / name).write_bytes(content)
            print_done(args, f"{folder / name}\n")
    except OSError as error:
        message = f"{folder}: {(error.strerror or str(error)).lower()}"
        raise Rejected(
            [Diagnostic("output-unwritable", message, None, "name a folder that you can write to")]
        ) from None
    next_command(args, "shipway check")
    return EXIT_OK


def schema_text(kind: str) -> str:
    models = strategy_models(), provider_models()
    return (catalog_schema(*models) if kind == ANY_KIND else schemas(*models)[f"{kind}.json"]).decode()
