"""Networks for `tools/paper/random-functions`: two moons, handwritten digits and clothes.

    random_functions.py DATA [NAME ...]

DATA holds `mnist` and `fashion-mnist`, each with the four IDX files as they are published
(`train-images-idx3-ubyte.gz`, …). Written to `docs/random-functions/networks`.
"""

import gzip
import sys
from pathlib import Path

import numpy as np
from sklearn.datasets import make_moons

import onnx_file
from perceptron import cross_entropy, perceptron, train

onnx_file.NETWORKS = Path(__file__).resolve().parents[2] / "docs" / "random-functions" / "networks"
STEPS = 4_690  # ten epochs of 60,000 images in batches of 128, however many images there are


def logistic(output, label):
    """The mean cross entropy of one score for two classes, and its gradient."""
    score = output[:, 0]
    losses = np.logaddexp(0, score) - label * score
    return losses.mean(), ((1 / (1 + np.exp(-score)) - label) / len(label))[:, None]


def idx(path):
    """The array of an IDX file of bytes."""
    with gzip.open(path) as file:
        content = file.read()
    dimensions = [int.from_bytes(content[4 * i + 4 : 4 * i + 8], "big") for i in range(content[3])]
    return np.frombuffer(content, np.uint8, offset=4 + 4 * len(dimensions)).reshape(dimensions)


def images(folder, part):
    """Pixels between 0 and 1, one image a row, and their labels."""
    pixels = idx(folder / f"{part}-images-idx3-ubyte.gz")
    labels = idx(folder / f"{part}-labels-idx1-ubyte.gz")
    return pixels.reshape(len(pixels), -1) / 255, labels.astype(int)


def moons(name, seed):
    """Three rectifiers of four units: 1000 points, noise 0.2, 20 epochs, as in the paper."""
    inputs, labels = make_moons(1_000, noise=0.2, random_state=0)
    test_inputs, test_labels = make_moons(1_000, noise=0.2, random_state=1)
    random = np.random.default_rng(seed)
    network = perceptron([2, 4, 4, 4, 1], random)
    train(network, inputs, labels, logistic, random, epochs=20, batch=64, rate=1e-2)
    path = onnx_file.save(network, name, [2])
    accuracy = np.mean((onnx_file.run(path, test_inputs)[:, 0] > 0) == test_labels)
    print(f"{name}: accuracy {accuracy:.4f}")


def classifier(name, folder, width, seed):
    """Three rectifiers of equal width; as many steps as ten epochs of the full data have."""
    inputs, labels = images(folder, "train")
    test_inputs, test_labels = images(folder, "t10k")
    random = np.random.default_rng(seed)
    network = perceptron([inputs.shape[1], width, width, width, 10], random)
    epochs = round(STEPS / -(-len(inputs) // 128))
    train(network, inputs, labels, cross_entropy, random, epochs=epochs, batch=128, rate=1e-3)
    path = onnx_file.save(network, name, [inputs.shape[1]])
    accuracy = np.mean(onnx_file.run(path, test_inputs).argmax(1) == test_labels)
    print(f"{name}: {len(inputs)} images, {epochs} epochs, accuracy {accuracy:.4f}")


def main():
    data, names = Path(sys.argv[1]), sys.argv[2:]
    onnx_file.NETWORKS.mkdir(parents=True, exist_ok=True)
    tasks = {
        "moons": lambda: moons("moons", 1),
        "mnist-16": lambda: classifier("mnist-16", data / "mnist", 16, 0),
        "mnist-32": lambda: classifier("mnist-32", data / "mnist", 32, 0),
        "fashion-mnist-32": lambda: classifier("fashion-mnist-32", data / "fashion-mnist", 32, 0),
    }
    for name in names or tasks:
        tasks[name]()


if __name__ == "__main__":
    main()
