"""Write run.txt and test.txt: every package that pyproject.toml leads to, at the version installed here."""

import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HERE = Path(__file__).resolve().parent
HEAD = "# Every package with its exact version, made by `make lock` from pyproject.toml.\n"


def closure(wanted: list[str]) -> dict[str, str]:
    """Names to versions of everything that these requirements lead to on this machine."""
    found: dict[str, str] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    left = [Requirement(text) for text in wanted]
    while left:
        requirement = left.pop()
        key = (canonicalize_name(requirement.name), frozenset(requirement.extras))
        if key in seen:
            continue
        seen.add(key)
        try:
            package = metadata.distribution(key[0])
        except metadata.PackageNotFoundError:
            continue
        # A local version ("+cpu") names one build; elsewhere the same release has another.
        found[key[0]] = package.version.split("+")[0]
        for text in package.requires or []:
            needed = Requirement(text)
            if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in (*key[1], "")):
                left.append(needed)
    return found


def main() -> None:
    project = tomllib.loads((HERE.parent / "pyproject.toml").read_text())["project"]
    run = closure(project["dependencies"])
    test = closure(project["optional-dependencies"]["test"])
    (HERE / "run.txt").write_text(HEAD + "".join(f"{name}=={run[name]}\n" for name in sorted(run)))
    only_test = "".join(f"{name}=={test[name]}\n" for name in sorted(test) if name not in run)
    (HERE / "test.txt").write_text(f"{HEAD}-r run.txt\n{only_test}")


if __name__ == "__main__":
    main()
