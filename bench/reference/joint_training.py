"""ELECTRA's joint training in plain PyTorch on transformers' modules, 20 steps, as a fixture of TrainingParityTest.

After the paper (arXiv 2003.10555, section 3) and the authors' code (google-research/electra, run_pretraining.py,
pretrain/pretrain_helpers.py, model/optimization.py), except that masked positions are drawn without replacement."""

import numpy
import torch
from fixtures import FIRST_WORD, MASK, electra, save, sentences, start
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy
from torch.nn.utils import clip_grad_norm_
from transformers import ElectraForMaskedLM, ElectraForPreTraining

VOCABULARY, ROWS, LENGTH, STEPS, WARMUP = 40, 8, 32, 20, 4
MASK_FRACTION, MASK_MARGIN, MASK_TOKEN_FRACTION, RTD_WEIGHT, LOSS_EPSILON = 0.15, 0.005, 0.85, 50.0, 1e-6
LEARNING_RATE, BETAS, WEIGHT_DECAY = 3e-3, (0.9, 0.999), 0.01
SHARED = dict(vocab_size=VOCABULARY, embedding_size=16, max_position_embeddings=LENGTH)
DISCRIMINATOR = dict(hidden_size=24, num_attention_heads=2, intermediate_size=48, num_hidden_layers=2)
GENERATOR = dict(hidden_size=12, num_attention_heads=1, intermediate_size=24, num_hidden_layers=2)
# Epsilon and clipping norm: google's own, and others, the norm such that some steps are not clipped.
OPTIMIZERS = {"google": (1e-6, 1.0), "adamw": (1e-8, 20.0)}


def networks():
    generator = start(ElectraForMaskedLM(electra(**SHARED, **GENERATOR)), seed=1, scale=0.5)
    discriminator = start(ElectraForPreTraining(electra(**SHARED, **DISCRIMINATOR)), seed=2, scale=0.5)
    discriminator.electra.embeddings = generator.electra.embeddings  # the tables and their LayerNorm
    # transformers withholds the gradient of [PAD]'s row, google does not; a generator may write [PAD].
    generator.electra.embeddings.word_embeddings.padding_idx = None
    return generator, discriminator


def parameters(generator, discriminator):
    """Every parameter once, under `shared.`, `generator.` or `discriminator.` and its name."""
    named = {}
    for owner, network in (("generator", generator), ("discriminator", discriminator)):
        for name, parameter in network.named_parameters():
            named[f"{'shared' if '.embeddings.' in name else owner}.{name}"] = parameter
    return named


def mask(random, tokens, real):
    """Flat indices into B·S of the masked positions, ascending, and what the generator reads there."""
    positions = []
    for row in range(ROWS):
        length = int(real[row].sum())
        most = int((MASK_FRACTION + MASK_MARGIN) * LENGTH)
        count = max(1, min(most, round(MASK_FRACTION * length)))
        candidates = numpy.flatnonzero(tokens[row].numpy() >= FIRST_WORD)
        positions.extend(row * LENGTH + numpy.sort(random.choice(candidates, count, replace=False)))
    positions = torch.tensor(numpy.array(positions))
    hides = torch.from_numpy(random.random(len(positions)) < MASK_TOKEN_FRACTION)
    return positions, torch.where(hides, MASK, tokens.flatten()[positions])


def losses(generator, discriminator, tokens, segments, real, positions, written, random):
    reading = dict(token_type_ids=segments, attention_mask=real)
    originals = tokens.flatten()[positions]
    hidden = tokens.flatten().scatter(0, positions, written).view_as(tokens)
    logits = generator(input_ids=hidden, **reading).logits.flatten(0, 1)[positions]
    mlm = cross_entropy(logits, originals, reduction="sum") / (len(positions) + LOSS_EPSILON)

    samples = torch.multinomial(logits.detach().softmax(-1), 1, generator=random).squeeze(1)
    corrupted = tokens.flatten().scatter(0, positions, samples).view_as(tokens)
    replaced = (corrupted != tokens).float()
    scores = discriminator(input_ids=corrupted, **reading).logits
    every = binary_cross_entropy_with_logits(scores, replaced, reduction="none")
    rtd = (every * real).sum() / (real.sum() + LOSS_EPSILON)
    return mlm, rtd, samples


