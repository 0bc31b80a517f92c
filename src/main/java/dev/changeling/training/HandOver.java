package dev.changeling.training;

import dev.changeling.model.Discriminator;
import dev.changeling.model.Electra;
import dev.changeling.model.Generator;
import dev.changeling.model.Parameter;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;

/**
 * Two-stage training's second stage begins: the discriminator takes over the generator's weights (Clark et al., arXiv
 * 2003.10555, section 3.1).
 */
final class HandOver {
    private HandOver() {}

    /** Copies every tensor whose name and shape both networks have; a model whose networks differ keeps the rest. */
    static void of(Electra model) {
        Map<String, Parameter.Part> parts = model.parameters().parts();
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            parts.forEach((name, part) -> {
                if (name.startsWith(Discriminator.PREFIX)) {
                    Parameter.Part source = parts.get(Generator.PREFIX + name.substring(Discriminator.PREFIX.length()));
                    if (source != null && source.shape().equals(part.shape())) {
                        part.tensor().copy_(source.tensor());
                    }
                }
            });
        }
    }
}
