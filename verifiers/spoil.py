"""Plants one fault in a copy of a log's files.

    spoil.py FOLDER FAULT

Faults: see FAULTS. What each one is, the function's first line says.
"""

import base64
import struct
import sys
from pathlib import Path


def bundles(folder: Path) -> list[Path]:
    return sorted(p for p in (folder / "tile/entries").rglob("*") if p.is_file())


def entries(path: Path) -> list[bytes]:
    data, found = path.read_bytes(), []
    while data:
        (length,) = struct.unpack(">H", data[:2])
        found.append(data[2 : 2 + length])
        data = data[2 + length :]
    return found


def write(path: Path, found: list[bytes]) -> None:
    path.write_bytes(b"".join(struct.pack(">H", len(e)) + e for e in found))


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def entry_byte(folder: Path) -> None:
    """One flipped bit in one signed fact."""
    first = bundles(folder)[0]
    flip(first, len(first.read_bytes()) // 2)


def tile_byte(folder: Path) -> None:
    """One flipped bit in one tile of hashes."""
    tile = sorted(p for p in (folder / "tile/0").rglob("*") if p.is_file())[0]
    flip(tile, 40)


def swapped(folder: Path) -> None:
    """Two facts in each other's place."""
    first = bundles(folder)[0]
    found = entries(first)
    found[5], found[6] = found[6], found[5]
    write(first, found)


def truncated(folder: Path) -> None:
    """The last facts are gone, the checkpoint still signs for them."""
    last = bundles(folder)[-1]
    write(last, entries(last)[:-1])


def removed(folder: Path) -> None:
    """A whole bundle is gone."""
    bundles(folder)[-1].unlink()


def checkpoint_root(folder: Path) -> None:
    """A checkpoint with another root under the same signatures."""
    path = folder / "checkpoint"
    lines = path.read_text().split("\n")
    root = bytearray(base64.b64decode(lines[2]))
    root[0] ^= 1
    lines[2] = base64.b64encode(root).decode()
    path.write_text("\n".join(lines))


def cosigned_by_another(folder: Path) -> None:
    """A cosignature under the witness's name and key id that another key made."""
    path = folder / "checkpoint"
    lines = path.read_text().split("\n")
    signatures = [i for i, line in enumerate(lines) if line.startswith("\u2014 ")]
    name, data = lines[signatures[1]].split(" ")[1:]
    _, other = lines[signatures[2]].split(" ")[1:]
    mixed = base64.b64decode(data)[:4] + base64.b64decode(other)[4:]
    lines[signatures[1]] = f"\u2014 {name} {base64.b64encode(mixed).decode()}"
    path.write_text("\n".join(lines))


def not_cosigned(folder: Path) -> None:
    """The witnesses' lines are gone."""
    path = folder / "checkpoint"
    lines = path.read_text().split("\n")
    signatures = [i for i, line in enumerate(lines) if line.startswith("\u2014 ")]
    path.write_text("\n".join(lines[: signatures[1]]) + "\n")


FAULTS = {
    f.__name__.replace("_", "-"): f
    for f in [
        entry_byte,
        tile_byte,
        swapped,
        truncated,
        removed,
        checkpoint_root,
        cosigned_by_another,
        not_cosigned,
    ]
}

if __name__ == "__main__":
    FAULTS[sys.argv[2]](Path(sys.argv[1]))