class GoogleAdam(torch.optim.Optimizer):
    """model/optimization.py: Adam with decoupled weight decay and no bias correction."""

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                m, v = self.state[p].values() if p in self.state else (torch.zeros_like(p), torch.zeros_like(p))
                m = BETAS[0] * m + (1 - BETAS[0]) * p.grad
                v = BETAS[1] * v + (1 - BETAS[1]) * p.grad**2
                self.state[p] = {"m": m, "v": v}
                p -= group["lr"] * (m / (v.sqrt() + group["eps"]) + group["weight_decay"] * p)


def train(name):
    epsilon, clip_norm = OPTIMIZERS[name]
    generator, discriminator = networks()
    named = parameters(generator, discriminator)
    tensors = {f"start/{key}": value.detach().clone() for key, value in named.items()}
    plain = [p for key, p in named.items() if key.endswith("bias") or "LayerNorm" in key]
    decayed = [p for p in named.values() if not any(p is other for other in plain)]
    groups = [dict(params=decayed, weight_decay=WEIGHT_DECAY), dict(params=plain, weight_decay=0.0)]
    if name == "google":
        optimizer = GoogleAdam(groups, dict(lr=LEARNING_RATE, eps=epsilon))
    else:
        optimizer = torch.optim.AdamW(groups, lr=LEARNING_RATE, betas=BETAS, eps=epsilon)
    factor = lambda step: (1 - step / STEPS) * min(1.0, step / WARMUP)  # noqa: E731
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, factor)

    data, sampling = numpy.random.default_rng(3), torch.Generator().manual_seed(4)
    batches, numbers = [], []
    for _ in range(STEPS):
        lengths = data.integers(LENGTH // 3, LENGTH + 1, ROWS)
        tokens, segments, real = sentences(data, lengths.tolist(), LENGTH, VOCABULARY)
        positions, written = mask(data, tokens, real)
        mlm, rtd, samples = losses(generator, discriminator, tokens, segments, real, positions, written, sampling)
        total = mlm + RTD_WEIGHT * rtd
        optimizer.zero_grad()
        total.backward()
        norm = clip_grad_norm_(named.values(), clip_norm)
        numbers.append([total.item(), mlm.item(), rtd.item(), norm.item(), schedule.get_last_lr()[0]])
        batches.append((tokens, segments, real.sum(1), positions, written, samples))
        optimizer.step()
        schedule.step()

    tokens, segments, lengths, positions, written, samples = zip(*batches)
    for key, arrays in dict(tokens=tokens, segments=segments, lengths=lengths).items():
        tensors[f"batch/{key}"] = torch.stack(arrays)
    tensors["batch/masked"] = torch.tensor([len(p) for p in positions])
    for key, arrays in dict(positions=positions, written=written, samples=samples).items():
        tensors[f"batch/{key}"] = torch.cat(arrays)
    for key, column in zip(("loss", "mlm_loss", "rtd_loss", "gradient_norm", "learning_rate"), zip(*numbers)):
        tensors[f"step/{key}"] = torch.tensor(column, dtype=torch.float64)
    tensors |= {f"end/{key}": value for key, value in named.items()}
    settings = dict(shared=SHARED, discriminator=DISCRIMINATOR, generator=GENERATOR, epsilon=epsilon)
    settings |= dict(clip_norm=clip_norm, learning_rate=LEARNING_RATE, weight_decay=WEIGHT_DECAY, betas=BETAS)
    settings |= dict(warmup_steps=WARMUP, rtd_weight=RTD_WEIGHT, loss_epsilon=LOSS_EPSILON)
    save(f"training/{name}.safetensors", tensors, settings)
    for row in numbers:
        print("  " + "  ".join(f"{number:10.6f}" for number in row))


if __name__ == "__main__":
    for name in OPTIMIZERS:
        train(name)
