package dev.changeling.cli;

import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import dev.changeling.server.Limits;
import dev.changeling.server.ServerSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options by which a server is told where to listen, and to whom. */
final class ListenArguments {
    private static final String TOKEN = "CHANGELING_TOKEN";

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description =
                    "Where to listen. 0.0.0.0 is every address of this machine. Default: ${DEFAULT-VALUE}, for this machine only.")
    private String host;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8080",
            converter = PortConverter.class,
            description = "0 is any that is free. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--allow-host",
            paramLabel = "NAME",
            description = "Answer requests for this host name too, as a proxy may pass it on. May be given again.")
    private List<String> extraHosts = new ArrayList<>();

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "Only answer requests that bring the token in this file (Authorization: Bearer TOKEN). Default:"
                            + " the environment's " + TOKEN + ", if it is set.")
    private @Nullable Path tokenFile;

    /**
     * Returns what was asked for.
     *
     * @param model its name
     * @throws InputException if the token can't be read, or is none
     */
    ServerSettings settings(String model, Limits limits) {
        return new ServerSettings(host, port, extraHosts, token(), model, Versions.program(), limits);
    }

    /** Returns what a person should know about the settings, if anything. */
    static List<String> warnings(ServerSettings settings) {
        try {
            boolean isOpen = settings.token() == null
                    && !InetAddress.getByName(settings.host()).isLoopbackAddress();
            return isOpen
                    ? List.of("warning: whoever reaches " + settings.host()
                            + " may ask; --token-file lets in only those who have a token")
                    : List.of();
        } catch (UnknownHostException e) {
            return List.of();
        }
    }

    private @Nullable String token() {
        if (tokenFile != null) {
            return checked(read(tokenFile), tokenFile.toString());
        }
        String token = System.getenv(TOKEN);
        return token == null ? null : checked(token, TOKEN);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw FileFailure.unreadable(file, e);
        }
    }

    /** A field of HTTP carries visible ASCII and nothing else. */
    private static String checked(String given, String place) {
        String token = given.strip();
        if (!token.matches("[!-~]+")) {
            throw new InputException(
                    place + ": " + (token.isEmpty() ? "found nothing" : "found spaces or letters beyond ASCII")
                            + ", expected a token: one word of ASCII");
        }
        return token;
    }

    /** Reads the number of a port. */
    static final class PortConverter implements ITypeConverter<Integer> {
        private static final int LAST = 65_535;

        @Override
        public Integer convert(String value) {
            try {
                int port = Integer.parseInt(value);
                if (port >= 0 && port <= LAST) {
                    return port;
                }
            } catch (NumberFormatException e) {
                // Answered below, with the same words as a number out of range.
            }
            throw new TypeConversionException("found '" + value + "', expected a port: 0 to " + LAST);
        }
    }
}
