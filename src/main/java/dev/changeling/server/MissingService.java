package dev.changeling.server;

/**
 * Something that other models' servers do and this one can't: answered with 501.
 *
 * @param path where people will ask for it: {@code /predict}
 * @param reason why this model can't, as a sentence without a full stop
 */
public record MissingService(String path, String reason) {}
