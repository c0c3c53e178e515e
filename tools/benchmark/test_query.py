"""Tests of the exact evaluation of queries: python3 -m unittest discover tools/benchmark"""

import unittest
from fractions import Fraction

import query

FIRST = """; two inputs, one output
(declare-const X_0 Real)
(declare-const X_1 Real)
(declare-const Y_0 Real)
(assert (>= X_0 0.1))
(assert (<= X_0 0.1)) ; pinned
(assert (or (and (<= Y_0 -1e-3) (>= X_1 0)) (>= Y_0 2)))
"""

SECOND = """(vnnlib-version <2.0>)
(declare-network f (declare-input X Real [1, 2]) (declare-output Y Real [2,2]))
(declare-network g (equal-to f) (declare-input Z Real [1,2]) (declare-output W Real [2,2]))
(assert (< (+ Y[1, 0] (- W[0,1])) (* 2.0 X[0,1])))
(assert (== X[0,0] Z[0,0]))
"""


def fractions(**values):
    return {name: [Fraction(v) for v in text.split()] for name, text in values.items()}


class QueryTests(unittest.TestCase):
    def test_first_version(self):
        asked = query.read(FIRST)
        self.assertTrue(asked.holds(fractions(X="0.1 0", Y="-0.001")))
        self.assertTrue(asked.holds(fractions(X="0.1 -1", Y="2")))
        self.assertFalse(asked.holds(fractions(X="0.1 -1", Y="-1")))
        self.assertFalse(asked.holds(fractions(X="0.1 0", Y="-0.0009999999999999999999")))
        self.assertFalse(asked.holds({"X": [Fraction(0.1), 0], "Y": [Fraction(2)]}))

    def test_second_version(self):
        asked = query.read(SECOND)
        self.assertEqual([n.same_as for n in asked.networks], [None, "f"])
        values = {"X": "1 3", "Z": "1 9", "Y": "0 0 5 0", "W": "0 -1 0 0"}
        self.assertFalse(asked.holds(fractions(**values)))  # 5 + 1 < 6 is strict
        self.assertTrue(asked.holds(fractions(**values | {"Y": "0 0 4.99 0"})))
        self.assertFalse(asked.holds(fractions(**values | {"Y": "0 0 4 0", "Z": "2 9"})))


if __name__ == "__main__":
    unittest.main()
