package dev.changeling.server;

import java.util.function.Supplier;

/**
 * Something that is looked at.
 *
 * @param path where, for example {@code /data.json}
 * @param type of its content, for example {@code text/html; charset=utf-8}
 * @param content made anew for each request, by one thread at a time
 */
public record Document(String path, String type, Supplier<byte[]> content) {}
