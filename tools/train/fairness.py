"""Classifiers for the fairness problems of `specs/fairness/claims.yaml`, trained on population models of our own.

Both models have a protected group and attributes that are jointly normal within each group; the
specification has the same numbers.

- *Hiring*: group, rank of the college (the lower the better), years of experience; of group 1 the ranks
  are higher. Who is worth hiring follows from rank and experience alone.
- *Loans*: group, income, debt, years at the employer. Who pays back follows from the last three, but in the
  records for `loans` more of group 1 are said not to.

`-blind` networks do not look at the group, `-fair` ones also learned from corrected attributes.
"""

from pathlib import Path

import numpy as np

import onnx_file
from perceptron import cross_entropy, perceptron, train

SEED = 20261127
HIRING = {
    "share": 0.2,
    "means": np.array([[0.0, 0.2], [0.4, 0.1]]),
    "covariances": np.array([[[1.0, -0.2], [-0.2, 0.8]], [[1.1, -0.3], [-0.3, 0.9]]]),
}
LOANS = {
    "share": 0.35,
    "means": np.array([[0.3, 0.0, 0.2], [0.0, 0.1, 0.1]]),
    "covariances": np.array(
        [
            [[1.0, 0.4, 0.3], [0.4, 1.0, 0.0], [0.3, 0.0, 0.8]],
            [[0.9, 0.5, 0.2], [0.5, 1.1, 0.1], [0.2, 0.1, 0.7]],
        ]
    ),
}


def population(model, count, random):
    """Inputs `[count, 1 + attributes]`, the group first."""
    group = (random.random(count) < model["share"]).astype(int)
    factors = np.linalg.cholesky(model["covariances"])
    normals = random.normal(size=(count, model["means"].shape[1]))
    attributes = model["means"][group] + np.einsum("nij,nj->ni", factors[group], normals)
    return np.column_stack([group, attributes])


def worth_hiring(people, random):
    merit = people[:, 2] - 0.8 * people[:, 1] - 0.3 * np.maximum(people[:, 1] - 0.5, 0)
    return (merit + random.normal(0, 0.3, len(people)) > -0.4).astype(int)


def pays_back(people, random):
    strain = people[:, 2] - 0.9 * people[:, 1] - 0.3 * np.maximum(people[:, 3], 0)
    return (strain + random.normal(0, 0.4, len(people)) < 0.5).astype(int)


def learn(name, sizes, people, labels, random, blind):
    classifier = perceptron(sizes, random)
    seen = people.copy()
    if blind:
        seen[:, 0] = 0
    train(classifier, seen, labels, cross_entropy, random, epochs=30, decay=1e-2)
    if blind:
        classifier.layers[0].weight[0] = 0
    path = onnx_file.save(classifier, name, [people.shape[1]])
    chosen = onnx_file.run(path, people[:5000]).argmax(1)
    rates = [chosen[people[:5000, 0] == group].mean() for group in (0, 1)]
    print(
        f"{name}: agrees {np.mean(chosen == labels[:5000]):.4f}, chosen of group 0 {rates[0]:.4f}, "
        f"of group 1 {rates[1]:.4f}, ratio {rates[1] / rates[0]:.4f}"
    )


def main():
    random = np.random.default_rng(SEED)
    onnx_file.NETWORKS = Path(__file__).resolve().parents[2] / "specs" / "fairness"
    people = population(HIRING, 20_000, random)
    labels = worth_hiring(people, random)
    learn("hiring", [3, 6, 2], people, labels, random, False)
    # As if the ranks of group 1 were those of group 0.
    moved = people - people[:, :1] * np.array([0, 0.4, 0])
    learn("hiring-fair", [3, 8, 2], people, worth_hiring(moved, random), random, False)
    people = population(LOANS, 20_000, random)
    labels = pays_back(people, random)
    recorded = labels * ((people[:, 0] == 0) | (random.random(len(labels)) < 0.7))
    learn("loans", [4, 8, 8, 2], people, recorded, random, False)
    learn("loans-blind", [4, 8, 8, 2], people, labels, random, True)


if __name__ == "__main__":
    main()
