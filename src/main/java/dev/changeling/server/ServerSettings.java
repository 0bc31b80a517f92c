package dev.changeling.server;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a server listens, and to whom.
 *
 * @param host address or name to listen at
 * @param port 0 for any that is free
 * @param extraHosts names, besides the address itself, that people reach the server by
 * @param token that requests must bring; none if anyone may ask
 * @param model its name, told in answers and on the page
 * @param version of the program
 */
public record ServerSettings(
        String host,
        int port,
        List<String> extraHosts,
        @Nullable String token,
        String model,
        String version,
        Limits limits) {
    public ServerSettings {
        extraHosts = List.copyOf(extraHosts);
    }
}
