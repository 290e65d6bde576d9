"""From specs and a repository to a commit: the one place where the pipeline, the plan and Git meet."""
