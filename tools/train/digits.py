"""Classifiers of scikit-learn's 8x8 digits, pixels scaled to [0, 1]: a perceptron and a small
convolutional network. Also writes the images that the specifications speak of.
"""

import numpy as np

import digit_images
import onnx_file
from perceptron import (
    AveragePool,
    Convolution,
    Dense,
    Flatten,
    Network,
    Relu,
    cross_entropy,
    perceptron,
    train,
)

SEED = 20260713
DATA = onnx_file.NETWORKS.parent / "data"


def convolutional(random):
    """3x3 convolution with 6 channels, 2x2 average pooling, two dense layers."""
    return Network(
        [
            Convolution(1, 6, 3, random),
            Relu(),
            AveragePool(2),
            Flatten(),
            Dense(96, 32, random),
            Relu(),
            Dense(32, 10, random),
        ]
    )


def main():
    random = np.random.default_rng(SEED)
    images, labels, training, test = digit_images.split(random)
    for name, network, shape in [
        ("digits", perceptron([64, 32, 32, 10], random), [64]),
        ("digits-convolutional", convolutional(random), [1, 8, 8]),
    ]:
        samples = images.reshape(-1, *shape)
        noisy = np.tile(samples[training], (4, *[1] * len(shape)))
        noisy += random.uniform(-0.1, 0.1, noisy.shape)
        loss = train(
            network, noisy, np.tile(labels[training], 4), cross_entropy, random,
            epochs=40, decay=1e-2,
        )  # fmt: skip
        path = onnx_file.save(network, name, shape)
        accuracy = np.mean(onnx_file.run(path, samples[test]).argmax(1) == labels[test])
        print(f"{name}: accuracy {accuracy:.4f}, cross entropy in training {loss:.4f}")
    for word, digit in [("zero", 0), ("three", 3), ("six", 6)]:
        image = next(i for i in test if labels[i] == digit)
        np.savetxt(DATA / f"{word}.csv", images[image].reshape(8, 8), fmt="%g", delimiter=",")


if __name__ == "__main__":
    main()
