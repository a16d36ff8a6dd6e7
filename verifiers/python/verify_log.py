"""Checks a served log with aics-tlog from PyPI: shares nothing with Amana but the published formats.

    verify_log.py URL --log VKEY [--witness VKEY]... [--quorum N] [--old FILE]

Exits 0 when all holds, 1 when something does not, 2 when it cannot be read.
"""

import argparse
import sys
from pathlib import Path

import aics_tlog
from aics_tlog.tiles import TileUnavailableError


class DoesNotHold(Exception):
    pass


def head(text: bytes, log, witnesses, quorum: int) -> aics_tlog.Checkpoint:
    """A checkpoint that the log signed and enough witnesses cosigned."""
    note = aics_tlog.parse_note(text)
    found = aics_tlog.verify_checkpoint(note, log, witnesses, quorum, expected_origin=log.name)
    if not found.ok:
        raise DoesNotHold(f"checkpoint: {found.error or 'too few cosignatures'}")
    return aics_tlog.parse_checkpoint(note.text)


def verify(args: argparse.Namespace) -> str:
    log = aics_tlog.parse_vkey(args.log.strip())
    witnesses = [aics_tlog.parse_vkey(w.strip()) for w in args.witness]
    reader = aics_tlog.HttpTileReader(args.url, proxies={})
    now = head(reader.read_checkpoint(), log, witnesses, args.quorum)
    report = aics_tlog.audit_tiles(reader, now.size, now.root)
    for index in range(0, now.size, 1 + now.size // 50):
        entry = aics_tlog.read_entry(reader, index, now.size)
        proof = aics_tlog.inclusion_proof_from_tiles(reader, index, now.size)
        if not aics_tlog.verify_leaf_inclusion(entry, index, now.size, proof, now.root):
            raise DoesNotHold(f"entry {index} is not in the tree")
    if args.old:
        old = head(Path(args.old).read_bytes(), log, [], 0)
        if old.size > now.size:
            raise DoesNotHold(f"ROLLBACK: {now.size} entries are signed, {old.size} were before")
        proof = aics_tlog.consistency_proof_from_tiles(reader, old.size, now.size)
        if not aics_tlog.verify_consistency(old.size, now.size, old.root, now.root, proof):
            raise DoesNotHold(f"FORK: the tree of {old.size} is not the beginning of that of {now.size}")
    return f"python: all holds: {now.size} entries, {report.tiles} tiles, {report.bundles} bundles"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url")
    parser.add_argument("--log", required=True)
    parser.add_argument("--witness", action="append", default=[])
    parser.add_argument("--quorum", type=int, default=0)
    parser.add_argument("--old")
    try:
        print(verify(parser.parse_args()))
        return 0
    except TileUnavailableError as error:
        print(f"cannot read: {error}")
        return 2
    except (DoesNotHold, ValueError, OSError) as error:
        print(f"DOES NOT HOLD: {error}")
        return 1


if __name__ == "__main__":
    sys.exit(main())
