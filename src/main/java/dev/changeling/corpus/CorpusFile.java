package dev.changeling.corpus;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One file of a corpus, or standard input.
 *
 * @param name for messages
 * @param path where it is; null for standard input
 * @param format how documents are laid out in it
 */
record CorpusFile(String name, @Nullable Path path, CorpusFormat format) implements CorpusSource {}
