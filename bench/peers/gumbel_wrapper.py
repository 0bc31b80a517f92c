"""(c) The way of lucidrains/electra-pytorch: a wrapper that masks, sends padded batches through two transformers models,
draws with Gumbel noise from the logits at the masked positions, and measures accuracies at each step."""

import torch
import torch.nn.functional as F
from hf_plain import electra, padded
from measure import main
from torch import nn
from transformers import ElectraForMaskedLM, ElectraForPreTraining


class Wrapper(nn.Module):
    def __init__(self, generator, discriminator, config, special):
        super().__init__()
        self.generator, self.discriminator = generator, discriminator
        self.fraction = config["objective"]["masking"]["fraction"]
        self.rtd_weight = config["objective"]["rtd_weight"]
        self.special, self.mask_token, self.pad = special, config["mask"], config["padding"]

    def forward(self, original):
        real = original != self.pad
        maskable = ~torch.isin(original, self.special)
        count = (maskable.sum(1) * self.fraction).ceil().long()
        ranks = torch.rand(original.shape).masked_fill(~maskable, -1).argsort(1, descending=True).argsort(1)
        masked = (ranks < count[:, None]) & maskable
        hidden = torch.where(masked & (torch.rand(original.shape) < 0.85), self.mask_token, original)
        logits = self.generator(hidden, attention_mask=real.long()).logits
        mlm = F.cross_entropy(logits.transpose(1, 2), original.masked_fill(~masked, self.pad), ignore_index=self.pad)
        chosen = logits[masked]
        noise = -torch.log(-torch.log(torch.rand_like(chosen).clamp_min(1e-20)).clamp_min(1e-20))
        samples = (chosen + noise).argmax(-1)
        corrupted = original.clone()
        corrupted[masked] = samples.detach()
        labels = (corrupted != original).float()
        scores = self.discriminator(corrupted, attention_mask=real.long()).logits
        rtd = F.binary_cross_entropy_with_logits(scores[real], labels[real])
        with torch.no_grad():
            accuracies = (
                (chosen.argmax(-1) == original[masked]).float().mean(),
                ((scores[real] > 0).float() == labels[real]).float().mean(),
            )
        return mlm + self.rtd_weight * rtd, mlm, rtd, accuracies


def make_step(config, rows):
    generator = ElectraForMaskedLM(electra(config, "generator", rows.vocabulary))
    discriminator = ElectraForPreTraining(electra(config, "discriminator", rows.vocabulary))
    generator.electra.embeddings.word_embeddings = discriminator.electra.embeddings.word_embeddings
    generator.electra.embeddings.position_embeddings = discriminator.electra.embeddings.position_embeddings
    special = torch.tensor(sorted(set(v for v in rows.special.values() if isinstance(v, int))))
    model = Wrapper(generator, discriminator, {**config, **rows.special}, special)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=config["optimizer"]["weight_decay"])

    def step(tokens, belongs):
        loss, mlm, rtd, _ = model(padded(tokens, belongs, rows.special["padding"]))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), config["optimizer"]["clip_norm"])
        optimizer.step()
        optimizer.zero_grad()
        return mlm.item(), rtd.item()

    return step


if __name__ == "__main__":
    main(make_step)
