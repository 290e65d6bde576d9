"""What knows nothing of specs: how work is spread over the cores, which word was meant."""
