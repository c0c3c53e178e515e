"""One instance of an index, decided, measured and confirmed."""

import contextlib
import gzip
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from program import execute

VERDICTS = ["sat", "unsat", "unknown", "timed-out"]
GRACE = 5  # seconds beyond the time limit after which a program is killed
COLUMNS = [
    "id", "family", "expected", "verdict", "cpu_s", "wall_s", "proof_bytes", "check", "check_s",
    "witness", "message", "abcrown_s", "nnenum_s", "marabou_s",
]  # fmt: skip


@dataclass
class Instance:
    """A row of the index; `networks` has a file per name, and the name None in a 1.0 query."""

    id: str
    family: str
    expected: str
    query: Path
    networks: dict
    peers: dict

    @staticmethod
    def of(row, folder):
        """The instance of a row; paths are relative to the index's folder.

        Columns `vnnlib2` and `network` give a 2.0 query and the name of its network; a column
        `networks` gives `NAME=FILE` pairs relative to the query's folder.
        """
        query = folder / (row.get("vnnlib2") or row["vnnlib"])
        if row.get("networks"):
            pairs = (pair.split("=", 1) for pair in row["networks"].split())
            networks = {name: query.parent / file for name, file in pairs}
        else:
            networks = {row.get("network") or None: folder / row["onnx"]}
        family = row.get("benchmark") or row.get("category") or "all"
        peers = {name: row.get(name, "") for name in ("abcrown_s", "nnenum_s", "marabou_s")}
        return Instance(row["id"], family, row["expected_verdict"], query, networks, peers)


def decide(instance, options):
    """Runs the program, then what confirms its answer; the row of the results."""
    row = dict.fromkeys(COLUMNS, "") | instance.peers
    row |= {"id": instance.id, "family": instance.family, "expected": instance.expected}
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        query = unpacked(instance.query, folder)
        proof = (options.proofs or folder) / (re.sub(r"[^\w.-]", "_", instance.id) + ".proof")
        proof.unlink(missing_ok=True)
        command = [options.program, "verify", query, "--timeout", str(options.timeout)]
        for name, file in instance.networks.items():
            command += ["--network", f"{name}={file}" if name else str(file)]
        run = execute([*command, "--proof", proof], options.timeout + GRACE)
        row["verdict"], row["message"] = answer(run)
        row["cpu_s"], row["wall_s"] = f"{run.cpu_seconds:.3f}", f"{run.wall_seconds:.3f}"
        if row["verdict"] == "unsat" and proof.exists():
            row["proof_bytes"] = proof.stat().st_size
        if options.confirm and row["verdict"] == "unsat":
            row |= checked(instance, query, proof, options)
        if options.confirm and row["verdict"] == "sat":
            row["witness"] = replayed(instance, query, run.output.splitlines()[1:])
    return row


def unpacked(path, folder):
    """The path of a file without its compression."""
    if path.suffix != ".gz":
        return path
    plain = folder / path.stem
    plain.write_bytes(gzip.decompress(path.read_bytes()))
    return plain


def answer(run):
    """The verdict, and in an error what the program said last."""
    if run.killed:
        return "timed-out", f"killed after {run.wall_seconds:.0f} s"
    first = run.output.split("\n", 1)[0].strip()
    if run.status == 0 and first in VERDICTS:
        return first, ""
    lines = (run.errors.strip() or first or "no answer").splitlines()
    return "error", f"exit status {run.status}: {lines[-1]}"


def checked(instance, query, proof, options):
    """The checker's verdict on the proof of an `unsat` answer."""
    if not proof.exists():
        return {"check": "missing"}
    command = [options.checker, "--claim", query, "--proof", proof]
    # The checker reads no gzip.
    for name, file in instance.networks.items():
        command += ["--network", f"{name or 'f'}={unpacked(file, proof.parent)}"]
    run = execute(command, 10 * options.timeout + GRACE)
    if run.status == 0:
        return {"check": "accepted", "check_s": f"{run.cpu_seconds:.3f}"}
    verdict = "rejected" if run.status == 1 else "failed"
    lines = (run.errors.strip() or run.output.strip() or "no message").splitlines()
    return {"check": verdict, "check_s": f"{run.cpu_seconds:.3f}", "message": lines[-1]}


def replayed(instance, query, lines):
    """What other software says about the witness of a `sat` answer."""
    try:
        import witness
    except ImportError as missing:
        return f"not replayed: {missing.name} is missing"
    try:
        return witness.replay(query.read_text(), instance.networks, witness.parse(lines))
    except Exception as problem:  # a malformed answer is a result of the benchmark
        return f"failed: {type(problem).__name__}: {problem}"
