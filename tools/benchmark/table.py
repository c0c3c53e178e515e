"""The tables of a benchmark's results."""

from collections import defaultdict
from statistics import median

DECIDED = ("sat", "unsat")
PEERS = {"abcrown_s": "abcrown", "nnenum_s": "nnenum", "marabou_s": "marabou"}


def is_wrong(row):
    """Whether the verdict contradicts the expected one."""
    return row["verdict"] in DECIDED and row["expected"] in DECIDED and disagrees(row)


def disagrees(row):
    return row["verdict"] != row["expected"]


def is_unconfirmed(row):
    """Whether the evidence of a decided instance was looked at and refused."""
    refused = row["check"] in ("missing", "rejected", "failed")
    return refused or row["witness"].startswith(("binary64", "rejected", "failed"))


def families(rows):
    """The rows of each family in order of appearance, and of all if there are several."""
    groups = defaultdict(list)
    for row in rows:
        groups[row["family"]].append(row)
    return dict(groups) | ({"all": rows} if len(groups) > 1 else {})


def verdicts(rows):
    """Verdicts, times and evidence, a line per family."""
    lines = [
        ["family", "decided", "agree", "WRONG", "error", "CPU s", "median", "max",
         "proofs accepted", "check CPU s", "proof kB", "witnesses confirmed", "as printed"]
    ]  # fmt: skip
    for family, group in families(rows).items():
        decided = [row for row in group if row["verdict"] in DECIDED]
        seconds = [float(row["cpu_s"]) for row in group]
        checks = [row for row in group if row["check"]]
        witnesses = [row for row in group if row["witness"]]
        wrong = sum(map(is_wrong, group))
        lines.append(
            [
                family,
                f"{len(decided)}/{len(group)}",
                sum(not disagrees(row) for row in decided),
                f"{wrong} WRONG" if wrong else "-",
                sum(row["verdict"] == "error" for row in group) or "-",
                f"{sum(seconds):.1f}",
                f"{median(seconds):.2f}",
                f"{max(seconds):.2f}",
                share(checks, lambda row: row["check"] == "accepted"),
                f"{sum(float(row['check_s'] or 0) for row in checks):.1f}",
                f"{sum(int(row['proof_bytes'] or 0) for row in group) / 1000:.0f}",
                share(witnesses, lambda row: row["witness"].startswith("confirmed")),
                sum(row["witness"] == "confirmed as printed" for row in witnesses) or "-",
            ]
        )
    return aligned(lines)


def comparison(rows):
    """Decided instances of the peers in the index, and wall seconds where both decided."""
    lines = [["family", "ours"] + [f"{name}: decided, wall s ours/its" for name in PEERS.values()]]
    for family, group in families(rows).items():
        ours = [row for row in group if row["verdict"] in DECIDED]
        line = [family, f"{len(ours)}/{len(group)}"]
        for column in PEERS:
            theirs = [row for row in group if is_number(row[column])]
            both = [row for row in theirs if row["verdict"] in DECIDED]
            own = sum(float(row["wall_s"]) for row in both)
            its = sum(float(row[column]) for row in both)
            line.append(f"{len(theirs)}, {own:.0f}/{its:.0f} on {len(both)}" if theirs else "-")
        lines.append(line)
    return aligned(lines)


def share(rows, condition):
    """How many of the rows meet a condition."""
    return f"{sum(map(condition, rows))}/{len(rows)}" if rows else "-"


def is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


def aligned(lines):
    """The lines in columns, the first flush left and the others flush right."""
    lines = [[str(cell) for cell in line] for line in lines]
    widths = [max(map(len, column)) for column in zip(*lines)]
    return "\n".join(
        "  ".join([line[0].ljust(widths[0])] + [c.rjust(w) for c, w in zip(line[1:], widths[1:])])
        for line in lines
    )
