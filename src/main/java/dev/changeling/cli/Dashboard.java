package dev.changeling.cli;

import dev.changeling.report.LiveReport;
import dev.changeling.server.Document;
import dev.changeling.server.DocumentServer;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** The page about a run that is going on, for a browser at this machine. */
final class Dashboard implements AutoCloseable {
    private final LiveReport report;
    private final DocumentServer server;

    private Dashboard(LiveReport report, DocumentServer server) {
        this.report = report;
        this.server = server;
    }

    /**
     * Takes the port; there is nothing to see before the run begins.
     *
     * @param port 0 for any that is free
     * @throws dev.changeling.error.InputException if the port is taken
     */
    static Dashboard open(int port, Path run) {
        LiveReport report = new LiveReport(run);
        return new Dashboard(
                report,
                DocumentServer.start(
                        port,
                        Versions.program(),
                        List.of(
                                new Document("/", "text/html; charset=utf-8", report::page),
                                new Document("/data.json", "application/json", report::data))));
    }

    /**
     * Shows the run, which has its folder now.
     *
     * @return where
     */
    URI begin() {
        report.begin();
        return uri();
    }

    URI uri() {
        return server.uri();
    }

    @Override
    public void close() {
        server.close();
    }
}
