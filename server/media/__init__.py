"""Sound and pictures: read with great care, and turned into copies that are safe to hand on."""
