"""A classifier of the two-moons data set: two inputs, two scores."""

import numpy as np
from sklearn.datasets import make_moons

import onnx_file
from perceptron import cross_entropy, perceptron, train

SEED = 20260712


def main():
    random = np.random.default_rng(SEED)
    inputs, labels = make_moons(3_000, noise=0.1, random_state=SEED)
    test_inputs, test_labels = make_moons(1_000, noise=0.1, random_state=SEED + 1)
    classifier = perceptron([2, 24, 24, 2], random)
    loss = train(classifier, inputs, labels, cross_entropy, random, epochs=60, decay=1e-2)
    path = onnx_file.save(classifier, "two-moons", [2])
    accuracy = np.mean(onnx_file.run(path, test_inputs).argmax(1) == test_labels)
    print(f"two-moons: accuracy {accuracy:.4f}, cross entropy in training {loss:.4f}")


if __name__ == "__main__":
    main()
