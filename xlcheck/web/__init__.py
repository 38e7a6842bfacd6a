"""One page that is the whole command line in a browser: nothing installed, nothing fetched, nothing sent.

runtime (Pyodide, pinned) + house (our Python, precompiled) → page (one file); in it commands and view answer
"""
