"""Tests keep nothing for later runs, unless they are about that."""

from __future__ import annotations

import os

os.environ["SHIPWAY_CACHE"] = ""
