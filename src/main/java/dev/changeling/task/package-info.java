/** What a network is fine-tuned on: labelled texts, tagged sentences, questions with answers, out of files. */
@NullMarked
package dev.changeling.task;

import org.jspecify.annotations.NullMarked;
