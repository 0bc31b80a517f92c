package dev.changeling.task;

import java.util.List;

/**
 * What a network takes for the answer.
 *
 * @param text of the answer as it stands in the context; empty if there is none
 * @param start where it begins in the context, in UTF-16 units
 * @param end where it ends
 * @param score the sum of the logits of its two ends
 * @param noneScore that of there being no answer, the lowest over the windows
 */
public record FoundAnswer(String text, int start, int end, double score, double noneScore) {
    /** In tokens, as in google's configuration (max_answer_length, configure_finetuning.py). */
    private static final int LONGEST = 30;

    /**
     * Returns the likeliest answer over all windows of a text, whether or not there being none is likelier (Devlin et
     * al., arXiv 1810.04805, section 4.2 and 4.3). Its text is empty only if the windows have no token.
     *
     * @param windows of the text
     * @param logits for each window, two numbers a token: of the beginning and of the end
     */
    public static FoundAnswer in(String context, List<AnswerWindow> windows, List<float[]> logits) {
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
        return best == null
                ? new FoundAnswer("", 0, 0, none, none)
                : new FoundAnswer(best.text, best.start, best.end, best.score, none);
    }

    /** Returns by how much there being no answer is above the answer, in logits. */
    public double noneMargin() {
        return noneScore - score;
    }

    /**
     * Returns this answer, or none if that is likelier by more than a threshold (Hugging Face's
     * {@code null_score_diff_threshold}).
     *
     * @param threshold of {@link #noneMargin}; 0 to take what is likelier
     */
    public FoundAnswer orNone(double threshold) {
        return noneMargin() > threshold ? new FoundAnswer("", 0, 0, score, noneScore) : this;
    }
}
