"""A fuzzer of the product's doors: `python -m tests.fuzz --help`."""
