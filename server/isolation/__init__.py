"""Where files of unknown origin are decoded: in processes with limits, which know no secrets and reach nothing."""
