"""What the shap package says of a small forest, for crates/forest/tests/contributions.rs.

    pip install shap
    python tests/reference/shap_values.py > crates/forest/tests/shap_values.txt

Makes up a forest with a fixed seed, in the form of overtone_forest::Node, gives it to shap.TreeExplainer as explicit
trees, and writes both down. The node weights are whole powers of 32, so that shap works with the very shares that the forest
keeps. Lines:

    feature CUT...
    distribution WEIGHT...                  one for each class, together 255
    tree                                    the nodes that follow, in preorder
    split FEATURE THRESHOLD MISSING_RIGHT LEFT_SHARE RIGHT
    leaf DISTRIBUTION
    row VALUE...                            NaN is missing
    class BASE CONTRIBUTION...              one for each class, for the row before
"""

import random

import numpy
import shap

FEATURES = 6
CUTS = 12
CLASSES = 3
TREES = 12
DEPTH = 7
ROWS = 40


def make_tree(numbers, distributions, open_bins, depth, nodes):
    """Adds a random subtree in preorder; never an empty side, as in a trained tree."""
    feature = numbers.randrange(FEATURES)
    low, high = open_bins[feature]
    own = len(nodes)
    if depth == 0 or low == high or (depth < DEPTH - 1 and numbers.random() < 0.15):
        nodes.append(("leaf", numbers.randrange(len(distributions))))
        return
    threshold = numbers.randrange(low, high)
    nodes.append(None)
    make_tree(numbers, distributions, {**open_bins, feature: (low, threshold)}, depth - 1, nodes)
    right = len(nodes)
    make_tree(numbers, distributions, {**open_bins, feature: (threshold + 1, high)}, depth - 1, nodes)
    nodes[own] = ("split", feature, threshold, numbers.randrange(2), numbers.randrange(16), right)


def for_shap(nodes, cuts, distributions):
    """A tree as shap.TreeExplainer takes it."""
    size = len(nodes)
    tree = {
        "children_left": numpy.full(size, -1),
        "children_right": numpy.full(size, -1),
        "children_default": numpy.full(size, -1),
        "features": numpy.full(size, -2),
        "thresholds": numpy.full(size, -2.0),
        "values": numpy.zeros((size, CLASSES)),
        "node_sample_weight": numpy.zeros(size),
    }
    weights = tree["node_sample_weight"]
    weights[0] = 32.0**DEPTH
    for index, node in enumerate(nodes):
        if node[0] == "leaf":
            tree["values"][index] = numpy.array(distributions[node[1]]) / 255 / TREES
            continue
        _, feature, threshold, missing_right, left_share, right = node
        tree["children_left"][index] = index + 1
        tree["children_right"][index] = right
        tree["children_default"][index] = right if missing_right else index + 1
        tree["features"][index] = feature
        tree["thresholds"][index] = cuts[feature][threshold]
        weights[index + 1] = weights[index] * (2 * left_share + 1) / 32
        weights[right] = weights[index] - weights[index + 1]
    return tree


def main():
    numbers = random.Random(2020)
    # Halves are exact in every float format.
    cuts = [sorted(numbers.sample([n / 2 for n in range(-40, 40)], CUTS)) for _ in range(FEATURES)]
    distributions = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [85, 85, 85], [10, 200, 45]]
    trees = []
    for _ in range(TREES):
        nodes = []
        make_tree(numbers, distributions, {f: (0, CUTS) for f in range(FEATURES)}, DEPTH, nodes)
        trees.append(nodes)
    rows = []
    for number in range(ROWS):
        row = [numbers.randrange(-42, 42) / 2 for _ in range(FEATURES)]
        # Every other row has missing values, the last one nothing else.
        for feature in range(FEATURES):
            if (number % 2 == 1 and numbers.random() < 0.3) or number == ROWS - 1:
                row[feature] = float("nan")
        rows.append(row)

    model = {"trees": [for_shap(nodes, cuts, distributions) for nodes in trees]}
    explainer = shap.TreeExplainer(model, feature_perturbation="tree_path_dependent")
    # By row, feature and class.
    values = explainer.shap_values(numpy.array(rows), check_additivity=False)
    assert values.shape == (ROWS, FEATURES, CLASSES), values.shape

    for feature in cuts:
        print("feature", *feature)
    for distribution in distributions:
        print("distribution", *distribution)
    for nodes in trees:
        print("tree")
        for node in nodes:
            print(*node)
    for row, of_row in zip(rows, values):
        print("row", *row)
        for index, base in enumerate(explainer.expected_value):
            print("class", float(base), *(float(value) for value in of_row[:, index]))


if __name__ == "__main__":
    main()
