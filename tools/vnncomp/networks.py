"""Prints the networks of a VNN-COMP instance, `FILE` or `NAME=FILE` a line.

    networks.py ONNX QUERY

ONNX is a file, or the Python list of several networks, [('f','a.onnx'),('g','b.onnx')].
A single file of a VNN-LIB 2.0 query gets the name of the query's network.
"""

import ast
import gzip
import re
import sys


def networks(argument, query):
    """The lines to print."""
    if argument.lstrip().startswith("["):
        return [f"{name}={file}" for name, file in ast.literal_eval(argument)]
    with gzip.open(query, "rt") if query.endswith(".gz") else open(query) as file:
        declared = re.search(r"^\s*\(declare-network\s+(\w+)", file.read(), re.MULTILINE)
    return [f"{declared[1]}={argument}" if declared else argument]


if __name__ == "__main__":
    print("\n".join(networks(*sys.argv[1:])))
