"""A collision-avoidance controller for two aircraft in the plane, and two smaller copies of it.

The encounter model is our own and purely geometric. The own aircraft flies at constant speed and
follows an advisory, that is a constant rate of turn, for HORIZON seconds; the intruder flies
straight on. The cost of an advisory is a risk that falls with the smallest separation s on the way,
exp(-(s / 600 m)^2), plus a small price of the turn. The advisory of the lowest cost is given.

Inputs, each scaled to [-1, 1] from the range shown:
  0  distance           0 ... 4000 m
  1  bearing            -180 ... 180 degrees, of the intruder, from the own heading, left positive
  2  relative heading   -180 ... 180 degrees, the intruder's minus the own, left positive
  3  own speed          50 ... 150 m/s
  4  intruder speed     50 ... 150 m/s
Outputs: the costs of 0 clear of conflict, 1 weak left, 2 weak right, 3 strong left, 4 strong right.
"""

import copy

import numpy as np

import onnx_file
from perceptron import Dense, perceptron, squared_error, train

SEED = 20260711
HORIZON = 30
TURN_RATES = np.deg2rad([0, 1.5, -1.5, 3, -3])  # radians a second
TURN_PRICES = np.array([0, 0.03, 0.03, 0.06, 0.06])


def costs(inputs):
    """The five costs of each encounter; `inputs` is [count, 5], scaled."""
    distance = (inputs[:, 0] + 1) * 2000
    bearing, heading = inputs[:, 1] * np.pi, inputs[:, 2] * np.pi
    own_speed, intruder_speed = 100 + 50 * inputs[:, 3], 100 + 50 * inputs[:, 4]
    own = np.zeros((len(inputs), len(TURN_RATES)), complex)  # east + i north, own heading east
    intruder = (distance * np.exp(1j * bearing))[:, None]
    nearest = abs(intruder - own)
    for second in range(HORIZON):
        course = np.exp(1j * TURN_RATES * (second + 0.5))
        own = own + own_speed[:, None] * course
        intruder = intruder + (intruder_speed * np.exp(1j * heading))[:, None]
        nearest = np.minimum(nearest, abs(intruder - own))
    return np.exp(-((nearest / 600) ** 2)) + TURN_PRICES


def pruned(network, share):
    """A copy without the smallest weights: this share of each layer's is zero."""
    result = copy.deepcopy(network)
    for layer in result.layers:
        if isinstance(layer, Dense):
            layer.kept = (abs(layer.weight) >= np.quantile(abs(layer.weight), share)).astype(float)
            layer.weight *= layer.kept
    return result


def quantised(network, step):
    """A copy whose parameters are multiples of a step."""
    result = copy.deepcopy(network)
    for parameter in result.parameters():
        parameter[...] = np.round(parameter / step) * step
    return result


def report(name, network, inputs, targets, reference):
    """Saves the network and prints its row of the results."""
    path = onnx_file.save(network, name, [5])
    outputs = onnx_file.run(path, inputs)
    error = np.sqrt(np.mean((outputs - targets) ** 2))
    regret = targets[np.arange(len(targets)), outputs.argmin(1)] - targets.min(1)
    print(
        f"{name}: root mean square error {error:.4f}, mean regret of the advisory"
        f" {regret.mean():.4f}, largest difference from the controller"
        f" {abs(outputs - reference(inputs)).max():.3f}"
    )


def main():
    random = np.random.default_rng(SEED)
    inputs = random.uniform(-1, 1, (60_000, 5))
    test_inputs = random.uniform(-1, 1, (5_000, 5))
    controller = perceptron([5, 32, 32, 32, 5], random)
    train(
        controller, inputs, costs(inputs), squared_error, random, epochs=150, batch=256, decay=3e-3
    )
    small = pruned(controller, 0.25)
    train(
        small, inputs, controller(inputs), squared_error, random, epochs=40, batch=256, rate=1e-3
    )
    coarse = quantised(controller, 2**-7)
    for name, network in [
        ("collision-avoidance", controller),
        ("collision-avoidance-pruned", small),
        ("collision-avoidance-quantised", coarse),
    ]:
        report(name, network, test_inputs, costs(test_inputs), controller)


if __name__ == "__main__":
    main()
