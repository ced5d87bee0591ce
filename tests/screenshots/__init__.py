"""The pictures of the guides, taken from a whole installation with the made-up project.

Nothing is drawn by hand: a picture shows what the product does, or it is not made.
"""
