"""Files that Shipway hands to its users, as they stand."""
