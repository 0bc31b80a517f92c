package dev.changeling.shard;

/**
 * How far a preparation has come.
 *
 * @param documents read, those of an earlier, interrupted preparation included
 * @param bytes of their text in UTF-8
 * @param tokens made by this process
 */
public record PrepareProgress(long documents, long bytes, long tokens) {}
