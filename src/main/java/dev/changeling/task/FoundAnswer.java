package dev.changeling.task;

import java.util.List;

/**
 * What a network takes for the answer.
 *
 * @param text of the answer as it stands in the context; empty if there seems to be none
 * @param start where it begins in the context, in UTF-16 units
 * @param end where it ends
 * @param score the sum of the logits of its two ends
 * @param noneScore that of there being no answer, the lowest over the windows
 */
public record FoundAnswer(String text, int start, int end, double score, double noneScore) {
    /** In tokens, as in google's configuration (max_answer_length, configure_finetuning.py). */
    private static final int LONGEST = 30;

    /**
     * Returns the likeliest answer over all windows of a text (Devlin et al., arXiv 1810.04805, section 4.2 and 4.3).
     *
     * @param windows of the text
     * @param logits for each window, two numbers a token: of the beginning and of the end
     * @param mayBeNone whether there may be no answer
     */
    public static FoundAnswer in(String context, List<AnswerWindow> windows, List<float[]> logits, boolean mayBeNone) {
        FoundAnswer best = null;
        double none = Double.POSITIVE_INFINITY;
        for (int w = 0; w < windows.size(); w++) {
            AnswerWindow window = windows.get(w);
            float[] of = logits.get(w);
            none = Math.min(none, of[0] + of[1]);
            for (int first = 0; first < window.starts().length; first++) {
                for (int last = first; last < Math.min(window.starts().length, first + LONGEST); last++) {
                    double score = of[2 * (window.firstToken() + first)] + of[2 * (window.firstToken() + last) + 1];
                    if (best == null || score > best.score) {
                        int start = window.starts()[first];
                        int end = window.ends()[last];
                        best = new FoundAnswer(context.substring(start, end), start, end, score, 0);
                    }
                }
            }
        }
        if (best == null || (mayBeNone && none > best.score)) {
            return new FoundAnswer("", 0, 0, best == null ? none : best.score, none);
        }
        return new FoundAnswer(best.text, best.start, best.end, best.score, none);
    }
}
