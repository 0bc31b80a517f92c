package dev.changeling.server;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** Who may ask. */
final class Access {
    private static final Set<String> LOCAL_NAMES = Set.of("localhost", "127.0.0.1", "[::1]", "::1");
    private static final String SCHEME = "Bearer ";

    private final Set<String> hosts;
    private final byte @Nullable [] token;

    /** @param hosts in lower case; none if any will do */
    private Access(Set<String> hosts, byte @Nullable [] token) {
        this.hosts = hosts;
        this.token = token;
    }

    /** @param address that the settings' host stands for */
    static Access of(InetAddress address, ServerSettings settings) {
        Set<String> hosts = new TreeSet<>();
        settings.extraHosts().forEach(name -> hosts.add(name.toLowerCase(Locale.ROOT)));
        // A page of another site can have its own name resolve to this machine. It can't choose what the browser then
        // writes into the Host field, so a server that is meant for this machine knows it by that.
        if (address.isLoopbackAddress() || !hosts.isEmpty()) {
            hosts.addAll(LOCAL_NAMES);
            hosts.add(settings.host().toLowerCase(Locale.ROOT));
        }
        String token = settings.token();
        return new Access(hosts, token == null ? null : token.getBytes(StandardCharsets.UTF_8));
    }

    /** @throws Refusal if the request is meant for a host of another name */
    void checkHost(Request request) {
        String host = String.valueOf(Request.getServerName(request)).toLowerCase(Locale.ROOT);
        if (!hosts.isEmpty() && !hosts.contains(host)) {
            throw new Refusal(HttpStatus.MISDIRECTED_REQUEST_421, "this server does not answer for the host asked for");
        }
    }

    /** @throws Refusal if the server has a token and the request does not bring it */
    void checkToken(Request request) {
        if (token == null) {
            return;
        }
        String given = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        boolean isBearer = given != null && given.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
        byte[] brought =
                isBearer ? given.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8) : new byte[0];
        // In constant time: how long a refusal takes must not tell how much of a guess was right.
        if (!MessageDigest.isEqual(token, brought)) {
            throw new Refusal(
                    HttpStatus.UNAUTHORIZED_401,
                    (isBearer ? "wrong token" : "no token") + "; expected the field Authorization: Bearer TOKEN",
                    Map.of(HttpHeader.WWW_AUTHENTICATE, "Bearer"));
        }
    }
}
