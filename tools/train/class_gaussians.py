"""A 64-16-16-16-10 classifier of scikit-learn's 8x8 digits, and normal laws of two of its classes.

Writes docs/class-gaussians/digits-16.onnx and, for these classes, `mean-C.csv` and `factor-C.csv`: the mean of
the training images, and their principal components, the leading one first, each times its standard deviation.
"""

from pathlib import Path

import numpy as np

import digit_images
import onnx_file
from perceptron import cross_entropy, perceptron, train

SEED = 20261127
FOLDER = Path(__file__).resolve().parents[2] / "docs" / "class-gaussians"
CLASSES = [0, 9]


def main():
    random = np.random.default_rng(SEED)
    images, labels, training, test = digit_images.split(random)
    network = perceptron([64, 16, 16, 16, 10], random)
    noisy = np.tile(images[training], (4, 1))
    noisy += random.normal(0, 0.1, noisy.shape)
    targets = np.tile(labels[training], 4)
    train(network, noisy, targets, cross_entropy, random, epochs=40, decay=1e-2)
    onnx_file.NETWORKS = FOLDER
    path = onnx_file.save(network, "digits-16", [64])
    accuracy = np.mean(onnx_file.run(path, images[test]).argmax(1) == labels[test])
    print(f"digits-16: accuracy {accuracy:.4f}")
    for digit in CLASSES:
        own = images[training][labels[training] == digit]
        values, vectors = np.linalg.eigh(np.cov(own.T))
        factor = vectors[:, ::-1] * np.sqrt(np.maximum(values[::-1], 0))
        np.savetxt(FOLDER / f"mean-{digit}.csv", own.mean(0)[:, None], fmt="%.4f")
        np.savetxt(FOLDER / f"factor-{digit}.csv", factor, fmt="%.4f", delimiter=",")


if __name__ == "__main__":
    main()
