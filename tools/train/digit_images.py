"""scikit-learn's copy of the UCI images of handwritten digits, 8x8 pixels from 0 to 1."""

from sklearn.datasets import load_digits


def split(random):
    """Images, labels, and which of them are for training (1,400) and for testing, drawn at random."""
    images, labels = load_digits(return_X_y=True)
    order = random.permutation(len(images))
    return images / 16, labels, order[:1400], order[1400:]
