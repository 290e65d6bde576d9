"""The nouns that several stages share. Values without behavior beyond questions about themselves."""
