"""What runs today into specs, with a receipt of every difference: manifests of other tools → release specs."""
