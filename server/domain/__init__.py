"""The rules of Earshot: plain functions and dataclasses, standard library only."""
