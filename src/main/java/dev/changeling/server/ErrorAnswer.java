package dev.changeling.server;

import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Words Jetty's own errors, as of a request that is no HTTP, in the form of ours. */
final class ErrorAnswer implements Request.Handler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = request.getAttribute(ErrorHandler.ERROR_STATUS) instanceof Integer known
                ? known
                : HttpStatus.INTERNAL_SERVER_ERROR_500;
        String message = status < HttpStatus.INTERNAL_SERVER_ERROR_500
                        && request.getAttribute(ErrorHandler.ERROR_MESSAGE) instanceof String reason
                ? reason
                : HttpStatus.getMessage(status);
        Answer.refusal(new Refusal(status, message), response, callback);
        return true;
    }
}
