"""The API server and Argo CD take what is written, at the moment when it is."""
