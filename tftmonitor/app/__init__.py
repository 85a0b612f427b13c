"""The composition root of the window.

``run.py`` is the entry; ``core.py`` builds the headless half, ``parts.py`` the window,
``docks.py`` is the table of panes, ``connections.py`` says who hears of what, and ``program.py``
runs it all and takes it apart in order.
"""
