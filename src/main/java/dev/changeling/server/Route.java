package dev.changeling.server;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * An address of the server.
 *
 * @param method GET, which includes HEAD, or POST
 * @param needsToken whether, if the server has a token, a request must bring it
 */
record Route(String method, String path, boolean needsToken, Action action) {
    /** Answers a request. */
    @FunctionalInterface
    interface Action {
        /**
         * @param callback completed when the answer is written
         * @throws Refusal if the answer is an error
         */
        void run(Request request, Response response, Callback callback);
    }

    static Route get(String path, boolean needsToken, Action action) {
        return new Route("GET", path, needsToken, action);
    }

    static Route post(String path, Action action) {
        return new Route("POST", path, true, action);
    }

    boolean takes(String asked) {
        return asked.equals(method) || (method.equals("GET") && asked.equals("HEAD"));
    }

    /** Returns the value of an answer's Allow field. */
    String allowed() {
        return method.equals("GET") ? "GET, HEAD" : method;
    }
}
