"""A small, seeded trainer of feed-forward ReLU networks in plain numpy.

Arrays are batches: the first dimension counts the samples. Training is in binary64.
"""

import numpy as np


class Dense:
    """y = x W + b; `weight` is [inputs, outputs]."""

    def __init__(self, inputs, outputs, random):
        self.weight = random.normal(0, np.sqrt(2 / inputs), (inputs, outputs))
        self.bias = np.zeros(outputs)
        self.kept = np.ones_like(self.weight)  # zero where a weight was pruned

    def forward(self, x):
        self.input = x
        return x @ self.weight + self.bias

    def backward(self, gradient):
        self.gradients = [self.input.T @ gradient * self.kept, gradient.sum(0)]
        return gradient @ self.weight.T

    def parameters(self):
        return [self.weight, self.bias]


class Convolution:
    """Stride 1, zero padding that keeps the size; `weight` is [outputs, inputs, size, size]."""

    def __init__(self, inputs, outputs, size, random):
        self.weight = random.normal(
            0, np.sqrt(2 / (inputs * size * size)), (outputs, inputs, size, size)
        )
        self.bias = np.zeros(outputs)
        self.padding = size // 2

    def taps(self, height, width):
        """Each kernel position with the window of the padded image that it multiplies."""
        for row in range(self.weight.shape[2]):
            for column in range(self.weight.shape[3]):
                window = np.s_[:, :, row : row + height, column : column + width]
                yield row, column, window

    def forward(self, x):
        pad = self.padding
        self.input = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
        y = np.broadcast_to(
            self.bias[:, None, None], (len(x), len(self.bias), *x.shape[2:])
        ).copy()
        for row, column, window in self.taps(*x.shape[2:]):
            y += np.einsum("nchw,oc->nohw", self.input[window], self.weight[:, :, row, column])
        return y

    def backward(self, gradient):
        height, width = gradient.shape[2:]
        weight_gradient = np.zeros_like(self.weight)
        input_gradient = np.zeros_like(self.input)
        for row, column, window in self.taps(height, width):
            weight_gradient[:, :, row, column] = np.einsum(
                "nohw,nchw->oc", gradient, self.input[window]
            )
            input_gradient[window] += np.einsum(
                "nohw,oc->nchw", gradient, self.weight[:, :, row, column]
            )
        self.gradients = [weight_gradient, gradient.sum((0, 2, 3))]
        pad = self.padding
        return input_gradient[:, :, pad : pad + height, pad : pad + width]

    def parameters(self):
        return [self.weight, self.bias]


class Relu:
    """max(0, x)."""

    gradients = []

    def forward(self, x):
        self.active = x > 0
        return x * self.active

    def backward(self, gradient):
        return gradient * self.active

    def parameters(self):
        return []


class AveragePool:
    """The mean of each square window; the windows tile the image."""

    gradients = []

    def __init__(self, size):
        self.size = size

    def forward(self, x):
        count, channels, height, width = x.shape
        tiles = (count, channels, height // self.size, self.size, width // self.size, self.size)
        return x.reshape(tiles).mean((3, 5))

    def backward(self, gradient):
        spread = gradient.repeat(self.size, axis=2).repeat(self.size, axis=3)
        return spread / self.size**2

    def parameters(self):
        return []


class Flatten:
    """Row-major, sample by sample."""

    gradients = []

    def forward(self, x):
        self.shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, gradient):
        return gradient.reshape(self.shape)

    def parameters(self):
        return []


class Network:
    """Layers applied one after the other."""

    def __init__(self, layers):
        self.layers = layers

    def __call__(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def gradients(self, output_gradient):
        """The gradients of all parameters after a forward pass, in the order of `parameters`."""
        for layer in reversed(self.layers):
            output_gradient = layer.backward(output_gradient)
        return [gradient for layer in self.layers for gradient in layer.gradients]

    def parameters(self):
        return [parameter for layer in self.layers for parameter in layer.parameters()]


def perceptron(sizes, random):
    """Dense layers of these sizes with rectifiers between them."""
    layers = [Dense(sizes[0], sizes[1], random)]
    for inputs, outputs in zip(sizes[1:], sizes[2:]):
        layers += [Relu(), Dense(inputs, outputs, random)]
    return Network(layers)


def squared_error(output, target):
    """The mean square and its gradient."""
    difference = output - target
    return np.mean(difference**2), 2 * difference / difference.size


def cross_entropy(output, label):
    """The mean negative logarithm of the softmax at the label, and its gradient."""
    shifted = output - output.max(1, keepdims=True)
    logarithm = shifted - np.log(np.exp(shifted).sum(1, keepdims=True))
    rows = np.arange(len(label))
    gradient = np.exp(logarithm)
    gradient[rows, label] -= 1
    return -logarithm[rows, label].mean(), gradient / len(label)


def train(network, inputs, targets, loss, random, *, epochs, batch=128, rate=3e-3, decay=0.0):
    """Adam with a cosine schedule of the rate and decoupled weight decay.

    Returns the mean loss of the last epoch.
    """
    parameters = network.parameters()
    mean = [np.zeros_like(p) for p in parameters]
    square = [np.zeros_like(p) for p in parameters]
    steps = epochs * -(-len(inputs) // batch)
    step = 0
    for _ in range(epochs):
        order = random.permutation(len(inputs))
        losses = []
        for start in range(0, len(order), batch):
            chosen = order[start : start + batch]
            value, output_gradient = loss(network(inputs[chosen]), targets[chosen])
            losses.append(value)
            step += 1
            now = rate * (1 + np.cos(np.pi * step / steps)) / 2
            for p, g, m, s in zip(parameters, network.gradients(output_gradient), mean, square):
                m += 0.1 * (g - m)
                s += 0.001 * (g * g - s)
                corrected = (m / (1 - 0.9**step)) / (np.sqrt(s / (1 - 0.999**step)) + 1e-8)
                p -= now * (corrected + decay * p)
    return float(np.mean(losses))
