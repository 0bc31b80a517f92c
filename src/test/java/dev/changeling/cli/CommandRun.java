package dev.changeling.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** What a verb answered when it was run inside the test's process. */
record CommandRun(int code, String out, String err) {
    static CommandRun of(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Changeling.execute(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new CommandRun(code, out.toString(), err.toString());
    }
}
