package dev.changeling.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** Files that pages, and what stands beside them, are made of; they come with the program. */
public final class PageResource {
    private PageResource() {}

    /** Returns the style that every page starts with. */
    public static byte[] style() {
        return read(PageResource.class, "base.css");
    }

    /** Returns the script that every page starts with: elements, marked words, and the bubble beside one. */
    public static byte[] script() {
        return read(PageResource.class, "base.js");
    }

    /**
     * Returns a file of a package.
     *
     * @param home a class of the package
     * @param name relative to it
     */
    public static byte[] read(Class<?> home, String name) {
        try (InputStream file = home.getResourceAsStream(name)) {
            return Objects.requireNonNull(file, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }
}
