package dev.changeling.task;

import dev.changeling.corpus.JsonField;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values of a table's row that are asked for.
 *
 * @param line where it begins, from 1
 * @param texts one for each text column
 * @param label what the label column holds: a string unless the table is JSON; null if no labels are asked for
 */
record TableRow(long line, List<String> texts, @Nullable JsonField label) {}
