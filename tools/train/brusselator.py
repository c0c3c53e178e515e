"""One time step of the Brusselator, (x, y) -> (x', y'): explicit Euler with step TAU,

    x' = x + TAU (A + x^2 y - (B + 1) x)
    y' = y + TAU (B x - x^2 y)
"""

import numpy as np

import onnx_file
from perceptron import perceptron, squared_error, train

SEED = 20260714
TAU, A, B = 0.15, 1.0, 2.1
LOWER, UPPER = np.array([0.2, 0.5]), np.array([2.5, 3.5])


def step(points):
    """The exact next points; `points` is [count, 2]."""
    x, y = points[:, 0], points[:, 1]
    growth = x * x * y
    return np.stack([x + TAU * (A + growth - (B + 1) * x), y + TAU * (B * x - growth)], 1)


def main():
    random = np.random.default_rng(SEED)
    points = random.uniform(LOWER, UPPER, (20_000, 2))
    test_points = random.uniform(LOWER, UPPER, (5_000, 2))
    stepper = perceptron([2, 32, 32, 2], random)
    train(stepper, points, step(points), squared_error, random, epochs=400)
    path = onnx_file.save(stepper, "brusselator-step", [2])
    difference = onnx_file.run(path, test_points) - step(test_points)
    error = np.sqrt(np.mean(difference**2))
    print(
        f"brusselator-step: root mean square error {error:.5f},"
        f" largest error {abs(difference).max():.4f}"
    )


if __name__ == "__main__":
    main()
