package dev.changeling.objective;

import dev.changeling.model.PackedInput;
import org.bytedeco.pytorch.Tensor;

/**
 * A batch with some tokens hidden from the generator.
 *
 * @param input what the generator sees
 * @param positions_M flat index into B·S of each masked position, ascending
 * @param originals_M the token that stood there
 */
public record Masked(PackedInput input, Tensor positions_M, Tensor originals_M) {}
