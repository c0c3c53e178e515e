"""Two classifiers of applicants from a population model of our own.

The model: an applicant belongs to group 0 or 1, one half each. Years of education and of experience
and a test score, scaled to be about standard, are jointly normal within each group, with the means and
covariances below; `specs/population.yaml` has the same numbers. Whether an applicant does well is a noisy
threshold of the three. `applicants` has learned that from a sample in which applicants of group 1 were
recorded as doing well less often than they did; `applicants-blind` from the true records, without the group.
"""

import numpy as np

import onnx_file
from perceptron import cross_entropy, perceptron, train

SEED = 20261126
MEANS = np.array([[0.1, 0.2, 0.1], [-0.1, -0.1, 0.0]])
COVARIANCES = np.array(
    [
        [[1.0, 0.3, 0.5], [0.3, 1.0, 0.2], [0.5, 0.2, 1.0]],
        [[1.2, 0.2, 0.5], [0.2, 0.9, 0.3], [0.5, 0.3, 1.0]],
    ]
)
# Recorded as doing well, of those of group 1 who do.
RECORDED = 0.55


def applicants(count, random):
    """Inputs `[count, 4]`, the group first, and whether each does well."""
    group = random.integers(0, 2, count)
    factors = np.linalg.cholesky(COVARIANCES)
    traits = MEANS[group] + np.einsum("nij,nj->ni", factors[group], random.normal(size=(count, 3)))
    merit = traits @ [0.5, 0.4, 0.7] + 0.3 * np.maximum(traits[:, 0], 0) * (traits[:, 1] > 0)
    does_well = merit + random.normal(0, 0.4, count) > 0.2
    return np.column_stack([group, traits]), does_well.astype(int)


def main():
    random = np.random.default_rng(SEED)
    inputs, labels = applicants(20_000, random)
    recorded = labels * ((inputs[:, 0] == 0) | (random.random(len(labels)) < RECORDED))
    test_inputs, test_labels = applicants(5_000, random)
    blinded = inputs * [0, 1, 1, 1]
    for name, features, targets in [
        ("applicants", inputs, recorded),
        ("applicants-blind", blinded, labels),
    ]:
        classifier = perceptron([4, 8, 8, 2], random)
        train(classifier, features, targets, cross_entropy, random, epochs=40, decay=1e-2)
        if name == "applicants-blind":
            classifier.layers[0].weight[0] = 0
        path = onnx_file.save(classifier, name, [4])
        hired = onnx_file.run(path, test_inputs).argmax(1)
        rates = [hired[test_inputs[:, 0] == group].mean() for group in (0, 1)]
        print(
            f"{name}: accuracy {np.mean(hired == test_labels):.4f}, "
            f"hired of group 0 {rates[0]:.4f}, of group 1 {rates[1]:.4f}"
        )


if __name__ == "__main__":
    main()
