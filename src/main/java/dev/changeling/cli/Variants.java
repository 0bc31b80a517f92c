package dev.changeling.cli;

import dev.changeling.config.ConfigLoader;
import java.util.Iterator;

/** The names that {@code --variant} takes. */
final class Variants implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
        return ConfigLoader.variants().iterator();
    }
}
