package dev.changeling.training;

import dev.changeling.safetensors.NamedArray;
import java.util.List;

/**
 * All that training needs to go on from a step as if it had never stopped. Masks, samples, dropout and data order are
 * functions of the seed and the step, so they need no state.
 *
 * <p>The arrays that a trainer gives out are its own memory, valid during that call.
 *
 * @param step steps done
 * @param tokens real tokens seen
 * @param arrays parameters under their full names, and the optimizer's moments under the same names with a prefix
 */
public record TrainingState(long step, long tokens, List<NamedArray> arrays) {}
