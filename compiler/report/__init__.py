"""What people read of a plan (text, Markdown, HTML, pictures), and what programs do (JSON, JUnit)."""
