"""Every code that Shipway can print, in words: what it means, how to fix it, where the rule comes from."""
