package dev.changeling.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** Files that come with the server. */
final class ServerResource {
    private ServerResource() {}

    /** @param name relative to this package */
    static byte[] read(String name) {
        try (InputStream file = ServerResource.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(file, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }
}
