"""A bag-of-n-grams linear baseline on the tasks that fine-tuning is scored on: what a small encoder has to beat.

Texts: TF-IDF over words and pairs of words, logistic regression. Chunks: words, their ends and shapes in a window of
two to either side, logistic regression on each word by itself. The penalty is the best of five on the very texts that
are scored, which flatters the baseline.

    python ngrams.py --tasks ../../../shared/data/tasks
"""

import argparse
import csv
import json
import pathlib

from seqeval.metrics import f1_score as span_f1
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.metrics import accuracy_score, matthews_corrcoef
from sklearn.pipeline import make_pipeline


def table(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [row["sentence"] for row in rows], [row["label"] for row in rows]


def conll(path):
    sentences = []
    for block in path.read_text(encoding="utf-8").strip().split("\n\n"):
        columns = [line.split() for line in block.split("\n")]
        sentences.append(([c[0] for c in columns], [c[-1] for c in columns]))
    return sentences


def texts(tasks, name, score):
    train_texts, train_labels = table(tasks / f"{name}-train.tsv")
    dev_texts, dev_labels = table(tasks / f"{name}-dev.tsv")
    best = None
    for penalty in (0.3, 1, 3, 10, 30):
        model = make_pipeline(
            TfidfVectorizer(ngram_range=(1, 2), token_pattern=r"\S+", sublinear_tf=True),
            LogisticRegression(C=penalty, max_iter=2000),
        )
        model.fit(train_texts, train_labels)
        result = score(dev_labels, model.predict(dev_texts))
        best = max(best or (result, penalty), (result, penalty))
    return {"score": best[0], "C": best[1]}


def features(words, at):
    found = {"bias": 1}
    for offset in range(-2, 3):
        place = at + offset
        word = words[place] if 0 <= place < len(words) else ""
        found[f"{offset} word {word.lower()}"] = 1
        if abs(offset) <= 1:
            found[f"{offset} end {word[-3:].lower()}"] = 1
            found[f"{offset} upper {word[:1].isupper()}"] = 1
            found[f"{offset} digit {any(c.isdigit() for c in word)}"] = 1
    for offset in (-1, 0):
        pair = [words[p].lower() if 0 <= p < len(words) else "" for p in (at + offset, at + offset + 1)]
        found[f"{offset} pair {' '.join(pair)}"] = 1
    return found


def narrow(matrix):
    """Gives a sparse matrix the 32-bit indices that the stochastic solver asks for."""
    matrix.indices, matrix.indptr = matrix.indices.astype("int32"), matrix.indptr.astype("int32")
    return matrix


def chunks(tasks):
    train, dev = conll(tasks / "chunk-train.conll"), conll(tasks / "chunk-dev.conll")
    vectors = DictVectorizer()
    inputs = narrow(vectors.fit_transform(features(words, i) for words, _ in train for i in range(len(words))))
    model = SGDClassifier(loss="log_loss", alpha=1e-6, random_state=1)
    model.fit(inputs, [tag for _, tags in train for tag in tags])
    predicted = [list(model.predict(narrow(vectors.transform(features(words, i) for i in range(len(words)))))) for words, _ in dev]
    return {"score": span_f1([tags for _, tags in dev], predicted)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tasks", type=pathlib.Path, required=True, help="the folder of the task files")
    tasks = parser.parse_args().tasks
    print(json.dumps({"sst2 accuracy": texts(tasks, "sst2", accuracy_score)}))
    print(json.dumps({"cola matthews": texts(tasks, "cola", matthews_corrcoef)}))
    print(json.dumps({"chunk span F1": chunks(tasks)}))


if __name__ == "__main__":
    main()
