"""Runs affidavit over an index of instances with known verdicts.

    python3 tools/benchmark --index FILE [--family F]... [--filter REGEX] --output results.csv

Each result is appended to the output as it is known; instances that the output already has are not
run again. The exit status is 1 when a verdict is wrong, a proof is not accepted or a witness fails.
"""

import argparse
import csv
import re
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import table
from instance import COLUMNS, Instance, decide
from program import stop


def options():
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="tools/benchmark", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--index", type=Path, required=True, help="instances, a CSV file")
    parser.add_argument("--family", action="append", help="only this family (repeatable)")
    parser.add_argument("--filter", default="", help="only ids in which this pattern occurs")
    parser.add_argument("--timeout", type=float, default=60, help="seconds an instance (60)")
    parser.add_argument("--jobs", type=int, default=1, help="instances at a time (1)")
    parser.add_argument("--program", default=".build/release/affidavit", help="the solver")
    parser.add_argument("--checker", default=".build/release/affidavit-check", help="the checker")
    parser.add_argument("--output", type=Path, default="results.csv", help="the results, CSV")
    parser.add_argument("--proofs", type=Path, help="keep the proofs in this folder")
    parser.add_argument(
        "--confirm", action="store_true", help="check every proof and replay every witness"
    )
    return parser.parse_args()


def instances(chosen):
    """The instances of the index that the options select."""
    with open(chosen.index, newline="") as file:
        found = [Instance.of(row, chosen.index.parent) for row in csv.DictReader(file)]
    return [
        instance
        for instance in found
        if (not chosen.family or instance.family in chosen.family)
        and re.search(chosen.filter, instance.id)
    ]


def known(path):
    """The results that are there already, by id."""
    if not path.exists():
        return {}
    with open(path, newline="") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames != COLUMNS:
            sys.exit(f"{path}: not a file of results: the columns are {reader.fieldnames}")
        return {row["id"]: row for row in reader}


def run(selected, results, chosen):
    """Decides the instances without a result and adds theirs, to the file too."""
    waiting = [instance for instance in selected if instance.id not in results]
    fresh = not chosen.output.exists()
    with open(chosen.output, "a", newline="") as file, ThreadPoolExecutor(chosen.jobs) as pool:
        writer = csv.DictWriter(file, COLUMNS)
        if fresh:
            writer.writeheader()
        futures = [pool.submit(decide, instance, chosen) for instance in waiting]
        try:
            for count, future in enumerate(as_completed(futures), 1):
                row = future.result()
                results[row["id"]] = {name: str(value) for name, value in row.items()}
                writer.writerow(row)
                file.flush()
                announce(f"{count}/{len(waiting)}", results[row["id"]])
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            stop()
            raise


def announce(progress, row):
    """One line on stderr."""
    remarks = [row["check"], row["witness"], row["message"]]
    if table.is_wrong(row):
        remarks.insert(0, f"WRONG, expected {row['expected']}")
    line = [progress, row["id"], row["verdict"], f"{row['cpu_s']} s", *filter(None, remarks)]
    print("  ".join(line), file=sys.stderr)


def main():
    chosen = options()
    if chosen.proofs:
        chosen.proofs.mkdir(parents=True, exist_ok=True)
    selected = instances(chosen)
    if not selected:
        sys.exit(f"{chosen.index}: no instance is selected")
    results = known(chosen.output)
    run(selected, results, chosen)
    rows = [results[instance.id] for instance in selected]
    print(table.verdicts(rows))
    if any(row[column] for row in rows for column in table.PEERS):
        print()
        print(table.comparison(rows))
    refused = [row for row in rows if table.is_wrong(row) or table.is_unconfirmed(row)]
    for row in refused:
        reason = "WRONG" if table.is_wrong(row) else "not confirmed"
        print(f"{reason}: {row['id']}: {row['verdict']}, expected {row['expected']}")
    sys.exit(1 if refused else 0)


if __name__ == "__main__":
    main()
