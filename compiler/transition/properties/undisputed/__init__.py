"""No two writers hold one field, one pod or one Secret."""
