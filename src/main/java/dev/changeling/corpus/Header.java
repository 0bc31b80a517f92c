package dev.changeling.corpus;

import dev.changeling.error.InputException;
import java.util.List;

/**
 * The names of a table's columns, as its first record gives them.
 *
 * @param source the table, for messages
 * @param names in the order of the columns
 */
public record Header(String source, List<String> names) {
    public Header {
        names = List.copyOf(names);
    }

    /**
     * Returns where a column stands, from 0.
     *
     * @throws InputException if no column or several have this name
     */
    public int column(String name) {
        int column = names.indexOf(name);
        if (column < 0) {
            throw new InputException(
                    source + ": no column \"" + name + "\" in its header; found " + String.join(", ", names));
        }
        if (column != names.lastIndexOf(name)) {
            throw new InputException(source + ": column \"" + name + "\" stands twice in its header; expected it once");
        }
        return column;
    }
}
