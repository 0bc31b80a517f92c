"""(b) The fastest joint step that we can write in PyTorch: packed rows without padding, one product for query, key and
value, fused attention, the head on masked positions only, one uniform number a sample, fused AdamW, compiled."""

import torch
import torch.nn.functional as F
from measure import main
from torch import nn


class Layer(nn.Module):
    def __init__(self, hidden, heads, intermediate, dropout, attention_dropout):
        super().__init__()
        self.heads, self.attention_dropout = heads, attention_dropout
        self.dropout = nn.Dropout(dropout)
        self.qkv, self.out = nn.Linear(hidden, 3 * hidden), nn.Linear(hidden, hidden)
        self.wide, self.narrow = nn.Linear(hidden, intermediate), nn.Linear(intermediate, hidden)
        self.norm1, self.norm2 = nn.LayerNorm(hidden, 1e-12), nn.LayerNorm(hidden, 1e-12)

    def forward(self, x, allowed):
        b, s, h = x.shape
        q, k, v = self.qkv(x).view(b, s, 3, self.heads, h // self.heads).permute(2, 0, 3, 1, 4)
        gathered = F.scaled_dot_product_attention(q, k, v, attn_mask=allowed, dropout_p=self.attention_dropout)
        x = self.norm1(x + self.dropout(self.out(gathered.transpose(1, 2).reshape(b, s, h))))
        return self.norm2(x + self.dropout(self.narrow(F.gelu(self.wide(x)))))


class Embeddings(nn.Module):
    def __init__(self, vocabulary, positions, width, dropout):
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.words, self.positions = nn.Embedding(vocabulary, width), nn.Embedding(positions, width)
        self.segments, self.norm = nn.Embedding(2, width), nn.LayerNorm(width, 1e-12)
        for table in (self.words, self.positions, self.segments):
            nn.init.normal_(table.weight, std=0.02)

    def forward(self, tokens, positions):
        return self.dropout(self.norm(self.words(tokens) + self.positions(positions) + self.segments.weight[0]))


class Trunk(nn.Module):
    def __init__(self, embeddings, width, shape, dropout, attention_dropout):
        super().__init__()
        hidden = shape["hidden_size"]
        self.embeddings = embeddings
        self.project = nn.Linear(width, hidden) if width != hidden else nn.Identity()
        self.layers = nn.ModuleList(
            Layer(hidden, shape["heads"], shape["intermediate_size"], dropout, attention_dropout)
            for _ in range(shape["layers"])
        )

    def forward(self, tokens, positions, allowed):
        x = self.project(self.embeddings(tokens, positions))
        for layer in self.layers:
            x = layer(x, allowed)
        return x


class Joint(nn.Module):
    def __init__(self, config, vocabulary):
        super().__init__()
        model = config["model"]
        width = model["embedding_size"]
        dropout = model["dropout"], model["attention_dropout"]
        self.embeddings = Embeddings(vocabulary, model["max_positions"], width, dropout[0])
        self.generator = Trunk(self.embeddings, width, model["generator"], *dropout)
        self.discriminator = Trunk(self.embeddings, width, model["discriminator"], *dropout)
        hidden = model["discriminator"]["hidden_size"]
        self.transform = nn.Linear(model["generator"]["hidden_size"], width)
        self.norm, self.bias = nn.LayerNorm(width, 1e-12), nn.Parameter(torch.zeros(vocabulary))
        self.judge = nn.Sequential(nn.Linear(hidden, hidden), nn.GELU(), nn.Linear(hidden, 1))
        self.rtd_weight = config["objective"]["rtd_weight"]

    def forward(self, original, positions, allowed, masked, written, uniform):
        flat = original.flatten()
        hidden = flat.scatter(0, masked, written).view_as(original)
        seen = self.generator(hidden, positions, allowed).flatten(0, 1)[masked]
        logits = F.linear(self.norm(F.gelu(self.transform(seen))), self.embeddings.words.weight, self.bias)
        mlm = F.cross_entropy(logits, flat[masked])
        running = torch.softmax(logits.detach(), 1).cumsum(1)
        samples = torch.searchsorted(running, uniform[:, None] * running[:, -1:], right=True).squeeze(1)
        samples = samples.clamp(max=logits.shape[1] - 1)
        corrupted = flat.scatter(0, masked, samples)
        scores = self.judge(self.discriminator(corrupted.view_as(original), positions, allowed)).flatten()
        rtd = F.binary_cross_entropy_with_logits(scores, (corrupted != flat).float())
        return mlm + self.rtd_weight * rtd, mlm, rtd


def make_step(config, rows):
    model = Joint(config, rows.vocabulary)
    forward = torch.compile(model)
    parameters = list(model.parameters())
    settings = config["optimizer"]
    optimizer = torch.optim.AdamW(parameters, lr=1e-4, weight_decay=settings["weight_decay"], fused=True)
    special = torch.tensor(sorted(set(v for v in rows.special.values() if isinstance(v, int))))
    fraction = config["objective"]["masking"]["fraction"]

    def step(tokens, belongs):
        original, owner = torch.from_numpy(tokens), torch.from_numpy(belongs)
        count = round(fraction * original.shape[1])
        keys = torch.rand(original.shape).masked_fill_(torch.isin(original, special), -1)
        chosen = keys.topk(count, dim=1).indices.sort(1).values
        masked = (chosen + torch.arange(len(original))[:, None] * original.shape[1]).flatten()
        replaced = torch.rand(masked.shape) < 0.85
        written = torch.where(replaced, rows.special["mask"], original.flatten()[masked])
        starts = torch.zeros_like(owner)
        starts[:, 1:] = torch.where(owner[:, 1:] != owner[:, :-1], torch.arange(1, original.shape[1]), 0)
        positions = torch.arange(original.shape[1]) - starts.cummax(1).values
        # Rows that are one sequence each need no mask; a mask costs the fused kernel time.
        allowed = None if bool((owner == 1).all()) else (owner[:, None, :, None] == owner[:, None, None, :])
        loss, mlm, rtd = forward(original, positions, allowed, masked, written, torch.rand(masked.shape))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, settings["clip_norm"])
        optimizer.step()
        return mlm.item(), rtd.item()

    return step


if __name__ == "__main__":
    main(make_step)
