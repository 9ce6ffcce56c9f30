"""Reading and deriving the present situation of streets: plain Python, no web framework, no SQL."""
