package dev.changeling.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A connection to a server, byte by byte, for what no HTTP client would send. */
final class Wire implements AutoCloseable {
    private static final int PATIENCE = 60_000; // milliseconds

    private final Socket socket;

    Wire(URI server) throws IOException {
        socket = new Socket(server.getHost(), server.getPort());
        socket.setSoTimeout(PATIENCE);
    }

    /** @param fields by their names in lower case */
    record Reply(int status, Map<String, String> fields, String body) {
        JsonNode json() {
            return JsonMapper.shared().readTree(body);
        }

        String error() {
            return json().path("error").asString();
        }
    }

    /** Returns a request for texts, as it goes over the wire. */
    static String post(String path, String body, String... fields) {
        return postAs("application/json", path, body, fields);
    }

    static String postAs(String type, String path, String body, String... fields) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type + "\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n" + lines(fields) + "\r\n" + body;
    }

    /** Returns the head of a request whose body follows in another way. */
    static String head(String path, String... fields) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + lines(fields)
                + "\r\n";
    }

    static String get(String path, String... fields) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + lines(fields) + "\r\n";
    }

    private static String lines(String... fields) {
        return fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n";
    }

    /** Sends bytes over a connection of their own and returns the answer. */
    static Reply ask(URI server, String bytes) throws IOException {
        try (Wire wire = new Wire(server)) {
            wire.send(bytes);
            return wire.reply();
        }
    }

    void send(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    /** Returns the next answer, but for those with 100. */
    Reply reply() throws IOException {
        String start = line();
        int status = Integer.parseInt(start.split(" ")[1]);
        Map<String, String> fields = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            fields.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        if (status == 100) {
            return reply();
        }
        int length = Integer.parseInt(fields.getOrDefault("content-length", "0"));
        byte[] body = socket.getInputStream().readNBytes(length);
        return new Reply(status, fields, new String(body, StandardCharsets.UTF_8));
    }

    /** Reads a kilobyte. */
    void sip() throws IOException {
        socket.getInputStream().readNBytes(1 << 10);
    }

    /** Returns whether the server has ended the connection; waits for it to do something. */
    boolean isEnded() {
        try {
            return socket.getInputStream().read() < 0;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true; // reset
        }
    }

    private String line() throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the connection ended within '" + line + "'");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
