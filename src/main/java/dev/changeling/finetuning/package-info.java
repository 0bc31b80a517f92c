/** Fine-tuning: a pre-trained encoder learns a task from labelled examples. */
@NullMarked
package dev.changeling.finetuning;

import org.jspecify.annotations.NullMarked;
