"""Scores of random predictions by scikit-learn, SciPy, seqeval and SQuAD's evaluation script (as transformers carries
it): what evaluation/ is compared with. Writes src/test/resources/metrics/."""

import json
import pathlib
import statistics
import warnings
from types import SimpleNamespace

import numpy
from scipy import stats
from seqeval.metrics import accuracy_score, classification_report
from sklearn import metrics
from transformers.data.metrics import squad_metrics

FOLDER = pathlib.Path(__file__).parents[2] / "src" / "test" / "resources" / "metrics"

# They warn where a share is 0 / 0 and of constant input, which is what some of the cases are for.
warnings.simplefilter("ignore")


def save(name, cases):
    """One case a line, so that a change shows."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / name
    path.write_text("[\n" + ",\n".join(json.dumps(case, allow_nan=False) for case in cases) + "\n]\n", encoding="utf-8")
    print(f"{path.relative_to(FOLDER.parents[3])}: {len(cases)} cases, {path.stat().st_size} bytes")


def classification():
    random = numpy.random.default_rng(1)
    pairs = []
    for classes, count, right in [(2, 60, 0.8), (2, 40, 0.5), (2, 25, 0.1), (3, 80, 0.7), (5, 90, 0.4), (17, 70, 0.6)]:
        gold = random.integers(0, classes, count)
        noise = random.integers(0, classes, count)
        pairs.append((classes, gold, numpy.where(random.random(count) < right, gold, noise)))
    some = random.integers(0, 2, 20)
    pairs += [
        (2, numpy.zeros(6, int), numpy.zeros(6, int)),  # one class only, and right
        (2, numpy.ones(6, int), numpy.ones(6, int)),
        (2, numpy.ones(6, int), numpy.zeros(6, int)),  # all wrong
        (2, some, numpy.zeros(20, int)),  # one that is never predicted
        (2, some, 1 - some),
        (2, numpy.array([1]), numpy.array([1])),
        (4, random.integers(0, 2, 30), random.integers(0, 3, 30)),  # one that neither occurs nor is predicted
        (3, numpy.array([0, 1, 2, 0, 1, 2]), numpy.array([2, 2, 2, 2, 2, 2])),
    ]
    cases = []
    for classes, gold, predicted in pairs:
        ids = list(range(classes))
        precision, recall, f1, _ = metrics.precision_recall_fscore_support(gold, predicted, labels=ids)
        case = {
            "classes": classes,
            "gold": gold.tolist(),
            "predicted": predicted.tolist(),
            "accuracy": metrics.accuracy_score(gold, predicted),
            "micro_f1": metrics.f1_score(gold, predicted, average="micro"),
            "macro_f1": metrics.f1_score(gold, predicted, average="macro"),
            "matthews": metrics.matthews_corrcoef(gold, predicted),
            "precision": precision.tolist(),
            "recall": recall.tolist(),
            "f1": f1.tolist(),
            "confusion": metrics.confusion_matrix(gold, predicted, labels=ids).tolist(),
        }
        if classes == 2:
            case["binary_f1"] = metrics.f1_score(gold, predicted, average="binary")
            case["binary_precision"] = metrics.precision_score(gold, predicted, average="binary")
            case["binary_recall"] = metrics.recall_score(gold, predicted, average="binary")
        cases.append(case)
    save("classification.json", cases)


def multi_label():
    random = numpy.random.default_rng(2)
    pairs = []
    for labels, count, share, wrong in [(3, 30, 0.4, 0.1), (6, 40, 0.2, 0.3), (2, 12, 0.5, 0.5), (1, 10, 0.5, 0.2)]:
        gold = random.random((count, labels)) < share
        pairs.append((gold, gold ^ (random.random((count, labels)) < wrong)))
    none = numpy.zeros((5, 3), bool)
    some = random.random((5, 3)) < 0.5
    never = random.random((20, 4)) < 0.4
    never[:, 2] = False
    guess = never ^ (random.random((20, 4)) < 0.2)
    guess[:, 2] = False
    pairs += [(none, none), (some, none), (none, some), (some, some), (never, guess)]
    cases = []
    for gold, predicted in pairs:
        gold, predicted = gold.astype(int), predicted.astype(int)
        cases.append({
            "gold": gold.tolist(),
            "predicted": predicted.tolist(),
            "subset_accuracy": metrics.accuracy_score(gold, predicted),
            "micro_f1": f1_of_indicators(gold, predicted, "micro"),
            "macro_f1": f1_of_indicators(gold, predicted, "macro"),
            "micro_precision": metrics.precision_score(gold, predicted, average="micro")
            if gold.shape[1] > 1 else metrics.precision_score(gold, predicted, average="binary"),
            "f1": [metrics.f1_score(gold[:, i], predicted[:, i], average="binary") for i in range(gold.shape[1])],
        })
    save("multi_label.json", cases)


def f1_of_indicators(gold, predicted, average):
    # scikit-learn takes one column for the classes 0 and 1, not for one label.
    return metrics.f1_score(gold, predicted, average=average if gold.shape[1] > 1 else "binary")


def correlation():
    random = numpy.random.default_rng(3)
    pairs = []
    for count, noise in [(2, 1.0), (3, 1.0), (20, 0.1), (50, 1.0), (50, 30.0)]:
        gold = random.standard_normal(count)
        pairs.append((gold, gold + noise * random.standard_normal(count)))
    tied = random.integers(0, 6, 60) / 5
    rounded = numpy.round(tied + 0.3 * random.standard_normal(60), 1)
    line = numpy.arange(7.0)
    pairs += [
        (tied, rounded),
        (tied, -rounded),
        (tied, numpy.floor(rounded)),
        (line, 3 * line - 4),
        (line, -line),
        (line, numpy.exp(5 * line)),
        (1e-170 * line, 1e170 * line[::-1] ** 2),
        (1e9 + line, line ** 2),
        (numpy.array([0.0, -0.0, 1.0]), numpy.array([1.0, 2.0, 3.0])),
        (line, numpy.full(7, 0.1)),  # constant: SciPy says NaN, which is null here
        (numpy.full(7, 0.1), line),
        (numpy.full(7, 0.1), numpy.full(7, 0.1)),
    ]
    cases = []
    for gold, predicted in pairs:
        pearson, spearman = stats.pearsonr(gold, predicted).statistic, stats.spearmanr(gold, predicted).statistic
        cases.append({
            "gold": gold.tolist(),
            "predicted": predicted.tolist(),
            "pearson": None if numpy.isnan(pearson) else float(pearson),
            "spearman": None if numpy.isnan(spearman) else float(spearman),
        })
    save("correlation.json", cases)


def spans():
    random = numpy.random.default_rng(4)
    pairs = []
    for types, marks, sentences, wrong in [
        ("PER LOC ORG", "BI", 12, 0.2),
        ("NP VP", "BI", 10, 0.6),
        ("NP VP PP", "BI", 8, 1.0),
        ("X-Y Z", "BIES", 12, 0.3),
        ("A", "BIES", 12, 1.0),
    ]:
        tags = ["O"] + [f"{mark}-{kind}" for kind in types.split() for mark in marks]
        gold, predicted = [], []
        for _ in range(sentences):
            # Any tags in any order, so that I-x follows O, E-x follows S-x, and so on.
            sentence = random.choice(tags, random.integers(1, 12))
            noise = random.choice(tags, len(sentence))
            gold.append(sentence.tolist())
            predicted.append(numpy.where(random.random(len(sentence)) < wrong, noise, sentence).tolist())
        pairs.append((gold, predicted))
    well_formed = [["B-PER", "I-PER", "O", "B-LOC"], ["O", "O"], ["B-LOC", "I-LOC", "B-LOC"]]
    outside = [["O"] * len(sentence) for sentence in well_formed]
    pairs += [
        (well_formed, well_formed),
        (well_formed, outside),
        (outside, well_formed),
        (outside, outside),
        # IOB1: I- begins a span, B- only one that follows another of its type.
        ([["I-PER", "I-PER", "O", "I-LOC", "B-LOC", "I-LOC"]], [["B-PER", "I-PER", "O", "B-LOC", "B-LOC", "I-LOC"]]),
        ([["I-PER", "I-LOC", "I-LOC"]], [["B-PER", "I-LOC", "B-LOC"]]),
        # A span does not go on into the next sentence.
        ([["B-PER"], ["I-PER"]], [["B-PER"], ["B-PER"]]),
    ]
    cases = []
    for gold, predicted in pairs:
        report = classification_report(gold, predicted, output_dict=True)
        cases.append({
            "gold": gold,
            "predicted": predicted,
            "accuracy": accuracy_score(gold, predicted),
            "scores": {
                # A mean over no types is NaN.
                name: {key.replace("f1-score", "f1"): float(numpy.nan_to_num(value)) for key, value in scores.items()}
                for name, scores in report.items() if name != "weighted avg"
            },
        })
    save("spans.json", cases)


def answers():
    random = numpy.random.default_rng(5)
    words = ["the", "The", "a", "an", "cat", "Cat,", "cats", "(dog)", "don't", "U.S.", "1,000", "—", "…", "naïve", "é", "İ"]

    def phrase(least):
        return " ".join(random.choice(words, random.integers(least, 6)))

    questions = []
    for _ in range(60):
        gold = [phrase(1) for _ in range(random.integers(0, 4))]
        kind = random.integers(0, 4)
        questions.append((gold, "" if kind == 0 else gold[-1].lower() if kind == 1 and gold else phrase(0)))
    questions += [
        ([], ""),
        ([], "anything"),
        ([], "the"),  # nothing is left of it
        (["the"], ""),
        (["the", "cat"], ""),
        (["cat"], "The cat."),
        (["Cat\u00a0food"], "cat food"),  # a no-break space
        (["cat\u2028food"], "cat\x1ffood"),
        (["cat\u200bfood"], "cat food"),  # of no width: no blank
        (["a\u0301b"], "\u0301b"),  # an article before a combining accent
        (["the_cat"], "thecat"),
        (["\u0391\u03a3"], "\u03b1\u03c2"),  # a sigma at the end
        (["the² man"], "man"),
        (["cat cat dog"], "cat dog dog"),
        (["A-an-the"], "aanthe"),
        (["STRASSE"], "straße"),
    ]
    examples = [
        SimpleNamespace(qas_id=str(i), answers=[{"text": text} for text in gold])
        for i, (gold, _) in enumerate(questions)
    ]
    predictions = {str(i): prediction for i, (_, prediction) in enumerate(questions)}
    exact, f1 = squad_metrics.get_raw_scores(examples, predictions)
    whole = squad_metrics.squad_evaluate(examples, predictions)
    save("answers.json", [{
        "gold": [gold for gold, _ in questions],
        "predicted": [prediction for _, prediction in questions],
        "exact_match": [exact[str(i)] for i in range(len(questions))],
        "f1": [float(f1[str(i)]) for i in range(len(questions))],
        "all": {key: whole[key] for key in ("total", "exact", "f1")},
        "answerable": {key: whole["HasAns_" + key] for key in ("total", "exact", "f1")},
        "impossible": {key: whole["NoAns_" + key] for key in ("total", "exact", "f1")},
    }])


def answer_thresholds():
    """best_f1 and best_f1_thresh; without texts of which nothing is left, where the script contradicts itself."""
    random = numpy.random.default_rng(7)
    words = "cat dog mat rat".split()

    def phrase():
        return " ".join(random.choice(words, random.integers(1, 5)))

    cases = []
    for count, answerable, skill in [(40, 0.6, 1.0), (40, 0.3, 0.0), (25, 1.0, 1.0), (25, 0.0, 0.0), (1, 0.0, 1.0), (30, 0.5, 3.0)]:
        gold = [[phrase()] if random.random() < answerable else [] for _ in range(count)]
        predicted = [g[0] if g and random.random() < 0.5 else phrase() for g in gold]
        # Rounded: several questions have the same margin, as few have with a network.
        margins = [round(float(random.normal() - skill * (1 if g else -1)), 3) for g in gold]
        examples = [SimpleNamespace(qas_id=str(i), answers=[{"text": text} for text in g]) for i, g in enumerate(gold)]
        predictions = {str(i): text for i, text in enumerate(predicted)}
        exact, f1 = squad_metrics.get_raw_scores(examples, predictions)
        found = {}
        squad_metrics.find_all_best_thresh(
            found, predictions, exact, f1, {str(i): margin for i, margin in enumerate(margins)},
            {str(i): bool(g) for i, g in enumerate(gold)})
        cases.append({
            "gold": gold,
            "predicted": predicted,
            "margins": margins,
            "best_f1": found["best_f1"],
            "best_f1_threshold": found["best_f1_thresh"],
        })
    save("answer_thresholds.json", cases)


def spread():
    random = numpy.random.default_rng(6)
    rows = [[0.7], [0.5, 0.25], [0.3] * 5, random.random(5).tolist(), random.random(12).tolist()]
    save("spread.json", [{
        "numbers": row,
        "median": statistics.median(row),
        "least": min(row),
        "most": max(row),
        "deviation": statistics.stdev(row) if len(row) > 1 else 0.0,
    } for row in rows])


if __name__ == "__main__":
    classification()
    multi_label()
    correlation()
    spans()
    answers()
    answer_thresholds()
    spread()
