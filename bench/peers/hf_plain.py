"""(a) Joint training as people write it with transformers: both ELECTRA classes, their own losses, logits for every
position of padded batches, AdamW as it comes."""

import torch
from measure import main
from transformers import ElectraConfig, ElectraForMaskedLM, ElectraForPreTraining


def electra(config, network, vocabulary):
    shape = config["model"][network]
    return ElectraConfig(
        vocab_size=vocabulary,
        embedding_size=config["model"]["embedding_size"],
        max_position_embeddings=config["model"]["max_positions"],
        hidden_size=shape["hidden_size"],
        num_hidden_layers=shape["layers"],
        num_attention_heads=shape["heads"],
        intermediate_size=shape["intermediate_size"],
        hidden_dropout_prob=config["model"]["dropout"],
        attention_probs_dropout_prob=config["model"]["attention_dropout"],
    )


def padded(tokens, belongs, pad):
    """One row a sequence, as long as the longest: packing is not what people do."""
    pieces = []
    for row, owner in zip(torch.from_numpy(tokens), torch.from_numpy(belongs)):
        pieces.extend(row[owner == sequence] for sequence in range(1, int(owner.max()) + 1))
    return torch.nn.utils.rnn.pad_sequence(pieces, batch_first=True, padding_value=pad)


def make_step(config, rows):
    generator = ElectraForMaskedLM(electra(config, "generator", rows.vocabulary))
    discriminator = ElectraForPreTraining(electra(config, "discriminator", rows.vocabulary))
    discriminator.electra.embeddings = generator.electra.embeddings
    parameters = list({id(p): p for n in (generator, discriminator) for p in n.parameters()}.values())
    settings = config["optimizer"]
    optimizer = torch.optim.AdamW(parameters, lr=1e-4, weight_decay=settings["weight_decay"])
    special = torch.tensor(sorted(set(v for v in rows.special.values() if isinstance(v, int))))
    mask_token, pad = rows.special["mask"], rows.special["padding"]

    def step(tokens, belongs):
        original = padded(tokens, belongs, pad)
        real = (original != pad).long()
        maskable = ~torch.isin(original, special)
        masked = maskable & (torch.rand(original.shape) < config["objective"]["masking"]["fraction"])
        hidden = original.masked_fill(masked & (torch.rand(original.shape) < 0.85), mask_token)
        labels = original.masked_fill(~masked, -100)
        predicted = generator(input_ids=hidden, attention_mask=real, labels=labels)
        with torch.no_grad():
            samples = torch.distributions.Categorical(logits=predicted.logits[masked]).sample()
        corrupted = original.clone()
        corrupted[masked] = samples
        told = discriminator(
            input_ids=corrupted, attention_mask=real, labels=(corrupted != original).long()
        )
        loss = predicted.loss + config["objective"]["rtd_weight"] * told.loss
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, settings["clip_norm"])
        optimizer.step()
        return predicted.loss.item(), told.loss.item()

    return step


if __name__ == "__main__":
    main(make_step)
