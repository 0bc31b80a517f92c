/**
 * Tensors out of the files of {@code torch.save}, such as {@code pytorch_model.bin}, without running what is pickled in
 * them: of the pickle language only what describes a dictionary of tensors is understood, and everything else is
 * refused.
 */
@NullMarked
package dev.changeling.pickle;

import org.jspecify.annotations.NullMarked;
