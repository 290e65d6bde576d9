"""A receipt as data: what `adopt --format json` prints, and what stands beside the specs."""

from __future__ import annotations

import json
from typing import Any

from compiler.adopt.receipt import RECEIPT_FORMAT, Receipt, receipt_row_data


def receipt_json_data(receipt: Receipt) -> dict[str, Any]:
    """The receipt as plain data: `format` 1; fields are added in later versions, never renamed or removed."""
    return {
        "format": RECEIPT_FORMAT,
        "digest": receipt.digest,
        "origin": receipt.origin,
        "environment": receipt.environment,
        "source": receipt.source,
        "counts": receipt.counts,
        "releases": dict(receipt.releases),
        "objects": dict(receipt.objects),
        "rows": [receipt_row_data(row) for row in receipt.rows],
        "needs": [{"object": each.object, "release": each.release, "why": each.reason} for each in receipt.needs],
        "wayIn": [
            {
                "commit": each.title,
                "release": each.release,
                "verdict": each.verdict,
                "standing": each.standing,
                "sentence": each.sentence,
                "codes": list(each.codes),
            }
            for each in receipt.way_in
        ],
        "handOver": list(receipt.hand_over),
        "premises": list(receipt.premises),
    }


def receipt_json(receipt: Receipt) -> str:
    """The receipt as text: equal receipts give equal bytes."""
    return json.dumps(receipt_json_data(receipt), indent=2, default=str) + "\n"
