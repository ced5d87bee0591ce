"""Firefox and WebKitGTK, driven as W3C WebDriver says, each in a folder of its own that outlives its processes.

Playwright drives Chromium alone of the browsers that Debian packages. Firefox listens for commands by itself, and
WebKitGTK comes with a driver, so no other package is needed.
"""
