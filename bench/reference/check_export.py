"""Opens an export with transformers' Auto classes, prints every warning, and compares ids and logits with Changeling's.

    python check_export.py EXPORT SENTENCES LOGITS [ENCODER]

ENCODER is what `./changeling export --task feature-extraction` made of the same run: AutoModel must open it without a
word, and give the hidden states of EXPORT's discriminator to the last bit. EXPORT is what `./changeling export` made, SENTENCES a text with a sentence a line, LOGITS what ExportedLogits.java
wrote for them. Exits with 1 after a difference, or a warning that a folder of transformers' own making does not give:
version 5 tells of a head that AutoModel leaves aside, whoever wrote it."""

import logging
import pathlib
import sys
import tempfile

import torch
import transformers
from safetensors.torch import load_file

LIMIT = 1e-5  # of the largest logit, or of 1 if that is larger


class Kept(logging.Handler):
    """Keeps what anyone warns of while a class loads."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.messages = []

    def emit(self, record):
        self.messages.append(record.getMessage())


def main(export, sentences, logits, encoder=None):
    kept = Kept()
    logging.captureWarnings(True)
    for name in ("transformers", "py.warnings"):
        logging.getLogger(name).addHandler(kept)
    print(f"transformers {transformers.__version__}, torch {torch.__version__}")
    transformers.utils.logging.disable_progress_bar()
    failures = 0

    def load(folder, loader):
        """What a class loads from a folder, how the weights fit, and what it warns of."""
        kept.messages.clear()
        if loader is transformers.AutoTokenizer:
            return loader.from_pretrained(folder), "", []
        loaded, info = loader.from_pretrained(folder, output_loading_info=True)
        fit = f", weights missing {len(info['missing_keys'])}, unexpected {sorted(info['unexpected_keys'])}"
        # The report's rows come in no particular order.
        return loaded, fit, sorted(line for m in kept.messages for line in m.replace(str(folder), "").splitlines())

    def check(folder, loader, baseline=None):
        nonlocal failures
        loaded, fit, warnings = load(folder, loader)
        known = baseline is not None and (fit, warnings) == load(baseline, loader)[1:]
        note = " (as of transformers' own folder)" if warnings and known else ""
        print(f"{folder.name}: {loader.__name__} gives {type(loaded).__name__}{fit}, warnings {bool(warnings)}{note}")
        if warnings and not known:
            print("    " + "\n    ".join(warnings))
            failures += 1
        return loaded

    ours = load_file(logits)
    real = ours["real"].bool()
    lines = sentences.read_text(encoding="utf-8").splitlines()
    with torch.no_grad():
        for network, head in (
            ("discriminator", transformers.AutoModelForPreTraining),
            ("generator", transformers.AutoModelForMaskedLM),
        ):
            folder = export / network
            tokenizer = check(folder, transformers.AutoTokenizer)
            model = check(folder, head).eval()
            with tempfile.TemporaryDirectory() as baseline:
                model.save_pretrained(baseline)
                check(folder, transformers.AutoModel, baseline)
            batch = tokenizer(lines, padding=True, return_tensors="pt")
            same = torch.equal(batch["input_ids"], ours["tokens"].long())
            theirs = model(**batch).logits[batch["attention_mask"].bool()]
            exact = model.double()(**batch).logits[batch["attention_mask"].bool()]
            error, our_error, their_error = (
                (a - b).abs().max().item() for a, b in ((ours[network], theirs), (ours[network], exact), (theirs, exact))
            )
            largest = theirs.abs().max().item()
            print(
                f"{network}: ids {'the same' if same else 'DIFFER'}, {int(real.sum())} tokens, largest logit "
                f"{largest:.2f}, error {error:.1e}; from float64: ours {our_error:.1e}, transformers {their_error:.1e}"
            )
            failures += not same or not error < LIMIT * max(1.0, largest)
        if encoder is not None:
            batch = check(encoder, transformers.AutoTokenizer)(lines, padding=True, return_tensors="pt")
            same = torch.equal(batch["input_ids"], ours["tokens"].long())
            bare = check(encoder, transformers.AutoModel)
            full = transformers.AutoModelForPreTraining.from_pretrained(export / "discriminator").electra
            states, expected = (model.eval()(**batch).last_hidden_state for model in (bare, full))
            equal = torch.equal(states, expected)
            print(
                f"{encoder.name}: ids {'the same' if same else 'DIFFER'}, last_hidden_state {list(states.shape)} "
                f"{'equal to' if equal else 'DIFFERS from'} that of the discriminator's trunk"
            )
            failures += not same or not equal
    print("passed" if failures == 0 else f"FAILED: {failures}")
    return min(failures, 1)


if __name__ == "__main__":
    sys.exit(main(*map(pathlib.Path, sys.argv[1:])))
